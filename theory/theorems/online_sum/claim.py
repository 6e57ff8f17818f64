"""MoMo* before bootstrapping: both sums against D², with the steps that a trajectory shows."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, Worst, measured
from theory.problems.base import UNIT_ROUNDOFF, gamma
from theory.theorems.online_sum.statement import ONLINE_SUM


class OnlineSum:
    """Compares both relations of the statement, times ``2 Σ τ_j``, after every step.

        Σ 2 τ_j (h_j - f*) - τ_j² ||d_j||²  <=  D²
        Σ 2 τ_j w_j δ_j  <=  D² + Σ τ_j² ||d_j||² + 2 τ_j β (f* - f_*^1),    no β at j = 1

    with ``τ_j = ||x^{j+1} - x^j||/||d_j||``: nothing is read of the bound that the method uses.

    Rounding. x^{k+1} is off by ``e <= u (||x^{k+1}|| + 2 ||move||)``, and so is ``τ_k ||d_k||``:
    the squared distance by 4 e times its size. h_k is off by `Step.gap_error`, and so is what the
    landing leaves; x* minimises to within ε, and a subgradient inequality holds to within
    `Constants.rounding`, times ``2 τ_k``.
    """

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.worst = Worst(case, case.optimum.distance**2)
        self.estimates, self.points = np.zeros(shape), np.zeros(shape)
        self.squares, self.error = np.zeros(shape), np.zeros(shape)

    def observe(self, step: Step) -> None:
        """Add the step."""
        case, u = self.case, UNIT_ROUNDOFF
        norm = np.sqrt(step.norm_sq)
        tau = np.divide(step.move, norm, where=norm > 0, out=np.zeros_like(norm))
        tau = np.where(step.live, tau, 0.0)
        first = step.k == 1
        weight = np.ones_like(case.beta) if first else 1 - case.beta
        below = 0.0 if first else case.beta * (case.optimum.value - case.floor)
        square = tau**2 * step.norm_sq
        self.estimates += 2 * tau * step.gap - square
        self.points += 2 * tau * weight * step.excess
        self.squares += square + 2 * tau * below

        rounded = u * (step.extent + 3 * step.move)
        inexact = case.optimum.interpolation + case.constants.rounding
        self.error += 4 * rounded * (np.sqrt(step.distance_sq) + step.move)
        self.error += 2 * tau * (step.gap_error + step.landing_error + inexact)
        sums = gamma(step.k + len(case.problem.start) + 12)
        room = case.optimum.distance**2
        sizes = room + np.abs(self.estimates) + self.points + self.squares
        allowed = room + self.error + sums * sizes
        self.worst.observe(step, self.estimates, allowed)
        self.worst.observe(step, self.points, allowed + self.squares)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = measured(
    ONLINE_SUM,
    kind="path-wise",
    units="either sum against its bound, over D²",
    method="momo_star",
    monitor=OnlineSum,
)

CLAIMS = (CLAIM,)
