#!/usr/bin/python3
"""Seeded defects: each is to be found, and named rightly.

    defects.py BIN FOLDER [--every N] [--keep] [NAME...]

Makes the kernel and its variants in FOLDER, runs scenarios on each until one diverges, and prints a table.
--every N: one defect in N, and all that need a run of their own, for a look in a minute; NAME...: these only.
The parameters are those of a kernel with few processes and frames, so that pages come and go.
"""
import json
import os
import subprocess
import sys
import time

import catalogue
from variants import Base, Variant

PARAMETERS = ["PROCESS_COUNT=16u", "FRAME_COUNT=16u", "VIRTUAL_PAGES=32u", "KERNEL_BYTES=0x40000u",
              "MEMORY_BYTES=0x61000u", "HOG_PAGES=24u"]
# Random scenarios: their seeds come in parts that grow, so that a defect which the first ones find costs
# little.
PARTS, STEPS = (1, 4, 15, 60, 240), 2000000
SCENARIOS = os.path.join(catalogue.HERE, "scenarios")
SECONDS = 600


class Finding:
    """The first divergence; none: `conjunct` is None."""

    def __init__(self):
        self.conjunct, self.scenario, self.text, self.step, self.steps = None, "", "", 0, 0
        self.wrong = ""

    def take(self, runs):
        """True: that was it."""
        for run in runs:
            self.steps += run["counts"]["steps"]
            found = run["divergence"]
            if run["status"] not in ("agreed", "diverged"):
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


def look(variant, kind, finding):
    """Whether this kind of run has found it, or has gone wrong."""
    if kind != "random":
        return finding.take(cosim(variant, variant.base.path("scenarios", kind + ".json")))
    first = 1
    for count in PARTS:
        if finding.take(cosim(variant, "--random", str(first), str(count), "--steps", str(STEPS))):
            return True
        first += count
    return False


def hunt(variant, defect):
    finding = Finding()
    for kind in defect.list("Runs", "random"):
        if look(variant, kind, finding):
            break
    return finding


def judge(defect, finding):
    """What does not hold; empty: all does."""
    if finding.wrong:
        return finding.wrong
    if finding.conjunct is None:
        return "" if defect.survives() else "survives"
    if defect.survives():
        return "is found, though the catalogue explains why it is not"
    right = finding.conjunct in defect.list("Conjuncts")
    return "" if right else f"the conjunct should be one of {defect.get('Conjuncts')}: {finding.text}"


def copy_scenarios(base):
    os.makedirs(base.path("scenarios"), exist_ok=True)
    for name in os.listdir(SCENARIOS):
        with open(os.path.join(SCENARIOS, name), encoding="utf-8") as file:
            content = file.read()
        with open(base.path("scenarios", name), "w", encoding="utf-8") as file:
            file.write(content)


def chosen(defects, every, names):
    if names:
        return [defect for defect in defects if defect.name in names or defect.group in names]
    return [defect for i, defect in enumerate(defects) if i % every == 0]


def agrees_without_defect(base):
    class Right:
        vouch, description, folder = base.vouch, base.path("kernel.json"), base.folder
    finding = Finding()
    finding.take(cosim(Right, "--random", "1", "4", "--steps", str(STEPS)))
    if finding.conjunct is not None or finding.wrong:
        catalogue.fail(f"without a defect: {finding.conjunct} {finding.text}{finding.wrong}")


def main():
    arguments = sys.argv[1:]
    keep = "--keep" in arguments
    every = int(arguments[arguments.index("--every") + 1]) if "--every" in arguments else 1
    words = [word for i, word in enumerate(arguments)
             if word not in ("--keep", "--every") and arguments[i - 1] != "--every"]
    if len(words) < 2:
        sys.exit(__doc__)
    begun = time.monotonic()
    base = Base(words[0], words[1], PARAMETERS)
    copy_scenarios(base)
    agrees_without_defect(base)
    found = survivors = 0
    failures = []
    print(f"{'defect':34} {'group':10} {'conjunct':10} {'scenario':18} {'step':>9}")
    defects = chosen(catalogue.read(), every, words[2:])
    for defect in defects:
        variant = Variant(base, defect)
        finding = hunt(variant, defect)
        reason = judge(defect, finding)
        print(f"{defect.name:34} {defect.group:10} {finding.conjunct or 'survives':10} "
              f"{finding.scenario:18} {finding.step if finding.conjunct else finding.steps:9}", flush=True)
        if reason:
            failures.append(f"{defect.name}: {reason}")
        elif finding.conjunct is None:
            survivors += 1
        else:
            found += 1
        if not keep:
            variant.remove()
    print(f"{found} found, {survivors} survive as explained, {len(failures)} otherwise; "
          f"{time.monotonic() - begun:.0f} s")
    for failure in failures:
        print("does not hold:", failure)
    sys.exit(1 if failures or not defects else 0)


if __name__ == "__main__":
    main()
