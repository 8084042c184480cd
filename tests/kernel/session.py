"""What the tests of the kernel share: the kernel built anew, and sessions with its shell."""
import json
import os
import select
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../kernel/build"))
from make_kernel import PROGRAMS, Kernel  # noqa: E402

HERE = "tests/kernel/programs/"
MORE = [("guard", [HERE + "guard.c0"], 1, 0),
        ("ends", [HERE + "ends.c0", "kernel/user/rogue.s"], 1, 0)]
failures = []


def expect(what, got, wanted=True):
    if got != wanted:
        failures.append(f"{what}: {got!r}, not {wanted!r}")


def finish():
    for failure in failures:
        print("does not hold:", failure)
    sys.exit(1 if failures else 0)


def make(programs, folder, *parameters):
    """The kernel with the test programs on its disk."""
    kernel = Kernel(programs, folder, parameters)
    kernel.make_kernel()
    kernel.make_disk(PROGRAMS + MORE)
    return kernel


class Machine:
    """The kernel on the machine; `options` are more of vouch run's."""

    def __init__(self, kernel, *options, swap="", disks=True):
        self.kernel, self.summary_path = kernel, kernel.path("summary.json")
        self.command = [kernel.tool("vouch"), "run", kernel.path("kernel.elf"), "--json",
                        self.summary_path, *options]
        if disks:
            self.command += ["--disk", kernel.path("system.img") + ",snapshot", "--swap",
                             kernel.path("swap.img") + ",snapshot" + swap]

    def summary(self):
        with open(self.summary_path, encoding="utf-8") as file:
            return json.load(file)

    def run(self, commands=b"", steps=None):
        """To its end, with all commands there from the start. The answer: what it printed."""
        inlet, outlet = self.kernel.path("input"), self.kernel.path("output")
        with open(inlet, "wb") as file:
            file.write(commands)
        command = [*self.command, "--serial", f"file:{inlet},{outlet}", "--idle-rate", "0"]
        if steps is not None:
            command += ["--max-steps", str(steps)]
        subprocess.run(command, capture_output=True, check=False, timeout=300)
        with open(outlet, "rb") as file:
            return file.read()


class Session(Machine):
    """A user at the serial line."""

    def __init__(self, kernel, *options, **more):
        super().__init__(kernel, *options, **more)
        self.program = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.seen = b""

    def until(self, mark, seconds=60):
        """What is printed up to the mark, and with it."""
        end = time.monotonic() + seconds
        while mark not in self.seen:
            ready, _, _ = select.select([self.program.stdout], [], [], max(0, end - time.monotonic()))
            more = os.read(self.program.stdout.fileno(), 65536) if ready else b""
            if not more:
                expect(f"waiting for {mark!r}", self.seen)
                return b""
            self.seen += more
        at = self.seen.index(mark) + len(mark)
        result, self.seen = self.seen[:at], self.seen[at:]
        return result

    def type(self, line):
        self.program.stdin.write(line)
        self.program.stdin.flush()

    def ask(self, line):
        """A command, and what the shell answers, without prompt and echo."""
        self.type(line + b"\n")
        said = self.until(b"> ")
        return said[len(line) + 1:-2] if said.startswith(line + b"\n") else said

    def end(self):
        """The run ends as by Ctrl-C; the summary."""
        self.program.terminate()
        self.program.communicate(timeout=60)
        return self.summary()
