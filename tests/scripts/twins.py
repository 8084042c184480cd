"""Compiles modules and makes twins of all their functions.

usage: twins.py BIN OUT INCLUDE SOURCE... [-- OPTION...]

BIN holds c0c and twins; OUT takes the image; OPTIONs go to twins."""
import os
import subprocess
import sys


def main():
    arguments, options = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, options = arguments[:at], arguments[at + 1:]
    binaries, out, include = arguments[:3]
    sources = sorted(arguments[3:])
    os.makedirs(out, exist_ok=True)
    image = os.path.join(out, "image.elf")
    subprocess.run([os.path.join(binaries, "c0c"), "-o", image, "-I", include] + sources,
                   check=True)
    done = subprocess.run([os.path.join(binaries, "twins"), image, "-I", include] + sources +
                          options, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
