#!/usr/bin/python3
"""vouch cosim, end to end: session.py BIN FOLDER

The scenarios of the demo agree, and so do random ones. What shows nothing is no agreement; what is wrong is
refused. A seeded defect is found, reached again by its replay file, and made small by the minimiser.
"""
import json
import os
import re
import shutil
import subprocess
import sys

import catalogue
from defects import PARAMETERS
from variants import Base, Variant

DEMO = os.path.join(catalogue.ROOT, "kernel/scenarios")
RANDOM_RUNS = 60
SMALLEST = ["PROCESS_COUNT=8u", "FRAME_COUNT=2u", "VIRTUAL_PAGES=16u", "KERNEL_BYTES=0x40000u",
            "MEMORY_BYTES=0x4b000u", "INIT_PAGES=1u", "INIT_MEMORY_PAGES=2u"]
AGREED, DIVERGED, BAD, NOTHING_SHOWN = 0, 1, 2, 3
failures = []


def expect(what, got, wanted=True):
    if got != wanted:
        failures.append(f"{what}: {got!r}, not {wanted!r}")


def run(vouch, *arguments):
    made = subprocess.run([vouch, "cosim", *arguments], capture_output=True, text=True, check=False)
    return made.returncode, made.stdout, made.stderr


def runs(vouch, *arguments):
    """Exit code, and the runs as JSON has them."""
    code, out, error = run(vouch, *arguments, "--json", "-")
    try:
        return code, json.loads(out)
    except json.JSONDecodeError:
        failures.append(f"{' '.join(arguments)}: {error[-500:]}")
        return code, []


