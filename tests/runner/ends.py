#!/usr/bin/python3
"""The runner of the unit tests (runner.c): what passes, what fails, and what it says.

    ends.py PROGRAM
"""
import signal
import subprocess
import sys
import time

failures = []


def expect(condition, what):
    if not condition:
        failures.append(what)


def run(*patterns):
    """Also waits until nobody holds the output any more; a hanging process makes that fail."""
    return subprocess.run([sys.argv[1], *patterns], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60)


def passes(pattern, count):
    result = run(pattern)
    expect(result.returncode == 0 and result.stdout.startswith(f"{count} tests, 0 failed"),
           f"{pattern} passes: {result}")
    return result


def fails(name, *messages):
    result = run(name)
    expect(result.returncode == 1 and result.stdout == "1 tests, 1 failed, 0 skipped\n",
           f"{name} fails: {result}")
    for message in messages:
        expect(message in result.stderr, f"{name} says '{message}': {result.stderr}")


expect("7 tests, 0 failed, 1 skipped" in passes("good/*", 7).stdout, "one test is skipped")
fails("bad/assertion", "ends.c:", "bad/assertion: that is 7", "bad/assertion failed")
fails("bad/expectation_then_more", "ends.c:", "exit status 1")
fails("bad/in_the_end", "found in the end")
fails("bad/death", "Killed")
fails("bad/early_exit", "exit status 3")
fails("late/never_ends", "did not end in time")
with subprocess.Popen([sys.argv[1], "late/*"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                      stderr=subprocess.STDOUT) as program:
    time.sleep(0.2)
    program.terminate()
    program.communicate(timeout=60)  # nobody holds the output any more
    expect(program.returncode == -signal.SIGTERM, f"a runner can be ended: {program.returncode}")
expect(run("no/such").returncode == 1, "no test at all is a failure")
expect("6 failed, 1 skipped" in run().stdout, "a failure does not keep others from running")
expect(run("--list", "late/*").stdout.startswith("late/never_ends\n"), "tests can be listed")
for failure in failures:
    print(failure)
sys.exit(1 if failures else 0)
