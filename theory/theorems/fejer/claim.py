"""The Fejér step: every step comes nearer to every solution, by a stated amount."""

from __future__ import annotations

from theory.audit import Step
from theory.case import Case
from theory.claims.base import EachStep, Worst, measured
from theory.problems.base import Array
from theory.theorems.fejer.statement import STATEMENT


def compare(step: Step) -> tuple[Array, Array]:
    """Compare the change of the squared distance plus the decrease with 0, up to rounding.

    Proof: ``<d_k, x^k - x*> >= h_k - f*``, because the averaged linearisation at x* is at most f*
    (convexity and interpolation); expand the square. The capped form is derived here. The allowed
    rounding is `Step.fejer_error`, derived in `theory.audit.Audit`.
    """
    change, most = STATEMENT.sides(
        change=step.distance_change, tau=step.step_size, a=step.gap, N=step.norm_sq
    )
    return change - most, step.fejer_error


def monitor(case: Case) -> EachStep:
    """Return the check, in units of D²."""
    return EachStep(Worst(case, case.optimum.distance**2), compare)


CLAIM = measured(
    STATEMENT,
    kind="path-wise",
    units="left side minus right side against rounding, both over D²",
    method="momo",
    monitor=monitor,
)

CLAIMS = (CLAIM,)
