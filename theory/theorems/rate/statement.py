"""The rates in expectation: the paper's, and those that keep the first and the last term."""

from __future__ import annotations

from typing import Any

from theory.assumptions import (
    BALL_GRADIENTS,
    BETA,
    CONVEX,
    EXACT_BOUND,
    FIXED_METRIC,
    FROM_FIRST,
    FROM_ZERO,
    INDEPENDENT,
    INTERPOLATION,
    NO_DECAY,
    UNCAPPED,
)
from theory.formula import sqrt, total
from theory.proofs.scalars import ge, le
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE, GRADIENT, ITERATIONS, LEAST_EXPECTED
from theory.statement import Statement

QUANTITIES = (LEAST_EXPECTED, GRADIENT, DISTANCE, AVERAGING, ITERATIONS)
ASSUMES = (
    CONVEX,
    INTERPOLATION,
    EXACT_BOUND,
    UNCAPPED,
    NO_DECAY,
    BETA,
    FROM_FIRST,
    INDEPENDENT,
    BALL_GRADIENTS,
)

RATE = Statement(
    name="rate",
    title="the paper's rate",
    quantities=QUANTITIES,
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.m, v.G * v.D / ((1 - v.beta) * sqrt(v.K)))},
    source="MoMo paper, convergence theorem",
)


def first_term(v: Any) -> Any:
    """Return ``Σ_k w_k²``: ``w_1 = 1``, then ``w_k = 1-β``."""
    return 1 + (1 - v.beta) ** 2 * (v.K - 1)


def two_ends(v: Any) -> Any:
    """Return the same with ``w_K = 1``."""
    return 2 + (1 - v.beta) ** 2 * (v.K - 2)


def first_term_zero(v: Any) -> Any:
    """Return ``Σ_k (w_k/ρ_k)²`` with ``w_k = 1-β`` and ``ρ_k = 1-β^k``."""
    return total(v, weight, 1, v.K)


def two_ends_zero(v: Any) -> Any:
    """Return the same with 1 for the last term."""
    return 1 + total(v, weight, 1, v.K - 1)


def weight(v: Any, k: Any) -> Any:
    """Return ``(w_k/ρ_k)²``."""
    return ((1 - v.beta) / (1 - v.beta**k)) ** 2


FIRST_TERM = Statement(
    name="rate_first_term",
    title="rate, first term kept",
    quantities=QUANTITIES,
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.m, v.G * v.D / sqrt(first_term(v)))},
)
TWO_ENDS = Statement(
    name="rate_two_ends",
    title="rate, both ends kept",
    quantities=QUANTITIES,
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.m, v.G * v.D / sqrt(two_ends(v)))},
    given=lambda v: {"K": ge(v.K, 2)},
)
ASSUMES_ZERO = (*ASSUMES[:6], FROM_ZERO, FIXED_METRIC, *ASSUMES[7:])
FIRST_TERM_ZERO = Statement(
    name="rate_first_term_zero",
    title="rate from zero",
    quantities=QUANTITIES,
    assumes=ASSUMES_ZERO,
    holds=lambda v: {"": le(v.m, v.G * v.D / sqrt(first_term_zero(v)))},
)
TWO_ENDS_ZERO = Statement(
    name="rate_two_ends_zero",
    title="rate from zero, last term kept",
    quantities=QUANTITIES,
    assumes=ASSUMES_ZERO,
    holds=lambda v: {"": le(v.m, v.G * v.D / sqrt(two_ends_zero(v)))},
)
