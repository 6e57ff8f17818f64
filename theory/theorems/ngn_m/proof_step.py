"""NGN-M: what one step does to ``||z^k - x*||²``.

The heavy ball is a gradient method in ``z^k = x^k + λ(x^k - x^{k-1})`` with ``λ = β/(1-β)``. Its
step size lies between ``c/(1+cL)`` and c, and ``γ²||g||²`` is paid for by ``γ(f - inf f)`` and by
what the infimum lies above the lower bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import Algebra, Mutation, Reference, conclusion, lemma
from theory.proofs.hypotheses import assumed, case, convex, definition, geometry
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.theorems.ngn_m.replay import measure_shift, measure_square, measure_step_size

LEAST = definition("γ_0 = c/(1+cL)")
CROSS = definition("<g,z-x*> = <g,x-x*> + λ<g,x-x_before>")
STEPPED = definition("||z^{k+1}-x*||² for z^{k+1} = z^k - γg, by ngn_m.shift")
SQUARE = "from ngn_m.square"
SOLUTION = convex("x*", "x^k", "<g,x-x*> ≥ ψ - ψ*")
BEFORE = convex("x^{k-1}", "x^k", "<g,x-x_before> ≥ ψ - ψ-")
GRADIENT = "from ngn_m.gradient: ||g||² ≤ 2Lψ"
TOP = case("max{2cL-1,0} ≥ 2cL-1")
ABOVE = assumed("bound_below", "m ≥ 0")
EXCESS = assumed("infima", "ψ ≥ 0: above the infimum")
STEP_SIZE = definition("γ = c/(1 + c||g||²/(2f))")
LONG = "from ngn_m.step_size: γ ≤ c"
SHORT = "from ngn_m.step_size: γ ≥ c/(1+cL)"
LENGTH = case("γ²||g||² ≤ aγψ + bm: by ngn_m.length, or ngn_m.length_published")


def step_size(v: Any) -> Mapping[str, Relation]:
    """Say what the step size of one sample is, and what its slope and its losses are."""
    return {
        case("c > 0"): gt(v.c, 0),
        assumed("smooth", "L > 0"): gt(v.L, 0),
        definition("f = ψ + m: above the infimum, and that above the lower bound"): eq(
            v.f, v.psi + v.m
        ),
        EXCESS: ge(v.psi, 0),
        ABOVE: ge(v.m, 0),
        case("f > 0: else γ = 0"): gt(v.f, 0),
        geometry("||g||² ≥ 0"): ge(v.N, 0),
        GRADIENT: le(v.N, 2 * v.L * v.psi),
        STEP_SIZE: eq(v.gamma, 2 * v.c * v.f / (2 * v.f + v.c * v.N)),
    }


def square_sum(v: Any) -> Any:
    """Return ``(f + c||g||²/2)²``."""
    return (v.f + v.c * v.N / 2) * (v.f + v.c * v.N / 2)


def published_length(v: Any) -> Mapping[str, Any]:
    """Return the multipliers of `ngn_m.length_published`; n = c||g||²/2."""
    ell, n = v.c * v.L, v.c * v.N / 2
    common = v.c / ((1 + 2 * ell) * square_sum(v))
    return {
        GRADIENT: common * v.c * (2 * v.f * v.f + v.m * v.top * v.f / (1 + ell)),
        EXCESS: common * 2 * v.f * n,
        TOP: common * 2 * v.f * n * v.m,
        ABOVE: common * v.top * 2 * ell * (v.f * v.m + v.f * n + n * n) / (1 + ell),
    }


def fall(v: Any) -> Mapping[str, Relation]:
    """Say what a step does to ``||z-x*||²``, and between what its step size lies."""
    return {
        **step_size(v),
        case("λ ≥ 0"): ge(v.lam, 0),
        case("a < 2"): gt(2, v.a),
        LEAST: eq(v.least, v.c / (1 + v.c * v.L)),
        SHORT: ge(v.gamma, v.c / (1 + v.c * v.L)),
        LONG: le(v.gamma, v.c),
        assumed("infima", "ψ* ≥ 0: above the infimum"): ge(v.psi_star, 0),
        assumed("infima", "ψ- ≥ 0: above the infimum"): ge(v.psi_before, 0),
        CROSS: eq(v.cross, v.p + v.lam * v.v),
        STEPPED: eq(v.Z_next, v.Z - 2 * v.gamma * v.cross + v.gamma * v.gamma * v.N),
        SQUARE: eq(
            v.Z_next,
            v.Z - 2 * v.gamma * v.p - 2 * v.gamma * v.lam * v.v + v.gamma * v.gamma * v.N,
        ),
        SOLUTION: ge(v.p, v.psi - v.psi_star),
        LENGTH: le(v.gamma * v.gamma * v.N, v.a * v.gamma * v.psi + v.b * v.m),
    }


def pays(v: Any, momentum: Any) -> Mapping[str, Any]:
    """Return the multipliers of a step; ``momentum`` is λ, or 0 for the first one."""
    return {
        LENGTH: 1,
        SOLUTION: 2 * v.gamma,
        SHORT: (2 - v.a + 2 * momentum) * v.psi,
        LONG: 2 * v.psi_star + 2 * momentum * v.psi_before,
    }


LEMMAS = (
    lemma(
        "ngn_m.gradient",
        "||g||² ≤ 2L (f(x,s) - inf f(·,s)) where f(·,s) is L-smooth",
        "psi after N L",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            assumed("smooth", "f(x - g/L,s) ≤ f(x,s) - ||g||²/(2L)"): le(
                v.after, v.psi - v.N / (2 * v.L)
            ),
            assumed("infima", "inf f(·,s) ≤ f(x - g/L,s)"): ge(v.after, 0),
        },
        conclusion(lambda v: le(v.N, 2 * v.L * v.psi)),
        Mutation(
            "2 becomes 1.98",
            claim=lambda v: {"": le(v.N, 198 * v.L * v.psi / 100)},
            fixed={"L": 1},
        ),
        source="known (the descent lemma)",
    ),
    lemma(
        "ngn_m.shift",
        "z^{k+1} = z^k - γ g for z^k = x^k + λ(x^k - x^{k-1}), λ = β/(1-β)",
        "x_before x x_next g gamma beta lam z z_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("λ = β/(1-β)"): eq(v.lam, v.beta / (1 - v.beta)),
            definition("the step"): eq(
                v.x_next, v.x - (1 - v.beta) * v.gamma * v.g + v.beta * (v.x - v.x_before)
            ),
            definition("z"): eq(v.z, v.x + v.lam * (v.x - v.x_before)),
            definition("z^{k+1}"): eq(v.z_next, v.x_next + v.lam * (v.x_next - v.x)),
        },
        conclusion(lambda v: eq(v.z_next, v.z - v.gamma * v.g)),
        Mutation(
            "β in the place of λ",
            claim=lambda v: {
                "": eq(v.x_next + v.beta * (v.x_next - v.x), v.z - v.gamma * v.g),
            },
            real=lambda v: {"γ > 0": ge(v.gamma, 1), "g": ge(v.g * v.g, 1)},
            fixed={"beta": (1, 2)},
            replay=Reference(measure_shift),
        ),
        by=Algebra(),
        source="known (Sebbouh, Gower and Defazio 2021)",
    ),
    lemma(
        "ngn_m.square",
        "||z^{k+1}-x*||² = ||z^k-x*||² - 2γ<g,x-x*> - 2γλ<g,x-x_before> + γ²||g||²",
        "Z Z_next gamma lam p v N cross",
        lambda v: {
            CROSS: eq(v.cross, v.p + v.lam * v.v),
            STEPPED: eq(v.Z_next, v.Z - 2 * v.gamma * v.cross + v.gamma * v.gamma * v.N),
        },
        conclusion(
            lambda v: eq(
                v.Z_next,
                v.Z - 2 * v.gamma * v.p - 2 * v.gamma * v.lam * v.v + v.gamma * v.gamma * v.N,
            )
        ),
        Mutation(
            "without the momentum's term",
            claim=lambda v: {"": eq(v.Z_next, v.Z - 2 * v.gamma * v.p + v.gamma * v.gamma * v.N)},
            real=lambda v: {
                "vectors": ge(v.Z * v.N, v.cross * v.cross),
                "Z > 0": ge(v.Z, 1),
                "λ > 0": ge(v.lam, 1),
            },
            fixed={"N": 1, "gamma": 1},
            replay=Reference(measure_square),
        ),
        by=Algebra(),
    ),
    lemma(
        "ngn_m.step_size",
        "c/(1+cL) ≤ γ ≤ c",
        "c L psi m f N gamma",
        step_size,
        lambda v: {
            "γ ≤ c": le(v.gamma, v.c),
            "γ ≥ c/(1+cL)": ge(v.gamma, v.c / (1 + v.c * v.L)),
        },
        Mutation(
            "c/(1+0.99cL)",
            claim=lambda v: {"": ge(v.gamma * (100 + 99 * v.c * v.L), 100 * v.c)},
            fixed={"c": 1, "L": 2, "psi": 1, "m": 0},
            replay=Reference(measure_step_size),
        ),
        source="NGN paper (arXiv 2407.04358)",
    ),
    lemma(
        "ngn_m.length",
        "γ²||g||² ≤ 2cL/(1+cL) · γψ + c²L/(2(1+cL)) · m",
        "c L psi m f N gamma",
        step_size,
        conclusion(
            lambda v: le(
                v.gamma * v.gamma * v.N,
                2 * v.c * v.L / (1 + v.c * v.L) * v.gamma * v.psi
                + v.c * v.c * v.L / (2 * (1 + v.c * v.L)) * v.m,
            )
        ),
        Mutation(
            "the infimum above the bound for nothing",
            claim=lambda v: {
                "": le(v.gamma * v.N * (1 + v.c * v.L), 2 * v.c * v.L * v.psi),
            },
            fixed={"c": 1, "L": 2, "psi": 1, "m": 1},
            replay=Reference(measure_step_size),
        ),
        Mutation(
            "half of it",
            claim=lambda v: {
                "": le(
                    v.gamma * v.gamma * v.N * (1 + v.c * v.L),
                    2 * v.c * v.L * v.gamma * v.psi + v.c * v.c * v.L * v.m / 4,
                )
            },
            fixed={"c": 1, "L": 2, "psi": 1, "m": 1},
            replay=Reference(measure_step_size),
        ),
        by=Algebra(
            lambda v: {
                ABOVE: v.c
                * v.c
                * v.L
                * (v.f - v.c * v.N / 2)
                * (v.f - v.c * v.N / 2)
                / (2 * (1 + v.c * v.L) * square_sum(v)),
                GRADIENT: v.c * v.c * v.f * v.f / ((1 + v.c * v.L) * square_sum(v)),
            }
        ),
    ),
    lemma(
        "ngn_m.length_published",
        "γ²||g||² ≤ 4cL/(1+2cL) · γψ + 2c²L/(1+cL) · max{0,(2cL-1)/(2cL+1)} · m",
        "c L psi m f N gamma top",
        lambda v: {
            **step_size(v),
            case("max{2cL-1,0} ≥ 0"): ge(v.top, 0),
            TOP: ge(v.top, 2 * v.c * v.L - 1),
        },
        conclusion(
            lambda v: le(
                v.gamma * v.gamma * v.N,
                4 * v.c * v.L / (1 + 2 * v.c * v.L) * v.gamma * v.psi
                + 2 * v.c * v.c * v.L / (1 + v.c * v.L) * v.top / (1 + 2 * v.c * v.L) * v.m,
            )
        ),
        Mutation(
            "the infimum above the bound for nothing",
            claim=lambda v: {
                "": le(v.gamma * v.N * (1 + 2 * v.c * v.L), 4 * v.c * v.L * v.psi),
            },
            fixed={"c": 1, "L": 4, "psi": 1, "m": 2},
            replay=Reference(measure_step_size),
        ),
        by=Algebra(published_length),
        source="NGN paper (arXiv 2407.04358)",
    ),
    lemma(
        "ngn_m.first",
        "||z²-x*||² ≤ D² - (2-a)γ_0 ψ + 2cψ* + bm: no momentum yet",
        "c L lam a b least gamma Z Z_next cross p v N f psi psi_star psi_before m",
        lambda v: {
            **fall(v),
            definition("x^1 = x^0"): eq(v.v, 0),
        },
        conclusion(
            lambda v: le(
                v.Z_next,
                v.Z - (2 - v.a) * v.least * v.psi + 2 * v.c * v.psi_star + v.b * v.m,
            )
        ),
        Mutation(
            "ψ* once",
            claim=lambda v: {
                "": le(
                    v.Z_next,
                    v.Z - (2 - v.a) * v.least * v.psi + v.c * v.psi_star + v.b * v.m,
                )
            },
            fixed={"c": 1, "L": 1, "a": 1, "m": 0, "lam": 0},
        ),
        by=Algebra(lambda v: pays(v, 0)),
    ),
    lemma(
        "ngn_m.step",
        "||z^{k+1}-x*||² ≤ ||z^k-x*||² - (2-a+2λ)γ_0 ψ + 2cψ* + 2cλψ- + bm",
        "c L lam a b least gamma Z Z_next cross p v N f psi psi_star psi_before m",
        lambda v: {
            **fall(v),
            BEFORE: ge(v.v, v.psi - v.psi_before),
        },
        conclusion(
            lambda v: le(
                v.Z_next,
                v.Z
                - (2 - v.a + 2 * v.lam) * v.least * v.psi
                + 2 * v.c * v.psi_star
                + 2 * v.c * v.lam * v.psi_before
                + v.b * v.m,
            )
        ),
        Mutation(
            "ψ- once",
            claim=lambda v: {
                "": le(
                    v.Z_next,
                    v.Z
                    - (2 - v.a + 2 * v.lam) * v.least * v.psi
                    + 2 * v.c * v.psi_star
                    + v.c * v.lam * v.psi_before
                    + v.b * v.m,
                )
            },
            fixed={"c": 1, "L": 1, "a": 1, "m": 0, "lam": 1, "psi_star": 0},
        ),
        by=Algebra(lambda v: {**pays(v, v.lam), BEFORE: 2 * v.gamma * v.lam}),
    ),
)
