#!/usr/bin/python3
"""Files may have odd names: odd_paths.py BIN WORK"""
import json
import os
import shutil
import subprocess
import sys

BIN, WORK = os.path.abspath(sys.argv[1]), sys.argv[2]
# A static function and an allocation: the image then holds the source's name in several tables.
SOURCE = """#include <c0.h>

struct pair {
    int left;
    int right;
};

struct pair *last;

static int keep(int left)
{
    struct pair *made;

    made = new(struct pair);
    if (made != NULL) {
        made->left = left;
        last = made;
    }
    return left;
}

int run(int left)
{
    int kept;

    kept = keep(left);
    return kept + 1;
}
"""
NAMES = ["a file.c0", "plus+0x10 and 'quotes'.c0", "at@sign:colon.c0", "-leading.c0", "\u00e4.c0"]
EXPECTED = {"last": "heap#0"}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    os.chdir(WORK)
    vouch, c0c = os.path.join(BIN, "vouch"), os.path.join(BIN, "c0c")
    for name in NAMES:
        with open(name, "w", encoding="utf-8") as file:
            file.write(SOURCE)
        path = "./" + name
        image, audit, proofs = path + ".elf", path + ".json", path + ".proofs"
        run(c0c, "-g", "-o", image, path)
        for ran in (run(vouch, "interp", path, "--call", "run", "41"),
                    run(vouch, "call", image, "run", "41")):
            answer = json.loads(ran)
            if answer["result"] != 42 or answer["globals"] != EXPECTED:
                sys.exit(f"{name}: {ran}")
        run(vouch, "check", image, path, "--audit", audit, "--proofs", proofs)
        run(vouch, "check", image, path, "--certificate", proofs)
        with open(audit, encoding="utf-8") as file:
            if json.load(file)["inputs"]["sources"][0]["path"] != path:
                sys.exit(f"{name}: the audit names another source")
    print(f"{len(NAMES)} names")


main()
