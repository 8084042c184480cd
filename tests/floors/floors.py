#!/usr/bin/python3
"""Checks that dependencies go strictly downward: what includes what, and what links what.

    floors.py [TREE]     checks the tree, then itself on made-up violations
"""
import os
import re
import sys

# A folder may include itself and every folder on a lower floor.
FLOOR = {
    "base": 0,
    "smt": 1,
    "semantics/c0": 2,
    "semantics/vamp": 2,
    "semantics/devices": 2,
    "image": 2,
    "semantics/c0a": 2.5,
    "semantics/cvm": 2.5,
    "physical": 3,
    "traces": 3,
    "validator/check": 3,
    "validator/vamp": 3,
    "validator/propose": 3,
    "compiler": 3,
    "report": 4,
    "cosim": 4,
    "gdb": 4,
    "tools": 5,
    "tests": 6,  # sees all
}

# ... and, on its own floor, only these.
BESIDE = {
    ("validator/vamp", "validator/check"),  # a target implements the table that check declares
    ("validator/propose", "validator/check"),  # the search reads what it has to convince
}

# Lower, and still not allowed: check is free of any target, the subject is apart from its judge.
APART = {
    ("validator/check", "semantics/vamp"),
    ("validator/check", "semantics/devices"),
    ("validator/check", "semantics/cvm"),
}

# Foreign headers that only some may see.
WALLS = [
    (re.compile(r"^z3.*\.h$"), ("smt/solver.c",)),
    (re.compile(r"^(lib|g)?elf\.h$"), ("image/", "compiler/")),
]

