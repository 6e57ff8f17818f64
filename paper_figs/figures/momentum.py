"""What momentum adds: score and loss against α with β = 0 and with the usual β, at equal α."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import MissingRecordsError, final, titles
from paper_figs.style import Look
from paper_figs.variants import studied

PAIRS = (("momo", "sgd_m"), ("momo_adam", "adam"))
"""What is drawn together: a momentum model, and what it is built upon."""


def draw(records: Records) -> Figure:
    """Return a row for each workload and pair whose β was varied: score left, training loss right.

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
    figure = style.new(style.TWO_COLUMNS, 1.9 * len(shown) + 0.6)
    grid = figure.subplots(len(shown), 2, squeeze=False)
    entries: dict[str, Look] = {}
    for row, (problem, own) in zip(grid, shown, strict=True):
        table, names = final(own), titles(own)
        table = table.with_columns(variant=pl.concat_str("method", pl.lit(" "), "beta"))
        looks = {}
        for method in style.in_order(names):
            for beta in table.filter(method=method).get_column("beta").unique().sort():
                looks[f"{method} {beta}"] = variant(method, beta)
                entries[rf"{names[method]}, $\beta = {beta:g}$"] = variant(method, beta)
        for axes, column in zip(row, ("score", "loss"), strict=True):
            panels.robustness(axes, table, problem, column, looks, by="variant")
            axes.set_xlabel(panels.LEARNING_RATE)
        row[0].set_title(panels.heading(problem, 60))
        row[0].set_ylabel(panels.score_label(problem))
        row[1].set_ylabel(panels.TRAINING_LOSS)
    handles = [Line2D([], [], label=name, **look.arguments) for name, look in entries.items()]
    style.legend(figure, [*handles, *panels.marks()], 5)
    return figure


def variant(method: str, beta: float) -> Look:
    """Return the look of a method; without momentum its markers are hollow, its line dotted."""
    own = style.look(method)
    return own if beta else replace(own, hollow=True, line=style.DOTTED)
