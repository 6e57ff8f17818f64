# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Losses of the diffusion model: against the learning rate, and over training at the best rates."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from matplotlib.figure import Figure

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.figures.curves import pair
from paper_figs.results import METHODS, final, of_workload, problem_of, titles, varied

WORKLOAD = "diffusion_unet"


def draw(records: Records, methods: Sequence[str] = METHODS) -> Figure:
    """Return a row for each schedule: score and training loss against lr, then over epochs.

    Raises
    ------
    MissingRecordsError
        If there are no runs of the workload.
    """
    own = of_workload(records.of(pl.col("method").is_in(methods)), WORKLOAD)
    own = varied(own, "schedule")
    problem, names = problem_of(own), titles(own)
    usual = own.runs.filter("plain").get_column("schedule")[0]
    schedules = sorted(own.runs.get_column("schedule").unique(), key=lambda name: name != usual)
    figure = style.new(style.TWO_COLUMNS, 1.75 * len(schedules) + 0.5)
    grid = figure.subplots(len(schedules), 4, squeeze=False)
    looks = {method: look for method, look in style.looks(methods).items() if method in names}
    for row, schedule in zip(grid, schedules, strict=True):
        part = own.of(pl.col("schedule") == schedule)
        panels.robustness(row[0], final(part), problem, "score", looks)
        panels.robustness(row[1], final(part), problem, "loss", looks)
        pair(row[2], row[3], problem, part, looks)
        row[2].set_title("")
        row[2].tick_params(labelbottom=True)
        row[0].set_ylabel(panels.score_label(problem))
        row[1].set_ylabel(panels.TRAINING_LOSS)
        row[0].set_title(f"{schedule.replace('_', ' ')} learning rate")
        for axes in row[:2]:
            axes.set_xlabel(panels.LEARNING_RATE)
        row[2].set_xlabel("epoch")
    handles = style.handles(looks, names)
    style.legend(
        figure,
        [*handles, *panels.marks()],
        7,
        title=f"{panels.heading(problem, 80, ', ')}; {panels.note(final(own))}",
    )
    return figure
