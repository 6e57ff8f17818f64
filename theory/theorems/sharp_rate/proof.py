"""The sharp rate for one function: G D/√((1-β²)K) in the limit, where the paper has 1/(1-β).

What the terms of `theory.theorems.sharp_rate.proof_terms` add up to; units as there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import (
    Algebra,
    Induction,
    Meanings,
    Mutation,
    Theorem,
    conclusion,
    lemma,
)
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.theorems.norm_recursion import proof as norm_recursion
from theory.theorems.sharp_rate import proof_ends as sharp_rate_ends
from theory.theorems.sharp_rate import proof_first as sharp_rate_first
from theory.theorems.sharp_rate import proof_terms as sharp_rate_terms
from theory.theorems.sharp_rate import proof_weights as sharp_rate_weights
from theory.theorems.sharp_rate.proof_terms import SUM, TERM, begins, first_term
from theory.theorems.sharp_rate.proof_weights import share
from theory.theorems.summed import proof as summed

CANCEL = "from sharp_rate.cancel: λ_{k-1}c_{k-1} = λ_k c_k + (1-λ_k)/M_k"
FACTOR = "from sharp_rate.coefficient: the factor of ℓ_k"


def from_zero(v: Any) -> Mapping[str, Relation]:
    """Say how the sum from zero begins."""
    return {
        **unit(v.beta, "β"),
        **share(v),
        "M_1 = 1": eq(v.M, 1),
        "H_1 = 1": eq(v.H, 1),
        "c_1 ≥ 0": ge(v.c, 0),
        "from sharp_rate.sign: E_1 = log N_1 ≤ 0": le(v.E_first, 0),
        "ℓ_1 ≥ 0": ge(v.l_first, 0),
        TERM: first_term(v, v.lam),
        "nothing is owed": eq(v.debt, 0),
    }


LEMMAS = (
    *sharp_rate_terms.LEMMAS,
    *sharp_rate_weights.AFTER,
    SUM.base(
        "sharp_rate.zero_base",
        "from zero the sum begins with k = 1, and nothing is owed",
        "M H E_first l_first",
        from_zero,
        by=Algebra(
            lambda v: {
                TERM: 1,
                "from sharp_rate.sign: E_1 = log N_1 ≤ 0": v.lam * v.c + 1 - v.lam,
                "ℓ_1 ≥ 0": 2 - 2 * v.beta * v.lam,
            }
        ),
        mutated=(
            Mutation(
                "E_1 may be positive",
                drop=("from sharp_rate.sign: E_1 = log N_1 ≤ 0",),
                fixed={"beta": (1, 2), "lam": (1, 2), "c": 1, "E": 0, "l": 0, "l_first": 0},
            ),
        ),
    ),
    *sharp_rate_first.BEGINNINGS,
    SUM.step(
        "sharp_rate.sum_step",
        "term by term: the factors of E_k cancel, that of ℓ_k is at least 0",
        "M H square S_next lam_next c_next E_next l_next",
        lambda v: {
            "S_k = S_{k-1} + δ_k²/N_k - 1/M_k": eq(v.S_next, v.S + v.square - 1 / v.M),
            TERM: ge(
                v.square - 1 / v.M,
                v.lam_next * (v.c_next * (v.E_next - v.E) + 2 * v.beta * (v.l_next - v.l))
                + (1 - v.lam_next) * (2 * v.l - v.E) / v.M
                + 2 * v.lam_next * v.l / v.H,
            ),
            "M_k > 0": gt(v.M, 0),
            "H_k > 0": gt(v.H, 0),
            CANCEL: eq(v.lam * v.c, v.lam_next * v.c_next + (1 - v.lam_next) / v.M),
            FACTOR: ge(
                2 * v.beta * (v.lam - v.lam_next)
                + 2 * (1 - v.lam_next) / v.M
                + 2 * v.lam_next / v.H,
                0,
            ),
            "ℓ_k ≥ 0: δ_k is at least the least": ge(v.l, 0),
        },
        by=Algebra(
            lambda v: {
                "induction: Σ_{j≤k}(δ_j²/N_j - 1/M_j) + debt ≥ λ_k c_k E_{k+1} + 2βλ_k ℓ_{k+1}": 1,
                TERM: 1,
                CANCEL: -v.E,
                FACTOR: v.l,
            }
        ),
        mutated=(
            Mutation(
                "δ_k may be below the least",
                drop=("ℓ_k ≥ 0: δ_k is at least the least",),
                fixed={
                    "beta": (1, 2),
                    "lam": 1,
                    "lam_next": (1, 2),
                    "M": 1,
                    "H": 1,
                    "debt": 0,
                    "c": 1,
                    "c_next": 1,
                    "E": 0,
                    "E_next": 0,
                    "l_next": 0,
                    "S": 0,
                },
            ),
        ),
    ),
    lemma(
        "sharp_rate.total",
        "Σ_{k<K} δ_k²/N_k + debt ≥ Σ_{k<K} 1/M_k",
        "beta S debt lam c E l sum reference",
        lambda v: {
            "from sharp_rate.sum_step": ge(
                v.S + v.debt, v.lam * v.c * v.E + 2 * v.beta * v.lam * v.l
            ),
            "λ_{K-1} = 0: chosen, see sharp_rate.weight_base": eq(v.lam, 0),
            "S is the difference of the sums": eq(v.S, v.sum - v.reference),
        },
        conclusion(lambda v: ge(v.sum + v.debt, v.reference)),
        by=Algebra(lambda v: {"from sharp_rate.sum_step": 1}),
        mutated=(
            Mutation(
                "1.01 times as much",
                claim=lambda v: {"": ge(100 * (v.sum + v.debt), 101 * v.reference)},
                fixed={"debt": 0, "beta": (1, 2), "c": 1, "E": 0, "l": 0},
            ),
        ),
    ),
    lemma(
        "sharp_rate.last",
        "δ_K ≤ ||x^K-x*||, in units of G",
        "delta ge gg ee",
        lambda v: {
            "δ_K ≥ 0": ge(v.delta, 0),
            "δ_K ≤ <g_K, x^K-x*>: convexity": le(v.delta, v.ge),
            "Cauchy-Schwarz": le(v.ge * v.ge, v.gg * v.ee),
            "||g_K||² ≥ 0": ge(v.gg, 0),
            "||g_K|| ≤ 1": le(v.gg, 1),
            "||x^K-x*||² ≥ 0": ge(v.ee, 0),
        },
        conclusion(lambda v: le(v.delta * v.delta, v.ee)),
        source="known",
        mutated=(Mutation("0.99", claim=lambda v: {"": le(v.delta * v.delta, v.ee * 99 / 100)}),),
    ),
    lemma(
        "sharp_rate.from_zero",
        "D² ≥ 1 + Σ_{k<K} 1/M_k: from zero, the least δ being 1",
        "D2 sum dist reference debt delta",
        lambda v: {
            "from summed.step: Σ_{k<K} δ_k²/N_k + ||x^K-x*||² ≤ D²": le(v.sum + v.dist, v.D2),
            "from sharp_rate.total": ge(v.sum + v.debt, v.reference),
            "nothing is owed": eq(v.debt, 0),
            "from sharp_rate.last": le(v.delta * v.delta, v.dist),
            "δ_K ≥ 1": ge(v.delta, 1),
        },
        conclusion(lambda v: ge(v.D2, 1 + v.reference)),
        mutated=(
            Mutation(
                "1 becomes 1.01", claim=lambda v: {"": ge(v.D2 * 100, 101 + 100 * v.reference)}
            ),
        ),
    ),
    *sharp_rate_ends.ENDS,
    lemma(
        "sharp_rate.end",
        "ε √A ≤ G D, where D² ≥ A in units of ε/G",
        "A root eps G D ratio",
        lambda v: {
            "G > 0": gt(v.G, 0),
            "D > 0": gt(v.D, 0),
            "ε > 0": gt(v.eps, 0),
            "√A ≥ 0": ge(v.root, 0),
            "(√A)² = A": eq(v.root * v.root, v.A),
            "D in units of ε/G": eq(v.ratio * v.eps, v.G * v.D),
            "from sharp_rate.from_zero, sharp_rate.from_first": ge(v.ratio * v.ratio, v.A),
        },
        conclusion(lambda v: le(v.eps * v.root, v.G * v.D)),
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(v.eps * v.root, v.G * v.D * 99 / 100)},
                fixed={"G": 1, "D": 1, "root": 2},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    **sharp_rate_terms.MEANINGS,
    **sharp_rate_weights.MEANINGS,
    **sharp_rate_first.MEANINGS,
    **sharp_rate_ends.MEANINGS,
    ("sharp_rate.zero_base", "sharp_rate.sign"): [lambda v, w: {w.log: v.E_first}],
    ("sharp_rate.zero_base", "sharp_rate.term"): [begins],
    ("sharp_rate.sum_step", "sharp_rate.term"): [lambda v, w: {w.lam: v.lam_next, w.c: v.c_next}],
    ("sharp_rate.sum_step", "sharp_rate.cancel"): [
        lambda v, w: {w.before: v.lam * v.c, w.lam: v.lam_next, w.c: v.c_next}
    ],
    ("sharp_rate.sum_step", "sharp_rate.coefficient"): [
        lambda v, w: {w.before_lam: v.lam, w.lam: v.lam_next}
    ],
    ("sharp_rate.from_zero", "summed.step"): [lambda v, w: {w.S: v.sum}],
    ("sharp_rate.from_zero", "sharp_rate.last"): [lambda v, w: {w.ee: v.dist}],
    ("sharp_rate.end", "sharp_rate.from_zero"): [
        lambda v, w: {v.A: 1 + w.reference, w.D2: v.ratio * v.ratio}
    ],
}

THEOREM = Theorem(
    name="sharp_rate",
    title="sharp rate, one function",
    statement="min_{k≤K} f(x^k) - f* ≤ G D/√A: from zero, in any fixed metric, A = 1 +"
    " Σ_{k<K} (1-β²)/(1-β^{2k}); from the first sample A = 2 + (1-β²)(K-2) - log((1+β)/(1-β))"
    " - min{2β log 2, ψ}, K ≥ 2, ψ = β log(β/(1-β)²) - β + (1-β)², or 0 where β ≤ (1-β)²",
    claims=("sharp_rate", "frozen_sharp_rate"),
    assumptions=(
        "one convex function f with minimum f* at x*, ||g_k|| ≤ G for k ≤ K; D = ||x^1-x*||",
        "f_*^k = f*, α_k = ∞, λ = 0, a fixed metric",
        "G, D > 0; where one of them is 0, f(x^1) = f*",
        "A > 0, which holds from some K on; before, the rate says nothing",
    ),
    lemmas=tuple(
        dict.fromkeys(
            (
                *norm_recursion.THEOREM.lemmas,
                *summed.THEOREM.lemmas,
                "mean_square.convex",
                *(lemma.name for lemma in LEMMAS),
            )
        )
    ),
    inductions=(
        *norm_recursion.THEOREM.inductions,
        *summed.THEOREM.inductions[1:],
        Induction("k", ("sharp_rate.reference_base",), "sharp_rate.reference_step"),
        Induction("k, downwards from K-1", ("sharp_rate.weight_base",), "sharp_rate.weight_step"),
        Induction("k", ("sharp_rate.longest_base",), "sharp_rate.longest_step"),
        Induction(
            "k",
            ("sharp_rate.zero_base", "sharp_rate.first_base", "sharp_rate.kept_base"),
            "sharp_rate.sum_step",
        ),
    ),
    assembly="The recursion of the norms, with tangents at its solution M_k for the logarithms, and"
    " the exponential bound δ_k²/N_k in parts λ_k and 1-λ_k; summed, all logarithms cancel or have"
    " the right sign. From the first sample M = 1/(1-β²) is constant, for which M_{k-1} = M_k and"
    " q² = 0 in sharp_rate.coefficient, and the sum begins at k = 2. The summed inequality bounds"
    " the sum and the last distance by D². Where some δ_k = 0 there is nothing to prove.",
    kernel=("sharp_rate_any.sharp_rate_any", "sharp_rate_any.sharp_rate_any_zero"),
)

THEOREMS = (THEOREM,)
