"""Without interpolation, smooth: on every path, with any valid lower bound and a cap.

Derived here. The path-wise part of the proof of `any_bound` says, with ``κ = β/(1-β)``,

    mean_k (f_k - f(x*,s_k)) - κR/K  <=  D²/(2αK) + (α/2K) Σ ||d_k||² + (κ/K) Σ_{k<K} τ_k ||d_k||²,

R as below, and the right side is at most ``D²/(2αK) + (α(1+2κ)/2K) Σ ||d_k||²``. As ``||·||²`` is
convex, and the weight of g_1 in all d_k together is at most 1+κ, that of every other at most 1,

    Σ ||d_k||²  <=  Σ ||g_k||² + κ||g_1||²  <=  2L [Σ (f_k - inf f(·,s_k)) + κ(f_1 - inf f(·,s_1))].
"""

from __future__ import annotations

from theory.assumptions import (
    ANY_CAP,
    ANY_ORDER,
    BETA,
    BOUND_BELOW,
    CONVEX,
    FROM_FIRST,
    NO_DECAY,
    SMOOTH,
)
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import CAP, ITERATIONS, SMOOTHNESS
from theory.statement import Quantity, Statement

ANY_BOUND_SMOOTH = Statement(
    name="any_bound_smooth",
    title="any valid bound, smooth",
    quantities=(
        Quantity("M", "mean_{k≤K} (f_k - f(x*,s_k))", "the mean suboptimality of the samples"),
        Quantity("D", "D", "the distance ||x^1-x*|| from the start to any point x*", above=0),
        Quantity(
            "V",
            "V",
            "Σ_{k≤K} (f_k - inf f(·,s_k)) + β/(1-β) (f_1 - inf f(·,s_1))",
        ),
        Quantity("R", "R", "h_K - f_1 + f(x*,s_1) minus the average of f(x*,s_k) at K"),
        SMOOTHNESS,
        AVERAGING,
        CAP,
        ITERATIONS,
    ),
    assumes=(
        CONVEX,
        BOUND_BELOW,
        ANY_CAP,
        NO_DECAY,
        BETA,
        FROM_FIRST,
        ANY_ORDER,
        SMOOTH,
    ),
    holds=lambda v: {
        "": le(
            v.M,
            v.D**2 / (2 * v.alpha * v.K)
            + v.alpha * v.L * (1 + v.beta) * v.V / ((1 - v.beta) * v.K)
            + v.beta * v.R / ((1 - v.beta) * v.K),
        )
    },
)
