"""Smooth functions: a sum of the suboptimalities that is linear in 1/(1-β), on every trajectory.

The gradients that the average has seen enter the Fejér step: a smooth convex function lies above
its linearisations by ``||g||²/(2L)`` where its gradient is 0, so that the averaged linearisation
lies below f* at x* by the average of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    FIRST,
    Algebra,
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
from theory.proofs.base import ZERO as BEGINS_ZERO
from theory.proofs.hypotheses import Words, assumed, case, convex, definition, geometry
from theory.proofs.replay import ENTRIES, identity, made, metric, step_from, step_with, vectors
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, unit
from theory.theorems.fejer.proof import SOLUTION
from theory.theorems.landing import proof as landing
from theory.theorems.smooth_linear import proof_sums
from theory.theorems.smooth_linear.statement import LEAST, LINEAR, ZERO

BELOW = Invariant(
    "m s rho fstar L",
    lambda v: {"m_k(x*) + s_k/(2L) ≤ ρ_k f*": le(v.m + v.s / (2 * v.L), v.rho * v.fstar)},
)
SQUARES = Invariant("N s", lambda v: {"||d_k||² ≤ s_k": le(v.N, v.s)})
LINE = "from smooth_linear.line: ℓ_{k+1}(x*) + ||g_{k+1}||²/(2L) ≤ f*"


def measure_squares(v: Any) -> Mapping[str, float]:
    """Average two gradients by a step and measure ``||d||²``."""
    d, grad = vectors([[v.N, v.dg], [v.dg, v.gg]])
    taken = step_from(made(v.beta, identity(3), 0.0), np.zeros(3), d, 1.0, 1.0, grad)
    return {"N_next": float(taken.info.dual_norm_sq)}


def measure_step(v: Any) -> Mapping[str, float]:
    """Take an uncapped step with the given inner products, and measure it."""
    weights = ENTRIES[:3]
    u, e = vectors([[v.N, v.de], [v.de, v.ee]])
    d, x = u * np.sqrt(weights), SOLUTION + e / np.sqrt(weights)
    taken = step_with(made(0.5, metric(3), 0.0), x, d, v.a)
    distance = weights @ (taken.x_next - SOLUTION) ** 2
    return {"a": float(taken.info.value), "after": float(distance)}


def stepped(v: Any) -> Mapping[str, Relation]:
    """Say what an uncapped step does."""
    return {
        assumed("smooth", "L > 0"): gt(v.L, 0),
        case("||d_k||² > 0"): gt(v.N, 0),
        case("a_k = h_k - ρ_k f* ≥ 0"): ge(v.a, 0),
        "from smooth_linear.below_step: <d_k, x^k-x*> ≥ a_k + s_k/(2L)": ge(
            v.de, v.a + v.s / (2 * v.L)
        ),
        "from smooth_linear.squares_step: ||d_k||² ≤ s_k": le(v.N, v.s),
        definition("||x^{k+1}-x*||², τ_k = a_k/||d_k||²"): eq(
            v.after, v.ee - 2 * (v.a / v.N) * v.de + v.a * v.a / v.N
        ),
    }


STEPS_ALONE = (
    lemma(
        "smooth_linear.line",
        "f(x) + <g, x*-x> + ||g||²/(2L) ≤ f* where f is convex, L-smooth and minimal at x*",
        "f fstar at gs gg L",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            assumed("smooth", "f(x*+g/L) ≤ f* + ||g||²/(2L): L-smooth, gradient 0 at x*"): le(
                v.at, v.fstar + v.gg / (2 * v.L)
            ),
            convex("x*+g/L", "x", "f(x*+g/L) ≥ f(x) + <g, x*-x> + ||g||²/L: convex"): ge(
                v.at, v.f + v.gs + v.gg / v.L
            ),
        },
        conclusion(lambda v: le(v.f + v.gs + v.gg / (2 * v.L), v.fstar)),
        by=Algebra(
            lambda v: {
                "f(x*+g/L) ≤ f* + ||g||²/(2L): L-smooth, gradient 0 at x*": 1,
                "f(x*+g/L) ≥ f(x) + <g, x*-x> + ||g||²/L: convex": 1,
            }
        ),
        source="known",
        mutated=(
            Mutation(
                "1/2 becomes 0.51",
                claim=lambda v: {"": le(v.f + v.gs + v.gg * 51 / (100 * v.L), v.fstar)},
                fixed={"L": 1},
            ),
        ),
    ),
    BELOW.base(
        "smooth_linear.below_first",
        "from the first sample m_1 = ℓ_1, s_1 = ||g_1||², ρ_1 = 1",
        "line gg",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            definition("m_1"): eq(v.m, v.line),
            definition("s_1"): eq(v.s, v.gg),
            definition("ρ_1 = 1"): eq(v.rho, 1),
            "from smooth_linear.line: ℓ_1(x*) + ||g_1||²/(2L) ≤ f*": le(
                v.line + v.gg / (2 * v.L), v.fstar
            ),
        },
        mutated=(
            Mutation(
                "1/2 becomes 0.51",
                claim=lambda v: {"": le(v.m + v.s * 51 / (100 * v.L), v.rho * v.fstar)},
                fixed={"L": 1},
            ),
        ),
        begins=(FIRST,),
    ),
    BELOW.base(
        "smooth_linear.below_zero",
        "from zero m_0 = s_0 = ρ_0 = 0",
        "",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            definition("m"): eq(v.m, 0),
            definition("s"): eq(v.s, 0),
            definition("ρ"): eq(v.rho, 0),
        },
        mutated=(Mutation("something", claim=lambda v: {"": le(v.m + 1, v.rho * v.fstar)}),),
        begins=(BEGINS_ZERO,),
    ),
    BELOW.step(
        "smooth_linear.below_step",
        "m_k(x*) + s_k/(2L) ≤ ρ_k f* carries over, s_k the average of the ||g_j||²",
        "beta line gg m_next s_next rho_next",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("smooth", "L > 0"): gt(v.L, 0),
            LINE: le(v.line + v.gg / (2 * v.L), v.fstar),
            definition("m_{k+1}"): eq(v.m_next, v.beta * v.m + (1 - v.beta) * v.line),
            definition("s_{k+1}"): eq(v.s_next, v.beta * v.s + (1 - v.beta) * v.gg),
            definition("ρ_{k+1}"): eq(v.rho_next, v.beta * v.rho + 1 - v.beta),
        },
        by=Algebra(
            lambda v: {
                "induction: m_k(x*) + s_k/(2L) ≤ ρ_k f*": v.beta,
                LINE: 1 - v.beta,
            }
        ),
        mutated=(
            Mutation(
                "1/2 becomes 0.51",
                claim=lambda v: {
                    "": le(v.m_next + v.s_next * 51 / (100 * v.L), v.rho_next * v.fstar)
                },
                fixed={"L": 1, "beta": (1, 2), "rho": 1},
            ),
        ),
    ),
    SQUARES.base(
        "smooth_linear.squares_base",
        "both are 0, or both ||g_1||²",
        "",
        lambda v: {definition("s = ||d||²"): eq(v.s, v.N)},
        mutated=(Mutation("half", claim=lambda v: {"": le(2 * v.N, v.s)}),),
    ),
    SQUARES.step(
        "smooth_linear.squares_step",
        "||d_k||² ≤ s_k carries over: the square is convex",
        "beta dg gg N_next s_next",
        lambda v: {
            **unit(v.beta, "β"),
            geometry("||d_k - g_{k+1}||² ≥ 0"): ge(v.N - 2 * v.dg + v.gg, 0),
            definition("||d_{k+1}||²"): eq(
                v.N_next,
                v.beta * v.beta * v.N
                + 2 * v.beta * (1 - v.beta) * v.dg
                + (1 - v.beta) * (1 - v.beta) * v.gg,
            ),
            definition("s_{k+1}"): eq(v.s_next, v.beta * v.s + (1 - v.beta) * v.gg),
        },
        by=Algebra(
            lambda v: {
                "induction: ||d_k||² ≤ s_k": v.beta,
                "||d_k - g_{k+1}||² ≥ 0": v.beta * (1 - v.beta),
            }
        ),
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {"": le(100 * v.N_next, 99 * v.s_next)},
                real=lambda v: {**gram([v.N, v.dg], [v.dg, v.gg]), "N": ge(v.N, 1)},
                fixed={"beta": (1, 2)},
                replay=Reference(measure_squares),
            ),
        ),
    ),
    lemma(
        "smooth_linear.fejer",
        "||x^{k+1}-x*||² ≤ ||x^k-x*||² - a_k²/||d_k||² - a_k/L, a_k = h_k - ρ_k f*",
        "L N s a de ee after",
        stepped,
        conclusion(lambda v: le(v.after, v.ee - v.a * v.a / v.N - v.a / v.L)),
        by=Algebra(
            lambda v: {
                "from smooth_linear.below_step: <d_k, x^k-x*> ≥ a_k + s_k/(2L)": 2 * v.a / v.N,
                "from smooth_linear.squares_step: ||d_k||² ≤ s_k": v.a / (v.L * v.N),
            }
        ),
        mutated=(
            Mutation(
                "1/L becomes 1.01/L",
                claim=lambda v: {
                    "": le(
                        100 * v.after * v.N * v.L,
                        100 * v.ee * v.N * v.L - 100 * v.a * v.a * v.L - 101 * v.a * v.N,
                    )
                },
                real=lambda v: {
                    **gram([v.N, v.de], [v.de, v.ee]),
                    "a step": ge(v.a, 1),
                    "d": ge(v.N, 1),
                },
                fixed={"L": 1},
                replay=Reference(measure_step),
            ),
        ),
    ),
)

LEMMAS = (*STEPS_ALONE, *proof_sums.LEMMAS)

NAMED = "the citing lemmas have a name for this value, and no other definition of it"
NO_STEP = "where d_k = 0 also h_k = f*, by landing.still: nothing moves, and nothing is added"
WORDS: Words = {
    ("smooth_linear.sum_step", "smooth_linear.fejer", "a_k = h_k - ρ_k f* ≥ 0"): "landing.gap_step",
    ("smooth_linear.sum_step", "smooth_linear.fejer", "||x^{k+1}-x*||², *"): NAMED,
    ("smooth_linear.*", "smooth_linear.sum_step", "||d_k||² > 0"): NO_STEP,
    ("smooth_linear.*", "smooth_linear.sum_step", "added: *"): NAMED,
    ("smooth_linear.least", "smooth_linear.count_step", "w_k ≥ 0"): "the weights 3/2 and 1-β",
    ("smooth_linear_least", "smooth_linear.least", "δ_K ≥ m: the least"): "m is the least",
}

MEANINGS: Meanings = {
    **proof_sums.MEANINGS,
    ("smooth_linear.below_first", "smooth_linear.line"): [lambda v, w: {v.line: w.f + w.gs}],
    ("smooth_linear.below_step", "smooth_linear.line"): [lambda v, w: {v.line: w.f + w.gs}],
    ("smooth_linear.fejer", "smooth_linear.below_step"): [
        lambda v, w: {w.m: w.rho * w.fstar + v.a - v.de}
    ],
}

INDUCTIONS = (
    *landing.THEOREM.inductions,
    Induction(
        "k",
        ("smooth_linear.below_first", "smooth_linear.below_zero"),
        "smooth_linear.below_step",
    ),
    Induction("k", ("smooth_linear.squares_base",), "smooth_linear.squares_step"),
    Induction("k", ("smooth_linear.sum_base",), "smooth_linear.sum_step"),
)
COUNTS = (Induction("k", ("smooth_linear.count_base",), "smooth_linear.count_step"),)
STEPS = (
    *landing.THEOREM.lemmas,
    *(item.name for item in STEPS_ALONE),
    "smooth_linear.sum_base",
    "smooth_linear.sum_step",
)
WEIGHTS = (
    "By the landing identity a_k = w_k δ_k, w_1 = 1 (from the first sample) and w_k = 1-β."
    " A step with d_k = 0 has a_k = 0 (landing.still)."
)

THEOREM = theorem(
    LINEAR,
    lemmas=(*STEPS, "smooth_linear.weighted"),
    concludes=Concluded("smooth_linear.weighted", lambda s, w: {w.D2: s.D**2}),
    inductions=INDUCTIONS,
    assembly=WEIGHTS,
    kernel=("smooth_any.smooth_linear_any",),
)
LEAST_VALUE = theorem(
    LEAST,
    lemmas=(
        *STEPS,
        "smooth.gradient",
        "smooth_linear.count_base",
        "smooth_linear.count_step",
        "smooth_linear.first",
        "smooth_linear.end",
        "smooth_linear.least",
    ),
    concludes=Concluded("smooth_linear.least", lambda s, w: {w.D2: s.D**2}),
    claims=(),
    inductions=(*INDUCTIONS, *COUNTS),
    assembly=WEIGHTS + " For the least value the first term counts 3/2 (smooth_linear.first), the"
    " last 2, as no step follows x^K.",
    kernel=("smooth_any.smooth_linear_least_any",),
)
OF_ZERO = theorem(
    ZERO,
    lemmas=(*STEPS, "smooth_linear.weighted_zero"),
    concludes=Concluded("smooth_linear.weighted_zero", lambda s, w: {w.D2: s.D**2}),
    claims=(),
    inductions=INDUCTIONS,
    assembly=WEIGHTS,
    kernel=("smooth_any.smooth_linear_zero_uncapped",),
)

THEOREMS = (THEOREM, LEAST_VALUE, OF_ZERO)
