"""The last iterate, in expectation: the suboptimality of x^k after k-1 steps, at checkpoints.

Along every path it is at most ``G ||x^k-x*||``, and for smooth functions ``(L/2)||x^k-x*||²``, with
the largest gradient of a sample for G: the runs of different seeds are independent draws of a
bounded variable. Rounding: as in `theory.theorems.linear_rate.claim`, whose squared distances these
are, with `Constants.rounding` for the value.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, measured
from theory.claims.expectation import AtMarks, Curve
from theory.problems.base import Array, gamma
from theory.theorems.last_iterate.statement import LAST_GROWING, LAST_SHARP
from theory.theorems.linear_rate.claim import FAINT, UNRESOLVED, Distances
from theory.theorems.linear_rate.claim import contraction as growing_factor
from theory.theorems.sharp_linear.claim import contraction as sharp_factor


class LastIterate:
    """Compares the upper confidence limit of ``E[f(x^k) - f*]`` with ``value(q^{k-1} D²)``.

    Parameters
    ----------
    case
        The case.
    factor
        q of each setting, shape (settings,).
    value
        What a squared distance says of the suboptimality, at most.
    """

    def __init__(self, case: Case, factor: Array, value: Callable[[Array], Array]) -> None:
        self.case, self.factor, self.value = case, factor, value
        self.distances = Distances(case, factor)
        whole = np.asarray(case.optimum.distance**2)
        self.kept = AtMarks(case, float(value(whole)), geometric=True)

    def observe(self, step: Step) -> None:
        """Compare at checkpoints; then let the distances add up their rounding."""
        case, k = self.case, step.k
        error = self.distances.error.copy()
        self.distances.observe(step)
        whole = case.optimum.distance**2
        power = self.factor ** (k - 1) * whole
        faint = UNRESOLVED if case.problem.samples == 1 else FAINT
        if step.full is None or not (power >= faint * whole).all():
            return
        slack = gamma(k + 6) * whole
        upper = self.value(whole + error.max(axis=1) + slack) + case.constants.rounding
        bound = self.value(power + error.mean(axis=1) + slack) + case.constants.rounding
        self.kept.compare(k, step.full.objective - case.optimum.value, upper, bound)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.kept.results()

    def curves(self) -> list[Curve]:
        """Return the means, and the bound on them."""
        return self.kept.curves()


def sharp(case: Case) -> LastIterate:
    """Return the check for sharp functions."""
    gradient = case.constants.gradient_max
    return LastIterate(case, sharp_factor(case), lambda square: gradient * np.sqrt(square))


def growing(case: Case) -> LastIterate:
    """Return the check for smooth functions that grow."""
    smoothness = case.constants.smoothness
    assert smoothness is not None
    return LastIterate(case, growing_factor(case), lambda square: smoothness / 2 * square)


UNITS = "-log of the bound against that of the upper confidence limit, both over the bound at K = 0"

CLAIMS = (
    measured(
        LAST_SHARP,
        kind="in expectation",
        units=UNITS,
        method="momo",
        monitor=sharp,
        reached=0.3,
        unchallenged="distances fall faster than by the factor, as for sharp_linear, and the value"
        " is below G times the distance",
    ),
    measured(
        LAST_GROWING,
        kind="in expectation",
        units=UNITS,
        method="momo_capped",
        monitor=growing,
        reached=0.4,
        unchallenged="on the parabola a step without a cap quarters the value, the bound halves it",
    ),
)
