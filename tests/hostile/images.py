#!/usr/bin/python3
"""Hostile files against vouch run and vouch trace: images.py BIN WORK [COUNT [SEED]]

Images are compiled programs with bytes changed, and words without a plan; what stands behind the
devices, recordings and traces are files of the same kind. Every run ends by itself, with an exit
code and, if that is 2, with one error."""
import glob
import hashlib
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys

BIN, WORK = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 60
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STEPS = "20000"
SECONDS = 60
counts = {}
failures = []


def count(what):
    counts[what] = counts.get(what, 0) + 1


def vouch(name, *arguments, codes=(0, 1, 2), stdin=b""):
    """Runs the program; what it printed, or None if it refused."""
    command = [os.path.join(BIN, "vouch"), *arguments]
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, check=False,
                              timeout=SECONDS)
    except subprocess.TimeoutExpired:
        failures.append(f"{name}: does not end\n    {' '.join(command)}")
        return None
    errors = len(re.findall(rb"(?:^|: )error: ", done.stderr, re.MULTILINE))
    if done.returncode not in codes:
        failures.append(f"{name}: exit code {done.returncode}\n    {' '.join(command)}\n"
                        f"    {done.stderr.decode(errors='replace')[:400]}")
    elif b"internal error" in done.stderr or errors != (done.returncode == 2):
        failures.append(f"{name}: exit code {done.returncode} and {errors} errors\n"
                        f"    {' '.join(command)}\n"
                        f"    {done.stderr.decode(errors='replace')[:400]}")
    count(f"{arguments[0]} {arguments[1] if arguments[0] == 'trace' else ''} {done.returncode}")
    return None if done.returncode == 2 else done.stdout


def put(name, content):
    with open(name, "wb") as file:
        file.write(content)
    return name


def get(name):
    with open(name, "rb") as file:
        return file.read()


def changed(chance, content, front):
    """The content with some bytes changed, mostly near the front, or cut."""
    content = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        end = min(front, len(content)) if chance.random() < 0.5 else len(content)
        if end == 0:
            break
        at = chance.randrange(end)
        content[at] = chance.choice((chance.randrange(256), content[at] ^ 1 << chance.randrange(8),
                                     0, 255))
    if chance.random() < 0.1:
        del content[chance.randrange(len(content) + 1):]
    return bytes(content)


def noise_image(chance):
    """One segment of words: some from programs, some from nowhere."""
    words = b"".join(
        struct.pack("<I", chance.choice((chance.getrandbits(32), chance.getrandbits(32) & 0xFFFF
                                         | chance.choice((0x2000, 0x2021, 0x8C01, 0xAC01, 0x3401,
                                                          0x1420, 0x0BFF)) << 16)))
        for _ in range(chance.randint(1, 3000)))
    header = struct.pack("<4s12sHHIIIIIHHHHHH", b"\x7fELF", b"\1\1\1", 2, 0x5AA5, 1, 0, 52, 0, 0, 52,
                         32, 1, 40, 0, 0)
    segment = struct.pack("<IIIIIIII", 1, 84, 0, 0, len(words), len(words), 7, 4)
    return header + segment + words


def compiled():
    """Images to begin with: of the C0 programs, and of the kernel's library."""
    images = []
    sources = sorted(glob.glob(os.path.join(TREE, "tests/programs/*.c0")))[:12]
    for source in sources:
        name = os.path.basename(source)[:-3] + ".elf"
        done = subprocess.run([os.path.join(BIN, "c0c"), "-g", "-o", name, source],
                              capture_output=True, check=False)
        if done.returncode == 0:
            images.append(get(name))
    return images


def pcap(chance):
    frames = b"".join(
        struct.pack("<IIII", 0, 0, length, length) + chance.randbytes(length)
        for length in (chance.randint(0, 200) for _ in range(chance.randint(0, 6))))
    content = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + frames
    return changed(chance, content, 40) if chance.random() < 0.5 else content


def varint(number):
    """As in recordings: seven bits a byte, the lowest first."""
    content = b""
    while number >= 0x80:
        content += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return content + bytes((number,))


def block(content):
    """A block of a recording: its length, and a zstd frame of one raw block."""
    frame = struct.pack("<IBI", 0xFD2FB528, 0xA0, len(content)) + struct.pack(
        "<I", len(content) << 3 | 1)[:3] + content
    return struct.pack("<I", len(frame)) + frame


