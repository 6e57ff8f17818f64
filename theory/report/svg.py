# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Figures as parts of a page: SVG without what a browser does not need, in the page's own colours.

What matplotlib writes is five to ten times as long: glyphs as paths, an identifier for every
artist, six decimals, and points that lie closer than any screen can show. Colours become variables
of the style sheet (`theory.report.style`), so that a figure is dark where the page is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from itertools import groupby
from xml.etree import ElementTree

import numpy as np
from matplotlib.figure import Figure

from theory.problems.base import Array
from theory.report.plots import rendered

APART = 0.25
"""How far a point may be moved, or a line from the points left out, in points of 1/72 inch."""

COLOURS = {
    "#000000": "text",
    "#444444": "soft",
    "#555555": "soft",
    "#666666": "axis",
    "#8a8a8a": "grey",
    "#b5b5b5": "pale",
    "#c8c8c8": "pale",
    "#d9d9d9": "shade",
    "#e9e9e9": "shade",
    "#ffffff": "page",
    "#0072b2": "blue",
    "#d55e00": "orange",
    "#009e73": "green",
    "#cc79a7": "pink",
    "#e69f00": "amber",
    "#56b4e9": "sky",
}
"""The variables of the style sheet for the colours of figures."""

LIGHT = {name: colour for colour, name in COLOURS.items()}
OWN = "fill:none;stroke-linejoin:round;font:8.5px 'DejaVu Sans',Verdana,sans-serif"
"""What the style sheet of a page says of figures, where there is none."""

INHERITED = {
    "fill": "none",
    "stroke-linecap": "butt",
    "stroke-linejoin": "round",
    "font-size": "8.5px",
    "font-family": "",
    "stroke-miterlimit": "",
    "stroke-dashoffset": "0",
    "text-anchor": "start",
}
"""What the style sheet says of all figures (empty: whatever is there), and is not repeated."""

SPACE = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
BLACK = {"fill": "var(--text)"}
"""What is filled where nothing is said: black, in SVG."""

NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")
STYLE = re.compile(r'style="([^"]*)"')
ONE = r'<path [^>]*?clip-path="(?:CLIP)"[^>]*/>'
CLIPPED = re.compile(ONE.replace("?:CLIP", '[^"]*') + "(?:" + ONE.replace("CLIP", r"\1") + ")+")
WIDE = 450
"""Figures that are wider, in points, are not made smaller than can be read: they scroll."""


def inline(figure: Figure, name: str, about: str) -> str:
    """Return a figure as an element of a page.

    Parameters
    ----------
    figure
        What is drawn.
    name
        Begins the identifiers in it, and has to be another for each figure of a page.
    about
        What it shows, for those who do not see it.
    """
    root = ElementTree.fromstring(rendered(figure, "svg", transparent=True, text=True))
    width, height = (float(size) for size in root.attrib["viewBox"].split()[2:])
    inner = CLIPPED.sub(_together, "".join(_inner(root, _Names(root, name))))
    kind = ' class="broad"' if width > WIDE else ""
    return (
        f'<svg{kind} role="img" aria-label="{escape(about)}" viewBox="0 0 {width:g} {height:g}"'
        f' width="{4 * width / 3:.0f}" height="{4 * height / 3:.0f}">{inner}</svg>'
    )


def _together(found: re.Match[str]) -> str:
    """Return paths with one clip path as a group that has it."""
    clip = f' clip-path="{found[1]}"'
    return f"<g{clip}>{found[0].replace(clip, '')}</g>"


def alone(figure: Figure, about: str) -> bytes:
    """Return a figure as a file of its own: on white, its text for readers that have fonts."""
    made = inline(figure, "f", about)
    colours = "".join(f"--{name}:{colour};" for name, colour in LIGHT.items())
    look = f"svg{{{colours}{OWN}}}text{{fill:#1d2126;white-space:pre}}"
    head, _, rest = made.partition(">")
    size = re.findall(r'viewBox="([^"]*)"', head)[0].split()[2:]
    page = f'<path d="M0 0h{size[0]}v{size[1]}H0z" fill="#fff"/>'
    style = f"<style>{look}</style>"
    return f'{head} xmlns="http://www.w3.org/2000/svg">{style}{page}{rest}\n'.encode()


