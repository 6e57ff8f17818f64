"""The sharp rate for one function: G D/√((1-β²)K) in the limit, where the paper has 1/(1-β).

What the terms of `theory.proofs.sharp_rate_terms` add up to; units as there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs import norm_recursion, sharp_rate_terms, summed
from theory.proofs.base import (
    Algebra,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    Theorem,
    conclusion,
    lemma,
)
from theory.proofs.replay import first_step, identity, made, vectors
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, unit
from theory.proofs.sharp_rate_terms import share

TERM = "from sharp_rate.term: δ_k²/N_k - 1/M_k"
CANCEL = "from sharp_rate.cancel: λ_{k-1}c_{k-1} = λ_k c_k + (1-λ_k)/M_k"
FACTOR = "from sharp_rate.coefficient: the factor of ℓ_k"
SUM = Invariant(
    "beta S debt lam c E l",
    lambda v: {
        "Σ_{j≤k}(δ_j²/N_j - 1/M_j) + debt ≥ λ_k c_k E_{k+1} + 2βλ_k ℓ_{k+1}": ge(
            v.S + v.debt, v.lam * v.c * v.E + 2 * v.beta * v.lam * v.l
        )
    },
)
KEPT = "from sharp_rate.kept: δ_k²/N_k - 1/M_k"
BONUS = "(δ_2²-1)/N_2 ≥ (δ_2²-1)(1-β)², as N_2 (1-β)² ≤ 1"
GAIN = "from sharp_rate.gain_large: (δ_2²-1)(1-β)² - 2βℓ_2 ≥ -ψ"
TANGENT_G = "from sharp_rate.tangent: log(δ_2²/x)"
OWED = "owed: Λ + 2βℓ_2"
SMALL = "from sharp_rate.second_log: E_2 ≤ Λ = log((1+β)/(1-β))"


def measure_second(v: Any) -> Mapping[str, float]:
    """Take the first step and the second, and measure ``||d_2||²`` and N_2."""
    d, grad = vectors([[v.dd, v.dg], [v.dg, v.gg]])
    first = first_step(made(v.beta, identity(3), 0.0), np.zeros(3), 1.0, d)
    second = first.then(1.0, grad)
    norm_sq = float(second.info.dual_norm_sq)
    return {"dd_next": norm_sq, "N": norm_sq / (1 - v.beta) ** 2}


def first_term(v: Any, multiplied: Any) -> Any:
    """Return the relation that the first term of a sum obeys; ``multiplied`` is its λ."""
    change = v.c * (v.E - v.E_first) + 2 * v.beta * (v.l - v.l_first)
    rest = (1 - multiplied) * (2 * v.l_first - v.E_first) / v.M + 2 * multiplied * v.l_first / v.H
    return ge(v.S, multiplied * change + rest)


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


def from_first(v: Any) -> Mapping[str, Relation]:
    """Say how the sum from the first sample begins, at k = 2 and with M constant."""
    return {
        **unit(v.beta, "β"),
        **share(v),
        "M = 1/(1-β²)": eq(v.M, 1 / (1 - v.beta * v.beta)),
        "c = 1": eq(v.c, 1),
        "H_2 > 0": gt(v.H, 0),
        SMALL: le(v.E_first, v.log),
        "from sharp_rate.factor: Λ ≥ 0": ge(v.log, 0),
        "ℓ_2 ≥ 0": ge(v.l_first, 0),
        TERM: first_term(v, v.lam),
        OWED: eq(v.debt, v.log + 2 * v.beta * v.l_first),
    }


def begins(v: Any, w: Any) -> dict[Any, Any]:
    """Say what the first term of a sum is in the lemma about any term."""
    return {
        w.E: v.E_first,
        w.E_next: v.E,
        w.l: v.l_first,
        w.l_next: v.l,
        v.S: w.square - 1 / w.M,
    }


def kept_first(v: Any) -> Mapping[str, Relation]:
    """Say how the sum from the first sample begins, if the bonus is kept."""
    taken = v.lam * (v.c * (v.E - v.E_first) + 2 * v.beta * (v.l - v.l_first))
    left = (1 - v.lam) * (2 * v.l_first - v.E_first) / v.M
    square = (1 - v.beta) * (1 - v.beta)
    return {
        **{label: what for label, what in from_first(v).items() if label not in (TERM, OWED)},
        KEPT: ge(v.S, taken + left + v.lam * v.bonus),
        BONUS: ge(v.bonus, (v.square - 1) * square),
        GAIN: ge((v.square - 1) * square - 2 * v.beta * v.l_first, -v.psi),
        "from sharp_rate.gain_sign: ψ ≥ 0": ge(v.psi, 0),
        "owed: Λ + ψ": eq(v.debt, v.log + v.psi),
    }


LEMMAS = (
    *sharp_rate_terms.LEMMAS,
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
    lemma(
        "sharp_rate.second_norm",
        "N_2 (1-β)² ≤ 1: the average of gradients is no longer than they are",
        "beta N dd dg gg dd_next",
        lambda v: {
            **unit(v.beta, "β"),
            "||d_1||² = ||g_1||² ≤ 1": le(v.dd, 1),
            "||g_2||² ≤ 1": le(v.gg, 1),
            "from mean_square.convex, ρ = 1": le(v.dd_next, v.beta * v.dd + (1 - v.beta) * v.gg),
            "D_2 = d_2/(1-β)": eq((1 - v.beta) * (1 - v.beta) * v.N, v.dd_next),
        },
        conclusion(lambda v: le(v.N * (1 - v.beta) * (1 - v.beta), 1)),
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(v.N * (1 - v.beta) * (1 - v.beta) * 100, 99)},
                real=lambda v: {
                    **gram([v.dd, v.dg], [v.dg, v.gg]),
                    "the square": eq(4 * v.dd_next, v.dd + 2 * v.dg + v.gg),
                },
                fixed={"beta": (1, 2)},
                replay=Reference(measure_second),
            ),
        ),
    ),
    lemma(
        "sharp_rate.second_log",
        "E_2 = log(N_2(1-β²)) ≤ Λ = log((1+β)/(1-β))",
        "ratio E log",
        lambda v: {
            "from sharp_rate.second_norm: N_2(1-β)² ≤ 1": le(v.ratio, 1),
            "from sharp_rate.tangent, sharp_rate.products: E_2 - Λ = log(N_2(1-β)²)": le(
                v.E - v.log, v.ratio - 1
            ),
        },
        conclusion(lambda v: le(v.E, v.log)),
        mutated=(Mutation("0.99", claim=lambda v: {"": le(100 * v.E, 99 * v.log)}),),
    ),
    lemma(
        "sharp_rate.factor",
        "Λ = log((1+β)/(1-β)) ≥ 0",
        "beta log",
        lambda v: {
            **unit(v.beta, "β"),
            "from sharp_rate.tangent: -Λ = log((1-β)/(1+β))": le(
                -v.log * (1 + v.beta), (1 - v.beta) - (1 + v.beta)
            ),
        },
        conclusion(lambda v: ge(v.log, 0)),
        mutated=(
            Mutation("at least 1", claim=lambda v: {"": ge(v.log, 1)}, fixed={"beta": (1, 4)}),
        ),
    ),
    SUM.base(
        "sharp_rate.first_base",
        "from the first sample the sum begins with k = 2, and Λ + 2βℓ_2 is owed",
        "M H log E_first l_first",
        from_first,
        by=Algebra(
            lambda v: {
                TERM: 1,
                SMALL: v.lam + (1 - v.lam) * (1 - v.beta * v.beta),
                "from sharp_rate.factor: Λ ≥ 0": v.beta * v.beta * (1 - v.lam),
                "ℓ_2 ≥ 0": 2 * v.beta * (1 - v.lam)
                + 2 * (1 - v.lam) * (1 - v.beta * v.beta)
                + 2 * v.lam / v.H,
            }
        ),
        mutated=(
            Mutation(
                "nothing is owed",
                claim=lambda v: {"": ge(v.S, v.lam * v.c * v.E + 2 * v.beta * v.lam * v.l)},
                fixed={"beta": (1, 2), "lam": (1, 2), "E": 0, "l": 0, "l_first": 0, "H": 1},
            ),
        ),
    ),
    lemma(
        "sharp_rate.gain_large",
        "(δ_2²-1)(1-β)² - 2βℓ_2 ≥ -ψ, ψ = β log x - β + (1-β)², where x = β/(1-β)²",
        "beta square x l log psi",
        lambda v: {
            **unit(v.beta, "β"),
            "x > 0": gt(v.x, 0),
            "x (1-β)² = β": eq(v.beta, v.x * (1 - v.beta) * (1 - v.beta)),
            TANGENT_G: le(2 * v.l - v.log, v.square / v.x - 1),
            "ψ": eq(v.psi, v.beta * v.log - v.beta + (1 - v.beta) * (1 - v.beta)),
        },
        conclusion(
            lambda v: ge((v.square - 1) * (1 - v.beta) * (1 - v.beta) - 2 * v.beta * v.l, -v.psi)
        ),
        mutated=(
            Mutation(
                "without the last term of ψ",
                claim=lambda v: {
                    "": ge(
                        (v.square - 1) * (1 - v.beta) * (1 - v.beta) - 2 * v.beta * v.l,
                        v.beta - v.beta * v.log,
                    )
                },
                # at the minimum, x = δ_2²
                witness={
                    "beta": 0.5,
                    "square": 2.0,
                    "x": 2.0,
                    "l": math.log(2) / 2,
                    "log": math.log(2),
                    "psi": 0.5 * math.log(2) - 0.25,
                },
            ),
        ),
    ),
    lemma(
        "sharp_rate.gain_sign",
        "ψ = β log x - β + (1-β)² ≥ 0",
        "beta x log psi",
        lambda v: {
            **unit(v.beta, "β"),
            "x > 0": gt(v.x, 0),
            "x (1-β)² = β": eq(v.beta, v.x * (1 - v.beta) * (1 - v.beta)),
            "from sharp_rate.tangent: log(1/x)": le(-v.log, 1 / v.x - 1),
            "ψ": eq(v.psi, v.beta * v.log - v.beta + (1 - v.beta) * (1 - v.beta)),
        },
        conclusion(lambda v: ge(v.psi, 0)),
        mutated=(
            Mutation(
                "at least a tenth",
                claim=lambda v: {"": ge(10 * v.psi, 1)},
                fixed={"beta": (1, 2), "x": 2},
            ),
        ),
    ),
    lemma(
        "sharp_rate.gain_small",
        "(δ_2²-1)(1-β)² - 2βℓ_2 ≥ 0 where β ≤ (1-β)²: there ψ = 0 does",
        "beta square l",
        lambda v: {
            **unit(v.beta, "β"),
            "β ≤ (1-β)²": le(v.beta, (1 - v.beta) * (1 - v.beta)),
            "δ_2 ≥ 1": ge(v.square, 1),
            "from sharp_rate.tangent: 2ℓ_2": le(2 * v.l, v.square - 1),
        },
        conclusion(
            lambda v: ge((v.square - 1) * (1 - v.beta) * (1 - v.beta) - 2 * v.beta * v.l, 0)
        ),
        mutated=(
            Mutation(
                "β may be larger",
                drop=("β ≤ (1-β)²",),
                fixed={"beta": (1, 2), "square": 2},
            ),
        ),
    ),
    SUM.base(
        "sharp_rate.kept_base",
        "the same with the bonus itself: Λ + ψ is owed",
        "M H log psi bonus square E_first l_first",
        kept_first,
        by=Algebra(
            lambda v: {
                KEPT: 1,
                SMALL: v.lam + (1 - v.lam) * (1 - v.beta * v.beta),
                "from sharp_rate.factor: Λ ≥ 0": v.beta * v.beta * (1 - v.lam),
                "ℓ_2 ≥ 0": 2 * (1 - v.lam) * (1 - v.beta * v.beta),
                GAIN: v.lam,
                BONUS: v.lam,
                "from sharp_rate.gain_sign: ψ ≥ 0": 1 - v.lam,
            }
        ),
        mutated=(
            Mutation(
                "nothing is owed",
                claim=lambda v: {"": ge(v.S, v.lam * v.c * v.E + 2 * v.beta * v.lam * v.l)},
                fixed={
                    "beta": (1, 2),
                    "lam": (1, 2),
                    "E": 0,
                    "l": 0,
                    "l_first": 0,
                    "H": 1,
                    "square": 1,
                    "bonus": 0,
                    "psi": 0,
                },
            ),
        ),
    ),
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
    ("sharp_rate.zero_base", "sharp_rate.sign"): [lambda v, w: {w.log: v.E_first}],
    ("sharp_rate.zero_base", "sharp_rate.term"): [begins],
    ("sharp_rate.first_base", "sharp_rate.term"): [begins],
    ("sharp_rate.first_base", "sharp_rate.second_log"): [lambda v, w: {w.E: v.E_first}],
    ("sharp_rate.gain_large", "sharp_rate.tangent"): [
        lambda v, w: {w.log: 2 * v.l - v.log, w.x: v.square / v.x}
    ],
    ("sharp_rate.gain_sign", "sharp_rate.tangent"): [lambda v, w: {w.log: -v.log, w.x: 1 / v.x}],
    ("sharp_rate.gain_small", "sharp_rate.tangent"): [lambda v, w: {w.log: 2 * v.l, w.x: v.square}],
    ("sharp_rate.kept_base", "sharp_rate.kept"): [
        lambda v, w: {**begins(v, w), v.bonus: w.square - w.inverse}
    ],
    ("sharp_rate.kept_base", "sharp_rate.second_log"): [lambda v, w: {w.E: v.E_first}],
    ("sharp_rate.kept_base", "sharp_rate.gain_large"): [lambda v, w: {w.l: v.l_first}],
    ("sharp_rate.from_first_kept", "summed.step"): [lambda v, w: {w.S: v.q2 + v.sum}],
    ("sharp_rate.from_first_kept", "sharp_rate.last"): [lambda v, w: {w.ee: v.dist}],
    ("sharp_rate.sum_step", "sharp_rate.term"): [lambda v, w: {w.lam: v.lam_next, w.c: v.c_next}],
    ("sharp_rate.sum_step", "sharp_rate.cancel"): [
        lambda v, w: {w.before: v.lam * v.c, w.lam: v.lam_next, w.c: v.c_next}
    ],
    ("sharp_rate.sum_step", "sharp_rate.coefficient"): [
        lambda v, w: {w.before_lam: v.lam, w.lam: v.lam_next}
    ],
    ("sharp_rate.second_log", "sharp_rate.second_norm"): [
        lambda v, w: {v.ratio: w.N * (1 - w.beta) * (1 - w.beta)}
    ],
    ("sharp_rate.second_log", "sharp_rate.tangent"): [
        lambda v, w: {w.log: v.E - v.log, w.x: v.ratio}
    ],
    ("sharp_rate.factor", "sharp_rate.tangent"): [
        lambda v, w: {w.log: -v.log, w.x: (1 - v.beta) / (1 + v.beta)}
    ],
    ("sharp_rate.first_gain", "sharp_rate.tangent"): [lambda v, w: {w.log: 2 * v.logq, w.x: v.q2}],
    ("sharp_rate.first_gain", "sharp_rate.sign"): [
        lambda v, w: {w.log: -v.logq},
        lambda v, w: {w.log: v.half},
    ],
    ("sharp_rate.from_zero", "summed.step"): [lambda v, w: {w.S: v.sum}],
    ("sharp_rate.from_first", "summed.step"): [lambda v, w: {w.S: v.q2 + v.sum}],
    ("sharp_rate.from_zero", "sharp_rate.last"): [lambda v, w: {w.ee: v.dist}],
    ("sharp_rate.from_first", "sharp_rate.last"): [lambda v, w: {w.ee: v.dist}],
    ("sharp_rate.end", "sharp_rate.from_zero"): [
        lambda v, w: {v.A: 1 + w.reference, w.D2: v.ratio * v.ratio}
    ],
    ("sharp_rate.second_norm", "mean_square.convex"): [lambda v, w: {w.rho: 1, w.rho_next: 1}],
}

THEOREM = Theorem(
    name="sharp_rate",
    title="sharp rate, one function",
    statement="min_{k≤K} f(x^k) - f* ≤ G D/√A: from zero, in any fixed metric, A = 1 +"
    " Σ_{k<K} (1-β²)/(1-β^{2k}); from the first sample A = 2 + (1-β²)(K-2) - log((1+β)/(1-β))"
    " - min{2β log 2, ψ}, K ≥ 2, ψ = β log(β/(1-β)²) - β + (1-β)², or 0 where β ≤ (1-β)²",
    claims=("sharp_rate", "frozen_sharp_rate"),
    assumptions=norm_recursion.THEOREM.assumptions,
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
)
