#!/usr/bin/python3
"""Seeded defects: each is to be found, and named rightly.

    defects.py BIN FOLDER [-j N] [--every N] [--keep] [--table FILE] [NAME...]

Makes the kernel and its variants in FOLDER, runs scenarios on each until one diverges, and prints a table. -j N:
N variants at once. --every N: one defect in N, for a look in a minute; NAME...: these defects or groups only.
--table FILE: the table as docs/COSIM.md has it, "Defects that it finds".
The parameters are those of a kernel with few processes and frames, so that pages come and go.
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import time

import catalogue
import exerciser
from variants import Base, Variant

PARAMETERS = ["PROCESS_COUNT=16u", "FRAME_COUNT=16u", "VIRTUAL_PAGES=32u", "KERNEL_BYTES=0x40000u",
              "MEMORY_BYTES=0x61000u", "HOG_PAGES=24u"]
# One with so few frames that the page in use is the oldest now and then.
SMALL = ["PROCESS_COUNT=8u", "FRAME_COUNT=3u", "VIRTUAL_PAGES=16u", "KERNEL_BYTES=0x40000u", "MEMORY_BYTES=0x4d000u"]
# Random scenarios: their seeds come in parts that grow, so that a defect which the first ones find costs little.
PARTS, PARTS_OF_SHARE, STEPS = (4, 16, 60, 240), (4, 16), 2000000
SCENARIOS = os.path.join(catalogue.HERE, "scenarios")
SECONDS = 900


class Finding:
    """The first divergence; none: `conjunct` is None."""

    def __init__(self):
        self.conjunct, self.scenario, self.text, self.step, self.steps = None, "", "", 0, 0
        self.wrong = ""
        self.beside_code = ""  # with --consis, of a defect in the image

    def take(self, runs):
        """True: that was it."""
        for run in runs:
            self.steps += run["counts"]["steps"]
            found = run["divergence"]
            # A broken system disk may leave nothing to run: then this seed shows nothing, and others do.
            if run["status"] not in ("agreed", "diverged", "empty"):
                self.wrong = f"{run['name']}: {run['status']}: {run['reason']}"
                return True
            if found is not None:
                self.conjunct, self.scenario = found["conjunct"], run["name"]
                self.text, self.step = found["text"], found["step"]
                if found["found_by_sweep_only"] or found["not_found_by_sweep"]:
                    self.wrong = "the incremental check and the sweep do not agree"
                return True
        return False


def cosim(variant, *arguments):
    """The runs, as JSON has them."""
    made = subprocess.run([variant.vouch, "cosim", "--kernel", variant.description, "--replays",
                           variant.folder, "--json", "-", *arguments], capture_output=True, text=True,
                          check=False, timeout=SECONDS)
    try:
        return json.loads(made.stdout)
    except json.JSONDecodeError:
        return [{"name": " ".join(arguments), "status": f"exit code {made.returncode}", "divergence": None,
                 "reason": made.stderr[-300:], "counts": {"steps": 0}}]


def random_runs(base, first, count):
    """The arguments for random scenarios of these seeds."""
    if base.is_exerciser:
        return [base.path("scenarios", f"{seed}.json") for seed in range(first, first + count)]
    return ["--random", str(first), str(count), "--steps", str(STEPS)]


def look(variant, kind, parts, finding):
    """Whether this kind of run has found it, or has gone wrong."""
    if kind != "random":
        options = ["--consis"] if kind == "consis" else []
        return finding.take(cosim(variant, variant.base.path("scenarios", kind + ".json"), *options))
    first = 1
    for count in parts:
        if finding.take(cosim(variant, *random_runs(variant.base, first, count))):
            return True
        first += count
    return False


def hunt(variant, defect, is_share):
    finding = Finding()
    parts = PARTS_OF_SHARE if is_share and defect.survives() else PARTS
    for kind in defect.list("Runs", "random"):
        if look(variant, kind, parts, finding):
            break
    return finding


def hunt_beside_code(variant, defect):
    """The conjunct that is named if C0 is run beside the code; entry.s has no C0."""
    finding, first = Finding(), 1
    for count in (4, 16, 60) if defect.get("Function") != "_start" else ():
        if finding.take(cosim(variant, *random_runs(variant.base, first, count), "--consis")):
            break
        first += count
    return finding.wrong or finding.conjunct or ""


def judge(defect, finding):
    """What does not hold; empty: all does."""
    if finding.wrong:
        return finding.wrong
    if finding.beside_code not in ("", "consis"):
        return f"C0 beside the code: {finding.beside_code} is named"
    if defect.group == "image" and finding.conjunct and not finding.beside_code and \
            defect.get("Function") != "_start":
        return "C0 beside the code does not find it"
    if finding.conjunct is None:
        return "" if defect.survives() else "survives"
    if defect.survives():
        return f"is found, though the catalogue explains why it is not: {finding.text}"
    right = finding.conjunct in defect.list("Conjuncts")
    return "" if right else f"the conjunct should be one of {defect.get('Conjuncts')}: {finding.text}"


def make_bases(programs, folder):
    """By what the defects ask for: the kernel, one with fewer frames, and the one that calls every primitive."""
    bases = {"": Base(programs, folder, PARAMETERS),
             "small": Base(programs, os.path.join(folder, "small"), SMALL),
             "exerciser": Base(programs, os.path.join(folder, "exerciser"), exerciser.PARAMETERS, True)}
    for base in bases.values():
        os.makedirs(base.path("scenarios"), exist_ok=True)
    for name in os.listdir(SCENARIOS):
        with open(os.path.join(SCENARIOS, name), encoding="utf-8") as file:
            content = file.read()
        with open(bases[""].path("scenarios", name), "w", encoding="utf-8") as file:
            file.write(content)
    for seed in range(1, sum(PARTS) + 1):
        with open(bases["exerciser"].path("scenarios", f"{seed}.json"), "w", encoding="utf-8") as file:
            json.dump(exerciser.draw_scenario(seed), file)
    return bases


def chosen(defects, every, names):
    if names:
        return [defect for defect in defects if defect.name in names or defect.group in names]
    return [defect for i, defect in enumerate(defects) if i % every == 0]


def agrees_without_defect(base):
    class Right:
        vouch, description, folder = base.vouch, base.path("kernel.json"), base.folder
    finding = Finding()
    finding.take(cosim(Right, *random_runs(base, 1, 4)))
    if finding.conjunct is not None or finding.wrong:
        catalogue.fail(f"without a defect: {finding.conjunct} {finding.text}{finding.wrong}")


def row(defect, finding):
    """Of the documentation's table."""
    kind = {"": "", "seed": "random", "exerciser": "exerciser"}.get(finding.scenario.split(" ")[0], finding.scenario)
    return f"| {defect.name} | {defect.get('What')} | {finding.conjunct or 'survives'} | {kind} |"


