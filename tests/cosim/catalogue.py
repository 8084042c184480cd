"""The catalogue of seeded defects, tests/cosim/defects/*.txt.

An entry is `[name]`, then lines `Key: value` (a value goes on in lines that begin with a blank), and for
sources blocks: `@@`, then lines with `-` (the text that is there, once) and with `+` (what is to be there).

    What       the defect
    Conjuncts  of those that are right one must be named when it is found
    Because    why they are right
    Runs       what finds it, in this order; else `random`
    Survives   why no run of these finds it: one that does is an error of this catalogue
    Kernel     `small`: with 3 frames; `exerciser`: the kernel that calls every primitive
    Both       kernel: the abstract machine runs the patched source too
    File       the source that is patched
    Compile    sources to compile where the patched one is included by them; else the patched one
    Side       devices: which machine has the patched device: `physical` or `abstract`
    Device     devices: the patched class
    Function, Change   image: PATTERN | NUMBER | CHANGE, see instructions.py
"""
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GROUPS = ["layer", "kernel", "image", "abstract", "devices", "processor"]


def fail(message):
    sys.exit(f"{os.path.basename(sys.argv[0])}: error: {message}")


class Defect:
    def __init__(self, group, name):
        self.group, self.name, self.fields, self.patches = group, name, {}, []

    def get(self, key, default=""):
        return self.fields.get(key, default)

    def list(self, key, default=""):
        return self.get(key, default).split()

    def survives(self):
        return "Survives" in self.fields

    def patched(self):
        """The text of the patched file."""
        path = self.get("File")
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            text = file.read()
        for old, new in self.patches:
            if text.count(old) != 1:
                fail(f"{self.name}: the text to be patched is {text.count(old)} times in {path}")
            text = text.replace(old, new)
        return text


def parse(path):
    group = os.path.basename(path)[:-4]
    found, defect, key = [], None, None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().split("\n"), 1):
            def wrong():
                fail(f"{os.path.relpath(path, ROOT)}:{number}: what is `{line}`?")
            heading = re.fullmatch(r"\[([\w-]+)\]", line)
            field = re.fullmatch(r"([A-Z]\w*): (.*)", line)
            if heading:
                defect, key = Defect(group, heading[1]), None
                found.append(defect)
            elif defect is None:
                if line and not line.startswith("#"):
                    wrong()
            elif line == "@@":
                key = "@@"
                defect.patches.append(["", ""])
            elif key == "@@" and line[:1] in ("-", "+"):
                defect.patches[-1]["-+".index(line[0])] += line[1:] + "\n"
            elif field:
                key = field[1]
                defect.fields[key] = field[2]
            elif key not in (None, "@@") and line.startswith(" "):
                defect.fields[key] += line
            elif line:
                wrong()
    return found


def read():
    """All defects, by group and in the order of the files."""
    defects = [defect for group in GROUPS for defect in parse(os.path.join(HERE, "defects", group + ".txt"))]
    paths = glob.glob(os.path.join(HERE, "defects", "*.txt"))
    if len(paths) != len(GROUPS):
        fail("a group that is not known")
    names = [defect.name for defect in defects]
    for defect in defects:
        if names.count(defect.name) != 1:
            fail(f"{defect.name} is there twice")
        for key in ("What", "Conjuncts", "Because"):
            if key not in defect.fields:
                fail(f"{defect.name} has no `{key}`")
    return defects
