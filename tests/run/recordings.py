#!/usr/bin/python3
"""Checks that recorded runs replay, and disks keep what was written: recordings.py BIN FOLDER"""
import os
import signal
import subprocess

from machine import BIN, Run, assemble, expect, expect_in, finish, get, is_refused, path, program, put

SECTOR = 512
copy, writer, echo = program("copy"), program("writer"), program("echo")


def sectors(count, seed):
    return bytes((i * 7 + i // SECTOR * 13 + seed) % 256 for i in range(count * SECTOR))


def copied():
    """A recorded run of the copying program: the recording's name and the run."""
    put("system", sectors(24, 5))
    put("swap", sectors(32, 99))
    run = Run(copy, "--disk", path("system"), "--swap", path("swap"), "--jitter", "--record",
              path("copy.rec"))
    return run.expect("copying", 0, "halted", b"." * 24)


def disks_are_copied_and_replayed_without_them():
    run = copied()
    expect("what is copied is there", get("swap"), sectors(24, 5) + sectors(32, 99)[24 * SECTOR:])
    expect("what is read stays", get("system"), sectors(24, 5))
    first = get("copy.rec")
    copied()
    expect("equal runs are equal recordings", get("copy.rec"), first)
    os.remove(path("system"))
    os.remove(path("swap"))
    for options in ([], ["--plain"]):
        again = Run(copy, "--replay", path("copy.rec"), *options)
        again.expect(f"replayed {options}", 0, "halted", b"." * 24)
        expect_in("replayed", ", as recorded", again.said)
        expect("replayed to the same state", again.summary["state"], run.summary["state"])
        expect("in the same steps", again.summary["steps"], run.summary["steps"])
        expect("with the same interrupts", again.summary["interrupts"], run.summary["interrupts"])
        expect("and says so", again.summary["as_recorded"], True)
    expect("no disk is made", os.path.exists(path("swap")), False)


def modes_of_disks():
    put("system", sectors(24, 5))
    for mode in ("snapshot", "read-only"):
        put("swap", sectors(32, 99))
        run = Run(copy, "--disk", path("system"), "--swap", path("swap") + "," + mode, "--record",
                  path(mode + ".rec"))
        run.expect(mode, 0, "halted", b"." * 24 if mode == "snapshot" else b"E")
        expect(f"{mode} leaves the file", get("swap"), sectors(32, 99))
        Run(copy, "--replay", path(mode + ".rec")).expect(f"{mode}, replayed", 0, "halted",
                                                          run.output)


def announced_sectors_survive_a_killed_run():
    for round in range(3):
        put("swap", bytes(256 * SECTOR))
        process = subprocess.Popen([os.path.join(BIN, "vouch"), "run", writer, "--swap",
                                    path("swap"), "--record", path("killed.rec")],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        announced = process.stdout.read(100 + 61 * round)
        process.send_signal(signal.SIGKILL)
        announced += process.stdout.read()
        process.wait()
        content = get("swap")
        for number in announced:
            wanted = b"".join((number * 256 + i).to_bytes(4, "little") for i in range(128))
            expect(f"sector {number}", content[number * SECTOR:(number + 1) * SECTOR] == wanted)
        again = Run(writer, "--replay", path("killed.rec"))
        again.expect("the recording of a killed run", 1, "recording-ended")
        expect("it replays what was written of it", announced.startswith(again.output))
        expect_in("it says so", "killed", again.said)


def input_is_replayed():
    run = Run(echo, "--record", path("echo.rec"), input=b"some words q")
    again = Run(echo, "--replay", path("echo.rec"), input=b"other words q")
    again.expect("input comes from the recording", 0, "halted", run.output)
    expect("the same state", again.summary["state"], run.summary["state"])
    run = Run(echo, "--record", path("idle.rec"), input=b"words")
    run.expect("an idle run", 0, "idle")
    Run(echo, "--replay", path("idle.rec")).expect("an idle run, replayed", 0, "idle", run.output)
    run = Run(echo, "--record", path("limit.rec"), "--max-steps", "30000", input=b"some words")
    run.expect("a limited run", 1, "limit")
    again = Run(echo, "--replay", path("limit.rec"))
    again.expect("a limited run, replayed to its end", 0, "limit", run.output)


def interrupted_runs_are_replayed():
    process = subprocess.Popen([os.path.join(BIN, "vouch"), "run", echo, "--record",
                                path("interrupted.rec")], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = process.stdout.read(1)
    process.stdin.write(b"ab")
    process.stdin.flush()
    output += process.stdout.read(2)
    process.send_signal(signal.SIGINT)
    rest, said = process.communicate(timeout=60)
    expect("an interrupted run", (process.returncode, output), (1, b">ab"))
    expect_in("an interrupted run", b"interrupted after", said)
    again = Run(echo, "--replay", path("interrupted.rec"))
    again.expect("an interrupted run, replayed", 0, "interrupted", output + rest)
    expect_in("in the same steps", said.decode().strip(), again.said)


def traces_are_the_same():
    """Of the live run, of the replayed one, and of that by the plain machine."""
    put("system", sectors(24, 5))
    put("swap", sectors(32, 99))
    Run(copy, "--disk", path("system"), "--swap", path("swap"), "--jitter", "--record",
        path("traced.rec"), "--trace", path("live.trace")).expect("a traced run", 0, "halted")
    for options in ([], ["--plain"]):
        Run(copy, "--replay", path("traced.rec"), "--trace", path("again.trace"),
            *options).expect("a traced replay", 0, "halted")
        expect(f"the same trace {options}", get("again.trace") == get("live.trace"))


def wild_programs_are_replayed():
    wild = assemble("wild", ".text\n.globl _start\n_start: addi r1,r0,-4096\n lw r2,0(r1)\n nop\n")
    Run(wild, "--record", path("wild.rec")).expect("a bus error", 1, "stopped")
    again = Run(wild, "--replay", path("wild.rec")).expect("a bus error, replayed", 0, "stopped")
    expect_in("a bus error, replayed", "bus-error", again.said)


def other_recordings_are_refused():
    copied()
    recording = get("copy.rec")
    is_refused("another image", echo, "--replay", path("copy.rec"), because="another image")
    is_refused("another memory", copy, "--replay", path("copy.rec"), "--memory", "8M",
               because="4194304 bytes of memory")
    is_refused("a disk as well", copy, "--replay", path("copy.rec"), "--disk", path("system"),
               because="those of the recording")
    for option in (["--seed", "1"], ["--tick-steps", "9"], ["--jitter"], ["--reset", "5"]):
        is_refused(f"{option} as well", copy, "--replay", path("copy.rec"), *option,
                   because="is in the recording")
    is_refused("no recording", copy, "--replay", copy, because="no recording")
    is_refused("no file", copy, "--replay", path("nowhere"), because="nowhere")
    is_refused("an empty file", copy, "--replay", put("empty.rec", b""), because="no recording")
    put("cut.rec", recording[:-3])
    is_refused("a file that is cut", copy, "--replay", path("cut.rec"), because="cut off")
    middle = len(recording) // 2
    put("broken.rec", recording[:middle] + bytes([recording[middle] ^ 0x40]) + recording[middle + 1:])
    is_refused("a broken file", copy, "--replay", path("broken.rec"), because="corrupt")
    put("later.rec", recording[:8] + b"\2" + recording[9:])
    is_refused("a later version", copy, "--replay", path("later.rec"), because="another version")
    is_refused("a recording that cannot be written", copy, "--record", path("no/where"),
               because="cannot write")
    expect("refused before the run", Run(copy, "--record", "/dev/full").code, 2)


def number(value):
    """As docs/RUN.md has it."""
    low = [value >> shift & 0x7F for shift in range(0, max(value.bit_length(), 1), 7)]
    return bytes([byte | 0x80 for byte in low[:-1]] + low[-1:])


def block(content):
    """A frame of zstd that stores its content as it is."""
    frame = (bytes.fromhex("28b52ffda0") + len(content).to_bytes(4, "little")
             + (len(content) << 3 | 1).to_bytes(3, "little") + content)
    return len(frame).to_bytes(4, "little") + frame


def recording_by_hand(name, image, memory, entries):
    """Of a machine without disks."""
    machine = number(0) + number(0) + image.encode() + number(memory)
    for device in (b"timer", b"", b"serial", b"network", b"controller", b"", b"", b""):
        machine += number(len(device)) + device + number(0)
    return put(name, b"VOUCHRUN" + (1).to_bytes(4, "little") + block(machine)
               + block(number(1) + number(0) + b"".join(entries)))


def end_entry(steps, status, state):
    return bytes([15]) + number(steps) + number(len(status)) + status.encode() + state.encode()


def recordings_are_as_documented():
    """The timer ticks thirty times, at steps of our choice; the ends are right and wrong."""
    clock = program("clock")
    image = Run(clock).summary["image"]
    ticks = [bytes([1]) + number(997)] * 30

    def replay(what, code, status, *end):
        recording = recording_by_hand("hand.rec", image, 0x100000, ticks + list(end))
        return Run(clock, "--replay", recording).expect(what, code, status)

    replay("no end", 1, "recording-ended")
    run = replay("a wrong end", 1, "recording-ended", end_entry(1, "limit", "0" * 64))
    expect_in("a wrong end", "recorded was: limit after 29911 steps in the state 0000000000000000",
              run.said)
    run = replay("another wrong end", 1, "halted", end_entry(5000, "halted", "0" * 64))
    expect("the last tick, its interrupt, and no further", 29910 < run.summary["steps"] < 29930)
    expect("it took other steps than recorded", run.summary["as_recorded"], False)
    rest, state = run.summary["steps"] - 30 * 997, run.summary["state"]
    replay("the right end", 0, "halted", end_entry(rest, "halted", state))
    replay("a wrong state", 1, "halted", end_entry(rest, "halted", "0" * 64))
    replay("a wrong reason", 1, "halted", end_entry(rest, "idle", state))
    replay("too early an end", 1, "recording-ended", end_entry(rest - 1, "halted", state))
    run = Run(clock, "--replay", path("hand.rec"), "--max-steps", "1000")
    run.expect("a replay that the user ends", 1, "limit")
    expect("says nothing of its end", "as_recorded" in run.summary, False)
    ticks.append(bytes([3]) + number(1) + number(65))
    run = Run(clock, "--replay", recording_by_hand("hand.rec", image, 0x100000, ticks))
    expect("a byte for the timer is a fault", run.code, 2)
    expect_in("a byte for the timer", "the timer takes no event `byte`", run.said)


disks_are_copied_and_replayed_without_them()
modes_of_disks()
announced_sectors_survive_a_killed_run()
input_is_replayed()
interrupted_runs_are_replayed()
traces_are_the_same()
wild_programs_are_replayed()
other_recordings_are_refused()
recordings_are_as_documented()
finish()
