# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Final score and training loss of the MLP on MNIST against the learning rate, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from matplotlib.figure import Figure

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import METHODS, final, of_workload, problem_of, titles

WORKLOAD = "mnist_mlp"


def draw(records: Records, methods: Sequence[str] = METHODS) -> Figure:
    """Return a panel of the score and one of the training loss; plain runs.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of the workload.
    """
    own = of_workload(records.of(pl.col("method").is_in(methods)), WORKLOAD, plain=True)
    problem, table, names = problem_of(own), final(own), titles(own)
    figure = style.new(style.TWO_COLUMNS, 2.6)
    left, right = figure.subplots(1, 2)
    looks = style.looks(methods)
    panels.robustness(left, table, problem, "score", looks)
    panels.robustness(right, table, problem, "loss", looks)
    left.set_ylabel(panels.score_label(problem))
    right.set_ylabel(panels.TRAINING_LOSS)
    for axes in (left, right):
        axes.set_xlabel(panels.LEARNING_RATE)
    left.set_title(panels.heading(problem, 60))
    handles = style.handles(looks, names)
    style.legend(figure, [*handles, *panels.marks()], 7, title=panels.note(table))
    return figure
