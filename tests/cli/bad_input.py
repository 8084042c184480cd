#!/usr/bin/python3
"""Bad input gets one clear error that names the file, and exit code 2: bad_input.py BIN WORK"""
import os
import random
import shutil
import struct
import subprocess
import sys

BIN, WORK = sys.argv[1], sys.argv[2]
VOUCH, C0C = os.path.join(BIN, "vouch"), os.path.join(BIN, "c0c")
SOURCE = """int total;

int add(int a, int b)
{
    total = total + a;
    return a + b;
}

int main()
{
    int x;

    x = add(1, 2);
    return x;
}
"""
failures = []
cases = 0


def run(*command, text_in=""):
    return subprocess.run(command, input=text_in, capture_output=True, text=True, check=False,
                          errors="replace", timeout=60)


def refused(name, *command, names="", text_in=""):
    """The command ends with 2 and one error, which names what is at fault."""
    global cases
    cases += 1
    done = run(*command, text_in=text_in)
    wrong = []
    if done.returncode != 2:
        wrong.append(f"exit code {done.returncode}")
    if done.stderr.count("error:") != 1:
        wrong.append(f"{done.stderr.count('error:')} errors")
    if names not in done.stderr:
        wrong.append(f"does not name {names}")
    if wrong:
        failures.append(f"{name}: {', '.join(wrong)}\n    {done.stderr.strip()[:300]}")


