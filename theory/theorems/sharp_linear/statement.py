"""Sharp functions: a linear rate without a cap."""

from __future__ import annotations

from theory.assumptions import (
    BETA,
    CONVEX,
    EACH_GRADIENT,
    EXACT_BOUND,
    FROM_FIRST,
    INDEPENDENT,
    INTERPOLATION,
    NO_DECAY,
    SHARP,
    UNCAPPED,
)
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE, DISTANCE_LEFT, GRADIENT, SHARPNESS, STEPS
from theory.statement import Statement

SHARP_LINEAR = Statement(
    name="sharp_linear",
    title="sharp functions",
    quantities=(DISTANCE_LEFT, AVERAGING, SHARPNESS, GRADIENT, STEPS, DISTANCE),
    assumes=(
        CONVEX,
        INTERPOLATION,
        EXACT_BOUND,
        UNCAPPED,
        NO_DECAY,
        BETA,
        FROM_FIRST,
        INDEPENDENT,
        EACH_GRADIENT,
        SHARP,
    ),
    holds=lambda v: {"": le(v.E, (1 - (1 - v.beta) ** 2 * v.s**2 / v.G**2) ** v.K * v.D**2)},
)
