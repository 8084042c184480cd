"""What must never be accepted: images that are wrong outside the code of their functions, and
certificates that prove too much. Each case is named after the defect.

usage: soundness.py BIN OUT

BIN holds c0c and vouch; OUT takes sources, images and certificates."""
import json
import os
import struct
import subprocess
import sys

SOURCE = """int total;
int other()
{
    total = 2;
    return total;
}
int main()
{
    total = total + 1;
    return total;
}
"""
CODE = """        .text
        .globl _start
        .type _start, function
_start:
%s        .size _start, .-_start
        .globl other
        .type other, function
other:
        addi r1, r0, 2
        jr r31
        sw r1, total(r28)
        .size other, .-other
        .globl main
        .type main, function
main:
        lw r1, total(r28)
        nop
        addi r1, r1, 1
        jr r31
        sw r1, total(r28)
        .size main, .-main
        .bss
        .globl total
        .type total, object
total:  .space 4
        .size total, 4
"""
BASES = "        li r28, &__globals\n        li r29, &__stack\n        li r30, &__heap\n"
CALL = "        jal main\n        nop\n"
HALT = ".Lhalt: j .Lhalt\n        nop\n"

# name: start-up code; whether it is accepted
START_UP = {
    "plain": (BASES + CALL + HALT, True),
    "stores-to-a-global": (
        BASES + "        addi r1, r0, 7\n        sw r1, total(r28)\n" + CALL + HALT, False),
    "calls-another-function": (BASES + "        jal other\n        nop\n" + HALT, False),
    "never-calls-main": (BASES + HALT, False),
    "halts-before-main": (HALT + BASES + CALL, False),
    "calls-main-if-a-register-says-so": (
        "        beqz r5, .Lhalt\n        nop\n" + BASES + CALL + HALT, False),
    "calls-main-twice": (BASES + CALL + CALL + HALT, False),
    "calls-main-for-ever": (BASES + ".Lagain:\n" + CALL + "        j .Lagain\n        nop\n",
                            False),
    "loops-and-then-sets-wrong-bases": (
        ".Lloop: bnez r5, .Lloop\n        nop\n"
        "        li r28, &__heap\n        li r29, &__stack\n        li r30, &__heap\n"
        + CALL + HALT, False),
    "changes-a-global-behind-main": (
        BASES + CALL + "        sw r0, total(r28)\n" + HALT, False),
    "halting-loop-stores": (
        BASES + CALL + ".Lhalt: j .Lhalt\n        sw r1, 0(r30)\n", False),
    "first-frame-in-the-middle": (
        BASES + "        addi r29, r29, 4096\n" + CALL + HALT, False),
}


class Run:
    def __init__(self, binaries, out):
        self.binaries = binaries
        self.out = out
        self.failures = 0
        os.makedirs(out, exist_ok=True)

    def path(self, name):
        return os.path.join(self.out, name)

    def write(self, name, content):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(content)
        return self.path(name)

    def make(self, name, code):
        image = self.path(name + ".elf")
        subprocess.run([os.path.join(self.binaries, "c0c"), "-o", image,
                        self.write(name + (".s" if "\t.text" in code or " .text" in code
                                           else ".c0"), code)], check=True)
        return image

    def check(self, image, source, *options):
        """The exit code, what was said, and the audit."""
        audit = image + ".json"
        done = subprocess.run([os.path.join(self.binaries, "vouch"), "check", image, source, "-j1",
                               "--audit", audit, *options],
                              capture_output=True, text=True, timeout=120)
        if done.returncode not in (0, 1):
            return done.returncode, done.stderr, None
        with open(audit, encoding="utf-8") as file:
            return done.returncode, done.stdout + done.stderr, json.load(file)

    def expect(self, name, is_right, said):
        print("%s %s" % ("ok  " if is_right else "FAIL", name))
        if not is_right:
            self.failures += 1
            print(said)


