"""A step with a cap: the landing inequality, at every step."""

from __future__ import annotations

from theory.audit import Step
from theory.case import Case
from theory.claims.base import EachStep, Worst, measured
from theory.problems.base import Array
from theory.theorems.capped.statement import CAPPED


def compare(step: Step) -> tuple[Array, Array]:
    """Compare ``(1-β)(f_k - f*) - (h_k - f*)`` with the rounding.

    It is 0 where the cap did not bind, as in the landing identity, and less where it did. Rounding
    is what it is there, `Step.landing_error`: a step of size ``min{α, a/||d||²}`` leaves the model
    no farther below f* than one of size ``a/||d||²``.
    """
    return (1 - step.case.beta) * step.excess - step.gap, step.landing_error


def monitor(case: Case) -> EachStep:
    """Return the check, in units of G D."""
    return EachStep(Worst(case, case.constants.gradient * case.optimum.distance), compare)


CLAIMS = (
    measured(
        CAPPED,
        kind="path-wise",
        units="(1-β)(f_k - f*) - (h_k - f*) against rounding, both over G D",
        method="momo_capped",
        monitor=monitor,
        local=True,
    ),
)
