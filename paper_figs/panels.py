# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Panels that figures share: a final result against the learning rate."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation, Transform

from experiments import workloads
from experiments.records import Records
from paper_figs import scales, style
from paper_figs.results import Problem, best_lrs, line, seeds
from paper_figs.style import Look, Over

LEARNING_RATE = r"learning rate $\alpha$"
TRAINING_LOSS = "training loss"
STACKED = 0.075
"""How much of a panel's height the marks of one method's diverged runs take."""

PAGE = 9.4
"""The height of a page, in inches."""

COLUMNS = 4
"""Of a grid of workloads."""

LABEL = 16
"""How many characters fit along a panel's axis."""

LARGEST, SMALLER, SMALLEST = 6.8, 0.6, 4.6
"""Sizes of the marks of best rates: one that lies on another leaves a rim of it in sight."""

ASIDE = 1.7
"""How far apart, in points, are the marks of methods at one learning rate."""


def robustness(
    axes: Axes,
    table: pl.DataFrame,
    problem: Problem,
    column: str,
    looks: Mapping[str, Look],
    by: str = "method",
    together: Sequence[pl.DataFrame] = (),
) -> None:
    """Draw a column of `results.final` against lr: mean over seeds, and a band to the extremes.

    Curves stand side by side, `ASIDE` apart, so that those that coincide are all in sight.

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
        How to draw each value of ``by``, in that order.
    by
        The column that tells lines apart.
    together
        The tables of all panels that are to have the same vertical axis; default: this one.
    """
    failing: list[tuple[Look, float, pl.Series]] = []
    present = [key for key in looks if key in table.get_column(by)]
    for index, key in enumerate(present):
        own, look, shift = table.filter(pl.col(by) == key), looks[key], shift_of(index, present)
        curve = line(own, column)
        lrs = curve.get_column("lr").to_numpy()
        mean, low, high = (curve.get_column(name).to_numpy() for name in ("mean", "low", "high"))
        aside = axes.transData + moved(axes, shift)
        band: dict[str, Any] = {"color": look.colour, "alpha": 0.18, "linewidth": 0}
        axes.fill_between(lrs, low, high, transform=aside, **band)
        axes.plot(lrs, mean, label=str(key), transform=aside, **look.arguments)
        where = curve.filter(lr=best_lrs(own)[0])
        size = max(LARGEST - SMALLER * index, SMALLEST)
        axes.plot(where["lr"], where["mean"], transform=aside, **_best(look, size))
        failed = curve.filter(pl.col("diverged") > 0).get_column("lr")
        failing += [] if failed.is_empty() else [(look, shift, failed)]
    bad_is_low = column == "score" and problem.higher_is_better
    name = problem.score_name if bad_is_low else ""
    shown = together or [table.filter(pl.col(by).is_in(list(looks)))]
    strip = STACKED * max(failures(each, by) for each in shown)
    frame(axes, table, pl.concat(shown).get_column(column), name, bad_is_low, strip)
    for index, (look, shift, failed) in enumerate(failing):
        height = STACKED * (index + 0.7)
        heights = [height if bad_is_low else 1 - height] * failed.len()
        aside = axes.get_xaxis_transform() + moved(axes, shift)
        for mark in _failed(look):
            axes.plot(failed, heights, transform=aside, **mark)


def gains(
    axes: Axes,
    table: pl.DataFrame,
    small: float,
    looks: Mapping[Any, Look],
    by: str,
    limits: tuple[float, float] | None = None,
) -> None:
    """Draw what runs gained in score over their partners: a dot a seed, a line through the means.

    Parameters
    ----------
    axes
        An empty panel; its vertical axis becomes logarithmic on both sides of 0.
    table
        Rows of `results.paired`.
    small
        Gains below this are on a linear axis.
    looks, by
        How to draw each value of the column ``by``, in that order.
    limits
        The least and the largest gain of all panels with the same vertical axis.
    """
    _paired(axes, table, "score", looks, by)
    low, high = limits or extremes(table.get_column("score"))
    scales.symmetric(axes, low, high, small)
    axes.axhline(0, color=style.BLACK, linewidth=0.6)


def ratios(axes: Axes, table: pl.DataFrame, looks: Mapping[Any, Look], by: str) -> None:
    """Draw the training losses of runs over those of their partners, as `gains` does gains."""
    _paired(axes, table, "loss", looks, by)
    low, high = extremes(table.get_column("loss"))
    scales.scale(axes, min(low, 1 / 1.1), max(high, 1.1), "log")
    axes.axhline(1, color=style.BLACK, linewidth=0.6)


def extremes(values: pl.Series) -> tuple[float, float]:
    """Return the least and the largest of some numbers; 0 and 0 where there are none."""
    numbers = values.drop_nulls().to_list() or [0.0]
    return min(numbers), max(numbers)


