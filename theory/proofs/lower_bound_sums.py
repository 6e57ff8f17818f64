"""The sums of the construction in `theory.proofs.lower_bound`: powers of p, by induction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import Algebra, Induction, Invariant, Mutation, conclusion, lemma
from theory.proofs.scalars import Relation, eq, ge, gt, le, lt, unit

POWER = Invariant("p P", lambda v: {"p^m > 0": gt(v.P, 0), "p^m ≤ 1": le(v.P, 1)})
PARTIAL = Invariant("p n P S", lambda v: {"Σ_{m=1}^n c(m) = n p^{n+1}": eq(v.S, v.n * v.p * v.P)})
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
        )
    },
)


def c(v: Any, m: Any, power: Any) -> Any:
    """Return ``c(m) = (1-(1-p)m) p^m``, the power given."""
    return (1 - (1 - v.p) * m) * power


def inside(v: Any) -> Mapping[str, Relation]:
    """Say where p lies."""
    return {"p > 0": gt(v.p, 0), "p < 1": lt(v.p, 1)}


def orders(v: Any) -> Mapping[str, Relation]:
    """Say where p and β lie."""
    return {**inside(v), **unit(v.beta, "β"), "β ≤ p²": le(v.beta, v.p * v.p)}


def power(v: Any) -> Mapping[str, Relation]:
    """Say that P is a power of p."""
    return {
        "from lower_bound.power_step: P > 0": gt(v.P, 0),
        "from lower_bound.power_step: P ≤ 1": le(v.P, 1),
    }


def onwards(v: Any, index: str) -> Mapping[str, Relation]:
    """Say that the index goes up by one."""
    return {
        f"{index}+1": eq(getattr(v.next, index), getattr(v, index) + 1),
        "p^{m+1} = p p^m": eq(v.P_next, v.p * v.P),
    }


def doubled(v: Any) -> Mapping[str, Relation]:
    """Say what V is, and that it is a sum of positive terms."""
    return {
        **inside(v),
        **power(v),
        "L ≥ 1": ge(v.L, 1),
        "from lower_bound.double_step": eq(
            (1 - v.p) * (1 - v.p) * v.V, v.p * v.p - (v.L - 1) * v.P + (v.L - 2) * v.p * v.P
        ),
        "V = Σ n p^{n+1} ≥ 0": ge(v.V, 0),
    }


def spectrum(v: Any, z: Any) -> Any:
    """Return ``Σ_{m≥0} c(m) z^m`` in closed form."""
    return 1 / (1 - v.p * z) - (1 - v.p) * v.p * z / ((1 - v.p * z) * (1 - v.p * z))


def numerator(v: Any, both: Any) -> Any:
    """Return the spectrum's numerator; ``both`` is ``z + 1/z = 2 cos ω``."""
    p = v.p
    return (1 - p) * ((1 + p) * (1 + p * p) + 4 * p * p - p * (2 + p + p * p) * both)


HALF = {"p": (1, 2)}
BOTH = {"p": (1, 2), "beta": (1, 4)}

