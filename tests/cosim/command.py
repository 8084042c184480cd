#!/usr/bin/python3
"""The command line of vouch cosim: command.py BIN FOLDER

What it prints and writes, and its exit codes, on the project's kernel and on one whose image was built with
another clock than its description says.
"""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../kernel/build"))
from make_kernel import PROGRAMS, Kernel  # noqa: E402

AGREED, DIVERGED, BAD, NOTHING = 0, 1, 2, 3
failures = []


def expect(what, got, wanted=True):
    if got != wanted:
        failures.append(f"{what}: {got!r}, not {wanted!r}")


class Command:
    def __init__(self, programs, folder):
        self.vouch, self.folder = os.path.join(os.path.abspath(programs), "vouch"), os.path.abspath(folder)
        self.kernels = {}
        for name, period in (("right", 1), ("wrong", 3)):
            kernel = Kernel(programs, self.path(name), [f"CLOCK_PERIOD={period}u"])
            kernel.make_kernel()
            kernel.make_disk(PROGRAMS)
        with open(self.path("right", "kernel.json"), encoding="utf-8") as file:
            description = json.load(file)
        description["image"] = "../wrong/kernel.elf"
        with open(self.path("right", "other.json"), "w", encoding="utf-8") as file:
            json.dump(description, file)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def scenario(self, name, **more):
        scenario = {"scenario": 1, "name": name, "kernel": "right/kernel.json", "disk": "right/system.img",
                    "limits": {"steps": 1500000}}
        scenario.update(more)
        path = self.path(name + ".json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(scenario, file)
        return path

    def run(self, *arguments):
        """Exit code, standard output, standard error."""
        made = subprocess.run([self.vouch, "cosim", *arguments], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        return made.returncode, made.stdout, made.stderr


def test_agreement(command):
    one, two = command.scenario("one"), command.scenario("two", oracle={"seed": 2, "jitter": True})
    code, out, _ = command.run(one, two, "--json", "found.json", "--timeline", "two.svg")
    expect("a timeline of two runs", code, BAD)
    for option in ("--json", "--audit"):
        code, out, err = command.run(one, two, option, "./two.json")
        expect(f"{option} over a scenario", (code, "would overwrite" in err), (BAD, True))
    expect("two results in one file", command.run(one, "--json", "x", "--audit", "x")[0], BAD)
    code, out, _ = command.run(one, two, "--json", "found.json", "--coverage", "--audit", "audit.json")
    expect("agreement", code, AGREED)
    expect("a line a run", [line.split()[:2] for line in out.splitlines()[1:3]],
           [["one", "agreed"], ["two", "agreed"]])
    with open(command.path("found.json"), encoding="utf-8") as file:
        found = json.load(file)
    expect("the JSON's runs", [(run["name"], run["status"], run["divergence"]) for run in found],
           [("one", "agreed", None), ("two", "agreed", None)])
    expect("what was compared", all(run["counts"]["compared"]["memory"] > 0 for run in found))
    with open(command.path("audit.json"), encoding="utf-8") as file:
        expect("the audit has the section", "cosim" in json.load(file))
    code, out, _ = command.run(one, "--timeline", "one.svg")
    with open(command.path("one.svg"), encoding="utf-8") as file:
        expect("a timeline", "<svg" in file.read())
    code, out, err = command.run(one, "--json", "-")
    expect("the JSON alone", json.loads(out)[0]["name"], "one")
    expect("the table goes elsewhere", "agreed" in err)


def test_workers(command):
    arguments = ["--random", "1", "5", "--kernel", "right/kernel.json", "--steps", "1500000"]
    alone = command.run(*arguments, "--json", "alone.json", "--audit", "alone-audit.json")
    shared = command.run(*arguments, "--json", "shared.json", "--audit", "shared-audit.json", "-j", "3")
    expect("random scenarios", alone[0], AGREED)
    expect("what workers print", shared, alone)
    for name in ("%s.json", "%s-audit.json"):
        files = []
        for which in ("alone", "shared"):
            with open(command.path(name % which), encoding="utf-8") as file:
                files.append(file.read())
        expect(f"{name} of workers", files[0] == files[1])


def test_divergence(command):
    path = command.scenario("clock", kernel="right/other.json")
    os.makedirs(command.path("replays"), exist_ok=True)
    code, out, _ = command.run(path, "--replays", "replays", "--json", "found.json", "--minimise", "small.json")
    expect("a divergence", code, DIVERGED)
    for words in ("conjunct ", "the last agreement was at step ", "last calls of primitives", "instructions since",
                  "replay: vouch cosim --replay replays/clock.replay.json", "minimised in "):
        expect(f"the report says '{words}'", words in out)
    with open(command.path("found.json"), encoding="utf-8") as file:
        divergence = json.load(file)[0]["divergence"]
    for file in ("replays/clock.replay.json", "small.json"):
        code, out, _ = command.run("--replay", file, "--json", "again.json")
        expect(f"{file} diverges", code, DIVERGED)
        expect(f"{file}: as recorded", "  as recorded\n" in out)
    code, out, _ = command.run("--replay", "replays/clock.replay.json", "--json", "again.json")
    with open(command.path("again.json"), encoding="utf-8") as file:
        expect("the same divergence", json.load(file)[0]["divergence"], divergence)


def test_nothing_shown(command):
    code, out, _ = command.run(command.scenario("empty", limits={"steps": 1}))
    expect("a run in which nobody ran", code, NOTHING)
    expect("and says so", "that is no agreement" in out)
    ends = command.scenario("ends", oracle={"events": [], "until": 700000})
    expect("an oracle that ends", command.run(ends)[0], NOTHING)
    healed = command.scenario("healed", expect={"conjunct": "kernel", "step": 1000})
    code, out, _ = command.run("--replay", healed)
    expect("a replay that does not diverge", code, NOTHING)
    expect("it says so", "the recorded divergence was not reached" in out)


def test_bad_usage(command):
    one = command.scenario("one")
    for arguments in ([], ["--nonsense"], ["missing.json"], [one, "--random", "1", "1"], ["--random", "1", "1"],
                      ["--random", "1"], ["--random", "1", "0", "--kernel", "right/kernel.json"],
                      ["--random", "x", "1", "--kernel", "right/kernel.json"], [one, "-j", "0"],
                      [one, one, "--minimise", "x.json"], ["--replay", one], [one, "--json", "no/such/folder"],
                      [one, "--kernel", "missing.json"], [one, "--steps"]):
        code, _, err = command.run(*arguments)
        expect(f"bad usage {arguments}", (code, "error: " in err), (BAD, True))
    code, out, _ = command.run("--help")
    expect("help", (code, out.startswith("usage: vouch cosim")), (AGREED, True))


def main():
    command = Command(*sys.argv[1:3])
    test_agreement(command)
    test_workers(command)
    test_divergence(command)
    test_nothing_shown(command)
    test_bad_usage(command)
    for failure in failures:
        print("does not hold:", failure)
    sys.exit(1 if failures else 0)


main()
