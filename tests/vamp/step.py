#!/usr/bin/python3
"""Checks `vouch step` on recorded single steps and on bad input: step.py VOUCH VECTORS"""
import json
import subprocess
import sys

VOUCH, VECTORS = sys.argv[1:]
# The results of these are not recorded (tests/golden/vamp/README.md).
NOT_COMPUTED = "lb lh lw andi ori xori and or xor slli sll".split()
failures = []


def expect(what, holds):
    if not holds:
        failures.append(what)


def step(*lines):
    return subprocess.run([VOUCH, "step"], input="\n".join(lines), capture_output=True, text=True,
                          check=False)


def without_result(vector):
    """The vector, but for the destination register where that is not recorded."""
    mnemonic, operands = vector["asm"].split()
    after = dict(vector["after"])
    if mnemonic in NOT_COMPUTED:
        after["gpr"] = {name: word for name, word in after["gpr"].items()
                        if name != operands.split(",")[0]}
    return {"asm": vector["asm"], "word": vector["word"], "after": after}


def vectors_agree():
    with open(VECTORS) as file:
        lines = file.read().splitlines()
    run = step(*lines)
    expect("the vectors run to their end", run.returncode == 0 and run.stderr == "")
    expect("each vector has one line of output", len(run.stdout.splitlines()) == len(lines))
    for line, answer in zip(lines, run.stdout.splitlines()):
        expected, got = json.loads(line), json.loads(answer)
        if expected["asm"].split()[0] not in NOT_COMPUTED:
            expect(f"{line} gives {answer}",
                   got == {name: expected[name] for name in ("asm", "word", "after")})
        expect(f"{line} gives {answer}", without_result(got) == without_result(expected))


def answer(line):
    run = step(line)
    expect(f"{line} is executed", run.returncode == 0)
    return json.loads(run.stdout) if run.returncode == 0 else {"after": {}}


def defaults_hold():
    after = answer('{"word": "0x34210000", "before": {"dpc": "0x100"}}')["after"]
    expect("pcp is dpc + 4 if it is not given",
           after == {"dpc": "0x00000104", "pcp": "0x00000108", "gpr": {}, "spr": {}, "mem": {}})
    after = answer('{"asm": "addi r3,r0,-1", "before": {"dpc": 0, "pcp": 64}}')["after"]
    expect("asm and numbers are read", after["gpr"] == {"r3": "0xffffffff"} and after["dpc"] == "0x00000040")
    after = answer('{"before": {"dpc": 8, "mem": {"0x00000008": "0x24630001"}}}')["after"]
    expect("the instruction may be in memory", after["gpr"] == {"r3": "0x00000001"})
    after = answer('{"word": "0xac010000", "before": {"dpc": 0, "gpr": {"r1": 5}}, "asm": "?"}')["after"]
    expect("a store is a change of memory", after["mem"] == {"0x00000000": "0x00000005"})
    after = answer('{"asm": "sw r1,r2,0", "before": {"dpc": 0, "gpr": {"r1": 5, "r2": "0xfffffffc"}}}')["after"]
    expect("memory reaches to the end of the address space", after["mem"] == {"0xfffffffc": "0x00000005"})


def interrupts_are_executed():
    def taken(spr):
        return {"dpc": "0x00000000", "pcp": "0x00000004", "gpr": {}, "spr": spr, "mem": {}}

    cases = {
        "trap: EDATA is sext(imm26), both PCs are of after it":
            ('{"asm": "trap -2", "before": {"dpc": 64, "pcp": 128}}',
             {"s2": "0x00000020", "s3": "0x00000084", "s4": "0x00000080", "s5": "0xfffffffe"}),
        "illegal instruction: both PCs are of before it":
            ('{"word": "0x00000008", "before": {"dpc": 64, "pcp": 128, "spr": {"s0": 1}}}',
             {"s0": "0x00000000", "s1": "0x00000001", "s2": "0x00000002", "s3": "0x00000080",
              "s4": "0x00000040"}),
        "page fault on fetch in user mode":
            ('{"before": {"dpc": 64, "spr": {"PTL": "0xffffffff", "MODE": 1}}}',
             {"s2": "0x00000008", "s3": "0x00000044", "s4": "0x00000040", "s5": "0x00000040",
              "s11": "0x00000001", "s16": "0x00000000"}),
        "a device's line, enabled":
            ('{"asm": "nop", "before": {"dpc": 64, "lines": "0x6000", "spr": {"SR": "0x4000"}}}',
             {"s0": "0x00000000", "s1": "0x00004000", "s2": "0x00004000", "s3": "0x00000048",
              "s4": "0x00000044"}),
        "reset":
            ('{"asm": "trap 1", "before": {"dpc": 64, "lines": 1}}',
             {"s2": "0x00000001", "s3": "0x00000044", "s4": "0x00000040"}),
    }
    for what, (line, spr) in cases.items():
        expect(f"{what}: {answer(line)['after']}", answer(line)["after"] == taken(spr))
    after = answer('{"asm": "rfe", "before": {"dpc": 64, "spr": {"EPC": 8, "EDPC": 16}}}')["after"]
    expect("rfe sets both PCs", after["dpc"] == "0x00000010" and after["pcp"] == "0x00000008")


