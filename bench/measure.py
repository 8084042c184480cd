"""What the benchmarks share: running a program and knowing what it took; a plain table."""
import os
import subprocess
import sys
import tempfile
import time

TOP = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))


class Run:
    """A finished run: its exit code, output, seconds by the clock and on the processor, peak
    memory."""

    def __init__(self, command, expected=(0,)):
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            started = time.perf_counter()
            process = subprocess.Popen(command, stdout=output, stderr=errors, cwd=TOP)
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.perf_counter() - started
            process.returncode = self.code = os.waitstatus_to_exitcode(status)
            self.cpu_seconds = usage.ru_utime + usage.ru_stime
            self.peak_kib = usage.ru_maxrss
            output.seek(0)
            errors.seek(0)
            self.output, self.errors = output.read().decode(), errors.read().decode()
        if self.code not in expected:
            sys.exit(f"{' '.join(command)}\nended with {self.code}\n{self.output}{self.errors}")


def program(name):
    """A program of the release build."""
    path = os.path.join(TOP, "build/release/bin", name)
    if not os.path.exists(path):
        sys.exit(f"{path} is not there; scripts/build release makes it")
    return path


def best(times, command):
    """The quickest of some runs: what else the machine does only ever adds time."""
    return min((Run(command) for _ in range(times)), key=lambda run: run.cpu_seconds)


def table(head, rows):
    """Prints columns, the first to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in [head] + rows) for i in range(len(head))]
    for row in [head] + rows:
        cells = [str(row[0]).ljust(widths[0])] + [str(c).rjust(w) for c, w in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip())
