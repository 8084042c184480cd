#!/usr/bin/python3
"""Looks at timelines: pictures.py FOLDER...

Each must be XML without scripts or anything from elsewhere; all that is drawn lies within the
picture, what is drawn in a lane within that lane; a lane whose figure is not 0 shows something, one
whose figure is 0 shows nothing. Finding no picture is a failure.
"""
import glob
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
MARKS = set("ukfzmprwdcsx")  # classes of what stands in lanes
SERIES = {"primitives": "p", "page faults": "f", "swap reads": "r", "swap writes": "w",
          "checks": "c", "sweeps": "s", **dict.fromkeys(
              ("timer", "swap disk", "serial", "network", "controller", "system disk"), "d")}
BAR = re.compile(r"M(\d+) (-?[\d.]+)h(\d+)v-([\d.]+)h-\3z")


class Broken(Exception):
    pass


def box(element):
    return [float(element.get(name, "0")) for name in ("x", "y", "width", "height")]


def boxes_of_path(element):
    """The bars of a path of bars."""
    data = element.get("d")
    bars = BAR.findall(data)
    if len("".join(f"M{x} {y}h{w}v-{h}h-{w}z" for x, y, w, h in bars)) != len(data):
        raise Broken(f"a path of something else than bars: {data[:80]}")
    for x, y, width, height in bars:
        yield [float(x), float(y) - float(height), float(width), float(height)]


def lanes_of(root):
    """Each lane's box, name and figure: three elements one after the other."""
    elements = list(root)
    for i, element in enumerate(elements):
        if element.tag == SVG + "rect" and element.get("class") == "e":
            yield box(element), elements[i + 1].text, elements[i + 2].text


def marks_of(root, legend_end):
    for element in root:
        kind = element.get("class")
        if kind not in MARKS:
            continue
        boxes = boxes_of_path(element) if element.tag == SVG + "path" else [box(element)]
        for place in boxes:
            if place[1] > legend_end:
                yield kind, place


def is_within(inner, outer, slack):
    return (inner[0] >= outer[0] - slack and inner[1] >= outer[1] - 0.06 and
            inner[0] + inner[2] <= outer[0] + outer[2] + slack and
            inner[1] + inner[3] <= outer[1] + outer[3] + 0.06)


def check_document(root, content):
    if root.tag != SVG + "svg":
        raise Broken("no SVG document")
    if re.search(r"<script|javascript:|\shref|\sxlink|url\(|@import|\son\w+=", content):
        raise Broken("a script, or something from elsewhere")
    picture = [float(number) for number in root.get("viewBox").split()]
    for element in root.iter():
        if element.tag == SVG + "rect" and element.get("width") != "100%":
            if box(element)[2] < 0 or not is_within(box(element), picture, 1):
                raise Broken(f"outside the picture: {box(element)}")
        if element.tag == SVG + "text":
            x, y = float(element.get("x")), float(element.get("y"))
            if not (0 <= x <= picture[2] and 0 <= y <= picture[3]):
                raise Broken(f"outside the picture: {element.text}")


def check_lanes(root):
    lanes = list(lanes_of(root))
    if len(lanes) < 2:
        raise Broken("no lanes")
    marks = list(marks_of(root, lanes[0][0][1] - 1))
    seen = {}
    for kind, place in marks:
        inside = [i for i, lane in enumerate(lanes) if is_within(place, lane[0], 1)]
        if len(inside) != 1:
            raise Broken(f"a mark of class {kind} in no lane: {place}")
        seen.setdefault(inside[0], set()).add(kind)
    for i, (_, name, figure) in enumerate(lanes):
        if name in SERIES:
            shown = seen.get(i, set())
            if shown != ({SERIES[name]} if figure != "0" else set()):
                raise Broken(f"the lane '{name}' with the figure {figure} shows {shown or 'nothing'}")
    if 0 not in seen:
        raise Broken("nothing is in the processor's lane")
    return len(lanes), len(marks)


def main():
    paths = [path for folder in sys.argv[1:] for path in sorted(glob.glob(os.path.join(folder, "*.svg")))]
    failures = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            content = file.read()
        try:
            root = ElementTree.fromstring(content)
            check_document(root, content)
            lanes, marks = check_lanes(root)
            print(f"{os.path.basename(path)}: {lanes} lanes, {marks} marks, {len(content)} bytes")
        except (Broken, ElementTree.ParseError, ValueError) as error:
            failures += 1
            print(f"{path}: {error}")
    print(f"{len(paths)} pictures, {failures} failures")
    return 1 if failures or not paths else 0


sys.exit(main())
