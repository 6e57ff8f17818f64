"""The averaged linearisation lies below f* at every solution, times its weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    FIRST,
    PROOF,
    ZERO,
    Induction,
    Invariant,
    Mutation,
    Reference,
    theorem,
)
from theory.proofs.hypotheses import convex, definition
from theory.proofs.replay import first_step, identity, made, step_from
from theory.proofs.scalars import Relation, eq, le, unit
from theory.theorems.model_below.statement import STATEMENT

BELOW = Invariant("m rho fstar", lambda v: {"m_k(x*) ≤ ρ_k f*": le(v.m, v.rho * v.fstar)})

LINE = convex("x*", "x^k", "ℓ_k(x*) ≤ f*: convexity and interpolation")


def measure(v: Any) -> Mapping[str, float]:
    """Take a step with the given old model and the new line, and measure both at x*."""
    solution, e = np.array([0.5, -0.25]), np.array([1.0, 0.0])
    d, grad = np.array([0.3, -0.7]), np.array([0.5, 0.2])
    x, loss = solution + e, v.line + 0.5
    how = made(v.beta, identity(2), v.fstar)
    taken = step_from(how, x, d, v.m + d @ e, loss, grad)
    return {"m_next": taken.model(solution), "line": loss + grad @ (solution - x)}


def start(v: Any) -> Mapping[str, Relation]:
    """Say how the average begins that starts at the first sample."""
    return {
        definition("ρ_1 = 1"): eq(v.rho, 1),
        definition("m_1 = ℓ_1"): eq(v.m, v.line),
        LINE: le(v.line, v.fstar),
    }


def step(v: Any) -> Mapping[str, Relation]:
    """Say how the average goes on."""
    return {
        **unit(v.beta, "β"),
        LINE: le(v.line, v.fstar),
        definition("m_{k+1} = β m_k + (1-β) ℓ_{k+1}"): eq(
            v.m_next, v.beta * v.m + (1 - v.beta) * v.line
        ),
        definition("ρ_{k+1} = β ρ_k + (1-β)"): eq(v.rho_next, v.beta * v.rho + 1 - v.beta),
    }


def measure_first(v: Any) -> Mapping[str, float]:
    """Take the first step and measure the model at x*."""
    solution = np.array([0.5, -0.25])
    x, grad = solution + np.array([1.0, 0.0]), np.array([0.5, 0.2])
    how = made(0.5, identity(2), v.fstar)
    return {"m": first_step(how, x, v.line + 0.5, grad).model(solution)}


LEMMAS = (
    BELOW.base(
        "model_below.first",
        "m_1(x*) ≤ f*, where the average starts at the first sample",
        "line",
        start,
        begins=(FIRST,),
        source=PROOF,
        mutated=(
            Mutation(
                "f* a little lower",
                claim=lambda v: {"": le(v.m, v.rho * v.fstar - v.rho / 100)},
                replay=Reference(measure_first),
            ),
        ),
    ),
    BELOW.base(
        "model_below.zero",
        "m_0(x*) = 0 = ρ_0 f*, where the average starts at zero",
        "",
        lambda v: {definition("ρ_0 = 0"): eq(v.rho, 0), definition("m_0 = 0"): eq(v.m, 0)},
        begins=(ZERO,),
        mutated=(
            Mutation(
                "without ρ: f* for ρ_0 f*",
                claim=lambda v: {"": le(v.m, v.fstar)},
            ),
        ),
    ),
    BELOW.step(
        "model_below.step",
        "m_k(x*) ≤ ρ_k f* implies m_{k+1}(x*) ≤ ρ_{k+1} f*",
        "beta line m_next rho_next",
        step,
        source=PROOF,
        mutated=(
            Mutation(
                "no interpolation: ℓ_{k+1}(x*) may lie above f*",
                drop=(LINE,),
                fixed={"rho": 1},
                replay=Reference(measure),
            ),
            Mutation(
                "a little lower",
                claim=lambda v: {"": le(v.m_next, v.rho_next * v.fstar - (1 - v.beta) / 100)},
                fixed={"rho": 1, "beta": (1, 2)},
                replay=Reference(measure),
            ),
        ),
    ),
)

THEOREM = theorem(
    STATEMENT,
    lemmas=tuple(lemma.name for lemma in LEMMAS),
    concludes="model_below.step",
    claims=("fejer", "summed"),
    inductions=(Induction("k", ("model_below.first", "model_below.zero"), "model_below.step"),),
    assembly="Induction over k. Nothing is used of the points x^k.",
    kernel=("fejer_any.model_below_any",),
)

THEOREMS = (THEOREM,)
