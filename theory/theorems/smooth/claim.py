"""Smooth functions: the suboptimalities are summable along every trajectory, an O(1/K) rate.

The second sum is linear in 1/(1-β). A smooth convex function lies above its linearisations by
``||g||²/(2L)`` where its gradient is 0, so that the averaged linearisation lies below f* at x* by
the average of these, which is at least ``||d_k||²/(2L)``. The Fejér step becomes

    ||x^{k+1}-x*||² <= ||x^k-x*||² - (h_k-f*)²/||d_k||² - (h_k-f*)/L

(derived here), and its sum with the landing identity ``δ_1 + (1-β) Σ_{k>=2} δ_k <= LD²``.
"""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case, Setting
from theory.claims.base import Claim, Result, Worst, interpolated_uncapped
from theory.problems.base import Array, gamma


def bound(smoothness: float, distance_sq: Array, beta: Array, first: Array) -> Array:
    """Return ``C + sqrt(C β δ_1/(1-β))`` with ``C = 2LD²/(1-β)²``."""
    constant = 2 * smoothness * distance_sq / (1 - beta) ** 2
    return np.asarray(constant + np.sqrt(constant * beta * first / (1 - beta)))


class SmoothSum:
    """Compares ``Σ_{j<=k} δ_j`` with `bound`.

    Proof (derived here): ``||g_j||² <= 2L δ_j`` gives ``||d_k||² <= 2L δ̄_k`` for the average δ̄ of
    δ; with the landing identity the summed inequality reads ``Σ δ_k²/δ̄_k <= C``. By
    Cauchy-Schwarz ``(Σ δ_k)² <= C Σ δ̄_k``, and ``Σ δ̄_k <= Σ δ_k + β δ_1/(1-β)``.

    Rounding: D² grows by the summed `Step.fejer_error`, and every δ_k is off by
    ``landing_error/(1-β)``.
    """

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.first = np.zeros(shape)
        self.total, self.error, self.landing = np.zeros(shape), np.zeros(shape), np.zeros(shape)

    def observe(self, step: Step) -> None:
        """Add the step."""
        smoothness = self.case.constants.smoothness
        if smoothness is None:
            return
        beta = self.case.beta
        if step.k == 1:
            self.first = np.maximum(step.excess, 0)
        self.total += step.excess
        self.error += step.fejer_error
        self.landing += step.landing_error / (1 - beta)
        distance_sq = self.case.optimum.distance**2 + self.error
        limit = bound(smoothness, distance_sq, beta, self.first)
        self.worst.observe(step, self.total, limit * (1 + gamma(step.k)) + self.landing)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


def objection(case: Case, setting: Setting) -> str:
    """Return an objection to functions that are not smooth, to caps, and without interpolation."""
    if case.constants.smoothness is None:
        return "needs every f(·,s) smooth"
    return interpolated_uncapped(case, setting)


CLAIM = Claim(
    name="smooth",
    title="smooth O(1/K) sum",
    statement="Σ_{k≤K} (f_k - f*) ≤ C + sqrt(C β (f_1-f*)/(1-β)),  C = 2LD²/(1-β)²",
    source="derived here",
    kind="path-wise",
    units="the sum against the bound, both over G D",
    method="momo",
    objection=objection,
    reached=0.28,
    unchallenged="twice smooth_linear or more, and that is not reached either",
    monitor=SmoothSum,
)

CLAIMS = (CLAIM,)
