# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Training curves of the three best learning rates of each method, every workload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.records import Records
from paper_figs import panels, scales, style
from paper_figs.results import SHOWN, Problem, best_lrs, final, main_runs, problems, titles
from paper_figs.style import Look

BEST = 3
WIDTHS, SHADES = (1.4, 0.9, 0.6), (1.0, 0.75, 0.5)
"""Of the lines of the best, second and third best rate."""

VALUES = ("validation_score", "train_loss")


def draw(records: Records, methods: Sequence[str] = ()) -> Figure:
    """Return two panels a workload: validation score above, training loss below; plain runs.

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
    figure, grid = panels.pairs(list(problems(own)))
    looks, names = style.looks(methods or SHOWN), titles(own)
    for upper, lower, problem, found in grid:
        pair(upper, lower, problem, found, looks)
    handles = style.handles(looks, names)
    title = f"{RANKS}; {panels.note(final(own))}"
    style.legend(figure, handles, 7, title=title)
    return figure


RANKS = "thick to thin: best, second and third best rate"


def pair(
    upper: Axes, lower: Axes, problem: Problem, records: Records, looks: Mapping[str, Look]
) -> None:
    """Draw the curves of one workload: mean over seeds, and a band to the extremes of the best.

    The vertical axes are those of the two best rates from the first epoch on: what is worse, and
    what all are before training, is outside of them.
    """
    table = final(records)
    for method, look in looks.items():
        own = table.filter(method=method)
        for rank, lr in enumerate(best_lrs(own, BEST)):
            runs = own.filter(lr=lr).get_column("run")
            curve(upper, records, runs, "validation_score", look, rank)
            curve(lower, records, runs, "train_loss", look, rank)
    better = problem.score_name if problem.higher_is_better else ""
    for axes, name in ((upper, better), (lower, "")):
        axes.set_xlim(0, 1.03 * max(records.runs.get_column("epochs")))
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        shown = [each for each in axes.get_lines() if each.get_linewidth() >= WIDTHS[1]]
        drawn = [np.column_stack(each.get_data()) for each in shown]
        values = np.concatenate([points[points[:, 0] >= 1, 1] for points in drawn])
        values = values[np.isfinite(values)]
        if values.size:
            low, high = float(values.min()), float(values.max())
            kind = "log" if axes is lower and low > 0 else scales.kind_for(low, high, name)
            scales.scale(axes, low, high, kind)
    held_out = records.epochs.get_column("validation_score").count() > 0
    upper.set_ylabel(panels.score_label(problem, "validation" if held_out else "test"))
    lower.set_ylabel(panels.TRAINING_LOSS)
    lower.set_xlabel("epoch")


def curve(
    axes: Axes, records: Records, runs: pl.Series, column: str, look: Look, rank: int
) -> None:
    """Draw a column of the epochs of some runs: a mean needs them all.

    The training loss before the first epoch is that of the first batch. Where nothing is held out,
    the test score takes the place of the validation score.
    """
    first = records.runs.select("run", "initial_loss")
    own = records.epochs.filter(pl.col("run").is_in(runs.implode())).join(first, on="run")
    if column == "train_loss":
        start = pl.when(epoch=0).then("initial_loss")
        own = own.with_columns(pl.col(column).fill_null(start))
    if own.get_column("validation_score").count() == 0:
        own = own.with_columns(validation_score="test_score")
    own = own.drop_nulls(column)
    means = (
        own.group_by("epoch")
        .agg(
            pl.col(column).mean().alias("mean"),
            pl.col(column).min().alias("low"),
            pl.col(column).max().alias("high"),
            pl.len(),
        )
        .filter(len=runs.len())
        .sort("epoch")
    )
    epochs = means.get_column("epoch").to_numpy()
    shade: dict[str, Any] = {"color": look.colour, "linestyle": look.line, "alpha": SHADES[rank]}
    if rank == 0:
        shade |= {"marker": look.marker, "markerfacecolor": look.face, "markevery": [-1]}
    axes.plot(epochs, means.get_column("mean").to_numpy(), linewidth=WIDTHS[rank], **shade)
    if rank == 0:
        low, high = means.get_column("low").to_numpy(), means.get_column("high").to_numpy()
        axes.fill_between(epochs, low, high, color=look.colour, alpha=0.15, linewidth=0)
