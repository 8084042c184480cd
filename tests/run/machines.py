#!/usr/bin/python3
"""Machines that talk with each other and with the host: over a network cable, over the automotive
bus, through pcap files, a pseudo-terminal and a terminal.

    machines.py BIN WORK     with vouch and c0c of BIN, in the directory WORK
"""
import contextlib
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 120  # for one run; none takes more than a few


class Machines:
    """Images, and runs of them in one directory."""

    def __init__(self, binaries, work):
        self.vouch = os.path.join(os.path.abspath(binaries), "vouch")
        self.c0c = os.path.join(os.path.abspath(binaries), "c0c")
        self.work = work
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)

    def assemble(self, name):
        subprocess.run([self.c0c, "-o", name, os.path.join(HERE, name + ".s")], cwd=self.work,
                       check=True)

    def start(self, image, *options, **streams):
        """In the directory, so that the names of sockets are short."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE, **streams}
        return subprocess.Popen([self.vouch, "run", image, *options], cwd=self.work, **streams)

    def read(self, name):
        with open(os.path.join(self.work, name), "rb") as file:
            return file.read()

    def write(self, name, content):
        with open(os.path.join(self.work, name), "wb") as file:
            file.write(content)


def end(process):
    """The exit code, the standard output and the standard error of a run that must end."""
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"no end: {out} {err}") from None
    return process.returncode, out, err.decode()


def check_end(process, code, words):
    got, out, err = end(process)
    assert got == code and words in err, f"{got}, not {code}: {err}"
    return out


def check_replay(machines, image, recording):
    """The recorded run alone ends as it did among the others."""
    replay = machines.start(image, "--serial", "none", "--replay", recording)
    check_end(replay, 0, "as recorded")


# --- A network cable ---


def talk(machines, first, pause):
    """One machine asks, the other answers; `first` begins, the other follows after a pause."""
    options = {
        "answer": ["--network", "socket:answer.socket,ask.socket", "--serial", "none",
                   "--record", "answer.recording"],
        "ask": ["--network", "socket:ask.socket,answer.socket", "--record", "ask.recording"],
    }
    second = "ask" if first == "answer" else "answer"
    runs = {first: machines.start(first, *options[first])}
    time.sleep(pause)
    runs[second] = machines.start(second, *options[second])
    out = check_end(runs["ask"], 0, "halted")
    assert out == b"." * 20 + b"\n", out
    check_end(runs["answer"], 0, "halted")
    check_replay(machines, "ask", "ask.recording")
    check_replay(machines, "answer", "answer.recording")
    left = [name for name in os.listdir(machines.work) if name.endswith(".socket")]
    assert not left, left


def two_machines_talk_over_a_cable(machines):
    talk(machines, "answer", 0.2)


def machine_that_asks_first_is_answered_too(machines):
    talk(machines, "ask", 0.2)


# --- Recorded frames ---


def pcap(frames):
    content = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for frame in frames:
        content += struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame
    return content


def frames_of(content):
    """The frames of a little-endian pcap file, and their times in microseconds."""
    assert content[:24] == struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1518, 1)
    frames, at = [], 24
    while at < len(content):
        seconds, micros, captured, original = struct.unpack_from("<IIII", content, at)
        assert captured == original and micros < 1000000
        frames.append((seconds * 1000000 + micros, content[at + 16:at + 16 + captured]))
        at += 16 + captured
    assert at == len(content)
    return frames


def frames_of_a_file_are_answered_into_another(machines):
    questions = [struct.pack("<II", number, number * 77) for number in range(1, 41)]
    machines.write("in.pcap", pcap(questions + [bytes(8)]))
    for name in ["one.pcap", "two.pcap"]:
        run = machines.start("answer", "--network", f"pcap:in.pcap,{name}", "--serial", "none")
        check_end(run, 0, "halted")
    frames = frames_of(machines.read("one.pcap"))
    answers = [struct.pack("<II", number ^ 0xFFFFFFFF, (number * 77) ^ 0xFFFFFFFF)
               for number in range(1, 41)]
    assert [frame for _, frame in frames] == answers
    times = [micros for micros, _ in frames]
    assert times == sorted(times) and times[0] > 0
    assert machines.read("one.pcap") == machines.read("two.pcap"), "equal runs, equal files"


def machine_without_another_frame_to_come_idles(machines):
    machines.write("in.pcap", pcap([struct.pack("<II", 1, 1)]))
    run = machines.start("answer", "--network", "pcap:in.pcap,", "--serial", "none")
    check_end(run, 0, "idle")


def corrupt_file_is_refused(machines):
    machines.write("in.pcap", pcap([b"12345678"])[:-1])
    run = machines.start("answer", "--network", "pcap:in.pcap,", "--serial", "none")
    check_end(run, 2, "record 1: the file ends within its frame")


# --- The automotive bus ---


def heard(node):
    """What a node prints: in slot start n the letter of slot n - 1, unless it is its own."""
    text = ""
    for start in range(60):
        slot, turn = (start - 1) % 3, (start - 1) // 3
        if slot == 0:
            turn -= 1  # nothing was written before the first slot: node 0 sends a 0 in it
        letter = "\0" if turn < 0 else chr(ord("A") + 8 * slot + turn % 8)
        text += "-" if start == 0 or slot == node else letter
    return text.encode()


def start_node(machines, node, group, *options):
    machines.write(f"number-{node}", b"%d" % node)
    return machines.start("node", "--controller", f"group:{group},{node},3,60", "--serial",
                          f"file:number-{node},heard-{node}", *options)


def check_group(machines, group, options, pause):
    runs = []
    for node in range(3):
        runs.append(start_node(machines, node, group, *options[node]))
        time.sleep(pause)
    for node, run in enumerate(runs):
        check_end(run, 0, "halted")
        assert machines.read(f"heard-{node}") == heard(node), machines.read(f"heard-{node}")


def three_nodes_hear_each_slot_at_the_same_time(machines):
    options = [["--record", f"node-{node}.recording"] for node in range(3)]
    check_group(machines, "bus", options, 0)
    for node in range(3):
        check_replay(machines, "node", f"node-{node}.recording")


def nodes_of_different_speed_hear_the_same(machines):
    options = [["--jitter", "--seed", str(node), "--tick-steps", str(300 + 20000 * node)]
               for node in range(3)]
    check_group(machines, "bus", options, 0.1)


def messages_arrive_in_time_however_seldom_the_outside_is_polled(machines):
    options = [["--poll-steps", str([1, 997, 1000000][node])] for node in range(3)]
    check_group(machines, "bus", options, 0)


def equal_runs_of_a_group_end_equally(machines):
    ends = []
    for _ in range(2):
        runs = [start_node(machines, node, "bus") for node in range(3)]
        ends.append([end(run)[2] for run in runs])
    assert ends[0] == ends[1] and "halted after" in ends[0][0], ends


def node_that_does_not_come_ends_the_others_runs(machines):
    runs = [start_node(machines, node, "bus") for node in range(1)]
    machines.write("number-1", b"1")
    runs.append(machines.start("node", "--controller", "group:bus,1,3,1", "--serial",
                               "file:number-1,heard-1"))
    check_end(runs[1], 2, "node 2 did not come to slot start 1 within 1000 milliseconds")
    runs[0].send_signal(signal.SIGINT)
    code, _, err = end(runs[0])
    assert code != 0, err


# --- The serial line ---


def read_until(descriptor, ending):
    content = b""
    while not content.endswith(ending):
        ready, _, _ = select.select([descriptor], [], [], SECONDS)
        assert ready, content
        part = os.read(descriptor, 4096)
        assert part, content
        content += part
    return content


def pseudo_terminal_leads_to_the_machine(machines):
    run = machines.start("line", "--serial", "pty")
    told = run.stderr.readline().decode()
    name = re.search(r"/dev/pts/\d+", told)
    assert name, told
    user = os.open(name.group(), os.O_RDWR | os.O_NOCTTY)
    os.write(user, b"Hello!\n")
    assert read_until(user, b"\n") == b"hELLO!\n"
    os.close(user)
    check_end(run, 0, "halted")


def files_lead_to_the_machine(machines):
    machines.write("typed", b"A Line of Text\nand what it does not read\n")
    check_end(machines.start("line", "--serial", "file:typed,printed"), 0, "halted")
    assert machines.read("printed") == b"a lINE OF tEXT\n"


def pipe_leads_to_the_machine(machines):
    run = machines.start("line", stdin=subprocess.PIPE)
    run.stdin.write(b"Slow")
    run.stdin.flush()
    assert read_until(run.stdout.fileno(), b"sLOW") == b"sLOW"
    run.stdin.write(b"ly\n")
    run.stdin.flush()
    assert check_end(run, 0, "halted") == b"LY\n"


def reader_that_goes_away_ends_the_run(machines):
    read, write = os.pipe()
    run = machines.start("line", stdin=subprocess.PIPE, stdout=write)
    os.close(write)
    os.close(read)
    run.stdin.write(b"nobody hears\n")
    run.stdin.flush()
    check_end(run, 2, "Broken pipe")


@contextlib.contextmanager
def machine_on_a_terminal(machines):
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    run = machines.start("line", stdin=slave, stdout=slave)
    deadline = time.monotonic() + SECONDS
    while termios.tcgetattr(slave)[3] & termios.ECHO:
        assert time.monotonic() < deadline, "the terminal is never set"
        time.sleep(0.01)
    yield master, run
    assert termios.tcgetattr(slave) == before, "the terminal is as it was"
    os.close(master)
    os.close(slave)


def terminal_gives_keys_at_once_and_is_restored(machines):
    with machine_on_a_terminal(machines) as (master, run):
        for key in b"Keys":
            time.sleep(0.02)
            os.write(master, bytes([key]))
            assert read_until(master, bytes([key ^ 0x20])) == bytes([key ^ 0x20]), "and no echo"
        os.write(master, b"\n")
        check_end(run, 0, "halted")


def terminal_is_restored_when_a_run_is_ended(machines):
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]:
        with machine_on_a_terminal(machines) as (master, run):
            os.write(master, b"x")
            read_until(master, b"X")
            run.send_signal(number)
            code, _, _ = end(run)
            assert code != 0, number


CASES = [
    two_machines_talk_over_a_cable,
    machine_that_asks_first_is_answered_too,
    frames_of_a_file_are_answered_into_another,
    machine_without_another_frame_to_come_idles,
    corrupt_file_is_refused,
    three_nodes_hear_each_slot_at_the_same_time,
    nodes_of_different_speed_hear_the_same,
    messages_arrive_in_time_however_seldom_the_outside_is_polled,
    equal_runs_of_a_group_end_equally,
    node_that_does_not_come_ends_the_others_runs,
    pseudo_terminal_leads_to_the_machine,
    files_lead_to_the_machine,
    pipe_leads_to_the_machine,
    reader_that_goes_away_ends_the_run,
    terminal_gives_keys_at_once_and_is_restored,
    terminal_is_restored_when_a_run_is_ended,
]


def main():
    machines = Machines(sys.argv[1], sys.argv[2])
    for name in ["ask", "answer", "node", "line"]:
        machines.assemble(name)
    failures = 0
    for case in CASES:
        begin = time.monotonic()
        try:
            case(machines)
        except AssertionError as error:
            failures += 1
            print(f"FAIL {case.__name__}: {error}")
        else:
            print(f"ok   {case.__name__} ({time.monotonic() - begin:.1f} s)")
    print(f"{len(CASES) - failures} of {len(CASES)} as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
