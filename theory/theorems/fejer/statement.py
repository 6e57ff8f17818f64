"""The Fejér step, for any step size; without a cap, and with one."""

from __future__ import annotations

from theory.assumptions import (
    ANY_CAP,
    ANY_ORDER,
    BETA,
    CONVEX,
    EXACT_BOUND,
    FIXED_METRIC,
    INTERPOLATION,
    NO_DECAY,
    UNCAPPED,
)
from theory.proofs.base import PROOF
from theory.proofs.scalars import gt, le
from theory.quantities import CHANGE, HEIGHT, NORM, STEP
from theory.statement import Statement

QUANTITIES = (CHANGE, STEP, HEIGHT, NORM)
ASSUMES = (CONVEX, INTERPOLATION, EXACT_BOUND, NO_DECAY, BETA, FIXED_METRIC, ANY_ORDER)
SOURCE = f"{PROOF}; with a cap, and in a metric: derived here"

STATEMENT = Statement(
    name="fejer",
    title="Fejér step",
    quantities=QUANTITIES,
    assumes=(*ASSUMES, ANY_CAP),
    holds=lambda v: {"": le(v.change, -(v.tau * (2 * v.a - v.tau * v.N)))},
    source=SOURCE,
)
ALONE = Statement(
    name="fejer_uncapped",
    title="Fejér step without a cap",
    quantities=(CHANGE, HEIGHT, NORM),
    assumes=(*ASSUMES, UNCAPPED),
    holds=lambda v: {"": le(v.change, -(v.a**2 / v.N))},
    given=lambda v: {"moves": gt(v.N, 0)},
    source=SOURCE,
)
CAPPED = Statement(
    name="fejer_capped",
    title="Fejér step with a cap",
    quantities=(CHANGE, STEP, HEIGHT),
    assumes=(*ASSUMES, ANY_CAP),
    holds=lambda v: {"": le(v.change, -(v.tau * v.a))},
)