def missing_in_documentation(defects):
    with open(os.path.join(catalogue.ROOT, "docs/COSIM.md"), encoding="utf-8") as file:
        text = file.read()
    return [f"{defect.name}: docs/COSIM.md does not name it" for defect in defects
            if f"| {defect.name} | {defect.get('What')} |" not in text]


def option(words, name, default):
    """Takes `NAME VALUE` out of the words."""
    if name not in words:
        return default
    at = words.index(name)
    value = words[at + 1]
    del words[at:at + 2]
    return type(default)(value)


def main():
    words = sys.argv[1:]
    workers, every, table = option(words, "-j", 1), option(words, "--every", 1), option(words, "--table", "")
    keep = "--keep" in words
    words = [word for word in words if word != "--keep"]
    if len(words) < 2:
        sys.exit(__doc__)
    begun = time.monotonic()
    bases = make_bases(words[0], words[1])
    for base in bases.values():
        agrees_without_defect(base)

    def examine(defect):
        variant = Variant(bases[defect.get("Kernel")], defect)
        finding = hunt(variant, defect, every > 1)
        if defect.group == "image" and finding.conjunct:
            finding.beside_code = hunt_beside_code(variant, defect)
        if not keep:
            variant.remove()
        return defect, finding
    defects = chosen(catalogue.read(), every, words[2:])
    found, survivors, rows, failures = 0, 0, [], missing_in_documentation(catalogue.read())
    print(f"{'defect':36} {'group':10} {'conjunct':10} {'scenario':18} {'step':>9}")
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for defect, finding in pool.map(examine, defects):
            print(f"{defect.name:36} {defect.group:10} {finding.conjunct or 'survives':10} "
                  f"{finding.scenario:18} {finding.step if finding.conjunct else finding.steps:9}", flush=True)
            rows.append(row(defect, finding) + "\n")
            reason = judge(defect, finding)
            if reason:
                failures.append(f"{defect.name}: {reason}")
            found += not reason and finding.conjunct is not None
            survivors += not reason and finding.conjunct is None
    if table:
        with open(table, "w", encoding="utf-8") as file:
            file.writelines(rows)
    print(f"{found} found, {survivors} survive as explained, {len(failures)} otherwise")
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    for failure in failures:
        print("does not hold:", failure)
    sys.exit(1 if failures or not defects else 0)


if __name__ == "__main__":
    main()
