"""Sharp functions: the Fejér step takes a part of the squared distance, in expectation."""

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
    Lemma,
    Meanings,
    Mutation,
    Reference,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Label, Words, assumed, case, convex, definition, geometry
from theory.proofs.replay import identity, made, step_from, step_with, vectors
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.theorems.capped.proof import NAMED
from theory.theorems.fejer.proof import SOLUTION
from theory.theorems.landing import proof as landing
from theory.theorems.linear_rate.proof import powers
from theory.theorems.sharp_linear.statement import SHARP_LINEAR
from theory.theorems.summed import proof as summed


def measure_squares(v: Any) -> Mapping[str, float]:
    """Average two gradients by a step and measure ``||d||²``."""
    d, grad = vectors([[v.N, v.N], [v.N, v.gg]])
    taken = step_from(made(v.beta, identity(3), 0.0), np.zeros(3), d, 1.0, 1.0, grad)
    return {"N_next": float(taken.info.dual_norm_sq)}


def measure(v: Any) -> Mapping[str, float]:
    """Take an uncapped step where the model is f* at x*, and measure the distance."""
    d, e = vectors([[v.N, v.a], [v.a, v.ee]])
    found = step_with(made(0.5, identity(3), 0.0), SOLUTION + e, d, v.a)
    after = found.x_next - SOLUTION
    return {"a": float(found.info.value), "after": float(after @ after)}


def squares(topic: str, bound: Label) -> tuple[Lemma, Lemma]:
    """Return base and step of ``||d_k||² <= G²``, where ``bound`` says it of the gradients.

    All of it may be meant in expectation.
    """
    apart = geometry("||d_k - g_{k+1}||² ≥ 0")
    square = Invariant("N G2", lambda v: {"||d_k||² ≤ G²": le(v.N, v.G2)})
    base = square.base(
        f"{topic}.square_first",
        "||d_1||² ≤ G²: the first sample starts the average",
        "gg",
        lambda v: {definition("d_1 = g_1"): eq(v.N, v.gg), bound: le(v.gg, v.G2)},
        mutated=(Mutation("G² a little smaller", claim=lambda v: {"": le(v.N, v.G2 * 99 / 100)}),),
        begins=(FIRST,),
    )
    step = square.step(
        f"{topic}.square_step",
        "||d_k||² ≤ G² carries over: the square is convex",
        "beta dg gg N_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("||β d_k + (1-β) g_{k+1}||²"): eq(
                v.N_next,
                v.beta * v.beta * v.N
                + 2 * v.beta * (1 - v.beta) * v.dg
                + (1 - v.beta) * (1 - v.beta) * v.gg,
            ),
            apart: ge(v.N - 2 * v.dg + v.gg, 0),
            bound: le(v.gg, v.G2),
        },
        by=Algebra(
            lambda v: {
                apart: v.beta * (1 - v.beta),
                "induction: ||d_k||² ≤ G²": v.beta,
                bound: 1 - v.beta,
            }
        ),
        mutated=(
            Mutation(
                "G² a little smaller",
                claim=lambda v: {"": le(100 * v.N_next, 99 * v.G2)},
                real=lambda v: {"the same again": eq(v.dg, v.N), "g = d": eq(v.gg, v.N)},
                fixed={"beta": (1, 2), "G2": 1},
                replay=Reference(measure_squares),
            ),
        ),
    )
    return base, step


def factor(v: Any) -> dict[str, Relation]:
    """Say what q is."""
    return {
        **unit(v.beta, "β"),
        case("G > 0"): gt(v.G2, 0),
        case("s ≥ 0"): ge(v.s, 0),
        definition("q = 1 - (1-β)²s²/G²"): eq(
            v.q, 1 - (1 - v.beta) * (1 - v.beta) * v.s * v.s / v.G2
        ),
    }


def far(v: Any) -> dict[str, Relation]:
    """Say what q is, and that a squared distance is not negative."""
    return {**factor(v), geometry("E||x^k-x*||² ≥ 0"): ge(v.dist, 0)}


