"""The sharp rate for one function: G D/√((1-β²)K) in the limit, where the paper has 1/(1-β).

What the terms of `theory.theorems.sharp_rate.proof_terms` add up to; units as there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.formula import largest, least, log, sqrt, total
from theory.proofs.base import ZERO as BEGINS_ZERO
from theory.proofs.base import (
    Algebra,
    Concluded,
    Induction,
    Meanings,
    Mutation,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, assumed, case, convex, definition, geometry
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.theorems.norm_recursion import proof as norm_recursion
from theory.theorems.sharp_rate import proof_ends as sharp_rate_ends
from theory.theorems.sharp_rate import proof_first as sharp_rate_first
from theory.theorems.sharp_rate import proof_terms as sharp_rate_terms
from theory.theorems.sharp_rate import proof_weights as sharp_rate_weights
from theory.theorems.sharp_rate import proof_words
from theory.theorems.sharp_rate.proof_terms import SUM, TERM, begins, first_term
from theory.theorems.sharp_rate.proof_weights import share
from theory.theorems.sharp_rate.statement import SHARP_RATE, SHARP_RATE_ZERO
from theory.theorems.summed import proof as summed

CANCEL = "from sharp_rate.cancel: λ_{k-1}c_{k-1} = λ_k c_k + (1-λ_k)/M_k"
FACTOR = "from sharp_rate.coefficient: the factor of ℓ_k"


def from_zero(v: Any) -> Mapping[str, Relation]:
    """Say how the sum from zero begins."""
    return {
        **unit(v.beta, "β"),
        **share(v),
        definition("M_1 = 1"): eq(v.M, 1),
        definition("H_1 = 1"): eq(v.H, 1),
        definition("c_1 = β² + 1/M_1"): eq(v.c, v.beta * v.beta + 1 / v.M),
        "from sharp_rate.sign: E_1 = log N_1 ≤ 0": le(v.E_first, 0),
        case("ℓ_1 ≥ 0"): ge(v.l_first, 0),
        TERM: first_term(v, v.lam),
        definition("nothing is owed"): eq(v.debt, 0),
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
                fixed={"beta": (1, 2), "lam": (1, 2), "E": 0, "l": 0, "l_first": 0},
            ),
        ),
        begins=(BEGINS_ZERO,),
    ),
    *sharp_rate_first.BEGINNINGS,
    SUM.step(
        "sharp_rate.sum_step",
        "term by term: the factors of E_k cancel, that of ℓ_k is at least 0",
        "M H square S_next lam_next c_next E_next l_next",
        lambda v: {
            case("M_k > 0"): gt(v.M, 0),
            case("H_k > 0"): gt(v.H, 0),
            definition("S_k = S_{k-1} + δ_k²/N_k - 1/M_k"): eq(v.S_next, v.S + v.square - 1 / v.M),
            TERM: ge(
                v.square - 1 / v.M,
                v.lam_next * (v.c_next * (v.E_next - v.E) + 2 * v.beta * (v.l_next - v.l))
                + (1 - v.lam_next) * (2 * v.l - v.E) / v.M
                + 2 * v.lam_next * v.l / v.H,
            ),
            **unit(v.beta, "β"),
            definition("c_k = β² + 1/M_k"): eq(v.c_next, v.beta * v.beta + 1 / v.M),
            CANCEL: eq(v.lam * v.c, v.lam_next * v.c_next + (1 - v.lam_next) / v.M),
            FACTOR: ge(
                2 * v.beta * (v.lam - v.lam_next)
                + 2 * (1 - v.lam_next) / v.M
                + 2 * v.lam_next / v.H,
                0,
            ),
            case("ℓ_k ≥ 0: δ_k is at least the least"): ge(v.l, 0),
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
            **unit(v.beta, "β"),
            "from sharp_rate.sum_step": ge(
                v.S + v.debt, v.lam * v.c * v.E + 2 * v.beta * v.lam * v.l
            ),
            definition("λ_{K-1} = 0: chosen, see sharp_rate.weight_base"): eq(v.lam, 0),
            definition("S is the difference of the sums"): eq(v.S, v.sum - v.reference),
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
            assumed("interpolation", "δ_K ≥ 0"): ge(v.delta, 0),
            convex("x*", "x^K", "δ_K ≤ <g_K, x^K-x*>: convexity"): le(v.delta, v.ge),
            geometry("Cauchy-Schwarz"): le(v.ge * v.ge, v.gg * v.ee),
            geometry("||g_K||² ≥ 0"): ge(v.gg, 0),
            assumed("path_gradients", "||g_K|| ≤ 1"): le(v.gg, 1),
            geometry("||x^K-x*||² ≥ 0"): ge(v.ee, 0),
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
            definition("nothing is owed"): eq(v.debt, 0),
            "from sharp_rate.last": le(v.delta * v.delta, v.dist),
            case("δ_K ≥ 1"): ge(v.delta, 1),
        },
        conclusion(lambda v: ge(v.D2, 1 + v.reference)),
        mutated=(
            Mutation(
                "1 becomes 1.01", claim=lambda v: {"": ge(v.D2 * 100, 101 + 100 * v.reference)}
            ),
        ),
    ),
    *sharp_rate_ends.ENDS,
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
}

WORDS: Words = proof_words.WORDS

LEMMA_NAMES = tuple(
    dict.fromkeys(
        (
            *norm_recursion.THEOREM.lemmas,
            *summed.THEOREM.lemmas,
            "mean_square.convex",
            *(lemma.name for lemma in LEMMAS),
        )
    )
)
INDUCTIONS = (
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
)
ASSEMBLY = (
    "The recursion of the norms, with tangents at its solution M_k for the logarithms, and"
    " the exponential bound δ_k²/N_k in parts λ_k and 1-λ_k; summed, all logarithms cancel or have"
    " the right sign. The summed inequality bounds the sum and the last distance by D². Where some"
    " δ_k = 0 there is nothing to prove."
)


def first_ends(s: Any, w: Any) -> dict[Any, Any]:
    """Say what A is from the first sample."""
    x = largest(1, s.beta / (1 - s.beta) ** 2)
    psi = s.beta * log(x) - (x - 1) * (1 - s.beta) ** 2
    logarithm = log((1 + s.beta) / (1 - s.beta))
    cost = least(2 * s.beta * log(2, like=s.beta), psi)
    size = 2 + (1 - s.beta**2) * (s.K - 2) - logarithm - cost
    return {w.log: logarithm, w.cost: cost, w.A: size, w.root: sqrt(size)}


def zero_ends(s: Any, w: Any) -> dict[Any, Any]:
    """Say what A is from zero, where ``M_k = (1-β^{2k})/(1-β²)`` by `sharp_rate.closed`."""
    reference = total(s, lambda v, k: (1 - v.beta**2) / (1 - v.beta ** (2 * k)), 1, s.K - 1)
    return {w.reference: reference, w.A: 1 + reference, w.root: sqrt(1 + reference)}


THEOREM = theorem(
    SHARP_RATE,
    lemmas=LEMMA_NAMES,
    concludes=Concluded("sharp_rate.end", first_ends),
    inductions=INDUCTIONS,
    assembly=ASSEMBLY + " From the first sample M = 1/(1-β²) is constant, for which M_{k-1} = M_k"
    " and q² = 0 in sharp_rate.coefficient, and the sum begins at k = 2.",
    kernel=("sharp_rate_any.sharp_rate_any",),
)
ZERO = theorem(
    SHARP_RATE_ZERO,
    lemmas=LEMMA_NAMES,
    concludes=Concluded("sharp_rate.end_zero", zero_ends),
    claims=("frozen_sharp_rate",),
    inductions=INDUCTIONS,
    assembly=ASSEMBLY,
    kernel=("sharp_rate_any.sharp_rate_any_zero",),
)

THEOREMS = (THEOREM, ZERO)
