"""A linear rate: smooth samples, a mean function that grows quadratically, any cap."""

from __future__ import annotations

from theory.assumptions import (
    ANY_CAP,
    BETA,
    BOUND_BELOW,
    CONVEX,
    EXACT_BOUND,
    FROM_FIRST,
    INDEPENDENT,
    INTERPOLATION,
    NO_DECAY,
    QUADRATIC_GROWTH,
    SMOOTH,
)
from theory.formula import least
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import CAP, DISTANCE, DISTANCE_LEFT, GROWTH, SMOOTHNESS, STEPS
from theory.statement import Statement

LINEAR_RATE = Statement(
    name="linear_rate",
    title="linear rate",
    quantities=(DISTANCE_LEFT, AVERAGING, GROWTH, SMOOTHNESS, CAP, STEPS, DISTANCE),
    assumes=(
        CONVEX,
        INTERPOLATION,
        EXACT_BOUND,
        BOUND_BELOW,
        ANY_CAP,
        NO_DECAY,
        BETA,
        FROM_FIRST,
        INDEPENDENT,
        SMOOTH,
        QUADRATIC_GROWTH,
    ),
    holds=lambda v: {
        "": le(v.E, (1 - (1 - v.beta) * v.mu * least(v.alpha, 1 / v.L) / 2) ** v.K * v.D**2)
    },
)
