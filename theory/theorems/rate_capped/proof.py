"""Rates with a cap: the decrease for a step size c_k that the cap allows, in expectation, summed.

No Cauchy-Schwarz is needed: c_k takes the place of its multiplier.
"""

from __future__ import annotations

from typing import Any

from theory.formula import sqrt
from theory.proofs.base import (
    Algebra,
    Concluded,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, assumed, case, definition, geometry
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.statement import Statement
from theory.theorems.capped import proof as capped
from theory.theorems.mean_square import proof as mean_square
from theory.theorems.rate_capped.statement import LARGE_CAP, RATE_CAPPED, SMALL_CAP, VARYING

SPENT = Invariant(
    "A C dist D2 G2",
    lambda v: {"2 Σ c E a + E||x^k-x*||² ≤ D² + G² Σ c²": le(2 * v.A + v.dist, v.D2 + v.G2 * v.C)},
)
COUNT = Invariant("beta A B", lambda v: {"A ≥ (1-β) B": ge(v.A, (1 - v.beta) * v.B)})
LEAST = Invariant("B S m", lambda v: {"B ≥ S m": ge(v.B, v.S * v.m)})
SUM = "from varying_caps.end: 2(1-β) B ≤ D² + G² C"
MANY = "from varying_caps.least_step: B ≥ c K m"


def constant(v: Any) -> dict[str, Relation]:
    """Say what the sums are for one step size c: ``S = cK`` and ``C = c²K``."""
    return {
        **unit(v.beta, "β"),
        case("c > 0"): gt(v.c, 0),
        case("K ≥ 1"): ge(v.K, 1),
        MANY: ge(v.B, v.c * v.K * v.m),
        SUM: le(2 * (1 - v.beta) * v.B, v.D * v.D + v.G * v.G * v.c * v.c * v.K),
    }


LEMMAS = (
    SPENT.base(
        "varying_caps.base",
        "nothing is summed, and ||x^1-x*|| = D",
        "",
        lambda v: {
            definition("A = 0"): eq(v.A, 0),
            definition("C = 0"): eq(v.C, 0),
            definition("||x^1-x*||² = D²"): eq(v.dist, v.D2),
        },
        mutated=(
            Mutation("something is there", claim=lambda v: {"": le(2 * v.A + v.dist + 1, v.D2)}),
        ),
    ),
    SPENT.step(
        "varying_caps.step",
        "2 Σ c_k E a_k + E||x^k-x*||² ≤ D² + G² Σ c_k², a_k = h_k - f*",
        "a N c A_next C_next dist_next alpha",
        lambda v: {
            assumed("any_cap", "α_k > 0"): gt(v.alpha, 0),
            case("c ≥ 0"): ge(v.c, 0),
            case("c ≤ α_k"): le(v.c, v.alpha),
            definition("A_{k+1} = A_k + c_k E a_k"): eq(v.A_next, v.A + v.c * v.a),
            definition("C_{k+1} = C_k + c_k²"): eq(v.C_next, v.C + v.c * v.c),
            "from capped.fejer, mean_square.expectation": le(
                v.dist_next, v.dist - 2 * v.c * v.a + v.c * v.c * v.N
            ),
            "from mean_square.step, ρ = 1: E||d_k||² ≤ G²": le(v.N, v.G2),
        },
        by=Algebra(
            lambda v: {
                "induction: 2 Σ c E a + E||x^k-x*||² ≤ D² + G² Σ c²": 1,
                "from capped.fejer, mean_square.expectation": 1,
                "from mean_square.step, ρ = 1: E||d_k||² ≤ G²": v.c * v.c,
            }
        ),
        mutated=(
            Mutation(
                "2 becomes 2.02",
                claim=lambda v: {
                    "": le(202 * v.A_next / 100 + v.dist_next, v.D2 + v.G2 * v.C_next)
                },
                real=lambda v: {
                    "A": ge(v.A, 0),
                    "equality": eq(v.dist_next, v.dist - 2 * v.c * v.a + v.c * v.c * v.N),
                    "dist": ge(v.dist_next, 1),
                    "a": ge(v.a, 1),
                },
                fixed={"c": 1, "alpha": 1},
            ),
        ),
    ),
    COUNT.base(
        "varying_caps.count_base",
        "nothing is counted yet",
        "",
        lambda v: {definition("A = 0"): eq(v.A, 0), definition("B = 0"): eq(v.B, 0)},
        mutated=(Mutation("one more", claim=lambda v: {"": ge(v.A, (1 - v.beta) * v.B + 1)}),),
    ),
    COUNT.step(
        "varying_caps.count_step",
        "Σ c_k E a_k ≥ (1-β) Σ c_k E[f(x^k) - f*]",
        "a gap c A_next B_next",
        lambda v: {
            **unit(v.beta, "β"),
            case("c ≥ 0"): ge(v.c, 0),
            assumed("bound_below", "f(x^k,s_k) ≥ f*"): ge(v.gap, 0),
            "from capped.above, mean_square.expectation, rate.drawn_after: E a_k ≥ (1-β) E δ_k": ge(
                v.a, (1 - v.beta) * v.gap
            ),
            definition("A_{k+1} = A_k + c_k E a_k"): eq(v.A_next, v.A + v.c * v.a),
            definition("B_{k+1} = B_k + c_k E δ_k"): eq(v.B_next, v.B + v.c * v.gap),
        },
        mutated=(
            Mutation(
                "without 1-β",
                claim=lambda v: {"": ge(v.A_next, v.B_next)},
                real=lambda v: {"B": ge(v.B, 1), "gap": ge(v.gap, 1)},
                fixed={"beta": (1, 2), "c": 1},
            ),
        ),
    ),
    lemma(
        "varying_caps.end",
        "2(1-β) Σ c_k E[f(x^k) - f*] ≤ D² + G² Σ c_k²",
        "beta A B C dist D G",
        lambda v: {
            **unit(v.beta, "β"),
            "from varying_caps.step": le(2 * v.A + v.dist, v.D * v.D + v.G * v.G * v.C),
            "from varying_caps.count_step": ge(v.A, (1 - v.beta) * v.B),
            geometry("E||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
        },
        conclusion(lambda v: le(2 * (1 - v.beta) * v.B, v.D * v.D + v.G * v.G * v.C)),
        mutated=(
            Mutation(
                "2 becomes 2.02",
                claim=lambda v: {
                    "": le(202 * (1 - v.beta) * v.B / 100, v.D * v.D + v.G * v.G * v.C)
                },
                fixed={"beta": (1, 2), "D": 1, "G": 1},
            ),
        ),
    ),
    lemma(
        "varying_caps.bound",
        "Σ c_k E[f(x^k) - f*] ≤ (D² + G² Σ c_k²)/(2(1-β))",
        "beta B C D G",
        lambda v: {
            **unit(v.beta, "β"),
            SUM: le(2 * (1 - v.beta) * v.B, v.D * v.D + v.G * v.G * v.C),
        },
        conclusion(lambda v: le(v.B, (v.D * v.D + v.G * v.G * v.C) / (2 * (1 - v.beta)))),
        by=Algebra(lambda v: {SUM: 1 / (2 * (1 - v.beta))}),
        mutated=(
            Mutation(
                "without 1-β",
                claim=lambda v: {"": le(2 * v.B, v.D * v.D + v.G * v.G * v.C)},
                fixed={"beta": (1, 2), "D": 1, "G": 1},
            ),
        ),
    ),
    LEAST.base(
        "varying_caps.least_base",
        "nothing is summed yet",
        "",
        lambda v: {definition("B = 0"): eq(v.B, 0), definition("S = 0"): eq(v.S, 0)},
        mutated=(Mutation("m is there once", claim=lambda v: {"": ge(v.B, v.m)}),),
    ),
    LEAST.step(
        "varying_caps.least_step",
        "Σ c_k E[f(x^k) - f*] ≥ m Σ c_k for the least m of them",
        "gap c B_next S_next",
        lambda v: {
            case("c ≥ 0"): ge(v.c, 0),
            case("m ≤ E[f(x^k) - f*]"): ge(v.gap, v.m),
            definition("B_{k+1} = B_k + c_k E δ_k"): eq(v.B_next, v.B + v.c * v.gap),
            definition("S_{k+1} = S_k + c_k"): eq(v.S_next, v.S + v.c),
        },
        mutated=(
            Mutation(
                "1.01",
                claim=lambda v: {"": ge(v.B_next * 100, 101 * v.S_next * v.m)},
                real=lambda v: {"m": ge(v.m, 1), "S": ge(v.S, 1)},
                fixed={"c": 1},
            ),
        ),
    ),
    lemma(
        "rate_capped.any",
        "m ≤ (D²/(cK) + cG²)/(2(1-β)) for every c up to the cap",
        "beta B m c K D G",
        constant,
        conclusion(
            lambda v: le(v.m, (v.D * v.D / (v.c * v.K) + v.c * v.G * v.G) / (2 * (1 - v.beta)))
        ),
        by=Algebra(
            lambda v: {
                MANY: 1 / (v.c * v.K),
                SUM: 1 / (2 * (1 - v.beta) * v.c * v.K),
            }
        ),
        mutated=(
            Mutation(
                "without 1-β",
                claim=lambda v: {
                    "": le(2 * v.m * v.c * v.K, v.D * v.D + v.c * v.c * v.K * v.G * v.G)
                },
                fixed={"beta": (1, 2), "D": 1, "G": 1, "K": 4, "c": (1, 2)},
            ),
            Mutation(
                "half of the second term",
                claim=lambda v: {
                    "": le(
                        2 * (1 - v.beta) * v.m * v.c * v.K,
                        v.D * v.D + v.c * v.c * v.K * v.G * v.G / 2,
                    )
                },
                fixed={"beta": (1, 2), "D": 1, "G": 1, "K": 4, "c": (1, 2)},
            ),
        ),
    ),
    lemma(
        "rate_capped.large",
        "m ≤ GD/((1-β)√K) where the cap allows c = D/(G√K)",
        "beta m c K D G r",
        lambda v: {
            **unit(v.beta, "β"),
            case("K ≥ 1"): ge(v.K, 1),
            definition("√K > 0"): gt(v.r, 0),
            definition("r = √K"): eq(v.r * v.r, v.K),
            case("G > 0"): gt(v.G, 0),
            case("D > 0"): gt(v.D, 0),
            definition("c = D/(G√K)"): eq(v.c * v.G * v.r, v.D),
            "from rate_capped.any": le(
                v.m, (v.D * v.D / (v.c * v.K) + v.c * v.G * v.G) / (2 * (1 - v.beta))
            ),
        },
        conclusion(lambda v: le(v.m, v.G * v.D / ((1 - v.beta) * v.r))),
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(100 * v.m * (1 - v.beta) * v.r, 99 * v.G * v.D)},
                fixed={"beta": (1, 2), "D": 1, "G": 1, "r": 2},
            ),
        ),
    ),
    lemma(
        "rate_capped.small",
        "m ≤ D²/((1-β)αK) where α ≤ D/(G√K), by c = α",
        "beta m alpha K D G r",
        lambda v: {
            **unit(v.beta, "β"),
            case("K ≥ 1"): ge(v.K, 1),
            definition("√K > 0"): gt(v.r, 0),
            definition("r = √K"): eq(v.r * v.r, v.K),
            case("G > 0"): gt(v.G, 0),
            case("D > 0"): gt(v.D, 0),
            assumed("any_cap", "α > 0"): gt(v.alpha, 0),
            case("α ≤ D/(G√K)"): le(v.alpha, v.D / (v.G * v.r)),
            "from rate_capped.any, c = α": le(
                v.m, (v.D * v.D / (v.alpha * v.K) + v.alpha * v.G * v.G) / (2 * (1 - v.beta))
            ),
        },
        conclusion(lambda v: le(v.m, v.D * v.D / ((1 - v.beta) * v.alpha * v.K))),
        mutated=(
            Mutation(
                "half of it",
                claim=lambda v: {"": le(2 * v.m * (1 - v.beta) * v.alpha * v.K, v.D * v.D)},
                fixed={"beta": (1, 2), "D": 1, "G": 1, "r": 2, "alpha": (1, 2)},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("varying_caps.step", "mean_square.step"): [
        lambda v, w: {v.N: w.E_next, w.rho: 1, w.rho_next: 1}
    ],
    ("varying_caps.count_step", "capped.above"): [lambda v, w: {v.a: w.a_next}],
    ("varying_caps.end", "varying_caps.step"): [lambda v, w: {w.D2: v.D * v.D, w.G2: v.G * v.G}],
    ("rate_capped.any", "varying_caps.least_step"): [lambda v, w: {w.S: v.c * v.K}],
    ("rate_capped.any", "varying_caps.end"): [lambda v, w: {w.C: v.c * v.c * v.K}],
    ("rate_capped.small", "rate_capped.any"): [lambda v, w: {w.c: v.alpha}],
}

CHOSEN = "the c_k are chosen so"
WORDS: Words = {
    ("varying_caps.count_step", "capped.above", capped.NEXT): capped.NAMED,
    ("varying_caps.end", "varying_caps.step", "c ≥ 0"): CHOSEN,
    ("varying_caps.end", "varying_caps.step", "c ≤ α_k"): CHOSEN,
    ("varying_caps.end", "varying_caps.count_step", "c ≥ 0"): CHOSEN,
    (
        "rate_capped.any",
        "varying_caps.least_step",
        "m ≤ E[f(x^k) - f*]",
    ): "m is the least of the expected suboptimalities",
}
INDUCTIONS = (
    *capped.INDUCTIONS,
    *mean_square.THEOREM.inductions[1:],
    Induction("k", ("varying_caps.base",), "varying_caps.step"),
    Induction("k", ("varying_caps.count_base",), "varying_caps.count_step"),
)
COMMON = (
    *dict.fromkeys((*mean_square.THEOREM.lemmas, *capped.BEFORE)),
    "rate.drawn_after",
    "varying_caps.base",
    "varying_caps.step",
    "varying_caps.count_base",
    "varying_caps.count_step",
    "varying_caps.end",
)
LEAST_OF = (*COMMON, "varying_caps.least_base", "varying_caps.least_step", "rate_capped.any")
SUMMED = (
    "For every c_k ≤ α_k a step takes 2c_k a_k - c_k²||d_k||² off the squared distance, at least,"
    " in expectation 2c_k E a_k - c_k² G²; and E a_k ≥ (1-β) E δ_k. The last distance is not"
    " negative."
)


def constant_cap(statement: Statement, last: str, meaning: Any, kernel: str, how: str) -> Any:
    """Return the theorem of one cap for all steps, concluded by the lemma ``last``."""
    return theorem(
        statement,
        lemmas=(*LEAST_OF, *dict.fromkeys([last])) if last != "rate_capped.any" else LEAST_OF,
        concludes=Concluded(last, meaning),
        claims=("rate_capped",),
        inductions=(
            *INDUCTIONS,
            Induction("k", ("varying_caps.least_base",), "varying_caps.least_step"),
        ),
        assembly=f"{SUMMED} With c_k = c the sums are cK and c²K{how}.",
        kernel=(f"rate.{kernel}",),
    )


THEOREMS = (
    theorem(
        VARYING,
        lemmas=(*COMMON, "varying_caps.bound"),
        concludes="varying_caps.bound",
        inductions=INDUCTIONS,
        assembly=SUMMED,
        kernel=("varying_caps.varying_caps",),
    ),
    constant_cap(RATE_CAPPED, "rate_capped.any", lambda s, w: {}, "rate_any_c", ""),
    constant_cap(
        LARGE_CAP,
        "rate_capped.large",
        lambda s, w: {w.r: sqrt(s.K)},
        "rate_capped",
        "; c = D/(G√K) makes both terms equal",
    ),
    constant_cap(
        SMALL_CAP,
        "rate_capped.small",
        lambda s, w: {w.r: sqrt(s.K)},
        "rate_small_cap",
        "; c = α, where the first term is the larger one",
    ),
)
