#!/usr/bin/python3
"""Holds scenario files against the schema: scenario_schema.py SCHEMA FOLDER.

FOLDER/good has files that vouch reads, FOLDER/bad such that it refuses; a name there begins with an
underscore where the schema cannot know what is wrong.
"""
import glob
import json
import os
import sys

import jsonschema

schema, folder = sys.argv[1:3]
with open(schema, encoding="utf-8") as file:
    definition = json.load(file)
jsonschema.Draft202012Validator.check_schema(definition)
validator = jsonschema.Draft202012Validator(definition)


def complaint(path):
    with open(path, encoding="utf-8") as content:
        error = jsonschema.exceptions.best_match(validator.iter_errors(json.load(content)))
    return error and f"{error.json_path}: {error.message[:200]}"


good = sorted(glob.glob(os.path.join(folder, "good", "*.json")))
bad = [path for path in sorted(glob.glob(os.path.join(folder, "bad", "*.json")))
       if not os.path.basename(path).startswith("_")]
failures = [f"{path}: {why}" for path in good if (why := complaint(path))]
failures += [f"{path}: the schema has nothing against it" for path in bad if not complaint(path)]
for failure in failures:
    print(failure)
print(f"{len(good)} good files, {len(bad)} bad ones")
sys.exit(bool(failures) or len(good) < 10 or len(bad) < 40)
