"""The guarantee as a function of the cap, in units of the cap ``D/(G√K)`` that it is best for.

Stability here is a quantity of this project: the ratio of the guarantee with the cap α = t D/(G√K)
to that with t = 1. It is (s + 1/s)/2 with s = min{t, 1} for MoMo, and (t + 1/t)/2 for SGD.
"""

from __future__ import annotations

from theory.formula import sqrt
from theory.proofs.scalars import le
from theory.quantities import CAP
from theory.statement import Quantity, Statement
from theory.theorems.rate_capped.statement import ASSUMES, QUANTITIES

RATIO = Quantity(
    "s", "s", "any number in (0, 1] that is at most the cap α in units of D/(G√K)", above=0
)

CAP_STABILITY = Statement(
    name="cap_stability",
    title="stability in the learning rate",
    quantities=(*QUANTITIES, CAP, RATIO),
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.m, v.G * v.D * (v.s + 1 / v.s) / (2 * (1 - v.beta) * sqrt(v.K)))},
    given=lambda v: {
        "s ≤ 1": le(v.s, 1),
        "s ≤ α G√K/D": le(v.s, v.alpha * v.G * sqrt(v.K) / v.D),
    },
)
