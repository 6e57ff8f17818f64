"""Without interpolation, with any valid lower bound and a cap."""

from __future__ import annotations

from theory.assumptions import (
    ANY_CAP,
    BETA,
    BOUND_BELOW,
    CONVEX,
    EVERYWHERE,
    FROM_FIRST,
    INDEPENDENT,
    NO_DECAY,
)
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import CAP, GRADIENT, ITERATIONS
from theory.statement import Quantity, Statement

ANY_BOUND = Statement(
    name="any_bound",
    title="any valid bound, no interpolation",
    quantities=(
        Quantity("M", "mean_{k≤K} E[f(x^k) - f(x*)]", "the mean suboptimality"),
        Quantity("D", "D", "the distance ||x^1-x*|| from the start to any point x*", above=0),
        GRADIENT,
        AVERAGING,
        CAP,
        ITERATIONS,
        Quantity("R", "E[h_K - f(x^1)]", "by how much the model's value rises"),
    ),
    assumes=(
        CONVEX,
        BOUND_BELOW,
        ANY_CAP,
        NO_DECAY,
        BETA,
        FROM_FIRST,
        INDEPENDENT,
        EVERYWHERE,
    ),
    holds=lambda v: {
        "": le(
            v.M,
            v.D**2 / (2 * v.alpha * v.K)
            + v.alpha * v.G**2 * (1 + v.beta) / (2 * (1 - v.beta))
            + v.beta * v.R / ((1 - v.beta) * v.K),
        )
    },
)
