"""Smooth functions: sums of suboptimalities that are linear in 1/(1-β), and what they leave."""

from __future__ import annotations

from theory.assumptions import (
    ANY_ORDER,
    BETA,
    CONVEX,
    EXACT_BOUND,
    FIXED_METRIC,
    FROM_FIRST,
    FROM_ZERO,
    INTERPOLATION,
    NO_DECAY,
    SMOOTH,
    UNCAPPED,
)
from theory.proofs.scalars import ge, le
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE, FIRST, ITERATIONS, LATER, LEAST_SAMPLE, SMOOTHNESS, SUM
from theory.statement import Statement

ASSUMES = (
    SMOOTH,
    CONVEX,
    INTERPOLATION,
    EXACT_BOUND,
    UNCAPPED,
    NO_DECAY,
    BETA,
    FIXED_METRIC,
    ANY_ORDER,
)

LINEAR = Statement(
    name="smooth_linear",
    title="smooth sum, linear in 1/(1-β)",
    quantities=(FIRST, LATER, SMOOTHNESS, DISTANCE, AVERAGING),
    assumes=(*ASSUMES, FROM_FIRST),
    holds=lambda v: {"": le(v.first + (1 - v.beta) * v.later, v.L * v.D**2)},
)
LEAST = Statement(
    name="smooth_linear_least",
    title="smooth rate, linear in 1/(1-β)",
    quantities=(LEAST_SAMPLE, SMOOTHNESS, DISTANCE, AVERAGING, ITERATIONS),
    assumes=(*ASSUMES, FROM_FIRST),
    holds=lambda v: {"": le(v.m, 2 * v.L * v.D**2 / (7 + 2 * (1 - v.beta) * (v.K - 2)))},
    given=lambda v: {"K": ge(v.K, 2)},
)
ZERO = Statement(
    name="smooth_linear_zero",
    title="smooth sum, linear in 1/(1-β), from zero",
    quantities=(SUM, SMOOTHNESS, DISTANCE, AVERAGING),
    assumes=(*ASSUMES, FROM_ZERO),
    holds=lambda v: {"": le((1 - v.beta) * v.T, v.L * v.D**2)},
)