def made_recording(chance, image):
    """A recording that is well formed, of a machine that may be none, in which anything happens."""
    memory = chance.choice((0x10000, 0x400000, 0x400000, 0x400000, 0, 4, 0xFFFF8000, 0x80000000))
    setup = hashlib.sha256(image).hexdigest().encode() + varint(memory)
    names = ["timer", "disk", "serial", "network", "controller", "disk", "", ""]
    if chance.random() < 0.2:
        names[chance.randrange(8)] = chance.choice(("", "disk", "oven", "timer"))
    for name in names:
        sectors = chance.choice((9, 9, 9, 9, 9, 0, 1 << 28)) if name == "disk" else 0
        setup += varint(len(name)) + name.encode() + varint(sectors)
    entries = b""
    for operation in range(chance.randint(0, 40)):
        kind, device = chance.choice(((1, 0), (1, 4), (2, 1), (2, 2), (2, 3), (2, 5), (3, 2), (4, 3),
                                      (5, 4), (6, 0), (7, 1), (7, 5), (8, 5)))
        if chance.random() < 0.02:
            kind, device = chance.randrange(16), chance.randrange(16)
        number = chance.choice((0, 0, 1, 9, 65, 300))
        if kind in (7, 8):
            number = operation
        content = {3: varint(65), 4: varint(5) + b"frame", 5: varint(1) + varint(4) + b"word",
                   7: varint(chance.randrange(9)) + bytes(512), 8: varint(0),
                   15: varint(5) + b"limit" + b"0" * 64}.get(kind, b"")
        entries += bytes((kind | device << 4,)) + varint(number) + content
    if chance.random() < 0.5:
        entries += bytes((15,)) + varint(chance.choice((0, 100, 1 << 40))) + varint(5) + b"limit"
        entries += b"0" * 64
    return (b"VOUCHRUN\1\0\0\0" + block(varint(0) + varint(0) + setup)
            + block(varint(1) + varint(0) + entries))


def outside(chance):
    """Options for what stands behind the devices."""
    options = []
    if chance.random() < 0.5:
        size = 512 * chance.randint(1, 30) + (chance.randint(1, 511) if chance.random() < 0.1 else 0)
        options += ["--disk", put("disk", chance.randbytes(size))]
    if chance.random() < 0.3:
        options += ["--swap", put("swap", bytes(512 * chance.randint(0, 9))) + ",snapshot"]
    if chance.random() < 0.5:
        options += ["--serial", f"file:{put('typed', chance.randbytes(100))},printed"]
    else:
        options += ["--serial", "none"]
    if chance.random() < 0.3:
        options += ["--network", f"pcap:{put('frames', pcap(chance))},sent"]
    if chance.random() < 0.3:
        options += ["--memory", chance.choice(("64K", "32768", "4", "0", "1M", "4M"))]
    if chance.random() < 0.5:
        options += ["--tick-steps", str(chance.randint(1, 500)), "--done-steps",
                    str(chance.randint(1, 300)), "--poll-steps", str(chance.randint(1, 300)),
                    "--jitter", "--seed", str(chance.getrandbits(30))]
    if chance.random() < 0.1:
        options += ["--reset", str(chance.randrange(3000))]
    return options


def run_one(chance, number, images):
    kind = chance.choice(("changed", "changed", "noise", "whole"))
    image = {"changed": lambda: changed(chance, chance.choice(images), 200),
             "noise": lambda: noise_image(chance),
             "whole": lambda: chance.choice(images)}[kind]()
    put("image.elf", image)
    for name in ("recording", "trace"):
        if os.path.exists(name):
            os.remove(name)
    options = outside(chance)
    where = f"case {number} ({kind})"
    run = ["run", "image.elf", *options, "--max-steps", STEPS]
    if vouch(where, *run, "--json", "fast.json") is None:
        return
    vouch(where + ", plain", *run, "--plain", "--json", "plain.json")
    if json.loads(get("fast.json")) != json.loads(get("plain.json")):
        failures.append(f"{where}: fast and plain runs differ")
    vouch(where + ", recorded", *run, "--record", "recording", "--trace", "trace",
          "--trace-interval", "500")
    replay = ["run", "image.elf", "--serial", "none", "--max-steps", STEPS, "--replay"]
    if vouch(where + ", replayed", *replay, "recording") is None:
        failures.append(f"{where}: a recording is refused")
    put("changed.recording", changed(chance, get("recording"), 100))
    vouch(where + ", replayed from another recording", *replay, "changed.recording")
    put("made.recording", made_recording(chance, image))
    vouch(where + ", replayed from a made recording", *replay, "made.recording")
    put("changed.trace", changed(chance, get("trace"), 200))
    for trace in ("trace", "changed.trace"):
        vouch(f"{where}, {trace} stat", "trace", "stat", trace)
        vouch(f"{where}, {trace} show", "trace", "show", trace)
        vouch(f"{where}, {trace} diff", "trace", "diff", trace, "trace")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    os.chdir(WORK)
    images = compiled()
    if len(images) < 5:
        sys.exit("there are too few images to begin with")
    for number in range(SEED, SEED + COUNT):
        run_one(random.Random(number), number, images)
    for what in sorted(counts):
        print(f"{what}: {counts[what]}")
    for failure in failures[:20]:
        print("FAILED", failure)
    needed = ("run  0", "run  1", "run  2", "trace show 0", "trace show 2")
    missing = [what for what in needed if counts.get(what, 0) == 0]
    print(f"{COUNT} cases, {len(failures)} failures {missing or ''}")
    sys.exit(1 if failures or missing else 0)


main()
