#!/usr/bin/python3
"""Checks `vouch run --gdb` as a client of the protocol sees it: client.py VOUCH FOLDER"""
import contextlib
import os
import re
import socket
import struct
import subprocess
import sys
import time
import xml.etree.ElementTree as xml

from remote import (DEVICE, HALT, SYSTEM, USER, USER_CODE, WAIT, Remote, assemble, frame,
                    make_image)

VOUCH, FOLDER = sys.argv[1:]
R1, R2, R3, DPC, PCP = 1, 2, 3, 32, 33
PTO, PTL, MODE = 43, 44, 46
failures = []


def expect(what, got, wanted=True):
    if got != wanted:
        failures.append(f"{what}: {got!r}, not {wanted!r}")


def expect_stop(what, reply, start, dpc):
    wanted = f"{start}20:{struct.pack('<I', dpc).hex()};"
    if not reply.startswith(wanted):
        failures.append(f"{what}: {reply!r}, not {wanted!r}")


@contextlib.contextmanager
def machine(entry, *options):
    image = os.path.join(FOLDER, f"{entry:x}.elf")
    make_image(VOUCH, image, entry)
    remote = Remote(VOUCH, image, *options)
    try:
        yield remote
    finally:
        remote.socket.close()
        if remote.process.poll() is None:
            remote.process.kill()
        remote.process.wait()
        remote.process.stdin.close()
        remote.process.stderr.close()


def ends(what, remote, code, *parts):
    got, said = remote.end()
    expect(f"{what}: exit code", got, code)
    for part in parts:
        expect(f"{what}: says {part!r} in {said!r}", part in said)


def describes_its_registers():
    with machine(SYSTEM) as remote:
        features = remote.ask("qSupported:swbreak+;hwbreak+;xmlRegisters=none")
        expect("features are read", "qXfer:features:read+" in features.split(";"))
        size = int(re.search(r"PacketSize=([0-9a-f]+)", features)[1], 16)
        text, part = "", "m"
        while part[0] == "m":
            part = remote.ask(f"qXfer:features:read:target.xml:{len(text):x},{size - 5:x}")
            text += part[1:]
        target = xml.fromstring(text)
        registers = {reg.get("name"): int(reg.get("regnum")) for reg in target.iter("reg")}
        names = ([f"r{i}" for i in range(32)] + "dpc pcp SR ESR ECA EPC EDPC EDATA RM IEEEF FCC "
                 "PTO PTL EMODE MODE".split())
        expect("all registers are described", registers,
               {name: number for number, name in enumerate(names)})
        expect("the features are vouch's own",
               all(feature.get("name").startswith("org.vouch.vamp.")
                   for feature in target.iter("feature")))
        expect("dpc is code", target.find(".//reg[@name='dpc']").get("type"), "code_ptr")
        expect("g has them all", len(remote.ask("g")), 8 * len(names))


def reads_and_writes_registers():
    with machine(SYSTEM) as remote:
        expect_stop("the machine waits at its entry", remote.ask("?"), "T05", SYSTEM)
        words = list(struct.unpack("<47I", bytes.fromhex(remote.ask("g"))))
        expect("after power-up", words, [0] * 32 + [SYSTEM, SYSTEM + 4, 0, 0, 1] + [0] * 10)
        words[7], words[DPC], words[PCP] = 0xCAFEBABE, HALT, HALT + 4
        expect("G", remote.ask("G" + struct.pack("<47I", *words).hex()), "OK")
        expect("p reads what G wrote", remote.register(7), 0xCAFEBABE)
        expect("P", remote.set_register(8, 0x12345678), "OK")
        expect("g reads what P wrote", remote.ask("g")[64:72], "78563412")
        expect("r0", (remote.set_register(0, 1), remote.register(0)), ("OK", 0))
        expect("no register", (remote.ask("p2f"), remote.ask("P2f=00000000")), ("E22", "E22"))
        expect_stop("the machine goes where it was sent", remote.ask("s"), "T05", HALT + 4)
        expect("and does what is there", remote.register(5), 5)


