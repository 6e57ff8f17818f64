"""The rates in expectation: the paper's, and the one that keeps the first term.

Cauchy-Schwarz in the form of its multiplier c: what is summed over k is linear in the terms, so
that the expectation needs to be linear and monotone, and nothing else.
"""

from __future__ import annotations

from typing import Any

from theory.formula import sqrt, total
from theory.proofs.base import (
    PROOF,
    Algebra,
    Concluded,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Theorem,
    by_hand,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import (
    NotInstances,
    Words,
    assumed,
    case,
    convex,
    definition,
    geometry,
)
from theory.proofs.scalars import eq, ge, gt, le, unit
from theory.statement import Formula, Statement
from theory.theorems.landing import proof as landing
from theory.theorems.mean_square import proof as mean_square
from theory.theorems.rate.statement import (
    FIRST_TERM,
    FIRST_TERM_ZERO,
    RATE,
    TWO_ENDS,
    TWO_ENDS_ZERO,
)

YOUNG = "from rate.young: 2 u_k a_k ≤ a_k²/(c N_k) + c u_k² N_k, in expectation"
DRAWN = "from rate.drawn_after: E[a_k] ≥ w_k m"
SUM = Invariant("A S M c", lambda v: {"2A ≤ S/c + cM": le(2 * v.A * v.c, v.S + v.c * v.c * v.M)})
COUNT = Invariant(
    "A M V W m G2", lambda v: {"A ≥ V m": ge(v.A, v.V * v.m), "M ≤ W G²": le(v.M, v.W * v.G2)}
)

LEMMAS = (
    lemma(
        "rate.young",
        "2 u a ≤ a²/(c N) + c u² N",
        "a N u c",
        lambda v: {case("c > 0"): gt(v.c, 0), case("N > 0"): gt(v.N, 0)},
        conclusion(lambda v: le(2 * v.u * v.a, v.a * v.a / (v.c * v.N) + v.c * v.u * v.u * v.N)),
        by=Algebra(squares=lambda v: [(1 / (v.c * v.N), v.a - v.c * v.u * v.N)]),
        source=f"{PROOF}: Cauchy-Schwarz",
        mutated=(
            Mutation(
                "2 becomes 2.02",
                claim=lambda v: {
                    "": le(
                        202 * v.u * v.a * v.c * v.N,
                        100 * (v.a * v.a + v.c * v.c * v.u * v.u * v.N * v.N),
                    )
                },
            ),
        ),
    ),
    SUM.base(
        "rate.sum_base",
        "nothing is summed yet",
        "",
        lambda v: {
            case("c > 0"): gt(v.c, 0),
            definition("A"): eq(v.A, 0),
            definition("S"): eq(v.S, 0),
            definition("M"): eq(v.M, 0),
        },
        mutated=(
            Mutation("something is missing", claim=lambda v: {"": le(2 * v.A * v.c + v.c, v.S)}),
        ),
    ),
    SUM.step(
        "rate.sum_step",
        "2A ≤ S/c + cM for A = Σ E[u_k a_k], S = Σ E[a_k²/N_k], M = Σ E[u_k² N_k]",
        "a s n A_next S_next M_next",
        lambda v: {
            case("c > 0"): gt(v.c, 0),
            definition("A_{k+1} = A_k + E[u a]"): eq(v.A_next, v.A + v.a),
            definition("S_{k+1} = S_k + E[a²/N]"): eq(v.S_next, v.S + v.s),
            definition("M_{k+1} = M_k + E[u² N]"): eq(v.M_next, v.M + v.n),
            YOUNG: le(2 * v.a * v.c, v.s + v.c * v.c * v.n),
        },
        mutated=(
            Mutation(
                "2 becomes 2.02",
                claim=lambda v: {
                    "": le(202 * v.A_next * v.c / 100, v.S_next + v.c * v.c * v.M_next)
                },
                real=lambda v: {"A": ge(v.A_next, 0)},
                fixed={"c": 1},
            ),
        ),
    ),
    by_hand(
        "rate.drawn_after",
        "E[h_k - ρ_k f*] = w_k E[f(x^k) - f*] ≥ w_k min_k E[f(x^k) - f*]",
        "By the landing identity h_k - ρ_k f* = w_k (f(x^k,s_k) - f*), w_k = 1-β, except w_1 = 1"
        " where the average starts at the first sample. s_k is drawn independently of x^k, so"
        " E[f(x^k,s_k)] = E[f(x^k)].",
        source=PROOF,
    ),
    COUNT.base(
        "rate.count_base",
        "nothing is counted yet",
        "",
        lambda v: {
            definition("A"): eq(v.A, 0),
            definition("M"): eq(v.M, 0),
            definition("V"): eq(v.V, 0),
            definition("W"): eq(v.W, 0),
        },
        mutated=(Mutation("the minimum counts once", claim=lambda v: {"": ge(v.A, v.m)}),),
    ),
    COUNT.step(
        "rate.count_step",
        "A ≥ V m and M ≤ W G² for V = Σ u_k w_k and W = Σ u_k² ρ_k²",
        "a u w rho N A_next M_next V_next W_next",
        lambda v: {
            case("u_k ≥ 0"): ge(v.u, 0),
            DRAWN: ge(v.a, v.w * v.m),
            "from mean_square.step: E[N_k] ≤ ρ_k² G²": le(v.N, v.rho * v.rho * v.G2),
            definition("A_{k+1} = A_k + u_k E[a_k]"): eq(v.A_next, v.A + v.u * v.a),
            definition("M_{k+1} = M_k + u_k² E[N_k]"): eq(v.M_next, v.M + v.u * v.u * v.N),
            definition("V_{k+1} = V_k + u_k w_k"): eq(v.V_next, v.V + v.u * v.w),
            definition("W_{k+1} = W_k + u_k² ρ_k²"): eq(v.W_next, v.W + v.u * v.u * v.rho * v.rho),
        },
        mutated=(
            Mutation(
                "the minimum counts more",
                claim=lambda v: {"": ge(v.A_next, v.V_next * v.m * 101 / 100)},
                real=lambda v: {"m": ge(v.m, 1), "V": ge(v.V, 1)},
                fixed={"u": 1, "rho": 1},
            ),
        ),
    ),
    lemma(
        "rate.end",
        "A ≤ D G √W, by the choice c = D/(G√W)",
        "A S M D G W r c",
        lambda v: {
            case("D > 0"): gt(v.D, 0),
            case("G > 0"): gt(v.G, 0),
            case("r > 0"): gt(v.r, 0),
            definition("r = √W"): eq(v.r * v.r, v.W),
            definition("c = D/(G√W)"): eq(v.c * v.G * v.r, v.D),
            "from rate.sum_step: 2A ≤ S/c + cM": le(2 * v.A * v.c, v.S + v.c * v.c * v.M),
            "from summed.end: S ≤ D²": le(v.S, v.D * v.D),
            "from rate.count_step: M ≤ W G²": le(v.M, v.W * v.G * v.G),
        },
        conclusion(lambda v: le(v.A, v.D * v.G * v.r)),
        by=Algebra(
            lambda v: {
                "from rate.sum_step: 2A ≤ S/c + cM": 1 / (2 * v.c),
                "from summed.end: S ≤ D²": 1 / (2 * v.c),
                "from rate.count_step: M ≤ W G²": v.c / 2,
                "c = D/(G√W)": -(v.D - v.c * v.G * v.r) / (2 * v.c),
                "r = √W": -v.c * v.G * v.G / 2,
            }
        ),
        source=f"{PROOF}: Cauchy-Schwarz",
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(v.A, v.D * v.G * v.r * 99 / 100)},
                fixed={"D": 1, "G": 1, "r": 2},
            ),
        ),
    ),
    lemma(
        "rate.last",
        "δ_K²/||x^K-x*||² ≤ ||g_K||²: the last point needs no step",
        "delta ge gg ee N",
        lambda v: {
            assumed("interpolation", "δ_K ≥ 0"): ge(v.delta, 0),
            convex("x*", "x^K", "δ_K ≤ <g_K, x^K-x*>: convexity"): le(v.delta, v.ge),
            geometry("Cauchy-Schwarz"): le(v.ge * v.ge, v.gg * v.ee),
            geometry("||g_K||² ≥ 0"): ge(v.gg, 0),
            case("||x^K-x*||² > 0"): gt(v.ee, 0),
            definition("N"): eq(v.N * v.ee, v.delta * v.delta),
        },
        conclusion(lambda v: le(v.N, v.gg)),
        source="known",
        mutated=(
            Mutation("0.99", claim=lambda v: {"": le(100 * v.N, 99 * v.gg)}, fixed={"ee": 1}),
        ),
    ),
    lemma(
        "rate.paper",
        "m ≤ G D/((1-β)√K)",
        "beta m D G K r A",
        lambda v: {
            **unit(v.beta, "β"),
            case("G > 0"): gt(v.G, 0),
            case("D > 0"): gt(v.D, 0),
            case("√K > 0"): gt(v.r, 0),
            definition("r = √K"): eq(v.r * v.r, v.K),
            "from rate.count_step, u = 1: A ≥ K(1-β) m": ge(v.A, v.K * (1 - v.beta) * v.m),
            "from rate.end, W = K: A ≤ D G √K": le(v.A, v.D * v.G * v.r),
        },
        conclusion(lambda v: le(v.m, v.G * v.D / ((1 - v.beta) * v.r))),
        by=Algebra(
            lambda v: {
                "from rate.count_step, u = 1: A ≥ K(1-β) m": 1 / ((1 - v.beta) * v.r * v.r),
                "from rate.end, W = K: A ≤ D G √K": 1 / ((1 - v.beta) * v.r * v.r),
                "r = √K": v.m / (v.r * v.r),
            }
        ),
        source=PROOF,
        mutated=(
            Mutation(
                "without 1-β",
                claim=lambda v: {"": le(v.m * v.r, v.G * v.D)},
                fixed={"beta": (1, 2), "r": 2, "D": 1, "G": 1},
            ),
        ),
    ),
    lemma(
        "rate.root",
        "m ≤ G D/√V where V = W",
        "m D G V r A",
        lambda v: {
            case("G > 0"): gt(v.G, 0),
            case("D > 0"): gt(v.D, 0),
            case("√V > 0"): gt(v.r, 0),
            definition("r = √V"): eq(v.r * v.r, v.V),
            "from rate.count_step: A ≥ V m": ge(v.A, v.V * v.m),
            "from rate.end: A ≤ D G √V": le(v.A, v.D * v.G * v.r),
        },
        conclusion(lambda v: le(v.m, v.G * v.D / v.r)),
        by=Algebra(
            lambda v: {
                "from rate.count_step: A ≥ V m": 1 / (v.r * v.r),
                "from rate.end: A ≤ D G √V": 1 / (v.r * v.r),
                "r = √V": v.m / (v.r * v.r),
            }
        ),
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(v.m * v.r * 100, v.G * v.D * 99)},
                fixed={"r": 2, "D": 1, "G": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("rate.sum_step", "rate.young"): [
        lambda v, w: {v.a: w.u * w.a, v.s: w.a * w.a / w.N, v.n: w.u * w.u * w.N}
    ],
    ("rate.count_step", "mean_square.step"): [lambda v, w: {v.N: w.E}],
    ("rate.end", "summed.end"): [lambda v, w: {w.D2: v.D * v.D}],
    ("rate.end", "rate.count_step"): [lambda v, w: {w.G2: v.G * v.G}],
    ("rate.paper", "rate.count_step"): [lambda v, w: {w.V: v.K * (1 - v.beta)}],
}

