"""(L0, L1)-smooth functions: the steps, summed; `proof_line` has what they stand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

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
from theory.proofs.hypotheses import Words, case, definition, geometry
from theory.proofs.replay import identity, made, step_with, vectors
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, unit
from theory.theorems.generalized_smooth import proof_line
from theory.theorems.generalized_smooth.proof_line import SOLUTION, positive
from theory.theorems.generalized_smooth.statement import SUM as STATEMENT

SUM = Invariant("S dist D2", lambda v: {"S_k + ||x^k-x*||² ≤ D²": le(v.S + v.dist, v.D2)})

SUPPORTS = "from generalized_smooth.supports: <d_k, x^k-x*> ≥ a_k + n_k²/(2(L0 + L1 n_k/3))"
EACH = "Σ t_k w_k δ_k ≤ Σ t_k a_k, by the landing lemma"
TAKEN = "from generalized_smooth.uncapped generalized_smooth.capped: c_k = t_k a_k"
EXACT = "from generalized_smooth.exact"
WORTH = "t_k (L0 + L1 n_k/3) ≤ 1"


def measure_step(v: Any) -> Mapping[str, float]:
    """Take a step, capped at τ, with the given inner products, and measure it."""
    d, e = vectors([[v.n * v.n, v.de], [v.de, v.ee]])
    taken = step_with(made(0.5, identity(3), 0.0, lr=v.tau), SOLUTION + e, d, v.a)
    after = taken.x_next - SOLUTION
    return {
        "a": float(taken.info.value),
        "tau": float(taken.info.step_size),
        "after": float(after @ after),
    }


def measure_landing(v: Any) -> Mapping[str, float]:
    """Take a capped step and the next one, and measure ``h_{k+1}``."""
    d = np.array([0.6, 0.8, 0.0]) * np.sqrt(v.N)
    how = made(v.beta, identity(3), v.fstar, lr=v.tau)
    later = step_with(how, SOLUTION, d, v.h).then(v.f, np.array([0.3, 0.8, 0.0]))
    return {"h_next": float(later.info.value)}


def stepped(v: Any) -> dict[str, Relation]:
    """Say what a step does, and how much of it is claimed."""
    return {
        **positive(v),
        case("d_k ≠ 0"): gt(v.n, 0),
        case("a_k = h_k - f* ≥ 0"): ge(v.a, 0),
        SUPPORTS: ge(v.de, v.a + 3 * v.n * v.n / (2 * (3 * v.L0 + v.L1 * v.n))),
        definition("||x^{k+1}-x*||²"): eq(
            v.after, v.ee - 2 * v.tau * v.de + v.tau * v.tau * v.n * v.n
        ),
    }


LEMMAS = (
    lemma(
        "generalized_smooth.exact",
        "an uncapped step takes a_k²/n_k² + a_k/(L0 + L1 n_k/3) off ||x^k-x*||²",
        "a de ee n tau after L0 L1",
        lambda v: {**stepped(v), definition("τ_k n_k² = a_k"): eq(v.tau, v.a / (v.n * v.n))},
        conclusion(
            lambda v: le(
                v.after, v.ee - v.a * v.a / (v.n * v.n) - 3 * v.a / (3 * v.L0 + v.L1 * v.n)
            )
        ),
        by=Algebra(lambda v: {SUPPORTS: 2 * v.a / (v.n * v.n)}),
        mutated=(
            Mutation(
                "1/3 becomes 0.3",
                claim=lambda v: {
                    "": le(
                        (v.after - v.ee + v.a * v.a / (v.n * v.n)) * (10 * v.L0 + 3 * v.L1 * v.n),
                        -10 * v.a,
                    )
                },
                real=lambda v: {
                    **gram([v.n * v.n, v.de], [v.de, v.ee]),
                    "a step": ge(v.a, 1),
                },
                fixed={"L0": 1, "L1": 1, "n": 12},
                replay=Reference(measure_step),
            ),
        ),
    ),
    lemma(
        "generalized_smooth.uncapped",
        "an uncapped step takes a_k t_k off ||x^k-x*||², if t_k ≤ 1/(L0 + L1 n_k/3)",
        "a ee n t after L0 L1",
        lambda v: {
            **positive(v),
            case("d_k ≠ 0"): gt(v.n, 0),
            case("a_k = h_k - f* ≥ 0"): ge(v.a, 0),
            case(WORTH): le(v.t * (3 * v.L0 + v.L1 * v.n), 3),
            EXACT: le(v.after, v.ee - v.a * v.a / (v.n * v.n) - 3 * v.a / (3 * v.L0 + v.L1 * v.n)),
        },
        conclusion(lambda v: le(v.after, v.ee - v.a * v.t)),
        by=Algebra(
            lambda v: {EXACT: 1, WORTH: v.a / (3 * v.L0 + v.L1 * v.n)},
            lambda v: ((1 / (v.n * v.n), v.a),),
        ),
        mutated=(
            Mutation(
                "1/3 becomes 0.3",
                drop=(WORTH,),
                real=lambda v: {
                    "t": eq(v.t * (10 * v.L0 + 3 * v.L1 * v.n), 10),
                    "a step": ge(v.a, 1),
                },
                fixed={"L0": 1, "L1": 1, "n": 12},
            ),
        ),
    ),
    lemma(
        "generalized_smooth.capped",
        "a capped step takes a_k t_k off ||x^k-x*||², if t_k ≤ α",
        "a de ee n tau t after L0 L1",
        lambda v: {
            **stepped(v),
            case("τ_k = α ≥ t_k"): le(v.t, v.tau),
            case("t_k ≥ 0"): ge(v.t, 0),
            case("τ_k n_k² ≤ a_k"): le(v.tau * v.n * v.n, v.a),
        },
        conclusion(lambda v: le(v.after, v.ee - v.a * v.t)),
        by=Algebra(
            lambda v: {
                SUPPORTS: 2 * v.tau,
                "τ_k n_k² ≤ a_k": v.tau,
                "τ_k = α ≥ t_k": v.a,
            },
            lambda v: ((3 * v.tau / (3 * v.L0 + v.L1 * v.n), v.n),),
        ),
        mutated=(
            Mutation(
                "the cap may be below t_k",
                drop=("τ_k = α ≥ t_k",),
                real=lambda v: {
                    **gram([v.n * v.n, v.de], [v.de, v.ee]),
                    "α": ge(v.tau * 100, 1),
                    "t": ge(v.t, 3),
                },
                fixed={"L0": 1, "L1": 1, "n": 1},
                replay=Reference(measure_step),
            ),
        ),
    ),
    SUM.base(
        "generalized_smooth.sum_base",
        "nothing is summed",
        "",
        lambda v: {definition("S = 0"): eq(v.S, 0), definition("D"): eq(v.dist, v.D2)},
        mutated=(Mutation("0.99", claim=lambda v: {"": le(v.dist * 100, 99 * v.D2)}),),
    ),
    SUM.step(
        "generalized_smooth.sum_step",
        "S_k = Σ_{j<k} c_j, where step j takes at least c_j off",
        "c S_next dist_next",
        lambda v: {
            definition("S_{k+1}"): eq(v.S_next, v.S + v.c),
            TAKEN: le(v.dist_next, v.dist - v.c),
        },
        mutated=(
            Mutation(
                "1.01 times the sum",
                claim=lambda v: {"": le(v.S_next * 101 / 100 + v.dist_next, v.D2)},
                real=lambda v: {"c": ge(v.c, 1), "S": ge(v.S, 0)},
            ),
        ),
    ),
    lemma(
        "generalized_smooth.landing",
        "a_{k+1} ≥ (1-β) δ_{k+1}, capped or not: the model ends at f* or above",
        "beta h N tau fstar f h_next",
        lambda v: {
            **unit(v.beta, "β"),
            case("τ_k ||d_k||² ≤ h_k - f*"): le(v.tau * v.N, v.h - v.fstar),
            definition("h_{k+1} = β (h_k - τ_k ||d_k||²) + (1-β) f_{k+1}"): eq(
                v.h_next, v.beta * (v.h - v.tau * v.N) + (1 - v.beta) * v.f
            ),
        },
        conclusion(lambda v: ge(v.h_next - v.fstar, (1 - v.beta) * (v.f - v.fstar))),
        by=Algebra(lambda v: {"τ_k ||d_k||² ≤ h_k - f*": v.beta}),
        mutated=(
            Mutation(
                "without 1-β",
                claim=lambda v: {"": ge(v.h_next - v.fstar, v.f - v.fstar)},
                real=lambda v: {"N": ge(v.N, 1), "α": ge(v.tau, 1), "δ": ge(v.f, v.fstar)},
                replay=Reference(measure_landing),
            ),
        ),
    ),
    lemma(
        "generalized_smooth.each",
        "Σ_k t_k w_k δ_k ≤ D²",
        "S D2 dist U",
        lambda v: {
            case(EACH): le(v.U, v.S),
            "from generalized_smooth.sum_step": le(v.S + v.dist, v.D2),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
        },
        conclusion(lambda v: le(v.U, v.D2)),
        mutated=(Mutation("0.99", claim=lambda v: {"": le(100 * v.U, 99 * v.D2)}),),
    ),
    lemma(
        "generalized_smooth.end",
        "Σ_k w_k δ_k ≤ D² M for M ≥ 1/t_k, all k",
        "S D2 dist total M",
        lambda v: {
            case("M > 0"): gt(v.M, 0),
            case("Σ w_k δ_k ≤ M Σ t_k a_k, as 1 ≤ M t_k"): le(v.total, v.M * v.S),
            "from generalized_smooth.sum_step": le(v.S + v.dist, v.D2),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
        },
        conclusion(lambda v: le(v.total, v.M * v.D2)),
        by=Algebra(
            lambda v: {
                "Σ w_k δ_k ≤ M Σ t_k a_k, as 1 ≤ M t_k": 1,
                "from generalized_smooth.sum_step": v.M,
                "||x^{K+1}-x*||² ≥ 0": v.M,
            }
        ),
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {"": le(100 * v.total, 99 * v.M * v.D2)},
                fixed={"M": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("generalized_smooth.exact", "generalized_smooth.supports"): [
        lambda v, w: {w.dx: v.de, w.de: v.n * v.n}
    ],
    ("generalized_smooth.capped", "generalized_smooth.supports"): [
        lambda v, w: {w.dx: v.de, w.de: v.n * v.n}
    ],
    ("generalized_smooth.sum_step", "generalized_smooth.uncapped"): [
        lambda v, w: {w.ee: v.dist, w.after: v.dist_next, v.c: w.a * w.t}
    ],
    ("generalized_smooth.sum_step", "generalized_smooth.capped"): [
        lambda v, w: {w.ee: v.dist, w.after: v.dist_next, v.c: w.a * w.t}
    ],
}

NAMED = "the citing lemma has a name for this value, and no other definition of it"
WORDS: Words = {
    ("generalized_smooth.*", "generalized_smooth.exact", "||x^{k+1}-x*||²"): NAMED,
    ("generalized_smooth.*", "generalized_smooth.exact", "τ_k n_k² = a_k"): NAMED,
    ("generalized_smooth.sum_step", "generalized_smooth.uncapped", "d_k ≠ 0"): "where d_k = 0 also"
    " a_k = 0, by landing.still: nothing moves, and nothing is added",
    ("generalized_smooth.sum_step", "generalized_smooth.uncapped", "a_k = h_k - f* ≥ 0"): "by"
    " landing.gap_first, and by generalized_smooth.landing after that",
    ("generalized_smooth.sum_step", "generalized_smooth.uncapped", WORTH): "t_k is min{α, 1/(L0 +"
    " L1 n_k/3)}, and a step is uncapped, or τ_k = α",
    ("generalized_smooth", "generalized_smooth.end", "Σ w_k δ_k ≤ M Σ t_k a_k, as 1 ≤ M t_k"): "M"
    " t_k ≥ 1 for every k, as n_k ≤ G, and a_k ≥ w_k δ_k by the landing lemma: each term is at"
    " least w_k δ_k",
}

THEOREM = theorem(
    STATEMENT,
    lemmas=tuple(lemma.name for lemma in (*proof_line.LEMMAS, *LEMMAS)),
    concludes={
        "each step": Concluded("generalized_smooth.each", lambda s, w: {w.D2: s.D**2, w.U: s.S}),
        "on the ball": Concluded(
            "generalized_smooth.end",
            lambda s, w: {
                w.D2: s.D**2,
                w.total: s.T,
                w.M: largest(1 / s.alpha, s.L0 + s.L1 * s.G / 3),
            },
        ),
    },
    inductions=(
        proof_line.AVERAGE,
        Induction("k", ("generalized_smooth.sum_base",), "generalized_smooth.sum_step"),
    ),
    assembly="Growth from x* follows from the bound on ∇²f by Grönwall's lemma. The induction of"
    " the average holds for every vector e, and is used at each k with e = d_k. With t_k = min{α,"
    " 1/(L0 + L1 n_k/3)} a step is uncapped, or τ_k = α ≥ t_k. By the landing lemma a_k ≥ w_k δ_k,"
    " w_1 = 1 and w_k = 1-β; a step with d_k = 0 has a_k = 0 (landing.still). The distances do not"
    " grow, so all points lie in the ball, and n_k ≤ G: the largest 1/t_k is at most M.",
)

THEOREMS = (THEOREM,)
