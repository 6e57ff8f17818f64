# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The worst found over convex Lipschitz functions, against β and against K, with the bounds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.records import Records
from paper_figs import style
from theory import bounds
from theory.worst_case.setting import Setting
from theory.worst_case.store import Store

COUNTS = (5, 10, 20)
"""K of the left panel."""

COLOURS, MARKERS = (style.BLUE, style.GREEN, style.VERMILLION), ("o", "s", "D")
BETA, LONGEST = 0.9, 1000
"""β of the right panel, and how far it goes."""

DOTS: dict[str, Any] = {"linestyle": "none", "markersize": 3.6}


def draw(records: Records) -> Figure:
    """Return a panel against β and one against K; no records are needed."""
    found = {
        (setting.beta, setting.iterations): kept.value
        for setting, kept in Store().found.items()
        if setting == Setting(setting.beta, setting.iterations)
    }
    figure = style.new(style.TWO_COLUMNS, 2.9)
    left, right = figure.subplots(1, 2)
    against_beta(left, found)
    against_iterations(right, found)
    return figure


def against_beta(axes: Axes, found: dict[tuple[float, int], float]) -> None:
    """Draw the largest value found over 1/√K: what momentum costs at worst."""
    fine = np.linspace(0, 0.995, 300)
    for count, colour, marker in zip(COUNTS, COLOURS, MARKERS, strict=True):
        root = math.sqrt(count)
        betas = sorted(beta for beta, k in found if k == count)
        values = [found[beta, count] * root for beta in betas]
        label = f"largest found, $K = {count}$"
        axes.plot(betas, values, label=label, color=colour, marker=marker, **DOTS)
        sharp = bounds.upper(fine, count) * root
        axes.plot(fine, sharp, color=colour, linestyle=style.DASHED, linewidth=0.9)
    paper = bounds.paper(fine, 1)
    axes.plot(fine, paper, color="black", linestyle=style.DOTTED, label="the paper's bound")
    axes.plot([], [], color=style.GREY, linestyle=style.DASHED, lw=0.9, label="best bound proven")
    axes.set_xlim(-0.02, 1.0)
    axes.set_ylim(0.9, 4.6)
    axes.set_xlabel(r"$\beta$")
    axes.set_ylabel(r"$\sqrt{K}\,(\min_{k\leq K} f(x^k)-f^*)$ in $GD$")
    axes.legend(loc="upper left")


def against_iterations(axes: Axes, found: dict[tuple[float, int], float]) -> None:
    """Draw the largest values found and the bounds for one β."""
    steps = np.unique(np.round(np.geomspace(1, LONGEST, 200)))
    lines = (
        ("the paper's bound", bounds.paper(BETA, steps), style.BLACK, style.DOTTED),
        ("bound, any functions", bounds.two_ends(BETA, steps), style.ORANGE, style.DASH_DOTTED),
        ("bound, one function", bounds.upper(BETA, steps), style.BLUE, style.DASHED),
        ("a known function leaves", bounds.construction(BETA, steps), style.GREEN, style.SOLID),
        (r"any method: $1/\sqrt{K}$", bounds.orthogonal(steps), style.GREY, style.DOTTED),
    )
    for label, values, colour, line in lines:
        axes.plot(steps, values, color=colour, linestyle=line, label=label)
    counts = sorted(k for beta, k in found if beta == BETA)
    worst = [found[BETA, k] for k in counts]
    axes.plot(counts, worst, "o", label="largest found", color=style.VERMILLION, **DOTS)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(0.9, LONGEST)
    axes.set_ylim(0.002, 14)
    style.log_axis(axes.xaxis)
    style.log_axis(axes.yaxis)
    axes.set_xlabel("$K$")
    axes.set_ylabel(r"$\min_{k\leq K} f(x^k)-f^*$ in $GD$")
    axes.set_title(rf"$\beta = {BETA:g}$")
    axes.legend(loc="lower left", labelspacing=0.3)
