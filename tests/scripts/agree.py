#!/usr/bin/env python3
"""Runs C0 programs on the C0 machine, compiled on the VAMP machine, and compiled by gcc.

    agree.py --c0c C0C --vouch VOUCH [--gcc GCC] [--include DIR] PROGRAM...

A program says what to run in comment lines:

    // call: F ARGS        all three readings
    // call(c0): F ARGS    not gcc, where C differs from C0 (sizeof)

The C0 machine and the compiled code must agree on status, result and globals; gcc on the result.
Where the C0 machine faults, nothing is compared: a fault is C0's to report, and the code may do
anything. Prints what disagrees; exit code 0 iff everything agrees and something was run.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

CALL = re.compile(r"^//\s*call(\(c0\))?:\s*(.+?)\s*$")
GCC_FLAGS = ["-fwrapv", "-fno-strict-aliasing", "-m32", "-w", "-x", "c"]


def calls_of(path):
    with open(path) as source:
        found = [CALL.match(line) for line in source]
    return [(match.group(2).split(), match.group(1) is None) for match in found if match]


def run(command, environment):
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def answer(command, environment):
    """The JSON object that a run prints; None and the complaint if there is none."""
    done = run(command, environment)
    try:
        return json.loads(done.stdout), ""
    except ValueError:
        return None, f"exit {done.returncode}: {done.stderr.strip()}"


def gcc_argument(argument):
    return "NULL" if argument == "null" else f"(long long){argument}"


def gcc_result(tools, path, call, directory):
    """The result as gcc's code computes it, as a 32-bit pattern; None if there is none to show."""
    name = "c0_main" if call[0] == "main" else call[0]
    values = ", ".join(gcc_argument(value) for value in call[1:])
    harness = os.path.join(directory, "harness.c")
    with open(harness, "w") as out:
        out.write(f'#define main c0_main\n#include "{os.path.abspath(path)}"\n#undef main\n'
                  "int printf(const char *, ...);\n"
                  f"int main(void) {{ printf(\"%u\", (unsigned){name}({values})); return 0; }}\n")
    program = os.path.join(directory, "harness")
    done = run([tools.gcc, *GCC_FLAGS, "-I", tools.include, harness, "-o", program], os.environ)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return int(run([program], os.environ).stdout)


def compare(tools, path, image, call, with_gcc, directory, environment):
    """What disagrees, as text; empty if nothing does."""
    expected, complaint = answer(
        [tools.vouch, "interp", path, "--call", *call], environment)
    if expected is None:
        return f"interp gave no answer: {complaint}"
    if expected["status"] == "fault":
        return ""
    got, complaint = answer([tools.vouch, "call", image, *call], environment)
    if got is None:
        return f"call gave no answer: {complaint}"
    for key in ("status", "result", "globals"):
        if expected.get(key) != got.get(key):
            return f"{key}: C0 {expected.get(key)!r}, VAMP {got.get(key)!r}"
    if with_gcc and tools.gcc and isinstance(expected["result"], int):
        number = gcc_result(tools, path, call, directory)
        if number != expected["result"] & 0xFFFFFFFF:
            return f"result: C0 {expected['result']!r}, gcc {number!r}"
    return ""


def check(tools, path, directory, environment):
    """How many calls were run and how many disagreed."""
    image = os.path.join(directory, "program.elf")
    done = run([tools.c0c, "-o", image, path], environment)
    if done.returncode != 0:
        print(f"{path}: c0c: {done.stderr.strip()}")
        return 1, 1
    calls = calls_of(path)
    bad = 0
    for call, with_gcc in calls:
        difference = compare(tools, path, image, call, with_gcc, directory, environment)
        if difference:
            print(f"{path}: {' '.join(call)}: {difference}")
            bad += 1
    if not calls:
        print(f"{path}: there is nothing to call")
        bad += 1
    return len(calls), bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--c0c", required=True)
    parser.add_argument("--vouch", required=True)
    parser.add_argument("--gcc", help="compare with this C compiler, too")
    parser.add_argument("--include", help="where c0.h is")
    parser.add_argument("programs", nargs="+")
    tools = parser.parse_args()
    environment = dict(os.environ)
    if tools.include:
        environment["VOUCH_INCLUDE"] = tools.include
    total = bad = 0
    with tempfile.TemporaryDirectory() as directory:
        for path in tools.programs:
            counts = check(tools, path, directory, environment)
            total += counts[0]
            bad += counts[1]
    print(f"{len(tools.programs)} programs, {total} calls, {bad} disagree")
    return 0 if total > 0 and bad == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
