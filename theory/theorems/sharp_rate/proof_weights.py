"""The sharp rate: the solution that all is compared with, and how much of which bound is taken.

``M_{k+1} = 1 + β² M_k``, ``c_k = M_{k+1}/M_k``, the parts λ_k, and the longest average h_k. Units
and names as in `theory.theorems.sharp_rate.proof_terms`.
"""

from __future__ import annotations

from typing import Any

from theory.proofs.base import Algebra, Invariant, Meanings, Mutation, conclusion, lemma
from theory.proofs.hypotheses import assumed, case, definition, geometry
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit

GROWN = Invariant(
    "beta M after",
    lambda v: {
        "M_k ≥ 1": ge(v.M, 1),
        "M_{k+1} = 1 + β² M_k": eq(v.after, 1 + v.beta * v.beta * v.M),
        "M_{k+1} ≥ M_k": ge(v.after, v.M),
    },
)
WEIGHT = Invariant("lam", lambda v: {"λ_k ≥ 0": ge(v.lam, 0), "λ_k ≤ 1": le(v.lam, 1)})
LONGEST = Invariant(
    "N h",
    lambda v: {"N_k ≤ h_k²": le(v.N, v.h * v.h), "h_k ≥ 0": ge(v.h, 0), "N_k ≥ 0": ge(v.N, 0)},
)
PRODUCT = "from sharp_rate.quotient: bq(1+b²) ≤ 1 + b²q"
SIZE = "from sharp_rate.bonus_size: β q² H_k ≤ M_k²"
SHARE = "from sharp_rate.weight_step: λ_k ≤ 1"


def share(v: Any) -> dict[str, Relation]:
    """Say that λ_k is a part."""
    return {"from sharp_rate.weight_step: λ_k ≥ 0": ge(v.lam, 0), SHARE: le(v.lam, 1)}


