"""The sharp rate from the first sample, where the second average may be long.

``D_1 = g_1/(1-β)``: the recursion of the norms starts at k = 2, with N_2 up to ``1/(1-β)²``. It is
compared with the constant ``M = 1/(1-β²)``; what that costs, Λ, and what is left of ℓ_2, is owed.
Units and names as in `theory.theorems.sharp_rate.proof_terms`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    FIRST,
    Algebra,
    Meanings,
    Mutation,
    Reference,
    conclusion,
    lemma,
)
from theory.proofs.hypotheses import assumed, case, definition
from theory.proofs.replay import first_step, identity, made, vectors
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, maximum, unit
from theory.theorems.sharp_rate.proof_terms import SUM, TERM, begins, first_term
from theory.theorems.sharp_rate.proof_weights import share

KEPT = "from sharp_rate.kept: δ_k²/N_k - 1/M_k"
BONUS = "from sharp_rate.second_bonus: (δ_2²-1)/N_2 ≥ (δ_2²-1)(1-β)²"
GAIN = "from sharp_rate.gain: (δ_2²-1)(1-β)² - 2βℓ_2 ≥ -ψ"
TANGENT_G = "from sharp_rate.tangent: log(δ_2²/x)"
OWED = definition("owed: Λ + 2βℓ_2")
SMALL = "from sharp_rate.second_log: E_2 ≤ Λ = log((1+β)/(1-β))"


def measure_second(v: Any) -> Mapping[str, float]:
    """Take the first step and the second, and measure ``||d_2||²`` and N_2."""
    d, grad = vectors([[v.dd, v.dg], [v.dg, v.gg]])
    first = first_step(made(v.beta, identity(3), 0.0), np.zeros(3), 1.0, d)
    second = first.then(1.0, grad)
    norm_sq = float(second.info.dual_norm_sq)
    return {"dd_next": norm_sq, "N": norm_sq / (1 - v.beta) ** 2}


def balanced(v: Any) -> Mapping[str, Relation]:
    """Say what x and ψ are."""
    square = (1 - v.beta) * (1 - v.beta)
    return {
        **unit(v.beta, "β"),
        **maximum(v.x, "x = max{1, β/(1-β)²}", 1, v.beta / square),
        definition("ψ = β log x - (x-1)(1-β)²"): eq(v.psi, v.beta * v.log - (v.x - 1) * square),
    }


def from_first(v: Any) -> Mapping[str, Relation]:
    """Say how the sum from the first sample begins, at k = 2 and with M constant."""
    return {
        **unit(v.beta, "β"),
        **share(v),
        definition("M = 1/(1-β²)"): eq(v.M, 1 / (1 - v.beta * v.beta)),
        definition("c = 1"): eq(v.c, 1),
        case("H_2 > 0"): gt(v.H, 0),
        SMALL: le(v.E_first, v.log),
        "from sharp_rate.factor: Λ ≥ 0": ge(v.log, 0),
        case("ℓ_2 ≥ 0"): ge(v.l_first, 0),
        TERM: first_term(v, v.lam),
        OWED: eq(v.debt, v.log + 2 * v.beta * v.l_first),
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
        definition("owed: Λ + ψ"): eq(v.debt, v.log + v.psi),
    }


BEGINNINGS = (
    lemma(
        "sharp_rate.second_norm",
        "N_2 (1-β)² ≤ 1: the average of gradients is no longer than they are",
        "beta N dd dg gg dd_next",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("path_gradients", "||d_1||² = ||g_1||² ≤ 1"): le(v.dd, 1),
            assumed("path_gradients", "||g_2||² ≤ 1"): le(v.gg, 1),
            "from mean_square.convex, ρ = 1": le(v.dd_next, v.beta * v.dd + (1 - v.beta) * v.gg),
            definition("D_2 = d_2/(1-β)"): eq((1 - v.beta) * (1 - v.beta) * v.N, v.dd_next),
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
        begins=(FIRST,),
    ),
    lemma(
        "sharp_rate.gain",
        "(δ_2²-1)(1-β)² - 2βℓ_2 ≥ -ψ for ψ = β log x - (x-1)(1-β)², x = max{1, β/(1-β)²}",
        "beta square x l log psi",
        lambda v: {
            **balanced(v),
            case("δ_2 ≥ 1"): ge(v.square, 1),
            TANGENT_G: le(2 * v.l - v.log, v.square / v.x - 1),
        },
        conclusion(
            lambda v: ge((v.square - 1) * (1 - v.beta) * (1 - v.beta) - 2 * v.beta * v.l, -v.psi)
        ),
        mutated=(
            Mutation(
                "x-1 counts half more",
                claim=lambda v: {
                    "": ge(
                        (v.square - 1) * (1 - v.beta) * (1 - v.beta) - 2 * v.beta * v.l,
                        (v.x - 1) * (1 - v.beta) * (1 - v.beta) * 3 / 2 - v.beta * v.log,
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
        "ψ = β log x - (x-1)(1-β)² ≥ 0",
        "beta x log psi",
        lambda v: {
            **balanced(v),
            "from sharp_rate.tangent: log(1/x)": le(-v.log, 1 / v.x - 1),
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
        "sharp_rate.second_bonus",
        "(δ_2²-1)/N_2 ≥ (δ_2²-1)(1-β)²",
        "beta square N",
        lambda v: {
            **unit(v.beta, "β"),
            case("N_2 > 0"): gt(v.N, 0),
            case("δ_2 ≥ 1"): ge(v.square, 1),
            "from sharp_rate.second_norm: N_2 (1-β)² ≤ 1": le(v.N * (1 - v.beta) * (1 - v.beta), 1),
        },
        conclusion(
            lambda v: ge((v.square - 1) / v.N, (v.square - 1) * (1 - v.beta) * (1 - v.beta))
        ),
        by=Algebra(lambda v: {"from sharp_rate.second_norm: N_2 (1-β)² ≤ 1": (v.square - 1) / v.N}),
        mutated=(
            Mutation(
                "1.01 times as much",
                claim=lambda v: {
                    "": ge(
                        100 * (v.square - 1),
                        101 * (v.square - 1) * (1 - v.beta) * (1 - v.beta) * v.N,
                    )
                },
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
        begins=(FIRST,),
    ),
)

MEANINGS: Meanings = {
    ("sharp_rate.first_base", "sharp_rate.term"): [begins],
    ("sharp_rate.first_base", "sharp_rate.second_log"): [lambda v, w: {w.E: v.E_first}],
    ("sharp_rate.gain", "sharp_rate.tangent"): [
        lambda v, w: {w.log: 2 * v.l - v.log, w.x: v.square / v.x}
    ],
    ("sharp_rate.gain_sign", "sharp_rate.tangent"): [lambda v, w: {w.log: -v.log, w.x: 1 / v.x}],
    ("sharp_rate.kept_base", "sharp_rate.kept"): [
        lambda v, w: {**begins(v, w), v.bonus: w.square - w.inverse}
    ],
    ("sharp_rate.kept_base", "sharp_rate.second_log"): [lambda v, w: {w.E: v.E_first}],
    ("sharp_rate.kept_base", "sharp_rate.gain"): [lambda v, w: {w.l: v.l_first, w.log: w.log}],
    ("sharp_rate.kept_base", "sharp_rate.gain_sign"): [lambda v, w: {w.log: w.log}],
    ("sharp_rate.kept_base", "sharp_rate.second_bonus"): [
        lambda v, w: {v.bonus: (w.square - 1) / w.N}
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
    ("sharp_rate.second_norm", "mean_square.convex"): [lambda v, w: {w.rho: 1, w.rho_next: 1}],
}
