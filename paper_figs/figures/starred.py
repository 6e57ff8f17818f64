# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Loss against α on least squares: the bound far too low, right, and estimated online."""

from __future__ import annotations

import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.figures.lower_bounds import FAMILIES, ONLINE, SHADES, STAR, USUAL, with_online
from paper_figs.results import MissingRecordsError, final, of_workload, problem_of, titles, varied

WORKLOAD = "synthetic_least_squares"
RIGHT = 0.0
"""f* of the problem."""


def draw(records: Records) -> Figure:
    """Return a panel for each method that has a starred one; the losses are those of training.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of starred methods.
    """
    own = of_workload(records.of(pl.col("method").is_in([*FAMILIES, *FAMILIES.values()])), WORKLOAD)
    own = varied(own, "lb")
    names, problem = titles(own), problem_of(own)
    shown = [method for method, star in FAMILIES.items() if {method, star} <= names.keys()]
    if not shown:
        raise MissingRecordsError(f"plain runs of {', '.join(FAMILIES.values())} on {WORKLOAD}")
    table = final(own)
    figure = style.new(style.TWO_COLUMNS, 2.6)
    grid = figure.subplots(1, len(shown), squeeze=False)[0]
    given = sorted(set(own.runs.filter(pl.col("plain"), method=shown[0]).get_column("lb")))
    looks = {str(lb): look for lb, look in zip(given, SHADES, strict=False)}
    looks |= {str(RIGHT): USUAL, STAR: ONLINE}
    tables = [with_online(table, method) for method in shown]
    for axes, method, part in zip(grid, shown, tables, strict=True):
        panels.robustness(axes, part, problem, "loss", looks, "bound", tables)
        axes.set_title(f"{names[method]} and {names[FAMILIES[method]]}")
        axes.set_xlabel(panels.LEARNING_RATE)
        axes.set_ylabel(panels.TRAINING_LOSS)
    texts = {key: f"$f_* = {float(key):g}$, given" for key in looks if key != STAR}
    texts[STAR] = "$f_*$ estimated online"
    present = {key for part in tables for key in part.get_column("bound")}
    handles = [
        Line2D([], [], label=texts[key], **look.arguments)
        for key, look in looks.items()
        if key in present
    ]
    title = f"{panels.heading(problem, 80, ', ')}; {panels.note(*tables)}"
    style.legend(figure, [*handles, *panels.marks()], 5, title=title)
    return figure