BEFORE = (
    GROWN.base(
        "sharp_rate.reference_base",
        "from zero M_1 = 1",
        "",
        lambda v: {
            **unit(v.beta, "β"),
            definition("M_1 = 1"): eq(v.M, 1),
            definition("M_2 = 1 + β²"): eq(v.after, 1 + v.beta * v.beta),
        },
        mutated=(Mutation("M_2 above 1.1", claim=lambda v: {"": ge(v.after, v.M * 11 / 10)}),),
    ),
    GROWN.step(
        "sharp_rate.reference_step",
        "M_{k+1} = 1 + β² M_k does not decrease, and so c_k = β² + 1/M_k does not increase",
        "M_next after_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("one step later"): eq(v.M_next, v.after),
            definition("M_{k+2} = 1 + β² M_{k+1}"): eq(v.after_next, 1 + v.beta * v.beta * v.after),
        },
        mutated=(
            Mutation(
                "grows by a hundredth at least",
                claim=lambda v: {"": ge(v.after_next, v.M_next * 101 / 100)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    WEIGHT.base(
        "sharp_rate.weight_base",
        "λ_{K-1} = 0",
        "",
        lambda v: {definition("λ_{K-1} = 0"): eq(v.lam, 0)},
        mutated=(Mutation("at least a half", claim=lambda v: {"": ge(2 * v.lam, 1)}),),
    ),
    WEIGHT.step(
        "sharp_rate.weight_step",
        "0 ≤ λ ≤ 1 carries over from k to k-1: λ_{k-1} c_{k-1} = β² λ_k + 1/M_k",
        "beta M before lam_next",
        lambda v: {
            **unit(v.beta, "β"),
            "from sharp_rate.reference_step: M_{k-1} ≥ 1": ge(v.before, 1),
            "from sharp_rate.reference_step: M_k ≥ M_{k-1}": ge(v.M, v.before),
            definition("λ_{k-1}"): eq(
                v.lam_next * (v.beta * v.beta + 1 / v.before), v.beta * v.beta * v.lam + 1 / v.M
            ),
        },
        mutated=(
            Mutation(
                "M may decrease",
                drop=("from sharp_rate.reference_step: M_k ≥ M_{k-1}",),
                real=lambda v: {"M_k ≥ 1": ge(v.M, 1)},
                fixed={"beta": (1, 2), "lam": 1},
            ),
        ),
    ),
    LONGEST.base(
        "sharp_rate.longest_base",
        "N_1 = ||g_1||² ≤ 1 = h_1²",
        "gg",
        lambda v: {
            assumed("path_gradients", "||g_1||² ≤ 1"): le(v.gg, 1),
            geometry("||g_1||² ≥ 0"): ge(v.gg, 0),
            definition("N_1"): eq(v.N, v.gg),
            definition("h_1"): eq(v.h, 1),
        },
        mutated=(Mutation("0.99", claim=lambda v: {"": le(v.N, v.h * v.h * 99 / 100)}),),
    ),
    LONGEST.step(
        "sharp_rate.longest_step",
        "N_{k+1} = ||β D_k + g_{k+1}||² ≤ (β h_k + 1)²",
        "beta gD gg N_next h_next",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("path_gradients", "||g_{k+1}||² ≤ 1"): le(v.gg, 1),
            geometry("||g_{k+1}||² ≥ 0"): ge(v.gg, 0),
            geometry("Cauchy-Schwarz"): le(v.gD * v.gD, v.N * v.gg),
            definition("N_{k+1}"): eq(v.N_next, v.gg + 2 * v.beta * v.gD + v.beta * v.beta * v.N),
            geometry("N_{k+1} is a square"): ge(v.N_next, 0),
            definition("h_{k+1}"): eq(v.h_next, v.beta * v.h + 1),
        },
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {
                    "": le(v.N_next, (v.beta * v.h + 1) * (v.beta * v.h + 1) * 99 / 100)
                },
                fixed={"beta": (1, 2), "h": 1, "gg": 1},
            ),
        ),
    ),
    lemma(
        "sharp_rate.closed",
        "h_k = (1-q)/(1-β) and M_k = (1-q²)/(1-β²) with q = β^k, which solve their recursions",
        "beta q h M h_next M_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("h_k"): eq(v.h, (1 - v.q) / (1 - v.beta)),
            definition("M_k"): eq(v.M, (1 - v.q * v.q) / (1 - v.beta * v.beta)),
            definition("h_{k+1}, with βq for q"): eq(v.h_next, (1 - v.beta * v.q) / (1 - v.beta)),
            definition("M_{k+1}, with βq for q"): eq(
                v.M_next, (1 - v.beta * v.q * v.beta * v.q) / (1 - v.beta * v.beta)
            ),
        },
        lambda v: {
            "h_{k+1} = β h_k + 1": eq(v.h_next, v.beta * v.h + 1),
            "M_{k+1} = β² M_k + 1": eq(v.M_next, v.beta * v.beta * v.M + 1),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "β for β²",
                claim=lambda v: {"": eq(v.M_next, v.beta * v.M + 1)},
                fixed={"beta": (1, 2), "q": (1, 2)},
            ),
        ),
    ),
)

