"""Smooth functions with any cap: the sum of the suboptimalities, in any order, on every path."""

from __future__ import annotations

from theory.assumptions import (
    ANY_CAP,
    ANY_ORDER,
    BETA,
    BOUND_BELOW,
    CONVEX,
    EXACT_BOUND,
    FROM_FIRST,
    INTERPOLATION,
    NO_DECAY,
    SMOOTH,
)
from theory.formula import largest
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import CAP, DISTANCE, FIRST, LATER, SMOOTHNESS
from theory.statement import Statement

SMOOTH_CAPPED = Statement(
    name="smooth_capped",
    title="smooth sum with a cap",
    quantities=(
        FIRST,
        LATER,
        AVERAGING,
        SMOOTHNESS,
        DISTANCE,
        CAP,
    ),
    assumes=(
        CONVEX,
        INTERPOLATION,
        EXACT_BOUND,
        BOUND_BELOW,
        ANY_CAP,
        NO_DECAY,
        BETA,
        FROM_FIRST,
        ANY_ORDER,
        SMOOTH,
    ),
    holds=lambda v: {"": le(v.first + (1 - v.beta) * v.later, v.D**2 * largest(v.L, 1 / v.alpha))},
)
