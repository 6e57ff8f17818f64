# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Score and loss against α for several lower bounds f_*: too low, right, too high, and online."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import MissingRecordsError, final, titles
from paper_figs.style import Look
from paper_figs.variants import studied

FAMILIES = {"momo": "momo_star", "momo_adam": "momo_adam_star"}
"""A method, and the one with the online bound."""

SEVERAL = 3
"""How many bounds make a row: what has two is in the figures `starred` and `decay`."""

SHADES = (
    Look(style.BLUE, "v", style.DASHED),
    Look(style.SKY, "<", style.DASH_DOTTED),
    Look(style.ORANGE, ">", style.DASH_DOTTED),
    Look(style.VERMILLION, "^", style.DASHED),
    Look(style.PURPLE, "d", style.DOTTED),
)
USUAL = Look(style.BLACK, "o", style.SOLID)
ONLINE = Look(style.GREEN, "*", style.SOLID)


def draw(records: Records) -> Figure:
    """Return a row for each workload and method whose bound was varied: score left, loss right.

    Raises
    ------
    MissingRecordsError
        If there is none.
    """
    shown = [
        (problem, own, method)
        for problem, own in studied(records, "lb", tuple(FAMILIES))
        for method in style.in_order(own.runs.get_column("method"))
        if own.runs.filter(method=method).get_column("lb").n_unique() >= SEVERAL
    ]
    if not shown:
        raise MissingRecordsError("runs with several lower bounds, others alike")
    figure = style.new(style.TWO_COLUMNS, min(2.1 * len(shown) + 0.6, panels.PAGE))
    grid = figure.subplots(len(shown), 2, squeeze=False)
    looks = bounds([own.runs for _, own, _ in shown])
    used: set[str] = set()
    tables: list[pl.DataFrame] = []
    for row, (problem, own, method) in zip(grid, shown, strict=True):
        place = (pl.col("workload") == problem.workload) & (pl.col("preset") == problem.preset)
        star = (pl.col("method") == FAMILIES[method]) & pl.col("plain")
        both = final(records.of(place & star)), final(own.of(pl.col("method") == method))
        table = with_online(pl.concat(both), method)
        tables.append(table)
        used |= set(table.get_column("bound"))
        for axes, column in zip(row, ("score", "loss"), strict=True):
            panels.robustness(axes, table, problem, column, looks, by="bound")
            axes.set_xlabel(panels.LEARNING_RATE)
        row[0].set_title(f"{titles(own)[method]}, {panels.heading(problem, 60, ', ')}")
        row[0].set_ylabel(panels.score_label(problem))
        row[1].set_ylabel(panels.TRAINING_LOSS)
    handles = [
        Line2D([], [], label=label(key), **look.arguments)
        for key, look in looks.items()
        if key in used
    ]
    style.legend(figure, [*handles, *panels.marks()], 5, title=panels.note(*tables))
    return figure


STAR = "online"


def with_online(table: pl.DataFrame, method: str) -> pl.DataFrame:
    """Return a method's rows of `results.final` and the starred one's, with their ``bound``."""
    own = table.filter(pl.col("method").is_in([method, FAMILIES[method]]))
    bound = pl.when(method=method).then(pl.col("lb").cast(pl.String)).otherwise(pl.lit(STAR))
    return own.with_columns(bound=bound)


def bounds(tables: Sequence[pl.DataFrame]) -> dict[str, Look]:
    """Return the look of every bound in ascending order, usual ones in black, and the online one.

    A bound looks the same in all panels.
    """
    runs = pl.concat(tables)
    usual = set(runs.filter("plain").get_column("lb"))
    values = runs.get_column("lb").unique().sort().to_list()
    others = iter(SHADES * (1 + len(values) // len(SHADES)))
    own = {str(value): USUAL if value in usual else next(others) for value in values}
    return own | {STAR: ONLINE}


def label(key: str) -> str:
    """Return the legend's text of a bound."""
    return f"$f_*$ {STAR}" if key == STAR else f"$f_* = {float(key):g}$"
