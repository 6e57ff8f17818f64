"""The last iterate: corollaries of the linear rates of the distance."""

from __future__ import annotations

from theory.formula import least
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import CAP, DISTANCE, GRADIENT, GROWTH, SHARPNESS, SMOOTHNESS, STEPS
from theory.statement import Quantity, Statement
from theory.theorems.linear_rate.statement import LINEAR_RATE
from theory.theorems.sharp_linear.statement import SHARP_LINEAR

LAST = Quantity(
    "V", "E[f(x^{K+1}) - f*]", "the expected suboptimality of the point that K steps lead to"
)

LAST_SHARP = Statement(
    name="last_sharp",
    title="last iterate, sharp",
    quantities=(LAST, AVERAGING, SHARPNESS, GRADIENT, STEPS, DISTANCE),
    assumes=SHARP_LINEAR.assumes,
    holds=lambda v: {
        "": le(v.V, v.G * v.D * (1 - (1 - v.beta) ** 2 * v.s**2 / v.G**2) ** (v.K / 2))
    },
)

LAST_GROWING = Statement(
    name="last_growing",
    title="last iterate, smooth and growing",
    quantities=(LAST, AVERAGING, GROWTH, SMOOTHNESS, CAP, STEPS, DISTANCE),
    assumes=LINEAR_RATE.assumes,
    holds=lambda v: {
        "": le(
            v.V,
            v.L * v.D**2 / 2 * (1 - (1 - v.beta) * v.mu * least(v.alpha, 1 / v.L) / 2) ** v.K,
        )
    },
)
