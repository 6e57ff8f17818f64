"""MoMo* before bootstrapping: the estimates, in the mean with the steps as weights."""

from __future__ import annotations

from theory.assumptions import (
    ANY_CAP,
    ANY_ORDER,
    BETA,
    CONVEX,
    FLOOR_BELOW,
    FROM_FIRST,
    INTERPOLATION,
    NO_DECAY,
)
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE
from theory.statement import Quantity, Statement

ONLINE_SUM = Statement(
    name="online_sum",
    title="MoMo*, before bootstrapping",
    quantities=(
        Quantity(
            "F",
            "Σ_{k≤K} τ_k f̂_k/Σ_{k≤K} τ_k",
            "the mean of the online estimates f̂_k = h_k - ½ τ_k ||d_k||², the steps as weights",
        ),
        Quantity(
            "M",
            "Σ_{k≤K} τ_k w_k (f_k - f*)/Σ_{k≤K} τ_k",
            "the mean of the suboptimalities so weighted, w_1 = 1 and w_k = 1-β",
        ),
        Quantity("T", "Σ_{k≤K} τ_k", "the sum of the steps", above=0),
        Quantity("Q", "Σ_{k≤K} τ_k² ||d_k||²/Σ_{k≤K} τ_k", "at most α times the largest ||d_k||²"),
        Quantity("fstar", "f*", "the least value, of every sample"),
        Quantity("floor", "f_*^1", "the first bound"),
        DISTANCE,
        AVERAGING,
    ),
    assumes=(
        CONVEX,
        INTERPOLATION,
        FLOOR_BELOW,
        ANY_CAP,
        NO_DECAY,
        BETA,
        FROM_FIRST,
        ANY_ORDER,
    ),
    holds=lambda v: {
        "estimates": le(v.F, v.fstar + v.D**2 / (2 * v.T)),
        "points": le(v.M, v.D**2 / (2 * v.T) + v.Q / 2 + v.beta * (v.fstar - v.floor)),
    },
)
