"""A step with any cap leaves the model at least f*: the landing identity becomes an inequality."""

from __future__ import annotations

from theory.assumptions import (
    ANY_CAP,
    ANY_ORDER,
    BETA,
    BOUND_BELOW,
    CONVEX,
    EXACT_BOUND,
    FROM_FIRST,
    INTERPOLATION,
    NO_DECAY,
)
from theory.proofs.scalars import ge
from theory.quantities import BETA as AVERAGING
from theory.statement import Quantity, Statement

CAPPED = Statement(
    name="capped",
    title="landing with a cap",
    quantities=(
        Quantity("a", "h_k - f*", "the model's value at x^k, above f*"),
        Quantity("gap", "(f_k - f*)", "the sample's suboptimality"),
        AVERAGING,
    ),
    assumes=(
        CONVEX,
        INTERPOLATION,
        EXACT_BOUND,
        BOUND_BELOW,
        ANY_CAP,
        NO_DECAY,
        BETA,
        FROM_FIRST,
        ANY_ORDER,
    ),
    holds=lambda v: {"": ge(v.a, (1 - v.beta) * v.gap)},
)
