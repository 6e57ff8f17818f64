"""Panels that figures share: a final result against the learning rate."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments import workloads
from experiments.records import Records
from paper_figs import scales, style
from paper_figs.results import Problem, best_lrs, line
from paper_figs.style import Look

LEARNING_RATE = r"learning rate $\alpha$"
TRAINING_LOSS = "training loss"
STACKED = 0.055
"""How much of a panel's height the marks of one method's diverged runs take."""

PAGE = 9.4
"""The height of a page, in inches."""

COLUMNS = 4
"""Of a grid of workloads."""

LABEL = 18
"""How many characters fit along a panel's axis."""

LARGEST, SMALLER, SMALLEST = 7.4, 0.9, 4.6
"""Sizes of the marks of best rates: one that lies on another leaves a rim of it in sight."""


def robustness(
    axes: Axes,
    table: pl.DataFrame,
    problem: Problem,
    column: str,
    looks: Mapping[str, Look] | None = None,
    by: str = "method",
    together: Sequence[pl.DataFrame] = (),
) -> None:
    """Draw a column of `results.final` against lr: mean over seeds, and a band to the extremes.

    Parameters
    ----------
    axes
        An empty panel.
    table
        Rows of `results.final`, of one workload and scale.
    problem
        That workload and scale.
    column
        "score" or "loss".
    looks
        How to draw each value of ``by``, in that order; default: all methods in the table.
    by
        The column that tells lines apart.
    together
        The tables of all panels that are to have the same vertical axis; default: this one.
    """
    if looks is None:
        looks = {method: style.look(method) for method in style.in_order(table.get_column(by))}
    failing: list[tuple[Look, pl.Series]] = []
    for index, (key, look) in enumerate(looks.items()):
        own = table.filter(pl.col(by) == key)
        if own.is_empty():
            continue
        curve = line(own, column)
        lrs = curve.get_column("lr").to_numpy()
        mean, low, high = (curve.get_column(name).to_numpy() for name in ("mean", "low", "high"))
        axes.fill_between(lrs, low, high, color=look.colour, alpha=0.18, linewidth=0)
        axes.plot(lrs, mean, label=str(key), **look.arguments)
        best = best_lrs(own)[0]
        where = curve.filter(lr=best)
        size = max(LARGEST - SMALLER * index, SMALLEST)
        axes.plot([best], where.get_column("mean"), **_best(look, size))
        failed = curve.filter(pl.col("diverged") > 0).get_column("lr")
        failing += [] if failed.is_empty() else [(look, failed)]
    bad_is_low = column == "score" and problem.higher_is_better
    name = problem.score_name if column == "score" else ""
    shown = together or [table.filter(pl.col(by).is_in(list(looks)))]
    strip = STACKED * max(failures(each, by) for each in shown)
    frame(axes, table, pl.concat(shown).get_column(column), name, bad_is_low, strip)
    for index, (look, failed) in enumerate(failing):
        height = STACKED * (index + 0.7)
        heights = [height if bad_is_low else 1 - height] * failed.len()
        axes.plot(failed, heights, transform=axes.get_xaxis_transform(), **_failed(look))


def pairs(
    shown: Sequence[tuple[Problem, Records]],
) -> tuple[Figure, list[tuple[Axes, Axes, Problem, Records]]]:
    """Return a new figure with two panels a workload, one above the other, and these panels.

    The title is above the upper one; the horizontal axis is labelled below the lower one.
    """
    columns = min(COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure = style.new(style.TWO_COLUMNS, min(2.35 * rows + 0.35, PAGE))
    grid = figure.subplots(2 * rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_visible(False)
    found = []
    for index, (problem, records) in enumerate(shown):
        row, column = divmod(index, columns)
        upper, lower = grid[2 * row : 2 * row + 2, column]
        upper.tick_params(labelbottom=False)
        upper.set_title(heading(problem))
        for axes in (upper, lower):
            axes.set_visible(True)
        found.append((upper, lower, problem, records))
    return figure, found


def failures(table: pl.DataFrame, by: str) -> int:
    """Return how many lines of a panel have runs that diverged."""
    return table.filter(status="diverged").get_column(by).n_unique()


def frame(
    axes: Axes, table: pl.DataFrame, values: pl.Series, name: str, bad_is_low: bool, strip: float
) -> None:
    """Set scales, limits and ticks of a panel against lr, for values of a quantity of this name.

    A strip of this share of the height stays free of values, at the end where they are bad.
    """
    lrs = table.get_column("lr")
    axes.set_xscale("log")
    axes.set_xlim(min(lrs) / 1.6, max(lrs) * 1.6)
    style.log_axis(axes.xaxis)
    low, high = min(values), max(values)
    below, above = (strip, 0.0) if bad_is_low else (0.0, strip)
    scales.scale(axes, low, high, scales.kind_for(low, high, name), below, above)


def heading(problem: Problem, width: int = 28, between: str = "\n") -> str:
    """Return what the runs of a panel trained (`experiments.workloads.heading`), in lines."""
    text = workloads.heading(problem.workload, problem.title, problem.preset)
    lines = [line for part in text.split("; ") for line in textwrap.wrap(part, width)]
    return between.join(lines)


def score_label(problem: Problem, part: str = "test") -> str:
    """Return the label of an axis with scores on the test set, or the validation set, in lines."""
    name = problem.score_name
    if len(part) + len(name) >= LABEL and len(name) <= LABEL:
        return f"{part}\n{name}"
    return "\n".join(textwrap.wrap(f"{part} {name}", LABEL))


def marks() -> list[Line2D]:
    """Return the legend's entries of the best rate and of diverged runs."""
    grey = Look(style.GREY, "o", "none")
    return [
        Line2D([], [], label="best rate", **_best(grey)),
        Line2D([], [], label="runs that diverged", **_failed(grey)),
    ]


def _best(look: Look, size: float = 5.6) -> dict[str, Any]:
    return {
        "marker": look.marker,
        "markerfacecolor": look.face,
        "linestyle": "none",
        "markersize": size,
        "markeredgecolor": look.colour if look.hollow else "black",
        "markeredgewidth": 1.3 if look.hollow else 0.9,
        "zorder": 4,
    }


def _failed(look: Look) -> dict[str, Any]:
    return {
        "marker": "x",
        "color": look.colour,
        "linestyle": "none",
        "markersize": 3.4,
        "markeredgewidth": 1.1,
        "zorder": 5,
    }
