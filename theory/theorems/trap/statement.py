"""Functions on which all values are equal, and as high as the sharp rate allows."""

from __future__ import annotations

from typing import Any

from theory.assumptions import (
    BETA,
    CONVEX,
    EXACT_BOUND,
    FIXED_METRIC,
    FROM_FIRST,
    FROM_ZERO,
    INTERPOLATION,
    NO_DECAY,
    PATH_GRADIENTS,
    TRAP,
    UNCAPPED,
)
from theory.formula import least, sqrt, total
from theory.proofs.scalars import eq, ge
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE, GRADIENT, ITERATIONS, REST, VALUE
from theory.statement import Statement

QUANTITIES = (VALUE, GRADIENT, DISTANCE, AVERAGING, ITERATIONS)
ASSUMES = (
    TRAP,
    CONVEX,
    INTERPOLATION,
    PATH_GRADIENTS,
    EXACT_BOUND,
    UNCAPPED,
    NO_DECAY,
    BETA,
    FIXED_METRIC,
)


def later(v: Any, k: Any) -> Any:
    """Return ``1/M_k`` from the first sample: ``M_1 = 1/(1-β)²``, ``M_{k+1} = 1 + β² M_k``."""
    return (1 - v.beta**2) * (1 - v.beta) / (1 - v.beta + 2 * v.beta ** (2 * k - 1))


def from_first(v: Any) -> Any:
    """Return what the steps take off ``G²||x^k-x*||²/δ²``: 1 for the first, then 1/M_k."""
    return 1 + total(v, later, 2, v.K - 1)


def from_zero(v: Any) -> Any:
    """Return the same from zero: ``1/M_k`` for ``M_k = (1-β^{2k})/(1-β²)``."""
    return total(v, lambda u, k: (1 - u.beta**2) / (1 - u.beta ** (2 * k)), 1, v.K - 1)


FIRST = Statement(
    name="trap",
    title="lower bound, one function",
    quantities=QUANTITIES,
    assumes=(*ASSUMES, FROM_FIRST),
    holds=lambda v: {"": eq(v.value, v.G * v.D / sqrt(v.rest + v.S))},
    given=lambda v: {"K": ge(v.K, 2)},
    where={"rest": lambda v: (1 - v.beta**2) / (1 - sqrt(v.beta)) ** 2, "S": from_first},
)
ZERO = Statement(
    name="trap_zero",
    title="lower bound, one function, from zero",
    quantities=QUANTITIES,
    assumes=(*ASSUMES, FROM_ZERO),
    holds=lambda v: {"": eq(v.value, v.G * v.D / sqrt(v.rest + v.S))},
    where={"rest": lambda v: 1 / (1 - sqrt(v.beta)) ** 2, "S": from_zero},
)
MADE = Statement(
    name="trapped",
    title="the sharp rate is reached",
    quantities=(*QUANTITIES, REST),
    assumes=(*ASSUMES, FROM_FIRST),
    holds=FIRST.holds,
    where={"S": lambda v: least(1, v.K - 1) + total(v, later, 2, v.K - 1)},
)
