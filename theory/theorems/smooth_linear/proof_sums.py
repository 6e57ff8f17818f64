"""Smooth functions: what the steps of `theory.theorems.smooth_linear.proof` add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import Algebra, Invariant, Meanings, Mutation, conclusion, lemma
from theory.proofs.hypotheses import assumed, case, definition, geometry
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit

SUM = Invariant(
    "L D2 dist S",
    lambda v: {"S_k/L + ||x^k-x*||² ≤ D²": le(v.S / v.L + v.dist, v.D2)},
)
COUNTED = Invariant("S V m", lambda v: {"S ≥ V m": ge(v.S, v.V * v.m)})


def all_steps(v: Any) -> Mapping[str, Relation]:
    """Say what all K steps add up to."""
    return {
        **unit(v.beta, "β"),
        assumed("smooth", "L > 0"): gt(v.L, 0),
        "from smooth_linear.sum_step": le(v.S / v.L + v.dist, v.D2),
        geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
    }


LEMMAS = (
    SUM.base(
        "smooth_linear.sum_base",
        "nothing is summed",
        "",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            definition("S"): eq(v.S, 0),
            definition("D"): eq(v.dist, v.D2),
        },
        mutated=(Mutation("0.99", claim=lambda v: {"": le(v.dist * 100, 99 * v.D2)}),),
    ),
    SUM.step(
        "smooth_linear.sum_step",
        "S_k = Σ_{j<k} a_j, or more: a step may add a_k + L a_k²/||d_k||²",
        "a N S_next dist_next",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            case("||d_k||² > 0"): gt(v.N, 0),
            "from smooth_linear.fejer": le(v.dist_next, v.dist - v.a * v.a / v.N - v.a / v.L),
            case("added: at most a_k + L a_k²/||d_k||²"): le(
                v.S_next, v.S + v.a + v.L * v.a * v.a / v.N
            ),
        },
        by=Algebra(
            lambda v: {
                "induction: S_k/L + ||x^k-x*||² ≤ D²": 1,
                "from smooth_linear.fejer": 1,
                "added: at most a_k + L a_k²/||d_k||²": 1 / v.L,
            }
        ),
        mutated=(
            Mutation(
                "1.01 times the term",
                claim=lambda v: {
                    "": le(
                        (v.S_next + v.a) * v.N * 100 + v.dist_next * v.L * v.N * 100,
                        100 * v.D2 * v.L * v.N,
                    )
                },
                real=lambda v: {
                    "a": ge(v.a, 1),
                    "S": ge(v.S, 0),
                    "dist": ge(v.dist_next, 0),
                },
                fixed={"L": 1, "N": 1},
            ),
        ),
    ),
    lemma(
        "smooth_linear.first",
        "δ_1 + L δ_1²/||g_1||² ≥ 3δ_1/2",
        "f fstar delta gg L",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            case("||g_1||² > 0"): gt(v.gg, 0),
            definition("δ_1 = f_1 - f*"): eq(v.delta, v.f - v.fstar),
            assumed("interpolation", "δ_1 = f_1 - f* ≥ 0"): ge(v.delta, 0),
            "from smooth.gradient: ||g_1||² ≤ 2L δ_1": le(v.gg, 2 * v.L * v.delta),
        },
        conclusion(lambda v: ge(v.delta + v.L * v.delta * v.delta / v.gg, v.delta * 3 / 2)),
        by=Algebra(lambda v: {"from smooth.gradient: ||g_1||² ≤ 2L δ_1": v.delta / (2 * v.gg)}),
        mutated=(
            Mutation(
                "3/2 becomes 1.51",
                claim=lambda v: {
                    "": ge(100 * (v.delta * v.gg + v.L * v.delta * v.delta), 151 * v.delta * v.gg)
                },
                fixed={"L": 1},
            ),
        ),
    ),
    COUNTED.base(
        "smooth_linear.count_base",
        "nothing is counted yet",
        "",
        lambda v: {definition("S"): eq(v.S, 0), definition("V"): eq(v.V, 0)},
        mutated=(Mutation("the least counts once", claim=lambda v: {"": ge(v.S, v.m)}),),
    ),
    COUNTED.step(
        "smooth_linear.count_step",
        "Σ w_k δ_k ≥ V m for V = Σ w_k",
        "w delta S_next V_next",
        lambda v: {
            case("w_k ≥ 0"): ge(v.w, 0),
            case("δ_k ≥ m: the least"): ge(v.delta, v.m),
            definition("S_{k+1} = S_k + w_k δ_k"): eq(v.S_next, v.S + v.w * v.delta),
            definition("V_{k+1} = V_k + w_k"): eq(v.V_next, v.V + v.w),
        },
        mutated=(
            Mutation(
                "the least counts more",
                claim=lambda v: {"": ge(v.S_next, v.V_next * v.m * 101 / 100)},
                real=lambda v: {"m": ge(v.m, 1), "V": ge(v.V, 1)},
                fixed={"w": 1},
            ),
        ),
    ),
    lemma(
        "smooth_linear.weighted",
        "δ_1 + (1-β) Σ_{2≤k≤K} δ_k ≤ L D²: from the first sample",
        "beta L D2 dist S first later",
        lambda v: {
            **all_steps(v),
            definition("S = Σ w_k δ_k, w_1 = 1, w_k = 1-β: landing"): eq(
                v.S, v.first + (1 - v.beta) * v.later
            ),
        },
        conclusion(lambda v: le(v.first + (1 - v.beta) * v.later, v.L * v.D2)),
        by=Algebra(lambda v: {"from smooth_linear.sum_step": v.L, "||x^{K+1}-x*||² ≥ 0": v.L}),
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(100 * (v.first + (1 - v.beta) * v.later), 99 * v.L * v.D2)},
                fixed={"beta": (1, 2), "L": 1},
            ),
        ),
    ),
    lemma(
        "smooth_linear.weighted_zero",
        "(1-β) Σ_{k≤K} δ_k ≤ L D²: from zero",
        "beta L D2 dist S T",
        lambda v: {
            **all_steps(v),
            definition("S = Σ (1-β) δ_k: landing"): eq(v.S, (1 - v.beta) * v.T),
        },
        conclusion(lambda v: le((1 - v.beta) * v.T, v.L * v.D2)),
        by=Algebra(lambda v: {"from smooth_linear.sum_step": v.L, "||x^{K+1}-x*||² ≥ 0": v.L}),
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(100 * (1 - v.beta) * v.T, 99 * v.L * v.D2)},
                fixed={"beta": (1, 2), "L": 1},
            ),
        ),
    ),
    lemma(
        "smooth_linear.end",
        "Σ_{k<K} w_k δ_k + 2 δ_K ≤ L D²",
        "L D2 dist S delta",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            "from smooth_linear.sum_step": le(v.S / v.L + v.dist, v.D2),
            assumed("smooth", "δ_K ≤ (L/2)||x^K-x*||²: L-smooth, gradient 0 at x*"): le(
                v.delta, v.L * v.dist / 2
            ),
        },
        conclusion(lambda v: le(v.S + 2 * v.delta, v.L * v.D2)),
        by=Algebra(
            lambda v: {
                "from smooth_linear.sum_step": v.L,
                "δ_K ≤ (L/2)||x^K-x*||²: L-smooth, gradient 0 at x*": 2,
            }
        ),
        mutated=(
            Mutation(
                "2 becomes 2.02",
                claim=lambda v: {"": le(100 * v.S + 202 * v.delta, 100 * v.L * v.D2)},
                fixed={"L": 1},
            ),
        ),
    ),
    lemma(
        "smooth_linear.least",
        "min_{k≤K} δ_k ≤ L D²/(7/2 + (1-β)(K-2)), from the first sample",
        "beta K m L D2 S V delta",
        lambda v: {
            **unit(v.beta, "β"),
            case("K ≥ 2"): ge(v.K, 2),
            definition("V = 3/2 + (1-β)(K-2): smooth_linear.first, landing"): eq(
                2 * v.V, 3 + 2 * (1 - v.beta) * (v.K - 2)
            ),
            "from smooth_linear.count_step": ge(v.S, v.V * v.m),
            assumed("smooth", "L > 0"): gt(v.L, 0),
            case("δ_K ≥ m: the least"): ge(v.delta, v.m),
            "from smooth_linear.end": le(v.S + 2 * v.delta, v.L * v.D2),
        },
        conclusion(lambda v: le(v.m, 2 * v.L * v.D2 / (7 + 2 * (1 - v.beta) * (v.K - 2)))),
        by=Algebra(
            lambda v: {
                "from smooth_linear.count_step": 2 / (7 + 2 * (1 - v.beta) * (v.K - 2)),
                "δ_K ≥ m: the least": 4 / (7 + 2 * (1 - v.beta) * (v.K - 2)),
                "from smooth_linear.end": 2 / (7 + 2 * (1 - v.beta) * (v.K - 2)),
                "V = 3/2 + (1-β)(K-2): smooth_linear.first, landing": -v.m
                / (7 + 2 * (1 - v.beta) * (v.K - 2)),
            }
        ),
        mutated=(
            Mutation(
                "7/2 becomes 4",
                claim=lambda v: {"": le(v.m * (4 + (1 - v.beta) * (v.K - 2)), v.L * v.D2)},
                fixed={"beta": (1, 2), "K": 3, "L": 1, "D2": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("smooth_linear.sum_step", "smooth_linear.fejer"): [
        lambda v, w: {w.ee: v.dist, w.after: v.dist_next}
    ],
    ("smooth_linear.first", "smooth.gradient"): [lambda v, w: {v.delta: w.f - w.fstar}],
}
