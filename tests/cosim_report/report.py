#!/usr/bin/python3
"""What vouch cosim tells of its runs: report.py BIN WORK AUDITS TIMELINES

On a small kernel: the section within an audit of vouch check and by itself, the table of coverage,
and a timeline, which go to AUDITS and TIMELINES for those who look at all of them.
"""
import filecmp
import glob
import json
import os
import shutil
import subprocess
import sys

BIN, WORK, AUDITS, TIMELINES = (os.path.abspath(argument) for argument in sys.argv[1:])
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SMALL = ["PROCESS_COUNT=16u", "FRAME_COUNT=12u", "KERNEL_BYTES=0x40000u", "MEMORY_BYTES=0x69000u",
         "VIRTUAL_PAGES=32u"]
OTHER = ["PROCESS_COUNT=12u", *SMALL[1:]]
SEEDS = 6
failures = []


def expect(what, holds):
    print(("holds:         " if holds else "DOES NOT HOLD: ") + what)
    if not holds:
        failures.append(what)


def place(*names):
    return os.path.join(WORK, *names)


def make_kernel(name, parameters, *options):
    made = subprocess.run([sys.executable, os.path.join(TREE, "kernel/build/make_kernel.py"), BIN,
                           place(name), *options, *parameters], check=False)
    if made.returncode != 0:
        sys.exit(f"make_kernel.py ended with {made.returncode}")


def write_scenario(name, text, steps):
    path = place("kernel", name + ".json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"scenario": 1, "name": name, "kernel": "kernel.json", "disk": "system.img",
                   "inputs": {"text": text}, "limits": {"steps": steps}}, file)
    return path


def cosim(*arguments, code=0):
    done = subprocess.run([os.path.join(BIN, "vouch"), "cosim", *arguments], capture_output=True,
                          text=True, check=False, cwd=WORK)
    if done.returncode != code:
        print(done.stdout, done.stderr)
    expect(f"cosim {' '.join(map(os.path.basename, arguments))} ends with {code}",
           done.returncode == code)
    return done.stdout + done.stderr


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def within_an_audit(scenarios):
    make_kernel("kernel", SMALL, "--audit")
    before = load(place("kernel", "audit.json"))
    path = os.path.join(AUDITS, "cosim-checked.json")
    shutil.copy(place("kernel", "audit.json"), path)
    cosim(*scenarios, "--audit", path)
    after = load(path)
    section = after.pop("cosim")
    expect("the rest of the audit is as it was", after == before and before["accepted"])
    expect("every scenario is there, with its digest",
           [entry["file"]["path"] for entry in section["scenarios"]] == sorted(scenarios) and
           all(len(entry["file"]["sha256"]) == 64 for entry in section["scenarios"]))
    expect("each has agreed, and ran", section["agreed"] and all(
        entry["counts"]["abstract_steps"] > 0 for entry in section["scenarios"]))
    totals = section["totals"]["counts"]
    expect("totals are sums", all(
        totals[count] == sum(entry["counts"][count] for entry in section["scenarios"])
        for count in ("steps", "abstract_steps", "kernel_steps", "checks", "sweeps")))
    expect("the kernel's primitives were counted", section["totals"]["primitives"]["cvm_load"] > 0)
    expect("boot was a transition of each", section["totals"]["transitions"]["reset"] == 2)

    first = section["scenarios"][0]["file"]["path"]
    cosim(first, "--audit", path)
    expect("a section takes the place of the one before",
           len(load(path)["cosim"]["scenarios"]) == 1)


def by_itself(scenarios):
    path = os.path.join(AUDITS, "cosim-alone.json")
    if os.path.exists(path):
        os.unlink(path)
    cosim(scenarios[0], "--audit", path)
    audit = load(path)
    expect("an audit of runs alone is not accepted", audit["accepted"] is False)
    expect("it names the kernel's sources", any(
        source["path"] == "kernel/cvm/dispatch.c0" for source in audit["inputs"]["sources"]))


def of_another_image(scenarios):
    make_kernel("other", OTHER)
    path = os.path.join(AUDITS, "cosim-alone.json")
    shutil.copy(path, place("kept.json"))
    text = cosim("--random", "1", "1", "--kernel", place("other", "kernel.json"), "--audit", path,
                 code=2)
    expect("the error says that the image is another", "of another image" in text)
    expect("the audit is left alone", filecmp.cmp(path, place("kept.json"), shallow=False))
    cosim(scenarios[0], "--audit", place("nowhere", "audit.json"), code=2)


def by_workers():
    outputs = []
    for workers in ("1", "3"):
        path = place(f"workers-{workers}.json")
        if os.path.exists(path):
            os.unlink(path)
        outputs.append(cosim("--random", "1", str(SEEDS), "--kernel", place("kernel", "kernel.json"),
                             "-j", workers, "--coverage", "--audit", path))
    shutil.copy(path, os.path.join(AUDITS, "cosim-random.json"))
    expect("one worker and three print the same", outputs[0] == outputs[1])
    expect("one worker and three write the same audit",
           filecmp.cmp(place("workers-1.json"), path, shallow=False))
    section = load(path)["cosim"]
    batch = section["batches"][0]
    expect("the seeds are one entry", len(section["batches"]) == 1 and section["scenarios"] == [] and
           (batch["first_seed"], batch["last_seed"]) == ("1", str(SEEDS)))
    return outputs[0], section


def coverage(text, section):
    """The table and the audit are of one mind, and neither is about nothing."""
    lines = [line.split() for line in text.splitlines()]
    for part in section["coverage"]["parts"]:
        expect(f"the table has the figures of {part['part']}",
               [part["part"], str(part["statements"]), str(part["covered"])] in
               [line[:3] for line in lines])
        expect(f"files of {part['part']} add up", all(
            part[count] == sum(entry[count] for entry in part["files"])
            for count in ("statements", "covered")))
        expect(f"so do statements that were not executed, {len(part['uncovered'])}",
               part["covered"] + len(part["uncovered"]) == part["statements"])
        expect("each of these is listed", all(
            f"{entry['file']}:{entry['line']}: not executed, in {entry['function']}" in text
            for entry in part["uncovered"]))
        expect("most statements were executed", part["covered"] * 10 > part["statements"] * 7)
    sources = {entry["file"] for part in section["coverage"]["parts"] for entry in part["files"]}
    expect("each source of both parts is counted",
           {os.path.relpath(path, TREE) for folder in ("abstract", "cvm")
            for path in glob.glob(os.path.join(TREE, "kernel", folder, "*.c0"))
            if not path.endswith("soundness.c0")} <= sources)


def timeline(scenarios):
    path = os.path.join(TIMELINES, "scenario.svg")
    cosim(scenarios[1], "--timeline", path)
    with open(path, encoding="utf-8") as file:
        content = file.read()
    for lane in ("init (1)", "console (2)", "page faults", "swap writes", "timer", "serial",
                 "system disk", "checks", "sweeps"):
        expect(f"there is a lane '{lane}'", f'">{lane}</text>' in content)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    for folder in (WORK, AUDITS, TIMELINES):
        os.makedirs(folder, exist_ok=True)
    make_kernel("kernel", SMALL)
    scenarios = [write_scenario("boot", "", 2000000),
                 write_scenario("programs", "run pingpong\nrun producer\nrun hog\n", 6000000)]
    within_an_audit(scenarios)
    by_itself(scenarios)
    of_another_image(scenarios)
    coverage(*by_workers())
    timeline(scenarios)
    sys.exit(1 if failures else 0)


main()
