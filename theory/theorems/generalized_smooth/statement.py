"""(L0, L1)-smooth functions: the sums, with any cap, and at β = 0 without a bound on gradients."""

from __future__ import annotations

from theory.assumptions import (
    ANY_CAP,
    ANY_ORDER,
    BETA,
    CONVEX,
    EACH_GRADIENT,
    EXACT_BOUND,
    FROM_FIRST,
    GENERALIZED_SMOOTH,
    INTERPOLATION,
    NO_DECAY,
    NO_MOMENTUM,
    UNCAPPED,
)
from theory.formula import largest, sqrt
from theory.proofs.scalars import le
from theory.quantities import CAP, DISTANCE, GRADIENT, ITERATIONS
from theory.statement import Quantity, Statement

L0 = Quantity("L0", "L0", "the bound on ‖∇²f(x,s)‖ where the gradient is 0", above=0)
L1 = Quantity("L1", "L1", "how fast that bound grows with ‖∇f(x,s)‖", above=0)

SUM = Statement(
    name="generalized_smooth",
    title="(L0, L1)-smooth sum",
    quantities=(
        Quantity(
            "S",
            "Σ_{k≤K} w_k (f_k - f*) min{α, 1/(L0 + L1 ||d_k||/3)}",
            "the sum of what the steps are worth, w_1 = 1 and w_k = 1-β",
        ),
        Quantity(
            "T",
            "f_1 - f* + (1-β) Σ_{2≤k≤K} (f_k - f*)",
            "the weighted sum of the suboptimalities",
        ),
        DISTANCE,
        GRADIENT,
        CAP,
        L0,
        L1,
    ),
    assumes=(
        CONVEX,
        INTERPOLATION,
        GENERALIZED_SMOOTH,
        EXACT_BOUND,
        ANY_CAP,
        NO_DECAY,
        BETA,
        FROM_FIRST,
        ANY_ORDER,
        EACH_GRADIENT,
    ),
    holds=lambda v: {
        "each step": le(v.S, v.D**2),
        "on the ball": le(v.T, v.D**2 * largest(1 / v.alpha, v.L0 + v.L1 * v.G / 3)),
    },
)

SPS = Statement(
    name="generalized_smooth_sps",
    title="(L0, L1)-smooth, β = 0, no G",
    quantities=(
        Quantity(
            "S",
            "Σ_{k≤K} 1/M_k² + δ_k/(L0 + L1 M_k δ_k/3)",
            "what the steps take off, δ_k = f_k - f* and M_k = 8 L1/3 + √(2 L0/δ_k)",
        ),
        Quantity("eps", "min_{k≤K} f_k - f*", "the least suboptimality of the path", above=0),
        ITERATIONS,
        DISTANCE,
        L0,
        L1,
    ),
    assumes=(
        CONVEX,
        INTERPOLATION,
        GENERALIZED_SMOOTH,
        EXACT_BOUND,
        UNCAPPED,
        NO_DECAY,
        BETA,
        NO_MOMENTUM,
        ANY_ORDER,
    ),
    holds=lambda v: {
        "each step": le(v.S, v.D**2),
        "steps": le(v.K, v.D**2 * (8 * v.L1 / 3 + sqrt(2 * v.L0 / v.eps)) ** 2),
    },
)
