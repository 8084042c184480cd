#!/usr/bin/python3
"""Checks vouch interp from the outside: interp.py VOUCH SOURCE_ROOT"""
import json
import os
import subprocess
import sys
import tempfile

VOUCH, ROOT = sys.argv[1:]
failures = []

SOURCE = """#include <c0.h>
struct s { int f; struct s *next; };
int n = 3;
char c;
bool b;
unsigned int u;
struct s g[2];
struct s *p;
int add(int x, int y) { return x + y + n; }
bool is_less(char x, char y) { return x < y; }
unsigned int top() { return 0xffffffffu; }
struct s *make() {
    p = new(struct s);
    p->next = &g[1];
    return p;
}
void nothing(struct s *q, bool t) { b = t && q == NULL; }
int divide(int x, int y) {
    n = 7;
    return x / y;
}
static int hidden() { return 5; }
int spin() { while (n == n) { n = n + 0; } return EXTRA; }
int down(int k) { int r; r = 0; if (k > 0) { r = down(k - 1); } return r + 1; }
"""


def expect(what, holds):
    if not holds:
        failures.append(what)


def interp(*arguments):
    return subprocess.run([VOUCH, "interp", *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, check=False)


def answer(*arguments, code=0, source="test.c0"):
    """The JSON of a run, the same by both readings."""
    run = interp(source, "-DEXTRA=1", *arguments)
    plain = interp("--plain", source, "-D", "EXTRA=1", *arguments)
    what = " ".join(arguments)
    expect(f"{what}: exit code {code}, not {run.returncode}: {run.stderr}", run.returncode == code)
    expect(f"{what}: the readings agree", run.stdout == plain.stdout)
    try:
        return json.loads(run.stdout)
    except ValueError:
        expect(f"{what}: prints JSON", False)
        return {"globals": {}, "fault": {}, "result": "", "status": "", "steps": 0}


def refuse(what, *arguments, says=""):
    run = interp(*arguments)
    expect(f"{what} exits with 2, not {run.returncode}", run.returncode == 2)
    expect(f"{what} prints nothing on stdout", run.stdout == "")
    expect(f"{what} says '{says}': {run.stderr}", says in run.stderr and run.stderr != "")


def check_answers():
    got = answer("--call", "add", "-5", "0x10")
    expect("arguments and result are numbers", got["result"] == 14 and got["status"] == "returned")
    expect("one statement is one step", got["steps"] == 1)
    expect("the members are these", sorted(got) == ["globals", "result", "status", "steps"])
    expect("globals are shown by their types",
           got["globals"] == {"n": 3, "c": 0, "b": False, "u": 0, "p": None,
                              "g": [{"f": 0, "next": None}, {"f": 0, "next": None}]})
    got = answer("--call", "add", "1", "2", "--set", "n=-100")
    expect("--set comes before the run", got["result"] == -97)
    got = answer("--set", "g[1].f=9", "--set", "c='x'", "--set", "b=true", "--set",
                 "u=4294967295", "--call", "top", "--max-steps", "5")
    expect("--set reaches parts", got["globals"]["g"][1]["f"] == 9)
    expect("--set takes characters and truths",
           got["globals"]["c"] == 120 and got["globals"]["b"] is True)
    expect("unsigned results have no sign", got["result"] == 4294967295)
    got = answer("--call", "is_less", "'a'", "'b'")
    expect("a bool result is a number", got["result"] == 1 and got["result"] is not True)
    got = answer("--call", "make")
    expect("pointers are paths", got["result"] == "heap#0" and got["globals"]["p"] == "heap#0")
    got = answer("--call", "nothing", "NULL", "true")
    expect("a void function has no result", got["result"] is None and got["globals"]["b"] is True)
    expect("a static function can be called", answer("--call", "hidden")["result"] == 5)
    expect("a static function can be called by its file",
           answer("--call", "test.c0:hidden")["result"] == 5)


def check_other_ends():
    got = answer("--call", "divide", "1", "0", code=1)
    line = SOURCE.split("\n").index("    return x / y;") + 1
    expect("a fault names its rule and place",
           got["status"] == "fault" and got["result"] is None and got["fault"] ==
           {"rule": "division", "location": {"file": "test.c0", "line": line, "column": 5}})
    expect("what was done before a fault stays", got["globals"]["n"] == 7 and got["steps"] == 1)
    got = answer("--call", "spin", "--max-steps", "1001", code=1)
    expect("the limit of steps ends a run", got["status"] == "limit" and got["steps"] == 1001)
    expect("a deep recursion returns", answer("--call", "down", "16000")["result"] == 16001)
    got = answer("--call", "down", "20000", code=1)
    expect("a deeper one faults", got["fault"]["rule"] == "stack-exhausted")


def check_refusals():
    with open("bad.c0", "w", encoding="utf-8") as file:
        file.write("int f() {\n    return 1 + true;\n}\n")
    refuse("a source with an error", "bad.c0", "--call", "f", says="bad.c0:2:")
    refuse("a missing source", "none.c0", "--call", "f", says="none.c0")
    test = ("test.c0", "-DEXTRA=1")
    refuse("no source", "--call", "f", says="source")
    refuse("no function", *test, says="--call")
    refuse("an unknown function", *test, "--call", "nobody", says="nobody")
    refuse("a function without its name", *test, "--call", says="--call")
    refuse("too few arguments", *test, "--call", "add", "1", says="2 arguments, not 1")
    refuse("too many arguments", *test, "--call", "top", "1", says="0 arguments, not 1")
    refuse("an int out of range", *test, "--call", "add", "1", "2147483648", says="2147483648")
    refuse("a char out of range", *test, "--call", "is_less", "1", "128", says="128")
    refuse("a word", *test, "--call", "add", "1", "two", says="two")
    refuse("an unknown global", *test, "--call", "top", "--set", "q=1", says="'q'")
    refuse("a setting out of range", *test, "--call", "top", "--set", "u=-1", says="-1")
    refuse("a setting of an array", *test, "--call", "top", "--set", "g=1", says="'g'")
    refuse("a pointer to somewhere", *test, "--call", "top", "--set", "p=12", says="12")
    refuse("a bad number of steps", *test, "--call", "top", "--max-steps", "-1", says="-1")
    refuse("an unknown option", *test, "--call", "top", "--fast", says="--fast")


def check_benchmarks():
    """The programs of the benchmark compute what their Lua twins compute."""
    for name in ("loop", "sort", "sieve"):
        path = os.path.join(ROOT, "bench", "programs", name)
        with open(path + ".lua", encoding="utf-8") as file:
            expected = subprocess.run(["lua5.4", "-"], input=file.read(), stdout=subprocess.PIPE,
                                      text=True, check=True).stdout
        run = interp(path + ".c0", "--call", "main", "--max-steps", "10000000000")
        expect(f"{name} computes what Lua does",
               run.returncode == 0 and json.loads(run.stdout)["result"] == int(expected))


with tempfile.TemporaryDirectory() as directory:
    ROOT, VOUCH = os.path.abspath(ROOT), os.path.abspath(VOUCH)
    os.chdir(directory)
    with open("test.c0", "w", encoding="utf-8") as out:
        out.write(SOURCE)
    check_answers()
    check_other_ends()
    check_refusals()
    check_benchmarks()

for failure in failures:
    print("does not hold:", failure)
sys.exit(1 if failures else 0)
