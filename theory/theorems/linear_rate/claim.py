"""Linear rates: the squared distance after K steps, in expectation.

Along every path it is at most D² (the Fejér step), so that the runs of different seeds are
independent draws of a bounded variable, and betting gives an upper confidence limit of its
expectation (`theory.claims.expectation`). Shown are the exponents, ``K log(1/q)`` and what was
seen. A limit from S runs is off the mean by ``log(1/p)/S`` of the range above it, so that nothing
is compared once the bound is below `FAINT` of D²; for one function nothing is random, and all K are
compared until it is below `UNRESOLVED`.

Rounding of a step, all of it added up (no step enlarges what came before):

* `Step.fejer_error`, of the Fejér step;
* ``2τ landing_error``, as ``h_k - f*`` may be below ``(1-β)(f_k-f*)`` by so much;
* for smooth functions, that x* minimises the f_i to within ε only, as in `smooth_linear`;
* a run that is held is allowed the part of its squared distance that a step would take.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, measured
from theory.claims.expectation import AtMarks, Curve
from theory.engine import checkpoints
from theory.problems.base import Array, gamma
from theory.theorems.linear_rate.bound import factor
from theory.theorems.linear_rate.statement import LINEAR_RATE
from theory.theorems.smooth_linear.claim import inexactness

FAINT = 0.2
"""The part of D² below which a bound is not compared with what independent runs say."""

UNRESOLVED = 1e-8
"""The part of D² below which squared distances say more of what the solver knows of x*."""

MARKS_PER_DECADE = 3
"""At how many K of each decade the distances are compared, for more than one function."""


class Distances:
    """Compares the upper confidence limit of ``E||x^{K+1}-x*||²`` with ``q^K D²``.

    Parameters
    ----------
    case
        The case.
    factor
        q for each setting, shape (settings,).
    """

    def __init__(self, case: Case, factor: Array) -> None:
        self.case, self.factor = case, factor
        self.error = np.zeros((len(case.settings), case.seeds))
        self.marks = checkpoints(case.iterations, MARKS_PER_DECADE)
        self.kept = AtMarks(case, case.optimum.distance**2, geometric=True)

    def observe(self, step: Step) -> None:
        """Add up the rounding; at the marked K compare."""
        case, q, k = self.case, self.factor, step.k
        norm = np.sqrt(step.norm_sq)
        inverse = np.divide(1.0, norm, where=norm > 0, out=np.zeros_like(norm))
        held = (1 - q)[:, None] * step.distance_sq
        taken = step.fejer_error + 2 * step.move * inverse * step.landing_error
        if case.constants.smoothness is not None:
            taken = taken + inexactness(step, case.constants.smoothness)
        self.error += np.where(step.live, taken, held)
        whole = case.optimum.distance**2
        bound = q**k * whole
        single = case.problem.samples == 1
        due = bound >= (UNRESOLVED if single else FAINT) * whole
        if (single or k in self.marks) and due.all():
            left = step.distance_sq + step.distance_change
            slack = gamma(k + 4) * whole
            upper, allowed = whole + self.error.max(axis=1), bound + self.error.mean(axis=1)
            self.kept.compare(k, left, upper + slack, allowed + slack)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.kept.results()

    def curves(self) -> list[Curve]:
        """Return the means, and the bound on them."""
        return self.kept.curves()


def monitor(find: Callable[[Case], Array]) -> Callable[[Case], Distances]:
    """Return what makes the check of a case, with q as ``find`` says it."""
    return lambda case: Distances(case, find(case))


def contraction(case: Case) -> Array:
    """Return q of each setting."""
    smoothness, growth = case.constants.smoothness, case.constants.growth
    assert smoothness is not None
    assert growth is not None
    return factor(case.beta[:, 0], case.lr[:, 0], smoothness, growth)


CLAIMS = (
    measured(
        LINEAR_RATE,
        kind="in expectation",
        units="-log of q^K against that of the upper confidence limit of E||x^{K+1}-x*||²/D²",
        method="momo_capped",
        after_step=True,
        reached=0.49,
        unchallenged="on a parabola, where it is nearest, the distance falls twice as fast",
        monitor=monitor(contraction),
    ),
)
