#!/usr/bin/python3
"""How much of random programs `vouch check` proves.

Each seed gives a program (docs/GENERATOR.md) that c0c compiles and vouch checks. Prints every
function that is not proved, with its verdict and reason, and the totals. Exit code 0: at most
--allow functions are not proved, and none is refuted, missing or unsupported; 1 otherwise.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TIMEOUT_SECONDS = 600


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    binaries = os.path.join(ROOT, "build", "release", "bin")
    parser.add_argument("--count", type=int, default=200, help="programs (200)")
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="the first seed (1)")
    parser.add_argument("--jobs", type=int, default=2, help="programs at a time (2)")
    parser.add_argument("--allow", type=int, default=0, help="undecided functions allowed (0)")
    parser.add_argument("--rlimit", type=int, help="the solver's steps for one question")
    parser.add_argument("--vouch", default=os.path.join(binaries, "vouch"))
    parser.add_argument("--c0c", default=os.path.join(binaries, "c0c"))
    parser.add_argument("--generate", default=os.path.join(binaries, "generate"))
    parser.add_argument("--size", type=int, help="statements of a function")
    parser.add_argument("--functions", type=int, help="functions of a program")
    options = parser.parse_args()
    if options.count < 1:
        parser.error("nothing to check")
    return options


def audit_of(options, directory, seed):
    """The functions of the audit of one program, and the seconds that the check took."""
    source, image, audit = (os.path.join(directory, f"p{seed}.{s}") for s in ("c0", "elf", "json"))
    command = [options.generate, str(seed)]
    for name in ("size", "functions"):
        if getattr(options, name) is not None:
            command += ["--" + name, str(getattr(options, name))]
    with open(source, "w", encoding="utf-8") as out:
        subprocess.run(command, stdout=out, check=True)
    subprocess.run([options.c0c, "-o", image, source], check=True)
    limit = [] if options.rlimit is None else ["--rlimit", str(options.rlimit)]
    start = time.monotonic()
    checked = subprocess.run(
        [options.vouch, "check", image, source, "--audit", audit, "-j", "1", *limit],
        capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    taken = time.monotonic() - start
    if checked.returncode not in (0, 1):
        raise OSError(f"vouch check: exit code {checked.returncode}: {checked.stderr.strip()}")
    with open(audit, encoding="utf-8") as content:
        functions = json.load(content)["functions"]
    for path in (source, image, audit):
        os.unlink(path)
    return functions, taken


def main():
    options = parse_arguments()
    verdicts, failures, slowest = collections.Counter(), 0, (0.0, None)
    with tempfile.TemporaryDirectory() as directory, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        seeds = range(options.first, options.first + options.count)
        running = {seed: pool.submit(audit_of, options, directory, seed) for seed in seeds}
        for seed, future in running.items():
            try:
                functions, taken = future.result()
            except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
                failures += 1
                print(f"seed {seed}: {error}", flush=True)
                continue
            slowest = max(slowest, (taken, seed), key=lambda pair: pair[0])
            verdicts.update(function["verdict"] for function in functions)
            for function in functions:
                if function["verdict"] != "proved":
                    print(f"seed {seed}: {function['name']}: {function['verdict']}: "
                          f"{function['reason']}", flush=True)
    shown = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    print(f"{options.count} programs, {sum(verdicts.values())} functions: {shown}; "
          f"slowest seed {slowest[1]}: {slowest[0]:.1f} s")
    others = sum(verdicts.values()) - verdicts["proved"] - verdicts["undecided"]
    is_fine = failures == 0 and others == 0 and verdicts["undecided"] <= options.allow
    return 0 if is_fine and verdicts["proved"] != 0 else 1


if __name__ == "__main__":
    sys.exit(main())
