"""The Fejér step: every step comes nearer to every solution, by a stated amount."""

from __future__ import annotations

from theory.assumptions import interpolated
from theory.audit import Step
from theory.case import Case
from theory.claims.base import Claim, EachStep, Worst
from theory.problems.base import Array


def compare(step: Step) -> tuple[Array, Array]:
    """Compare the change of the squared distance plus the decrease with 0, up to rounding.

    Proof: ``<d_k, x^k - x*> >= h_k - f*``, because the averaged linearisation at x* is at most f*
    (convexity and interpolation); expand the square. The capped form is derived here. The allowed
    rounding is `Step.fejer_error`, derived in `theory.audit.Audit`.
    """
    return step.distance_change + step.decrease, step.fejer_error


def monitor(case: Case) -> EachStep:
    """Return the check, in units of D²."""
    return EachStep(Worst(case, case.optimum.distance**2), compare)


CLAIM = Claim(
    name="fejer",
    title="Fejér step",
    statement="||x^{k+1}-x*||² ≤ ||x^k-x*||² - (h_k-f*)²/||d_k||²"
    "  (with a cap: - τ_k(2(h_k-f*) - τ_k||d_k||²), derived here)",
    source="MoMo paper, proof of the convergence theorem, second step",
    kind="path-wise",
    units="left side minus right side against rounding, both over D²",
    method="momo",
    objection=interpolated,
    monitor=monitor,
)

CLAIMS = (CLAIM,)
