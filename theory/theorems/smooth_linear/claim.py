"""Smooth functions: the weighted sum of the suboptimalities against L D², on every trajectory."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, Worst, measured
from theory.claims.expectation import Curve
from theory.engine import checkpoints
from theory.problems.base import Array, gamma
from theory.statement import Statement
from theory.theorems.smooth_linear.statement import LINEAR


def inexactness(step: Step, smoothness: float) -> Array:
    """Return what a step may take less, as x* minimises the f_i to within ε only.

    Its gradients are up to ``√(2Lε)``, by which the ``||g||²/(2L)`` of a step may be too large by
    ``||g|| √(2ε/L)``, times twice the step size; with ``τ_k ||d_k|| = move_k`` and the largest
    gradient.
    """
    case = step.case
    norm = np.sqrt(step.norm_sq)
    inverse = np.divide(1.0, norm, where=norm > 0, out=np.zeros_like(norm))
    slope = np.sqrt(2 * case.optimum.interpolation / smoothness)
    return np.asarray(2 * step.move * inverse * case.constants.gradient_max * slope)


class LinearSum:
    """Compares ``δ_1 + (1-β) Σ_{2<=j<=k} δ_j`` with the statement's right side.

    That is L D², and with a cap ``D² max{L, 1/α}`` (`theory.theorems.smooth_capped`). Rounding: as
    in `theory.theorems.smooth.claim.SmoothSum`, and `inexactness`.
    """

    def __init__(self, case: Case, statement: Statement) -> None:
        shape = (len(case.settings), case.seeds)
        self.case, self.statement = case, statement
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.first, self.later = np.zeros(shape), np.zeros(shape)
        self.error, self.landing = np.zeros(shape), np.zeros(shape)
        capped = any(quantity.name == "alpha" for quantity in statement.quantities)
        self.cap = {"alpha": case.lr} if capped else {}
        self.marks, self.at = checkpoints(case.iterations), list[tuple[int, Array, Array]]()

    def observe(self, step: Step) -> None:
        """Add the step."""
        case, smoothness = self.case, self.case.constants.smoothness
        if smoothness is None:
            return
        total = self.first if step.k == 1 else self.later
        total += np.where(step.live, step.excess, 0.0)
        self.landing += step.landing_error
        weighted, limit = self.statement.sides(
            first=self.first,
            later=self.later,
            L=smoothness,
            D=np.sqrt(case.optimum.distance**2 + self.error),
            beta=case.beta,
            **self.cap,
        )
        limit = limit * (1 + gamma(step.k)) + self.landing
        self.worst.observe(step, weighted, limit)
        if step.k in self.marks:
            self.at.append((step.k, weighted.mean(axis=1), limit.mean(axis=1)))
        self.error = self.error + step.fejer_error + inexactness(step, smoothness)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()

    def curves(self) -> list[Curve]:
        """Return the means of the sums, and of their bounds."""
        steps, sums, bounds = map(np.array, zip(*self.at, strict=True))
        return [Curve(steps, sums[:, i], bounds[:, i]) for i in range(len(self.case.settings))]


CLAIM = measured(
    LINEAR,
    kind="path-wise",
    units="the weighted sum against L D², both over G D",
    method="momo",
    reached=0.57,
    unchallenged="the largest values found of up to 10 steps leave 2/5 of the sum, or more",
    monitor=lambda case: LinearSum(case, LINEAR),
)

CLAIMS = (CLAIM,)
