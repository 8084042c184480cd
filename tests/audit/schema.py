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
    """The audit with one function of each verdict and few runs: spoiling that many is enough."""
    shorter = dict(audit)
    if "functions" in audit:
        firsts = {function["verdict"]: function for function in reversed(audit["functions"])}
        shorter["functions"] = list(firsts.values())
    if "cosim" in audit:
        section = audit["cosim"]
        firsts = {scenario["status"]: scenario for scenario in reversed(section["scenarios"])}
        batches = [{**batch, "not_agreed": batch["not_agreed"][:1]}
                   for batch in section["batches"][:2]]
        shorter["cosim"] = {**section, "scenarios": list(firsts.values()), "batches": batches}
    return shorter


# Members of any audit, of the part that vouch check writes, and of the one that vouch cosim writes.
CHANGES = (
    (("surprise",), 1),
    (("inputs", "image", "sha256"), "0" * 63),
    (("inputs", "headers"), [{"path": "a.h"}]),
    (("inputs", "headers"), [{"path": "a.h", "sha256": "0" * 64}] * 2),
    (("inputs", "preprocessor_arguments"), ["-o"]),
    (("accepted",), 1),
    (("format",), 1),
)
CHANGES_CHECK = (
    (("scope",), "runs"),
    (("functions", 0, "surprise"), 1),
    (("functions", 0, "verdict"), "probably"),
    (("functions", 0, "cuts"), -1),
    (("functions", 0, "seconds"), 0.5),
)
CHANGES_COSIM = (
    (("cosim", "surprise"), 1),
    (("cosim", "agreed"), "yes"),
    (("cosim", "kernel", "sha256"), "0"),
    (("cosim", "totals", "statuses", "agreed"), -1),
    (("cosim", "totals", "primitives", "cvm_fork"), 1),
    (("cosim", "totals", "counts", "seconds"), 1.5),
    (("cosim", "totals", "counts", "compared", "mask"), None),
    (("cosim", "totals", "counts", "events"), [0] * 7),
    (("cosim", "coverage", "parts", 0, "part"), "kernel/cvm"),
    (("cosim", "coverage", "parts", 1, "files", 0, "statements"), 0),
    (("cosim", "coverage", "parts", 1, "uncovered"), [{"file": "a.c0", "line": 0}]),
)


def changed(audit, path, value):
    copied = copy.deepcopy(audit)
    inner = copied
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return f"{path} = {value!r}", copied


def spoiled_section(audit):
    """What the section must not say of itself, and without what it is none."""
    section = audit["cosim"]
    for path in (("cosim",), ("cosim", "totals"), ("cosim", "totals", "transitions"),
                 ("cosim", "totals", "counts", "compared"), ("cosim", "coverage", "parts", 0)):
        inner = audit
        for step in path:
            inner = inner[step]
        for key in inner:
            yield f"{path} without {key}", changed(
                audit, path, {name: inner[name] for name in inner if name != key})[1]
    if section["agreed"]:
        yield changed(audit, ("cosim", "totals", "statuses", "diverged"), 1)
        yield changed(audit, ("cosim", "totals", "scenarios"), 0)
        yield "agreed without a run", changed(audit, ("cosim",), {**section, "scenarios": [],
                                                                  "batches": []})[1]
    else:
        yield changed(audit, ("accepted",), True)
        if section["totals"]["scenarios"]:
            yield changed(audit, ("cosim", "agreed"), True)
    if not section["accepted_by_check"]:
        yield changed(audit, ("accepted",), True)
    for index, scenario in enumerate(section["scenarios"]):
        place = ("cosim", "scenarios", index)
        yield changed(audit, place + ("file",), None)
        yield changed(audit, place + ("seed",), "1")
        yield changed(audit, place + ("status",), "unknown")
        if scenario["status"] == "agreed":
            for count in ("steps", "user_steps", "checks", "sweeps"):
                yield changed(audit, place + ("counts", count), 0)
        if scenario["status"] == "diverged":
            yield changed(audit, place + ("divergence",), None)
            yield changed(audit, place + ("divergence", "conjunct"), "luck")
    for index, batch in enumerate(section["batches"]):
        place = ("cosim", "batches", index)
        yield changed(audit, place + ("first_seed",), 1)
        yield changed(audit, place + ("scenarios",), 0)
        if batch["not_agreed"]:
            yield changed(audit, place + ("not_agreed",), [])
            yield changed(audit, place + ("not_agreed", 0, "status"), "agreed")
            yield changed(audit, place + ("not_agreed", 0, "seed"), None)
        else:
            yield changed(audit, place + ("counts", "checks"), 0)


def spoiled(audit):
    """Copies of an audit, each with one defect that the schema must see."""
    has_check, has_cosim = audit["scope"] != "runs", "cosim" in audit
    for key in audit:
        if key == "cosim" and has_check:
            continue
        copied = copy.deepcopy(audit)
        del copied[key]
        yield f"without {key}", copied
    for place in ("functions", "contracts", "checks"):
        for key in audit[place][0] if audit.get(place) else ():
            copied = copy.deepcopy(audit)
            del copied[place][0][key]
            yield f"{place} without {key}", copied
    for key in audit["inputs"]:
        copied = copy.deepcopy(audit)
        del copied["inputs"][key]
        yield f"inputs without {key}", copied
    for path, value in (CHANGES + (CHANGES_CHECK if has_check else ()) +
                        (CHANGES_COSIM if has_cosim else ())):
        yield changed(audit, path, value)
    if has_cosim:
        yield from spoiled_section(audit)
    if not has_check:
        for key, value in (("scope", "image"), ("functions", []), ("checks", []),
                           ("accepted", True)):
            yield changed(audit, (key,), value)
    for index, function in enumerate(audit.get("functions", ())):
        copied = copy.deepcopy(audit)
        spoilt = copied["functions"][index]
        if function["verdict"] == "proved":
            spoilt["verdict"] = "refuted"
            yield f"{function['name']} refuted without a counterexample", copied
        else:
            spoilt["reason"] = None
            yield f"{function['name']} not proved without a reason", copied


def together(audits):
    """A section of runs within an audit of vouch check: what `vouch cosim --audit` makes of both."""
    sections = {audit["cosim"]["agreed"]: audit["cosim"]
                for audit in audits if audit["scope"] == "runs"}
    for audit in audits:
        if audit["scope"] == "runs" or "cosim" in audit:
            continue
        for section in sections.values():
            yield {**audit, "accepted": audit["accepted"] and section["agreed"],
                   "cosim": {**section, "accepted_by_check": audit["accepted"]}}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    found = []
    for path in audits_in(sys.argv[2:]):
        with open(path, encoding="utf-8") as file:
            found.append((path, json.load(file)))
    audits = failures = defects = 0
    found += [("a section within an audit", audit)
              for audit in together([excerpt(audit) for _, audit in found])]
    for path, audit in found:
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
