# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Robust width: over how many decades of learning rate a method is close to the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from experiments import summary
from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import SHOWN, Problem, final, main_runs, problems, seeds, titles
from paper_figs.style import Look

POINTS = (1.0, 5.0)
USED = 0.7
"""What share of a workload's row its methods take."""
ROW, MAIN = 0.11, 4
"""The height of a method in inches, and how many methods there is room for at least."""


def draw(records: Records, methods: Sequence[str] = ()) -> Figure:
    """Return a panel for 1 and one for 5 points, with a row for each workload; plain runs.

    Parameters
    ----------
    methods
        Default: those of `results.main_runs`.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of the methods.
    """
    own = main_runs(records, methods)
    shown = list(problems(own))
    looks = style.looks(methods or SHOWN)
    widths = {problem: near(records, problem, found) for problem, found in shown}
    rows = sum(ROW * max(MAIN, found.runs["method"].n_unique()) for _, found in shown)
    figure = style.new(style.TWO_COLUMNS, min(rows + 1.0, panels.PAGE))
    grid = figure.subplots(1, len(POINTS), sharey=True)
    for axes, points in zip(grid, POINTS, strict=True):
        for row, (problem, _) in enumerate(shown):
            panel(axes, row, widths[problem].filter(points=points), looks)
        distance = "1 point" if points == 1 else f"{points:g} points"
        axes.set_xlabel(rf"decades of $\alpha$ within {distance} of the best")
        axes.set_xlim(left=-0.03 * axes.get_xlim()[1])
        axes.xaxis.set_major_locator(MaxNLocator(6))
        style.plain_numbers(axes.xaxis)
        axes.grid(axis="y", visible=False)
    grid[0].set_yticks(range(len(shown)), [name(problem) for problem, _ in shown])
    grid[0].set_ylim(len(shown) - 0.5, -0.5)
    for axes in grid:
        axes.tick_params(axis="y", length=0)
    handles = style.handles(looks, titles(own))
    for handle in handles:
        handle.set_linestyle("none")
    interval = Line2D([], [], color=style.GREY, label=INTERVAL, **BAND)
    edge = Line2D([], [], **EDGE, label="up to the end of the grid")
    style.legend(figure, [*handles, interval, edge], 5, title=f"{BEST}; {seeds(final(own))}")
    return figure


BEST = "the best: of MoMo, MoMo-Adam, SGD-M and Adam or AdamW, whatever is drawn"
INTERVAL = "95 % bootstrap interval over the seeds"
BAND: dict[str, Any] = {"linewidth": 3.4, "alpha": 0.35, "solid_capstyle": "butt"}
ARROW = r"$\rightarrow$"
EDGE: dict[str, Any] = {
    "color": style.GREY,
    "marker": ARROW,
    "linestyle": "none",
    "markersize": 6,
}


def near(records: Records, problem: Problem, own: Records) -> pl.DataFrame:
    """Return the widths of methods near the best of the reference set, whatever is drawn."""
    place = (pl.col("workload") == problem.workload) & (pl.col("preset") == problem.preset)
    plain = final(records.of(place & pl.col("plain")))
    found = summary.widths(final(own), plain=plain)
    return found.filter(reference="common").drop_nulls("decades")


def panel(axes: Axes, row: int, widths: pl.DataFrame, looks: Mapping[str, Look]) -> None:
    """Draw a workload's widths: a line from 0 to each, and its interval.

    An arrow is where the grid ended first.
    """
    if row:
        axes.axhline(row - 0.5, color="#e4e4e4", linewidth=0.6)
    present = [method for method in looks if method in widths.get_column("method")]
    for index, method in enumerate(present):
        for found in widths.filter(method=method).iter_rows(named=True):
            look, decades = looks[method], found["decades"]
            height = row + USED * ((index + 0.5) / len(present) - 0.5)
            axes.plot([0, decades], [height, height], color=look.colour, linewidth=1.1)
            interval = [found["low"], found["high"]]
            axes.plot(interval, [height, height], color=look.colour, **BAND)
            axes.plot([decades], [height], **look.arguments)
            if found["at_low"] or found["at_high"]:
                arrow = EDGE | {"color": look.colour}
                axes.plot([decades + 0.22], [height], **arrow)


def name(problem: Problem) -> str:
    """Return a row's label."""
    return panels.heading(problem, 34)