def user_mode_is_translated():
    user = '"spr": {"PTO": 1, "PTL": 2, "MODE": 1}, "mem": {"0x1000": "0x3800", "0x1004": "0x5800"%s}'
    def line(text, more=""):
        return '{%s, "before": {"dpc": 64, "gpr": {"r1": 5, "r2": "0x1008"}, %s}}' % (text, user % more)
    after = answer(line('"asm": "sw r1,r2,0"'))["after"]
    expect(f"the store goes to the physical address: {after}", after["mem"] == {"0x00005008": "0x00000005"})
    after = answer(line('"word": "0xac410000"', ', "0x3040": "0xac410000"'))["after"]
    expect("the instruction may be at its physical address", after["mem"] == {"0x00005008": "0x00000005"})
    after = answer(line('"word": "0xac410000"', ', "0x40": "0x12345678"'))["after"]
    expect("its virtual address has no part in it", after["mem"] == {"0x00005008": "0x00000005"})
    run = step(line('"word": "0xac410000"', ', "0x3040": "0x12345678"'))
    expect(f"another word at the physical address is refused: {run.stderr}", run.returncode == 2 and
           'the instruction is 0xac410000, but "mem" holds 0x12345678 at 0x00003040' in run.stderr)
    after = answer('{"asm": "sw r1,r2,0", "before": {"dpc": 64, "spr": {"PTL": -1, "MODE": 1}}}')["after"]
    expect(f"an instruction whose fetch faults is nowhere: {after}",
           after["mem"] == {} and after["spr"]["s2"] == "0x00000008")


def stops_are_reported():
    good = '{"word": "0x34210000", "before": {"dpc": "0x0"}}'
    stops = {"64": "page-table: the entry for the fetch from 0x00000040 is outside memory"}
    for dpc, message in stops.items():
        run = step('{"before": {"dpc": %s, "spr": {"PTO": "0x100000", "MODE": 1}}}' % dpc, good)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        expect(f"{dpc} stops, and the lines after it run: {lines}",
               run.returncode == 1 and len(lines) == 2 and lines[0]["error"] == message
               and "after" not in lines[0] and "after" in lines[1])


def bad_lines_are_refused():
    good = '{"word": "0x34210000", "before": {"dpc": "0x0"}}'
    bad = {
        "{": "not JSON",
        "[]": "the line is not a JSON object",
        '{"word": "0x34210000"}': '"before" is not an object',
        '{"word": "0x34210000", "before": {}}': '"dpc" is not a 32-bit word',
        '{"word": "0x342100000", "before": {"dpc": 0}}': '"word" is not a 32-bit word',
        '{"word": 1.5, "before": {"dpc": 0}}': '"word" is not a 32-bit word',
        '{"asm": "mul r1,r1,r1", "before": {"dpc": 0}}': "'mul' is not an instruction",
        '{"word": 0, "before": {"dpc": 0, "gpr": {"r32": 0}}}': '"r32" is not a register of "gpr"',
        '{"word": 0, "before": {"dpc": 0, "spr": {"r1": 0}}}': '"r1" is not a register of "spr"',
        '{"word": 0, "before": {"dpc": 0, "spr": {"SR": 0, "s0": 1}}}': '"s0" is given twice',
        '{"word": 0, "before": {"dpc": 0, "lines": "x"}}': '"lines" is not a 32-bit word',
        '{"word": 0, "before": {"dpc": 0, "liens": 1}}': '"before" has no "liens"',
        '{"word": 0, "before": {"dpc": 0, "lines": "0x00202003"}}':
            '"lines" has bits that are no lines: 0x00200002',
        '{"word": 0, "before": {"dpc": 0, "gpr": {"r0": 1}}}': '"r0" is not 0',
        '{"word": 0, "before": {"dpc": 0, "gpr": []}}': '"gpr" is not an object',
        '{"word": 0, "before": {"dpc": 0, "mem": {"2": 0}}}': '"2" is not the address of a word',
        '{"word": 0, "before": {"dpc": 0, "dpc": 0}}': "not JSON: duplicate object key",
        '{"word": 1, "before": {"dpc": 0, "mem": {"0": 2}}}':
            'the instruction is 0x00000001, but "mem" holds 0x00000002 at 0x00000000',
    }
    for line, message in bad.items():
        run = step(good, "", line, good)
        expect(f"{line} is refused: {run.stderr}",
               run.returncode == 2 and run.stderr.startswith(f"stdin:3: error: {message}")
               and run.stderr.count("\n") == 1 and len(run.stdout.splitlines()) == 1)


def an_unreadable_input_is_an_error():
    with open("/proc/self/mem", "rb") as unreadable:
        run = subprocess.run([VOUCH, "step"], stdin=unreadable, capture_output=True, text=True,
                             check=False)
    expect("an unreadable input is an error",
           run.returncode == 2 and run.stderr.startswith("stdin: error: cannot read"))


vectors_agree()
an_unreadable_input_is_an_error()
defaults_hold()
interrupts_are_executed()
user_mode_is_translated()
stops_are_reported()
bad_lines_are_refused()
for failure in failures:
    print("does not hold:", failure)
sys.exit(1 if failures else 0)
