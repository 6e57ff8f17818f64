# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""All methods on one workload: how wide a range of α is good enough, and how good the best is."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments import summary
from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import MissingRecordsError, Problem, final, problems, seeds
from paper_figs.style import Look
from paper_figs.variants import kept_runs

FAR, NEAR = 5.0, 1.0
"""Points that a score may be below the method's own best; methods are sorted by the first."""

MODEL, OTHER = Look(style.BLUE, "o", "solid"), Look(style.VERMILLION, "D", "solid")
ARROW: dict[str, Any] = {"marker": r"$\rightarrow$", "linestyle": "none", "markersize": 6}
HOLLOW: dict[str, Any] = {"markerfacecolor": "white", "markeredgewidth": 0.9}
ROW = 0.158
"""The height of a method, in inches."""


def draw(records: Records) -> Figure:
    """Return a row for each method, of the workload and scale with plain runs of the most methods.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs.
    """
    problem, own = compared(records)
    table = ranked(own)
    figure = style.new(style.TWO_COLUMNS, ROW * table.height + 0.9)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1.15, 1))
    for row, found in enumerate(table.iter_rows(named=True)):
        look = MODEL if found["model"] else OTHER
        width(left, row, found, look)
        right.plot([found["lowest"], found["highest"]], [row, row], color=look.colour)
        right.plot([found["score"]], [row], **look.arguments)
    left.set_yticks(range(table.height), table.get_column("method_title").to_list())
    left.set_ylim(table.height - 0.5, -0.5)
    left.set_xlim(left=-0.03 * left.get_xlim()[1])
    left.set_xlabel(r"decades of $\alpha$ near the method's own best score")
    right.set_xlabel(f"test {problem.score_name} at the best $\\alpha$")
    for axes in (left, right):
        axes.tick_params(axis="y", length=0)
        style.plain_numbers(axes.xaxis)
    heading = panels.heading(problem, 80, ", ")
    title = f"{heading}; scores of {seeds(final(own))}: mean, and from the lowest to the highest"
    style.legend(figure, handles(), 5, title=title)
    return figure


def compared(records: Records) -> tuple[Problem, Records]:
    """Return the workload with plain runs of the most methods, and these: the seeds all have."""
    shown = list(problems(records.of(pl.col("plain"))))
    if not shown:
        raise MissingRecordsError("plain runs of any method")
    problem, own = max(shown, key=lambda found: found[1].runs.get_column("method").n_unique())
    methods = pl.col("method").n_unique().over("seed")
    return problem, kept_runs(own, methods == methods.max())


def ranked(own: Records) -> pl.DataFrame:
    """Return a row for each method, from the widest range of α: best score, widths, kind.

    Beside the columns of `experiments.summary.best` it has, by `FAR` and `NEAR`, ``wide`` and
    ``narrow`` in decades, whether either ends at the grid's end first (``wide_open``,
    ``narrow_open``), and whether the method is a momentum ``model``: those have a lower bound.
    """
    ends = final(own)
    found = summary.best(summary.curve(ends))
    for points, name in ((FAR, "wide"), (NEAR, "narrow")):
        widths = summary.widths(ends).filter(points=points, reference="own")
        is_open = (pl.col("at_low") | pl.col("at_high")).alias(f"{name}_open")
        found = found.join(
            widths.select("method", pl.col("decades").alias(name), is_open), on="method"
        )
    models = own.runs.filter(pl.col("lb").is_not_null()).get_column("method").unique()
    found = found.with_columns(model=pl.col("method").is_in(models.implode()))
    return found.sort("wide", "narrow", "method", descending=[True, True, False])


def width(axes: Axes, row: int, found: dict[str, Any], look: Look) -> None:
    """Draw the widths of a method; an arrow where the grid ended first."""
    wide, narrow = found["wide"], found["narrow"]
    axes.plot([0, wide], [row, row], color=look.colour)
    axes.plot([wide], [row], **look.arguments)
    axes.plot([narrow], [row], **look.arguments | HOLLOW)
    if found["wide_open"]:
        axes.plot([wide + 0.16], [row], color=look.colour, **ARROW)


def handles() -> list[Line2D]:
    """Return the legend's entries."""
    grey: dict[str, Any] = {"color": style.GREY, "marker": "o", "linestyle": "none"}
    return [
        Line2D([], [], label="momentum model", **MODEL.arguments),
        Line2D([], [], label="other method", **OTHER.arguments),
        Line2D([], [], label=f"within {FAR:g} points", **grey),
        Line2D([], [], label=f"within {NEAR:g} point", **grey | HOLLOW),
        Line2D([], [], label="to the end of the grid", color=style.GREY, **ARROW),
    ]
