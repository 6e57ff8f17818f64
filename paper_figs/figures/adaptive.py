"""The adaptive term ζ_k against the cap α over training, one panel for each α."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import style
from paper_figs.results import MissingRecordsError, of_workload, titles

WORKLOAD = "mnist_mlp"
METHODS = ("momo", "momo_adam")
COLUMNS = 8
COLOURS = "viridis"
LATEST = 0.8
"""How far into the colour map the last step goes: its end is too light on white."""

DOTS: dict[str, Any] = {"s": 2.5, "linewidths": 0}


def draw(records: Records) -> Figure:
    """Return a row of panels for each method; one seed, plain runs, the steps that are recorded.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of the workload with steps.
    """
    own = of_workload(records.of(pl.col("method").is_in(METHODS)), WORKLOAD, plain=True)
    per_epoch = (pl.col("step") / pl.col("epoch")).filter(pl.col("epoch") > 0).max()
    seed = own.runs.get_column("seed").min()
    about = own.runs.filter(seed=seed).select("run", "method", pl.col("lr").alias("rate"), "epochs")
    about = about.join(own.epochs.group_by("run").agg(rounds=per_epoch), on="run")
    steps = own.steps.join(about, on="run").with_columns(at=pl.col("step") / pl.col("rounds"))
    steps = steps.drop_nulls("adaptive").filter(pl.col("adaptive") > 0)
    if steps.is_empty():
        raise MissingRecordsError(f"steps of {', '.join(METHODS)} on {WORKLOAD}")
    names = titles(own)
    methods = [m for m in style.in_order(METHODS) if m in steps.get_column("method")]
    lrs = {m: steps.filter(method=m).get_column("rate").unique().sort().to_list() for m in methods}
    columns = max(len(values) for values in lrs.values())
    figure = style.new(style.TWO_COLUMNS, 1.45 * len(methods) + 0.45)
    grid = figure.subplots(len(methods), columns, squeeze=False)
    last = max(1, *steps.get_column("epochs"))
    for row, method in zip(grid, methods, strict=True):
        table = steps.filter(method=method)
        low, high = limits(table)
        for axes, lr in zip(row, lrs[method], strict=False):
            part = table.filter(rate=lr)
            at, zeta, cap = (part.get_column(c).to_numpy() for c in ("at", "adaptive", "cap"))
            axes.scatter(at, zeta, c=at, cmap=COLOURS, vmin=0, vmax=last / LATEST, **DOTS)
            axes.plot(at, cap, color="black", linewidth=0.9)
            capped = float(np.mean(zeta >= cap))
            axes.set_title(rf"$\alpha=${style.power_text(lr)}: {capped:.0%}")
            axes.set_yscale("log")
            axes.set_ylim(low, high)
            axes.set_xlim(-0.03 * last, 1.03 * last)
            style.log_axis(axes.yaxis, 5)
            axes.set_xticks([0, last])
            if axes is not row[0]:
                axes.tick_params(labelleft=False)
        for axes in row[len(lrs[method]) :]:
            axes.set_visible(False)
        row[0].set_ylabel(rf"$\zeta_k$, {names[method]}")
    for axes in grid[-1]:
        axes.set_xlabel("epoch")
    handles = [
        Line2D([], [], color="black", linewidth=0.9, label=r"cap $\alpha_k/\rho_k$"),
        Line2D([], [], color="#31688e", marker="o", linestyle="none", markersize=2, label=LABEL),
    ]
    style.legend(figure, handles, 2)
    return figure


LABEL = r"adaptive term $\zeta_k$; in percent: steps with $\zeta_k$ above the cap"


def limits(table: pl.DataFrame) -> tuple[float, float]:
    """Return the limits of a method's panels, whole decades around all that they show."""
    both = np.concatenate([table.get_column(c).to_numpy() for c in ("adaptive", "cap")])
    low, high = np.log10(both.min()), np.log10(both.max())
    return 10.0 ** math.floor(low - 0.1), 10.0 ** math.ceil(high + 0.1)
