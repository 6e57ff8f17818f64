# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Rates against their bounds: for each claim that keeps its curves, one column of two panels.

Above, on the problem that comes nearest to equality: what was measured, and the bound, in the
nearest setting of each β. Below, for every problem, the part of the bound that its nearest setting
reaches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from theory.claims.curves import BoundCurve
from theory.outcomes import CaseReport, Report
from theory.problems.base import Array
from theory.report.axes import beta_text, limits, log_ticks

DASHED = (0, (4, 3))
TITLE = "With a cap, another bound, or no interpolation"
CAPTION = (
    "Above: the problem that comes nearest to the bound, in its nearest setting for each β; dashed:"
    " the bound. Below: every problem in its nearest setting; black is the one above."
)
COLUMNS = 5
LOWEST = 1e-3
"""The least part of a bound that is drawn."""


@dataclass(frozen=True)
class Nearest:
    """The curve of a claim that comes nearest to its bound, on one problem, with one β or any."""

    problem: str
    found: BoundCurve

    @property
    def ratio(self) -> Array:
        """The part of the bound that was reached, at each K."""
        return np.asarray(self.found.curve.measured / self.found.curve.bound)

    @property
    def largest(self) -> float:
        """Its largest value."""
        return float(np.nanmax(self.ratio, initial=-np.inf))


def curves_of(cases: Sequence[CaseReport]) -> dict[str, list[Nearest]]:
    """Return all curves by claim, in the order of the cases."""
    found: dict[str, list[Nearest]] = {}
    for case in cases:
        for curve in case.rates:
            found.setdefault(curve.claim, []).append(Nearest(case.problem, curve))
    return found


def nearest(curves: Sequence[Nearest]) -> dict[str, Nearest]:
    """Return the nearest curve of each problem, the nearest problem first."""
    best: dict[str, Nearest] = {}
    for curve in sorted(curves, key=lambda each: -each.largest):
        best.setdefault(curve.problem, curve)
    return best


def rates(report: Report, colours: Mapping[float, str]) -> Figure | None:
    """Return the figure; None where no claim kept a curve."""
    found = curves_of(report.cases)
    if not found:
        return None
    columns = min(COLUMNS, len(found))
    rows = -(-len(found) // columns)
    width, height = 2.35 * columns + 0.6, 4.6 * rows + 0.5
    figure = Figure(figsize=(width, height))
    grid = figure.subplots(2 * rows, columns, squeeze=False)
    figure.subplots_adjust(
        left=0.6 / width,
        right=1 - 0.1 / width,
        top=1 - 0.9 / height,
        bottom=0.45 / height,
        hspace=0.42,
        wspace=0.3,
    )
    for place, (above, below) in enumerate(zip(grid[::2].flat, grid[1::2].flat, strict=True)):
        if place >= len(found):
            above.set_visible(False)
            below.set_visible(False)
            continue
        claim, curves = list(found.items())[place]
        best = nearest(curves)
        _measured(above, claim, curves, next(iter(best)), colours)
        _parts(below, best)
        if place % columns == 0:
            above.set_ylabel("measured, and the bound")
            below.set_ylabel("part of the bound")
    betas = sorted({each.found.setting.beta for group in found.values() for each in group})
    handles = [Line2D([], [], color=colours[beta], label=beta_text(beta)) for beta in betas]
    handles.append(Line2D([], [], color="black", linewidth=1, linestyle=DASHED, label="bound"))
    figure.legend(handles=handles, loc="upper center", ncols=len(handles), borderaxespad=0.2)
    return figure


def _measured(
    axes: Axes,
    claim: str,
    curves: Sequence[Nearest],
    problem: str,
    colours: Mapping[float, str],
) -> None:
    """Draw the nearest setting of each β on one problem, and its bound."""
    own = [curve for curve in curves if curve.problem == problem]
    values = []
    for beta in sorted({curve.found.setting.beta for curve in own}):
        of_beta = [curve for curve in own if curve.found.setting.beta == beta]
        curve = max(of_beta, key=lambda each: each.largest).found.curve
        measured = np.where(curve.measured > 0, curve.measured, np.nan)
        # Marks a little apart: where steps are many they would hide the line.
        apart = 0.04 if np.isfinite(measured).any() else None
        look: dict[str, Any] = {"marker": ".", "markersize": 3, "markevery": apart}
        axes.plot(curve.steps, measured, color=colours[beta], **look)
        axes.plot(curve.steps, curve.bound, color=colours[beta], linewidth=1, linestyle=DASHED)
        values += [measured, curve.bound]
    positive = np.concatenate([value[np.isfinite(value) & (value > 0)] for value in values])
    low = max(positive.min(initial=np.inf), LOWEST * positive.max(initial=0.0))
    longest = max(float(curve.found.curve.steps[-1]) for curve in own)
    limits(axes, (1, max(longest, 2)), (low / 1.6, 1.6 * positive.max()))
    axes.set_title(f"{claim}\non {problem}", y=1.0, pad=3, fontsize=8.5)
    axes.set_xlabel("$K$", labelpad=1)


def _parts(axes: Axes, best: Mapping[str, Nearest]) -> None:
    """Draw the part of the bound that each problem reaches; the nearest one black, and named."""
    longest = 2.0
    for place, (problem, curve) in enumerate(best.items()):
        look = {"color": "black", "zorder": 3} if place == 0 else {"color": "#b5b5b5"}
        ratio = np.where(curve.ratio > 0, curve.ratio, np.nan)
        label = problem if place == 0 else None
        axes.plot(curve.found.curve.steps, ratio, linewidth=1.1, label=label, **look)
        longest = max(longest, float(curve.found.curve.steps[-1]))
    axes.axhline(1, color="black", linewidth=0.8, linestyle=DASHED)
    limits(axes, (1, longest), (LOWEST, 2.0))
    axes.set_yticks(*log_ticks(LOWEST, 1.0))
    largest = next(iter(best.values())).largest
    axes.set_title(f"nearest: {largest:.3f}", y=1.0, pad=3, fontsize=8.5)
    axes.set_xlabel("$K$", labelpad=1)
