"""The products of the construction in `theory.proofs.lower_bound`, summed along its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import Algebra, Induction, Invariant, Mutation, conclusion, lemma
from theory.proofs.lower_bound_sums import BOTH, HALF, c, inside, onwards, orders, power
from theory.proofs.scalars import Relation, eq, ge, le, unit

LATER = Invariant(
    "beta p n P T",
    lambda v: {
        "Σ_{l=j}^{j+n-1} <g_j,D_l>/N = 1 + (1-β)(n-1)p^n - βc(n)": eq(
            v.T, 1 + (1 - v.beta) * (v.n - 1) * v.P - v.beta * c(v, v.n, v.P)
        )
    },
)
EARLY = Invariant(
    "beta p n P T",
    lambda v: {
        "Σ_{l=1}^n w_l <g_1,D_l>/N = 1 + (1-β)(n-1)p^n": eq(v.T, 1 + (1 - v.beta) * (v.n - 1) * v.P)
    },
)
QUADRATIC = Invariant(
    "p w L P V Q",
    lambda v: {
        "||Σ_{l≤L} w_l D_l||²/N = w_1² + 2w_1(L-1)p^L + L-1 + 2V": eq(
            v.Q, v.w * v.w + 2 * v.w * (v.L - 1) * v.P + v.L - 1 + 2 * v.V
        )
    },
)
DOUBLE = Invariant(
    "p L P V",
    lambda v: {
        "V (1-p)² = p² - (L-1)p^L + (L-2)p^{L+1}": eq(
            (1 - v.p) * (1 - v.p) * v.V, v.p * v.p - (v.L - 1) * v.P + (v.L - 2) * v.p * v.P
        ),
        "V ≥ 0": ge(v.V, 0),
        "L ≥ 1": ge(v.L, 1),
    },
)


def doubled(v: Any) -> Mapping[str, Relation]:
    """Say what V is, and that it is a sum of positive terms."""
    return {
        **inside(v),
        **power(v),
        "L ≥ 1": ge(v.L, 1),
        "from lower_bound.double_step": eq(
            (1 - v.p) * (1 - v.p) * v.V, v.p * v.p - (v.L - 1) * v.P + (v.L - 2) * v.p * v.P
        ),
        "from lower_bound.double_step: V ≥ 0": ge(v.V, 0),
    }


LEMMAS = (
    LATER.base(
        "lower_bound.later_base",
        "<g_j,D_j>/N = 1 - βc(1)",
        "",
        lambda v: {
            "n = 1": eq(v.n, 1),
            "P = p": eq(v.P, v.p),
            "T = 1 - β c(1)": eq(v.T, 1 - v.beta * c(v, 1, v.p)),
        },
        by=Algebra(),
        mutated=(Mutation("1", claim=lambda v: {"": eq(v.T, 1)}, fixed=BOTH),),
    ),
    LATER.step(
        "lower_bound.later_step",
        "j ≥ 2: <g_j,D_l>/N = c(l-j) - βc(l-j+1) is added",
        "n_next P_next T_next",
        lambda v: {
            **onwards(v, "n"),
            "T + c(n) - βc(n+1)": eq(
                v.T_next, v.T + c(v, v.n, v.P) - v.beta * c(v, v.n_next, v.P_next)
            ),
        },
        by=Algebra(
            lambda v: {"induction: Σ_{l=j}^{j+n-1} <g_j,D_l>/N = 1 + (1-β)(n-1)p^n - βc(n)": 1}
        ),
        mutated=(
            Mutation(
                "n for n-1",
                claim=lambda v: {
                    "": eq(
                        v.T_next,
                        1 + (1 - v.beta) * v.n_next * v.P_next - v.beta * c(v, v.n_next, v.P_next),
                    )
                },
                fixed={**BOTH, "P": (1, 2), "n": 1},
            ),
        ),
    ),
    lemma(
        "lower_bound.later_sign",
        "T ≥ 0 for n ≥ 1",
        "beta p n P T",
        lambda v: {
            **orders(v),
            **power(v),
            "n ≥ 1": ge(v.n, 1),
            "from lower_bound.later_step": eq(
                v.T, 1 + (1 - v.beta) * (v.n - 1) * v.P - v.beta * c(v, v.n, v.P)
            ),
        },
        conclusion(lambda v: ge(v.T, 0)),
        by=Algebra(
            lambda v: {
                "n ≥ 1": (1 - v.beta) * v.P + v.beta * (1 - v.p) * v.P,
                "from lower_bound.power_step: P ≤ 1": v.beta * v.p,
                "β ≥ 0": 1 - v.p,
                "β < 1": 1,
            }
        ),
        mutated=(Mutation("T ≥ 1", claim=lambda v: {"": ge(v.T, 1)}, fixed=BOTH),),
    ),
    lemma(
        "lower_bound.later_star",
        "T ≥ 1 for n ≥ 1/(1-p)",
        "beta p n P T c",
        lambda v: {
            **orders(v),
            **power(v),
            "n ≥ 1": ge(v.n, 1),
            "from lower_bound.negative: c(n) ≤ 0": le(v.c, 0),
            "from lower_bound.later_step": eq(
                v.T, 1 + (1 - v.beta) * (v.n - 1) * v.P - v.beta * v.c
            ),
        },
        conclusion(lambda v: ge(v.T, 1)),
        by=Algebra(
            lambda v: {
                "n ≥ 1": (1 - v.beta) * v.P,
                "from lower_bound.negative: c(n) ≤ 0": v.beta,
            }
        ),
        mutated=(
            Mutation(
                "for every n",
                drop=("from lower_bound.negative: c(n) ≤ 0",),
                fixed=BOTH,
            ),
        ),
    ),
    EARLY.base(
        "lower_bound.first_base",
        "w_1 <g_1,D_1>/N = 1, as w_1 = 1/(1-β) and g_1 = (1-β) D_1",
        "w",
        lambda v: {
            **unit(v.beta, "β"),
            "n = 1": eq(v.n, 1),
            "P = p": eq(v.P, v.p),
            "w_1 = 1/(1-β)": eq(v.w, 1 / (1 - v.beta)),
            "T = w_1 (1-β)": eq(v.T, v.w * (1 - v.beta)),
        },
        by=Algebra(),
        mutated=(Mutation("1-β", claim=lambda v: {"": eq(v.T, 1 - v.beta)}, fixed=BOTH),),
    ),
    EARLY.step(
        "lower_bound.first_step_sum",
        "<g_1,D_{n+1}>/N = (1-β) c(n) is added",
        "n_next P_next T_next",
        lambda v: {
            **onwards(v, "n"),
            "T + (1-β) c(n)": eq(v.T_next, v.T + (1 - v.beta) * c(v, v.n, v.P)),
        },
        by=Algebra(lambda v: {"induction: Σ_{l=1}^n w_l <g_1,D_l>/N = 1 + (1-β)(n-1)p^n": 1}),
        mutated=(
            Mutation(
                "n for n-1",
                claim=lambda v: {"": eq(v.T_next, 1 + (1 - v.beta) * v.n_next * v.P_next)},
                fixed={**BOTH, "P": (1, 2), "n": 1},
            ),
        ),
    ),
    lemma(
        "lower_bound.first_sign",
        "for j = 1: T ≥ 1",
        "beta p n P T",
        lambda v: {
            **orders(v),
            **power(v),
            "n ≥ 1": ge(v.n, 1),
            "from lower_bound.first_step_sum": eq(v.T, 1 + (1 - v.beta) * (v.n - 1) * v.P),
        },
        conclusion(lambda v: ge(v.T, 1)),
        by=Algebra(lambda v: {"n ≥ 1": (1 - v.beta) * v.P}),
        mutated=(Mutation("above 1", claim=lambda v: {"": ge(v.T, 1 + v.P)}, fixed=BOTH),),
    ),
    QUADRATIC.base(
        "lower_bound.quadratic_base",
        "||w_1 D_1||²/N = w_1²",
        "",
        lambda v: {
            "L = 1": eq(v.L, 1),
            "V = 0": eq(v.V, 0),
            "Q = w_1²": eq(v.Q, v.w * v.w),
        },
        by=Algebra(),
        mutated=(Mutation("w_1", claim=lambda v: {"": eq(v.Q, v.w)}),),
    ),
    QUADRATIC.step(
        "lower_bound.quadratic_step",
        "1 + 2(w_1 c(L) + Σ_{m=1}^{L-1} c(m)) is added, V takes (L-1) p^L",
        "L_next P_next V_next Q_next S",
        lambda v: {
            **onwards(v, "L"),
            "from lower_bound.partial_step: Σ_{m=1}^{L-1} c(m) = (L-1) p^L": eq(
                v.S, (v.L - 1) * v.P
            ),
            "V": eq(v.V_next, v.V + (v.L - 1) * v.P),
            "Q": eq(v.Q_next, v.Q + 1 + 2 * (v.w * c(v, v.L, v.P) + v.S)),
        },
        by=Algebra(
            lambda v: {"induction: ||Σ_{l≤L} w_l D_l||²/N = w_1² + 2w_1(L-1)p^L + L-1 + 2V": 1}
        ),
        mutated=(
            Mutation(
                "the D_l as if orthogonal",
                claim=lambda v: {"": eq(v.Q_next, v.w * v.w + v.L_next - 1)},
                fixed={**HALF, "P": (1, 4), "L": 2, "V": 0, "w": 2},
            ),
        ),
    ),
    DOUBLE.base(
        "lower_bound.double_base",
        "V = 0 for L = 1",
        "",
        lambda v: {"L = 1": eq(v.L, 1), "P = p": eq(v.P, v.p), "V = 0": eq(v.V, 0)},
        mutated=(Mutation("1", claim=lambda v: {"": eq(v.V, v.P)}, fixed=HALF),),
    ),
    DOUBLE.step(
        "lower_bound.double_step",
        "V = Σ_{n=1}^{L-2} n p^{n+1} in closed form",
        "L_next P_next V_next",
        lambda v: {**power(v), **onwards(v, "L"), "V": eq(v.V_next, v.V + (v.L - 1) * v.P)},
        mutated=(
            Mutation(
                "the whole series",
                claim=lambda v: {"": eq((1 - v.p) * (1 - v.p) * v.V_next, v.p * v.p)},
                fixed={**HALF, "L": 2, "P": (1, 4)},
            ),
        ),
    ),
    lemma(
        "lower_bound.tail",
        "V ≤ p²/(1-p)² and (L-1) p^L ≤ p²/(1-p)",
        "p L P V",
        doubled,
        lambda v: {
            "V": le((1 - v.p) * (1 - v.p) * v.V, v.p * v.p),
            "(L-1) p^L": le((v.L - 1) * v.P * (1 - v.p), v.p * v.p),
        },
        mutated=(
            Mutation(
                "half as much",
                claim=lambda v: {"": le(2 * (1 - v.p) * (1 - v.p) * v.V, v.p * v.p)},
                fixed=HALF,
            ),
        ),
    ),
    lemma(
        "lower_bound.quadratic",
        "Q ≤ K + C, C = ⌈1/(1-p)⌉-2+1/(1-β)²+2p²/((1-β)(1-p))+2p²/(1-p)²",
        "p w L P V Q K M C tail double",
        lambda v: {
            **inside(v),
            "w_1 = 1/(1-β) ≥ 0": ge(v.w, 0),
            "L = K-1+M, M = ⌈1/(1-p)⌉": eq(v.L, v.K - 1 + v.M),
            "from lower_bound.quadratic_step": eq(
                v.Q, v.w * v.w + 2 * v.w * (v.L - 1) * v.P + v.L - 1 + 2 * v.V
            ),
            "from lower_bound.tail: V ≤ p²/(1-p)²": le(v.V, v.double),
            "from lower_bound.tail: (L-1) p^L ≤ p²/(1-p)": le((v.L - 1) * v.P, v.tail),
            "p²/(1-p)": eq(v.tail, v.p * v.p / (1 - v.p)),
            "p²/(1-p)²": eq(v.double, v.p * v.p / ((1 - v.p) * (1 - v.p))),
            "C": eq(v.C, v.M - 2 + v.w * v.w + 2 * v.w * v.tail + 2 * v.double),
        },
        conclusion(lambda v: le(v.Q, v.K + v.C)),
        by=Algebra(
            lambda v: {
                "from lower_bound.tail: V ≤ p²/(1-p)²": 2,
                "from lower_bound.tail: (L-1) p^L ≤ p²/(1-p)": 2 * v.w,
            }
        ),
        mutated=(
            Mutation(
                "Q ≤ K",
                claim=lambda v: {"": le(v.Q, v.K)},
                fixed={**HALF, "w": 2, "M": 2, "P": (1, 8), "L": 3},
            ),
        ),
    ),
)

INDUCTIONS = (
    Induction("n", ("lower_bound.later_base",), "lower_bound.later_step"),
    Induction("n", ("lower_bound.first_base",), "lower_bound.first_step_sum"),
    Induction("L", ("lower_bound.quadratic_base",), "lower_bound.quadratic_step"),
    Induction("L", ("lower_bound.double_base",), "lower_bound.double_step"),
)
