"""(L0, L1)-smooth functions: the weighted sum of the suboptimalities, and the count of steps."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, Worst, measured
from theory.problems.base import Array, gamma
from theory.theorems.generalized_smooth.statement import SPS, SUM


def inexactness(step: Step, zero: float) -> Array:
    """Bound how far an inexact x* moves the decrease of a step.

    x* minimises the f_i to within ε only, so that their gradients there are up to
    ``u* = √(3 L0 ε)`` (of ``u*² <= 2ε (L0 + L1 u*)`` with ``L1 u* <= L0/2``); f grows from there by
    ``u* ||v|| + u* φ(L1 ||v||)/L1`` more than from a minimiser, which with ``L1 ||v|| = log(1 + L1
    u/L0)`` is at most ``2 u* u/L0``: times twice the step size, ``τ_k ||d_k|| = move_k``, and with
    the largest gradient for u.
    """
    case, norm = step.case, np.sqrt(step.norm_sq)
    inverse = np.divide(1.0, norm, where=norm > 0, out=np.zeros_like(norm))
    slope = np.sqrt(3 * zero * case.optimum.interpolation)
    return np.asarray(4 * step.move * inverse * slope * case.constants.gradient_max / zero)


class GeneralizedSmoothSum:
    """Compares ``Σ_{j<=k} w_j δ_j min{α, 1/(L0 + L1 ||d_j||/3)}`` with D², ``w_1 = 1``, else 1-β.

    Rounding. D² grows by the summed `Step.fejer_error` and `inexactness`, and ``w_k δ_k`` is off by
    the landing error.
    """

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.worst = Worst(case, case.optimum.distance**2)
        self.total, self.error = np.zeros(shape), np.zeros(shape)

    def observe(self, step: Step) -> None:
        """Add the step."""
        case, known = self.case, self.case.constants.generalized_smoothness
        if known is None:
            return
        zero, one = known
        norm = np.sqrt(step.norm_sq)
        worth = np.minimum(case.lr, 1 / (zero + one * norm / 3))
        weight = 1 - case.beta if step.k > 1 else np.ones_like(case.beta)
        self.total += np.where(step.live, worth * weight * step.excess, 0.0)
        self.error += worth * step.landing_error + step.fejer_error
        self.error += inexactness(step, zero)
        limit = case.optimum.distance**2 * (1 + gamma(step.k + 12)) + self.error
        self.worst.observe(step, self.total, limit)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


class SpsSum:
    """Compares ``Σ_{j<=k} 1/M_j² + δ_j/(L0 + L1 M_j δ_j/3)`` with D² at β = 0.

    ``M = 8 L1/3 + √(2 L0/δ)``. Rounding: as in `GeneralizedSmoothSum`, and a computed loss may be
    off by `Constants.rounding`, which makes a term, that grows with δ, too large by at most
    ``3/(2 L0)`` times as much.
    """

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.worst = Worst(case, case.optimum.distance**2)
        self.total, self.error = np.zeros(shape), np.zeros(shape)

    def observe(self, step: Step) -> None:
        """Add the step."""
        case, known = self.case, self.case.constants.generalized_smoothness
        if known is None:
            return
        zero, one = known
        delta = np.maximum(step.excess, 0)
        times = 8 * one / 3 * delta + np.sqrt(2 * zero * delta)  # M δ
        share = np.divide(delta, times, where=times > 0, out=np.zeros_like(delta))
        self.total += np.where(step.live, share**2 + delta / (zero + one * times / 3), 0.0)
        self.error += step.fejer_error + 3 / (2 * zero) * case.constants.rounding
        self.error += inexactness(step, zero)
        limit = case.optimum.distance**2 * (1 + gamma(step.k + 20)) + self.error
        self.worst.observe(step, self.total, limit)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = measured(
    SUM,
    kind="path-wise",
    units="the weighted sum against D², both over D²",
    method="momo",
    monitor=GeneralizedSmoothSum,
    reached=0.4,
    unchallenged="as smooth_linear's, where 2/5 or more are left; one function alone reaches 0.73",
)

CLAIM_SPS = measured(
    SPS,
    kind="path-wise",
    units="the sum against D², both over D²",
    method="momo",
    monitor=SpsSum,
    reached=0.25,
    unchallenged="of six functions each sees the fewer steps; one function alone reaches 0.80",
)

CLAIMS = (CLAIM, CLAIM_SPS)
