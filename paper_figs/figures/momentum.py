# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What momentum adds: score and loss against α with β = 0 and with the usual β, and the gain."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import MissingRecordsError, Problem, final, paired, titles
from paper_figs.style import Look
from paper_figs.variants import studied

PAIRS = (("momo", "sgd_m"), ("momo_adam", "adam"))
"""What is drawn together: a momentum model, and what it is built upon."""


def draw(records: Records) -> Figure:
    """Return a row for each workload and pair whose β was varied.

    Its panels: the score, what it gains by momentum at equal α and seed, the training loss, and how
    many times as large it is with momentum.

    Raises
    ------
    MissingRecordsError
        If there is none.
    """
    shown = [
        (problem, own)
        for pair in PAIRS
        for problem, own in sorted(studied(records, "beta", pair), key=lambda it: it[0].workload)
    ]
    if not shown:
        raise MissingRecordsError("runs with β = 0 and with the usual β, others alike")
    height = min(1.9 * len(shown) + 0.8, panels.PAGE)
    figure = style.new(style.TWO_COLUMNS, height)
    grid = figure.subplots(len(shown), 4, squeeze=False)
    entries: dict[str, Look] = {}
    for row, (problem, own) in zip(grid, shown, strict=True):
        entries |= panels_of(list(row), problem, own)
    handles = [Line2D([], [], label=name, **look.arguments) for name, look in entries.items()]
    tables = [final(own) for _, own in shown]
    title = f"{panels.note(*tables)}; small marks: the seeds, pair by pair"
    style.legend(figure, [*handles, *panels.marks()], 5, title=title)
    return figure


def panels_of(row: list[Axes], problem: Problem, own: Records) -> dict[str, Look]:
    """Draw one workload and pair; return the looks of its lines by their names."""
    table, names = final(own), titles(own)
    table = table.with_columns(variant=pl.concat_str("method", pl.lit(" "), "beta"))
    looks, entries = {}, {}
    for method in style.in_order(names):
        for beta in table.filter(method=method).get_column("beta").unique().sort():
            looks[f"{method} {beta}"] = variant(method, beta)
            entries[rf"{names[method]}, $\beta = {beta:g}$"] = variant(method, beta)
    gained = paired(table, "beta", 0.0)
    pair = style.looks(style.in_order(names))
    panels.robustness(row[0], table, problem, "score", looks, by="variant")
    panels.gains(row[1], gained, problem.point / 10, pair, "method")
    panels.robustness(row[2], table, problem, "loss", looks, by="variant")
    panels.ratios(row[3], gained, pair, "method")
    row[0].set_title(panels.heading(problem))
    row[0].set_ylabel(panels.score_label(problem))
    row[1].set_ylabel(panels.gain_label(problem, "momentum"))
    row[2].set_ylabel(panels.TRAINING_LOSS)
    row[3].set_ylabel("training loss,\ntimes that of $\\beta = 0$")
    for axes in row:
        axes.set_xlabel(panels.LEARNING_RATE)
    return entries


def variant(method: str, beta: float) -> Look:
    """Return the look of a method; without momentum its markers are hollow, its line dotted."""
    own = style.look(method)
    return own if beta else replace(own, hollow=True, line=style.DOTTED)
