"""Training curves of the three best learning rates of each method, every workload."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.records import Records
from paper_figs import panels, scales, style
from paper_figs.results import SHOWN, Problem, best_lrs, final, main_runs, problems, titles

BEST = 3
WIDTHS, SHADES = (1.4, 0.9, 0.6), (1.0, 0.75, 0.5)
"""Of the lines of the best, second and third best rate."""

VALUES = ("validation_score", "train_loss")


def draw(records: Records) -> Figure:
    """Return two panels a workload: validation score above, training loss below; plain runs.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of the methods.
    """
    own = main_runs(records)
    figure, grid = panels.pairs(list(problems(own)))
    for upper, lower, problem, found in grid:
        pair(upper, lower, problem, found)
    names = titles(own)
    handles = [style.handle(method, names[method]) for method in SHOWN if method in names]
    style.legend(figure, handles, 4, title="thick to thin: best, second and third best rate")
    return figure


def pair(upper: Axes, lower: Axes, problem: Problem, records: Records) -> None:
    """Draw the curves of one workload: mean over seeds, and a band to the extremes of the best."""
    table = final(records)
    for method in SHOWN:
        own = table.filter(method=method)
        for rank, lr in enumerate(best_lrs(own, BEST)):
            runs = own.filter(lr=lr).get_column("run")
            curve(upper, records, runs, "validation_score", method, rank)
            curve(lower, records, runs, "train_loss", method, rank)
    for axes, name in ((upper, problem.score_name), (lower, "")):
        axes.set_xlim(0, max(records.runs.get_column("epochs")))
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        values = np.concatenate([line.get_ydata() for line in axes.get_lines()])
        values = values[np.isfinite(values)]
        if values.size:
            low, high = float(values.min()), float(values.max())
            kind = "log" if axes is lower and low > 0 else scales.kind_for(low, high, name)
            scales.scale(axes, low, high, kind)
    upper.set_ylabel(panels.score_label(problem, "validation"))
    lower.set_ylabel(panels.TRAINING_LOSS)
    lower.set_xlabel("epoch")


def curve(
    axes: Axes, records: Records, runs: pl.Series, column: str, method: str, rank: int
) -> None:
    """Draw a column of the epochs of some runs: a mean needs them all.

    The training loss before the first epoch is that of the first batch.
    """
    first = records.runs.select("run", "initial_loss")
    own = records.epochs.filter(pl.col("run").is_in(runs.implode())).join(first, on="run")
    if column == "train_loss":
        start = pl.when(epoch=0).then("initial_loss")
        own = own.with_columns(pl.col(column).fill_null(start))
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
    look = style.look(method)
    epochs = means.get_column("epoch").to_numpy()
    shade: dict[str, Any] = {"color": look.colour, "linestyle": look.line, "alpha": SHADES[rank]}
    axes.plot(epochs, means.get_column("mean").to_numpy(), linewidth=WIDTHS[rank], **shade)
    if rank == 0:
        low, high = means.get_column("low").to_numpy(), means.get_column("high").to_numpy()
        axes.fill_between(epochs, low, high, color=look.colour, alpha=0.15, linewidth=0)
