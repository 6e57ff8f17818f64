"""The online lower bound: how it is kept, and what follows from that."""

from __future__ import annotations

from typing import Any

from theory.assumptions import ANY_CAP, BETA, FIXED_METRIC, NO_DECAY, OWN_BOUND, UNCAPPED
from theory.formula import largest, least
from theory.proofs.scalars import Relation, eq, ge, gt, le, lt
from theory.quantities import CAP
from theory.statement import Quantity, Statement

HEIGHT = Quantity("h", "h_k", "the model's value at x^k")
RHO = Quantity("rho", "ρ_k", "the weight of the averages", above=0)
KEPT = Quantity("bound", "f_*^k", "the bound before the step")
USED = Quantity("used", "used", "the bound that the step uses: f_*^k, or what a reset makes of it")
NEXT = Quantity("bound_next", "f_*^{k+1}", "the bound after the step")
FLOOR = Quantity("floor", "f_*^1", "the first bound")
NORM = Quantity("N", "||d_k||²", "the squared dual norm of the average", at_least=0)
ADVANCE = Quantity("advance", "τ_k||d_k||²", "what the step takes off the model")

ASSUMES = (OWN_BOUND, ANY_CAP, NO_DECAY, BETA, FIXED_METRIC)
SOURCE = "MoMo paper, MoMo*"

KEEPING = Statement(
    name="online_bound",
    title="online lower bound",
    quantities=(HEIGHT, RHO, USED, NEXT, FLOOR, NORM, CAP, ADVANCE),
    assumes=ASSUMES,
    holds=lambda v: {
        "after the step": eq(v.bound_next, largest((v.h - v.advance / 2) / v.rho, v.floor)),
        "reset where h_k < ρ_k f_*^k": eq(v.used, largest(v.h / (2 * v.rho), v.floor)),
        "step": eq(v.advance, least(v.alpha * v.N / v.rho, largest(v.h - v.rho * v.used, 0))),
    },
    source=SOURCE,
)


def updated(v: Any) -> Relation:
    """Return how the bound goes on, above its floor."""
    return eq(v.bound_next, (v.h - v.advance / 2) / v.rho)


def lowered(v: Any) -> dict[str, Relation]:
    """Return what a reset does, and when."""
    return {
        "reset": lt(v.h, v.rho * v.bound),
        "by which": eq(v.used, largest(v.h / (2 * v.rho), v.floor)),
        "kept": ge(v.bound, v.floor),
    }


HALFWAY = Statement(
    name="online_halfway",
    title="online bound, uncapped",
    quantities=(HEIGHT, RHO, KEPT, NEXT, ADVANCE, NORM),
    assumes=(*ASSUMES[:1], UNCAPPED, *ASSUMES[2:]),
    holds=lambda v: {"": eq(v.rho * v.bound_next, (v.h + v.rho * v.bound) / 2)},
    given=lambda v: {
        "no reset": ge(v.h, v.rho * v.bound),
        "moves": gt(v.N, 0),
        "uncapped": eq(v.advance, v.h - v.rho * v.bound),
        "update": updated(v),
    },
)
BETWEEN = Statement(
    name="online_between",
    title="online bound, with any cap",
    quantities=HALFWAY.quantities,
    assumes=ASSUMES,
    holds=lambda v: {
        "below": le((v.h + v.rho * v.bound) / 2, v.rho * v.bound_next),
        "above": le(v.rho * v.bound_next, v.h),
    },
    given=lambda v: {
        "moves": gt(v.N, 0),
        "forward": ge(v.advance, 0),
        "capped": le(v.advance, v.h - v.rho * v.bound),
        "update": updated(v),
    },
)
FLOORED = Statement(
    name="online_floor",
    title="online bound, its floor",
    quantities=(KEPT, FLOOR),
    assumes=ASSUMES,
    holds=lambda v: {"": ge(v.bound, v.floor)},
    source=SOURCE,
)
RESET = Statement(
    name="online_reset",
    title="online bound, what a reset does",
    quantities=(HEIGHT, RHO, KEPT, FLOOR, USED),
    assumes=ASSUMES,
    holds=lambda v: {
        "not raised": le(v.used, v.bound),
        "not below the floor": ge(v.used, v.floor),
    },
    given=lambda v: {**lowered(v), "the floor": ge(v.floor, 0)},
)
MOVES = Statement(
    name="online_moves",
    title="online bound, steps after a reset",
    quantities=(HEIGHT, RHO, KEPT, FLOOR, USED),
    assumes=ASSUMES,
    holds=lambda v: {"": eq(v.h - v.rho * v.used, v.h / 2)},
    given=lambda v: {
        **lowered(v),
        "above 0": gt(v.h, 0),
        "above the floor": ge(v.h, 2 * v.rho * v.floor),
    },
)
