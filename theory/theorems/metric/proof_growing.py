"""Metrics that only grow: the norm recursion in them, and the sharp rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import Algebra, Meanings, Mutation, Reference, conclusion, lemma
from theory.proofs.hypotheses import assumed, case, definition
from theory.proofs.scalars import eq, ge, gram, le
from theory.theorems.norm_recursion import proof as norm_recursion
from theory.theorems.sharp_rate import proof_ends as ends

REPLACED = "from metric.dual_entry: ||D_{k+1}||² in P_{k+1}^{-1} is at most that in P_k^{-1}"


def measure_norm(v: Any) -> Mapping[str, float]:
    """Take two steps, the second in a larger metric, and measure ``||D_{k+1}||²`` in it."""
    _, second, _, _ = norm_recursion.taken_pair(v, v.gg, v.N_before / v.N_next)
    return {
        "N_next": float(second.info.dual_norm_sq) / (1 - v.beta) ** 2,
        "delta_next": float(second.info.value) / (1 - v.beta),
    }


LEMMAS = (
    lemma(
        "metric.norm",
        "N_{k+1} ≤ G² + β² N_k + 2β N_k (1 - δ_{k+1}/δ_k), N_{k+1} in P_{k+1}^{-1} ⪯ P_k^{-1}",
        "beta delta delta_next N N_before N_next gD gg G2",
        lambda v: {
            **norm_recursion.recursion(v, v.N_before),
            REPLACED: le(v.N_next, v.N_before),
        },
        conclusion(
            lambda v: le(
                v.N_next,
                v.G2 + v.beta * v.beta * v.N + 2 * v.beta * v.N * (1 - v.delta_next / v.delta),
            )
        ),
        by=Algebra(
            lambda v: {
                "||g_{k+1}||² ≤ G²": 1,
                norm_recursion.DESCENT: 2 * v.beta / v.delta,
                REPLACED: 1,
            },
        ),
        mutated=(
            Mutation(
                "without the progress",
                claim=lambda v: {"": le(v.N_next, v.G2 + v.beta * v.beta * v.N)},
                real=lambda v: {
                    **gram([v.N, v.gD], [v.gD, v.gg]),
                    "δ": ge(v.delta, 1),
                    "δ'": ge(v.delta_next, 0),
                    "N": ge(v.N, 1),
                    "N'": ge(v.N_next, 1),
                },
                fixed={"beta": (1, 2), "G2": 4},
                replay=Reference(measure_norm),
            ),
        ),
    ),
    lemma(
        "metric.gradient",
        "||g_{k+1}||² in P_k^{-1}, as metric.norm has it, is at most that in P_1^{-1}, hence G²",
        "now first G2",
        lambda v: {
            "from metric.dual_entry, k-1 times": le(v.now, v.first),
            assumed("path_gradients", "G bounds ||g_{k+1}|| in P_1^{-1}"): le(v.first, v.G2),
        },
        conclusion(lambda v: le(v.now, v.G2)),
        mutated=(Mutation("smaller", claim=lambda v: {"": le(v.now, v.G2 * 99 / 100)}),),
    ),
    lemma(
        "metric.from_zero",
        "R² ≥ 1 + Σ_{k<K} 1/M_k, the least δ being 1",
        "R2 sum dist reference debt delta",
        lambda v: {
            "from metric.added_step: Σ_{k<K} δ_k²/N_k + ||x^K-x*||² ≤ R²": le(v.sum + v.dist, v.R2),
            "from sharp_rate.total": ge(v.sum + v.debt, v.reference),
            definition("nothing is owed"): eq(v.debt, 0),
            "from sharp_rate.last": le(v.delta * v.delta, v.dist),
            case("δ_K ≥ 1"): ge(v.delta, 1),
        },
        conclusion(lambda v: ge(v.R2, 1 + v.reference)),
        mutated=(
            Mutation(
                "1 becomes 1.01", claim=lambda v: {"": ge(v.R2 * 100, 101 + 100 * v.reference)}
            ),
        ),
    ),
    lemma(
        "metric.rate",
        "min_{k≤K} δ_k ≤ G R/√A, A = 1 + Σ_{k<K} 1/M_k",
        "m G D ratio A root reference",
        lambda v: {
            **ends.scaled(v),
            definition("A = 1 + Σ_{k<K} 1/M_k"): eq(v.A, 1 + v.reference),
            "from metric.from_zero": ge(v.ratio * v.ratio, 1 + v.reference),
        },
        conclusion(lambda v: le(v.m, v.G * v.D / v.root)),
        mutated=(ends.TOO_SMALL,),
    ),
)

MEANINGS: Meanings = {
    ("metric.norm", "metric.dual_entry"): [
        lambda v, w: {v.N_next: w.z * w.z / w.entry_next, v.N_before: w.z * w.z / w.entry}
    ],
    ("metric.gradient", "metric.dual_entry"): [
        lambda v, w: {v.now: w.z * w.z / w.entry_next, v.first: w.z * w.z / w.entry}
    ],
    ("metric.from_zero", "metric.added_step"): [lambda v, w: {w.S: v.sum}],
    ("metric.from_zero", "sharp_rate.last"): [lambda v, w: {w.ee: v.dist}],
    ("metric.rate", "metric.from_zero"): [lambda v, w: {w.R2: v.ratio * v.ratio}],
}
