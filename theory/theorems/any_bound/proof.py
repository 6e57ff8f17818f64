"""Without interpolation: the model is at most the average of ``f(x*,s_j)`` at x*, whatever f_* is.

Values are measured from f_*: ``a_k = h_k - f_*``, ``F_k`` the average of ``f(x*,s_j) - f_*``, which
is at least 0 and has the expectation ``f(x*) - f_*``. A step adds at most ``2αF_k`` to what it
would do with interpolation, because τ_k is at most α.
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
from theory.proofs.hypotheses import (
    NotInstances,
    Words,
    assumed,
    case,
    definition,
    geometry,
)
from theory.proofs.replay import identity, made, step_with
from theory.proofs.scalars import eq, ge, gt, le, unit
from theory.theorems.any_bound.proof_step import DRAWN, DRAWN_FIRST, STEP
from theory.theorems.any_bound.statement import ANY_BOUND
from theory.theorems.capped import proof as capped

SPENT = Invariant(
    "alpha A dist D2 G2 F0 k",
    lambda v: {
        "2α Σ E a + E||x^k-x*||² ≤ D² + k(α²G² + 2α(f(x*) - f_*))": le(
            2 * v.alpha * v.A + v.dist,
            v.D2 + v.k * (v.alpha * v.alpha * v.G2 + 2 * v.alpha * v.F0),
        )
    },
)
VALUES = Invariant(
    "beta alpha G2 A T a first k",
    lambda v: {
        "(1-β) Σ E(f_j - f_*) ≤ (1-β) Σ E a_j + β E(a_k - a_1) + (k-1)βαG²": le(
            (1 - v.beta) * v.T,
            (1 - v.beta) * v.A + v.beta * (v.a - v.first) + (v.k - 1) * v.beta * v.alpha * v.G2,
        )
    },
)
BOTH = "from any_bound.moves, any_bound.still: what both cases say"
SIZE = "from any_bound.square_step: E||d_k||² ≤ G²"


def measure_next(v: Any) -> Mapping[str, float]:
    """Take a capped step and the next one, with f_* = 0, and measure ``h_{k+1}``."""
    d = np.array([0.6, 0.8, 0.0]) * np.sqrt(v.N)
    found = step_with(made(v.beta, identity(3), 0.0, lr=float(v.alpha)), capped.START, d, v.a)
    later = found.then(v.gap, capped.GRADIENT)
    tau, norm_sq = float(found.info.step_size), float(found.info.dual_norm_sq)
    return {"u": tau * norm_sq, "a_next": float(later.info.value)}


LEMMAS = (
    *STEP,
    SPENT.base(
        "any_bound.spent_base",
        "nothing is summed, and ||x^1-x*|| = D",
        "",
        lambda v: {
            definition("A = 0"): eq(v.A, 0),
            definition("k = 0"): eq(v.k, 0),
            definition("||x^1-x*||² = D²"): eq(v.dist, v.D2),
        },
        mutated=(
            Mutation("D² a little smaller", claim=lambda v: {"": le(v.dist, v.D2 * 99 / 100)}),
        ),
    ),
    SPENT.step(
        "any_bound.spent",
        "2α Σ E a_k + E||x^k-x*||² ≤ D² + k(α²G² + 2α(f(x*) - f_*))",
        "a F N A_next dist_next k_next",
        lambda v: {
            assumed("any_cap", "α > 0"): gt(v.alpha, 0),
            BOTH: le(v.dist_next, v.dist - 2 * v.alpha * (v.a - v.F) + v.alpha * v.alpha * v.N),
            SIZE: le(v.N, v.G2),
            "from any_bound.mean: E F_k = f(x*) - f_*": eq(v.F, v.F0),
            definition("A_{k+1} = A_k + E a_k"): eq(v.A_next, v.A + v.a),
            definition("one more"): eq(v.k_next, v.k + 1),
        },
        mutated=(
            Mutation(
                "without f(x*) - f_*",
                claim=lambda v: {
                    "": le(
                        2 * v.alpha * v.A_next + v.dist_next,
                        v.D2 + v.k_next * v.alpha * v.alpha * v.G2,
                    )
                },
                fixed={"alpha": 1, "F0": 1, "G2": 1, "N": 1, "k": 1},
            ),
        ),
    ),
    lemma(
        "any_bound.next",
        "h_{k+1} - f_* ≥ β(a_k - α||d_k||²) + (1-β)(f_{k+1} - f_*)",
        "beta a N alpha u gap a_next",
        lambda v: {
            **unit(v.beta, "β"),
            **capped.size(v),
            definition("h_{k+1} - f_* = β (a_k - τ_k||d_k||²) + (1-β)(f_{k+1} - f_*)"): eq(
                v.a_next, v.beta * (v.a - v.u) + (1 - v.beta) * v.gap
            ),
        },
        conclusion(lambda v: ge(v.a_next, v.beta * (v.a - v.alpha * v.N) + (1 - v.beta) * v.gap)),
        mutated=(
            Mutation(
                "0.99 α",
                claim=lambda v: {
                    "": ge(
                        v.a_next,
                        v.beta * (v.a - v.alpha * v.N * 99 / 100) + (1 - v.beta) * v.gap,
                    )
                },
                real=lambda v: {"the cap binds": eq(v.a, 4), "gap": ge(v.gap, 0)},
                fixed={"beta": (1, 2), "N": 1, "alpha": 1},
                replay=Reference(measure_next),
            ),
        ),
    ),
    VALUES.base(
        "any_bound.values_first",
        "a_1 = f_1 - f_*",
        "",
        lambda v: {
            definition("k = 1"): eq(v.k, 1),
            definition("A = E a_1"): eq(v.A, v.a),
            definition("T = E(f_1 - f_*)"): eq(v.T, v.first),
            definition("E a_1 = E(f_1 - f_*): the first sample starts the average"): eq(
                v.a, v.first
            ),
        },
        mutated=(
            Mutation(
                "a hundredth more",
                claim=lambda v: {"": le((1 - v.beta) * v.T * 101 / 100, (1 - v.beta) * v.A)},
                real=lambda v: {"first": ge(v.first, 1)},
                fixed={"beta": (1, 2)},
            ),
        ),
        begins=(FIRST,),
    ),
    VALUES.step(
        "any_bound.values",
        "(1-β) Σ E(f_j - f_*) ≤ (1-β) Σ E a_j + β E(a_k - a_1) + (k-1)βαG²",
        "gap N A_next T_next a_next k_next",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("any_cap", "α > 0"): gt(v.alpha, 0),
            "from any_bound.next, mean_square.expectation": ge(
                v.a_next, v.beta * (v.a - v.alpha * v.N) + (1 - v.beta) * v.gap
            ),
            SIZE: le(v.N, v.G2),
            definition("A_{k+1} = A_k + E a_{k+1}"): eq(v.A_next, v.A + v.a_next),
            definition("T_{k+1} = T_k + E(f_{k+1} - f_*)"): eq(v.T_next, v.T + v.gap),
            definition("one more"): eq(v.k_next, v.k + 1),
        },
        mutated=(
            Mutation(
                "0.99 α",
                claim=lambda v: {
                    "": le(
                        (1 - v.beta) * v.T_next,
                        (1 - v.beta) * v.A_next
                        + v.beta * (v.a_next - v.first)
                        + (v.k_next - 1) * v.beta * v.alpha * v.G2 * 99 / 100,
                    )
                },
                fixed={"beta": (1, 2), "alpha": 1, "G2": 1, "N": 1, "k": 1},
            ),
        ),
    ),
    lemma(
        "any_bound.end",
        "M ≤ D²/(2αK) + αG²(1+β)/(2(1-β)) + β R/((1-β)K)",
        "beta alpha A T a first F0 M R dist D G K",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("any_cap", "α > 0"): gt(v.alpha, 0),
            case("K ≥ 1"): ge(v.K, 1),
            "from any_bound.spent": le(
                2 * v.alpha * v.A + v.dist,
                v.D * v.D + v.K * (v.alpha * v.alpha * v.G * v.G + 2 * v.alpha * v.F0),
            ),
            "from any_bound.values": le(
                (1 - v.beta) * v.T,
                (1 - v.beta) * v.A
                + v.beta * (v.a - v.first)
                + (v.K - 1) * v.beta * v.alpha * v.G * v.G,
            ),
            geometry("E||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
            definition("K M = Σ E(f(x^k) - f(x*))"): eq(v.K * v.M, v.T - v.K * v.F0),
            definition("R = E[h_K - f(x^1)]"): eq(v.R, v.a - v.first),
        },
        conclusion(
            lambda v: le(
                v.M,
                v.D * v.D / (2 * v.alpha * v.K)
                + v.alpha * v.G * v.G * (1 + v.beta) / (2 * (1 - v.beta))
                + v.beta * v.R / ((1 - v.beta) * v.K),
            )
        ),
        by=Algebra(
            lambda v: {
                "from any_bound.spent": 1 / (2 * v.alpha * v.K),
                "from any_bound.values": 1 / ((1 - v.beta) * v.K),
                "E||x^{K+1}-x*||² ≥ 0": 1 / (2 * v.alpha * v.K),
                "K M = Σ E(f(x^k) - f(x*))": 1 / v.K,
            },
            lambda v: [(v.beta * v.alpha / ((1 - v.beta) * v.K), v.G)],
        ),
        mutated=(
            Mutation(
                "without β/(1-β)",
                claim=lambda v: {
                    "": le(
                        v.M * 2 * v.alpha * v.K * (1 - v.beta),
                        v.D * v.D * (1 - v.beta)
                        + v.alpha * v.alpha * v.G * v.G * v.K * (1 - v.beta)
                        + 2 * v.alpha * v.beta * v.R,
                    )
                },
                fixed={"beta": (1, 2), "alpha": 1, "D": 1, "G": 1, "K": 4, "dist": 0},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("any_bound.supports", "any_bound.below"): [lambda v, w: {w.m_next: v.m, w.F_next: v.F}],
    ("any_bound.moves", "any_bound.below"): [lambda v, w: {w.F_next: v.F}],
    ("any_bound.moves", "capped.best"): [lambda v, w: {w.c: v.alpha}],
    ("any_bound.spent", "any_bound.moves"): [lambda v, w: {w.ee: v.dist, w.after: v.dist_next}],
    ("any_bound.spent", "any_bound.still"): [lambda v, w: {w.ee: v.dist, w.after: v.dist_next}],
    ("any_bound.spent", "any_bound.square_step"): [lambda v, w: {w.N_next: v.N}],
    ("any_bound.values", "any_bound.square_step"): [lambda v, w: {w.N_next: v.N}],
    ("any_bound.spent", "any_bound.mean"): [lambda v, w: {w.F_next: v.F}],
    ("any_bound.end", "any_bound.spent"): [
        lambda v, w: {w.D2: v.D * v.D, w.G2: v.G * v.G, w.k: v.K}
    ],
    ("any_bound.end", "any_bound.values"): [lambda v, w: {w.G2: v.G * v.G, w.k: v.K}],
}
IN_EXPECTATION = "E h_{k+1} is the expectation of this, and the citing lemma only names it"
WORDS: Words = {
    ("any_bound.spent", "any_bound.still", "x^{k+1} = x^k"): capped.NAMED,
    (
        "any_bound.values",
        "any_bound.next",
        f"{capped.SMALLER}: at most the 1. entry",
    ): IN_EXPECTATION,
    (
        "any_bound.values",
        "any_bound.next",
        f"{capped.SMALLER}: at most the 2. entry",
    ): IN_EXPECTATION,
    ("any_bound.values", "any_bound.next", f"{capped.SMALLER}: one of the entries"): IN_EXPECTATION,
    (
        "any_bound.values",
        "any_bound.next",
        "h_{k+1} - f_* = β (a_k - τ_k||d_k||²) + (1-β)(f_{k+1} - f_*)",
    ): IN_EXPECTATION,
    ("any_bound.spent", "any_bound.moves", "d_k ≠ 0"): "the other case is any_bound.still",
    ("any_bound.spent", "any_bound.still", "d_k = 0"): "the other case is any_bound.moves",
}

NOT_INSTANCES: NotInstances = {
    ("any_bound.mean_first", DRAWN_FIRST): "any_bound.drawn is in words",
    ("any_bound.mean", DRAWN): "any_bound.drawn is in words",
}

THEOREM = theorem(
    ANY_BOUND,
    lemmas=(
        *capped.ORDER,
        "capped.best",
        "mean_square.expectation",
        "any_bound.drawn",
        *(lemma.name for lemma in LEMMAS if lemma.name != "any_bound.drawn"),
    ),
    concludes=Concluded("any_bound.end"),
    inductions=(
        Induction("k", ("capped.first",), "capped.gap_step"),
        Induction("k", ("any_bound.below_first",), "any_bound.below"),
        Induction("k", ("any_bound.mean_first",), "any_bound.mean"),
        Induction("k", ("any_bound.square_first",), "any_bound.square_step"),
        Induction("k", ("any_bound.spent_base",), "any_bound.spent"),
        Induction("k", ("any_bound.values_first",), "any_bound.values"),
    ),
    assembly="A step takes 2α(a_k - F_k) - α²||d_k||² off the squared distance, at least, and"
    " E F_k = f(x*) - f_*, which bounds Σ E a_k; and a_k ≥ β(a_{k-1} - α||d_{k-1}||²) +"
    " (1-β)(f_k - f_*), which bounds Σ E(f_k - f_*) by it. f(x*) - f_* is on both sides, and"
    " cancels. At β = 0 this is the guarantee of SGD.",
    kernel=("no_interpolation.any_bound", "no_interpolation.sps_any_bound"),
)

THEOREMS = (THEOREM,)
