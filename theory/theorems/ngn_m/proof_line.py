"""NGN-M on the line: an energy that falls, where a product of spectral radii says nothing.

There ``N(x) = γ(x) f'(x)``, f ≥ 0 with infimum 0, is the slope of a potential, however γ changes
with x, so that NGN-M is the heavy ball on ``V(x) = (1-β) ∫_{x*}^x N``. Without a cap ``N = 2f/f'``
and ``N' = 2 - 2 f f''/f'² ≤ 2``: that is all the heavy ball needs. With ``v = x^k - x^{k-1}``

    E_k = V(x^k) + (β/2)(x^k - x^{k-1})²

falls by at least ``(β/2)(Δ - v)² + (1-β)(1-s)Δ²``, Δ = x^{k+1} - x^k, where ``N' ≤ 2s``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import (
    Algebra,
    Concluded,
    Induction,
    Invariant,
    Mutation,
    Reference,
    by_hand,
    conclusion,
    equal,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import NotInstances, assumed, case, definition, geometry
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.theorems.ngn_m.replay import measure_move
from theory.theorems.ngn_m.statement import LINE

SLOPE = definition("N' = (f''(σ-q) + 2q²)/(σ+q)², by ngn_m.force")
ENERGY = assumed("on_a_line", "E_{K+1} ≥ 0: V has its minimum 0 at x*")
MOVED, FORCED = "from ngn_m.moves_step", "from ngn_m.forces_step"
LOWER, HIGHER = case("q ≤ f''"), case("f'' ≤ 2q")
UPPER = "from ngn_m.quadratic: V(x^{k+1}) ≤ V(x^k) + (1-β)(NΔ + sΔ²)"
FALLS = "from ngn_m.energy: E_{k+1} ≤ E_k - (1-β)(1-s)Δ²"

MOVES = Invariant(
    "E moves start beta s",
    lambda v: {
        "E_k + (1-β)(1-s) ΣΔ² ≤ V(x^1)": le(v.E + (1 - v.beta) * (1 - v.s) * v.moves, v.start)
    },
)
FORCES = Invariant(
    "forces beta moves v",
    lambda v: {
        "(1-β)² ΣN² + 2β²Δ_k² ≤ 2(1+β²) ΣΔ²": le(
            (1 - v.beta) * (1 - v.beta) * v.forces + 2 * v.beta * v.beta * v.v * v.v,
            2 * (1 + v.beta * v.beta) * v.moves,
        )
    },
)


def slope(v: Any) -> Mapping[str, Relation]:
    """Say what N' is, with ``σ = 1/c`` and ``q = f'²/(2f)``."""
    return {
        case("σ ≥ 0: c > 0 or none"): ge(v.sigma, 0),
        case("q > 0: x is no minimiser"): gt(v.q, 0),
        SLOPE: eq(
            v.slope,
            (v.h * (v.sigma - v.q) + 2 * v.q * v.q) / ((v.sigma + v.q) * (v.sigma + v.q)),
        ),
    }


def move(v: Any) -> Mapping[str, Relation]:
    """Say what the step does: ``Δ = βv - (1-β)N``."""
    return {
        **unit(v.beta, "β"),
        definition("Δ = βv - (1-β)N"): eq(v.move, v.beta * v.v - (1 - v.beta) * v.force),
    }


LEMMAS = (
    lemma(
        "ngn_m.force",
        "N' = (f''(σ-q) + 2q²)/(σ+q)² for N = f'/(σ+q), q = f'²/(2f), σ = 1/c",
        "f p h sigma q dq slope",
        lambda v: {
            case("f > 0"): gt(v.f, 0),
            case("σ ≥ 0"): ge(v.sigma, 0),
            case("q > 0"): gt(v.q, 0),
            definition("q = f'²/(2f)"): eq(v.q * 2 * v.f, v.p * v.p),
            definition("q' = f'f''/f - f'³/(2f²): the rule for quotients"): eq(
                2 * v.f * v.f * v.dq, 2 * v.p * v.h * v.f - v.p * v.p * v.p
            ),
            definition("N' = (f''(σ+q) - f'q')/(σ+q)²: the rule for quotients"): eq(
                v.slope * (v.sigma + v.q) * (v.sigma + v.q),
                v.h * (v.sigma + v.q) - v.p * v.dq,
            ),
        },
        equal(
            lambda v: v.slope * (v.sigma + v.q) * (v.sigma + v.q),
            lambda v: v.h * (v.sigma - v.q) + 2 * v.q * v.q,
        ),
        Mutation(
            "q² once",
            claim=equal(
                lambda v: v.slope * (v.sigma + v.q) * (v.sigma + v.q),
                lambda v: v.h * (v.sigma - v.q) + v.q * v.q,
            ),
            fixed={"f": 1, "p": 2, "sigma": 0},
        ),
    ),
    lemma(
        "ngn_m.slope_uncapped",
        "N' ≤ 2 without a cap, f convex",
        "h sigma q slope",
        lambda v: {
            **slope(v),
            case("no cap: σ = 0"): eq(v.sigma, 0),
            assumed("convex", "f'' ≥ 0"): ge(v.h, 0),
        },
        conclusion(lambda v: le(v.slope, 2)),
        Mutation("1.98", claim=lambda v: {"": le(100 * v.slope, 198)}, fixed={"q": 1, "sigma": 0}),
        Mutation(
            "not convex",
            drop=("f'' ≥ 0",),
            fixed={"q": 1, "sigma": 0},
        ),
    ),
    lemma(
        "ngn_m.slope_capped",
        "N' ≤ 2 for every c where f f'' ≤ 7 f'²",
        "h sigma q slope",
        lambda v: {
            **slope(v),
            assumed("convex", "f'' ≥ 0"): ge(v.h, 0),
            case("f'' ≤ 14q: f f'' ≤ 7 f'²"): le(v.h, 14 * v.q),
        },
        conclusion(lambda v: le(v.slope, 2)),
        Mutation("any f''", drop=("f'' ≤ 14q: f f'' ≤ 7 f'²",), fixed={"q": (1, 4), "sigma": 1}),
    ),
    lemma(
        "ngn_m.quartic",
        "q ≤ f'' ≤ 2q where f = x²(1+x²), u = x²",
        "u h q",
        lambda v: {
            geometry("u = x² ≥ 0"): ge(v.u, 0),
            definition("f'' = 2 + 12u"): eq(v.h, 2 + 12 * v.u),
            definition("q = 2(1+2u)²/(1+u)"): eq(
                v.q, 2 * (1 + 2 * v.u) * (1 + 2 * v.u) / (1 + v.u)
            ),
        },
        lambda v: {"q ≤ f''": le(v.q, v.h), "f'' ≤ 2q": le(v.h, 2 * v.q)},
        Mutation("1.01q ≤ f''", claim=lambda v: {"": le(101 * v.q, 100 * v.h)}, fixed={"u": 0}),
    ),
    lemma(
        "ngn_m.slope_quartic",
        "N' ≤ 1 for every c where q ≤ f'' ≤ 2q",
        "h sigma q slope",
        lambda v: {
            **slope(v),
            LOWER: le(v.q, v.h),
            HIGHER: le(v.h, 2 * v.q),
        },
        conclusion(lambda v: le(v.slope, 1)),
        Mutation("0.99", claim=lambda v: {"": le(100 * v.slope, 99)}, fixed={"q": 1, "sigma": 0}),
        by=Algebra(
            lambda v: {
                LOWER: v.q / ((v.sigma + v.q) * (v.sigma + v.q)),
                HIGHER: v.sigma / ((v.sigma + v.q) * (v.sigma + v.q)),
            },
            lambda v: [(1, v.sigma / (v.sigma + v.q))],
        ),
    ),
    by_hand(
        "ngn_m.quadratic",
        "V(y) ≤ V(x) + (1-β)(N(x)(y-x) + s(y-x)²) where N' ≤ 2s",
        "V' = (1-β)N, and N(x+t) - N(x) is at most 2st for t > 0, at least 2st for t < 0, by the"
        " mean value theorem: N is continuous, and N' ≤ 2s but at x* and where f' jumps, which it"
        " does not. Integrate from x to y. (At x* N is 0 and continuous: f/|f'| ≤ |x-x*| where f is"
        " convex.)",
        source="known (the descent lemma)",
    ),
    lemma(
        "ngn_m.energy",
        "E_{k+1} ≤ E_k - (β/2)(Δ-v)² - (1-β)(1-s)Δ²",
        "beta v force move s V V_next",
        lambda v: {
            **move(v),
            "from ngn_m.quadratic: V(x^{k+1}) ≤ V(x^k) + (1-β)(NΔ + sΔ²)": le(
                v.V_next,
                v.V + (1 - v.beta) * (v.force * v.move + v.s * v.move * v.move),
            ),
        },
        conclusion(
            lambda v: le(
                v.V_next + v.beta / 2 * v.move * v.move,
                v.V
                + v.beta / 2 * v.v * v.v
                - v.beta / 2 * (v.move - v.v) * (v.move - v.v)
                - (1 - v.beta) * (1 - v.s) * v.move * v.move,
            )
        ),
        Mutation(
            "2(1-s) in the place of 1-s",
            claim=lambda v: {
                "": le(
                    v.V_next + v.beta / 2 * v.move * v.move,
                    v.V
                    + v.beta / 2 * v.v * v.v
                    - v.beta / 2 * (v.move - v.v) * (v.move - v.v)
                    - 2 * (1 - v.beta) * (1 - v.s) * v.move * v.move,
                )
            },
            real=lambda v: {"moves": ge(v.move * v.move, 1), "N": ge(v.force, 1)},
            fixed={"beta": (1, 2), "s": (1, 2)},
            replay=Reference(measure_move),
        ),
        Mutation(
            "N' may be 3: the energy grows",
            claim=lambda v: {
                "": le(v.V_next + v.beta / 2 * v.move * v.move, v.V + v.beta / 2 * v.v * v.v)
            },
            real=lambda v: {"moves": ge(v.move * v.move, 1), "N": ge(v.force, 1)},
            fixed={"beta": (1, 2), "s": (3, 2)},
            replay=Reference(measure_move),
        ),
        by=Algebra(
            lambda v: {
                UPPER: 1,
                "Δ = βv - (1-β)N": v.move,
            }
        ),
    ),
    MOVES.base(
        "ngn_m.moves_base",
        "E_1 = V(x^1): at rest",
        "",
        lambda v: {
            definition("E_1 = V(x^1)"): eq(v.E, v.start),
            definition("nothing is summed"): eq(v.moves, 0),
        },
        mutated=(
            Mutation("less", claim=lambda v: {"": le(v.E, v.start - 1)}, fixed={"beta": 0, "s": 0}),
        ),
    ),
    MOVES.step(
        "ngn_m.moves_step",
        "E_k + (1-β)(1-s) ΣΔ² ≤ V(x^1)",
        "beta v move V V_next E_next moves_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("E_k = V(x^k) + (β/2)v²"): eq(v.E, v.V + v.beta / 2 * v.v * v.v),
            definition("E_{k+1} = V(x^{k+1}) + (β/2)Δ²"): eq(
                v.E_next, v.V_next + v.beta / 2 * v.move * v.move
            ),
            "from ngn_m.energy": le(
                v.V_next + v.beta / 2 * v.move * v.move,
                v.V
                + v.beta / 2 * v.v * v.v
                - v.beta / 2 * (v.move - v.v) * (v.move - v.v)
                - (1 - v.beta) * (1 - v.s) * v.move * v.move,
            ),
            definition("ΣΔ² grows"): eq(v.moves_next, v.moves + v.move * v.move),
        },
        mutated=(
            Mutation(
                "twice the sum",
                claim=lambda v: {
                    "": le(v.E_next + 2 * (1 - v.beta) * (1 - v.s) * v.moves_next, v.start)
                },
                fixed={"beta": 0, "s": 0, "moves": 1},
            ),
        ),
    ),
    FORCES.base(
        "ngn_m.forces_base",
        "nothing is summed, nothing has moved",
        "",
        lambda v: {
            **unit(v.beta, "β"),
            definition("Σ N²"): eq(v.forces, 0),
            definition("Σ Δ²"): eq(v.moves, 0),
            definition("at rest"): eq(v.v, 0),
        },
        mutated=(
            Mutation("something is missing", claim=lambda v: {"": le(v.forces + 1, v.moves)}),
        ),
    ),
    FORCES.step(
        "ngn_m.forces_step",
        "(1-β)² ΣN² + 2β²Δ_k² ≤ 2(1+β²) ΣΔ²",
        "force move forces_next moves_next v_next",
        lambda v: {
            **move(v),
            definition("ΣN² grows"): eq(v.forces_next, v.forces + v.force * v.force),
            definition("ΣΔ² grows"): eq(v.moves_next, v.moves + v.move * v.move),
            definition("Δ is the next v"): eq(v.v_next, v.move),
        },
        mutated=(
            Mutation(
                "half of it",
                claim=lambda v: {
                    "": le(
                        (1 - v.beta) * (1 - v.beta) * v.forces_next,
                        (1 + v.beta * v.beta) * v.moves_next,
                    )
                },
                fixed={"beta": (1, 2), "forces": 10, "v": 1},
            ),
        ),
    ),
    lemma(
        "ngn_m.line_end",
        "K (1-β)²(1-s) mean N² ≤ 2(1+β²) ∫N: the forces die out",
        "beta s E moves start W forces v mean K",
        lambda v: {
            **unit(v.beta, "β"),
            case("s < 1"): gt(1, v.s),
            definition("V(x^1) = (1-β) ∫N"): eq(v.start, (1 - v.beta) * v.W),
            definition("ΣN² = K mean N²"): eq(v.forces, v.K * v.mean),
            ENERGY: ge(v.E, 0),
            MOVED: le(v.E + (1 - v.beta) * (1 - v.s) * v.moves, v.start),
            FORCED: le(
                (1 - v.beta) * (1 - v.beta) * v.forces + 2 * v.beta * v.beta * v.v * v.v,
                2 * (1 + v.beta * v.beta) * v.moves,
            ),
        },
        conclusion(
            lambda v: le(
                v.K * (1 - v.beta) * (1 - v.beta) * (1 - v.s) * v.mean,
                2 * (1 + v.beta * v.beta) * v.W,
            )
        ),
        Mutation(
            "half of it",
            claim=lambda v: {
                "": le(
                    v.K * (1 - v.beta) * (1 - v.beta) * (1 - v.s) * v.mean,
                    (1 + v.beta * v.beta) * v.W,
                )
            },
            fixed={"beta": (1, 2), "s": 0, "W": 1, "K": 1},
        ),
        by=Algebra(
            lambda v: {
                MOVED: 2 * (1 + v.beta * v.beta) / (1 - v.beta),
                ENERGY: 2 * (1 + v.beta * v.beta) / (1 - v.beta),
                FORCED: 1 - v.s,
            },
            lambda v: [(2 * (1 - v.s), v.beta * v.v)],
        ),
    ),
)

NOT_INSTANCES: NotInstances = {
    ("ngn_m.energy", UPPER): "integrated from N' ≤ 2s: ngn_m.quadratic",
}

THEOREM = theorem(
    LINE,
    lemmas=tuple(lemma.name for lemma in LEMMAS),
    concludes=Concluded("ngn_m.line_end", lambda s, w: {w.mean: s.n}),
    claims=(),
    inductions=(
        Induction("k", ("ngn_m.moves_base",), "ngn_m.moves_step"),
        Induction("k", ("ngn_m.forces_base",), "ngn_m.forces_step"),
    ),
    assembly="NGN-M is the heavy ball on V = (1-β) ∫N, whose energy falls at every step by"
    " ngn_m.energy; summed, the moves and with them the forces N = γf' die out. What N' is,"
    " ngn_m.force says: at most 2 without a cap where f is convex (s = 1: then the energy falls"
    " strictly unless x does not move, or moves on for ever by the same amount), at most 2 for"
    " every c where f f'' ≤ 7 f'², and at most 1 (s = ½) for f = x²(1+x²), the example on which the"
    " stability of NGN-M was argued from spectral radii, for every c and β.",
)

THEOREMS = (THEOREM,)