def shared(page: str) -> str:
    """Return a page on which looks that figures have in common stand in the style sheet, once."""
    counts = Counter(STYLE.findall(page))
    names = {look: f"s{i}" for i, (look, count) in enumerate(counts.most_common()) if count > 2}
    rules = "".join(f".{name}{{{look}}}" for look, name in names.items())
    page = STYLE.sub(lambda m: f'class="{names[m[1]]}"' if m[1] in names else m[0], page)
    return page.replace("</style>", f"{rules}\n</style>", 1)


class _Names:
    """Short identifiers for what is referred to; all others are left out."""

    def __init__(self, root: ElementTree.Element, prefix: str) -> None:
        text = ElementTree.tostring(root, encoding="unicode")
        used = dict.fromkeys(re.findall(r"(?:href=\"|url\()#([\w-]+)", text))
        self.short = {old: f"{prefix}-{number}" for number, old in enumerate(used)}
        marks = {each.attrib["id"]: each for each in root.iter() if "id" in each.attrib}
        self.looks = {old: _look(marks[old].attrib.get("style", "")) for old in self.short}
        self.sizes = {old: _diameter(marks[old].attrib.get("d", "")) for old in self.short}
        self.round = self._roundness(root)
        self.lines = {old for old in self.short if "z" not in marks[old].attrib.get("d", "z")}

    def of(self, identifier: str) -> str:
        """Return the short one, empty for what nothing refers to."""
        return self.short.get(identifier, "")

    def _roundness(self, root: ElementTree.Element) -> dict[str, tuple[str, float]]:
        """Return colour and diameter of the marks that are round, in one colour."""
        found = {}
        for use in root.iter(f"{SPACE}use"):
            name = use.attrib[LINK][1:]
            look = BLACK | _look(use.attrib.get("style", "")) | self.looks[name]
            if self.sizes[name] and look.get("fill") == look.get("stroke", "none"):
                found[name] = (look["stroke"], self.sizes[name])
        return found

    def of_dot(self, element: ElementTree.Element) -> str:
        """Return the name of the round mark that is drawn; "" for any other element."""
        name = element.attrib.get(LINK, "#")[1:]
        return name if name in self.round else ""

    def within(self, value: str) -> str:
        """Return an attribute that refers to one, with the short one."""
        return re.sub(r"#([\w-]+)", lambda match: f"#{self.of(match[1])}", value)


def _diameter(data: str) -> float:
    """Return that of a round mark, its line included; 0 for what is not made of curves."""
    if "C" not in data:
        return 0.0
    numbers = [float(each) for each in NUMBER.findall(data)]
    return round(max(numbers) - min(numbers) + 1, 1)


def _inner(element: ElementTree.Element, names: _Names) -> Iterator[str]:
    """Yield the children of an element, as text; round marks together, as dots of one line."""
    children = (child for child in element if isinstance(child.tag, str))
    for mark, group in groupby(children, names.of_dot):
        if mark:
            colour, size = names.round[mark]
            places = (f"M{_rounded(u.attrib['x'])} {_rounded(u.attrib['y'])}h0" for u in group)
            look = f"stroke:{colour};stroke-width:{size:g};stroke-linecap:round"
            yield f'<path d="{"".join(places)}" style="{look}"/>'
            continue
        for child in group:
            yield from _written(child, names)


def _written(element: ElementTree.Element, names: _Names) -> Iterator[str]:
    tag = element.tag.removeprefix(SPACE)
    if tag in ("metadata", "style") or element.attrib.get("id") in names.round:
        return
    look = _look(element.attrib.get("style", ""))
    if tag == "use" or (tag == "path" and not names.of(element.attrib.get("id", ""))):
        look = BLACK | look
    if tag == "path" and not names.of(element.attrib.get("id", "")) and _unseen(look):
        return
    marks = dict(_attributes(element, tag, look, names))
    inside = "".join(_inner(element, names))
    inside += escape((element.text or "").strip()) if tag in TEXT else ""
    if tag in ("g", "defs") and not inside:
        return
    if tag == "g" and not marks:
        yield inside
        return
    written = "".join(f' {key}="{escape(value)}"' for key, value in marks.items())
    yield f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>"


TEXT = ("text", "tspan")


def _unseen(look: dict[str, str]) -> bool:
    return look.get("fill", "none") == "none" and look.get("stroke", "none") == "none"