def write(name, content):
    with open(name, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return name


def patched(content, offset, layout, value):
    data = bytearray(content)
    struct.pack_into(layout, data, offset, value)
    return bytes(data)


def bad_images(good):
    """Name and bytes of images that no reader may accept."""
    segments, sections = struct.unpack_from("<II", good, 28)
    segment_bytes, segment_count = struct.unpack_from("<HH", good, 42)
    yield "empty", b""
    yield "text", b"this is no ELF file\n" * 20
    for size in (4, 16, 40, 51, segments + 8, sections + 10, len(good) - 1):
        yield f"truncated-{size}", good[:size]
    yield "elf64", patched(good, 4, "B", 2)
    yield "big-endian", patched(good, 5, "B", 2)
    yield "wrong-machine", patched(good, 18, "<H", 3)
    yield "object-type", patched(good, 16, "<H", 1)
    yield "segments-outside", patched(good, 28, "<I", 0xfffffff0)
    yield "sections-outside", patched(good, 32, "<I", 0xfffffff0)
    yield "content-outside", patched(good, segments + 4, "<I", len(good))
    yield "content-size-outside", patched(good, segments + 16, "<I", 0x7fffffff)
    if segment_count > 1:
        first, = struct.unpack_from("<I", good, segments + 8)
        yield "overlapping-segments", patched(good, segments + segment_bytes + 8, "<I", first)


def check_images():
    with open("good.elf", "rb") as file:
        good = file.read()
    for name, content in bad_images(good):
        path = write(f"{name}.elf", content)
        refused(f"check, image {name}", VOUCH, "check", path, "good.c0", names=path)
        refused(f"call, image {name}", VOUCH, "call", path, "add", "1", "2", names=path)
    refused("check, host program", VOUCH, "check", "/bin/true", "good.c0", names="/bin/true")
    refused("check, folder as image", VOUCH, "check", "folder", "good.c0", names="folder")
    refused("check, missing image", VOUCH, "check", "none.elf", "good.c0", names="none.elf")
    without_symbols = patched(patched(good, 48, "<H", 0), 50, "<H", 0)
    write("no-symbols.elf", without_symbols)
    refused("check, no symbols", VOUCH, "check", "no-symbols.elf", "good.c0",
            names="no-symbols.elf")
    spoil_bytes(good)


def spoil_bytes(good):
    """Whatever one byte is changed to, nothing crashes."""
    global cases
    choice = random.Random(7)
    for _ in range(200):
        data = bytearray(good)
        at = choice.randrange(len(data)) if choice.random() < 0.5 else choice.randrange(200)
        data[at] = choice.randrange(256)
        write("spoiled.elf", bytes(data))
        cases += 1
        done = run(VOUCH, "call", "spoiled.elf", "add", "1", "2", "--max-steps", "100000")
        if done.returncode not in (0, 1, 2):
            failures.append(f"byte {at} = {data[at]}: exit code {done.returncode}")


BAD_SOURCES = {
    "type": ("int f(int a)\n{\n    return a + 1u;\n}\n", 3),
    "syntax": ("int f(int a)\n{\n    return a +;\n}\n", 3),
    "unknown-name": ("int f(int a)\n{\n    return b;\n}\n", 3),
    "no-return": ("int f(int a)\n{\n    a = 1;\n}\n", 0),
    "unassigned": ("int f()\n{\n    int a;\n\n    return a;\n}\n", 5),
    "unclosed": ("int f(int a)\n{\n    a = 1;\n", 0),
    "preprocessor": ("#include \"nowhere.h\"\nint f()\n{\n    return 1;\n}\n", 1),
}


def check_sources():
    for name, (content, line) in BAD_SOURCES.items():
        path = write(f"{name}.c0", content)
        where = f"{path}:{line}:" if line else f"{path}:"
        refused(f"check, source {name}", VOUCH, "check", "good.elf", path, names=where)
        refused(f"interp, source {name}", VOUCH, "interp", path, "--call", "f", names=where)
        refused(f"c0c, source {name}", C0C, "-o", "out.elf", path, names=where)
        if os.path.exists("out.elf"):
            failures.append(f"c0c, source {name}: made an image all the same")
            os.remove("out.elf")
    for command in ((VOUCH, "check", "good.elf", "none.c0"), (C0C, "none.c0"),
                    (VOUCH, "interp", "none.c0", "--call", "f")):
        refused(f"missing source, {command[0]} {command[1]}", *command, names="none.c0")


def check_rest():
    check = (VOUCH, "check", "good.elf", "good.c0")
    refused("audit into nowhere", *check, "--audit", "none/audit.json", names="none/audit.json")
    refused("proofs into a file", *check, "--proofs", "good.c0/proofs", names="good.c0")
    refused("image into nowhere", C0C, "-o", "none/x.elf", "good.c0", names="none/x.elf")
    refused("no source", VOUCH, "check", "good.elf")
    refused("unknown function", *check, "--function", "none", names="none")
    refused("bad rlimit", *check, "--rlimit", "many", names="many")
    refused("certificates from nowhere", *check, "--certificate", "nowhere", names="nowhere")
    refused("interp, unknown function", VOUCH, "interp", "good.c0", "--call", "none", names="none")
    refused("interp, too few arguments", VOUCH, "interp", "good.c0", "--call", "add", "1")
    refused("interp, argument", VOUCH, "interp", "good.c0", "--call", "add", "1", "x", names="x")
    refused("interp, setting", VOUCH, "interp", "good.c0", "--call", "main", "--set", "none=1",
            names="none")
    refused("call, unknown function", VOUCH, "call", "good.elf", "none", names="none")
    refused("call, too few arguments", VOUCH, "call", "good.elf", "add", "1")
    refused("step, no JSON", VOUCH, "step", text_in="{\n")
    refused("c0c, unknown option", C0C, "--none", "good.c0", names="--none")
    refused("c0c, unknown kind", C0C, "folder/x.pas", names="x.pas")
    refused("c0c, no input", C0C)
    write("garbage.o", b"\x7fELF garbage")
    refused("c0c, garbage object", C0C, "-o", "out.elf", "garbage.o", names="garbage.o")
    write("bad.s", "    add r1, r2\n")
    refused("c0c, bad assembly", C0C, "-o", "out.elf", "bad.s", names="bad.s:1:")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(os.path.join(WORK, "folder"))
    os.chdir(WORK)
    write("good.c0", SOURCE)
    made = run(C0C, "-o", "good.elf", "good.c0")
    if made.returncode != 0:
        sys.exit(f"c0c refuses a good source: {made.stderr}")
    check_images()
    check_sources()
    check_rest()
    for failure in failures:
        print(failure)
    print(f"{cases} cases, {len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
