#!/usr/bin/python3
"""Makes the kernel's image, the user programs and the system disk.

    make_kernel.py BIN OUT [--audit] [NAME=VALUE...]

BIN has c0c and vouch, OUT is where everything goes: kernel.elf and kernel.json, which describes it
(docs/COSIM.md), user/NAME.elf, system.img, swap.img, and with --audit audit.json, table.txt and
proofs/. NAME=VALUE are build parameters (kernel/README.md): they are macros of the kernel and of the
programs alike, but for KERNEL_HEAP and KERNEL_STACK, which are the linker's.
"""
import glob
import json
import os
import re
import subprocess
import sys

import make_disk

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

STARTED, DRIVER = 1, 2  # by init at boot; privileged
# What is on the disk, in this order: sources, priority, and flags.
PROGRAMS = [
    ("init", ["init.c0"], 1, 0),
    ("console", ["console.c0"], 0, STARTED | DRIVER),
    ("pingpong", ["pingpong.c0"], 1, 0),
    ("hog", ["hog.c0"], 2, 0),
    ("clock", ["clock.c0"], 1, 0),
    ("echo", ["echo.c0"], 1, STARTED | DRIVER),
    ("producer", ["producer.c0"], 1, 0),
    ("rogue", ["rogue.c0", "rogue.s"], 2, 0),
]
USER_PAGES = 8  # of a program's memory: code, globals, heap, stack
USER_MAP = "heap=4K,stack=8K,memory=32K"
RUNTIME = ["stubs.s", "kernel.c0", "print.c0"]
KERNEL_MAP = {"KERNEL_HEAP": "64K", "KERNEL_STACK": "64K"}  # parameters of the linker alone
KERNEL_BYTES = "0x100000"
PARAMETERS = ["PROCESS_COUNT", "VIRTUAL_PAGES", "FRAME_COUNT", "MEMORY_BYTES", "KERNEL_BYTES"]


def fail(message):
    sys.exit(f"make_kernel.py: error: {message}")


def run(*command, output=None, codes=(0,)):
    """Paths in commands are those below the source folder, so that nothing depends on where it is."""
    made = subprocess.run(command, cwd=ROOT, stdout=output, check=False)
    if made.returncode not in codes:
        fail(f"{os.path.basename(command[0])} ended with {made.returncode}")
    return made.returncode


