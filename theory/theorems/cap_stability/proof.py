"""Stability in the learning rate: the rate with a cap, at c = s D/(G√K)."""

from __future__ import annotations

from theory.formula import sqrt
from theory.proofs.base import Algebra, Concluded, Mutation, conclusion, lemma, theorem
from theory.proofs.hypotheses import case, definition
from theory.proofs.scalars import eq, ge, gt, le, unit
from theory.theorems.cap_stability.statement import CAP_STABILITY
from theory.theorems.rate_capped import proof as rate_capped

ANY = "from rate_capped.any"

LEMMAS = (
    lemma(
        "cap_stability.any",
        "m ≤ GD (s + 1/s)/(2(1-β)√K) for c = s D/(G√K) up to the cap",
        "beta m c s r K D G",
        lambda v: {
            **unit(v.beta, "β"),
            case("K ≥ 1"): ge(v.K, 1),
            case("G > 0"): gt(v.G, 0),
            case("D > 0"): gt(v.D, 0),
            case("s > 0"): gt(v.s, 0),
            case("r > 0"): gt(v.r, 0),
            definition("r = √K"): eq(v.K, v.r * v.r),
            definition("c = s D/(G√K)"): eq(v.c, v.s * v.D / (v.G * v.r)),
            ANY: le(v.m, (v.D * v.D / (v.c * v.K) + v.c * v.G * v.G) / (2 * (1 - v.beta))),
        },
        conclusion(lambda v: le(v.m, v.G * v.D * (v.s + 1 / v.s) / (2 * (1 - v.beta) * v.r))),
        by=Algebra(lambda v: {ANY: 1}),
        mutated=(
            Mutation(
                "a hundredth less",
                claim=lambda v: {
                    "": le(
                        100 * v.m * 2 * (1 - v.beta) * v.r * v.s,
                        99 * v.G * v.D * (v.s * v.s + 1),
                    )
                },
                fixed={"beta": (1, 2), "s": (1, 2), "r": 2, "G": 1, "D": 1},
            ),
        ),
    ),
)

THEOREM = theorem(
    CAP_STABILITY,
    lemmas=(*rate_capped.LEAST_OF, "cap_stability.any"),
    concludes=Concluded("cap_stability.any", lambda s, w: {w.r: sqrt(s.K)}),
    claims=("rate_capped",),
    inductions=rate_capped.THEOREMS[1].inductions,
    assembly="The rate with a cap holds for every c up to it; c = D/(G√K) is the best, and a"
    " smaller cap allows c = α only. The guarantee never grows with α.",
)

THEOREMS = (THEOREM,)
