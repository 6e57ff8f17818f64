"""The sharp rate for one function, from the first sample and from zero."""

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
    ONE_FUNCTION,
    PATH_GRADIENTS,
    UNCAPPED,
)
from theory.formula import largest, least, log, sqrt, total
from theory.proofs.scalars import ge, gt, le
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE, GRADIENT, ITERATIONS, LEAST
from theory.statement import Statement

QUANTITIES = (LEAST, GRADIENT, DISTANCE, AVERAGING, ITERATIONS)
ASSUMES = (
    ONE_FUNCTION,
    CONVEX,
    INTERPOLATION,
    EXACT_BOUND,
    UNCAPPED,
    NO_DECAY,
    BETA,
    FIXED_METRIC,
    PATH_GRADIENTS,
)


def cost(v: Any) -> Any:
    """Return what the first two steps cost: Λ, and the least of 2β log 2 and ψ.

    ``ψ = β log x - (x-1)(1-β)²`` is the most that ``2β log δ_2`` may exceed the bonus of δ_2.
    """
    psi = v.beta * log(v.x) - (v.x - 1) * (1 - v.beta) ** 2
    return log((1 + v.beta) / (1 - v.beta)) + least(2 * v.beta * log(2, like=v.beta), psi)


def orthogonal(v: Any, k: Any) -> Any:
    """Return ``1/M_k``: M_k is ``||D_k||²`` where all gradients are orthogonal, of length 1."""
    return (1 - v.beta**2) / (1 - v.beta ** (2 * k))


SHARP_RATE = Statement(
    name="sharp_rate",
    title="sharp rate, one function",
    quantities=QUANTITIES,
    assumes=(*ASSUMES, FROM_FIRST),
    holds=lambda v: {"": le(v.m, v.G * v.D / sqrt(v.A))},
    given=lambda v: {"K": ge(v.K, 2), "A": gt(v.A, 0)},
    where={
        "x": lambda v: largest(1, v.beta / (1 - v.beta) ** 2),
        "C": cost,
        "A": lambda v: 2 + (1 - v.beta**2) * (v.K - 2) - v.C,
    },
)
SHARP_RATE_ZERO = Statement(
    name="sharp_rate_zero",
    title="sharp rate, one function, from zero",
    quantities=QUANTITIES,
    assumes=(*ASSUMES, FROM_ZERO),
    holds=lambda v: {"": le(v.m, v.G * v.D / sqrt(1 + total(v, orthogonal, 1, v.K - 1)))},
)
