"""Sharp functions: the squared distance after K steps, in expectation."""

from __future__ import annotations

from theory.case import Case
from theory.claims.base import measured
from theory.problems.base import Array
from theory.theorems.linear_rate.claim import monitor
from theory.theorems.sharp_linear.bound import factor
from theory.theorems.sharp_linear.statement import SHARP_LINEAR


def contraction(case: Case) -> Array:
    """Return q of each setting; G bounds the gradient of every sample."""
    assert case.constants.sharpness is not None
    return factor(case.beta[:, 0], case.constants.sharpness, case.constants.gradient_max)


CLAIMS = (
    measured(
        SHARP_LINEAR,
        kind="in expectation",
        units="-log of q^K against that of the upper confidence limit of E||x^{K+1}-x*||²/D²",
        method="momo",
        after_step=True,
        reached=0.99,
        unchallenged="reached without momentum, by one function; no other worst case is known",
        monitor=monitor(contraction),
    ),
)