WORDS: Words = {
    ("rate.sum_step", "rate.young", "N > 0"): "where N_k = 0 also a_k = 0, by landing.still: the"
    " term is left out of the sums",
    ("rate_*_zero", "rate.root", "√V > 0"): "V is a sum of squares, one of which is not 0",
    ("rate.*", "rate.count_step", "u_k ≥ 0"): "the weights are chosen: 1, or w_k/ρ_k²",
}
NOT_INSTANCES: NotInstances = {
    ("rate.count_step", DRAWN): "of the mean over s_k, which is drawn after x^k: rate.drawn_after",
}

BEFORE = tuple(dict.fromkeys((*landing.THEOREM.lemmas, *mean_square.THEOREM.lemmas)))
INDUCTIONS = (
    *landing.THEOREM.inductions,
    *mean_square.THEOREM.inductions[1:],
    Induction("k", ("rate.sum_base",), "rate.sum_step"),
    Induction("k", ("rate.count_base",), "rate.count_step"),
)
COMMON = tuple(
    lemma.name for lemma in LEMMAS if lemma.name not in ("rate.paper", "rate.root", "rate.last")
)

THEOREM = theorem(
    RATE,
    lemmas=(*BEFORE, *COMMON, "rate.paper"),
    concludes=Concluded("rate.paper", lambda s, w: {w.r: sqrt(s.K)}),
    inductions=INDUCTIONS,
    assembly="a_k = h_k - f* and N_k = ||d_k||². The summed inequality and E N_k ≤ G² in"
    " Cauchy-Schwarz with the weights u_k = 1: Σ E a_k ≤ D G √K (W = K), and E a_k ≥ (1-β) m"
    " (V = K(1-β)). Where"
    " N_k = 0 also a_k = 0 (landing.still), and the term is left out of the sums. Where G or D is"
    " 0, f(x^1) = f*.",
    kernel=("rate.rate",),
)

