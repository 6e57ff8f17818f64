# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Best scores of all workloads: every seed at the learning rate chosen on the validation score."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.records import Records
from paper_figs import panels, scales, style
from paper_figs.results import (
    SHOWN,
    Problem,
    best_lrs,
    final,
    main_runs,
    problems,
    seeds,
    titles,
)
from paper_figs.style import Look

WIDEST = 28
"""How many characters fit below a panel."""


def draw(records: Records, methods: Sequence[str] = ()) -> Figure:
    """Return a panel for each workload, with a row for each method; plain runs.

    Parameters
    ----------
    methods
        Default: those of `results.main_runs`.

    Raises
    ------
    MissingRecordsError
        If there are no plain runs of the methods.
    """
    own = main_runs(records, methods)
    shown = list(problems(own))
    looks, names = style.looks(methods or SHOWN), titles(own)
    columns = min(panels.COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    most = max(found.runs.get_column("method").n_unique() for _, found in shown)
    height = min((0.13 * most + 0.85) * rows + 0.4, panels.PAGE)
    figure = style.new(style.TWO_COLUMNS, height)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat[len(shown) :]:
        axes.set_visible(False)
    for axes, (problem, found) in zip(grid.flat, shown, strict=False):
        scores(axes, found, looks)
        axes.set_title(panels.heading(problem), x=TITLE_AT if columns >= panels.COLUMNS else 0)
        axes.set_xlabel("\n".join(textwrap.wrap(f"test {problem.score_name}", WIDEST)))
        horizontal(axes, problem)
    handles = style.handles(looks, names)
    title = f"{seeds(final(own))}, small; their mean, large; better is further to the right"
    style.legend(figure, handles, 7, title=title)
    return figure


TITLE_AT = -0.38
"""Where a narrow panel's title begins, in its widths: above the rates."""


def horizontal(axes: Axes, problem: Problem) -> None:
    """Set scale and ticks of the scores, so that better ones are further to the right."""
    if problem.higher_is_better:
        axes.xaxis.set_major_locator(MaxNLocator(4))
        style.plain_numbers(axes.xaxis)
        return
    values = np.concatenate([line.get_xdata() for line in axes.get_lines()])
    if scales.kind_for(float(values.min()), float(values.max())) == "log":
        axes.set_xscale("log")
        style.log_axis(axes.xaxis, 4)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(4))
        style.plain_numbers(axes.xaxis)
    axes.invert_xaxis()


def scores(axes: Axes, own: Records, looks: Mapping[str, Look]) -> None:
    """Draw the scores of a workload's methods at their best rates, and name the rates."""
    table, ticks = final(own), []
    present = [method for method in looks if method in table.get_column("method")]
    for row, method in enumerate(present):
        runs = table.filter(method=method)
        lr = best_lrs(runs)[0]
        found = runs.filter(lr=lr).get_column("score").to_numpy()
        look = looks[method]
        dots: dict[str, Any] = {"color": look.colour, "marker": look.marker, "linestyle": "none"}
        axes.plot(found, [row] * len(found), markersize=2.2, alpha=0.6, **dots)
        axes.plot([np.mean(found)], [row], markersize=5, **dots, markeredgecolor="black")
        ticks.append(rf"$\alpha = ${style.power_text(lr)}")
    axes.set_yticks(range(len(present)), ticks)
    axes.set_ylim(len(present) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
