#!/usr/bin/python3
"""Checks what vouch run does with programs and options: run.py BIN FOLDER"""
import json
import os
import pty
import select
import signal
import subprocess
import termios
import time

from machine import (BIN, HERE, Run, assemble, expect, expect_in, finish, get, is_refused, path,
                     program, put)

HELLO = b"hello, world\n"
hello, clock, echo = program("hello"), program("clock"), program("echo")


def programs_run():
    run = Run(hello).expect("hello", 0, "halted", HELLO)
    plain = Run(hello, "--plain").expect("hello, plain", 0, "halted", HELLO)
    expect("plain and fast are the same run", plain.summary, run.summary)
    # PERIOD is 3, a tick takes 10000 steps, and ten interrupts are counted.
    run = Run(clock).expect("clock", 0, "halted", b"")
    expect("the timer interrupted ten times", run.summary["interrupts"], {"device-0": 10})
    expect("the timer ticked thirty times", run.summary["devices"][0],
           {"number": 0, "name": "timer", "events": 30})
    expect("that took thirty times 10000 steps", run.summary["steps"] // 10000, 30)
    run = Run(clock, "--tick-steps", "77").expect("clock, faster", 0, "halted")
    expect("thirty times 77 steps", 30 * 77 < run.summary["steps"] < 31 * 77)
    plain = Run(clock, "--tick-steps", "77", "--plain")
    expect("clock, plain", plain.summary, run.summary)


def times_come_from_the_seed():
    jittered = [Run(clock, "--jitter", "--seed", str(seed)).summary for seed in (1, 1, 2)]
    expect("equal seeds are equal runs", jittered[0], jittered[1])
    expect("another seed is another run", jittered[0]["steps"] != jittered[2]["steps"])


def input_arrives():
    run = Run(echo, input=b"some words, q and more")
    run.expect("echo", 0, "halted", b">some words, q"[:1] + run.output[1:])
    expect_in("echo sends back what came after it was ready", b"words, q", run.output)
    expect("echo ends with the q", run.output[-1:], b"q")
    Run(echo, input=b"words").expect("echo without an end", 0, "idle")
    Run(echo, "--serial", "none").expect("echo on its own", 0, "idle", b"")
    put("input", b"from a file q")
    Run(echo, "--serial", f"file:{path('input')},{path('output')}").expect("files", 0, "halted", b"")
    with open(path("output"), "rb") as file:
        expect_in("the output file", b"a file q", file.read())


def ends_are_told():
    Run(hello, "--max-steps", "100").expect("a limit", 1, "limit")
    Run(hello, "--max-steps", "0").expect("no step at all", 1, "limit")
    Run(hello, "--break", "_start").expect("a breakpoint at the start does not count", 0, "halted")
    run = Run(hello, "--break", "0x38", "--break", "0xC").expect("breakpoints", 1, "breakpoint")
    expect("a breakpoint is before its instruction", (run.summary["dpc"], run.summary["steps"]),
           ("0x0000000c", 3))
    idle = assemble("idle", ".text\n.globl _start\n_start: addi r1,r0,0x2000\n movi2s SR,r1\n"
                            "wait: j wait\n nop\n")
    run = Run(idle).expect("an idle machine", 0, "idle")
    expect("it was so after two steps", run.summary["steps"], 2)
    wild = assemble("wild", ".text\n.globl _start\n.type _start, function\n_start: addi r1,r0,-4096\n"
                            " lw r2,0(r1)\n nop\n.size _start,.-_start\n")
    run = Run(wild).expect("a bus error", 1, "stopped")
    expect_in("a bus error", "at 0x00000004 (_start+0x4): bus-error: lw r2,r1,0", run.said)
    expect("a bus error's summary", (run.summary["fault"]["rule"],
                                     run.summary["fault"]["location"]["function"]),
           ("bus-error", "_start+0x4"))
    # In user mode the page table at PTO is outside memory.
    table = assemble("table", ".text\n.globl _start\n_start: lhgi r1,0x7000\n movi2s PTO,r1\n"
                              " addi r1,r0,1\n movi2s EMODE,r1\n rfe\n nop\n")
    run = Run(table).expect("a page table outside memory", 1, "stopped")
    expect_in("a page table outside memory", "page-table", run.said)


def reset_button_works():
    counting = assemble("counting", ".text\n.globl _start\n_start: addi r9,r9,1\n"
                                    "wait: j wait\n nop\n")
    run = Run(counting, "--reset", "500").expect("a reset", 0, "halted")
    expect("a reset", (run.summary["steps"], run.summary["interrupts"]), (502, {"reset": 1}))


def entry_is_where_it_starts():
    image = assemble("entry", ".text\n.globl _start\n_start: addi r9,r9,1\nwait: j wait\n nop\n",
                     "--map", "code=0x2000")
    run = Run(image).expect("an image that does not begin at 0", 0, "halted")
    expect("it starts at its entry", (run.summary["steps"], run.summary["dpc"]),
           (1, "0x00002004"))


def labels_are_places():
    text = (".text\n.globl _start\n_start: jal here\n nop\nhere: addi r9,r9,1\n"
            "there: j there\n nop\n")
    image = assemble("labels", text)
    run = Run(image, "--break", "here").expect("a local label", 1, "breakpoint")
    expect("it ends before it", run.summary["dpc"], "0x00000008")
    other = put("other.s", ".text\nthere: j there\n nop\n.size there,.-there\n")
    both = assemble("both", text, other)
    is_refused("a label of two files", both, "--break", "there", because="more than one symbol")


def wrong_names_cost_no_files():
    put("earlier.trace", "earlier")
    put("earlier.rec", "earlier")
    files = ("--trace", path("earlier.trace"), "--record", path("earlier.rec"))
    is_refused("no such file", path("nowhere"), *files, because="cannot read")
    is_refused("no such disk", hello, *files, "--disk", path("nowhere"), because="cannot open")
    expect("earlier files are still there", (get("earlier.trace"), get("earlier.rec")),
           (b"earlier", b"earlier"))


def the_manual_is_right():
    """The program in docs/RUN.md, and what is said of it there."""
    with open(os.path.join(HERE, "..", "..", "docs", "RUN.md"), encoding="utf-8") as file:
        manual = file.read()
    text = manual.split("```asm\n")[1].split("```")[0]
    run = Run(assemble("manual", text)).expect("the manual's program", 0, "halted")
    expect("it prints", run.output, b".....")
    expect_in("the manual", f"halted after {run.summary['steps']} steps", manual)


def usage_is_checked():
    is_refused("no image", because="an image is needed")
    is_refused("two images", hello, clock, because="another")
    is_refused("an unknown option", hello, "--nothing", because="--nothing")
    is_refused("a missing value", hello, "--max-steps", because="needs a value")
    for value in ("", "x", "1x", "-1", "18446744073709551616", "0x", "1K"):
        is_refused(f"steps {value!r}", hello, "--max-steps", value, because="is not a number")
    is_refused("ticks that take no time", hello, "--tick-steps", "0", because="must not be 0")
    is_refused("odd memory", hello, "--memory", "4097", because="multiple of 4")
    is_refused("too much memory", hello, "--memory", "2G", because="up to 1G")
    is_refused("too little memory", hello, "--memory", "4", because="needs memory up to 0x")
    is_refused("no such symbol", hello, "--break", "nowhere", because="'nowhere'")
    is_refused("no such file", path("nowhere"), because="cannot read")
    is_refused("no image at all", __file__, because="ELF")
    is_refused("a serial line to nowhere", hello, "--serial", "moon", because="moon")
    is_refused("a disk that is not there", hello, "--disk", path("nowhere"), because="nowhere")
    put("odd", b"x" * 513)
    is_refused("a disk of odd size", hello, "--disk", path("odd"), because="512")
    is_refused("the summary among the output", hello, "--json", "-", because="--json -")
    is_refused("recording a replay", hello, "--record", "a", "--replay", "b", because="exclude")
    is_refused("an option twice", hello, "--serial", "none", "--serial", "none", because="twice")
    one, other = path("one-file"), path("./one-file")
    for option, again in (("--record", "--trace"), ("--record", "--json"), ("--trace", "--json")):
        is_refused(f"{option} and {again} to one file", hello, option, one, again, other,
                   because="the same file")
    put("copy", get(hello))
    is_refused("a record onto the image", path("copy"), "--record", path("./copy"),
               because="the same file")
    expect("the image is as it was", get("copy") == get(hello), True)
    run = Run(hello, "--trace", "/dev/null", "--json", "/dev/null", wants_summary=False)
    expect("a device may be written twice", run.code, 0)
    run = Run(hello, "--json", "/dev/full", wants_summary=False)
    expect("a summary that cannot be written", (run.code, "/dev/full" in run.said), (2, True))
    run = Run(hello, "--serial", "none", "--json", "-", wants_summary=False)
    expect("a summary on the output", json.loads(run.output)["status"], "halted")
    run = Run("--help", wants_summary=False)
    expect("help", (run.code, run.output.startswith(b"usage: vouch run IMAGE")), (0, True))


def broken_output_ends_it():
    with open("/dev/full", "wb") as full:
        run = subprocess.run([os.path.join(BIN, "vouch"), "run", hello], stdout=full,
                             stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    expect("output that nobody can read is an error", run.returncode, 2)
    expect_in("output that nobody can read", b"<stdout>", run.stderr)


def closed_streams_are_no_files():
    put("blank", bytes(1024))
    for stream, wanted in ((0, 2), (1, 2), (2, 0)):
        command = [os.path.join(BIN, "vouch"), "run", hello, "--disk", path("blank")]
        run = subprocess.run(["sh", "-c", f'"$@" {stream}>&-', "sh", *command], check=False,
                             stdin=subprocess.DEVNULL, capture_output=True)
        expect(f"a run without stream {stream}", run.returncode, wanted)
        expect(f"the disk of a run without stream {stream} is blank", any(get("blank")), False)


def at_a_terminal(arguments, act):
    """Runs at a terminal of its own; `act` gets what can be typed at and read from, and the
    process. The settings before and after, the exit code, what was said."""
    keys, terminal = pty.openpty()
    before = termios.tcgetattr(terminal)
    process = subprocess.Popen([os.path.join(BIN, "vouch"), "run", *arguments], stdin=terminal,
                               stdout=terminal, stderr=subprocess.PIPE, start_new_session=True)
    try:
        act(keys, process)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    after = termios.tcgetattr(terminal)
    os.close(keys)
    os.close(terminal)
    return before, after, process.returncode, said.decode()


def read_until(keys, mark):
    got = b""
    end = time.monotonic() + 60
    while mark not in got and time.monotonic() < end:
        if select.select([keys], [], [], 1)[0]:
            got += os.read(keys, 100)
    return got


def await_handler(process, number):
    """Waits until the process handles the signal: then the run has begun."""
    end = time.monotonic() + 60
    is_handled = False
    while not is_handled and time.monotonic() < end:
        time.sleep(0.01)
        with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
            handled = next(line.split()[1] for line in file if line.startswith("SigCgt"))
        is_handled = int(handled, 16) >> (number - 1) & 1 != 0


def user_types_and_interrupts():
    def type_words(keys, process):
        expect("echo is ready", read_until(keys, b">"), b">")
        os.write(keys, b"ab")
        expect("each key comes back at once, once", read_until(keys, b"ab"), b"ab")
        os.write(keys, b"q")
    before, after, code, said = at_a_terminal([echo], type_words)
    expect(f"typing a q ends it ({said})", code, 0)
    expect("the terminal is as before", after, before)

    def interrupt(keys, process):
        read_until(keys, b">")
        process.send_signal(signal.SIGINT)
    before, after, code, said = at_a_terminal([echo], interrupt)
    expect("an interrupted run", code, 1)
    expect_in("an interrupted run", "vouch run: interrupted after", said)
    expect("the terminal is as before, after an interrupt", after, before)
    forever = assemble("forever", ".text\n.globl _start\n_start: addi r1,r1,1\n j _start\n nop\n")
    process = subprocess.Popen([os.path.join(BIN, "vouch"), "run", forever],
                               stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    await_handler(process, signal.SIGTERM)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    expect("a busy machine ends as well", process.returncode, 1)
    expect_in("a busy machine", b"interrupted", said)


programs_run()
times_come_from_the_seed()
input_arrives()
ends_are_told()
reset_button_works()
entry_is_where_it_starts()
labels_are_places()
wrong_names_cost_no_files()
the_manual_is_right()
usage_is_checked()
broken_output_ends_it()
closed_streams_are_no_files()
user_types_and_interrupts()
finish()
