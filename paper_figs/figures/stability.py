# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Final score and training loss against the learning rate, every workload, as in figure 3."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import SHOWN, final, main_runs, problems, titles


def draw(records: Records, methods: Sequence[str] = ()) -> Figure:
    """Return two panels a workload: score above, training loss below; plain runs.

    Parameters
    ----------
    methods
        Default: those of `results.main_runs`.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of these methods.
    """
    own = main_runs(records, methods)
    figure, grid = panels.pairs(list(problems(own)))
    looks, names = style.looks(methods or SHOWN), titles(own)
    for upper, lower, problem, found in grid:
        table = final(found)
        panels.robustness(upper, table, problem, "score", looks)
        panels.robustness(lower, table, problem, "loss", looks)
        upper.set_ylabel(panels.score_label(problem))
        lower.set_ylabel(panels.TRAINING_LOSS)
        lower.set_xlabel(panels.LEARNING_RATE)
    handles = style.handles(looks, names)
    style.legend(figure, [*handles, *panels.marks()], 7, title=panels.note(final(own)))
    return figure
