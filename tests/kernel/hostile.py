#!/usr/bin/python3
"""Hostile programs on the kernel: hostile.py BIN FOLDER RUNS SEED NAME=VALUE...

The parameters are those that kernel_hostile was compiled with.
"""
import subprocess
import sys

from session import HERE
from make_kernel import PROGRAMS, STARTED, Kernel

programs, folder, runs, seed = sys.argv[1:5]
kernel = Kernel(programs, folder, sys.argv[5:])
kernel.make_kernel()
kernel.make_disk(PROGRAMS[:2] + [("witness", [HERE + "witness.s"], 2, STARTED),
                                 ("fresh", [HERE + "fresh.c0"], 2, STARTED)] +
                 [(f"hostile{i}", [HERE + "blank.s"], 2, STARTED) for i in range(4)])
sys.exit(subprocess.run([kernel.tool("kernel_hostile"), kernel.path("kernel.elf"),
                         kernel.path("system.img"), runs, seed], check=False).returncode)
