"""Pairs: hand-written code of a C0 source as some other compiler might make it. What is right must
be proved, what is subtly wrong must not be.

usage: pairs.py BIN PAIRS OUT [--audits DIR] [--jobs N] [--case NAME] [--verbose]

Each folder of PAIRS holds source.c0, good.s and its twins bad-*.s. The first lines of each .s file
say what must come out:

    # verdict: proved        what `vouch check` must say: proved, undecided (a proof is wanted; why
                             there is none yet stands below), or rejected (anything but proved)
    # function: NAME         whose verdict that is
    # shown: refuted         optional: the twin is refuted, by a run on both machines

All other functions of the file must be proved. BIN holds c0c and vouch, OUT takes images and
audits; DIR gets a copy of some audits, to be validated."""
import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys

TIMEOUT_SECONDS = 120


def expectation(path):
    """The `# key: value` lines at the top of a file."""
    found = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            key, colon, value = line[1:].partition(":")
            if not line.startswith("# ") or not colon or key.strip() not in (
                    "verdict", "function", "shown"):
                break
            found[key.strip()] = value.strip()
    return found


def run(command):
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)


def audit_of(options, case, name):
    """Assembles and checks; the audit's functions by name, and the exit code."""
    folder = os.path.join(options.pairs, case)
    stem = os.path.join(options.out, case + "-" + name)
    made = run([os.path.join(options.bin, "c0c"), "-o", stem + ".elf",
                os.path.join(folder, name + ".s")])
    if made.returncode != 0:
        raise ValueError("c0c: " + made.stderr.strip())
    checked = run([os.path.join(options.bin, "vouch"), "check", stem + ".elf",
                   os.path.join(folder, "source.c0"), "-j1", "--audit", stem + ".json"])
    if checked.returncode not in (0, 1):
        raise ValueError("vouch check: exit code %d: %s" %
                         (checked.returncode, checked.stderr.strip()))
    with open(stem + ".json", encoding="utf-8") as file:
        audit = json.load(file)
    return {f["name"]: f for f in audit["functions"] if f["source"] is not None}, checked.returncode


def complaint(expected, functions, code):
    """What is wrong with what came out; None if nothing is."""
    name = expected["function"]
    verdict = functions[name]["verdict"]
    for other, function in functions.items():
        if other != name and function["verdict"] != "proved":
            return "%s, which is right, is %s: %s" % (other, function["verdict"],
                                                      function["reason"])
    if expected["verdict"] == "proved":
        if verdict != "proved":
            return "not proved but %s: %s" % (verdict, functions[name]["reason"])
        return None
    if verdict == "proved":
        return "PROVED" if expected["verdict"] == "rejected" else "proved by now: say so in line 1"
    if code != 1:
        return "the exit code is %d" % code
    if expected["verdict"] == "undecided" and verdict == "refuted":
        return "REFUTED, but it is right: %s" % functions[name]["counterexample"]
    if expected.get("shown") == "refuted" and verdict != "refuted":
        return "no longer refuted but %s" % verdict
    return None


def judge(options, case, name):
    """(verdict expected, verdict found, complaint or None)"""
    expected = expectation(os.path.join(options.pairs, case, name + ".s"))
    if expected.get("verdict") not in ("proved", "undecided", "rejected") or \
            "function" not in expected:
        return None, None, "the first lines do not say what to expect"
    if (expected["verdict"] == "rejected") != name.startswith("bad-"):
        return None, None, "bad-*.s are rejected, good*.s are not"
    try:
        functions, code = audit_of(options, case, name)
    except (ValueError, OSError, subprocess.TimeoutExpired) as error:
        return expected["verdict"], None, str(error)
    if expected["function"] not in functions:
        return expected["verdict"], None, "no such function: " + expected["function"]
    found = functions[expected["function"]]["verdict"]
    if options.verbose:
        print(case, name, found, functions[expected["function"]]["reason"], sep="\t")
    return expected["verdict"], found, complaint(expected, functions, code)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("pairs")
    parser.add_argument("out")
    parser.add_argument("--audits")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--case")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    cases = sorted(case for case in os.listdir(options.pairs)
                   if os.path.isdir(os.path.join(options.pairs, case)))
    if options.case:
        cases = [case for case in cases if case == options.case]
    work = [(case, file[:-2]) for case in cases
            for file in sorted(os.listdir(os.path.join(options.pairs, case)))
            if file.endswith(".s")]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda item: judge(options, *item), work))
    if options.audits:
        os.makedirs(options.audits, exist_ok=True)
        for case, name in work:
            stem = os.path.join(options.out, case + "-" + name + ".json")
            is_first = name == min(n for c, n in work if c == case and n.startswith("bad-"))
            if (name == "good" or is_first) and os.path.exists(stem):
                shutil.copy(stem, os.path.join(options.audits, "pair-%s-%s.json" % (case, name)))
    failed = 0
    for (case, name), (_, _, wrong) in zip(work, results):
        if wrong is not None:
            failed += 1
            print("%s/%s.s: %s" % (case, name, wrong))
    twins = [found for expected, found, _ in results if expected == "rejected"]
    print("%d cases: %d proved, %d right but not proved; %d twins rejected, %d of them refuted" % (
        len(cases), sum(found == "proved" for expected, found, _ in results if expected == "proved"),
        sum(expected == "undecided" for expected, _, _ in results),
        sum(found not in (None, "proved") for found in twins), twins.count("refuted")))
    if not work:
        print("nothing to check")
    sys.exit(1 if failed or not work else 0)


if __name__ == "__main__":
    main()