def _attributes(
    element: ElementTree.Element, tag: str, look: dict[str, str], names: _Names
) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        if key == "id":
            if names.of(value):
                yield "id", names.of(value)
        elif key == LINK:
            yield "href", names.within(value)
        elif key == "d":
            yield "d", path(value)
        elif key == "clip-path":
            yield key, names.within(value)
        elif key == "transform":
            if value := _transform(value):
                yield key, value
        elif key != "style":
            yield key, " ".join(map(_rounded, value.split()))
    kept = {k: v for k, v in look.items() if INHERITED.get(k) not in (v, "")}
    name = element.attrib.get(LINK, "#")[1:]
    if tag == "use":  # what is defined with the marker counts, and not what is said here
        known = {"fill", *names.looks[name]} if name in names.lines else names.looks[name]
        kept = {key: value for key, value in kept.items() if key not in known}
    if kept:
        yield "style", ";".join(f"{key}:{value}" for key, value in kept.items())


def _look(style: str) -> dict[str, str]:
    """Return the properties of a style, colours as variables."""
    found: dict[str, str] = {}
    for part in filter(None, style.split(";")):
        key, _, value = (piece.strip() for piece in part.partition(":"))
        if key == "font":  # of mathematics, all in one
            size = re.search(r"([\d.]+)px", value)
            found |= {"font-size": f"{_rounded(size[1])}px"} if size else {}
            found |= {"font-style": "italic"} if "oblique" in value or "italic" in value else {}
            found |= {"font-weight": "bold"} if "bold" in value else {}
        elif value in COLOURS:
            found[key] = f"var(--{COLOURS[value]})"
        else:
            found[key] = value
    return found


def _transform(value: str) -> str:
    """Return a transform with fewer digits; a rotation by nothing is none."""
    if re.match(r"rotate\(-?0(?:\.0*)?[ ,]", value):
        return ""
    return NUMBER.sub(lambda match: f"{round(float(match[0]), 2):g}", value)


def _rounded(value: str) -> str:
    return f"{round(float(value), 1):g}" if NUMBER.fullmatch(value) else value


def path(data: str) -> str:
    """Return the ``d`` of a path in tenths of points; straight lines without needless points."""
    parts = re.findall(
        r"([A-Za-z])([^A-Za-z]*)", re.sub(r"e(?=[-\d])", "E", data).replace("E", "e")
    )
    if any(command not in "MLz" for command, _ in parts):
        return " ".join(
            command + " ".join(f"{round(float(each), 2):g}" for each in NUMBER.findall(numbers))
            for command, numbers in parts
        )
    made: list[str] = []
    line: list[list[float]] = []
    closed = False
    for command, numbers in [*parts, ("M", "")]:
        closed = closed or command == "z"
        if command == "M":
            if line:
                made.append(_polyline(np.array(line)) + "z" * closed)
            line, closed = [], False
        if numbers.strip():
            line.append([float(each) for each in NUMBER.findall(numbers)])
    return "".join(made)


def _polyline(points: Array) -> str:
    """Return a line through points: the first, and then how far each is from the one before."""
    tenths = np.round(10 * points[simplified(points)]).astype(int)
    steps = np.diff(tenths, axis=0)
    moves = " ".join(f"{_tenths(x)} {_tenths(y)}" for x, y in steps[np.any(steps != 0, axis=1)])
    start = f"M{_tenths(tenths[0, 0])} {_tenths(tenths[0, 1])}"
    return f"{start}l{moves}" if moves else f"{start}l0 0"


def _tenths(number: int) -> str:
    return f"{number / 10:g}".replace("0.", ".", 1) if abs(number) < 10 else f"{number / 10:g}"


def simplified(points: Array, apart: float = APART) -> Array:
    """Return which points a line has to keep to stay near all of them (Douglas and Peucker).

    Parameters
    ----------
    points
        Shape (points, 2).
    apart
        How far a point that is left out may lie from the line.
    """
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    parts = [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        along = points[last] - points[first]
        away = points[first + 1 : last] - points[first]
        length = np.hypot(*along)
        if length > 0:
            # To the segment, not to the line through it: a path may turn back.
            place = np.clip(away @ along / length**2, 0, 1)
            away = away - place[:, None] * along
        distances = np.hypot(away[:, 0], away[:, 1])
        furthest = int(distances.argmax())
        if distances[furthest] > apart:
            middle = first + 1 + furthest
            keep[middle] = True
            parts += [(first, middle), (middle, last)]
    return keep
