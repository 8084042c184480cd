#!/usr/bin/python3
"""Agreement by execution: random C0 programs on the C0 machine, on the VAMP, and compiled by gcc.

Each seed gives a program (tests/generate, docs/GENERATOR.md) without faults, whose `run` is called
  interp  on the C0 machine (vouch interp),
  call    on the VAMP machine, in the image that c0c makes (vouch call),
  gcc     as C through c0.h, by a driver that prints what the others print.
Result and globals must be the same everywhere. With --faulty programs may fault: those that fault
on the C0 machine must say so properly, the others must agree as before.

Exit code 0: all agree; 1: a program does not, or was refused; 2: bad usage.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
C_OPTIONS = ["-std=c17", "-w", "-O0", "-fwrapv", "-fno-strict-aliasing", "-fsigned-char"]
TIMEOUT_SECONDS = 60
SHOWN_DIFFERENCES = 5

FAULT_RULES = {
    "null-dereference",
    "index-bounds",
    "division",
    "shift-amount",
    "uninitialised",
    "stack-exhausted",
}


class Refused(Exception):
    """A program that a tool did not take, or did not finish."""


def run(command, allowed=(0,)):
    """The standard output of a command that ends with an allowed exit code."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as expired:
        raise Refused(f"{os.path.basename(command[0])} did not end") from expired
    if done.returncode not in allowed:
        said = (done.stderr or done.stdout).strip().splitlines()[:3]
        name = " ".join(os.path.basename(part) for part in command[:2])
        raise Refused(f"{name}: exit code {done.returncode}: " + " / ".join(said))
    return done.stdout


class Machines:
    """The programs under test, and how each runs a source."""

    def __init__(self, options, directory):
        self.options = options
        self.directory = directory
        self.runtime = os.path.join(directory, "runtime.o")
        if "gcc" in options.machines:
            source = os.path.join(ROOT, "tests", "generate", "runtime.c")
            run([options.cc, "-std=c17", "-O1", "-c", "-o", self.runtime, source])

    def path(self, seed, suffix):
        return os.path.join(self.directory, f"p{seed}{suffix}")

    def generate(self, seed):
        source = self.path(seed, ".c0")
        with open(source, "w", encoding="utf-8") as out:
            out.write(run(self.generator(seed)))
        return source

    def generator(self, seed):
        command = [self.options.generate, str(seed)]
        for name in ("size", "functions"):
            value = getattr(self.options, name)
            if value is not None:
                command += ["--" + name, str(value)]
        return command + (["--faulty"] if self.options.faulty else [])

    def interp(self, _seed, source):
        command = [self.options.vouch, "interp", source, "--call", "run"]
        return json.loads(run(command, allowed=(0, 1)))

    def call(self, seed, source):
        image = self.path(seed, ".elf")
        run([self.options.c0c, "-o", image, source])
        shown = json.loads(run([self.options.vouch, "call", image, "run"], allowed=(0, 1)))
        os.unlink(image)
        return shown

    def gcc(self, seed, source):
        driver, program = self.path(seed, ".driver.c"), self.path(seed, ".out")
        with open(driver, "w", encoding="utf-8") as out:
            out.write(run(self.generator(seed) + ["--driver", source]))
        includes = ["-I", os.path.join(ROOT, "include"), "-I", os.path.join(ROOT, "tests/generate")]
        run([self.options.cc, *C_OPTIONS, *includes, "-o", program, driver, self.runtime])
        shown = json.loads(run([program]))
        os.unlink(program)
        os.unlink(driver)
        return {"status": "returned", **shown}


def differences(left, right, path=""):
    """The places at which two JSON values differ, as text."""
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        for key in left:
            yield from differences(left[key], right[key], f"{path}.{key}")
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for i, (a, b) in enumerate(zip(left, right)):
            yield from differences(a, b, f"{path}[{i}]")
    elif left != right or isinstance(left, bool) != isinstance(right, bool):
        yield f"{path}: {json.dumps(left)} and {json.dumps(right)}"


