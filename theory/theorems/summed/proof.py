"""The Fejér steps, summed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    PROOF,
    Concluded,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, definition, geometry
from theory.proofs.replay import identity, made, step_with
from theory.proofs.scalars import eq, ge, le
from theory.theorems.fejer import proof as fejer
from theory.theorems.summed.statement import STATEMENT

TOTAL = Invariant(
    "S dist D2", lambda v: {"Σ_{j<k} decrease_j + ||x^k-x*||² ≤ D²": le(v.S + v.dist, v.D2)}
)
BALL = Invariant("dist D2", lambda v: {"||x^k-x*||² ≤ D²": le(v.dist, v.D2)})
STEP = "from fejer.step: ||x^{k+1}-x*||² ≤ ||x^k-x*||² - decrease_k"


def measure_distance(v: Any) -> dict[str, float]:
    """Take an uncapped step that decreases the squared distance by exactly the given amount."""
    cosine = np.sqrt(v.decrease / v.dist)
    d = np.array([cosine, np.sqrt(1 - cosine**2), 0.0])
    e = np.array([np.sqrt(v.dist), 0.0, 0.0])
    x = fejer.SOLUTION + e
    taken = step_with(made(0.5, identity(3), 0.0), x, d, float(d @ e))
    decrease = float(taken.info.value**2 / taken.info.dual_norm_sq)
    after = taken.x_next - fejer.SOLUTION
    return {"decrease": decrease, "dist_next": float(after @ after)}


def measure(v: Any) -> Mapping[str, float]:
    """Take the step, and add its decrease to the sum."""
    found = measure_distance(v)
    return {**found, "S_next": v.S + found["decrease"]}


def decreased(v: Any, w: Any) -> dict[Any, Any]:
    """Say what the distances and the decrease are in the Fejér step."""
    decrease = w.tau * (2 * w.a - w.tau * w.N)
    return {v.dist: w.ee, v.dist_next: w.after, v.decrease: decrease}


LEMMAS = (
    TOTAL.base(
        "summed.base",
        "nothing is summed, and ||x^1-x*|| = D",
        "",
        lambda v: {
            definition("S = 0"): eq(v.S, 0),
            definition("||x^1-x*||² = D²"): eq(v.dist, v.D2),
        },
        source=PROOF,
        mutated=(
            Mutation(
                "D² a little smaller", claim=lambda v: {"": le(v.S + v.dist, v.D2 * 99 / 100)}
            ),
        ),
    ),
    TOTAL.step(
        "summed.step",
        "Σ_{j<k} decrease_j + ||x^k-x*||² ≤ D² carries over to k+1",
        "decrease S_next dist_next",
        lambda v: {
            definition("S_{k+1} = S_k + decrease_k"): eq(v.S_next, v.S + v.decrease),
            STEP: le(v.dist_next, v.dist - v.decrease),
        },
        source=PROOF,
        mutated=(
            Mutation(
                "1 becomes 1.01 before the sum",
                claim=lambda v: {"": le(v.S_next * 101 / 100 + v.dist_next, v.D2)},
                real=lambda v: {
                    "equality in the step": eq(v.dist_next, v.dist - v.decrease),
                    "decrease": ge(v.decrease, 1),
                    "distance": ge(v.dist_next, 0),
                },
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "summed.end",
        "Σ_{k≤K} decrease_k ≤ D²",
        "S dist D2",
        lambda v: {
            "from summed.step": le(v.S + v.dist, v.D2),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
        },
        conclusion(lambda v: le(v.S, v.D2)),
        source=PROOF,
        mutated=(Mutation("D² a little smaller", claim=lambda v: {"": le(v.S, v.D2 * 99 / 100)}),),
    ),
    BALL.base(
        "summed.ball_base",
        "||x^1-x*|| = D",
        "",
        lambda v: {definition("||x^1-x*||² = D²"): eq(v.dist, v.D2)},
        mutated=(
            Mutation("D² a little smaller", claim=lambda v: {"": le(v.dist, v.D2 * 99 / 100)}),
        ),
    ),
    BALL.step(
        "summed.ball_step",
        "||x^k-x*|| ≤ D carries over to k+1: all iterates stay in the ball",
        "decrease dist_next",
        lambda v: {
            STEP: le(v.dist_next, v.dist - v.decrease),
            "from fejer.capped: decrease_k ≥ 0": ge(v.decrease, 0),
        },
        mutated=(
            Mutation(
                "a smaller ball",
                claim=lambda v: {"": le(v.dist_next, v.D2 * 99 / 100)},
                real=lambda v: {
                    "equality in the step": eq(v.dist_next, v.dist - v.decrease),
                    "a short step": eq(v.decrease * 1000, v.dist),
                    "distance": ge(v.dist, 1),
                },
                replay=Reference(measure_distance),
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("summed.step", "fejer.step"): [decreased],
    ("summed.ball_step", "fejer.step"): [decreased],
}

NAMED = "the citing lemmas have a name for this value, and no other definition of it"
WORDS: Words = {
    ("summed.*", "fejer.step", "the square of x^k - x* - τ_k D^{-1} d_k"): NAMED,
    ("summed.*", "fejer.capped", "decrease"): NAMED,
}

THEOREM = theorem(
    STATEMENT,
    lemmas=(*fejer.THEOREM.lemmas, *(lemma.name for lemma in LEMMAS)),
    concludes={
        "sum": Concluded("summed.end", lambda s, w: {w.D2: s.D**2}),
        "ball": Concluded("summed.ball_step", lambda s, w: {w.D2: s.D**2}),
    },
    inductions=(
        *fejer.THEOREM.inductions,
        Induction("k", ("summed.base",), "summed.step"),
        Induction("k", ("summed.ball_base",), "summed.ball_step"),
    ),
    assembly="Induction over k with the Fejér step; the last distance is at least 0. With a cap the"
    " decreases are τ_k(2(h_k-ρ_k f*) - τ_k||d_k||²).",
    kernel=("fejer_any.summed_any", "fejer_any.summed_any_capped", "fejer_any.ball_any"),
)

THEOREMS = (THEOREM,)