LEMMAS = (
    POWER.base(
        "lower_bound.power_base",
        "p^0 = 1",
        "",
        lambda v: {**inside(v), "P = 1": eq(v.P, 1)},
        source="known",
        mutated=(Mutation("below 1", claim=lambda v: {"": le(v.P, v.p)}, fixed=HALF),),
    ),
    POWER.step(
        "lower_bound.power_step",
        "0 < p^m ≤ 1",
        "P_next",
        lambda v: {**inside(v), "p^{m+1} = p p^m": eq(v.P_next, v.p * v.P)},
        source="known",
        mutated=(
            Mutation(
                "p may be above 1",
                drop=("p < 1",),
            ),
        ),
    ),
    PARTIAL.base(
        "lower_bound.partial_base",
        "the empty sum",
        "",
        lambda v: {"n = 0": eq(v.n, 0), "P = 1": eq(v.P, 1), "S = 0": eq(v.S, 0)},
        by=Algebra(),
        mutated=(Mutation("one more", claim=lambda v: {"": eq(v.S, (v.n + 1) * v.P)}),),
    ),
    PARTIAL.step(
        "lower_bound.partial_step",
        "Σ_{m=1}^n c(m) = n p^{n+1}",
        "n_next P_next S_next",
        lambda v: {
            **onwards(v, "n"),
            "S + c(n+1)": eq(v.S_next, v.S + c(v, v.n_next, v.P_next)),
        },
        by=Algebra(lambda v: {"induction: Σ_{m=1}^n c(m) = n p^{n+1}": 1}),
        mutated=(
            Mutation(
                "p^n for p^{n+1}",
                claim=lambda v: {"": eq(v.S_next, v.n_next * v.P_next)},
                fixed=HALF,
            ),
        ),
    ),
    lemma(
        "lower_bound.decrease",
        "c(m) ≤ β c(m-1) for m ≥ 1 and p² = β",
        "beta p m P c before",
        lambda v: {
            **inside(v),
            **power(v),
            "β = p²": eq(v.beta, v.p * v.p),
            "m ≥ 1": ge(v.m, 1),
            "c(m-1), P = p^{m-1}": eq(v.before, c(v, v.m - 1, v.P)),
            "c(m)": eq(v.c, c(v, v.m, v.p * v.P)),
        },
        conclusion(lambda v: le(v.c, v.beta * v.before)),
        by=Algebra(lambda v: {"m ≥ 1": v.p * v.P * (1 - v.p) * (1 - v.p)}),
        mutated=(
            Mutation(
                "m may be below 1",
                drop=("m ≥ 1",),
                fixed=HALF,
            ),
            Mutation(
                "a hundredth less",
                claim=lambda v: {"": le(v.c + v.P / 100, v.beta * v.before)},
                fixed=HALF,
            ),
        ),
    ),
    lemma(
        "lower_bound.negative",
        "c(n) ≤ 0 for n ≥ 1/(1-p)",
        "p n P c",
        lambda v: {
            **inside(v),
            **power(v),
            "n ≥ 1/(1-p)": ge(v.n * (1 - v.p), 1),
            "c(n)": eq(v.c, c(v, v.n, v.P)),
        },
        conclusion(lambda v: le(v.c, 0)),
        by=Algebra(lambda v: {"n ≥ 1/(1-p)": v.P}),
        mutated=(Mutation("for every n", drop=("n ≥ 1/(1-p)",), fixed=HALF),),
    ),
    lemma(
        "lower_bound.spectrum",
        "(C(z)+C(1/z)-1)(1-pz)²(1-p/z)² = (1-p)((1+p)(1+p²)+4p²-p(2+p+p²)(z+1/z))",
        "p z value",
        lambda v: {
            **inside(v),
            "z ≠ 0": gt(v.z * v.z, 0),
            "pz ≠ 1": gt((1 - v.p * v.z) * (1 - v.p * v.z), 0),
            "z ≠ p": gt((v.z - v.p) * (v.z - v.p), 0),
            "C(z)+C(1/z)-1": eq(v.value, spectrum(v, v.z) + spectrum(v, 1 / v.z) - 1),
        },
        conclusion(
            lambda v: eq(
                v.value * (1 - v.p * v.z) * (1 - v.p * v.z) * (1 - v.p / v.z) * (1 - v.p / v.z),
                numerator(v, v.z + 1 / v.z),
            )
        ),
        by=Algebra(),
        mutated=(
            Mutation(
                "without 4p²",
                claim=lambda v: {
                    "": eq(
                        v.value
                        * (1 - v.p * v.z)
                        * (1 - v.p * v.z)
                        * (1 - v.p / v.z)
                        * (1 - v.p / v.z),
                        numerator(v, v.z + 1 / v.z) - (1 - v.p) * 4 * v.p * v.p,
                    )
                },
                fixed={"p": (1, 2), "z": 1},
            ),
        ),
    ),
    lemma(
        "lower_bound.spectrum_sign",
        "(1-p)((1+p)(1+p²)+4p²-2p(2+p+p²)cos ω) ≥ (1-p)⁴ > 0",
        "p cos value",
        lambda v: {
            **inside(v),
            "cos ω ≤ 1": le(v.cos, 1),
            "cos ω ≥ -1": ge(v.cos, -1),
            "value": eq(v.value, numerator(v, 2 * v.cos)),
        },
        conclusion(lambda v: ge(v.value, (1 - v.p) * (1 - v.p) * (1 - v.p) * (1 - v.p))),
        by=Algebra(lambda v: {"cos ω ≤ 1": 2 * v.p * (1 - v.p) * (2 + v.p + v.p * v.p)}),
        mutated=(
            Mutation(
                "half of (1-p)³ more",
                claim=lambda v: {
                    "": ge(2 * v.value, 3 * (1 - v.p) * (1 - v.p) * (1 - v.p) * (1 - v.p))
                },
                fixed=HALF,
            ),
        ),
    ),
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
        by=Algebra(),
        mutated=(Mutation("1", claim=lambda v: {"": eq(v.V, v.P)}, fixed=HALF),),
    ),
    DOUBLE.step(
        "lower_bound.double_step",
        "V = Σ_{n=1}^{L-2} n p^{n+1} in closed form",
        "L_next P_next V_next",
        lambda v: {**onwards(v, "L"), "V": eq(v.V_next, v.V + (v.L - 1) * v.P)},
        by=Algebra(lambda v: {"induction: V (1-p)² = p² - (L-1)p^L + (L-2)p^{L+1}": 1}),
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
    Induction("m", ("lower_bound.power_base",), "lower_bound.power_step"),
    Induction("n", ("lower_bound.partial_base",), "lower_bound.partial_step"),
    Induction("n", ("lower_bound.later_base",), "lower_bound.later_step"),
    Induction("n", ("lower_bound.first_base",), "lower_bound.first_step_sum"),
    Induction("L", ("lower_bound.quadratic_base",), "lower_bound.quadratic_step"),
    Induction("L", ("lower_bound.double_base",), "lower_bound.double_step"),
)
