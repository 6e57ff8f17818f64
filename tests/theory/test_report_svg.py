# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Figures as parts of a page: small, in the page's colours, and where they were."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure

from theory.report import style, svg
from theory.report.plots import COLOURS, rendered


def drawn(points: int = 5000) -> Figure:
    figure = Figure(figsize=(4, 3))
    axes = figure.subplots()
    x = np.linspace(0, 6, points)
    axes.plot(x, np.sin(x), color=COLOURS[0])
    axes.plot(x[::500], np.cos(x[::500]), color=COLOURS[1], marker="o", linewidth=0)
    axes.fill_between(x, np.sin(x) - 0.1, np.sin(x) + 0.1, color=COLOURS[2], alpha=0.2)
    axes.set_title("a < b & c")
    return figure


def test_a_figure_is_small_and_can_be_read() -> None:
    made = svg.inline(drawn(), "f0", 'what "it" shows')
    assert len(made) < 0.03 * len(rendered(drawn(), "svg"))
    root = ElementTree.fromstring(made)
    assert root.attrib["aria-label"] == 'what "it" shows'
    assert "a < b & c" in "".join(root.itertext())
    assert "metadata" not in made
    assert made == svg.inline(drawn(), "f0", 'what "it" shows')


def test_identifiers_are_those_that_are_needed_and_no_other_figures() -> None:
    one, two = (svg.inline(drawn(), name, "") for name in ("a", "b"))
    places = [set(re.findall(r' id="([^"]*)"', made)) for made in (one, two)]
    used = [set(re.findall(r'(?:href="|url\()#([\w-]+)', made)) for made in (one, two)]
    assert places == used
    assert not places[0] & places[1]


def test_all_colours_are_the_pages_own() -> None:
    made = svg.inline(drawn(), "f", "")
    assert set(re.findall(r"(?:fill|stroke):([^;\"]*)", made)) >= {"var(--blue)", "var(--orange)"}
    assert not re.search(r"#[0-9a-f]{6}|black|white", made)
    light, dark = style.CSS.split("@media screen", 1)
    for name in svg.COLOURS.values():
        assert f"--{name}:" in light
        assert f"--{name}:" in dark.split("}\n}")[0]


def test_transparent_areas_stay_transparent() -> None:
    assert "fill-opacity:0.2" in svg.inline(drawn(), "f", "")


def test_round_marks_are_dots_where_the_marks_were() -> None:
    made = svg.inline(drawn(), "f", "")
    (dots,) = re.findall(r'<path d="((?:M[\d.]+ [\d.]+h0)+)" style="stroke:var\(--orange\)', made)
    assert dots.count("h0") == 10
    text = rendered(drawn(), "svg", transparent=True, text=True).decode()
    found = re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)" style="fill: #d55e00', text)
    places = [tuple(map(float, each.split())) for each in re.findall(r"M([\d. ]+)h0", dots)]
    np.testing.assert_allclose(places, np.array(found, float), atol=0.051)


def test_black_marks_are_filled() -> None:
    figure = Figure()
    figure.subplots().plot([1, 2, 3], color="black", marker="o", linewidth=0)
    assert svg.inline(figure, "f", "").count("h0") == 3
    figure = Figure()
    figure.subplots().plot([1, 2, 3], color="black", marker="o", markerfacecolor="white")
    hollow = svg.inline(figure, "f", "")
    assert "h0" not in hollow
    assert "fill:var(--page)" in hollow


@pytest.mark.parametrize("apart", [0.05, 0.25, 2.0])
def test_a_simplified_line_is_near_all_points(apart: float) -> None:
    x = np.linspace(0, 100, 2000)
    points = np.column_stack([x, 20 * np.sin(x / 7) + np.where(x > 60, 30, 0)])
    keep = svg.simplified(points, apart)
    assert keep[0]
    assert keep[-1]
    assert keep.sum() < 400
    off = np.abs(np.interp(x, x[keep], points[keep, 1]) - points[:, 1])[x < 59].max()
    assert off < np.hypot(1, 20 / 7) * apart  # measured upwards, where the slope is 20/7


def test_a_line_that_turns_back_is_kept() -> None:
    points = np.array([[0.0, 0.0], [10.0, 0.0], [30.0, 0.0], [-5.0, 0.0]])
    assert svg.simplified(points).tolist() == [True, False, True, True]


def test_a_path_is_its_points_in_tenths() -> None:
    assert svg.path("M 0 0 \nL 10.04 0.31 \nL 10.04 20 \n") == "M0 0l10 .3 0 19.7"
    assert svg.path("M 0 0 L 1 1 z M 5 5 L 6 5 ") == "M0 0l1 1zM5 5l1 0"
    assert svg.path("M 1 2 C 1.234 5 6 7 8 9 z") == "M1 2 C1.23 5 6 7 8 9 z"


def test_looks_that_are_shared_stand_in_the_style_sheet() -> None:
    page = "<style>\n</style>" + 3 * '<p style="fill:red">' + '<p style="x:y">'
    made = svg.shared(page)
    assert made == (
        '<style>\n.s0{fill:red}\n</style><p class="s0"><p class="s0"><p class="s0"><p style="x:y">'
    )
