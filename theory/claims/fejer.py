"""The Fejér step: every step comes nearer to every solution, by a stated amount."""

from __future__ import annotations

import numpy as np

from theory.claims.base import Claim, EachStep, Worst, always
from theory.engine import TINY, Case, Step
from theory.problems.base import Array


def decrease(step: Step) -> Array:
    """Return ``τ(2(h_k - f*) - τ||d_k||²)`` for ``τ = min{α, (h_k - f*)_+ / ||d_k||²}``.

    Without a cap this is ``(h_k - f*)²/||d_k||²``. It is 0 where ``d_k = 0``, or the step is held.
    """
    gap, norm_sq = np.where(step.live, np.maximum(step.gap, 0), 0.0), step.norm_sq
    tau = np.divide(gap, norm_sq, where=norm_sq >= TINY, out=np.zeros_like(gap))
    tau = np.minimum(tau, step.case.lr)
    return tau * (2 * gap - tau * norm_sq)


def compare(step: Step) -> tuple[Array, Array]:
    """Compare the change of the squared distance plus the decrease with 0, up to rounding.

    Proof: ``<d_k, x^k - x*> >= h_k - f*``, because the averaged linearisation at x* is at most f*
    (convexity and interpolation); expand the square. The capped form is derived here. The allowed
    rounding is `Step.fejer_error`, derived in `theory.engine.Audit`.
    """
    return step.distance_change + decrease(step), step.fejer_error


def monitor(case: Case) -> EachStep:
    """Return the check, in units of D²."""
    return EachStep(Worst(case, case.optimum.distance**2), compare)


CLAIM = Claim(
    name="fejer",
    title="Fejér step",
    statement="||x^{k+1}-x*||² ≤ ||x^k-x*||² - (h_k-f*)²/||d_k||²"
    "  (with a cap: - τ_k(2(h_k-f*) - τ_k||d_k||²), derived here)",
    source="MoMo paper, proof of the convergence theorem (section 3); method.md 3.2",
    kind="path-wise",
    units="left side minus right side against rounding, both over D²",
    method="momo",
    objection=always,
    monitor=monitor,
)
