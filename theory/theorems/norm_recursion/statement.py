"""One function: what two steps in a row say of values and averages."""

from __future__ import annotations

from theory.assumptions import (
    BETA,
    CONVEX,
    EXACT_BOUND,
    FIXED_METRIC,
    INTERPOLATION,
    NO_DECAY,
    ONE_FUNCTION,
    PATH_GRADIENTS,
    UNCAPPED,
)
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import GRADIENT
from theory.statement import Quantity, Statement

NOW = Quantity("delta", "δ_k", "f(x^k) - f*, for k ≥ 2; from zero for k ≥ 1", above=0)
NEXT = Quantity("delta_next", "δ_{k+1}", "f(x^{k+1}) - f*")
PRODUCT = Quantity("gD", "<g_{k+1},D_k>", "D_k = d_k/(1-β); in the dual of the metric")
NORM = Quantity("N", "N_k", "||D_k||²", above=0)
NORM_NEXT = Quantity("N_next", "N_{k+1}", "||D_{k+1}||²")

STATEMENT = Statement(
    name="norm_recursion",
    title="norm recursion",
    quantities=(NOW, NEXT, PRODUCT, NORM, NORM_NEXT, GRADIENT, AVERAGING),
    assumes=(
        ONE_FUNCTION,
        CONVEX,
        INTERPOLATION,
        EXACT_BOUND,
        UNCAPPED,
        NO_DECAY,
        BETA,
        FIXED_METRIC,
        PATH_GRADIENTS,
    ),
    holds=lambda v: {
        "descent": le(v.delta * v.gD / v.N, v.delta - v.delta_next),
        "norm": le(
            v.N_next,
            v.G**2 + v.beta**2 * v.N + 2 * v.beta * v.N * (1 - v.delta_next / v.delta),
        ),
    },
)
