#!/usr/bin/python3
"""The self-test of the kernel library passes on the C0 machine and on the VAMP, which leave the
same globals behind.

    kernel_selftest.py BIN SOURCE_ROOT
"""

import glob
import json
import os
import subprocess
import sys
import tempfile


def shown(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:2])}: exit code {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def main():
    binaries, root = sys.argv[1:3]
    sources = sorted(glob.glob(os.path.join(root, "kernel", "lib", "*.c0")))
    vouch, c0c = os.path.join(binaries, "vouch"), os.path.join(binaries, "c0c")
    interp = shown([vouch, "interp", *sources, "--call", "main"])
    with tempfile.TemporaryDirectory() as scratch:
        image = os.path.join(scratch, "lib.elf")
        subprocess.run([c0c, "-o", image, *sources], check=True)
        call = shown([vouch, "call", image, "main"])
    wrong = [f"{name}: check {run['result']} failed" for name, run in
             (("interp", interp), ("call", call)) if run["result"] != 0]
    if interp["globals"]["checks"] < 200:
        wrong.append(f"only {interp['globals']['checks']} checks were made")
    wrong += [f"{name} differs" for name in interp["globals"]
              if interp["globals"][name] != call["globals"].get(name)]
    for line in wrong:
        print(line)
    print(f"{interp['globals']['checks']} checks; {interp['steps']} steps of C0, "
          f"{call['steps']} of the VAMP")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