def outcome(shown):
    return {key: shown.get(key) for key in ("status", "result", "globals")}


def check(machines, seed):
    """'agree', the rule of a fault, or a description of what is wrong; and the steps of the C0 machine."""
    names = machines.options.machines
    try:
        source = machines.generate(seed)
        shown = {names[0]: getattr(machines, names[0])(seed, source)}
        first = shown[names[0]]
        if first["status"] == "fault" and machines.options.faulty:
            rule = first["fault"]["rule"]
            is_proper = rule in FAULT_RULES and first["result"] is None
            return (rule, first["steps"]) if is_proper else (f"improper {first['fault']}", 0)
        if first["status"] != "returned":
            return f"{names[0]}: {first['status']} {first.get('fault', '')}", 0
        for name in names[1:]:
            other = getattr(machines, name)(seed, source)
            found = list(differences(outcome(first), outcome(other)))
            if found:
                shown_part = "; ".join(found[:SHOWN_DIFFERENCES])
                return f"{names[0]} and {name} differ: {shown_part} ({len(found)} in all)", 0
        if machines.options.keep is None:
            os.unlink(source)
        return "agree", first.get("steps", 0)
    except (Refused, json.JSONDecodeError, KeyError, OSError) as error:
        return f"{type(error).__name__}: {error}", 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    binaries = os.path.join(ROOT, "build", "release", "bin")
    parser.add_argument("--count", type=int, default=500, help="programs (500)")
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="the first seed (1)")
    parser.add_argument("--jobs", type=int, default=2, help="programs at a time (2)")
    parser.add_argument("--vouch", default=os.path.join(binaries, "vouch"))
    parser.add_argument("--c0c", default=os.path.join(binaries, "c0c"))
    parser.add_argument("--generate", default=os.path.join(binaries, "generate"))
    parser.add_argument("--cc", default="gcc", help="the C compiler (gcc)")
    parser.add_argument("--size", type=int, help="statements of a function")
    parser.add_argument("--functions", type=int, help="functions of a program")
    parser.add_argument("--faulty", action="store_true", help="programs that may fault")
    parser.add_argument("--keep", metavar="DIRECTORY", help="keep the programs there")
    parser.add_argument(
        "--machines",
        default="interp,call,gcc",
        type=lambda text: text.split(","),
        help="those to compare with the first of them (interp,call,gcc)",
    )
    options = parser.parse_args()
    if options.count < 1 or not set(options.machines) <= {"interp", "call", "gcc"}:
        parser.error("nothing to compare")
    return options


def main():
    options = parse_arguments()
    seeds = range(options.first, options.first + options.count)
    with tempfile.TemporaryDirectory() as scratch:
        directory = options.keep or scratch
        os.makedirs(directory, exist_ok=True)
        try:
            machines = Machines(options, directory)
        except (Refused, OSError) as error:
            print(f"differential: {error}", file=sys.stderr)
            return 2
        counts, steps = collections.Counter(), 0
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for seed, (verdict, taken) in zip(
                seeds, pool.map(lambda seed: check(machines, seed), seeds)
            ):
                is_fine = verdict == "agree" or verdict in FAULT_RULES
                counts[verdict if is_fine else "wrong"] += 1
                steps += taken
                if not is_fine:
                    print(f"seed {seed}: {verdict}", flush=True)
    shown = ", ".join(options.machines)
    print(f"{counts['agree']} programs agree ({shown}; {steps} steps of the C0 machine)")
    if options.faulty:
        rules = ", ".join(f"{rule} {counts[rule]}" for rule in sorted(FAULT_RULES & counts.keys()))
        faults = sum(counts[rule] for rule in FAULT_RULES)
        print(f"{faults} programs fault on the C0 machine, as they may ({rules})")
    if counts["wrong"] != 0:
        print(f"{counts['wrong']} programs do not agree")
    return 0 if counts["wrong"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
