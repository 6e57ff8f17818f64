# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The best gap so far of MoMo against K, with the paper's bound and those derived here."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import rate_curves, style
from paper_figs.rate_curves import RateCurves

COLOURS = (style.BLACK, style.BLUE, style.VERMILLION)
"""One for each β, ascending."""

TITLES = {
    "momentum_trap": "trap for momentum, one function",
    "chebyshev_regression": "largest error, one function",
    "absolute_regression": "absolute errors",
    "least_squares": "least squares",
}
DECADES = 5
"""How far below G D the panels look."""


def draw(records: Records) -> Figure:
    """Return a panel for each problem that was measured; no records are needed."""
    curves = rate_curves.load()
    columns = min(2, len(curves))
    rows = -(-len(curves) // columns)
    figure = style.new(style.TWO_COLUMNS, 1.85 * rows + 0.45)
    grid = figure.subplots(rows, columns, squeeze=False, sharey=True)
    for axes in grid.flat[len(curves) :]:
        axes.set_visible(False)
    for axes, own in zip(grid.flat, curves, strict=False):
        panel(axes, own)
    for row in grid:
        row[0].set_ylabel(r"$\min_{k\leq K}\,\mathbf{E} f(x^k)-f^*$ in $GD$")
    for axes in grid[-1]:
        axes.set_xlabel("$K$")
    betas = sorted({float(beta) for own in curves for beta in own.gaps})
    handles = [
        *(
            Line2D([], [], color=colour, label=rf"measured, $\beta = {beta:g}$")
            for beta, colour in zip(betas, COLOURS, strict=False)
        ),
        Line2D([], [], color=style.GREY, linestyle=style.DOTTED, label=PAPER),
        Line2D([], [], color=style.GREY, linestyle=style.DASHED, linewidth=0.8, label=OURS),
    ]
    style.legend(figure, handles, 3)
    return figure


PAPER = r"the paper's bound, $1/((1-\beta)\sqrt{K})$"
OURS = "best bound proven"


def panel(axes: Axes, own: RateCurves) -> None:
    """Draw the best gaps on one problem; what rounding leaves open is grey."""
    from theory import bounds

    steps = np.array(own.iterations)
    bound = bounds.upper if own.samples == 1 else bounds.two_ends
    for (beta, gaps), colour in zip(own.gaps.items(), COLOURS, strict=False):
        axes.plot(steps, gaps, color=colour, linewidth=1.4)
        paper, ours = bounds.paper(float(beta), steps), bound(float(beta), steps)
        axes.plot(steps, paper, color=colour, linestyle=style.DOTTED)
        axes.plot(steps, ours, color=colour, linestyle=style.DASHED, linewidth=0.8)
    axes.axhspan(10.0 ** -(DECADES + 10), own.undetermined, color="#d9d9d9", linewidth=0)
    kind = "" if own.samples == 1 else f", {own.samples} functions, mean of {own.seeds} runs"
    axes.set_title(TITLES.get(own.problem, own.problem.replace("_", " ")) + kind)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(1, steps[-1])
    axes.set_ylim(10.0**-DECADES, 20)
    style.log_axis(axes.xaxis)
    style.log_axis(axes.yaxis, 4)
