# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Final score of other methods against the learning rate, each beside MoMo and MoMo-Adam."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from matplotlib.figure import Figure

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import MissingRecordsError, final, of_workload, problem_of, titles

WORKLOAD = "mnist_mlp"
BEHIND = ("momo", "momo_adam")
BASELINES = (
    "prox_sps",
    "adabelief",
    "adabound",
    "lion",
    "adam_w",
    "prodigy",
    "schedule_free_sgd",
    "schedule_free_adam_w",
)
COLUMNS = 4


def draw(records: Records, methods: Sequence[str] = BASELINES) -> Figure:
    """Return a panel for each baseline that there are plain runs of.

    Raises
    ------
    MissingRecordsError
        If there are none.
    """
    chosen = records.of(pl.col("method").is_in((*BEHIND, *methods)))
    own = of_workload(chosen, WORKLOAD, plain=True)
    problem, table, names = problem_of(own), final(own), titles(own)
    shown = [method for method in methods if method in names and method not in BEHIND]
    if not shown:
        raise MissingRecordsError(f"plain runs of {', '.join(methods)} on {WORKLOAD}")
    columns = min(COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure = style.new(style.TWO_COLUMNS, 1.55 * rows + 0.4)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat[len(shown) :]:
        axes.set_visible(False)
    tables = [table.filter(pl.col("method").is_in((*BEHIND, method))) for method in shown]
    all_looks = style.looks((*BEHIND, *methods))
    for index, (axes, method) in enumerate(zip(grid.flat, shown, strict=False)):
        looks = {name: all_looks[name] for name in (*BEHIND, method)}
        panels.robustness(axes, tables[index], problem, "score", looks, together=tables)
        axes.set_title(names[method], color=all_looks[method].colour, fontweight="bold")
        axes.tick_params(labelleft=index % columns == 0)
        if index % columns == 0:
            axes.set_ylabel(panels.score_label(problem))
        if index + columns >= len(shown):
            axes.set_xlabel(panels.LEARNING_RATE)
    handles = style.handles({method: all_looks[method] for method in BEHIND}, names)
    style.legend(
        figure,
        [*handles, *panels.marks()],
        6,
        title=f"{panels.heading(problem, 80, ', ')}; {panels.note(*tables)}",
    )
    return figure