def reads_and_writes_memory():
    with machine(SYSTEM) as remote:
        first = struct.pack("<I", assemble(VOUCH, ["addi r1,r0,0"])[0]).hex()
        expect("m", remote.ask(f"m{SYSTEM:x},4"), first)
        expect("M", remote.ask("M801,3:010203"), "OK")
        expect("m", remote.ask("m800,4"), "00010203")
        expect("X, with escapes", remote.ask_bytes(b"X900,4:}\x03}\x04}]}\x0a"), b"OK")
        expect("m", remote.ask("m900,4"), b"#$}*".hex())
        expect("the end of memory", remote.ask("m3ffffe,8"), "0000")
        expect("behind memory", (remote.ask("m400000,4"), remote.ask("M400000,1:00")),
               ("E14", "E14"))
        expect("a device is not touched", (remote.ask("mffff8000,4"),
                                           remote.ask("Mffff8000,4:01000000")), ("E14", "E14"))
        code = assemble(VOUCH, ["addi r9,r0,99"])[0]
        remote.ask(f"M{SYSTEM:x},4:" + struct.pack("<I", code).hex())
        remote.ask("s")
        expect("code that was written is executed", remote.register(9), 99)


def steps_through_a_delay_slot():
    with machine(SYSTEM + 16) as remote:
        expect("before the branch", (remote.register(DPC), remote.register(PCP)),
               (SYSTEM + 16, SYSTEM + 20))
        expect_stop("the slot is next", remote.ask("vCont;s:1"), "T05", SYSTEM + 20)
        expect("and then the target", remote.register(PCP), SYSTEM + 4)
        expect_stop("the target is reached", remote.ask("s"), "T05", SYSTEM + 4)
        expect("the slot was executed", remote.register(R3), 1)


def stops_at_breakpoints_in_system_mode():
    with machine(SYSTEM) as remote:
        remote.ask("qSupported:swbreak+;hwbreak+")
        expect("Z0", remote.ask(f"Z0,{SYSTEM + 8:x},4"), "OK")
        expect_stop("first time", remote.ask("vCont;c"), "T05swbreak:;", SYSTEM + 8)
        expect("nothing beyond was done", (remote.register(R1), remote.word(0x800)), (1, 0))
        expect_stop("second time", remote.ask("c"), "T05swbreak:;", SYSTEM + 8)
        expect("once around", (remote.register(R1), remote.word(0x800)), (2, 1))
        expect("z0, Z1", (remote.ask(f"z0,{SYSTEM + 8:x},4"), remote.ask(f"Z1,{SYSTEM + 20:x},4")),
               ("OK", "OK"))
        expect_stop("in the delay slot", remote.ask("c"), "T05hwbreak:;", SYSTEM + 20)
        expect("with the branch taken", remote.register(PCP), SYSTEM + 4)


def stops_at_breakpoints_in_user_mode():
    with machine(USER) as remote:
        expect("virtual", remote.ask("Z0,1008,4"), "OK")
        expect("physical", remote.ask(f"Z0,{USER_CODE + 4:x},4"), "OK")
        expect_stop("user mode", remote.ask("c"), "T05", 0x1008)
        expect("MODE, PTO, PTL", [remote.register(n) for n in (MODE, PTO, PTL)], [1, 3, 2])
        expect("r1", remote.register(R1), 1)
        expect("memory is virtual", remote.ask("m1800,1"), "00")
        expect("a page that is not there", (remote.ask("m800,1"), remote.ask("m3000,1")),
               ("E14", "E14"))
        expect("a protected page can be written", remote.ask("M2000,4:11223344"), "OK")
        expect("a step", remote.ask("z0,1008,4"), "OK")
        expect_stop("a step", remote.ask("s"), "T05", 0x100C)
        expect("memory is virtual", remote.ask("m1800,1"), "01")
        said, reply = remote.monitor("translate 0x2004")
        expect("monitor translate", (said, reply), ("0x00002004 is 0x00006004, protected\n", "OK"))
        said, reply = remote.monitor("read 0x6000")
        expect("monitor read is physical", (said, reply), ("0x00006000: 0x44332211\n", "OK"))
        remote.set_register(MODE, 0)
        expect("in system mode it is physical", (remote.ask("m6000,4"), remote.ask("m5800,1")),
               ("11223344", "01"))


