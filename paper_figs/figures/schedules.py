"""Final score against the learning rate under different schedules, one panel for each method."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import panels, style
from paper_figs.results import METHODS, MissingRecordsError, final, titles
from paper_figs.style import Look
from paper_figs.variants import studied

LOOKS = {
    "constant": Look(style.BLACK, "o", style.SOLID),
    "cosine": Look(style.BLUE, "s", style.DASHED),
    "linear": Look(style.GREEN, "^", style.DASH_DOTTED),
    "step": Look(style.VERMILLION, "D", style.DASH_DOTTED),
    "inverse_square_root": Look(style.PURPLE, "v", style.DOTTED),
}


def draw(records: Records) -> Figure:
    """Return a row for each workload on which schedules were compared.

    Raises
    ------
    MissingRecordsError
        If there is none.
    """
    shown = list(studied(records, "schedule", METHODS))
    if not shown:
        raise MissingRecordsError("runs under several schedules, others alike")
    methods = style.in_order(m for _, own in shown for m in own.runs.get_column("method"))
    figure = style.new(style.TWO_COLUMNS, 1.6 * len(shown) + 0.45)
    grid = figure.subplots(len(shown), len(methods), squeeze=False)
    used = {s for _, own in shown for s in own.runs.get_column("schedule")}
    looks = {name: LOOKS.get(name, style.OTHER) for name in (*LOOKS, *sorted(used - {*LOOKS}))}
    looks = {name: look for name, look in looks.items() if name in used}
    for row, (problem, own) in zip(grid, shown, strict=True):
        table, names = final(own), titles(own)
        row_tables = table.partition_by("method")
        for axes, method in zip(row, methods, strict=True):
            part = table.filter(method=method)
            if part.is_empty():
                axes.set_visible(False)
                continue
            panels.robustness(axes, part, problem, "score", looks, "schedule", row_tables)
            axes.set_title(names[method])
            axes.set_xlabel(panels.LEARNING_RATE)
        for axes in row[1:]:
            axes.tick_params(labelleft=False)
        row[0].set_ylabel(f"{panels.heading(problem)}\n{panels.score_label(problem)}")
    handles = [
        Line2D([], [], label=name.replace("_", " "), **look.arguments)
        for name, look in looks.items()
    ]
    style.legend(figure, [*handles, *panels.marks()], 7)
    return figure