WEIGHTS = (
    "The weights of Cauchy-Schwarz are u_k = w_k/ρ_k²: V = W = Σ (w_k/ρ_k)², with w_k as"
    " in the landing identity. From the first sample: w_1 = 1 and w_k = 1-β, ρ_k = 1. From zero:"
    " w_k = 1-β and ρ_k = 1-β^k."
)
LAST = (
    " So up to K-1; then the K-th term of the sums is δ_K with N_K = δ_K²/||x^K-x*||² ≤ ||g_K||²"
    " (rate.last), w_K = ρ_K = 1, and its a²/N is ||x^K-x*||², which summed.step has beside the"
    " sum. Where x^K = x* there is nothing to prove."
)


def kept(
    statement: Statement, added: Formula, claims: tuple[str, ...], last: bool, kernel: str
) -> Theorem:
    """Return the theorem whose weights add up to ``V``; ``last``: the last term is kept."""
    ends = ("rate.last",) if last else ()
    return theorem(
        statement,
        lemmas=(*BEFORE, *COMMON, *ends, "rate.root"),
        concludes=Concluded("rate.root", lambda s, w: {w.V: added(s), w.r: sqrt(added(s))}),
        claims=claims,
        inductions=INDUCTIONS,
        assembly=WEIGHTS + (LAST if last else ""),
        kernel=(f"rate_any.{kernel}",),
    )


