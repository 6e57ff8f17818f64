"""Values and distances of Polyak's method on the resisting function."""

from __future__ import annotations

from theory.assumptions import EXACT_BOUND, NO_DECAY, NO_MOMENTUM, RESISTING, UNCAPPED
from theory.formula import sqrt
from theory.proofs.scalars import eq
from theory.quantities import DISTANCE, GRADIENT, ITERATIONS, VALUE
from theory.statement import Quantity, Statement

STEP = Quantity("k", "k", "the step, at most K", at_least=1)
AFTER = Quantity("after", "||x^{k+1}-x*||²", "the squared distance after step k", at_least=0)

STATEMENT = Statement(
    name="attained",
    title="the rate is attained",
    quantities=(VALUE, AFTER, GRADIENT, DISTANCE, STEP, ITERATIONS),
    assumes=(RESISTING, NO_MOMENTUM, EXACT_BOUND, UNCAPPED, NO_DECAY),
    holds=lambda v: {
        "value": eq(v.value, v.G * v.D / sqrt(v.K)),
        "distance": eq(v.after, v.D**2 * (1 - v.k / v.K)),
    },
)