class Kernel:
    def __init__(self, programs, out, parameters):
        self.programs, self.out = os.path.abspath(programs), os.path.abspath(out)
        self.macros = {"INIT_PAGES": f"{USER_PAGES + 1}u",
                       "INIT_MEMORY_PAGES": f"{USER_PAGES + 1}u"}
        for parameter in parameters:
            name, equals, value = parameter.partition("=")
            if not equals or not name or not value:
                fail(f"'{parameter}' is not NAME=VALUE")
            self.macros[name] = value
        self.heap, self.stack = (self.macros.pop(name, size) for name, size in KERNEL_MAP.items())
        os.makedirs(os.path.join(self.out, "user"), exist_ok=True)

    def tool(self, name):
        return os.path.join(self.programs, name)

    def path(self, *names):
        return os.path.join(self.out, *names)

    def options(self):
        return [option for name, value in self.macros.items() for option in ("-D", f"{name}={value}")]

    @staticmethod
    def sources(folders=("kernel/cvm", "kernel/abstract")):
        """The CVM layer, the abstract kernel, and of the library what they include."""
        found = []
        for folder in folders:
            paths = sorted(glob.glob(os.path.join(ROOT, folder, "*.c0")))
            found += [os.path.relpath(path, ROOT) for path in paths]
        seen, files = set(), list(found)
        while files:
            file = files.pop()
            with open(os.path.join(ROOT, file), encoding="utf-8") as source:
                names = re.findall(r'#include "(.*)"', source.read())
            for name in names:
                header = os.path.normpath(os.path.join(os.path.dirname(file), name))
                module = header[:-2] + ".c0"
                for new in (header, module):
                    if new not in seen and os.path.exists(os.path.join(ROOT, new)):
                        seen.add(new)
                        files.append(new)
        return found + sorted(path for path in seen if path.startswith("kernel/lib/")
                              and path.endswith(".c0"))

    def parameters(self):
        """Those that docs/COSIM.md asks for, as the kernel's headers have them."""
        asked = '#include "kernel/config.h"\n' + " ".join(PARAMETERS)
        made = subprocess.run(["cpp", "-P", "-undef", "-nostdinc", *self.options(), "-x", "c", "-"],
                              cwd=ROOT, input=asked, stdout=subprocess.PIPE, text=True, check=False)
        words = made.stdout.split()
        if made.returncode != 0 or len(words) != len(PARAMETERS):
            fail(f"the preprocessor does not say what {', '.join(PARAMETERS)} are")
        try:
            return {name: int(word.rstrip("uU"), 0) for name, word in zip(PARAMETERS, words)}
        except ValueError as error:
            return fail(f"a parameter is no number: {error}")

    def describe_kernel(self):
        root = os.path.relpath(os.path.realpath(ROOT), os.path.realpath(self.out))
        description = {"kernel": 1, "root": root, "image": "kernel.elf",
                       "abstract": self.sources(["kernel/abstract"]),
                       "layer": self.sources(["kernel/cvm"]),
                       "options": [f"-D{name}={value}" for name, value in self.macros.items()],
                       "parameters": self.parameters()}
        with open(self.path("kernel.json"), "w", encoding="utf-8") as file:
            json.dump(description, file, indent=1)
            file.write("\n")

    def make_kernel(self):
        memory = self.macros.get("KERNEL_BYTES", KERNEL_BYTES).rstrip("uU")
        run(self.tool("c0c"), "-g", "-o", self.path("kernel.elf"), "--map",
            f"heap={self.heap},stack={self.stack},memory={memory}", *self.options(), "kernel/cvm/entry.s", *self.sources())
        self.describe_kernel()

    def make_program(self, name, sources):
        image = self.path("user", name + ".elf")
        has_start = all(source.endswith(".s") for source in sources)
        files = [] if has_start else ["kernel/user/runtime/" + source for source in RUNTIME]
        files += [source if "/" in source else "kernel/user/" + source for source in sources]
        run(self.tool("c0c"), "-o", image, "--map", USER_MAP, *self.options(), *files)
        return image

    def make_disk(self, programs):
        entries = []
        for name, sources, priority, flags in programs:
            image = self.make_program(name, sources)
            pages = USER_PAGES + (1 if name == "init" else 0)
            entries.append(make_disk.program(name, image, pages, priority, flags))
        with open(self.path("system.img"), "wb") as disk:
            disk.write(make_disk.disk(entries))
        processes = int(self.macros.get("PROCESS_COUNT", "128").rstrip("uU"), 0)
        pages = int(self.macros.get("VIRTUAL_PAGES", "256").rstrip("uU"), 0)
        with open(self.path("swap.img"), "wb") as disk:
            disk.truncate(processes * pages * make_disk.PAGE)

    def audit(self, *options):
        with open(self.path("table.txt"), "wb") as table:
            return run(self.tool("vouch"), "check", self.path("kernel.elf"), *self.sources(),
                       *self.options(), "--trusted-assembly", "_start", "--audit",
                       self.path("audit.json"), "--proofs", self.path("proofs"), "-j", "2",
                       *options, output=table, codes=(0, 1))


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--audit"]
    if len(arguments) < 2:
        sys.exit(__doc__)
    kernel = Kernel(arguments[0], arguments[1], arguments[2:])
    if "--audit" in sys.argv:
        sys.exit(kernel.audit())
    kernel.make_kernel()
    kernel.make_disk(PROGRAMS)


if __name__ == "__main__":
    main()