LEMMAS = (
    *squares("sharp_linear", assumed("each_gradient", "||g_{k+1}||² ≤ G²")),
    lemma(
        "sharp_linear.decrease",
        "G²(||x^k-x*||² - ||x^{k+1}-x*||²) ≥ (1-β)² δ_k² where d_k ≠ 0",
        "beta a N delta G2 ee after tau",
        lambda v: {
            **unit(v.beta, "β"),
            case("d_k ≠ 0"): gt(v.N, 0),
            assumed("interpolation", "δ_k ≥ 0"): ge(v.delta, 0),
            "from landing.identity, landing.first: h_k - f* ≥ (1-β) δ_k": ge(
                v.a, (1 - v.beta) * v.delta
            ),
            "from sharp_linear.square_step: ||d_k||² ≤ G²": le(v.N, v.G2),
            definition("τ_k = (h_k-f*)/||d_k||²"): eq(v.tau, v.a / v.N),
            "from fejer.step": le(v.after, v.ee - v.tau * (2 * v.a - v.tau * v.N)),
        },
        conclusion(
            lambda v: ge(v.G2 * (v.ee - v.after), (1 - v.beta) * (1 - v.beta) * v.delta * v.delta)
        ),
        mutated=(
            Mutation(
                "1.01",
                claim=lambda v: {
                    "": ge(
                        100 * v.G2 * (v.ee - v.after),
                        101 * (1 - v.beta) * (1 - v.beta) * v.delta * v.delta,
                    )
                },
                real=lambda v: {
                    "landing": eq(v.a, (1 - v.beta) * v.delta),
                    "x* is where the model meets f*": eq(v.after, 3),
                    "size": eq(v.tau, 1),
                },
                fixed={"beta": (1, 2), "N": 1, "G2": 1, "ee": 4},
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "sharp_linear.still",
        "the same where d_k = 0: then δ_k = 0",
        "beta a N delta G2 ee after",
        lambda v: {
            **unit(v.beta, "β"),
            case("d_k = 0"): eq(v.N, 0),
            assumed("interpolation", "δ_k ≥ 0"): ge(v.delta, 0),
            "from landing.identity, landing.first: h_k - f* ≥ (1-β) δ_k": ge(
                v.a, (1 - v.beta) * v.delta
            ),
            "from landing.still: h_k = f*": eq(v.a, 0),
            definition("x^{k+1} = x^k"): eq(v.after, v.ee),
        },
        conclusion(
            lambda v: ge(v.G2 * (v.ee - v.after), (1 - v.beta) * (1 - v.beta) * v.delta * v.delta)
        ),
        mutated=(
            Mutation(
                "h_k may be above f*",
                drop=("from landing.still: h_k = f*",),
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "sharp_linear.step",
        "E||x^{k+1}-x*||² ≤ (1 - (1-β)²s²/G²)||x^k-x*||², given the past",
        "beta S m one s r G2 ee after q",
        lambda v: {
            **factor(v),
            "from sharp_linear.decrease, sharp_linear.still, mean_square.expectation": ge(
                v.G2 * (v.ee - v.after), (1 - v.beta) * (1 - v.beta) * v.S
            ),
            definition("E 1 = 1"): eq(v.one, 1),
            geometry("(E δ·1)² ≤ E δ² E 1: Cauchy-Schwarz"): le(v.m * v.m, v.S * v.one),
            geometry("||x^k-x*||² ≥ 0"): ge(v.ee, 0),
            definition("||x^k-x*|| ≥ 0"): ge(v.r, 0),
            definition("r = ||x^k-x*||"): eq(v.r * v.r, v.ee),
            assumed("sharp", "E δ = f(x^k) - f* ≥ s||x^k-x*||"): ge(v.m, v.s * v.r),
        },
        conclusion(lambda v: le(v.after, v.q * v.ee)),
        mutated=(
            Mutation(
                "1.01",
                claim=lambda v: {
                    "": le(
                        v.after,
                        (1 - (1 - v.beta) * (1 - v.beta) * v.s * v.s / v.G2 * 101 / 100) * v.ee,
                    )
                },
                fixed={"beta": (1, 2), "s": 1, "G2": 1, "r": 1},
            ),
        ),
    ),
    lemma(
        "sharp_linear.factor",
        "q ≥ 0: f(x^1) - f* is at most G||x^1-x*||, so that s ≤ G",
        "beta s G2 first ge gg r D2 q",
        lambda v: {
            **factor(v),
            case("D > 0"): gt(v.D2, 0),
            definition("√D² > 0"): gt(v.r, 0),
            definition("r = D"): eq(v.r * v.r, v.D2),
            assumed("sharp", "f(x^1) - f* ≥ s D"): ge(v.first, v.s * v.r),
            convex("x*", "x^1", "f(x^1) - f* ≤ <∇f(x^1), x^1-x*>"): le(v.first, v.ge),
            geometry("Cauchy-Schwarz for <∇f(x^1), x^1-x*>"): le(v.ge * v.ge, v.gg * v.D2),
            assumed("each_gradient", "||∇f(x^1)||² ≤ G²"): le(v.gg, v.G2),
        },
        conclusion(lambda v: ge(v.q, 0)),
        mutated=(
            Mutation(
                "a hundredth",
                claim=lambda v: {"": ge(100 * v.q, 1)},
                fixed={"beta": 0, "G2": 1, "r": 1, "s": 1},
            ),
        ),
    ),
    *powers("sharp_linear", "beta s G2", far),
)

MEANINGS: Meanings = {
    ("sharp_linear.decrease", "landing.identity"): [
        lambda v, w: {v.a: w.h_next - w.rho_next * w.fstar, v.delta: w.f - w.fstar}
    ],
    ("sharp_linear.still", "landing.identity"): [
        lambda v, w: {v.a: w.h_next - w.rho_next * w.fstar, v.delta: w.f - w.fstar}
    ],
    ("sharp_linear.still", "landing.still"): [lambda v, w: {v.a: w.h - w.rho * w.fstar}],
    ("sharp_linear.step", "sharp_linear.decrease"): [lambda v, w: {v.S: w.delta * w.delta}],
    ("sharp_linear.step", "sharp_linear.still"): [lambda v, w: {v.S: w.delta * w.delta}],
    ("sharp_linear.power", "sharp_linear.step"): [
        lambda v, w: {w.ee: v.dist, w.after: v.dist_next}
    ],
}
WORDS: Words = {
    ("sharp_linear.decrease", "fejer.step", "the square of x^k - x* - τ_k D^{-1} d_k"): NAMED,
    ("sharp_linear", "sharp_linear.power", "q^k = q^{k-1} q"): "what a power is",
    (
        "sharp_linear.step",
        "sharp_linear.decrease",
        "d_k ≠ 0",
    ): "the other case is sharp_linear.still",
    ("sharp_linear.step", "sharp_linear.still", "d_k = 0"): "the other case: sharp_linear.decrease",
}

THEOREM = theorem(
    SHARP_LINEAR,
    lemmas=(
        *dict.fromkeys((*summed.THEOREM.lemmas, *landing.THEOREM.lemmas)),
        "mean_square.expectation",
        *(lemma.name for lemma in LEMMAS),
    ),
    concludes=Concluded(
        "sharp_linear.power",
        lambda s, w: {
            w.dist_next: s.E,
            w.D2: s.D**2,
            w.G2: s.G**2,
            w.q: 1 - (1 - s.beta) ** 2 * s.s**2 / s.G**2,
            w.p_next: (1 - (1 - s.beta) ** 2 * s.s**2 / s.G**2) ** s.K,
        },
    ),
    inductions=(
        *summed.THEOREM.inductions,
        *landing.THEOREM.inductions[1:],
        Induction("k", ("sharp_linear.square_first",), "sharp_linear.square_step"),
        Induction("k", ("sharp_linear.base",), "sharp_linear.power"),
    ),
    assembly="All points are in the ball (summed.ball_step), where every gradient is at most G, and"
    " with it every average. A step takes (1-β)² δ_k²/G² off the squared distance; given the past"
    " E δ_k² ≥ (E δ_k)² ≥ s²||x^k-x*||².",
    kernel=("sharp_functions.sharp_linear",),
)

THEOREMS = (THEOREM,)
