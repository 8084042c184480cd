#!/usr/bin/python3
"""Validates audits against the published schema.

    schema.py SCHEMA FILE-OR-FOLDER...

Finding no audit is a failure. The schema itself is tried as well: each audit with a member taken
away, added or falsified must be refused.
"""
import copy
import json
import os
import sys

import jsonschema


def audits_in(places):
    for place in places:
        if os.path.isdir(place):
            for name in sorted(os.listdir(place)):
                if name.endswith(".json"):
                    yield os.path.join(place, name)
        else:
            yield place


def excerpt(audit):
    """The audit with one function of each verdict: spoiling that many is enough."""
    firsts = {function["verdict"]: function for function in reversed(audit["functions"])}
    return {**audit, "functions": list(firsts.values())}


def spoiled(audit):
    """Copies of an audit, each with one defect that the schema must see."""
    for key in audit:
        copied = copy.deepcopy(audit)
        del copied[key]
        yield f"without {key}", copied
    for place in ("functions", "contracts", "checks"):
        for key in audit[place][0] if audit[place] else ():
            copied = copy.deepcopy(audit)
            del copied[place][0][key]
            yield f"{place} without {key}", copied
    for key in audit["inputs"]:
        copied = copy.deepcopy(audit)
        del copied["inputs"][key]
        yield f"inputs without {key}", copied
    for path, value in (
        (("surprise",), 1),
        (("functions", 0, "surprise"), 1),
        (("functions", 0, "verdict"), "probably"),
        (("functions", 0, "cuts"), -1),
        (("functions", 0, "seconds"), 0.5),
        (("inputs", "image", "sha256"), "0" * 63),
        (("inputs", "headers"), [{"path": "a.h"}]),
        (("inputs", "headers"), [{"path": "a.h", "sha256": "0" * 64}] * 2),
        (("inputs", "preprocessor_arguments"), ["-o"]),
        (("accepted",), 1),
        (("format",), 1),
    ):
        copied = copy.deepcopy(audit)
        inner = copied
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        yield f"{path} = {value!r}", copied
    for index, function in enumerate(audit["functions"]):
        copied = copy.deepcopy(audit)
        changed = copied["functions"][index]
        if function["verdict"] == "proved":
            changed["verdict"] = "refuted"
            yield f"{function['name']} refuted without a counterexample", copied
        else:
            changed["reason"] = None
            yield f"{function['name']} not proved without a reason", copied


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    audits = failures = defects = 0
    for path in audits_in(sys.argv[2:]):
        with open(path, encoding="utf-8") as file:
            audit = json.load(file)
        audits += 1
        for error in validator.iter_errors(audit):
            failures += 1
            print(f"{path}: {'/'.join(map(str, error.path))}: {error.message}")
        for defect, copied in spoiled(excerpt(audit)):
            defects += 1
            if validator.is_valid(copied):
                failures += 1
                print(f"{path}: the schema accepts it {defect}")
    print(f"{audits} audits, {defects} spoiled copies, {failures} failures")
    return 1 if failures or audits == 0 else 0


sys.exit(main())
