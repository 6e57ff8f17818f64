"""The landing identity: the step ends where the model meets f*."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import EachStep, Worst, measured
from theory.problems.base import Array
from theory.theorems.landing.statement import STATEMENT


def compare(step: Step) -> tuple[Array, Array]:
    """Compare ``|h_k - f* - w_k (f_k - f*)|``, ``w_1 = 1``, ``w_k = 1-β``, with the rounding.

    Exact arithmetic gives equality: an uncapped step ends with ``m_{k-1}(x^k) = f*``, and
    ``h_k = β m_{k-1}(x^k) + (1-β) f_k``. What rounding leaves is `Step.landing_error`, carried
    from step to step with the factor β (derived in `theory.audit.Audit`).
    """
    first = step.k == 1
    names = ("a_first", "delta_first") if first else ("a", "delta")
    values = dict(zip(names, (step.gap, step.excess), strict=True))
    label = "k = 1" if first else "k ≥ 2"
    height, expected = STATEMENT.sides(label, **values, beta=step.case.beta)
    return np.abs(height - expected), step.landing_error


def monitor(case: Case) -> EachStep:
    """Return the check, in units of G D."""
    return EachStep(Worst(case, case.constants.gradient * case.optimum.distance), compare)


CLAIM = measured(
    STATEMENT,
    kind="path-wise",
    units="|h_k - f* - (1-β)(f_k - f*)| against rounding, both over G D",
    method="momo",
    monitor=monitor,
)

CLAIMS = (CLAIM,)
