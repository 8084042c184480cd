"""What the tests of vouch run share: images made of programs, runs, and expectations."""
import json
import os
import subprocess
import sys

BIN, FOLDER = sys.argv[1:]
HERE = os.path.dirname(os.path.abspath(__file__))
failures = []

os.makedirs(FOLDER, exist_ok=True)


def expect(what, got, wanted=True):
    if got != wanted:
        failures.append(f"{what}: {got!r}, not {wanted!r}")


def expect_in(what, part, text):
    if part not in text:
        failures.append(f"{what}: {part!r} is not in {text!r}")


def finish():
    for failure in failures:
        print("does not hold:", failure)
    sys.exit(1 if failures else 0)


def path(name):
    return os.path.join(FOLDER, name)


def put(name, content):
    with open(path(name), "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path(name)


def get(name):
    with open(path(name), "rb") as file:
        return file.read()


def assemble(name, text, *options):
    """An image of a program in assembly."""
    source, image = put(name + ".s", text), path(name + ".elf")
    made = subprocess.run([os.path.join(BIN, "c0c"), *options, "-o", image, source],
                          capture_output=True, text=True, check=False)
    if made.returncode != 0:
        sys.exit(f"cannot make {name}: {made.stderr}")
    return image


def program(name):
    """An image of tests/run/programs/<name>.s."""
    with open(os.path.join(HERE, "programs", name + ".s"), encoding="utf-8") as file:
        return assemble(name, file.read())


class Run:
    """A run to its end: exit code, output, the line on stderr, and the summary."""

    def __init__(self, *arguments, input=b"", wants_summary=True):
        summary = path("summary.json")
        if os.path.exists(summary):
            os.remove(summary)
        options = ["--json", summary] if wants_summary else []
        run = subprocess.run([os.path.join(BIN, "vouch"), "run", *options, *arguments],
                             input=input, capture_output=True, check=False, timeout=300)
        self.code, self.output, self.said = run.returncode, run.stdout, run.stderr.decode()
        self.summary = {}
        if os.path.exists(summary):
            with open(summary, encoding="utf-8") as file:
                self.summary = json.load(file)

    def expect(self, what, code, status, output=None):
        expect(f"{what}: exit code ({self.said.strip()})", self.code, code)
        expect(f"{what}: one line", self.said.count("\n"), 1)
        if status is not None:
            expect(f"{what}: status", self.summary.get("status"), status)
            expect_in(what, f"vouch run: {status} after {self.summary.get('steps')} steps",
                      self.said)
        if output is not None:
            expect(f"{what}: output", self.output, output)
        return self


def is_refused(what, *arguments, because):
    """Bad usage or input: exit code 2, one line, no output."""
    run = Run(*arguments, wants_summary="--json" not in arguments)
    run.expect(what, 2, None, b"")
    expect_in(what, because, run.said)
