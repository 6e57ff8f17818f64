"""The sharp rate, one step: what ``δ_k²/N_k`` is at least.

Units: G = 1, and the least ``δ_k = f(x^k) - f*`` is 1. Compared with a solution of the recursion in
which nothing changes, ``M_{k+1} = 1 + β² M_k``: ``E_k = log(N_k/M_k)``, ``ℓ_k = log δ_k >= 0`` and
``c_k = β² + 1/M_k = M_{k+1}/M_k``. A part λ_k of the bound comes from the recursion of the norms,
the rest from the exponential. Logarithms are scalars of their own; what is known of them is
`sharp_rate.tangent`, and that they turn products into sums.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from theory.proofs.base import (
    Algebra,
    Calculus,
    Invariant,
    Meanings,
    Mutation,
    by_hand,
    conclusion,
    lemma,
)
from theory.proofs.hypotheses import case, definition
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.theorems.sharp_rate.proof_weights import BEFORE, share

NORM = "from norm_recursion.norm: N_{k+1} ≤ 1 + β²N_k + 2βN_k(1-δ_{k+1}/δ_k)"
TANGENT_N = "from sharp_rate.tangent: E_{k+1} - E_k ≤ N_{k+1}/(c_k N_k) - 1"
TANGENT_D = "from sharp_rate.tangent: ℓ_{k+1} - ℓ_k ≤ δ_{k+1}/δ_k - 1"
TANGENT_X = "from sharp_rate.tangent: 2ℓ_k - E_k ≤ δ_k² M_k/N_k - 1"
TANGENT_S = "from sharp_rate.tangent: 2ℓ_k ≤ δ_k² - 1"
LOGARITHM = "from sharp_rate.logarithm"
EXPONENTIAL = "from sharp_rate.exponential"
BONUS = "from sharp_rate.bonus"


TERM = "from sharp_rate.term: δ_k²/N_k - 1/M_k"
SUM = Invariant(
    "beta S debt lam c E l",
    lambda v: {
        "Σ_{j≤k}(δ_j²/N_j - 1/M_j) + debt ≥ λ_k c_k E_{k+1} + 2βλ_k ℓ_{k+1}": ge(
            v.S + v.debt, v.lam * v.c * v.E + 2 * v.beta * v.lam * v.l
        )
    },
)


def parts(v: Any) -> Mapping[str, Relation]:
    """Say what is known of ``δ_k²/N_k`` and of ``1/N_k``."""
    change = v.c * (v.E_next - v.E) + 2 * v.beta * (v.l_next - v.l)
    return {
        **unit(v.beta, "β"),
        **share(v),
        case("M_k > 0"): gt(v.M, 0),
        case("H_k > 0"): gt(v.H, 0),
        definition("c_k = β² + 1/M_k"): eq(v.c, v.beta * v.beta + 1 / v.M),
        LOGARITHM: ge(v.inverse, 1 / v.M + change),
        EXPONENTIAL: ge(v.square, (1 + 2 * v.l - v.E) / v.M),
        BONUS: ge(v.square - v.inverse, 2 * v.l / v.H),
    }


def least(v: Any) -> Any:
    """Return what ``δ_k²/N_k - 1/M_k`` is at least, by `sharp_rate.term`."""
    change = v.c * (v.E_next - v.E) + 2 * v.beta * (v.l_next - v.l)
    return v.lam * change + (1 - v.lam) * (2 * v.l - v.E) / v.M + 2 * v.lam * v.l / v.H


def first_term(v: Any, multiplied: Any) -> Any:
    """Return the relation that the first term of a sum obeys; ``multiplied`` is its λ."""
    change = v.c * (v.E - v.E_first) + 2 * v.beta * (v.l - v.l_first)
    rest = (1 - multiplied) * (2 * v.l_first - v.E_first) / v.M + 2 * multiplied * v.l_first / v.H
    return ge(v.S, multiplied * change + rest)


def begins(v: Any, w: Any) -> dict[Any, Any]:
    """Say what the first term of a sum is in the lemma about any term."""
    return {
        w.E: v.E_first,
        w.E_next: v.E,
        w.l: v.l_first,
        w.l_next: v.l,
        v.S: w.square - 1 / w.M,
    }


LEMMAS = (
    lemma(
        "sharp_rate.tangent",
        "log x ≤ x - 1 for x > 0",
        "x log",
        lambda v: {case("x > 0"): gt(v.x, 0)},
        conclusion(lambda v: le(v.log, v.x - 1)),
        by=Calculus("x", lambda v, log: v.x - 1 - log(v.x), lambda v: 1 - 1 / v.x, at=1),
        source="known",
        mutated=(
            Mutation(
                "slope 1.05",
                claim=lambda v: {"": le(v.log, (v.x - 1) * 105 / 100)},
                witness={"x": 0.95, "log": math.log(0.95)},
            ),
        ),
    ),
    lemma(
        "sharp_rate.sign",
        "log x ≤ 0 for 0 < x ≤ 1",
        "x log",
        lambda v: {
            case("x ≤ 1"): le(v.x, 1),
            "from sharp_rate.tangent": le(v.log, v.x - 1),
        },
        conclusion(lambda v: le(v.log, 0)),
        source="known",
        mutated=(Mutation("x may be larger", drop=("x ≤ 1",)),),
    ),
    by_hand(
        "sharp_rate.products",
        "log(xy) = log x + log y, and log(x/y) = log x - log y",
        "The logarithm turns products into sums.",
        source="known",
    ),
    *BEFORE,
    lemma(
        "sharp_rate.logarithm",
        "1/N_k ≥ 1/M_k + c_k(E_{k+1}-E_k) + 2β(ℓ_{k+1}-ℓ_k)",
        "beta N N_next M c ratio E E_next l l_next",
        lambda v: {
            **unit(v.beta, "β"),
            case("N_k > 0"): gt(v.N, 0),
            case("M_k > 0"): gt(v.M, 0),
            definition("c_k = β² + 1/M_k"): eq(v.c, v.beta * v.beta + 1 / v.M),
            NORM: le(v.N_next, 1 + v.beta * v.beta * v.N + 2 * v.beta * v.N * (1 - v.ratio)),
            TANGENT_N: le(v.E_next - v.E, v.N_next / (v.c * v.N) - 1),
            TANGENT_D: le(v.l_next - v.l, v.ratio - 1),
        },
        conclusion(
            lambda v: ge(
                1 / v.N,
                1 / v.M + v.c * (v.E_next - v.E) + 2 * v.beta * (v.l_next - v.l),
            )
        ),
        by=Algebra(lambda v: {NORM: 1 / v.N, TANGENT_N: v.c, TANGENT_D: 2 * v.beta}),
        mutated=(
            Mutation(
                "1/M becomes 1.1/M",
                claim=lambda v: {"": ge(1 / v.N, 11 / (10 * v.M) + v.c * (v.E_next - v.E))},
                # a fixed point of the recursion: nothing changes
                witness={
                    "beta": 0.5,
                    "N": 4 / 3,
                    "N_next": 4 / 3,
                    "M": 4 / 3,
                    "c": 1.0,
                    "ratio": 1.0,
                    "E": 0.0,
                    "E_next": 0.0,
                    "l": 0.0,
                    "l_next": 0.0,
                },
            ),
        ),
    ),
    lemma(
        "sharp_rate.exponential",
        "δ_k²/N_k ≥ (1 + 2ℓ_k - E_k)/M_k",
        "N M square E l",
        lambda v: {
            case("N_k > 0"): gt(v.N, 0),
            case("M_k > 0"): gt(v.M, 0),
            TANGENT_X: le(2 * v.l - v.E, v.square * v.M / v.N - 1),
        },
        conclusion(lambda v: ge(v.square / v.N, (1 + 2 * v.l - v.E) / v.M)),
        by=Algebra(lambda v: {TANGENT_X: 1 / v.M}),
        mutated=(
            Mutation(
                "1 becomes 1.1",
                claim=lambda v: {"": ge(10 * v.square * v.M, (11 + 20 * v.l - 10 * v.E) * v.N)},
                witness={"N": 1.0, "M": 1.0, "square": 1.0, "E": 0.0, "l": 0.0},
            ),
        ),
    ),
    lemma(
        "sharp_rate.bonus",
        "(δ_k²-1)/N_k ≥ 2ℓ_k/H_k, H_k = h_k²",
        "square l N H",
        lambda v: {
            case("N_k > 0"): gt(v.N, 0),
            "from sharp_rate.longest_step: N_k ≤ H_k": le(v.N, v.H),
            case("H_k > 0"): gt(v.H, 0),
            case("ℓ_k ≥ 0: δ_k is at least the least"): ge(v.l, 0),
            TANGENT_S: le(2 * v.l, v.square - 1),
        },
        conclusion(lambda v: ge((v.square - 1) / v.N, 2 * v.l / v.H)),
        by=Algebra(
            lambda v: {
                TANGENT_S: 1 / v.N,
                "from sharp_rate.longest_step: N_k ≤ H_k": 2 * v.l / (v.N * v.H),
            }
        ),
        mutated=(
            Mutation(
                "N may be larger",
                claim=lambda v: {"": ge((v.square - 1) * v.H, 2 * v.l * v.N)},
                drop=("from sharp_rate.longest_step: N_k ≤ H_k",),
                fixed={"l": 1, "square": 3, "H": 1},
            ),
        ),
    ),
    lemma(
        "sharp_rate.term",
        "δ_k²/N_k - 1/M_k ≥ λ_k(c_k(E_{k+1}-E_k) + 2β(ℓ_{k+1}-ℓ_k)) + (1-λ_k)(2ℓ_k-E_k)/M_k"
        " + 2λ_kℓ_k/H_k",
        "beta lam c M H inverse square E E_next l l_next",
        parts,
        conclusion(lambda v: ge(v.square - 1 / v.M, least(v))),
        by=Algebra(lambda v: {LOGARITHM: v.lam, EXPONENTIAL: 1 - v.lam, BONUS: v.lam}),
        mutated=(
            Mutation(
                "twice the bonus",
                claim=lambda v: {"": ge(v.square - 1 / v.M, least(v) + 2 * v.lam * v.l / v.H)},
                fixed={
                    "beta": (1, 2),
                    "lam": (1, 2),
                    "M": 1,
                    "H": 1,
                    "l": 1,
                    "E": 0,
                    "E_next": 0,
                    "l_next": 1,
                },
            ),
        ),
    ),
    lemma(
        "sharp_rate.kept",
        "δ_k²/N_k - 1/M_k ≥ λ_k(c_k(E_{k+1}-E_k) + 2β(ℓ_{k+1}-ℓ_k)) + (1-λ_k)(2ℓ_k-E_k)/M_k"
        " + λ_k (δ_k²-1)/N_k: the bonus itself",
        "beta lam c M H inverse square E E_next l l_next",
        lambda v: {label: what for label, what in parts(v).items() if label != BONUS},
        conclusion(
            lambda v: ge(
                v.square - 1 / v.M,
                least(v) - 2 * v.lam * v.l / v.H + v.lam * (v.square - v.inverse),
            )
        ),
        by=Algebra(lambda v: {LOGARITHM: v.lam, EXPONENTIAL: 1 - v.lam}),
        mutated=(
            Mutation(
                "the bonus twice",
                claim=lambda v: {
                    "": ge(
                        v.square - 1 / v.M,
                        least(v) - 2 * v.lam * v.l / v.H + 2 * v.lam * (v.square - v.inverse),
                    )
                },
                fixed={
                    "beta": (1, 2),
                    "lam": (1, 2),
                    "M": 1,
                    "H": 1,
                    "l": 1,
                    "E": 0,
                    "E_next": 0,
                    "l_next": 1,
                },
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("sharp_rate.logarithm", "norm_recursion.norm"): [
        lambda v, w: {w.G2: 1, v.ratio: w.delta_next / w.delta}
    ],
    ("sharp_rate.logarithm", "sharp_rate.tangent"): [
        lambda v, w: {w.log: v.E_next - v.E, w.x: v.N_next / (v.c * v.N)},
        lambda v, w: {w.log: v.l_next - v.l, w.x: v.ratio},
    ],
    ("sharp_rate.exponential", "sharp_rate.tangent"): [
        lambda v, w: {w.log: 2 * v.l - v.E, w.x: v.square * v.M / v.N}
    ],
    ("sharp_rate.bonus", "sharp_rate.tangent"): [lambda v, w: {w.log: 2 * v.l, w.x: v.square}],
    ("sharp_rate.bonus", "sharp_rate.longest_step"): [lambda v, w: {v.H: w.h * w.h}],
    ("sharp_rate.term", "sharp_rate.logarithm"): [lambda v, w: {v.inverse: 1 / w.N}],
    ("sharp_rate.term", "sharp_rate.exponential"): [lambda v, w: {v.square: w.square / w.N}],
    ("sharp_rate.term", "sharp_rate.bonus"): [
        lambda v, w: {v.square: w.square / w.N, v.inverse: 1 / w.N}
    ],
    ("sharp_rate.kept", "sharp_rate.logarithm"): [lambda v, w: {v.inverse: 1 / w.N}],
    ("sharp_rate.kept", "sharp_rate.exponential"): [lambda v, w: {v.square: w.square / w.N}],
}
