"""The landing identity: the step ends where the model meets f*."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Claim, EachStep, Worst, interpolated_uncapped
from theory.problems.base import Array


def compare(step: Step) -> tuple[Array, Array]:
    """Compare ``|h_k - f* - w_k (f_k - f*)|``, ``w_1 = 1``, ``w_k = 1-β``, with the rounding.

    Exact arithmetic gives equality: an uncapped step ends with ``m_{k-1}(x^k) = f*``, and
    ``h_k = β m_{k-1}(x^k) + (1-β) f_k``. What rounding leaves is `Step.landing_error`, carried
    from step to step with the factor β (derived in `theory.audit.Audit`).
    """
    weight = 1 - step.case.beta if step.k > 1 else np.ones_like(step.case.beta)
    return np.abs(step.gap - weight * step.excess), step.landing_error


def monitor(case: Case) -> EachStep:
    """Return the check, in units of G D."""
    return EachStep(Worst(case, case.constants.gradient * case.optimum.distance), compare)


CLAIM = Claim(
    name="landing",
    title="landing identity",
    statement="h_k - f* = (1-β)(f_k - f*) for k ≥ 2, and h_1 - f* = f_1 - f*",
    source="MoMo paper, proof of the convergence theorem, first step",
    kind="path-wise",
    units="|h_k - f* - (1-β)(f_k - f*)| against rounding, both over G D",
    method="momo",
    objection=interpolated_uncapped,
    monitor=monitor,
)

CLAIMS = (CLAIM,)
