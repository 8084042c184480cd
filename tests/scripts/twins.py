"""Compiles modules and makes twins of all their functions.

usage: twins.py BIN OUT INCLUDE SOURCE... [-- OPTION...]
       twins.py BIN OUT --kernel [NAME=VALUE...] [-- OPTION...]

BIN holds c0c and twins; OUT takes the image; OPTIONs go to twins. --kernel: the kernel, made as
kernel/build/make_kernel.py makes it with these parameters."""
import os
import subprocess
import sys

KERNEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "kernel", "build")


def library(binaries, out, include, sources):
    """The image, its sources and their options for the preprocessor."""
    image = os.path.join(out, "image.elf")
    subprocess.run([os.path.join(binaries, "c0c"), "-o", image, "-I", include] + sources,
                   check=True)
    return image, sources, ["-I", include]


def kernel(binaries, out, parameters):
    sys.path.insert(0, KERNEL)
    import make_kernel  # pylint: disable=import-outside-toplevel

    made = make_kernel.Kernel(binaries, out, parameters)
    made.make_kernel()
    os.chdir(make_kernel.ROOT)
    return made.path("kernel.elf"), made.sources(), made.options()


def main():
    arguments, options = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, options = arguments[:at], arguments[at + 1:]
    binaries, out = os.path.abspath(arguments[0]), os.path.abspath(arguments[1])
    os.makedirs(out, exist_ok=True)
    if arguments[2] == "--kernel":
        image, sources, flags = kernel(binaries, out, arguments[3:])
    else:
        image, sources, flags = library(binaries, out, arguments[2], sorted(arguments[3:]))
    done = subprocess.run([os.path.join(binaries, "twins"), image] + sources + flags + options,
                          check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
