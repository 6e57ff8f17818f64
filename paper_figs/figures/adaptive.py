# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The adaptive term ζ_k against the cap over training: a row a method, a panel an α."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import MissingRecordsError, of_workload, problem_of, titles

WORKLOADS = ("mnist_mlp", "cifar10_resnet20", "cifar10_vit", "lm_transformer")
METHODS = ("momo", "momo_adam")
COLOURS = "viridis"
LATEST = 0.8
"""How far into the colour map the last step goes: its end is too light on white."""

DOTS: dict[str, Any] = {"s": 1.6, "linewidths": 0}


def draw(records: Records, methods: Sequence[str] = METHODS) -> Figure:
    """Return a row for each workload and method; one seed, plain runs, the steps that are recorded.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of the methods with steps on any of the workloads.
    """
    shown = list(_rows(records, methods))
    if not shown:
        named = f"{', '.join(methods)} on {', '.join(WORKLOADS)}"
        raise MissingRecordsError(f"plain runs and steps of {named}")
    columns = max(steps.get_column("rate").n_unique() for _, _, steps in shown)
    figure = style.new(style.TWO_COLUMNS, min(1.25 * len(shown) + 0.5, panels.PAGE))
    grid = figure.subplots(len(shown), columns, squeeze=False)
    before = ""
    for row, (heading, method, steps) in zip(grid, shown, strict=True):
        _row(list(row), steps)
        row[0].set_ylabel(rf"$\zeta_k$, {method}")
        if heading != before:
            _above(row[0], heading)
        before = heading
    for axes in grid[-1]:
        axes.set_xlabel("epoch")
    handles = [
        Line2D([], [], color="black", linewidth=0.9, label=r"cap $\alpha_k/\rho_k$"),
        Line2D([], [], color="#31688e", marker="o", linestyle="none", markersize=2, label=LABEL),
    ]
    style.legend(figure, handles, 2, title="of the first seed of each workload")
    return figure


def _rows(records: Records, methods: Sequence[str]) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Yield workloads' headings and methods' titles with their steps, from one seed."""
    chosen = records.of(pl.col("method").is_in(methods))
    there = set(chosen.runs.filter("plain").get_column("workload"))
    for workload in WORKLOADS:
        if workload not in there:
            continue
        own = of_workload(chosen, workload, plain=True)
        heading, names = panels.heading(problem_of(own), 80, ", "), titles(own)
        seed = own.runs.get_column("seed").min()
        about = own.runs.filter(seed=seed)
        about = about.select("run", "method", pl.col("lr").alias("rate"), "epochs")
        per_epoch = (pl.col("step") / pl.col("epoch")).filter(pl.col("epoch") > 0).max()
        about = about.join(own.epochs.group_by("run").agg(rounds=per_epoch), on="run")
        steps = own.steps.join(about, on="run").with_columns(at=pl.col("step") / pl.col("rounds"))
        steps = steps.drop_nulls("adaptive")
        for method in methods:
            if method in steps.get_column("method"):
                yield heading, names[method], steps.filter(method=method)


def _row(row: list[Axes], steps: pl.DataFrame) -> None:
    """Draw one method on one workload, a panel a rate."""
    low, high = limits(steps)
    last = max(1, *steps.get_column("epochs"))
    lrs = steps.get_column("rate").unique().sort().to_list()
    for axes, lr in zip(row, lrs, strict=False):
        part = steps.filter(rate=lr)
        at, zeta, cap = (part.get_column(c).to_numpy() for c in ("at", "adaptive", "cap"))
        shown = zeta > 0
        axes.scatter(
            at[shown], zeta[shown], c=at[shown], cmap=COLOURS, vmin=0, vmax=last / LATEST, **DOTS
        )
        axes.plot(at, cap, color="black", linewidth=0.9)
        capped = float(np.mean(zeta >= cap))
        axes.set_title(rf"$\alpha=${style.power_text(lr)}: {capped:.0%}")
        axes.set_yscale("log")
        axes.set_ylim(low, high)
        axes.set_xlim(-0.03 * last, 1.03 * last)
        style.log_axis(axes.yaxis, 4)
        axes.set_xticks([0, last])
        axes.tick_params(labelleft=axes is row[0])
    for axes in row[len(lrs) :]:
        axes.set_visible(False)


def _above(axes: Axes, heading: str) -> None:
    """Write a heading above a panel's title; it may be wider than the panel."""
    axes.set_title(f" \n{axes.get_title(loc='left')}")
    text = axes.annotate(heading, (0, 1), (0, 13), "axes fraction", "offset points")
    text.set_in_layout(False)


LABEL = r"adaptive term $\zeta_k$; in percent: steps with $\zeta_k$ above the cap"


def limits(table: pl.DataFrame) -> tuple[float, float]:
    """Return the limits of a method's panels, whole decades around all that they show."""
    both = np.concatenate([table.get_column(c).to_numpy() for c in ("adaptive", "cap")])
    both = both[both > 0]
    low, high = np.log10(both.min()), np.log10(both.max())
    return 10.0 ** math.floor(low - 0.1), 10.0 ** math.ceil(high + 0.1)
