# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Weight decay and lower bound together: score and loss at each rate, decay by decay."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import (
    MissingRecordsError,
    final,
    of_workload,
    problem_of,
    seeds,
    titles,
    varied,
)
from paper_figs.style import Look

WORKLOAD = "imagenet32_resnet18"
LOOKS = (
    Look(style.BLACK, "o", style.SOLID),
    Look(style.VERMILLION, "^", style.DASHED),
    Look(style.BLUE, "s", style.DASH_DOTTED),
    Look(style.GREEN, "D", style.DOTTED),
)
"""Of lower bounds, from the smallest."""
APART = 0.13
"""How far apart, in steps from one decay to the next, are the marks of bounds."""


def draw(records: Records) -> Figure:
    """Return a column for each method and rate, with the score above, and the training loss below.

    Raises
    ------
    MissingRecordsError
        If there are no runs with several decays, each with several lower bounds.
    """
    own = varied(of_workload(records, WORKLOAD), "weight_decay", "lb")
    table = final(own.of(pl.col("lb").is_not_null()))
    several = pl.struct("weight_decay", "lb").n_unique().over("method", "lr")
    both = pl.min_horizontal(
        pl.col(name).n_unique().over("method", "lr") for name in ("weight_decay", "lb")
    )
    table = table.filter(both > 1, several > 3).sort("method", "lr")
    if table.is_empty():
        raise MissingRecordsError(f"runs of {WORKLOAD} with several decays and lower bounds")
    problem, names = problem_of(own), titles(own)
    order = style.in_order(table.get_column("method"))
    shown = sorted(set(table.select("method", "lr").iter_rows()), key=lambda s: order.index(s[0]))
    shown = sorted(shown, key=lambda s: (order.index(s[0]), s[1]))
    figure = style.new(style.TWO_COLUMNS, 3.6)
    grid = figure.subplots(2, len(shown), squeeze=False, sharey="row")
    looks = dict(zip(table.get_column("lb").unique().sort(), LOOKS, strict=False))
    for (upper, lower), (method, lr) in zip(grid.T, shown, strict=True):
        part = table.filter(method=method, lr=lr)
        column(upper, part, "score", looks)
        column(lower, part, "loss", looks)
        upper.set_title(rf"{names[method]}, $\alpha = ${style.power_text(lr)}")
        lower.set_xlabel(r"weight decay $\lambda$")
    grid[0, 0].set_ylabel(panels.score_label(problem))
    grid[1, 0].set_ylabel(panels.TRAINING_LOSS)
    handles = [
        Line2D([], [], label=f"$f_* = {bound:g}$", **look.arguments)
        for bound, look in looks.items()
    ]
    title = f"{panels.heading(problem, 80, ', ')}; {seeds(table)}, small, and their mean"
    style.legend(figure, handles, 4, title=title)
    return figure


def column(axes: Axes, table: pl.DataFrame, name: str, looks: dict[float, Look]) -> None:
    """Draw one method and rate against the decay: the seeds, and a line through their means."""
    decays = table.get_column("weight_decay").unique().sort().to_list()
    for index, (bound, look) in enumerate(looks.items()):
        shift = APART * (index - (len(looks) - 1) / 2)
        own = table.filter(lb=bound)
        at = [decays.index(decay) + shift for decay in own.get_column("weight_decay")]
        dots: dict[str, Any] = {"color": look.colour, "marker": look.marker, "linestyle": "none"}
        axes.plot(at, own.get_column(name), markersize=1.8, alpha=0.6, **dots)
        means = own.group_by("weight_decay").agg(pl.col(name).mean()).sort("weight_decay")
        at = [decays.index(decay) + shift for decay in means.get_column("weight_decay")]
        axes.plot(at, means.get_column(name), **look.arguments)
    axes.set_xticks(range(len(decays)), [f"{decay:g}" for decay in decays])
    axes.set_xlim(-0.5, len(decays) - 0.5)
