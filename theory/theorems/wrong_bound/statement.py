"""A lower bound that is off by ε, below f* or above: samples in any order, on every path."""

from __future__ import annotations

from theory.assumptions import (
    ANY_ORDER,
    BETA,
    CONVEX,
    EACH_GRADIENT,
    FROM_FIRST,
    INTERPOLATION,
    NO_DECAY,
    TOO_HIGH,
    TOO_LOW,
    UNCAPPED,
)
from theory.formula import sqrt
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE, GRADIENT, ITERATIONS
from theory.statement import Quantity, Statement

QUANTITIES = (
    Quantity("m", "min_{k≤K} f(x^k,s_k) - f*", "the least suboptimality of the samples"),
    GRADIENT,
    DISTANCE,
    AVERAGING,
    ITERATIONS,
    Quantity("epsilon", "ε", "by how much the lower bound is off: |f_* - f*|", at_least=0),
)
ASSUMES = (
    CONVEX,
    INTERPOLATION,
    UNCAPPED,
    NO_DECAY,
    BETA,
    FROM_FIRST,
    ANY_ORDER,
    EACH_GRADIENT,
)

TOO_LOW_BY = Statement(
    name="wrong_bound_below",
    title="bound below f*",
    quantities=QUANTITIES,
    assumes=(*ASSUMES, TOO_LOW),
    holds=lambda v: {
        "": le(v.m, (v.G * v.D / sqrt(v.K) + (1 + v.beta) * v.epsilon) / (1 - v.beta))
    },
)
TOO_HIGH_BY = Statement(
    name="wrong_bound_above",
    title="bound above f*",
    quantities=QUANTITIES,
    assumes=(*ASSUMES, TOO_HIGH),
    holds=lambda v: {"": le(v.m, v.epsilon + v.G * v.D / ((1 - v.beta) * sqrt(v.K)))},
)
