"""Smooth functions with any cap: every step takes ``min{α, 1/L}(h_k - f*)`` off the distance.

Where the cap does not bind this is `smooth_linear.fejer`. Where it binds, ``τ = α``, the decrease
is at least ``2αa - α²N >= αa``, because ``αN <= a``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.formula import largest
from theory.proofs.base import (
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
from theory.proofs.hypotheses import Words, assumed, case, definition, geometry
from theory.proofs.replay import identity, made, step_with, vectors
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, maximum, minimum, unit
from theory.theorems.capped import proof as capped
from theory.theorems.fejer.proof import SOLUTION
from theory.theorems.smooth_capped.statement import SMOOTH_CAPPED

SPENT = Invariant(
    "gamma A dist D2",
    lambda v: {"γ Σ a_j + ||x^k-x*||² ≤ D²": le(v.gamma * v.A + v.dist, v.D2)},
)
COUNT = Invariant(
    "beta A first later",
    lambda v: {"Σ a_j ≥ δ_1 + (1-β) Σ δ_j": ge(v.A, v.first + (1 - v.beta) * v.later)},
)
ABOVE = "from capped.gap_step: h_k ≥ f*"
BELOW = "from smooth_linear.below_step: <d_k, x^k-x*> ≥ a_k + s_k/(2L)"
SQUARES = "from smooth_linear.squares_step: ||d_k||² ≤ s_k"
BOTH = "from smooth_capped.moves, smooth_capped.still: what both cases say"


def measure(v: Any) -> Mapping[str, float]:
    """Take a step with the cap α and the given inner products, and measure where it ends."""
    d, e = vectors([[v.N, v.de], [v.de, v.ee]])
    found = step_with(made(0.5, identity(3), 0.0, lr=float(v.alpha)), SOLUTION + e, d, v.a)
    after = found.x_next - SOLUTION
    tau, norm_sq = float(found.info.step_size), float(found.info.dual_norm_sq)
    return {
        "a": float(found.info.value),
        "N": norm_sq,
        "tau": tau,
        "u": tau * norm_sq,
        "after": float(after @ after),
    }


def smaller(v: Any) -> dict[str, Relation]:
    """Say what γ is: the smaller of the cap and 1/L."""
    return {
        assumed("smooth", "L > 0"): gt(v.L, 0),
        assumed("any_cap", "α > 0"): gt(v.alpha, 0),
        **minimum(v.gamma, "γ = min{α, 1/L}", v.alpha, 1 / v.L),
    }


LEMMAS = (
    lemma(
        "smooth_capped.moves",
        "||x^{k+1}-x*||² ≤ ||x^k-x*||² - γ a_k for γ ≤ min{α, 1/L}, where d_k ≠ 0",
        "a N s de ee u tau alpha L gamma after",
        lambda v: {
            **smaller(v),
            case("d_k ≠ 0"): gt(v.N, 0),
            ABOVE: ge(v.a, 0),
            BELOW: ge(v.de, v.a + v.s / (2 * v.L)),
            SQUARES: le(v.N, v.s),
            **capped.size(v),
            definition("τ_k"): eq(v.u, v.tau * v.N),
            definition("the square of x^k - x* - τ_k d_k"): eq(
                v.after, v.ee - 2 * v.tau * v.de + v.tau * v.tau * v.N
            ),
        },
        conclusion(lambda v: le(v.after, v.ee - v.gamma * v.a)),
        mutated=(
            Mutation(
                "γ twice as large",
                claim=lambda v: {"": le(v.after, v.ee - 2 * v.gamma * v.a)},
                real=lambda v: {**gram([v.N, v.de], [v.de, v.ee]), "a gap": eq(2 * v.a, 1)},
                fixed={"N": 1, "L": 1, "alpha": 1},
                replay=Reference(measure),
            ),
            Mutation(
                "γ above 1/L",
                drop=(
                    "γ = min{α, 1/L}: at most the 2. entry",
                    "γ = min{α, 1/L}: one of the entries",
                ),
                real=lambda v: {**gram([v.N, v.de], [v.de, v.ee]), "a gap": ge(v.a, 1)},
                fixed={"N": 1, "L": 1, "alpha": 4},
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "smooth_capped.still",
        "the same where d_k = 0: then h_k ≤ f*, and nothing moves",
        "a N s de ee L alpha gamma after",
        lambda v: {
            **smaller(v),
            case("d_k = 0"): eq(v.N, 0),
            geometry("Cauchy-Schwarz for <d_k, x^k - x*>"): le(v.de * v.de, v.N * v.ee),
            BELOW: ge(v.de, v.a + v.s / (2 * v.L)),
            SQUARES: le(v.N, v.s),
            definition("x^{k+1} = x^k"): eq(v.after, v.ee),
        },
        conclusion(lambda v: le(v.after, v.ee - v.gamma * v.a)),
        mutated=(
            Mutation(
                "the model may lie above f* at x*",
                drop=(BELOW,),
                fixed={"gamma": 1, "L": 1, "ee": 1},
            ),
        ),
    ),
    lemma(
        "smooth_capped.fejer",
        "||x^{k+1}-x*||² ≤ ||x^k-x*||² - γ a_k for γ ≤ min{α, 1/L}",
        "a alpha L gamma ee after",
        lambda v: {**smaller(v), BOTH: le(v.after, v.ee - v.gamma * v.a)},
        conclusion(lambda v: le(v.after, v.ee - v.gamma * v.a)),
        mutated=(
            Mutation(
                "1.01 γ",
                claim=lambda v: {"": le(v.after, v.ee - v.gamma * v.a * 101 / 100)},
                real=lambda v: {"a gap": ge(v.a, 1), "distances": ge(v.after, 0)},
                fixed={"gamma": 1},
            ),
        ),
    ),
    SPENT.base(
        "smooth_capped.spent_base",
        "nothing is summed, and ||x^1-x*|| = D",
        "",
        lambda v: {
            definition("A = 0"): eq(v.A, 0),
            definition("||x^1-x*||² = D²"): eq(v.dist, v.D2),
        },
        mutated=(
            Mutation("D² a little smaller", claim=lambda v: {"": le(v.dist, v.D2 * 99 / 100)}),
        ),
    ),
    SPENT.step(
        "smooth_capped.spent_step",
        "γ Σ_{j<k} a_j + ||x^k-x*||² ≤ D² carries over",
        "a A_next dist_next alpha L",
        lambda v: {
            **smaller(v),
            definition("A_{k+1} = A_k + a_k"): eq(v.A_next, v.A + v.a),
            "from smooth_capped.fejer": le(v.dist_next, v.dist - v.gamma * v.a),
        },
        by=Algebra(
            lambda v: {
                "induction: γ Σ a_j + ||x^k-x*||² ≤ D²": 1,
                "from smooth_capped.fejer": 1,
            }
        ),
        mutated=(
            Mutation(
                "1.01 γ",
                claim=lambda v: {"": le(v.gamma * v.A_next * 101 / 100 + v.dist_next, v.D2)},
                real=lambda v: {"A": ge(v.A, 1), "a": ge(v.a, 0), "dist": ge(v.dist_next, 0)},
                fixed={"gamma": 1, "alpha": 1, "L": 1},
            ),
        ),
    ),
    COUNT.base(
        "smooth_capped.count_first",
        "a_1 = δ_1: the first sample starts the average",
        "",
        lambda v: {
            definition("a_1 = h_1 - f* = f_1 - f*"): eq(v.A, v.first),
            definition("no later one yet"): eq(v.later, 0),
        },
        mutated=(
            Mutation(
                "more than the first",
                claim=lambda v: {"": ge(v.A, v.first * 101 / 100)},
                real=lambda v: {"δ_1": ge(v.first, 1)},
            ),
        ),
    ),
    COUNT.step(
        "smooth_capped.count_step",
        "Σ a_j ≥ δ_1 + (1-β) Σ_{j≥2} δ_j carries over",
        "a gap A_next later_next",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("bound_below", "f_k ≥ f*"): ge(v.gap, 0),
            "from capped.above: a_k ≥ (1-β) δ_k": ge(v.a, (1 - v.beta) * v.gap),
            definition("A_{k+1} = A_k + a_k"): eq(v.A_next, v.A + v.a),
            definition("one more"): eq(v.later_next, v.later + v.gap),
        },
        mutated=(
            Mutation(
                "without 1-β",
                claim=lambda v: {"": ge(v.A_next, v.first + v.later_next)},
                real=lambda v: {"δ": ge(v.gap, 1), "Σδ": ge(v.later, 0)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "smooth_capped.end",
        "δ_1 + (1-β) Σ_{2≤k≤K} δ_k ≤ D² max{L, 1/α}, by γ = min{α, 1/L}",
        "beta first later A dist D L alpha gamma M",
        lambda v: {
            **unit(v.beta, "β"),
            **smaller(v),
            **maximum(v.M, "M = max{L, 1/α}", v.L, 1 / v.alpha),
            "from smooth_capped.spent_step": le(v.gamma * v.A + v.dist, v.D * v.D),
            "from smooth_capped.count_step": ge(v.A, v.first + (1 - v.beta) * v.later),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
        },
        conclusion(lambda v: le(v.first + (1 - v.beta) * v.later, v.D * v.D * v.M)),
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {
                    "": le((v.first + (1 - v.beta) * v.later) * 100, 99 * v.D * v.D * v.M)
                },
                fixed={"beta": (1, 2), "alpha": 1, "L": 1, "D": 1},
            ),
            Mutation(
                "L alone",
                claim=lambda v: {"": le(v.first + (1 - v.beta) * v.later, v.D * v.D * v.L)},
                fixed={"beta": (1, 2), "alpha": (1, 2), "L": 1, "D": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("smooth_capped.moves", "smooth_linear.below_step"): [
        lambda v, w: {w.m_next: w.rho_next * w.fstar + v.a - v.de, w.s_next: v.s}
    ],
    ("smooth_capped.still", "smooth_linear.below_step"): [
        lambda v, w: {w.m_next: w.rho_next * w.fstar + v.a - v.de, w.s_next: v.s}
    ],
    ("smooth_capped.moves", "smooth_linear.squares_step"): [
        lambda v, w: {w.N_next: v.N, w.s_next: v.s}
    ],
    ("smooth_capped.still", "smooth_linear.squares_step"): [
        lambda v, w: {w.N_next: v.N, w.s_next: v.s}
    ],
    ("smooth_capped.spent_step", "smooth_capped.fejer"): [
        lambda v, w: {w.ee: v.dist, w.after: v.dist_next}
    ],
    ("smooth_capped.count_step", "capped.above"): [lambda v, w: {v.a: w.a_next}],
    ("smooth_capped.end", "smooth_capped.spent_step"): [lambda v, w: {w.D2: v.D * v.D}],
}
WORDS: Words = {
    ("smooth_capped.*", "smooth_linear.squares_step", "||d_{k+1}||²"): capped.NAMED,
    ("smooth_capped.*", "smooth_linear.squares_step", "s_{k+1}"): capped.NAMED,
    ("smooth_capped.fejer", "smooth_capped.still", "x^{k+1} = x^k"): capped.NAMED,
    ("smooth_capped.count_step", "capped.above", capped.NEXT): capped.NAMED,
    (
        "smooth_capped.fejer",
        "smooth_capped.moves",
        "d_k ≠ 0",
    ): "the other case is smooth_capped.still",
    (
        "smooth_capped.fejer",
        "smooth_capped.still",
        "d_k = 0",
    ): "the other case is smooth_capped.moves",
}

STEP = (
    *capped.ORDER,
    "smooth_linear.line",
    "smooth_linear.below_first",
    "smooth_linear.below_zero",
    "smooth_linear.below_step",
    "smooth_linear.squares_base",
    "smooth_linear.squares_step",
    "smooth_capped.moves",
    "smooth_capped.still",
    "smooth_capped.fejer",
)
"""The lemmas of one step."""

STEP_INDUCTIONS = (
    Induction("k", ("capped.first",), "capped.gap_step"),
    Induction(
        "k", ("smooth_linear.below_first", "smooth_linear.below_zero"), "smooth_linear.below_step"
    ),
    Induction("k", ("smooth_linear.squares_base",), "smooth_linear.squares_step"),
)

THEOREM = theorem(
    SMOOTH_CAPPED,
    lemmas=(
        *STEP,
        "smooth_capped.spent_base",
        "smooth_capped.spent_step",
        "smooth_capped.count_first",
        "smooth_capped.count_step",
        "smooth_capped.end",
    ),
    concludes=Concluded("smooth_capped.end", lambda s, w: {w.M: largest(s.L, 1 / s.alpha)}),
    inductions=(
        *STEP_INDUCTIONS,
        Induction("k", ("smooth_capped.spent_base",), "smooth_capped.spent_step"),
        Induction("k", ("smooth_capped.count_first",), "smooth_capped.count_step"),
    ),
    assembly="The gradients that the average has seen add s_k/(2L) to <d_k, x^k-x*> ≥ a_k"
    " (smooth_linear.below_step), so that a step takes a_k/L off the squared distance where the cap"
    " does not bind, and α a_k where it does; and a_k is at least w_k δ_k (capped.above).",
    kernel=("smooth_linear.smooth_linear",),
)

THEOREMS = (THEOREM,)
