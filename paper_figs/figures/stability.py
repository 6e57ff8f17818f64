"""Final score and training loss against the learning rate, every workload, as in figure 3."""

from __future__ import annotations

from matplotlib.figure import Figure

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import SHOWN, final, main_runs, problems, titles


def draw(records: Records) -> Figure:
    """Return two panels a workload: score above, training loss below; plain runs.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of these methods.
    """
    own = main_runs(records)
    figure, grid = panels.pairs(list(problems(own)))
    looks = {method: style.look(method) for method in SHOWN}
    for upper, lower, problem, found in grid:
        table = final(found)
        panels.robustness(upper, table, problem, "score", looks)
        panels.robustness(lower, table, problem, "loss", looks)
        upper.set_ylabel(panels.score_label(problem))
        lower.set_ylabel(panels.TRAINING_LOSS)
        lower.set_xlabel(panels.LEARNING_RATE)
    names = titles(own)
    handles = [style.handle(method, names[method]) for method in SHOWN if method in names]
    style.legend(figure, [*handles, *panels.marks()], 6)
    return figure