def start_up_code(run):
    source = run.write("start/source.c0", SOURCE)
    for name, (body, is_accepted) in START_UP.items():
        image = run.make("start/" + name, CODE % body)
        code, said, audit = run.check(image, source)
        functions = audit is not None and all(
            f["verdict"] == "proved" for f in audit["functions"] if f["source"] is not None)
        run.expect("start-up " + name, functions and code == (0 if is_accepted else 1), said)


def symbol_at(image, name):
    """The offset of a symbol in the file."""
    sections, = struct.unpack_from("<I", image, 32)
    count, = struct.unpack_from("<H", image, 48)
    headers = [struct.unpack_from("<10I", image, sections + 40 * i) for i in range(count)]
    for header in headers:
        if header[1] != 2:
            continue
        names = headers[header[6]][4]
        for at in range(header[4], header[4] + header[5], 16):
            start = names + struct.unpack_from("<I", image, at)[0]
            if image[start:image.index(b"\0", start)] == name:
                return at
    raise ValueError("no symbol " + name.decode())


def memory_map(run):
    """Memory that is none: the devices' registers."""
    source = run.write("map/source.c0", SOURCE)
    image = run.make("map/image", SOURCE)
    with open(image, "rb") as file:
        content = bytearray(file.read())
    for start, end in ((b"__heap", b"__heap_end"), (b"__stack", b"__stack_end")):
        changed = bytearray(content)
        struct.pack_into("<I", changed, symbol_at(content, end) + 4, 0xffff9000)
        if start == b"__heap":  # out of the stack's way
            struct.pack_into("<I", changed, symbol_at(content, b"__stack") + 4, 0xffffa000)
            struct.pack_into("<I", changed, symbol_at(content, b"__stack_end") + 4, 0xffffb000)
        path = run.path("map/" + start.decode() + ".elf")
        with open(path, "wb") as file:
            file.write(changed)
        code, said, _ = run.check(path, source)
        run.expect("the %s among the devices" % start.decode()[2:],
                   code == 2 and "beyond the memory" in said, said)


ROUTINE = """        .text
        .globl __mul
        .type __mul, function
__mul:
        lw r1, 4(r29)
        lw r2, 8(r29)
        jr r31
        add r1, r1, r2
        .size __mul, .-__mul
"""


def routines(run):
    """A routine whose contract is not proved makes nothing else wrong, but is not accepted."""
    source = run.write("routine/source.c0", "int f(int a, int b)\n{\n    return a * b;\n}\n")
    run.write("routine/mul.s", ROUTINE)
    image = run.path("routine/image.elf")
    subprocess.run([os.path.join(run.binaries, "c0c"), "-o", image, source,
                    run.path("routine/mul.s")], check=True)
    code, said, audit = run.check(image, source)
    run.expect("a wrong routine", code == 1 and not audit["accepted"], said)


PLACED = """        .text
        .globl f
        .type f, function
f:
        li r2, &__stack
        seq r3, r2, r29
        beqz r3, .Lelsewhere
        nop
        jr r31
        addi r1, r0, 1
.Lelsewhere:
        jr r31
        addi r1, r0, 2
        .size f, .-f
"""


def frames(run):
    """Right only where its frame lies at the stack's beginning, which a frame as large as the
    stack would make sure of."""
    source = run.write("frame/source.c0", "int f()\n{\n    return 1;\n}\n")
    image = run.make("frame/image", PLACED)
    for frame in (0, 262144):
        run.write("frame/proofs/f/certificate",
                  "certificate 1\nfunction f\nframe %d\nend\n" % frame)
        code, said, audit = run.check(image, source, "--certificate", run.path("frame/proofs"))
        run.expect("a frame of %d bytes that is not used" % frame,
                   code == 1 and audit["functions"][0]["verdict"] != "proved", said)


def main():
    run = Run(sys.argv[1], sys.argv[2])
    start_up_code(run)
    memory_map(run)
    routines(run)
    frames(run)
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main())
