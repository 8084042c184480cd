"""Sums up what gcov found in a build folder: lines run and lines in all, a line a folder."""
import collections
import glob
import json
import os
import subprocess
import sys

top = os.getcwd()
run = collections.defaultdict(dict)
for data in glob.glob(os.path.join(sys.argv[1], "**/*.gcda"), recursive=True):
    found = subprocess.run(["gcov", "--json-format", "--stdout", os.path.abspath(data)],
                           capture_output=True, check=True).stdout
    for line in found.splitlines():
        for file in json.loads(line)["files"]:
            path = os.path.relpath(os.path.join(top, file["file"]), top)
            if path.startswith(("..", "tests/")):
                continue
            for entry in file["lines"]:
                number = entry["line_number"]
                run[path][number] = run[path].get(number, 0) + entry["count"]

rooms = collections.defaultdict(lambda: [0, 0])
for path, lines in run.items():
    for room in (os.path.dirname(path), "all"):
        rooms[room][0] += sum(count > 0 for count in lines.values())
        rooms[room][1] += len(lines)
for room, (covered, lines) in sorted(rooms.items(), key=lambda item: (item[0] == "all", item[0])):
    print(f"{room:20} {covered:6} of {lines:6} lines  {100 * covered / lines:5.1f}%")
