#!/usr/bin/python3
"""The audit names every file and argument that the preprocessor saw: inputs.py BIN WORK AUDITS"""
import copy
import hashlib
import json
import os
import shutil
import subprocess
import sys

BIN, WORK, AUDITS = (os.path.abspath(argument) for argument in sys.argv[1:])
FILES = {
    "lib/limits.h": "#define LIMIT 7\n#define UNUSED 1\n",
    "lib/empty.h": "",
    "lib/shape.h": "#ifndef SHAPE_H\n#define SHAPE_H\n#include \"limits.h\"\n"
                   "struct shape {\n    int sides[LIMIT];\n};\n#endif\n",
    "lib/never.h": "this is not C0\n",
    "src/first.c0": """#include <c0.h>
#include <shape.h>
#include "../lib/empty.h"
#ifdef NEVER
#include <never.h>
#endif

struct shape shapes[3];

int first(int i)
{
    int side;

    side = OUTSIDE;
    if (i >= 0 && i < LIMIT) {
        side = shapes[0].sides[i];
    }
    return side;
}
""",
    "src/second.c0": """#include "../lib/shape.h"

int second(int a)
{
    return a + LIMIT;
}
""",
}
SOURCES = ["src/first.c0", "src/second.c0"]
ARGUMENTS = ["-Ilib", "-DOUTSIDE=-1"]
HEADERS = ["<c0.h>", "lib/empty.h", "lib/limits.h", "lib/shape.h"]
failures = []


def expect(what, holds):
    print(("holds:         " if holds else "DOES NOT HOLD: ") + what)
    if not holds:
        failures.append(what)


def write(path, content):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def make_tree(name):
    """A directory with the files and the image; it becomes the current one."""
    os.makedirs(os.path.join(WORK, name))
    os.chdir(os.path.join(WORK, name))
    for path, content in FILES.items():
        write(path, content)
    subprocess.run([os.path.join(BIN, "c0c"), "-o", "image.elf", *ARGUMENTS, *SOURCES], check=True)


def check(name, *options, arguments=tuple(ARGUMENTS), code=0, **environment):
    """What vouch check wrote into name.json; None if it ended with another code."""
    done = subprocess.run([os.path.join(BIN, "vouch"), "check", "image.elf", *SOURCES, *arguments,
                           "--audit", name + ".json", *options], capture_output=True, text=True,
                          check=False, env={**os.environ, **environment})
    if done.returncode != code:
        print(done.stdout, done.stderr)
        expect(f"{name} ends with {code}", False)
        return None
    return done.stderr if code == 2 else read(name + ".json")


def digest(path):
    return hashlib.sha256(read(path)).hexdigest()


def is_complete(audit, c0_header):
    """The audit has the digest of every file there is to name, and nothing else."""
    def files(paths):
        return [{"path": path, "sha256": digest(c0_header if path == "<c0.h>" else path)}
                for path in paths]
    return audit["inputs"] == {"headers": files(HEADERS), "image": files(["image.elf"])[0],
                               "preprocessor_arguments": ARGUMENTS, "sources": files(SOURCES)}


def differences(left, right, path=""):
    """The places at which two audits differ."""
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        return [place for key in left for place in differences(left[key], right[key],
                                                               f"{path}/{key}")]
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return [place for i, pair in enumerate(zip(left, right))
                for place in differences(*pair, f"{path}/{i}")]
    return [] if left == right else [path]


def check_completeness(audit, c0_header):
    expect("the audit names every file, the empty header and the one of macros too",
           is_complete(audit, c0_header))
    for i, header in enumerate(HEADERS):
        for change in ("without", "with another digest of"):
            twin = copy.deepcopy(audit)
            if change == "without":
                del twin["inputs"]["headers"][i]
            else:
                twin["inputs"]["headers"][i]["sha256"] = "0" * 64
            expect(f"an audit {change} {header} is seen", not is_complete(twin, c0_header))