AFTER = (
    lemma(
        "sharp_rate.quotient",
        "b q (1+b²) ≤ 1 + b² q for b = √β and q = β^{k-1}",
        "b q",
        lambda v: {
            case("b ≥ 0"): ge(v.b, 0),
            case("b ≤ 1"): le(v.b, 1),
            case("q ≥ 0"): ge(v.q, 0),
            case("q ≤ 1"): le(v.q, 1),
        },
        conclusion(lambda v: le(v.b * v.q * (1 + v.b * v.b), 1 + v.b * v.b * v.q)),
        mutated=(
            Mutation(
                "1.05 as much",
                claim=lambda v: {
                    "": le(v.b * v.q * (1 + v.b * v.b) * 105 / 100, 1 + v.b * v.b * v.q)
                },
            ),
        ),
    ),
    lemma(
        "sharp_rate.bonus_size",
        "β q² H_k ≤ M_k² for H_k = ((1-βq)/(1-β))², M_k = (1-β²q²)/(1-β²), q = β^{k-1}",
        "b q H M",
        lambda v: {
            case("b ≥ 0"): ge(v.b, 0),
            case("b < 1"): gt(1, v.b),
            case("q ≥ 0"): ge(v.q, 0),
            case("q ≤ 1"): le(v.q, 1),
            definition("H_k"): eq(
                v.H,
                (1 - v.b * v.b * v.q) * (1 - v.b * v.b * v.q) / ((1 - v.b * v.b) * (1 - v.b * v.b)),
            ),
            definition("M_k"): eq(
                v.M,
                (1 - v.b * v.b * v.b * v.b * v.q * v.q) / (1 - v.b * v.b * v.b * v.b),
            ),
            PRODUCT: le(v.b * v.q * (1 + v.b * v.b), 1 + v.b * v.b * v.q),
        },
        conclusion(lambda v: le(v.b * v.b * v.q * v.q * v.H, v.M * v.M)),
        by=Algebra(
            lambda v: {
                PRODUCT: (1 - v.b * v.b * v.q)
                * (1 - v.b * v.b * v.q)
                * (1 + v.b * v.b * v.q + v.b * v.q * (1 + v.b * v.b))
                / ((1 - v.b * v.b) * (1 - v.b * v.b) * (1 + v.b * v.b) * (1 + v.b * v.b))
            }
        ),
        mutated=(
            Mutation(
                "without β",
                claim=lambda v: {"": le(v.q * v.q * v.H * 101, v.M * v.M * 100)},
                fixed={"b": (1, 2), "q": 1},
            ),
        ),
    ),
    lemma(
        "sharp_rate.coefficient",
        "2β(λ_{k-1}-λ_k) + 2(1-λ_k)/M_k + 2λ_k/H_k ≥ 0: the factor of ℓ_k",
        "beta lam before_lam M before H q2",
        lambda v: {
            **unit(v.beta, "β"),
            **share(v),
            case("M_{k-1} > 0"): gt(v.before, 0),
            case("H_k > 0"): gt(v.H, 0),
            definition("M_k = 1 + β² M_{k-1}"): eq(v.M, 1 + v.beta * v.beta * v.before),
            definition("q² = M_k - M_{k-1}"): eq(v.q2, v.M - v.before),
            definition("λ_{k-1} c_{k-1} = β² λ_k + 1/M_k, c_{k-1} = M_k/M_{k-1}"): eq(
                v.before_lam, (v.beta * v.beta * v.lam + 1 / v.M) * v.before / v.M
            ),
            SIZE: le(v.beta * v.q2 * v.H, v.M * v.M),
        },
        conclusion(
            lambda v: ge(
                2 * v.beta * (v.before_lam - v.lam) + 2 * (1 - v.lam) / v.M + 2 * v.lam / v.H, 0
            )
        ),
        by=Algebra(
            lambda v: {
                SIZE: 2 * v.lam / (v.H * v.M * v.M),
                SHARE: 2 * v.beta * v.before / (v.M * v.M) + 2 / v.M,
            }
        ),
        mutated=(
            Mutation(
                "without the bonus",
                claim=lambda v: {"": ge(v.beta * (v.before_lam - v.lam) * v.M + 1 - v.lam, 0)},
                fixed={"beta": (1, 2), "lam": 1, "before": 1},
            ),
        ),
    ),
    lemma(
        "sharp_rate.cancel",
        "λ_{k-1}c_{k-1} - λ_k c_k - (1-λ_k)/M_k = 0: the factor of E_k",
        "beta lam before c M",
        lambda v: {
            **unit(v.beta, "β"),
            case("M_k > 0"): gt(v.M, 0),
            definition("before = λ_{k-1} c_{k-1}"): eq(v.before, v.beta * v.beta * v.lam + 1 / v.M),
            definition("c_k = β² + 1/M_k"): eq(v.c, v.beta * v.beta + 1 / v.M),
        },
        conclusion(lambda v: eq(v.before - v.lam * v.c - (1 - v.lam) / v.M, 0)),
        by=Algebra(),
        mutated=(
            Mutation(
                "c_k = β²",
                claim=lambda v: {
                    "": eq(v.before * v.M, v.lam * v.beta * v.beta * v.M + (1 - v.lam))
                },
                fixed={"beta": (1, 2), "M": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("sharp_rate.weight_step", "sharp_rate.reference_step"): [
        lambda v, w: {w.M: v.before, w.after: v.M}
    ],
    ("sharp_rate.coefficient", "sharp_rate.bonus_size"): [
        lambda v, w: {v.beta: w.b * w.b, v.q2: w.q * w.q}
    ],
}
