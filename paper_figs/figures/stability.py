"""Final score and training loss against the learning rate, every workload, as in figure 3."""

from __future__ import annotations

from matplotlib.figure import Figure

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import SHOWN, final, main_runs, problems, titles

COLUMNS = 4


def draw(records: Records) -> Figure:
    """Return two panels a workload: score above, training loss below; plain runs.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of these methods.
    """
    own = main_runs(records)
    shown = list(problems(own))
    columns = min(COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure = style.new(style.TWO_COLUMNS, 2.35 * rows + 0.35)
    looks = {method: style.look(method) for method in SHOWN}
    grid = figure.subplots(2 * rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_visible(False)
    for index, (problem, found) in enumerate(shown):
        row, column = divmod(index, columns)
        upper, lower = grid[2 * row : 2 * row + 2, column]
        table = final(found)
        panels.robustness(upper, table, problem, "score", looks)
        panels.robustness(lower, table, problem, "loss", looks)
        upper.tick_params(labelbottom=False)
        upper.set_title(panels.heading(problem))
        upper.set_ylabel(panels.score_label(problem))
        lower.set_ylabel(panels.TRAINING_LOSS)
        lower.set_xlabel(panels.LEARNING_RATE)
        upper.set_visible(True)
        lower.set_visible(True)
    names = titles(own)
    handles = [style.handle(method, names[method]) for method in SHOWN if method in names]
    style.legend(figure, [*handles, *panels.marks()], 6)
    return figure
