"""The averaged gradients are no longer, in mean square, than the gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    PROOF,
    Algebra,
    Concluded,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    by_hand,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import NotInstances, Words, case, definition, geometry
from theory.proofs.replay import identity, made, step_from, vectors
from theory.proofs.scalars import eq, ge, gram, gt, le, unit
from theory.theorems.mean_square.statement import STATEMENT
from theory.theorems.summed import proof as summed

SQUARE = Invariant("E rho G2", lambda v: {"E||d_k||² ≤ ρ_k² G²": le(v.E, v.rho * v.rho * v.G2)})
BOUND = "from mean_square.ball: E||g_k||² ≤ G²"
MEAN = "from mean_square.convex, mean_square.expectation: ρ_k E||d_{k+1}||² ≤ …"


def measure(v: Any) -> Mapping[str, float]:
    """Average the two vectors by a step of the reference."""
    d, grad = vectors([[v.dd, v.dg], [v.dg, v.gg]])
    taken = step_from(made(v.beta, identity(3), 0.0), np.ones(3), d, 1.0, 1.0, grad)
    return {"dd_next": float(taken.info.dual_norm_sq)}


LEMMAS = (
    lemma(
        "mean_square.convex",
        "||d_{k+1}||² ≤ ρ_{k+1} (β||d_k||²/ρ_k + (1-β)||g_{k+1}||²)",
        "beta rho rho_next dd dg gg dd_next",
        lambda v: {
            **unit(v.beta, "β"),
            case("ρ_k > 0"): gt(v.rho, 0),
            definition("ρ_{k+1} = β ρ_k + (1-β)"): eq(v.rho_next, v.beta * v.rho + 1 - v.beta),
            definition("||β d_k + (1-β) g_{k+1}||²"): eq(
                v.dd_next,
                v.beta * v.beta * v.dd
                + 2 * v.beta * (1 - v.beta) * v.dg
                + (1 - v.beta) * (1 - v.beta) * v.gg,
            ),
            geometry("||d_k - ρ_k g_{k+1}||² ≥ 0"): ge(
                v.dd - 2 * v.rho * v.dg + v.rho * v.rho * v.gg, 0
            ),
        },
        conclusion(
            lambda v: le(v.dd_next, v.rho_next * (v.beta * v.dd / v.rho + (1 - v.beta) * v.gg))
        ),
        by=Algebra(lambda v: {"||d_k - ρ_k g_{k+1}||² ≥ 0": v.beta * (1 - v.beta) / v.rho}),
        source=f"{PROOF}; with ρ: derived here",
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {
                    "": le(
                        v.dd_next,
                        v.rho_next * (v.beta * v.dd / v.rho + (1 - v.beta) * v.gg) * 99 / 100,
                    )
                },
                real=lambda v: gram([v.dd, v.dg], [v.dg, v.gg]),
                fixed={"rho": 1},
                replay=Reference(measure),
            ),
        ),
    ),
    by_hand(
        "mean_square.expectation",
        "inequalities and linear equations carry over to the expectation",
        "The expectation is linear and monotone.",
        source=PROOF,
    ),
    by_hand(
        "mean_square.ball",
        "E||g_k||² ≤ G²",
        "Given the past, x^k is a fixed point of the ball (summed.ball_step) and s_k is drawn"
        " independently, so the conditional mean of ||g_k||² is at most G² by the definition of G.",
        source=PROOF,
    ),
    SQUARE.base(
        "mean_square.first",
        "E||d_1||² ≤ ρ_1² G², whichever way the average starts: d_1 = ρ_1 g_1",
        "Eg",
        lambda v: {
            case("ρ_1 > 0"): gt(v.rho, 0),
            definition("d_1 = ρ_1 g_1"): eq(v.E, v.rho * v.rho * v.Eg),
            BOUND: le(v.Eg, v.G2),
        },
        source=PROOF,
        mutated=(
            Mutation(
                "G² a little smaller",
                claim=lambda v: {"": le(v.E, v.rho * v.rho * v.G2 * 99 / 100)},
            ),
        ),
    ),
    SQUARE.step(
        "mean_square.step",
        "E||d_k||² ≤ ρ_k² G² implies E||d_{k+1}||² ≤ ρ_{k+1}² G²",
        "beta Eg E_next rho_next",
        lambda v: {
            **unit(v.beta, "β"),
            case("ρ_k > 0"): gt(v.rho, 0),
            definition("ρ_{k+1} = β ρ_k + (1-β)"): eq(v.rho_next, v.beta * v.rho + 1 - v.beta),
            MEAN: le(v.rho * v.E_next, v.rho_next * (v.beta * v.E + (1 - v.beta) * v.rho * v.Eg)),
            BOUND: le(v.Eg, v.G2),
        },
        by=Algebra(
            lambda v: {
                MEAN: 1 / v.rho,
                "induction: E||d_k||² ≤ ρ_k² G²": v.rho_next * v.beta / v.rho,
                BOUND: v.rho_next * (1 - v.beta),
            }
        ),
        source=PROOF,
        mutated=(
            Mutation(
                "a little less",
                claim=lambda v: {"": le(v.E_next, v.rho_next * v.rho_next * v.G2 * 99 / 100)},
                fixed={"beta": (1, 2), "rho": 1},
            ),
            Mutation(
                "gradients without a bound",
                drop=(BOUND,),
                fixed={"beta": (1, 2), "rho": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("mean_square.step", "mean_square.convex"): [
        lambda v, w: {v.E_next: w.dd_next, v.E: w.dd, v.Eg: w.gg}
    ],
}

POSITIVE = "ρ_k is 1 from the first sample, 1-β^k from zero"
IN_EXPECTATION = "E||d_{k+1}||² is the expectation of this, and the citing lemma only names it"
WORDS: Words = {
    ("*", "mean_square.step", "ρ_k > 0"): POSITIVE,
    ("*", "mean_square.first", "ρ_1 > 0"): POSITIVE,
    ("mean_square.step", "mean_square.convex", "||β d_k + (1-β) g_{k+1}||²"): IN_EXPECTATION,
    ("mean_square.step", "mean_square.convex", "||d_k - ρ_k g_{k+1}||² ≥ 0"): IN_EXPECTATION,
}
NOT_INSTANCES: NotInstances = {
    ("mean_square.first", BOUND): "the definition of G: mean_square.ball",
    ("mean_square.step", BOUND): "the definition of G: mean_square.ball",
}

THEOREM = theorem(
    STATEMENT,
    lemmas=(*summed.THEOREM.lemmas, *(lemma.name for lemma in LEMMAS)),
    concludes=Concluded("mean_square.step", lambda s, w: {w.G2: s.G**2}),
    claims=("gradient_bound", "rate"),
    inductions=(
        *summed.THEOREM.inductions,
        Induction("k", ("mean_square.first",), "mean_square.step"),
    ),
    assembly="Convexity of the square for two vectors, in expectation, and induction over k.",
    kernel=("mean_square_any.mean_square_any",),
)

THEOREMS = (THEOREM,)
