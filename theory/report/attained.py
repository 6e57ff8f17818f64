# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The exponent of the value that the resisting functions force, one function for each K."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theory.exponent import log_slope
from theory.outcomes import CaseReport
from theory.problems.base import Array

RESISTING = "resisting"
"""The family with one function for each K, as `theory.plan.tasks` runs it."""


@dataclass(frozen=True)
class AttainedFit:
    """The value ``min_{k<=K} f(x^k) - f*`` that one β leaves on each resisting function.

    Attributes
    ----------
    beta
        β; there is no cap.
    steps
        K, ascending, shape (functions,).
    values, bounds
        What is left, and GD/√K, of the same shape.
    slope
        Least-squares slope of log value over log K; NaN with fewer than two K. The theory says
        -1/2 at β = 0.
    """

    beta: float
    steps: Array
    values: Array
    bounds: Array
    slope: float


def attained_fits(cases: Sequence[CaseReport]) -> tuple[AttainedFit, ...]:
    """Return one fit for each β without a cap, β ascending; empty without resisting cases."""
    points: dict[float, list[tuple[int, float, float]]] = {}
    for case in cases:
        if case.problem != RESISTING or case.method != "momo" or case.iterations != case.dim:
            continue
        bound = case.constants.gradient * case.optimum.distance / np.sqrt(case.iterations)
        for curve in case.curves:
            if np.isinf(curve.setting.lr):
                left = (case.iterations, float(curve.mean.min()), bound)
                points.setdefault(curve.setting.beta, []).append(left)
    fits = []
    for beta, found in sorted(points.items()):
        steps, values, bounds = (
            np.array(column, dtype=np.float64) for column in zip(*sorted(found), strict=True)
        )
        fits.append(AttainedFit(beta, steps, values, bounds, float(log_slope(steps, values))))
    return tuple(fits)
