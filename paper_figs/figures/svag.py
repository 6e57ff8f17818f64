# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What momentum is worth with SVAG: as much noise, and ℓ times less of what steps do by length."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments import summary
from experiments.records import Records
from experiments.summary.svag import ALIKE
from paper_figs import panels, style
from paper_figs.results import MissingRecordsError, counted, final, problem_of, titles

MARKERS = ("o", "s", "D", "^", "v")
"""Of batch sizes, from the smallest."""
SPREAD = 0.035
"""How far apart, in decades of ℓ, are the points of lines that would lie on one another."""
SHARES: tuple[tuple[str, Any, str], ...] = (
    ("zero", style.PURPLE, r"$h_k \leq f_*$"),
    ("uncapped", style.GREEN, r"$\zeta_k$ < cap"),
)
"""What is drawn of MoMo's steps."""


def draw(records: Records) -> Figure:
    """Return a row for each workload: worth of momentum at each learning rate, and MoMo's steps.

    Raises
    ------
    MissingRecordsError
        If there are no runs with β = 0 and β > 0 at several ℓ.
    """
    ends = final(records)
    worth = summary.svag(ends).filter(pl.col("batch_size").is_not_null(), measure="loss")
    if worth.is_empty():
        raise MissingRecordsError("runs with β = 0 and with β > 0, at several ℓ")
    shown = worth.partition_by("workload", "preset", maintain_order=True)
    rates = max(own.get_column("lr").n_unique() for own in shown)
    figure = style.new(style.TWO_COLUMNS, 1.75 * len(shown) + 0.65)
    grid = figure.subplots(len(shown), rates + 1, squeeze=False)
    marks = dict(zip(worth.get_column("batch_size").unique().sort(), MARKERS, strict=False))
    for row, own in zip(grid, shown, strict=True):
        place = (pl.col("workload") == own["workload"][0]) & (pl.col("preset") == own["preset"][0])
        named = records.of(place)
        lrs = own.get_column("lr").unique().sort().to_list()
        for axes in row[len(lrs) : -1]:
            axes.set_visible(False)
        for axes, lr in zip(row, lrs, strict=False):
            _worth(axes, own.filter(lr=lr), marks)
            axes.set_title(rf"$\alpha = {lr:g}$")
        row[0].set_title(f"{panels.heading(problem_of(named))}\n{row[0].get_title(loc='left')}")
        row[0].set_ylabel(r"test loss, $\beta = 0$ less $\beta > 0$")
        _shares(row[-1], own, named, marks)
    handles = [
        Line2D([], [], color=style.look(m).colour, linestyle=style.look(m).line, label=name)
        for m, name in _methods(records, worth).items()
    ]
    handles += [
        Line2D([], [], color=style.GREY, marker=mark, linestyle="", label=f"batch {size}")
        for size, mark in marks.items()
    ]
    handles += [
        Line2D([], [], color=colour, linestyle=style.DOTTED, label=label)
        for _, colour, label in SHARES
    ]
    title = f"mean of pairs over {counted(worth['n'])}; bars: 95 % intervals"
    style.legend(figure, handles, 7, title=title)
    return figure


def _methods(records: Records, worth: pl.DataFrame) -> dict[str, str]:
    names = titles(records)
    return {method: names[method] for method in style.in_order(worth.get_column("method"))}


def _worth(axes: Axes, own: pl.DataFrame, marks: dict[int, str]) -> None:
    """Draw means and intervals against ℓ, a line for each method and batch size."""
    lines = own.partition_by("method", "batch_size", maintain_order=True)
    for index, each in enumerate(lines):
        look = style.look(each["method"][0])
        shift = 10 ** (SPREAD * (index - (len(lines) - 1) / 2))
        middle, low, high = (each[name].to_numpy() for name in ("difference", "low", "high"))
        axes.errorbar(
            each["svag"].to_numpy() * shift,
            middle,
            yerr=(middle - low, high - middle),
            color=look.colour,
            linestyle=look.line,
            marker=marks[each["batch_size"][0]],
            elinewidth=0.6,
        )
    axes.axhline(0, color=style.BLACK, linewidth=0.6)
    _levels(axes, own)


def _shares(axes: Axes, own: pl.DataFrame, records: Records, marks: dict[int, str]) -> None:
    """Draw which shares of MoMo's steps with momentum are 0, and below the cap, at the large α."""
    lr = float(max(own.get_column("lr")))
    runs = records.runs.filter(pl.col("beta") > 0, method="momo", lr=lr).join(
        own.select(*ALIKE, "svag").unique(), on=[*ALIKE, "svag"], how="semi", nulls_equal=True
    )
    steps = records.steps.join(runs.select("run", "batch_size", "svag"), on="run")
    found = (
        steps.group_by("batch_size", "svag")
        .agg(
            zero=100 * (pl.col("step_size") == 0).mean(),
            uncapped=100 * (pl.col("step_size") < pl.col("cap")).mean(),
        )
        .sort("batch_size", "svag")
    )
    for each in found.partition_by("batch_size", maintain_order=True):
        for name, colour, _ in SHARES:
            mark = marks[each["batch_size"][0]]
            axes.plot(each["svag"], each[name], color=colour, marker=mark, linestyle=style.DOTTED)
    axes.set_title(rf"MoMo's steps, $\alpha = {lr:g}$")
    axes.set_ylabel("share in %")
    axes.set_ylim(bottom=0)
    _levels(axes, own)


def _levels(axes: Axes, own: pl.DataFrame) -> None:
    """Set the horizontal axis: one tick for each ℓ."""
    levels = own.get_column("svag").unique().sort().to_list()
    axes.set_xscale("log")
    axes.set_xticks(levels, [str(level) for level in levels])
    axes.minorticks_off()
    axes.set_xlim(min(levels) / 1.35, max(levels) * 1.35)
    axes.set_xlabel(r"$\ell$")
