#!/usr/bin/python3
"""Checks how vouch answers a user: usage.py VOUCH"""
import subprocess
import sys

VOUCH = sys.argv[1]
failures = []


def vouch(*arguments, stdout=subprocess.PIPE):
    return subprocess.run([VOUCH, *arguments], stdout=stdout, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, check=False)


def expect(what, holds):
    if not holds:
        failures.append(what)


run = vouch("--help")
expect("--help succeeds and goes to stdout", run.returncode == 0 and run.stderr == "")
commands = [line.split()[0] for line in run.stdout.splitlines() if line.startswith("  ")]
commands = [name for name in commands if not name.startswith("--")]
expect("--help lists the commands", sorted(commands) == ["call", "check", "cosim", "interp", "run",
                                                         "step", "trace"])
for command in commands:
    run = vouch(command, "--help")
    expect(f"{command} --help tells its usage",
           run.returncode == 0 and run.stdout.startswith(f"usage: vouch {command}"))
    run = vouch(command, "--no-such-option")
    expect(f"{command} refuses an unknown option in one line",
           run.returncode == 2 and run.stdout == "" and "--no-such-option" in run.stderr
           and run.stderr.count("\n") == 1)
run = vouch("--version")
expect("--version names a version", run.returncode == 0 and run.stdout.startswith("vouch "))
run = vouch()
expect("no command is bad usage", run.returncode == 2 and run.stderr.startswith("usage:"))
run = vouch("prove")
expect("an unknown command is bad usage, in one line",
       run.returncode == 2 and "'prove'" in run.stderr and run.stderr.count("\n") == 1)
with open("/dev/full", "w") as full:
    run = vouch("--version", stdout=full)
expect("output that nobody can read is an error", run.returncode == 2 and run.stderr != "")

for failure in failures:
    print("does not hold:", failure)
sys.exit(1 if failures or not commands else 0)
