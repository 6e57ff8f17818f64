"""The sharp rate from the first sample: what the first step gives, and the sum of all.

Units and names as in `theory.theorems.sharp_rate.proof_first`, whose recursion starts at k = 2.
"""

from __future__ import annotations

from theory.proofs.base import Algebra, Meanings, Mutation, conclusion, lemma
from theory.proofs.scalars import eq, ge, le, unit

ENDS = (
    lemma(
        "sharp_rate.second_value",
        "δ_2 ≤ 2q for q = δ_1/||g_1|| = ||x^2-x^1||",
        "first second back gg norm q",
        lambda v: {
            "δ_1 ≥ 0": ge(v.first, 0),
            "q ≥ 0": ge(v.q, 0),
            "||g_1|| ≥ 0": ge(v.norm, 0),
            "||g_1|| ≤ 1": le(v.norm, 1),
            "q ||g_1|| = δ_1": eq(v.first, v.q * v.norm),
            "δ_1 ≥ δ_2 + <g_2, x^1-x^2>: one convex function": ge(v.first, v.second + v.back),
            "Cauchy-Schwarz": le(v.back * v.back, v.gg * v.q * v.q),
            "||g_2||² ≤ 1": le(v.gg, 1),
        },
        conclusion(lambda v: le(v.second, 2 * v.q)),
        mutated=(
            Mutation(
                "1.99",
                claim=lambda v: {"": le(100 * v.second, 199 * v.q)},
                fixed={"q": 1, "norm": 1, "gg": 1},
            ),
        ),
    ),
    lemma(
        "sharp_rate.first_gain",
        "q² - 2βℓ_2 ≥ 1 - 2β log 2",
        "beta q2 logq l log2 half",
        lambda v: {
            **unit(v.beta, "β"),
            "from sharp_rate.tangent: 2 log q ≤ q² - 1": le(2 * v.logq, v.q2 - 1),
            "from sharp_rate.sign: log(1/q) ≤ 0, as q ≥ 1": ge(v.logq, 0),
            "from sharp_rate.sign: log(δ_2/2q) ≤ 0, see sharp_rate.second_value": le(v.half, 0),
            "ℓ_2, by sharp_rate.products": eq(v.l, v.log2 + v.logq + v.half),
        },
        conclusion(lambda v: ge(v.q2 - 2 * v.beta * v.l, 1 - 2 * v.beta * v.log2)),
        by=Algebra(
            lambda v: {
                "from sharp_rate.tangent: 2 log q ≤ q² - 1": 1,
                "from sharp_rate.sign: log(1/q) ≤ 0, as q ≥ 1": 2 - 2 * v.beta,
                "from sharp_rate.sign: log(δ_2/2q) ≤ 0, see sharp_rate.second_value": 2 * v.beta,
            }
        ),
        mutated=(
            Mutation(
                "log 2 counts half",
                claim=lambda v: {"": ge(v.q2 - 2 * v.beta * v.l, 1 - v.beta * v.log2)},
                fixed={"beta": (1, 2), "log2": 1},
            ),
        ),
    ),
    lemma(
        "sharp_rate.from_first",
        "D² ≥ 2 + (1-β²)(K-2) - 2β log 2 - Λ: from the first sample, K ≥ 2",
        "beta D2 q2 sum dist reference debt delta n l log log2",
        lambda v: {
            "from summed.step: q² + Σ_{2≤k<K} δ_k²/N_k + ||x^K-x*||² ≤ D²": le(
                v.q2 + v.sum + v.dist, v.D2
            ),
            "from sharp_rate.total": ge(v.sum + v.debt, v.reference),
            "owed, see sharp_rate.first_base": eq(v.debt, v.log + 2 * v.beta * v.l),
            "Σ_{2≤k<K} 1/M": eq(v.reference, (1 - v.beta * v.beta) * v.n),
            "from sharp_rate.first_gain": ge(v.q2 - 2 * v.beta * v.l, 1 - 2 * v.beta * v.log2),
            "from sharp_rate.last": le(v.delta * v.delta, v.dist),
            "δ_K ≥ 1": ge(v.delta, 1),
        },
        conclusion(
            lambda v: ge(v.D2, 2 + (1 - v.beta * v.beta) * v.n - 2 * v.beta * v.log2 - v.log)
        ),
        mutated=(
            Mutation(
                "Λ counts half",
                claim=lambda v: {
                    "": ge(
                        v.D2,
                        2 + (1 - v.beta * v.beta) * v.n - 2 * v.beta * v.log2 - v.log / 2,
                    )
                },
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "sharp_rate.from_first_kept",
        "D² ≥ 2 + (1-β²)(K-2) - Λ - ψ: from the first sample, K ≥ 2",
        "beta D2 q2 sum dist reference debt delta n log psi",
        lambda v: {
            "from summed.step: q² + Σ_{2≤k<K} δ_k²/N_k + ||x^K-x*||² ≤ D²": le(
                v.q2 + v.sum + v.dist, v.D2
            ),
            "from sharp_rate.total": ge(v.sum + v.debt, v.reference),
            "owed, see sharp_rate.kept_base": eq(v.debt, v.log + v.psi),
            "Σ_{2≤k<K} 1/M": eq(v.reference, (1 - v.beta * v.beta) * v.n),
            "q² = δ_1²/||g_1||² ≥ 1": ge(v.q2, 1),
            "from sharp_rate.last": le(v.delta * v.delta, v.dist),
            "δ_K ≥ 1": ge(v.delta, 1),
        },
        conclusion(lambda v: ge(v.D2, 2 + (1 - v.beta * v.beta) * v.n - v.log - v.psi)),
        mutated=(
            Mutation(
                "ψ counts half",
                claim=lambda v: {"": ge(v.D2, 2 + (1 - v.beta * v.beta) * v.n - v.log - v.psi / 2)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("sharp_rate.from_first_kept", "summed.step"): [lambda v, w: {w.S: v.q2 + v.sum}],
    ("sharp_rate.from_first_kept", "sharp_rate.last"): [lambda v, w: {w.ee: v.dist}],
    ("sharp_rate.first_gain", "sharp_rate.tangent"): [lambda v, w: {w.log: 2 * v.logq, w.x: v.q2}],
    ("sharp_rate.first_gain", "sharp_rate.sign"): [
        lambda v, w: {w.log: -v.logq},
        lambda v, w: {w.log: v.half},
    ],
    ("sharp_rate.from_first", "summed.step"): [lambda v, w: {w.S: v.q2 + v.sum}],
    ("sharp_rate.from_first", "sharp_rate.last"): [lambda v, w: {w.ee: v.dist}],
}
