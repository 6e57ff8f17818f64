"""The landing identity, from the first sample and from zero."""

from __future__ import annotations

from theory.assumptions import (
    ANY_ORDER,
    BETA,
    CONVEX,
    EXACT_BOUND,
    FIXED_METRIC,
    FROM_FIRST,
    FROM_ZERO,
    INTERPOLATION,
    NO_DECAY,
    UNCAPPED,
)
from theory.proofs.base import PROOF
from theory.proofs.scalars import eq, ge
from theory.quantities import BETA as AVERAGING
from theory.quantities import HEIGHT, SAMPLE
from theory.statement import Quantity, Statement

FIRST_HEIGHT = Quantity("a_first", "(h_1-ρ_1 f*)", "the same at the first step")
FIRST_SAMPLE = Quantity("delta_first", "(f_1-f*)", "that of the first sample", at_least=0)
QUANTITIES = (FIRST_HEIGHT, FIRST_SAMPLE, HEIGHT, SAMPLE, AVERAGING)
ASSUMES = (
    UNCAPPED,
    CONVEX,
    INTERPOLATION,
    EXACT_BOUND,
    NO_DECAY,
    BETA,
    FIXED_METRIC,
    ANY_ORDER,
)

STATEMENT = Statement(
    name="landing",
    title="landing identity",
    quantities=QUANTITIES,
    assumes=(*ASSUMES, FROM_FIRST),
    holds=lambda v: {
        "k = 1": eq(v.a_first, v.delta_first),
        "k ≥ 2": eq(v.a, (1 - v.beta) * v.delta),
        "never below": ge(v.a, 0),
    },
    source=PROOF,
)
ZERO = Statement(
    name="landing_zero",
    title="landing identity, from zero",
    quantities=QUANTITIES,
    assumes=(*ASSUMES, FROM_ZERO),
    holds=lambda v: {
        "k = 1": eq(v.a_first, (1 - v.beta) * v.delta_first),
        "k ≥ 2": eq(v.a, (1 - v.beta) * v.delta),
        "never below": ge(v.a, 0),
    },
)
