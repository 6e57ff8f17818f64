"""Rates with a cap: for caps that vary, for one cap, and for one that is large or small."""

from __future__ import annotations

from theory.assumptions import (
    ANY_CAP,
    BALL_GRADIENTS,
    BETA,
    BOUND_BELOW,
    CONVEX,
    EXACT_BOUND,
    FROM_FIRST,
    INDEPENDENT,
    INTERPOLATION,
    NO_DECAY,
)
from theory.formula import sqrt
from theory.proofs.scalars import ge, le
from theory.quantities import BETA as AVERAGING
from theory.quantities import CAP, DISTANCE, GRADIENT, ITERATIONS, LEAST_EXPECTED, STEP_SIZE
from theory.statement import Quantity, Statement

ASSUMES = (
    CONVEX,
    INTERPOLATION,
    EXACT_BOUND,
    BOUND_BELOW,
    ANY_CAP,
    NO_DECAY,
    BETA,
    FROM_FIRST,
    INDEPENDENT,
    BALL_GRADIENTS,
)
QUANTITIES = (LEAST_EXPECTED, GRADIENT, DISTANCE, AVERAGING, ITERATIONS)

VARYING = Statement(
    name="varying_caps",
    title="caps that vary",
    quantities=(
        Quantity("B", "Σ_{k≤K} c_k E[f(x^k) - f*]", "for any 0 ≤ c_k ≤ α_k"),
        Quantity("C", "Σ_{k≤K} c_k²", "the sum of their squares"),
        GRADIENT,
        DISTANCE,
        AVERAGING,
    ),
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.B, (v.D**2 + v.G**2 * v.C) / (2 * (1 - v.beta)))},
)
RATE_CAPPED = Statement(
    name="rate_capped",
    title="rate with a cap",
    quantities=(*QUANTITIES, CAP, STEP_SIZE),
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.m, (v.D**2 / (v.c * v.K) + v.c * v.G**2) / (2 * (1 - v.beta)))},
    given=lambda v: {"c ≤ α": le(v.c, v.alpha)},
)
LARGE_CAP = Statement(
    name="rate_large_cap",
    title="the paper's rate with a cap",
    quantities=(*QUANTITIES, CAP),
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.m, v.G * v.D / ((1 - v.beta) * sqrt(v.K)))},
    given=lambda v: {"α ≥ D/(G√K)": ge(v.alpha, v.D / (v.G * sqrt(v.K)))},
)
SMALL_CAP = Statement(
    name="rate_small_cap",
    title="rate with a small cap",
    quantities=(*QUANTITIES, CAP),
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.m, v.D**2 / ((1 - v.beta) * v.alpha * v.K))},
    given=lambda v: {"α ≤ D/(G√K)": le(v.alpha, v.D / (v.G * sqrt(v.K)))},
)