def stops_at_watchpoints():
    with machine(SYSTEM) as remote:
        expect("Z2", remote.ask("Z2,802,1"), "OK")
        expect_stop("a write, by the byte", remote.ask("c"), "T05watch:00000802;", SYSTEM + 12)
        expect("the write is done", (remote.word(0x800), remote.register(R2)), (1, 0))
        expect_stop("no read", remote.ask("c"), "T05watch:00000802;", SYSTEM + 12)
        remote.ask("z2,802,1")
        expect("Z3", remote.ask("Z3,800,4"), "OK")
        expect_stop("a read", remote.ask("c"), "T05rwatch:00000800;", SYSTEM + 16)
        expect("no write", remote.register(R1), 2)
        expect_stop("no write", remote.ask("c"), "T05rwatch:00000800;", SYSTEM + 16)
        expect("once around", remote.register(R1), 3)
        remote.ask("z3,800,4")
        expect("Z4", remote.ask("Z4,800,4"), "OK")
        expect_stop("both", remote.ask("c"), "T05awatch:00000800;", SYSTEM + 12)
        expect_stop("both", remote.ask("c"), "T05awatch:00000800;", SYSTEM + 16)
        remote.ask("Z2,700,100")
        remote.ask("Z4,804,4")
        remote.ask("z4,800,4")
        remote.ask(f"Z0,{SYSTEM + 8:x},4")
        expect_stop("a breakpoint among watchpoints", remote.ask("c"), "T05", SYSTEM + 8)
    with machine(USER) as remote:
        remote.ask("Z2,1800,1")
        expect_stop("user mode", remote.ask("c"), "T05watch:00001800;", 0x100C)


SOON = 20  # seconds; a busy host has its own pace


def is_interrupted():
    for options in ([], ["--plain"]):
        with machine(SYSTEM, *options) as remote:
            remote.start("c")
            time.sleep(0.3)
            start = time.monotonic()
            remote.send(b"\x03")
            reply = remote.packet().decode()
            expect("an endless loop is interrupted", reply[:3], "T02")
            expect("soon", time.monotonic() - start < SOON)
            many = remote.register(R1)
            expect("it has run fast", many > 1000)
            remote.ask("Z4,0,4")  # step by step from here
            remote.start("c")
            time.sleep(0.2)
            remote.send(b"\x03")
            expect("watched too", remote.packet()[:3], b"T02")
            expect("it went on", remote.register(R1) > many)


def is_interrupted_while_it_waits():
    with machine(WAIT) as remote:
        for again in range(2):
            remote.start("c")
            time.sleep(0.3)
            start = time.monotonic()
            remote.send(b"\x03")
            expect("a wait for input is interrupted", remote.packet()[:3], b"T02")
            expect("soon", time.monotonic() - start < SOON)
            expect("in the loop", remote.register(DPC) - WAIT in (16, 20))
        remote.ask("Z0,0,4")
        remote.start("c")
        time.sleep(0.1)
        remote.process.stdin.write("a")
        remote.process.stdin.flush()
        expect_stop("input ends the wait", remote.packet().decode(), "T05", 0)
        expect("cause: device 2", remote.register(36), 1 << 15)


def runs_at_full_speed_with_breakpoints():
    with machine(SYSTEM, "--max-steps", "50000000") as remote:
        remote.ask("Z0,1000,4")
        start = remote.processor_seconds()
        expect_stop("the limit of steps", remote.ask("c"), "T18", SYSTEM + 20)
        expect("in seconds", remote.processor_seconds() - start < 5)
        expect("with a message", remote.messages, ["the limit of 50000000 steps is reached\n"])


def tells_how_the_run_ends():
    with machine(HALT) as remote:
        expect("halted", remote.ask("c"), "W00")
        expect("with a message", remote.messages, ["halted after 1 steps\n"])
        expect("registers can still be read", remote.register(5), 5)
        ends("halted", remote, 0, "vouch run: halted after 1 steps")
    with machine(DEVICE) as remote:
        expect_stop("a bus error", remote.ask("c"), "T0a", DEVICE + 16)
        expect("with a message", len(remote.messages) == 1 and "bus-error" in remote.messages[0])
        expect("devices work", remote.register(6), 7)
        ends("a bus error", remote, 1, "vouch run: stopped after 4 steps")


def monitors():
    with machine(DEVICE) as remote:
        expect("steps", remote.monitor("steps"), ("0 steps\n", "OK"))
        said, _ = remote.monitor("devices")
        expect("devices", [line.split()[3] for line in said.splitlines()],
               ["timer", "serial", "network", "controller"])
        remote.ask("s")
        remote.ask("s")
        expect("the timer runs", "awaits tick" in remote.monitor("devices")[0])
        remote.monitor("reset")
        expect("reset", (remote.register(DPC), remote.register(PCP), remote.register(4)), (0, 4, 7))
        expect("help", "translate" in remote.monitor("help")[0])
        expect("nonsense", "help" in remote.monitor("nonsense")[0])


