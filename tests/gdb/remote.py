"""A small machine to debug, and a client of GDB's remote protocol that is written from its
description: packets, acknowledgements, runs of characters, escapes."""
import json
import os
import re
import socket
import struct
import subprocess

EM_VAMP = 0x5AA5
SYSTEM, USER, HALT, DEVICE, WAIT = 0x100, 0x200, 0x300, 0x340, 0x380
USER_CODE = 0x5000  # physical; page 1 of user mode
PAGE_TABLE = 0x3000

# What is where. A branch's distance counts from its own address + 4.
PROGRAM = {
    0x000: ["movs2i r20,ECA", "j -4", "nop"],
    # r1 counts, goes to 0x800 and comes back; r3 counts in the delay slot of the branch.
    SYSTEM: ["addi r1,r0,0", "addi r1,r1,1", "sw r1,r0,2048", "lw r2,r0,2048", "beqz r0,-16",
             "addi r3,r3,1"],
    # To user mode, with page 1 at 0x5000.
    USER: ["addi r1,r0,3", "movi2s PTO,r1", "addi r1,r0,2", "movi2s PTL,r1", "addi r1,r0,4096",
           "movi2s EDPC,r1", "addi r1,r1,4", "movi2s EPC,r1", "addi r1,r0,1", "movi2s EMODE,r1",
           "movi2s ESR,r0", "rfe"],
    HALT: ["addi r5,r0,5", "j -4", "nop"],
    DEVICE: ["addi r4,r0,7", "sw r4,r0,-32768", "lw r6,r0,-32764", "lhgi r7,4096",
             "lw r8,r7,0"],
    # Waits for the serial line, which tells of bytes that arrive (cause 15).
    WAIT: ["addi r4,r0,1", "sw r4,r0,-24572", "slli r4,r4,15", "movi2s SR,r4", "j -4", "nop"],
    # r1 counts, at the virtual address 0x1800, forever.
    USER_CODE: ["addi r1,r0,0", "addi r1,r1,1", "sb r1,r0,6144", "lbu r2,r0,6144", "j -16",
                "nop"],
}
# Page 0 is not valid, page 1 is at 0x5000, page 2 at 0x6000 and protected.
TABLE = [0, USER_CODE | 0x800, 0x6000 | 0xC00]


def assemble(vouch, lines):
    """The words of some instructions, by `vouch step`."""
    states = [json.dumps({"asm": line, "before": {"dpc": 0}}) for line in lines]
    run = subprocess.run([vouch, "step"], input="\n".join(states), capture_output=True, text=True,
                         check=False)
    words = [int(json.loads(line)["word"], 16) for line in run.stdout.splitlines()]
    assert len(words) == len(lines), run.stderr
    return words


def make_image(vouch, path, entry):
    """An ELF file with one segment for each part of the machine's memory."""
    parts = [(address, assemble(vouch, lines)) for address, lines in PROGRAM.items()]
    parts = sorted(parts + [(PAGE_TABLE, TABLE)])
    header = struct.pack("<16sHHIIIIIHHHHHH", b"\x7fELF\x01\x01\x01", 2, EM_VAMP, 1, entry, 52, 0,
                         0, 52, 32, len(parts), 40, 0, 0)
    offset, headers, content = 52 + 32 * len(parts), b"", b""
    for address, words in parts:
        data = struct.pack(f"<{len(words)}I", *words)
        headers += struct.pack("<IIIIIIII", 1, offset, address, address, len(data), len(data), 7, 4)
        offset, content = offset + len(data), content + data
    with open(path, "wb") as file:
        file.write(header + headers + content)


def frame(content):
    return b"$" + content + b"#%02x" % (sum(content) % 256)


def expand(content):
    """Undoes runs (x*n) and escapes (}x)."""
    out = bytearray()
    at = 0
    while at < len(content):
        if content[at] == ord("}"):
            at += 1
            out.append(content[at] ^ 0x20)
        elif content[at] == ord("*"):
            at += 1
            out += bytes([out[-1]]) * (content[at] - 29)
        else:
            out.append(content[at])
        at += 1
    return bytes(out)


class Remote:
    """A machine in `vouch run --gdb 0`, and a connection to it."""

    def __init__(self, vouch, image, *options):
        self.process = subprocess.Popen([vouch, "run", image, "--gdb", "0", *options],
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)", line)
        assert found, line
        self.port = int(found[1])
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.settimeout(120)
        self.buffer = b""
        self.acknowledges = True
        self.messages = []

    def processor_seconds(self):
        """What the machine has spent, however busy the host is."""
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def send(self, data):
        self.socket.sendall(data)

    def byte(self):
        while not self.buffer:
            received = self.socket.recv(65536)
            if not received:
                raise EOFError
            self.buffer += received
        first, self.buffer = self.buffer[:1], self.buffer[1:]
        return first

    def packet(self):
        """The next packet that is no message for the user; those are kept."""
        while True:
            start = self.byte()
            assert start == b"$", start
            wire = b""
            while not wire.endswith(b"#"):
                wire += self.byte()
            wire = wire[:-1]
            assert int(self.byte() + self.byte(), 16) == sum(wire) % 256
            if self.acknowledges:
                self.send(b"+")
            content = expand(wire)
            if content[:1] != b"O" or content == b"OK":
                return content
            self.messages.append(bytes.fromhex(content[1:].decode()).decode())

    def ask_bytes(self, content):
        self.send(frame(content))
        if self.acknowledges:
            mark = self.byte()
            assert mark == b"+", mark
        return self.packet()

    def ask(self, text):
        return self.ask_bytes(text.encode()).decode()

    def start(self, text):
        """Sends what is answered later: a run."""
        self.send(frame(text.encode()))
        if self.acknowledges:
            assert self.byte() == b"+"

    def register(self, number):
        return struct.unpack("<I", bytes.fromhex(self.ask(f"p{number:x}")))[0]

    def set_register(self, number, word):
        return self.ask(f"P{number:x}=" + struct.pack("<I", word).hex())

    def word(self, address):
        return struct.unpack("<I", bytes.fromhex(self.ask(f"m{address:x},4")))[0]

    def monitor(self, line):
        """What a command says, and its reply."""
        self.messages = []
        reply = self.ask("qRcmd," + line.encode().hex())
        return "".join(self.messages), reply

    def end(self):
        """The exit code and what was said at the end."""
        self.socket.close()
        said = self.process.stderr.read()
        self.process.wait(timeout=120)
        return self.process.returncode, said