def write(base, name, content):
    os.makedirs(base.path("scenarios"), exist_ok=True)
    path = base.path("scenarios", name + ".json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))
    return path


def scenario(name, **more):
    return {"scenario": 1, "name": name, "kernel": "../kernel.json", "disk": "../system.img", **more}


def demo_agrees(base):
    """The kernel as it is built, with its shell and programs."""
    names = sorted(os.listdir(DEMO))
    os.makedirs(base.path("scenarios"), exist_ok=True)
    paths = [shutil.copy(os.path.join(DEMO, name), base.path("scenarios")) for name in names]
    code, found = runs(base.vouch, *paths, "-j", "2", "--replays", base.folder)
    expect("the scenarios of the demo", code, AGREED)
    expect("all of them", [run["status"] for run in found], ["agreed"] * len(names))
    for one in found:
        expect(f"{one['name']} checks", one["counts"]["checks"] > 100)
        expect(f"{one['name']} runs processes", one["counts"]["abstract_steps"] > 1000)
        expect(f"{one['name']} sweeps", one["counts"]["sweeps"] > 0)
    consis = [one["counts"]["compared"]["consis"] for one in found if one["name"] == "functions"]
    expect("C0 beside the code", consis and consis[0] > 1000000)
    hog = [one["counts"] for one in found if one["name"] == "hog"]
    expect("the hog's pages came and went", hog and hog[0]["swap_reads"] > 192 < hog[0]["swap_writes"])


def recording_agrees(base):
    """A live run of the kernel, typed at and recorded, is an oracle."""
    recording, inlet, steps = base.path("live.rec"), base.path("typed"), 6000000
    with open(inlet, "wb") as file:
        file.write(b"run pingpong\nps\n")
    subprocess.run([base.vouch, "run", base.path("kernel.elf"), "--record", recording, "--idle-rate", "0",
                    "--disk", base.path("system.img") + ",snapshot",
                    "--swap", base.path("swap.img") + ",snapshot",
                    "--serial", f"file:{inlet},{base.path('printed')}", "--max-steps", str(steps)],
                   capture_output=True, check=False)
    with open(base.path("printed"), "rb") as file:
        expect("what the live run printed", b"ping 200" in file.read())
    path = write(base, "live", scenario("live", oracle={"recording": "../live.rec"}, limits={"steps": steps}))
    code, found = runs(base.vouch, path)
    expect("the recorded run", (code, [one["status"] for one in found]), (AGREED, ["agreed"]))
    code, found = runs(base.vouch, path, "--steps", str(steps + 1000000))
    expect("beyond its recording", (code, [one["status"] for one in found]), (NOTHING_SHOWN, ["oracle-ended"]))


def random_agree(base):
    code, found = runs(base.vouch, "--random", "1", str(RANDOM_RUNS), "--kernel", base.path("kernel.json"),
                       "-j", "2", "--replays", base.folder)
    expect("random scenarios", (code, len(found)), (AGREED, RANDOM_RUNS))
    compared = {}
    for one in found:
        for conjunct, count in one["counts"]["compared"].items():
            compared[conjunct] = compared.get(conjunct, 0) + count
    never = [conjunct for conjunct, count in compared.items() if count == 0]
    expect("conjuncts of which nothing was compared", sorted(never), ["consis", "fault"])
    expect("pages came back", sum(one["counts"]["swap_reads"] for one in found) > 100)


def smallest_agree(base):
    """Two frames: one for the instruction, one for what it reads or writes."""
    code, found = runs(base.vouch, "--random", "1", "30", "--kernel", base.path("kernel.json"), "-j", "2",
                       "--replays", base.folder)
    expect("two frames", (code, len(found)), (AGREED, 30))
    expect("two frames: pages came back", sum(one["counts"]["swap_reads"] for one in found) > 1000)


def nothing_is_no_agreement(base):
    short = write(base, "short", scenario("short", limits={"steps": 3000}))
    code, found = runs(base.vouch, short)
    expect("a run without a check", (code, [one["status"] for one in found]), (NOTHING_SHOWN, ["empty"]))
    ended = write(base, "ended", scenario("ended", oracle={"events": [], "until": 300000, "drawn_devices": [0, 1, 5]},
                                          limits={"steps": 2000000}))
    code, found = runs(base.vouch, ended)
    expect("an oracle that ends early", (code, [one["status"] for one in found]),
           (NOTHING_SHOWN, ["oracle-ended"]))
    code, found = runs(base.vouch, ended, "--steps", "250000")
    expect("one that does not", (code, [one["status"] for one in found]), (AGREED, ["agreed"]))
    code, found = runs(base.vouch, ended, short)
    expect("two that show nothing", code, NOTHING_SHOWN)


def wrong_input_is_refused(base):
    good = scenario("good")
    wrong = {"empty": "", "no-json": "{", "list": "[]", "deep": "[" * 100000, "null": "null",
             "version": {**good, "scenario": 2}, "key": {**good, "surprise": 1},
             "no-kernel": {**good, "kernel": "nowhere.json"}, "no-disk": {**good, "disk": "nowhere.img"},
             "kernel-is-a-folder": {**good, "kernel": "."}, "disk-is-a-scenario": {**good, "disk": "empty.json"},
             "steps": {**good, "limits": {"steps": -1}}, "ticks": {**good, "oracle": {"tick_steps": 0}},
             "too-many": {**good, "oracle": {"tick_steps": 10 ** 30}},
             "device": {**good, "oracle": {"events": [[1, "tick", 9]], "until": 5}},
             "event": {**good, "oracle": {"events": [[1, "tock", 0]], "until": 5}},
             "backwards": {**good, "oracle": {"events": [[5, "tick", 0], [4, "tick", 0]], "until": 9}},
             "sector": {**good, "defects": {"swap": [{"first": -1}]}},
             "program": {**good, "programs": [{"name": "x" * 17, "words": ["00000000"]}]},
             "words": {**good, "programs": [{"name": "x", "words": ["what"]}]},
             "expect": {**good, "expect": {"conjunct": "luck", "step": 1}}}
    for name, content in wrong.items():
        code, out, error = run(base.vouch, write(base, name, content))
        expect(f"{name}: exit code", code, BAD)
        expect(f"{name}: a message with the file", re.search(r"\S: ", error) is not None and len(error) < 2000)
        expect(f"{name}: no table of runs", "agreed" in out, False)
    with open(base.path("kernel.elf"), "rb") as file:
        image = file.read()
    for name, content in (("cut", image[:len(image) // 2]), ("no-elf", b"no ELF file"), ("none", b"")):
        with open(base.path(name + ".elf"), "wb") as file:
            file.write(content)
        description = {**base.description, "image": name + ".elf"}
        path = base.path(name + "-kernel.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(description, file)
        expect(f"image {name}", run(base.vouch, "--random", "1", "1", "--kernel", path)[0], BAD)
    for arguments in ((), ("--random", "1"), ("--random", "1", "0", "--kernel", base.path("kernel.json")),
                      ("--random", "1", "1"), ("--what",), ("-j", "0", "x.json")):
        expect(f"usage {arguments}", run(base.vouch, *arguments)[0], BAD)


def size(path):
    """Words of programs and events of a scenario's file."""
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    words = sum(line.count(" ") + 1 for program in content.get("programs", [])
                for line in program.get("words", []) if not line.startswith("@"))
    return words, len(content.get("oracle", {}).get("events", []))


def divergences_are_reached_again(base, name):
    """Found, replayed, and made small."""
    defect = next(defect for defect in catalogue.read() if defect.name == name)
    variant = Variant(base, defect)
    kernel = ("--kernel", variant.description)
    found = []
    seed = 0
    while not found and seed < 30:
        seed += 1
        code, all_found = runs(variant.vouch, "--random", str(seed), "1", *kernel, "--replays", variant.folder)
        found = [one for one in all_found if one["divergence"] is not None]
    expect(f"{name} is found", (code, len(found)), (DIVERGED, 1))
    if not found:
        return
    first, replay = found[0]["divergence"], found[0]["replay"]
    code, again = runs(variant.vouch, "--replay", replay, *kernel)
    expect(f"{name} is reached again", (code, again and again[0]["as_recorded"]), (DIVERGED, True))
    expect(f"{name}: the same divergence", again and again[0]["divergence"], first)
    code, plain = runs(variant.vouch, "--replay", replay, *kernel, "--plain")
    expect(f"{name} by the plain reading", plain and plain[0]["divergence"], first)
    expect(f"{name}: the replay is of another image", run(base.vouch, "--replay", replay, "--kernel",
                                                       base.path("kernel.json"))[0], BAD)
    small = variant.path("small.json")
    code, _, _ = run(variant.vouch, "--replay", replay, *kernel, "--minimise", small)
    expect(f"{name} is minimised", code, DIVERGED)
    words, events = size(replay)
    small_words, small_events = size(small)
    expect(f"{name} is smaller: {words} words, {events} events; {small_words}, {small_events}",
           small_words < words and small_events <= events)
    code, found = runs(variant.vouch, small, *kernel, "--replays", variant.folder)
    expect(f"{name}: the small one diverges alike",
           (code, found and found[0]["divergence"]["conjunct"]), (DIVERGED, first["conjunct"]))
    print(f"{name}: {first['conjunct']}, {words} words and {events} events made {small_words} and {small_events}")


def main():
    programs, folder = sys.argv[1:]
    demo = Base(programs, os.path.join(folder, "demo"), [])
    demo_agrees(demo)
    recording_agrees(demo)
    base = Base(programs, os.path.join(folder, "small"), PARAMETERS)
    random_agree(base)
    smallest_agree(Base(programs, os.path.join(folder, "smallest"), SMALLEST))
    nothing_is_no_agreement(base)
    wrong_input_is_refused(base)
    divergences_are_reached_again(base, "image-register-not-saved")
    divergences_are_reached_again(base, "clone-without-last-page")
    for failure in failures:
        print("does not hold:", failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
