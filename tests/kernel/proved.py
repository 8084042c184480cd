#!/usr/bin/python3
"""The kernel is proved, as it is built and with other parameters: proved.py BIN FOLDER AUDITS"""
import json
import os
import shutil
import sys

from session import Kernel, expect, finish

TRUSTED_INSTRUCTIONS_MAX = 150
SIZES = {"kernel": [],
         "kernel-small": ["PROCESS_COUNT=16u", "FRAME_COUNT=24u", "KERNEL_BYTES=0x40000u",
                          "MEMORY_BYTES=0x69000u", "VIRTUAL_PAGES=32u"]}


def check(name, parameters):
    kernel = Kernel(sys.argv[1], os.path.join(sys.argv[2], name), parameters)
    kernel.make_kernel()
    code = kernel.audit()
    with open(kernel.path("audit.json"), encoding="utf-8") as file:
        audit = json.load(file)
    summary, text, stack = audit["summary"], audit["text"], audit["stack"]
    trusted = [entry for entry in text["ranges"] if entry["owner"] == "trusted"]
    expect(f"{name}: exit code", code, 0)
    expect(f"{name}: functions", (summary["proved"], summary["functions"] > 200),
           (summary["functions"], True))
    expect(f"{name}: text", text["accounted_bytes"], text["bytes"])
    expect(f"{name}: what is trusted", [entry["name"] for entry in trusted], ["_start"])
    count = sum(entry["end"] - entry["start"] for entry in trusted) // 4
    expect(f"{name}: how much is trusted", count <= TRUSTED_INSTRUCTIONS_MAX)
    expect(f"{name}: a bound of the stack, within it",
           stack["bounded"] and stack["bound_bytes"] <= stack["limit_bytes"])
    os.makedirs(sys.argv[3], exist_ok=True)
    shutil.copy(kernel.path("audit.json"), os.path.join(sys.argv[3], name + ".json"))


for size, its_parameters in SIZES.items():
    check(size, its_parameters)
finish()
