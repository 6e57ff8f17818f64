"""One function sampled again and again: a step may not keep both the value and the direction."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, Worst, measured
from theory.problems.base import UNIT_ROUNDOFF, gamma
from theory.theorems.norm_recursion.statement import STATEMENT


class NormRecursion:
    """Compares ``δ_k <g_{k+1}, D_k>/||D_k||²`` with ``δ_k - δ_{k+1}`` for k >= 2.

    Proof (derived here): the convexity of f gives ``<g_{k+1}, x^k - x^{k+1}> <= δ_k - δ_{k+1}``,
    and by the landing identity ``x^k - x^{k+1} = (1-β) δ_k d_k/||d_k||²``. Expanding the square of
    ``d_{k+1} = β d_k + (1-β) g_{k+1}``, with ``D_k = d_k/(1-β)``,

        ||D_{k+1}||² <= ||g_{k+1}||² + β²||D_k||² + 2β||D_k||² (1 - δ_{k+1}/δ_k):

    the average can only grow beyond ``G/sqrt(1-β²)`` where the value falls.

    Rounding: the step is off by ``landing_error/||d_k||``, and by the rounding of x^{k+1}; both
    times ``||g_{k+1}||``. Twice `Constants.rounding`, as both points lie in the ball about x*; and
    the products.
    """

    def __init__(self, case: Case) -> None:
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.case = case
        self.before: Step | None = None

    def observe(self, step: Step) -> None:
        """Compare with the step before."""
        before, self.before = self.before, step
        if before is None or before.k < 2:
            return
        moves = before.live & (before.norm_sq > 0)
        inverse = np.divide(1.0, before.norm_sq, where=moves, out=np.zeros_like(before.norm_sq))
        norm, grad_norm = np.sqrt(before.norm_sq), np.sqrt(np.vecdot(step.grad, step.grad))
        product = np.vecdot(step.grad, before.grad_avg)
        shrink = 1 - self.case.beta  # D_k = d_k/(1-β)
        left, right = STATEMENT.sides(
            "descent",
            delta=before.excess,
            delta_next=step.excess,
            gD=product / shrink,
            N=np.where(moves, before.norm_sq, 1.0) / shrink**2,
        )
        step_off = (before.landing_error + before.gap_error) * norm * inverse
        step_off += 2 * UNIT_ROUNDOFF * (before.extent + 3 * before.move)
        size = np.abs(before.excess) * grad_norm * norm * inverse
        size += np.abs(step.excess) + np.abs(before.excess)
        rounding = grad_norm * step_off + gamma(step.x.shape[-1] + 8) * size
        allowed = rounding + 2 * self.case.constants.rounding
        self.worst.observe(step, left - right, allowed, where=moves)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = measured(
    STATEMENT,
    kind="path-wise",
    units="left side minus right side against rounding, both over G D",
    method="momo",
    monitor=NormRecursion,
)

CLAIMS = (CLAIM,)
