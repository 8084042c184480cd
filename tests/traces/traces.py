#!/usr/bin/python3
"""Traces end to end: recorded by vouch run, shown, compared, replayed, killed.

    traces.py BIN SOURCE_TREE WORK_DIRECTORY
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

BIN, TREE, WORK = sys.argv[1:]
GOLDEN = os.path.join(TREE, "traces/golden")
failures = []


def expect(what, holds, *details):
    if not holds:
        failures.append(what)
        print("does not hold:", what, *(str(detail)[:500] for detail in details), sep="\n    ")


def run(*command, stdin=None, expected=0):
    with open(stdin or os.devnull, "rb") as file:
        done = subprocess.run(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd=TREE, check=False, timeout=300)
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    if expected is not None:
        expect(f"{' '.join(command)} ends with {expected}", done.returncode == expected,
               done.returncode, done.stdout, done.stderr)
    return done


def vouch(*arguments, **more):
    return run(os.path.join(BIN, "vouch"), *arguments, **more)


def work(name):
    return os.path.join(WORK, name)


def compiled(source):
    image = work(os.path.basename(source) + ".elf")
    run(os.path.join(BIN, "c0c"), "-g", "-o", image, source)
    return image


def same_bytes(left, right):
    with open(left, "rb") as a, open(right, "rb") as b:
        return a.read() == b.read()


STEPS = ["--memory", "64K", "--tick-steps", "20", "--done-steps", "30", "--poll-steps", "50",
         "--max-steps", "100000"]


def recorded(image, name, *options, stdin=None, expected=0):
    trace = work(name)
    vouch("run", image, *STEPS, "--trace", trace, *options, stdin=stdin, expected=expected)
    return trace


def golden(name):
    """The recorded run happens again, and the recorded file still says the same."""
    image = compiled(os.path.join(GOLDEN, name + ".s"))
    stdin = os.path.join(GOLDEN, name + ".in")
    trace = recorded(image, name + ".trace", stdin=stdin if os.path.exists(stdin) else None)
    old = os.path.join(GOLDEN, name + ".trace")
    # The digest at the end is of the devices' states in words, which may be put otherwise.
    told = vouch("trace", "diff", old, trace, expected=None).stdout
    expect(f"{name} runs as it was recorded",
           told.startswith(("the traces are the same",
                            "the ends differ: the processors do the same;")), told)
    shown = vouch("trace", "show", old).stdout
    with open(os.path.join(GOLDEN, name + ".txt"), encoding="utf-8") as file:
        expect(f"{name} is shown as before", shown == file.read())


def intervals():
    """The interval and the speed of the machine do not show."""
    image, stdin = compiled(os.path.join(GOLDEN, "echo.s")), os.path.join(GOLDEN, "echo.in")
    traces = [recorded(image, f"echo-{n}.trace", "--trace-interval", str(n), stdin=stdin)
              for n in (1, 7, 100)]
    traces.append(recorded(image, "echo-default.trace", stdin=stdin))
    for other in traces[1:]:
        vouch("trace", "diff", traces[0], other)
    texts = {vouch("trace", "show", trace).stdout for trace in traces}
    expect("traces with different intervals show the same", len(texts) == 1)
    for n in (1, 7):
        plain = recorded(image, "plain.trace", "--plain", "--trace-interval", str(n), stdin=stdin)
        expect("the plain machine makes the same file", same_bytes(plain, traces[n // 7]))


def replayed():
    """A recorded run with timer interrupts and serial input is repeated, bit for bit."""
    for name in ("clock", "echo"):
        image = compiled(os.path.join(GOLDEN, name + ".s"))
        stdin = os.path.join(GOLDEN, "echo.in") if name == "echo" else None
        recording = work(name + ".recording")
        first = recorded(image, "first.trace", "--jitter", "--seed", "7", "--record", recording,
                         "--trace-interval", "100", stdin=stdin)
        again = work("again.trace")
        vouch("run", image, "--replay", recording, "--trace", again, "--trace-interval", "100")
        expect(f"{name} is replayed to the same trace", same_bytes(first, again))


STEP = re.compile(r"[> ]*(\d+) ")


def lines_by_step(trace):
    shown = vouch("trace", "show", trace).stdout.splitlines()
    return {int(STEP.match(line)[1]): line for line in shown}


def seeds():
    """Two seeds part at the step that diff names, and not before."""
    image = compiled(os.path.join(GOLDEN, "clock.s"))
    for interval in ("1", "64", "100000"):
        a, b = (recorded(image, f"seed-{seed}.trace", "--jitter", "--seed", seed,
                         "--trace-interval", interval) for seed in "12")
        told = vouch("trace", "diff", a, b, "--context", "3", "--source", image, expected=1).stdout
        match = re.match(r"first difference in step (\d+): ", told)
        expect("diff names a step", match, told)
        if not match:
            continue
        step, left, right = int(match[1]), lines_by_step(a), lines_by_step(b)
        parted = min(s for s in left if left[s] != right.get(s))
        expect("nothing differs before the first difference", step <= parted, told)
        expect("what differs is seen soon", parted <= step + 100, told)
        for side in "AB":
            section = told.split(f"{side}: ")[1]
            numbers = [int(n) for n in re.findall(r"^[> ] +(\d+) [su]", section, re.MULTILINE)]
            expect(f"{side} is shown around the difference",
                   numbers[:7] == list(range(step - 3, step + 4)), section)
        expect("the step is marked on both sides", told.count(f"\n> {step:12} ") == 2, told)
        backward = vouch("trace", "diff", b, a, expected=1).stdout
        expect("diff is symmetric", re.match(rf"first difference in step {step}: ", backward))


def sources():
    """Lines of C0 code have their file, number and text."""
    image = compiled("bench/programs/loop.c0")
    trace = work("loop.trace")
    vouch("run", image, "--max-steps", "3000000", "--trace", trace, expected=1)
    shown = vouch("trace", "show", trace, "--source", image, "--count", "60").stdout
    expect("the source line is there",
           "-- main+0x0  bench/programs/loop.c0:10  total = 0;\n" in shown, shown)
    expect("so is the loop", "loop.c0:12  while (i < 10000) {\n" in shown, shown)
    late = vouch("trace", "show", trace, "--from", "2999990", "--count", "100").stdout
    expect("the last steps are shown without the first ones",
           len(late.splitlines()) == 11 and late.splitlines()[-1].endswith("end of the run: limit"),
           late)
    shown = vouch("trace", "show", trace, "--from", "2999990", "--count", "1", "--registers").stdout
    expect("all registers are shown", " r31 0x" in shown and "EMODE 0x" in shown, shown)
    told = vouch("trace", "stat", trace).stdout
    expect("stat counts", re.search(r"system mode +3,000,000 steps", told) and
           re.search(r"^  addi +[\d,]+ +\d+\.\d%$", told, re.MULTILINE), told)


def counts():
    """What stat counts by playing is what the run itself counted, to the last state."""
    for name in ("clock", "echo", "user"):
        image = compiled(os.path.join(GOLDEN, name + ".s"))
        stdin = os.path.join(GOLDEN, "echo.in") if name == "echo" else None
        trace = recorded(image, "counts.trace", "--json", work("counts.json"), stdin=stdin)
        with open(work("counts.json"), encoding="utf-8") as file:
            summary = json.load(file)
        told = vouch("trace", "stat", trace).stdout
        values = dict(re.findall(r"^ *(\S.*?) {2,}(\S+)", told, re.MULTILINE))
        causes = {cause: int(values.get(cause, "0")) for cause in summary["interrupts"]}
        expect(f"{name}: the interrupts are those of the run",
               summary["interrupts"] and causes == summary["interrupts"], told, summary)
        expect(f"{name}: so is the end", values["ends before"] == f"{summary['steps']:,}" and
               values["because"] == summary["status"] and
               values["last state"] == summary["state"] and
               values["image"] == summary["image"], told, summary)
        steps = sum(int(values[mode].replace(",", "")) for mode in ("system mode", "user mode"))
        listed = re.findall(r"^  (\w+) +([\d,]+) +\d+\.\d%$", told, re.MULTILINE)
        executed = sum(int(count.replace(",", "")) for _, count in listed)
        expect(f"{name}: every step is counted once",
               steps == summary["steps"] == executed + int(values["not executed"]), told)


def killed():
    """What a killed run has written can be read."""
    image = compiled("bench/programs/sort.c0")
    trace = work("killed.trace")
    process = subprocess.Popen([os.path.join(BIN, "vouch"), "run", image, "--serial", "none",
                                "--trace", trace, "--trace-interval", "10000"],
                               cwd=TREE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None and \
            (not os.path.exists(trace) or os.path.getsize(trace) < 300000):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    told = vouch("trace", "stat", trace, "--brief").stdout
    match = re.search(r"^cut off at +([\d,]+)$", told, re.MULTILINE)
    expect("stat says that it is cut off", match, told)
    if match:
        end = int(match[1].replace(",", ""))
        shown = vouch("trace", "show", trace, "--from", str(end - 5)).stdout.splitlines()
        expect("and show shows what there is",
               len(shown) == 6 and shown[-1].endswith("the file is cut off here"), shown)


def refused():
    trace, image = work("clock.trace"), work("clock.s.elf")
    with open(trace, "rb") as file:
        content = file.read()
    cases = {"empty": b"", "short": content[:90], "text": b"no trace at all\n" * 20,
             "damaged": content[:150] + bytes([content[150] ^ 1]) + content[151:],
             "version": content[:8] + b"\2" + content[9:]}
    for name, bad in cases.items():
        path = work("bad-" + name)
        with open(path, "wb") as file:
            file.write(bad)
        for arguments in (["show", path], ["stat", path], ["stat", "--brief", path],
                          ["diff", path, trace], ["diff", trace, path]):
            done = vouch("trace", *arguments, expected=2)
            expect(f"{name}: one line says what is wrong",
                   done.stderr.count("\n") == 1 and path in done.stderr, done.stderr)
    for arguments in (["show"], ["diff", trace], ["stat", trace, trace], ["play", trace],
                      ["show", trace, "--brief"], ["show", trace, "--from", "x"],
                      ["show", trace, "--from"], ["show", trace, "--from", "1000000"],
                      ["show", work("nowhere")], ["show", WORK], ["show", "/dev/zero"],
                      ["show", trace, "--source", work("echo.s.elf")],
                      ["show", trace, "--source", trace]):
        done = vouch("trace", *arguments, expected=2)
        expect(f"{arguments}: one line says what is wrong", done.stderr.count("\n") == 1,
               done.stderr)
    for options in (["--trace", "/no/such/folder/x"], ["--trace", "/dev/full"],
                    ["--trace", work("x"), "--trace-interval", "0"], ["--trace-interval", "5"],
                    ["--trace", work("x"), "--gdb", "0"]):
        done = vouch("run", image, *STEPS, *options, expected=2)
        expect(f"{options}: there is a message", done.stderr.count("error") == 1, done.stderr)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    for name in ("clock", "echo", "user"):
        golden(name)
    for part in (intervals, replayed, seeds, sources, counts, killed, refused):
        part()
    print(f"{len(failures)} failures")
    return 1 if failures else 0


sys.exit(main())