def check_changes(audit):
    write("lib/limits.h", FILES["lib/limits.h"].replace("UNUSED 1", "UNUSED 2"))
    changed = json.loads(check("header"))
    expect("a change in a header that changes nothing else shows in its digest alone",
           differences(audit, changed) == ["/inputs/headers/2/sha256"])
    write("lib/limits.h", FILES["lib/limits.h"])
    more = json.loads(check("macro", "-D", "UNUSED_TOO=1"))
    expect("another -D shows, though no text depends on it",
           differences(audit, more) == ["/inputs/preprocessor_arguments"]
           and more["inputs"]["preprocessor_arguments"] == ARGUMENTS + ["-DUNUSED_TOO=1"])
    write("lib/never.h", "neither is this\n")
    expect("a header that is not read does not count",
           not differences(audit, json.loads(check("never"))))


def check_places(first, c0_header):
    """The same inputs elsewhere give the same bytes."""
    expect("no directory of the machine is in the audit",
           not any(place.encode() in first for place in (WORK, BIN, os.path.dirname(BIN))))
    expect("two workers and arguments in two parts change nothing",
           first == check("parted", "-j", "2",
                          arguments=["-I", "lib", "-D", "OUTSIDE=-1"]))
    make_tree("elsewhere")
    shutil.copytree(os.path.dirname(c0_header), "include")
    expect("another place of everything changes nothing",
           first == check("moved", VOUCH_INCLUDE=os.path.abspath("include")))
    write("include/c0.h", read(c0_header).decode() + "/* more */\n")
    expect("another c0.h shows",
           differences(json.loads(first),
                       json.loads(check("other", VOUCH_INCLUDE=os.path.abspath("include"))))
           == ["/inputs/headers/0/sha256"])


def meddling_cpp(name, when):
    """A directory with a cpp that changes lib/limits.h behind the back of who runs it."""
    real = shutil.which("cpp")
    write(f"{name}/cpp", f"""#!/bin/sh
{real} "$@"
code=$?
count=$(cat {name}/count 2> /dev/null || echo 0)
echo $((count + 1)) > {name}/count
if [ {when} ]; then
    echo "/* $count */" >> lib/limits.h
fi
exit $code
""")
    os.chmod(f"{name}/cpp", 0o755)
    return f"{os.path.abspath(name)}:{os.environ['PATH']}"


def check_races(audit):
    """What changes while it is read is read again, and given up in the end."""
    before = digest("lib/limits.h")
    once = json.loads(check("once", PATH=meddling_cpp("once", "$count -eq 1")))
    expect("a header that changed while it was read has its digest of the end",
           before != digest("lib/limits.h")
           and once["inputs"]["headers"][2]["sha256"] == digest("lib/limits.h")
           and differences(audit, once) == ["/inputs/headers/2/sha256"])
    write("lib/limits.h", FILES["lib/limits.h"])
    between = check("between", code=2, PATH=meddling_cpp("between", "$count -eq 2"))
    expect("a header that changes between two sources is refused",
           between and "lib/limits.h: error: changes" in between)
    write("lib/limits.h", FILES["lib/limits.h"])
    always = check("always", code=2, PATH=meddling_cpp("always", "1 -eq 1"))
    expect("a header that keeps changing is refused",
           always and "src/first.c0: error: changes" in always)
    write("lib/limits.h", FILES["lib/limits.h"])


def check_missing():
    os.rename("lib/limits.h", "lib/gone.h")
    missing = check("missing", code=2)
    expect("a missing header is reported where it is included",
           missing and "lib/shape.h:3:10: error: limits.h: No such file or directory" in missing)
    os.rename("lib/gone.h", "lib/limits.h")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    c0_header = os.path.join(BIN, "../include/c0.h")
    make_tree("here")
    first = check("first", "-j", "1")
    audit = json.loads(first)
    shutil.copy("first.json", os.path.join(AUDITS, "inputs.json"))
    check_completeness(audit, c0_header)
    check_changes(audit)
    check_missing()
    check_races(audit)
    check_places(first, c0_header)
    sys.exit(1 if failures else 0)


os.makedirs(AUDITS, exist_ok=True)
main()