# Data and what is generated. The C0 in there is no code of a room: it is what rooms work on.
DATA = {"include", "kernel", "docs", "bench", "proofs-out"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
ROOM = re.compile(r"^room\(([^\s)]+)\s+([^\s)]+)([^)]*)\)", re.MULTILINE)


def room_of(path):
    """The folder of FLOOR or DATA that holds a file; None where there is none."""
    for folder in list(FLOOR) + list(DATA):
        if path.startswith(folder + "/"):
            return folder
    return None


def complaint(user, used):
    """Why `user` may not depend on `used`; None where it may."""
    if used in DATA:
        return f"{used}/ is data"
    if user == used or (user, used) in BESIDE:
        return None
    if (user, used) in APART:
        return f"{user} stays apart from {used}"
    if FLOOR[used] >= FLOOR[user]:
        return f"{user} is on floor {FLOOR[user]}, {used} on floor {FLOOR[used]}"
    return None


def check_includes(files):
    """Violations in `files`, a dictionary from path to content."""
    found = []
    for path, content in sorted(files.items()):
        user = room_of(path)
        if user is None:
            found.append(f"{path}: this folder has no floor")
        if user is None or user in DATA or user == "tests":  # tests see all
            continue
        for match in INCLUDE.finditer(content):
            line = content.count("\n", 0, match.start()) + 1
            why = include_complaint(path, user, match[1] == '"', match[2], files)
            if why:
                found.append(f"{path}:{line}: includes {match[2]}: {why}")
    return found


def include_complaint(path, user, is_ours, name, files):
    if not is_ours:
        for header, insiders in WALLS:
            if header.match(name) and not path.startswith(insiders):
                return f"only {', '.join(insiders)} may"
        return None
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    used = room_of(beside if beside in files else name)
    if (beside not in files and name not in files) or used is None:
        return "no such file in a room of this tree"
    return complaint(user, used)


def check_links(cmake):
    """Violations in the room(name folder linked...) lines of the top CMakeLists.txt."""
    rooms = {name: (folder, linked.split()) for name, folder, linked in ROOM.findall(cmake)}
    found = []
    for name, (folder, linked) in sorted(rooms.items()):
        for other in linked:
            if other in rooms:
                why = complaint(folder, rooms[other][0])
                if why:
                    found.append(f"CMakeLists.txt: room {name} links {other}: {why}")
    return found if rooms else ["CMakeLists.txt: no room(...) line found"]


def read_tree(top):
    files = {}
    for folder, folders, names in os.walk(top):
        folders[:] = [f for f in folders if not f.startswith(".") and f not in ("build", "__pycache__")]
        for name in names:
            if name.endswith((".c", ".h", ".def")):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    files[os.path.relpath(path, top)] = file.read()
    return files


def self_test():
    """Each made-up tree holds one violation, or none; a rule that finds too little is a defect."""
    headers = {"base/a.h": "", "smt/s.h": "", "semantics/c0/c.h": "", "semantics/vamp/v.h": "",
               "semantics/vamp/isa.def": "", "image/i.h": "", "validator/check/k.h": "",
               "validator/vamp/t.h": "", "validator/propose/p.h": "", "compiler/o.h": "",
               "report/r.h": "", "tools/x.h": "", "tests/y.h": "", "bench/b.h": ""}
    bad = [("base/x.c", '"smt/s.h"'), ("smt/x.c", '"semantics/c0/c.h"'), ("smt/x.c", "<z3.h>"),
           ("semantics/c0/x.c", '"semantics/vamp/v.h"'), ("semantics/vamp/x.c", '"image/i.h"'),
           ("validator/check/x.c", '"semantics/vamp/v.h"'),
           ("validator/check/x.c", '"../../semantics/vamp/v.h"'),
           ("validator/check/x.c", '"validator/vamp/t.h"'),
           ("validator/check/x.c", '"validator/propose/p.h"'),
           ("validator/check/x.c", '"compiler/o.h"'), ("validator/check/x.c", "<libelf.h>"),
           ("validator/propose/x.c", '"validator/vamp/t.h"'),
           ("compiler/x.c", '"validator/check/k.h"'), ("compiler/x.c", "<z3_api.h>"),
           ("report/x.c", '"tools/x.h"'), ("tools/x.c", '"tests/y.h"'), ("tools/x.c", '"bench/b.h"'),
           ("tools/x.c", '"nowhere.h"'), ("attic/x.c", '"base/a.h"')]
    good = [("smt/solver.c", "<z3.h>"), ("image/x.c", "<gelf.h>"), ("image/x.c", '"smt/s.h"'),
            ("semantics/vamp/x.c", '"isa.def"'), ("semantics/vamp/x.c", '"smt/s.h"'),
            ("validator/vamp/x.c", '"validator/check/k.h"'),
            ("validator/vamp/x.c", '"semantics/vamp/v.h"'),
            ("validator/propose/x.c", '"validator/check/k.h"'), ("tools/x.c", '"compiler/o.h"'),
            ("tests/unit/x.c", "<z3.h>"), ("base/x.c", "<stdio.h>"),
            ("kernel/lib/x.h", '"words.h"')]
    lines = [("room(base base)\nroom(smt smt base)", 0),
             ("room(base base smt)\nroom(smt smt base)", 1),
             ("room(check validator/check propose)\nroom(propose validator/propose check)", 1),
             ("", 1)]
    wrong = []
    for cases, expected in ((bad, 1), (good, 0)):
        for path, header in cases:
            found = check_includes({**headers, path: f"int before;\n# include {header}\n"})
            if len(found) != expected:
                wrong.append(f"self-test: {path} including {header}: {found}")
    for cmake, expected in lines:
        if len(check_links(cmake)) != expected:
            wrong.append(f"self-test: {cmake!r}: {check_links(cmake)}")
    return wrong


def main():
    top = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../..")
    files = read_tree(top)
    with open(os.path.join(top, "CMakeLists.txt"), encoding="utf-8") as file:
        found = self_test() + check_includes(files) + check_links(file.read())
    if len(files) < 10:
        found.append(f"only {len(files)} files found in {top}")
    for line in found:
        print(line)
    print(f"{len(files)} files, {len(found)} violations")
    return 1 if found else 0


sys.exit(main())
