"""The online lower bound: halfway from the bound to the model, and what a reset does."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from momo.reference import Online
from theory.proofs.base import (
    Algebra,
    Concluded,
    Induction,
    Invariant,
    Mutation,
    Reference,
    Theorem,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import case, definition
from theory.proofs.replay import identity, made, step_with
from theory.proofs.scalars import Relation, eq, ge, gt, le, lt, maximum
from theory.statement import Statement as Formal
from theory.theorems.online_bound.statement import BETWEEN, FLOORED, HALFWAY, MOVES
from theory.theorems.online_bound.statement import RESET as RESET_DOES

FLOOR = Invariant("bound floor", lambda v: {"f_*^k ≥ f_*^1": ge(v.bound, v.floor)})
RESET = case("c_k < ρ_k f_*^k: the bound lies above the model")
NONNEGATIVE = case("f_*^1 ≥ 0")


def measure(v: Any) -> Mapping[str, float]:
    """Take a step with the online bound, from the given memory, value and cap; measure the bounds.

    Without decay c_k is h_k. The cap is τ where one is given, and none otherwise.
    """
    given = v.names
    norm_sq = v.N if "N" in given else 1.0
    lr = v.tau if "tau" in given and "cap" in given else np.inf
    floor = v.floor if "floor" in given else -100.0
    how = made(0.5, identity(3), Online(floor), lr=lr)
    x, d = np.array([0.5, -0.25, 0.0]), np.sqrt(norm_sq) * np.array([0.6, 0.8, 0.0])
    taken = step_with(how, x, d, v.h, memory=v.bound)
    found = {
        "tau": float(taken.info.step_size),
        "N": float(taken.info.dual_norm_sq),
        "h": float(taken.info.value),
        "used": float(taken.info.lower_bound),
        "bound_next": float(taken.state.lower_bound[0]),
    }
    return {name: value for name, value in found.items() if name in given}


def reset(v: Any) -> Mapping[str, Relation]:
    """Say what a reset does."""
    return {
        case("ρ_k > 0"): gt(v.rho, 0),
        RESET: lt(v.h, v.rho * v.bound),
        **maximum(v.used, "max{c_k/(2ρ_k), f_*^1}", v.h / (2 * v.rho), v.floor),
        "from online.floor_step: f_*^k ≥ f_*^1": ge(v.bound, v.floor),
    }


LEMMAS = (
    lemma(
        "online.uncapped",
        "ρ_k f_*^{k+1} = (h_k + ρ_k f_*^k)/2 for an uncapped step, above the floor",
        "h rho bound tau N bound_next",
        lambda v: {
            case("ρ_k > 0"): gt(v.rho, 0),
            case("no reset: h_k ≥ ρ_k f_*^k"): ge(v.h, v.rho * v.bound),
            case("d_k ≠ 0"): gt(v.N, 0),
            definition("uncapped: τ_k||d_k||² = h_k - ρ_k f_*^k"): eq(
                v.tau * v.N, v.h - v.rho * v.bound
            ),
            definition("ρ_k f_*^{k+1} = h_k - ½τ_k||d_k||²"): eq(
                v.bound_next, (v.h - v.tau * v.N / 2) / v.rho
            ),
        },
        conclusion(lambda v: eq(v.rho * v.bound_next, (v.h + v.rho * v.bound) / 2)),
        by=Algebra(lambda v: {"uncapped: τ_k||d_k||² = h_k - ρ_k f_*^k": Fraction(-1, 2)}),
        mutated=(
            Mutation(
                "½ becomes 0.505",
                claim=lambda v: {
                    "": eq(v.rho * v.bound_next, (101 * v.h + 99 * v.rho * v.bound) / 200)
                },
                fixed={"rho": 1, "N": 2},
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "online.rises",
        "½(h_k + ρ_k f_*^k) ≤ ρ_k f_*^{k+1} ≤ h_k, with a cap or without",
        "h rho bound tau N bound_next cap",
        lambda v: {
            case("ρ_k > 0"): gt(v.rho, 0),
            case("d_k ≠ 0"): gt(v.N, 0),
            case("τ_k ≥ 0"): ge(v.tau, 0),
            case("τ_k||d_k||² ≤ h_k - ρ_k f_*^k"): le(v.tau * v.N, v.h - v.rho * v.bound),
            definition("ρ_k f_*^{k+1} = h_k - ½τ_k||d_k||²"): eq(
                v.bound_next, (v.h - v.tau * v.N / 2) / v.rho
            ),
        },
        lambda v: {
            "below": ge(2 * v.rho * v.bound_next, v.h + v.rho * v.bound),
            "above": le(v.rho * v.bound_next, v.h),
        },
        mutated=(
            Mutation(
                "half as near to the bound",
                claim=lambda v: {"": le(2 * v.rho * v.bound_next, v.h + v.rho * v.bound)},
                real=lambda v: {"a cap": ge(v.tau, 1)},
                fixed={"rho": 1, "N": 2},
                replay=Reference(measure),
            ),
        ),
    ),
    FLOOR.base(
        "online.floor_base",
        "the first bound is the floor f_*^1",
        "",
        lambda v: {definition("f_*^k = f_*^1 for k = 1"): eq(v.bound, v.floor)},
        source="MoMo paper, MoMo*",
        mutated=(Mutation("above the floor", claim=lambda v: {"": ge(v.bound, v.floor + 1)}),),
    ),
    FLOOR.step(
        "online.floor_step",
        "f_*^{k+1} = max{…, f_*^1} ≥ f_*^1",
        "h estimate bound_next",
        lambda v: maximum(v.bound_next, "max{estimate, f_*^1}", v.estimate, v.floor),
        source="MoMo paper, MoMo*",
        mutated=(
            Mutation(
                "above the floor",
                claim=lambda v: {"": ge(v.bound_next, v.floor + 1)},
                real=lambda v: {
                    "no reset, no cap: the estimate is halfway": eq(2 * v.estimate, v.h + v.bound),
                    "above the model": ge(v.h, v.bound),
                },
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "online.reset",
        "a reset never raises the bound and never takes it below the floor, if f_*^1 ≥ 0",
        "h rho bound floor used",
        lambda v: {**reset(v), NONNEGATIVE: ge(v.floor, 0)},
        lambda v: {"not raised": le(v.used, v.bound), "the floor": ge(v.used, v.floor)},
        mutated=(
            Mutation(
                "the floor may be negative",
                drop=(NONNEGATIVE,),
                fixed={"rho": 1},
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "online.reset_moves",
        "where c_k > 0 and c_k ≥ 2ρ_k f_*^1, the reset leaves the gap c_k - ρ_k f_*^k = c_k/2 > 0",
        "h rho bound floor used",
        lambda v: {
            **reset(v),
            case("c_k > 0"): gt(v.h, 0),
            case("c_k ≥ 2ρ_k f_*^1"): ge(v.h, 2 * v.rho * v.floor),
        },
        lambda v: {
            "half": eq(v.h - v.rho * v.used, v.h / 2),
            "positive": gt(v.h - v.rho * v.used, 0),
        },
        mutated=(
            Mutation(
                "the whole of c_k",
                claim=lambda v: {"": eq(v.h - v.rho * v.used, v.h)},
                fixed={"rho": 1},
                replay=Reference(measure),
            ),
            Mutation(
                "a high floor",
                drop=("c_k ≥ 2ρ_k f_*^1",),
                fixed={"rho": 1},
                replay=Reference(measure),
            ),
        ),
    ),
)

KERNEL = (
    "online_bound.online_bound",
    "star_methods.momo_star_starred",
    "star_methods.momo_adam_star_starred",
)
FLOORS = ("online.floor_base", "online.floor_step")
KEPT = (Induction("k", FLOORS[:1], FLOORS[1]),)


def relation(
    statement: Formal,
    lemmas: tuple[str, ...],
    concludes: str | dict[str, Concluded],
    inductions: tuple[Induction, ...] = (),
) -> Theorem:
    """Return one of the relations; each is one step, but for the induction of the floor."""
    return theorem(
        statement,
        lemmas=lemmas,
        concludes=concludes,
        claims=("online_bound",),
        inductions=inductions,
        assembly="One step; that the bound stays above its start is an induction.",
        kernel=KERNEL,
    )


def all_by(concluded: Concluded, *labels: str) -> dict[str, Concluded]:
    """Return that one lemma concludes all relations."""
    return dict.fromkeys(labels, concluded)


def advanced(s: Any, w: Any) -> dict[Any, Any]:
    """Say what the step size is."""
    return {w.tau: s.advance / s.N}


THEOREMS = (
    relation(HALFWAY, ("online.uncapped",), all_by(Concluded("online.uncapped", advanced), "")),
    relation(
        BETWEEN, ("online.rises",), all_by(Concluded("online.rises", advanced), "below", "above")
    ),
    relation(FLOORED, FLOORS, "online.floor_step", KEPT),
    relation(
        RESET_DOES,
        (*FLOORS, "online.reset"),
        all_by(Concluded("online.reset"), "not raised", "not below the floor"),
        KEPT,
    ),
    relation(MOVES, (*FLOORS, "online.reset_moves"), "online.reset_moves", KEPT),
)