def _paired(
    axes: Axes, table: pl.DataFrame, column: str, looks: Mapping[Any, Look], by: str
) -> None:
    present = [key for key in looks if key in table.get_column(by)]
    for index, key in enumerate(present):
        own, look = table.filter(pl.col(by) == key).sort("lr"), looks[key]
        aside = axes.transData + moved(axes, shift_of(index, present))
        dots: dict[str, Any] = {"marker": look.marker, "markersize": 1.8, "linestyle": "none"}
        dots |= {"color": look.colour, "alpha": 0.55, "markeredgewidth": 0}
        axes.plot(own["lr"], own[column], transform=aside, **dots)
        mean = own.group_by("lr", maintain_order=True).agg(pl.col(column).mean())
        axes.plot(mean["lr"], mean[column], transform=aside, **look.arguments)
    rates(axes, table.get_column("lr"))


def shift_of(index: int, present: Sequence[Any]) -> float:
    """Return how far to the side, in points, one of several curves is drawn."""
    return ASIDE * (index - (len(present) - 1) / 2)


def moved(axes: Axes, points: float) -> Transform:
    """Return the transformation that moves what is drawn to the side."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return ScaledTranslation(points / 72, 0, figure.dpi_scale_trans)


def pairs(
    shown: Sequence[tuple[Problem, Records]],
) -> tuple[Figure, list[tuple[Axes, Axes, Problem, Records]]]:
    """Return a new figure with two panels a workload, one above the other, and these panels.

    The title is above the upper one; the horizontal axis is labelled below the lower one.
    """
    columns = min(max(COLUMNS, -(-len(shown) // COLUMNS)), len(shown))
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
        upper.set_title(heading(problem), x=TITLE_AT if columns >= COLUMNS else 0)
        for axes in (upper, lower):
            axes.set_visible(True)
        found.append((upper, lower, problem, records))
    return figure, found


TITLE_AT = -0.3
"""Where a narrow panel's title begins, in its widths: left of the axis, above the label."""


def failures(table: pl.DataFrame, by: str) -> int:
    """Return how many lines of a panel have runs that diverged."""
    return table.filter(status="diverged").get_column(by).n_unique()


def frame(
    axes: Axes, table: pl.DataFrame, values: pl.Series, name: str, bad_is_low: bool, strip: float
) -> None:
    """Set scales, limits and ticks of a panel against lr; ``name`` is that of `scales.kind_for`.

    A strip of this share of the height stays free of values, at the end where they are bad.
    """
    rates(axes, table.get_column("lr"))
    low, high = min(values), max(values)
    below, above = (strip, 0.0) if bad_is_low else (0.0, strip)
    scales.scale(axes, low, high, scales.kind_for(low, high, name), below, above)


def rates(axes: Axes, lrs: pl.Series) -> None:
    """Set the horizontal axis for these learning rates."""
    if lrs.is_empty():
        return
    axes.set_xscale("log")
    axes.set_xlim(min(lrs) / 2.2, max(lrs) * 2.2)
    style.log_axis(axes.xaxis, 5)


def heading(problem: Problem, width: int = 28, between: str = "\n") -> str:
    """Return what the runs of a panel trained (`experiments.workloads.heading`), in lines."""
    text = workloads.heading(problem.workload, problem.title, problem.preset, problem.data)
    parts = (textwrap.wrap(part, width, break_on_hyphens=False) for part in text.split("; "))
    return between.join(line for part in parts for line in part)


def score_label(problem: Problem, part: str = "test") -> str:
    """Return the label of an axis with scores on the test set, or the validation set, in lines."""
    name = problem.score_name
    if len(part) + len(name) >= LABEL and len(name) <= LABEL:
        return f"{part}\n{name}"
    return "\n".join(textwrap.wrap(f"{part} {name}", LABEL))


def gain_label(problem: Problem, by: str) -> str:
    """Return the label of an axis with gains in score, which are good if they are above 0."""
    name = problem.score_name
    what, _, unit = name.partition(" in ")
    gain = f"{what} gained" if problem.higher_is_better else f"{what} saved"
    unit = unit.replace("%", "points")
    return "\n".join(textwrap.wrap(f"{gain} by {by}" + (f", {unit}" if unit else ""), LABEL + 4))


def note(*tables: pl.DataFrame) -> str:
    """Return what a legend says of means and bands of these rows of `results.final`."""
    return f"mean over {seeds(*tables)}; band: from the lowest to the highest"


def marks() -> list[Line2D | Over]:
    """Return the legend's entries of the best rate and of diverged runs."""
    grey = Look(style.GREY, "o", "none")
    failed = Over(Line2D([], [], label="runs that diverged", **mark) for mark in _failed(grey))
    return [Line2D([], [], label="best rate", **_best(grey)), failed]


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


def _failed(look: Look) -> list[dict[str, Any]]:
    """Return what marks diverged runs: a method's own mark, empty, and a cross in it."""
    shared: dict[str, Any] = {"color": look.colour, "linestyle": "none"}
    return [
        shared
        | {"marker": look.marker, "markersize": 5.4, "zorder": 5}
        | {"markerfacecolor": "white", "markeredgewidth": 0.7},
        shared | {"marker": "x", "markersize": 2.6, "markeredgewidth": 0.8, "zorder": 6},
    ]
