# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Final score against the learning rate under schedules, and what they gain over none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import METHODS, MissingRecordsError, Problem, final, paired, titles
from paper_figs.style import Look
from paper_figs.variants import studied

CONSTANT = "constant"
LOOKS = {
    CONSTANT: Look(style.BLACK, "o", style.SOLID),
    "cosine": Look(style.BLUE, "s", style.DASHED),
    "linear": Look(style.GREEN, "^", style.DASH_DOTTED),
    "step": Look(style.VERMILLION, "D", style.DASH_DOTTED),
    "inverse_square_root": Look(style.PURPLE, "v", style.DOTTED),
}


def draw(records: Records, methods: Sequence[str] = METHODS) -> Figure:
    """Return two rows for each workload on which schedules were compared, a column a method.

    Above are the scores; below is what a schedule gains over the constant one at equal α and seed.

    Raises
    ------
    MissingRecordsError
        If there is none.
    """
    shown = list(studied(records, "schedule", methods))
    if not shown:
        raise MissingRecordsError("runs under several schedules, others alike")
    found = {m for _, own in shown for m in own.runs.get_column("method")}
    methods = [method for method in methods if method in found]
    height = min(2.6 * len(shown) + 0.6, panels.PAGE)
    figure = style.new(style.TWO_COLUMNS, height)
    grid = figure.subplots(2 * len(shown), len(methods), squeeze=False)
    used = {s for _, own in shown for s in own.runs.get_column("schedule")}
    looks = {name: LOOKS.get(name, style.OTHER) for name in (*LOOKS, *sorted(used - {*LOOKS}))}
    looks = {name: look for name, look in looks.items() if name in used}
    for index, (problem, own) in enumerate(shown):
        rows = grid[2 * index], grid[2 * index + 1]
        scores(list(rows[0]), problem, own, methods, looks)
        gained(list(rows[1]), problem, own, methods, looks)
    handles = [
        Line2D([], [], label=name.replace("_", " "), **look.arguments)
        for name, look in looks.items()
    ]
    tables = [final(own) for _, own in shown]
    title = f"{panels.note(*tables)}; small marks: the seeds, pair by pair"
    style.legend(figure, [*handles, *panels.marks()], 7, title=title)
    return figure


def scores(
    row: list[Axes],
    problem: Problem,
    own: Records,
    methods: Sequence[str],
    looks: Mapping[str, Look],
) -> None:
    """Draw the scores of a workload, with one vertical axis."""
    table, names = final(own), titles(own)
    together = table.partition_by("method")
    for axes, method in zip(row, methods, strict=True):
        part = table.filter(method=method)
        if part.is_empty():
            axes.set_visible(False)
            continue
        panels.robustness(axes, part, problem, "score", looks, "schedule", together)
        axes.set_title(names[method])
        axes.tick_params(labelbottom=False, labelleft=axes is row[0])
    row[0].set_title(f"{panels.heading(problem, 34)}\n{row[0].get_title(loc='left')}")
    row[0].set_ylabel(panels.score_label(problem))


def gained(
    row: list[Axes],
    problem: Problem,
    own: Records,
    methods: Sequence[str],
    looks: Mapping[str, Look],
) -> None:
    """Draw what schedules gain on a workload, with one vertical axis."""
    table = paired(final(own), "schedule", CONSTANT)
    limits = panels.extremes(table.get_column("score"))
    for axes, method in zip(row, methods, strict=True):
        part = table.filter(pl.col("method") == method)
        if part.is_empty():
            axes.set_visible(False)
            continue
        panels.gains(axes, part, problem.point / 10, looks, "schedule", limits)
        axes.tick_params(labelleft=axes is row[0])
        axes.set_xlabel(panels.LEARNING_RATE)
    row[0].set_ylabel(panels.gain_label(problem, "the schedule"))
