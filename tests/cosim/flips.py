#!/usr/bin/python3
"""The two ways to check the relations against one another: flips.py BIN FOLDER FIRST COUNT

Makes a kernel with few frames in FOLDER and runs cosim_flips on scenarios of these seeds.
"""
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "kernel/build"))
from make_kernel import PROGRAMS, Kernel  # noqa: E402

PARAMETERS = ["PROCESS_COUNT=16u", "FRAME_COUNT=8u", "KERNEL_BYTES=0x40000u", "MEMORY_BYTES=0x60000u",
              "VIRTUAL_PAGES=32u"]

programs, folder, first, count = sys.argv[1:]
kernel = Kernel(programs, folder, PARAMETERS)
kernel.make_kernel()
kernel.make_disk(PROGRAMS)
sys.exit(subprocess.run([kernel.tool("cosim_flips"), kernel.path("kernel.json"), first, count],
                        check=False).returncode)