# V is added up here, not taken from the statement: the two have to agree.
FIRST = kept(
    FIRST_TERM,
    lambda s: 1 + (s.K - 1) * (1 - s.beta) ** 2,
    ("rate_first_term",),
    False,
    "rate_first_term_any",
)
ENDS = kept(
    TWO_ENDS,
    lambda s: 1 + (s.K - 2) * (1 - s.beta) ** 2 + 1,
    ("rate_two_ends",),
    True,
    "rate_two_ends_any",
)


def averaged(s: Any, k: Any) -> Any:
    """Return ``(w_k/ρ_k)²`` with ``w_k = 1-β`` and ``ρ_k = 1-β^k``."""
    return ((1 - s.beta) / (1 - s.beta**k)) ** 2


FIRST_ZERO = kept(
    FIRST_TERM_ZERO,
    lambda s: total(s, averaged, 1, s.K),
    ("frozen_rate", "growing_rate"),
    False,
    "rate_first_term_any_zero",
)
ENDS_ZERO = kept(
    TWO_ENDS_ZERO,
    lambda s: total(s, averaged, 1, s.K - 1) + 1,
    (),
    True,
    "rate_two_ends_any_zero",
)

THEOREMS = (THEOREM, FIRST, ENDS, FIRST_ZERO, ENDS_ZERO)
