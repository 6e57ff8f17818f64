# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What rounding alone changes in a score, beside what a seed changes: workload by workload."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from experiments.summary.scores import KEY
from paper_figs import panels, scales, style
from paper_figs.results import MissingRecordsError, Problem, final, problems, titles, varied
from paper_figs.style import Look
from paper_figs.variants import kept_runs

SEEDS = (
    Look(style.BLUE, "o", "none"),
    Look(style.VERMILLION, "s", "none"),
    Look(style.GREEN, "^", "none"),
    Look(style.PURPLE, "D", "none"),
)
"""Of the seeds whose roundings are drawn."""
PLAIN = Look(style.GREY, "|", "none")
APART = 0.2
"""How far apart, in rows, are the marks of seeds."""
ROW = 0.3
"""The height of a method at one rate, in inches."""


def draw(records: Records) -> Figure:
    """Return a panel for each workload, and in it a row for each method and rate.

    Raises
    ------
    MissingRecordsError
        If there are no runs that differ in their rounding alone.
    """
    own = varied(records, "rounding")
    several = pl.col("rounding").n_unique().over(*KEY, "lr", "seed") > 1
    rates = kept_runs(own, several.any().over(*KEY, "lr"))
    shown = list(problems(rates))
    if not shown:
        raise MissingRecordsError("runs that differ in their rounding alone")
    columns = min(2, len(shown))
    rows = math.ceil(len(shown) / columns)
    most = max(len(_points(found)) for _, found in shown)
    height = min((ROW * most + 0.7) * rows + 0.4, panels.PAGE)
    figure = style.new(style.TWO_COLUMNS, height)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat[len(shown) :]:
        axes.set_visible(False)
    seeds = rates.runs.filter(several).get_column("seed").unique().sort()
    looks = dict(zip(seeds, SEEDS, strict=False))
    for axes, (problem, found) in zip(grid.flat, shown, strict=False):
        _spread(axes, found, problem, looks)
        axes.set_title(panels.heading(problem, 28))
        axes.set_xlabel(f"test {problem.score_name},\nless the mean of all seeds")
    handles = [
        Line2D([], [], label=f"seed {seed}, several roundings", **look.arguments)
        for seed, look in looks.items()
    ]
    handles += [Line2D([], [], label="all seeds, as they are", markersize=7, **PLAIN.arguments)]
    title = "at the left, with the rate: the mean score of all seeds"
    style.legend(figure, handles, 5, title=title)
    return figure


def _points(own: Records) -> list[tuple[str, float]]:
    """Return the methods and rates, in order."""
    order = style.in_order(own.runs.get_column("method"))
    found = set(own.runs.select("method", "lr").iter_rows())
    return sorted(found, key=lambda point: (order.index(point[0]), point[1]))


def _spread(axes: Axes, own: Records, problem: Problem, looks: Mapping[int, Look]) -> None:
    """Draw one workload: the roundings of some seeds, and below them all seeds.

    A deviation below a point is on a linear axis.
    """
    table, names, points = final(own), titles(own), _points(own)
    labels = []
    for row, (method, lr) in enumerate(points):
        runs = table.filter(method=method, lr=lr)
        middle = float(np.mean(runs.filter("plain").get_column("score").to_numpy()))
        runs = runs.with_columns(pl.col("score") - middle)
        several = runs.filter(pl.col("rounding").n_unique().over("seed") > 1)
        for index, (seed, look) in enumerate(looks.items()):
            height = row + APART * (index - len(looks) / 2)
            found = several.filter(seed=seed).get_column("score")
            dots: dict[str, Any] = {"markersize": 3.2, "alpha": 0.75, **look.arguments}
            axes.plot(found, [height] * found.len(), **dots)
        plain = runs.filter("plain").get_column("score")
        height = row + APART * len(looks) / 2
        axes.plot(plain, [height] * plain.len(), markersize=7, **PLAIN.arguments)
        labels.append(rf"{names[method]}, $\alpha = ${style.power_text(lr)}: {middle:.3g}")
    axes.set_yticks(range(len(points)), labels)
    axes.set_ylim(len(points) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    drawn = np.concatenate([np.asarray(line.get_xdata()) for line in axes.get_lines()])
    scales.symmetric(axes, float(drawn.min()), float(drawn.max()), problem.point, "x")
