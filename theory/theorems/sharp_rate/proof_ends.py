"""The sharp rate from the first sample: what the first step gives, and the sum of all.

Units and names as in `theory.theorems.sharp_rate.proof_first`, whose recursion starts at k = 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import Algebra, Meanings, Mutation, conclusion, lemma
from theory.proofs.hypotheses import assumed, case, convex, definition, geometry
from theory.proofs.scalars import Relation, eq, ge, gt, le, minimum, unit

TOO_SMALL = Mutation(
    "1 becomes 0.99",
    claim=lambda v: {"": le(100 * v.m * v.root, 99 * v.G * v.D)},
    fixed={"G": 1, "D": 1, "root": 2},
)


def scaled(v: Any) -> Mapping[str, Relation]:
    """Say what D is in units of the least δ, m, and what √A is."""
    return {
        case("G > 0"): gt(v.G, 0),
        case("D > 0"): gt(v.D, 0),
        case("m > 0"): gt(v.m, 0),
        definition("D in units of m/G"): eq(v.ratio * v.m, v.G * v.D),
        case("A > 0"): gt(v.A, 0),
        definition("√A > 0"): gt(v.root, 0),
        definition("(√A)² = A"): eq(v.root * v.root, v.A),
    }


ENDS = (
    lemma(
        "sharp_rate.second_value",
        "δ_2 ≤ 2q for q = δ_1/||g_1|| = ||x^2-x^1||",
        "first second back gg norm q",
        lambda v: {
            assumed("interpolation", "δ_1 ≥ 0"): ge(v.first, 0),
            case("q ≥ 0"): ge(v.q, 0),
            case("||g_1|| ≥ 0"): ge(v.norm, 0),
            assumed("path_gradients", "||g_1|| ≤ 1"): le(v.norm, 1),
            definition("q ||g_1|| = δ_1"): eq(v.first, v.q * v.norm),
            convex("x^1", "x^2", "δ_1 ≥ δ_2 + <g_2, x^1-x^2>: one convex function"): ge(
                v.first, v.second + v.back
            ),
            geometry("Cauchy-Schwarz"): le(v.back * v.back, v.gg * v.q * v.q),
            assumed("path_gradients", "||g_2||² ≤ 1"): le(v.gg, 1),
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
            definition("ℓ_2, by sharp_rate.products"): eq(v.l, v.log2 + v.logq + v.half),
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
            **unit(v.beta, "β"),
            "from summed.step: q² + Σ_{2≤k<K} δ_k²/N_k + ||x^K-x*||² ≤ D²": le(
                v.q2 + v.sum + v.dist, v.D2
            ),
            "from sharp_rate.total": ge(v.sum + v.debt, v.reference),
            definition("owed, see sharp_rate.first_base"): eq(v.debt, v.log + 2 * v.beta * v.l),
            definition("Σ_{2≤k<K} 1/M"): eq(v.reference, (1 - v.beta * v.beta) * v.n),
            "from sharp_rate.first_gain": ge(v.q2 - 2 * v.beta * v.l, 1 - 2 * v.beta * v.log2),
            "from sharp_rate.last": le(v.delta * v.delta, v.dist),
            case("δ_K ≥ 1"): ge(v.delta, 1),
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
            **unit(v.beta, "β"),
            "from summed.step: q² + Σ_{2≤k<K} δ_k²/N_k + ||x^K-x*||² ≤ D²": le(
                v.q2 + v.sum + v.dist, v.D2
            ),
            "from sharp_rate.total": ge(v.sum + v.debt, v.reference),
            definition("owed, see sharp_rate.kept_base"): eq(v.debt, v.log + v.psi),
            definition("Σ_{2≤k<K} 1/M"): eq(v.reference, (1 - v.beta * v.beta) * v.n),
            case("q² = δ_1²/||g_1||² ≥ 1"): ge(v.q2, 1),
            "from sharp_rate.last": le(v.delta * v.delta, v.dist),
            case("δ_K ≥ 1"): ge(v.delta, 1),
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
    lemma(
        "sharp_rate.from_first_least",
        "D² ≥ 2 + (1-β²)(K-2) - Λ - min{2β log 2, ψ}",
        "beta D2 n log log2 psi cost",
        lambda v: {
            **unit(v.beta, "β"),
            "from sharp_rate.from_first": ge(
                v.D2, 2 + (1 - v.beta * v.beta) * v.n - 2 * v.beta * v.log2 - v.log
            ),
            "from sharp_rate.from_first_kept": ge(
                v.D2, 2 + (1 - v.beta * v.beta) * v.n - v.log - v.psi
            ),
            **minimum(v.cost, "min{2β log 2, ψ}", 2 * v.beta * v.log2, v.psi),
        },
        conclusion(lambda v: ge(v.D2, 2 + (1 - v.beta * v.beta) * v.n - v.log - v.cost)),
        mutated=(
            Mutation(
                "the minimum counts half",
                claim=lambda v: {
                    "": ge(v.D2, 2 + (1 - v.beta * v.beta) * v.n - v.log - v.cost / 2)
                },
                fixed={"beta": (1, 2), "psi": 1, "log2": 2, "log": 1},
            ),
        ),
    ),
    lemma(
        "sharp_rate.end",
        "min_{k≤K} δ_k ≤ G D/√A, A = 2 + (1-β²)(K-2) - Λ - min{2β log 2, ψ}: from the first sample",
        "beta K m G D ratio A root log cost",
        lambda v: {
            **unit(v.beta, "β"),
            **scaled(v),
            definition("A = 2 + (1-β²)(K-2) - Λ - min"): eq(
                v.A, 2 + (1 - v.beta * v.beta) * (v.K - 2) - v.log - v.cost
            ),
            "from sharp_rate.from_first_least": ge(
                v.ratio * v.ratio, 2 + (1 - v.beta * v.beta) * (v.K - 2) - v.log - v.cost
            ),
        },
        conclusion(lambda v: le(v.m, v.G * v.D / v.root)),
        mutated=(TOO_SMALL,),
    ),
    lemma(
        "sharp_rate.end_zero",
        "min_{k≤K} δ_k ≤ G D/√A, A = 1 + Σ_{k<K} 1/M_k: from zero",
        "m G D ratio A root reference",
        lambda v: {
            **scaled(v),
            definition("A = 1 + Σ_{k<K} 1/M_k"): eq(v.A, 1 + v.reference),
            "from sharp_rate.from_zero": ge(v.ratio * v.ratio, 1 + v.reference),
        },
        conclusion(lambda v: le(v.m, v.G * v.D / v.root)),
        mutated=(TOO_SMALL,),
    ),
)

MEANINGS: Meanings = {
    ("sharp_rate.end", "sharp_rate.from_first_least"): [
        lambda v, w: {w.D2: v.ratio * v.ratio, w.n: v.K - 2}
    ],
    ("sharp_rate.end_zero", "sharp_rate.from_zero"): [lambda v, w: {w.D2: v.ratio * v.ratio}],
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
