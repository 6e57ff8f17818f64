"""Smooth functions: what the suboptimalities add up to, by the Fejér steps alone."""

from __future__ import annotations

from theory.assumptions import (
    ANY_ORDER,
    BETA,
    CONVEX,
    EXACT_BOUND,
    FROM_FIRST,
    INTERPOLATION,
    NO_DECAY,
    SMOOTH,
    UNCAPPED,
)
from theory.formula import sqrt
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE, FIRST, SMOOTHNESS, SUM
from theory.statement import Statement

STATEMENT = Statement(
    name="smooth",
    title="smooth O(1/K) sum",
    quantities=(SUM, FIRST, SMOOTHNESS, DISTANCE, AVERAGING),
    assumes=(
        SMOOTH,
        CONVEX,
        INTERPOLATION,
        EXACT_BOUND,
        UNCAPPED,
        NO_DECAY,
        BETA,
        FROM_FIRST,
        ANY_ORDER,
    ),
    holds=lambda v: {"": le(v.T, v.C + sqrt(v.C * v.beta * v.first / (1 - v.beta)))},
    where={"C": lambda v: 2 * v.L * v.D**2 / (1 - v.beta) ** 2},
)
