#!/usr/bin/python3
"""The corpus is proved, again and again with the same bytes: corpus.py BIN SOURCES WORK AUDITS

Compiles kernel/lib, checks it with one worker and with two, re-checks the certificates without any
search, and asks the program z3 all the questions that were kept."""
import filecmp
import glob
import json
import os
import shutil
import subprocess
import sys

BIN, TREE, WORK, AUDITS = (os.path.abspath(argument) for argument in sys.argv[1:])
SOURCES = sorted(glob.glob("kernel/lib/*.c0", root_dir=TREE))
FUNCTIONS_MIN, LINES_MIN = 80, 1500
failures = []


def expect(what, holds):
    print(("holds:         " if holds else "DOES NOT HOLD: ") + what)
    if not holds:
        failures.append(what)


def run(program, *arguments):
    done = subprocess.run([os.path.join(BIN, program), *arguments], capture_output=True, text=True,
                          check=False, cwd=TREE)
    return done.returncode, done.stdout + done.stderr


def place(name):
    return os.path.join(WORK, name)


def load(name):
    with open(place(name), encoding="utf-8") as file:
        return json.load(file)


def same_trees(left, right):
    compared = filecmp.dircmp(left, right)
    _, different, odd = filecmp.cmpfiles(left, right, compared.common_files, shallow=False)
    if compared.left_only or compared.right_only or different or odd:
        return False
    return all(same_trees(os.path.join(left, name), os.path.join(right, name))
               for name in compared.common_dirs)


def compile_corpus():
    for name in ("corpus.elf", "again.elf"):
        code, output = run("c0c", "-o", place(name), *SOURCES)
        expect(f"c0c compiles the corpus into {name}", code == 0)
        if code != 0:
            sys.exit(output)
    expect("c0c makes the same image again",
           filecmp.cmp(place("corpus.elf"), place("again.elf"), shallow=False))
    lines = sum(1 for source in SOURCES for _ in open(os.path.join(TREE, source), "rb"))
    expect(f"the corpus has {LINES_MIN} lines or more ({lines})", lines >= LINES_MIN)


def check(name, *options):
    code, output = run("vouch", "check", place("corpus.elf"), *SOURCES, "--audit",
                       place(name + ".json"), *options)
    if code != 0:
        print(output)
    expect(f"vouch check {name} ends with 0", code == 0)
    return load(name + ".json")


def ask_z3(folder):
    """The scripts in a folder, and those of them that z3 does not find unsatisfiable."""
    scripts = glob.glob(os.path.join(folder, "**", "*.smt2"), recursive=True)
    answers = [subprocess.run(["z3", "-T:60", script], capture_output=True, text=True,
                              check=False).stdout.strip() for script in scripts]
    return scripts, [script for script, answer in zip(scripts, answers) if answer != "unsat"]


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    os.makedirs(AUDITS, exist_ok=True)
    compile_corpus()
    audit = check("one", "-j", "1", "--proofs", place("proofs-one"))
    check("two", "-j", "2", "--proofs", place("proofs-two"))
    checked = check("certified", "-j", "2", "--certificate", place("proofs-one"))
    shutil.copy(place("one.json"), os.path.join(AUDITS, "corpus.json"))
    shutil.copy(place("certified.json"), os.path.join(AUDITS, "certified.json"))

    expect("one worker and two write the same audit",
           filecmp.cmp(place("one.json"), place("two.json"), shallow=False))
    expect("one worker and two write the same proofs",
           same_trees(place("proofs-one"), place("proofs-two")))
    count = len(audit["functions"])
    expect(f"there are {FUNCTIONS_MIN} functions or more ({count})", count >= FUNCTIONS_MIN)
    expect("every function is proved",
           all(function["verdict"] == "proved" for function in audit["functions"]))
    expect("every byte of text is accounted for",
           0 < audit["text"]["bytes"] == audit["text"]["accounted_bytes"])
    expect("certificates alone give the same verdicts",
           [(f["name"], f["verdict"]) for f in audit["functions"]] ==
           [(f["name"], f["verdict"]) for f in checked["functions"]])
    scripts, doubtful = ask_z3(place("proofs-one"))
    expect(f"z3 answers all questions that were kept alike ({len(scripts)}) {doubtful or ''}",
           scripts and not doubtful)
    sys.exit(1 if failures else 0)


main()
