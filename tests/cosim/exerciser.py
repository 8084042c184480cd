#!/usr/bin/python3
"""Every primitive on drawn states: exerciser.py BIN FOLDER RUNS SEED

Builds a kernel whose abstract part is tests/cosim/exerciser, the CVM layer being the project's, and runs it
beside the abstract machine RUNS times: swap disks that fail here and there, resets at any time, lines of all
devices. All runs must agree, and together cover every primitive, every transition and nearly all of the layer.
"""
import json
import os
import random
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../kernel/build"))
from make_kernel import PROGRAMS, Kernel  # noqa: E402

PROCESSES, PAGES, SECTORS_OF_PAGE = 6, 12, 8
PARAMETERS = [f"PROCESS_COUNT={PROCESSES}u", f"VIRTUAL_PAGES={PAGES}u", "FRAME_COUNT=8u", "KERNEL_BYTES=0x40000u",
              "MEMORY_BYTES=0x50000u"]
STEPS = 3000000
PROGRAMS_DRAWN = 6
LAYER_LEAST = 95.0  # percent of its statements


def folder_of(folder):
    return folder.replace("kernel/abstract", "tests/cosim/exerciser")


class Exerciser(Kernel):
    @staticmethod
    def sources(folders=("kernel/cvm", "kernel/abstract")):
        return Kernel.sources([folder_of(folder) for folder in folders])


def draw_defects(draw):
    sectors = PROCESSES * PAGES * SECTORS_OF_PAGE
    swap = [{"first": draw.randrange(PAGES * SECTORS_OF_PAGE, sectors - 16), "count": draw.randrange(1, 16),
             "read": draw.random() < 0.5, "write": draw.random() < 0.6} for _ in range(draw.randrange(1, 4))]
    system = [{"first": draw.randrange(80), "count": draw.randrange(1, 5), "read": True, "write": False}]
    return {"swap": swap if draw.random() < 0.6 else [], "system": system if draw.random() < 0.3 else []}


def draw_scenario(seed):
    draw = random.Random(seed)
    scenario = {
        "scenario": 1, "name": f"exerciser {seed}", "kernel": "../kernel.json",
        "programs": [{"name": "seed", "words": [f"{draw.randrange(1 << 32):08x}"]}] +
                    [{"name": f"drawn{i}", "seed": 16 * seed + i} for i in range(PROGRAMS_DRAWN)],
        "oracle": {"seed": seed, "jitter": True, "tick_steps": draw.choice([500, 3000, 20000]),
                   "done_steps": draw.choice([1, 10, 30])},
        "inputs": {"serial_bytes": draw.choice([0, 2000]), "network_frames": draw.choice([0, 500])},
        "defects": draw_defects(draw),
        "checks": {"primitives": draw.random() < 0.7, "sweep": draw.choice([20, 200]),
                   "user_steps": draw.choice([0, 0, 13, 500])},
        "limits": {"steps": STEPS}}
    if draw.random() < 0.3:
        scenario["oracle"]["reset_step"] = draw.randrange(1, STEPS)
    return scenario


def percentage(table, part):
    for line in table.splitlines():
        words = line.split()
        if words[:1] == [part] and len(words) == 4:
            return float(words[3].rstrip("%"))
    sys.exit(f"the table has no line for {part}:\n{table}")


def main():
    programs, folder, runs, seed = sys.argv[1:5]
    kernel = Exerciser(programs, folder, PARAMETERS)
    kernel.make_kernel()
    kernel.make_disk(PROGRAMS[:2])
    os.makedirs(kernel.path("scenarios"), exist_ok=True)
    paths = []
    for number in range(int(seed), int(seed) + int(runs)):
        paths.append(kernel.path("scenarios", f"{number}.json"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            json.dump(draw_scenario(number), file, indent=1)
    found = kernel.path("runs.json")
    made = subprocess.run([kernel.tool("vouch"), "cosim", *paths, "--coverage", "--json", found, "--replays",
                           kernel.path(), "-j", "2"], stdout=subprocess.PIPE, text=True, check=False)
    if made.returncode != 0:
        sys.exit(f"{made.stdout}\nvouch cosim ended with {made.returncode}")
    with open(found, encoding="utf-8") as file:
        results = json.load(file)
    never = [line for line in made.stdout.splitlines() if line.endswith("  never")]
    assert len(results) == len(paths) and all(run["status"] == "agreed" for run in results), made.stdout
    assert not never, "\n".join(never)
    covered = percentage(made.stdout, "kernel/cvm")
    assert covered >= LAYER_LEAST, f"{covered}% of the layer"
    print(f"{len(results)} runs agree; {covered}% of the layer's statements")


if __name__ == "__main__":
    main()
