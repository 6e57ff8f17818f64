# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The online lower bound f_*^k over training on least squares, one panel for each α."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from experiments.records import Records
from paper_figs import style
from paper_figs.results import MissingRecordsError, of_workload, titles

WORKLOAD = "synthetic_least_squares"
METHODS = ("momo_star", "momo_adam_star")
SMALLEST = 1e-3
"""Below this size the axis is linear."""

TICKS = (-10.0, -0.1, 0.0, 0.1, 10.0)
LOSS: dict[str, Any] = {"color": "#9a9a9a", "linewidth": 0.8}


def draw(records: Records) -> Figure:
    """Return a row of panels for each starred method; the first seed of the plain runs.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of the starred methods with steps.
    """
    own = of_workload(records.of(pl.col("method").is_in(METHODS)), WORKLOAD, plain=True)
    seed = own.runs.get_column("seed").min()
    about = own.runs.filter(seed=seed).select("run", "method", pl.col("lr").alias("rate"))
    steps = own.steps.join(about, on="run").drop_nulls("lower_bound")
    if steps.is_empty():
        raise MissingRecordsError(f"steps of {', '.join(METHODS)} on {WORKLOAD}")
    names = titles(own)
    methods = [m for m in METHODS if m in steps.get_column("method")]
    lrs = {m: steps.filter(method=m).get_column("rate").unique().sort().to_list() for m in methods}
    columns = max(len(values) for values in lrs.values())
    figure = style.new(style.TWO_COLUMNS, 1.45 * len(methods) + 0.45)
    grid = figure.subplots(len(methods), columns, squeeze=False, sharey=True)
    last = max(steps.get_column("step"))
    for row, method in zip(grid, methods, strict=True):
        look = style.look(method)
        for axes, lr in zip(row, lrs[method], strict=False):
            part = steps.filter(method=method, rate=lr)
            step, loss, bound = (
                part.get_column(c).to_numpy() for c in ("step", "loss", "lower_bound")
            )
            axes.axhline(0, color="black", linewidth=0.7, linestyle=style.DOTTED)
            axes.plot(step, loss, **LOSS)
            axes.plot(step, bound, color=look.colour, linewidth=1.3)
            axes.set_title(rf"$\alpha=${style.power_text(lr)}")
            axes.set_yscale("symlog", linthresh=SMALLEST)
            axes.set_ylim(-40, 40)
            axes.yaxis.set_major_locator(FixedLocator(TICKS))
            labels = [style.power_text(tick) for tick in TICKS]
            axes.yaxis.set_major_formatter(FixedFormatter(labels))
            axes.yaxis.set_minor_locator(NullLocator())
            axes.set_xticks([0, last], ["0", f"{last}"])
        for axes in row[len(lrs[method]) :]:
            axes.set_visible(False)
        row[0].set_ylabel(names[method])
    for axes in grid[-1]:
        axes.set_xlabel("step $k$")
    handles: list[Line2D | tuple[Line2D, ...]] = [
        tuple(
            Line2D([], [], color=style.look(m).colour, linewidth=1.3, label="bound $f_*^k$")
            for m in methods
        ),
        Line2D([], [], label="loss of the batch", **LOSS),
        Line2D([], [], color="black", linewidth=0.7, linestyle=style.DOTTED, label=r"true $f^*$"),
    ]
    style.legend(figure, handles, 3, title="of the first seed")
    return figure
