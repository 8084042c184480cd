#!/usr/bin/python3
"""Checks that GDB itself can debug a C0 program on the VAMP, as docs/GDB.md describes it:
multiarch.py BIN FOLDER. Exit code 77: there is no gdb-multiarch."""
import os
import re
import shutil
import subprocess
import sys

BIN, FOLDER = sys.argv[1:]
TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SOURCE = """int result;

int main(void)
{
    int i;
    i = 0;
    while (i < 5) {
        result = result * 10 + i;
        i = i + 1;
    }
    return result;
}
"""
COMMANDS = """set pagination off
set confirm off
set architecture powerpc:common
set endian little
set tdesc filename {tree}/docs/vamp-as-powerpc.xml
symbol-file {image}
target remote :{port}
break *main
continue
print/x $pc == (int)&main && $pcp == $pc + 4
stepi
print $pc == (int)&main + 4
watch *(int*)&result
continue
continue
print *(int*)&result
delete
print $r5 = 77
print $r5
print *(int*)&result = 7
monitor steps
hbreak *main
tbreak *main+8
detach
"""
EXPECTED = [r"Breakpoint 1, 0x\w+ in main \(\)", r"\$1 = 0x1$", r"\$2 = 1$",
            r"Hardware watchpoint 2: ", r"Old value = 0\nNew value = 1$",
            r"Old value = 1\nNew value = 12$", r"\$3 = 12$", r"\$4 = 77$", r"\$5 = 77$",
            r"\$6 = 7$", r"^\d+ steps$", r"detached\]$"]

if shutil.which("gdb-multiarch") is None:
    print("there is no gdb-multiarch")
    sys.exit(77)
os.makedirs(FOLDER, exist_ok=True)
source, image = os.path.join(FOLDER, "main.c0"), os.path.join(FOLDER, "main.elf")
commands = os.path.join(FOLDER, "commands")
with open(source, "w", encoding="utf-8") as file:
    file.write(SOURCE)
subprocess.run([os.path.join(BIN, "c0c"), "-o", image, source], check=True)
with subprocess.Popen([os.path.join(BIN, "vouch"), "run", image, "--gdb", "0", "--serial", "none"],
                      stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as machine:
    port = re.search(r"127\.0\.0\.1:(\d+)", machine.stderr.readline())[1]
    with open(commands, "w", encoding="utf-8") as file:
        file.write(COMMANDS.format(tree=TREE, image=image, port=port))
    gdb = subprocess.run(["gdb-multiarch", "-nx", "-batch", "-x", commands], text=True,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, timeout=60, check=False)
    _, said = machine.communicate(timeout=20)
at, missing = 0, []
for pattern in EXPECTED:
    found = re.compile(pattern, re.MULTILINE).search(gdb.stdout, at)
    if found:
        at = found.end()
    else:
        missing.append(pattern)
if missing or "vouch run: halted" not in said:
    print("missing:", missing)
    print(gdb.stdout)
    print(said)
    sys.exit(1)
