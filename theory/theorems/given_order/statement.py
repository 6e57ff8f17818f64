"""Functions in a given order on which all values are equal, as high as the paper's rate allows."""

from __future__ import annotations

from typing import Any

from theory.assumptions import (
    BETA,
    CONVEX,
    EXACT_BOUND,
    FROM_FIRST,
    INTERPOLATION,
    NO_DECAY,
    OWN_FUNCTIONS,
    PATH_GRADIENTS,
    UNCAPPED,
)
from theory.formula import total
from theory.proofs.scalars import ge, le
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE, EQUAL, GRADIENT, ITERATIONS
from theory.statement import Statement


def longest(v: Any) -> Any:
    """Return ``2 + (1-β)²(K-2)``: what averages of the length G/(1-β) would leave."""
    return 2 + (1 - v.beta) ** 2 * (v.K - 2)


STATEMENT = Statement(
    name="given_order",
    title="lower bound, functions in a given order",
    quantities=(EQUAL, GRADIENT, DISTANCE, AVERAGING, ITERATIONS),
    assumes=(
        OWN_FUNCTIONS,
        CONVEX,
        INTERPOLATION,
        PATH_GRADIENTS,
        EXACT_BOUND,
        UNCAPPED,
        NO_DECAY,
        BETA,
        FROM_FIRST,
    ),
    holds=lambda v: {
        "at most the bound": le(v.A, (v.G * v.D / v.delta) ** 2),
        "near it": le((v.G * v.D / v.delta) ** 2, v.A + total(v, lambda u, k: 1 / k, 1, v.K - 2)),
    },
    given=lambda v: {"K": ge(v.K, 2)},
    where={"A": longest},
)