def is_left():
    with machine(HALT) as remote:
        remote.ask(f"Z0,{HALT + 4:x},4")
        expect("detach", remote.ask("D"), "OK")
        ends("detached, the run goes on", remote, 0, "vouch run: halted after 1 steps")
    with machine(SYSTEM, "--max-steps", "300000000") as remote:
        remote.start("c")
        expect("detach from a run", remote.ask("D"), "OK")
        ends("to its limit", remote, 1, "vouch run: limit after 300000000 steps")
    with machine(SYSTEM) as remote:
        remote.start("k")
        ends("killed", remote, 1, "the debugger ends the run", "interrupted after 0 steps")
    with machine(SYSTEM) as remote:
        expect("vKill", remote.ask("vKill;1"), "OK")
        ends("killed", remote, 1, "the debugger ends the run")
    with machine(SYSTEM) as remote:
        remote.start("c")
        ends("lost while it runs", remote, 1, "the debugger has gone", "interrupted after")
    with machine(SYSTEM) as remote:
        remote.send(b"$m0,")
        ends("lost in a packet", remote, 1, "the debugger has gone", "interrupted after 0 steps")
    with machine(SYSTEM) as remote:
        remote.start("c")
        remote.process.terminate()
        ends("the run is signalled", remote, 1, "vouch run: interrupted after")


def answers_malformed_packets():
    with machine(SYSTEM) as remote:
        remote.send(b"$g#00")
        expect("a wrong checksum", remote.byte(), b"-")
        remote.send(b"$X}#d5")
        expect("an escape of nothing", remote.byte(), b"-")
        remote.send(b"garbage\x00\xff#12\x03$m0,$qC#b4")
        expect("garbage, and a packet cut short by another", remote.byte(), b"+")
        expect("the other is answered", remote.packet(), b"QC1")
        remote.send(b"-")
        expect("a lost reply", remote.packet(), b"QC1")
        expect("too long", remote.ask("m" + "0" * 20000), "E22")
        for packet in ("m", "mx,4", "m0", "m0,x", "M0,4:00", "X0,4:a", "p", "pxx", "P1", "G00",
                       "Z0", "cx", "Cx", "sx", "vCont;x", "H", "T9", "qRcmd,0",
                       "qXfer:features:read:target.xml:x,1"):
            expect(f"{packet} is refused", remote.ask(packet), "E22")
        for packet in ("", "vMustReplyEmpty", "qUnknown", "Q", "Z9,0,4", "!", "\x7f"):
            expect(f"{packet!r} is unknown", remote.ask(packet), "")
        remote.start("c")
        expect("busy", remote.ask("g"), "E16")
        remote.send(b"\x03")
        expect("interrupted", remote.packet()[:3], b"T02")
        expect("no acknowledgements", remote.ask("QStartNoAckMode"), "OK")
        remote.acknowledges = False
        expect("without them", remote.ask("qC"), "QC1")
        remote.send(b"$qC#00")
        expect("a damaged packet", remote.packet(), b"E22")
        remote.send(frame(b"qC") * 1000)
        expect("many at once", [remote.packet() for _ in range(1000)], [b"QC1"] * 1000)


def serves_one_client_on_loopback():
    with machine(SYSTEM) as remote:
        expect("the first", remote.ask("qC"), "QC1")
        try:
            socket.create_connection(("127.0.0.1", remote.port), timeout=2).close()
            failures.append("a second client is served")
        except OSError:
            pass


def repeats_a_recording():
    image, recording = os.path.join(FOLDER, "100.elf"), os.path.join(FOLDER, "recording")
    make_image(VOUCH, image, SYSTEM)
    subprocess.run([VOUCH, "run", image, "--record", recording, "--max-steps", "1000"],
                   stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    with machine(SYSTEM, "--replay", recording) as remote:
        expect("a repeated run ends where the first did", remote.ask("c")[:3], "T05")
        expect("with a message", remote.messages, ["the recording ends after 1000 steps\n"])


os.makedirs(FOLDER, exist_ok=True)
for case in (describes_its_registers, reads_and_writes_registers, reads_and_writes_memory,
             steps_through_a_delay_slot, stops_at_breakpoints_in_system_mode,
             stops_at_breakpoints_in_user_mode, stops_at_watchpoints, is_interrupted,
             is_interrupted_while_it_waits, runs_at_full_speed_with_breakpoints, tells_how_the_run_ends, monitors, is_left,
             answers_malformed_packets, serves_one_client_on_loopback, repeats_a_recording):
    before = len(failures)
    try:
        case()
    except (AssertionError, EOFError, OSError, ValueError) as error:
        failures.append(f"{type(error).__name__}: {error}")
    failures[before:] = [f"{case.__name__}: {failure}" for failure in failures[before:]]
for failure in failures:
    print(failure)
sys.exit(1 if failures else 0)
