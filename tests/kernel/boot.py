#!/usr/bin/python3
"""The kernel boots and does its work, seen from its serial line: boot.py BIN FOLDER"""
import re
import struct
import subprocess
import sys

from session import Machine, Session, expect, finish, make

kernel = make(sys.argv[1], sys.argv[2], "FRAME_COUNT=24u", "HOG_PAGES=192u")
# How the misdeeds of kernel/user/rogue.s end, in their order: illegal 3, misaligned 4, access 5,
# overflow 6, a call of exit 1; 0: it had to be killed (kernel/abstract/calls.h).
ENDS = b"33333333" b"444" b"555555" b"1" b"66" b"4" b"1" b"1" b"3" b"4" b"1" b"4" b"0" b"5" b"\n"
# What processes that behave cause; anything else, such as an illegal instruction, would be the kernel's.
HARMLESS = {"reset", "trap", "page-fault", "page-fault-on-fetch", "device-0", "device-2", "device-3"}


def is_harmless(what, summary):
    expect(f"{what}: the interrupts that came", set(summary["interrupts"]) - HARMLESS, set())


def states_masked(text):
    return re.sub(rb"\b(ready|sends|waits)\b", b"*", text)


def shell_answers():
    session = Session(kernel)
    session.until(b"> ")
    expect("ps", states_masked(session.ask(b"ps")),
           b"1 * 9 init\n2 * 8 console\n3 * 8 echo\n")
    expect("mem", session.ask(b"mem"), b"25 pages\n")
    expect("nothing", session.ask(b""), b"")
    for wrong in (b"what", b"p", b"psx", b"run", b"mem 1", b"mex", b"rin x", b"kall 1"):
        expect(f"the shell on {wrong!r}", session.ask(wrong), b"?\n")
    expect("no such program", session.ask(b"run nothing"), b"error 3\n")
    expect("nobody to kill", session.ask(b"kill 99"), b"error 3\n")
    expect("init is not the user's to kill", session.ask(b"kill 1"), b"error 4\n")
    expect("killing the echo", session.ask(b"kill 3"), b"ok 3\n")
    expect("ps without the echo", states_masked(session.ask(b"ps")), b"1 * 9 init\n2 * 8 console\n")
    for name, line in ((b"pingpong", b"ping 200\n"), (b"clock", b"clock ok\n"),
                       (b"producer", b"sum 8002000\n")):
        session.type(b"run " + name + b"\n")
        expect(f"{name}", session.until(line).startswith(b"run " + name + b"\n"))
    is_harmless("a session", session.end())


def many_run_at_once():
    """All typed ahead: five clocks, two pairs, the hog; the list has them all."""
    commands = b"run clock\n" * 5 + b"run pingpong\nrun producer\nrun hog\nps\n"
    machine = Machine(kernel, "--poll-steps", "2000")
    output = machine.run(commands, 100_000_000)
    listed = re.findall(rb"^\d+ (?:ready|sends|waits) \d+ (\w+)$", output, re.M)
    expect("eight processes or more at once", len(listed) >= 8)
    for name in (b"init", b"console", b"echo", b"clock", b"hog"):
        expect(f"{name} is among them", name in listed)
    expect("five clocks", output.count(b"clock ok\n"), 5)
    expect("ping", output.count(b"ping 200\n"), 1)
    expect("the producer", output.count(b"sum 8002000\n"), 1)
    summary = machine.summary()
    expect("10^8 steps", (summary["status"], summary["steps"]), ("limit", 100_000_000))
    is_harmless("10^8 steps", summary)


def hog_completes():
    """192 pages written and read three times; all processes together have 24 frames."""
    session = Session(kernel, "--idle-rate", "0")
    session.until(b"> ")
    session.type(b"run hog\n")
    expect("the hog", session.until(b"hog ") != b"" and session.until(b"\n"), b"192 0 0\n")
    summary = session.end()
    is_harmless("the hog", summary)
    expect("its pages came and went", summary["interrupts"].get("page-fault", 0) > 2 * 192)
    expect("through the swap disk", summary["devices"][1]["events"] > 8 * 192)


def rogue_fails():
    session = Session(kernel, "--idle-rate", "0")
    session.until(b"> ")
    session.type(b"run rogue\n")
    expect("the rogue", session.until(b"rogue ") != b"" and session.until(b"\n"), b"41 0\n")
    expect("who is left", states_masked(session.ask(b"ps")).split(b"\n")[:3],
           [b"1 * 9 init", b"2 * 8 console", b"3 * 8 echo"])
    session.type(b"run ends\n")
    expect("how misdeeds end", session.until(b"ends ") != b"" and session.until(b"\n"),
           ENDS)
    session.end()


def echo_sends_back():
    frames = [bytes(range(n % 256)) * 2 + bytes([n]) * (60 + n) for n in (0, 5, 97)]
    inlet, outlet = kernel.path("in.pcap"), kernel.path("out.pcap")
    with open(inlet, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for frame in frames:
            file.write(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)
    machine = Machine(kernel, "--network", f"pcap:{inlet},{outlet}")
    machine.run(steps=30_000_000)
    with open(outlet, "rb") as file:
        content = file.read()[24:]
    sent = []
    while len(content) >= 16:
        length, = struct.unpack_from("<I", content, 8)
        sent.append(content[16:16 + length])
        content = content[16 + length:]
    expect("the frames that came back", sent, frames)
    is_harmless("the echo", machine.summary())


def disk_errors_end_their_process_only():
    """The guard is process 4, its clone 5; each page has 8 sectors, each process 256 pages."""
    first, last = 5 * 256 * 8, 6 * 256 * 8 - 1
    for kind, end in (("", b"1 0\n"), ("bad", b"7 0\n"), ("unreadable", b"7 0\n"),
                      ("unwritable", b"7 0\n")):
        session = Session(kernel, "--idle-rate", "0",
                          swap=f",{kind}={first}-{last}" if kind else "")
        session.until(b"> ")
        session.type(b"run guard\n")
        expect(f"the guard's clone, {kind}", session.until(b"guard ") != b"" and
               session.until(b"\n"), end)
        session.type(b"run producer\n")
        expect(f"the others go on, {kind}", session.until(b"sum 8002000\n") != b"")
        is_harmless(f"disk errors, {kind}", session.end())


def reset_boots_again():
    """Pressed while the first pages are loaded, word by word, before anything is typed; at work."""
    for step in range(100_000, 450_000, 12_347):
        output = Machine(kernel, "--reset", str(step)).run(b"ps\n", 6_000_000)
        expect(f"a reset before step {step}", states_masked(output),
               b"> ps\n1 * 9 init\n2 * 8 console\n3 * 8 echo\n> ")
    output = Machine(kernel, "--reset", "5000000").run(b"ps\n", 8_000_000)
    expect("a reset at work", output[-4:], b"> > ")


def runs_repeat():
    recording = kernel.path("session.rec")
    machine = Machine(kernel, "--record", recording)
    first = machine.run(b"run pingpong\nps\nrun hog\n", 40_000_000)
    again = Machine(kernel, "--replay", recording, disks=False)
    again.command += ["--serial", "none"]
    expect("there was output", b"ping 200\n" in first)
    made = subprocess.run(again.command, capture_output=True, check=False, timeout=300)
    expect("the recorded session repeats", made.returncode, 0)


shell_answers()
many_run_at_once()
hog_completes()
rogue_fails()
echo_sends_back()
disk_errors_end_their_process_only()
reset_boots_again()
runs_repeat()
finish()
