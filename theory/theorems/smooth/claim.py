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
from theory.case import Case
from theory.claims.base import Result, Worst, measured
from theory.problems.base import gamma
from theory.theorems.smooth.statement import STATEMENT


class SmoothSum:
    """Compares ``Σ_{j<=k} δ_j`` with the statement's bound.

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
        distance = np.sqrt(self.case.optimum.distance**2 + self.error)
        limit = STATEMENT.bound(L=smoothness, D=distance, beta=beta, first=self.first)
        self.worst.observe(step, self.total, limit * (1 + gamma(step.k)) + self.landing)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = measured(
    STATEMENT,
    kind="path-wise",
    units="the sum against the bound, both over G D",
    method="momo",
    reached=0.28,
    unchallenged="twice smooth_linear or more, and that is not reached either",
    monitor=SmoothSum,
)

CLAIMS = (CLAIM,)
