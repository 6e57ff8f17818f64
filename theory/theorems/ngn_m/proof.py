"""NGN-M: the rate for smooth convex functions, without interpolation, for independent samples.

The heavy ball is a gradient method in ``z^k = x^k + λ(x^k - x^{k-1})`` with ``λ = β/(1-β)``. Its
step size lies between ``c/(1+cL)`` and c, and ``γ²||g||²`` is paid for by ``γ(f - inf f)`` and by
what the infimum lies above the lower bound. So ``||z^k - x*||²`` falls by a multiple of the excess,
up to the excess at the point before, which the sum over k takes in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import (
    Algebra,
    Concluded,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    by_hand,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import NotInstances, assumed, case, convex, definition, geometry
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.theorems.ngn_m.replay import measure_shift, measure_square, measure_step_size
from theory.theorems.ngn_m.statement import DERIVED, PUBLISHED

LEAST = definition("γ_0 = c/(1+cL)")
FIRST_GAP = definition("δ_1 = f(x^1) - f*")
CROSS = definition("<g,z-x*> = <g,x-x*> + λ<g,x-x_before>")
STEPPED = definition("||z^{k+1}-x*||² for z^{k+1} = z^k - γg, by ngn_m.shift")
SQUARE = "from ngn_m.square"
SOLUTION = convex("x*", "x^k", "<g,x-x*> ≥ ψ - ψ*")
BEFORE = convex("x^{k-1}", "x^k", "<g,x-x_before> ≥ ψ - ψ-")
GRADIENT = "from ngn_m.gradient: ||g||² ≤ 2Lψ"
END = "from ngn_m.sum_end: (w-2cλ) K mean ≤ D² + 2λγ_0 δ_1 + KV"
CARRIED = "induction: ||z-x*||² + (w-2cλ) Σδ + 2cλ δ_k ≤ D² + 2λγ_0 δ_1 + kV"
SUMMED = "from ngn_m.sum_step"
SHORTER = case("γ_0 ≤ c")
WEIGHT = definition("w = (2-a+2λ)γ_0")
NOISE = definition("V = (2c+2cλ-w)σ_int² + bσ_pos²")
TOP = case("max{2cL-1,0} ≥ 2cL-1")
ABOVE = assumed("bound_below", "m ≥ 0")
EXCESS = assumed("infima", "ψ ≥ 0: above the infimum")
STEP_SIZE = definition("γ = c/(1 + c||g||²/(2f))")
LONG = "from ngn_m.step_size: γ ≤ c"
SHORT = "from ngn_m.step_size: γ ≥ c/(1+cL)"
LENGTH = "from ngn_m.length, ngn_m.length_published: γ²||g||² ≤ aγψ + bm"
FIRST_FALL = "from ngn_m.expected, ngn_m.first"
FALL = "from ngn_m.expected, ngn_m.step"

SUM = Invariant(
    "Z A last D2 first w c lam least V count a b si sp",
    lambda v: {
        "||z-x*||² + (w-2cλ) Σδ + 2cλ δ_k ≤ D² + 2λγ_0 δ_1 + kV": le(
            v.Z + (v.w - 2 * v.c * v.lam) * v.A + 2 * v.c * v.lam * v.last,
            v.D2 + 2 * v.lam * v.least * v.first + v.count * v.V,
        )
    },
)


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


def constants(v: Any) -> Mapping[str, Relation]:
    """Say what the sum over k adds up."""
    return {
        case("c > 0"): gt(v.c, 0),
        case("λ ≥ 0"): ge(v.lam, 0),
        WEIGHT: eq(v.w, (2 - v.a + 2 * v.lam) * v.least),
        NOISE: eq(v.V, (2 * v.c + 2 * v.c * v.lam - v.w) * v.si + v.b * v.sp),
    }


def summed(v: Any) -> Mapping[str, Relation]:
    """Say what the sum over K steps gives, for given a and b."""
    return {
        case("c, L > 0"): gt(v.l, 0),
        case("c > 0"): gt(v.c, 0),
        case("λ ≥ 0"): ge(v.lam, 0),
        case("K > 0"): gt(v.K, 0),
        case("σ_int² ≥ 0"): ge(v.si, 0),
        WEIGHT: eq(v.w, (2 - v.a + 2 * v.lam) * v.least),
        NOISE: eq(v.V, (2 * v.c + 2 * v.c * v.lam - v.w) * v.si + v.b * v.sp),
        LEAST: eq(v.least, v.c / (1 + v.l)),
        END: le(
            (v.w - 2 * v.c * v.lam) * v.K * v.mean,
            v.D2 + 2 * v.lam * v.least * v.first + v.K * v.V,
        ),
    }


def derived(v: Any) -> Relation:
    """Return the rate in the form that is proven, times ``2cKκ``."""
    kappa = 1 - v.lam * v.l * (1 + v.l)
    start = v.D2 + 2 * v.lam * v.least * v.first
    noise = v.l * (2 + v.l + v.lam * (1 + v.l)) * v.si + v.l * (1 + v.l) * v.sp / 4
    return le(
        2 * v.c * v.K * kappa * v.mean,
        (1 + v.l) * (1 + v.l) * start + 2 * v.c * v.K * noise,
    )


def between(v: Any) -> Relation:
    """Return the rate that leads to the published one, times ``2cKκ'``."""
    kappa = 1 - v.lam * v.l * (1 + 2 * v.l)
    start = v.D2 + 2 * v.lam * v.least * v.first
    noise = v.l * (3 + 2 * v.l + v.lam * (1 + 2 * v.l)) * v.si + v.l * v.top * v.sp
    return le(
        2 * v.c * v.K * kappa * v.mean,
        (1 + v.l) * (1 + 2 * v.l) * start + 2 * v.c * v.K * noise,
    )


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
    by_hand(
        "ngn_m.expected",
        "E ψ = δ_k + σ_int², E ψ- = δ_{k-1} + σ_int², E ψ* = σ_int², E m = σ_pos²",
        "ψ = f(x^k,s) - inf f(·,s), ψ- the same at x^{k-1} and ψ* at x*, m = inf f(·,s) less the"
        " lower bound, δ_k = E[f(x^k) - f*]. s_k is drawn independently of x^k and x^{k-1}, and"
        " f* = E f(x*,s); by definition σ_int² = E[f(x*,s) - inf f(·,s)] and σ_pos² = E m."
        " Where the loss is at the lower bound γ = 0, and so are its slope and all but ψ-.",
        source=PUBLISHED.source,
    ),
    SUM.base(
        "ngn_m.sum_base",
        "after the first step",
        "a b si sp start",
        lambda v: {
            **constants(v),
            case("0 < γ_0 ≤ c"): gt(v.least, 0),
            SHORTER: le(v.least, v.c),
            case("a < 2"): gt(2, v.a),
            case("σ_int² ≥ 0"): ge(v.si, 0),
            FIRST_FALL: le(
                v.Z,
                v.D2 - (2 - v.a) * v.least * (v.first + v.si) + 2 * v.c * v.si + v.b * v.sp,
            ),
            definition("Σδ = δ_1"): eq(v.A, v.first),
            definition("δ_k = δ_1"): eq(v.last, v.first),
            definition("k = 1"): eq(v.count, 1),
        },
        by=Algebra(lambda v: {FIRST_FALL: 1, SHORTER: 2 * v.lam * v.si}),
        mutated=(
            Mutation(
                "without δ_1 at the right",
                claim=lambda v: {
                    "": le(
                        v.Z + (v.w - 2 * v.c * v.lam) * v.A + 2 * v.c * v.lam * v.last,
                        v.D2 + v.count * v.V,
                    )
                },
                fixed={"si": 0, "sp": 0, "a": 0, "b": 0, "c": 1, "lam": 1, "least": 1},
            ),
        ),
    ),
    SUM.step(
        "ngn_m.sum_step",
        "||z^{k+1}-x*||² + (w-2cλ) Σδ + 2cλ δ_k ≤ D² + 2λγ_0 δ_1 + kV",
        "a b si sp delta Z_next A_next last_next count_next",
        lambda v: {
            **constants(v),
            FALL: le(
                v.Z_next,
                v.Z
                - v.w * (v.delta + v.si)
                + 2 * v.c * v.si
                + 2 * v.c * v.lam * (v.last + v.si)
                + v.b * v.sp,
            ),
            definition("Σδ grows"): eq(v.A_next, v.A + v.delta),
            definition("δ_{k+1}"): eq(v.last_next, v.delta),
            definition("k+1"): eq(v.count_next, v.count + 1),
        },
        by=Algebra(lambda v: {CARRIED: 1, FALL: 1}),
        mutated=(
            Mutation(
                "the noise counts once",
                claim=lambda v: {
                    "": le(
                        v.Z_next
                        + (v.w - 2 * v.c * v.lam) * v.A_next
                        + 2 * v.c * v.lam * v.last_next,
                        v.D2 + 2 * v.lam * v.least * v.first + v.V,
                    )
                },
                real=lambda v: {"V": ge(v.V, 1), "k": ge(v.count, 1)},
                fixed={"c": 1, "lam": 1, "least": 1, "a": 1, "b": 1, "si": 1, "sp": 1},
            ),
        ),
    ),
    lemma(
        "ngn_m.sum_end",
        "(w-2cλ) K mean δ ≤ D² + 2λγ_0 δ_1 + KV: what is left is not negative",
        "Z A last D2 first w c lam least V count a b si sp K mean",
        lambda v: {
            **constants(v),
            case("0 < γ_0 ≤ c"): gt(v.least, 0),
            SHORTER: le(v.least, v.c),
            case("a < 2"): gt(2, v.a),
            case("σ_int² ≥ 0"): ge(v.si, 0),
            geometry("||z^{K+1}-x*||² ≥ 0"): ge(v.Z, 0),
            assumed("infima", "δ_K ≥ 0: f* is the least value"): ge(v.last, 0),
            definition("Σδ = K mean δ"): eq(v.A, v.K * v.mean),
            definition("k = K"): eq(v.count, v.K),
            SUMMED: SUM.holds(v)["||z-x*||² + (w-2cλ) Σδ + 2cλ δ_k ≤ D² + 2λγ_0 δ_1 + kV"],
        },
        conclusion(
            lambda v: le(
                (v.w - 2 * v.c * v.lam) * v.K * v.mean,
                v.D2 + 2 * v.lam * v.least * v.first + v.K * v.V,
            )
        ),
        Mutation(
            "half of D²",
            claim=lambda v: {
                "": le(
                    2 * (v.w - 2 * v.c * v.lam) * v.K * v.mean,
                    v.D2 + 2 * v.lam * v.least * v.first + v.K * v.V,
                )
            },
            fixed={"lam": 0, "K": 1, "V": 0, "w": 1, "c": 1},
        ),
        by=Algebra(
            lambda v: {
                SUMMED: 1,
                "||z^{K+1}-x*||² ≥ 0": 1,
                "δ_K ≥ 0: f* is the least value": 2 * v.c * v.lam,
            }
        ),
    ),
    lemma(
        "ngn_m.derived",
        "κ mean δ ≤ (1+cL)²R²/(2cK) + cL(2+cL+λ(1+cL))σ_int² + ¼cL(1+cL)σ_pos²",
        "c l lam K a b least w V D2 first si sp mean",
        lambda v: {
            **summed(v),
            definition("a = 2cL/(1+cL)"): eq(v.a, 2 * v.l / (1 + v.l)),
            definition("b = c·cL/(2(1+cL))"): eq(v.b, v.c * v.l / (2 * (1 + v.l))),
        },
        conclusion(derived),
        Mutation(
            "K² in the place of K",
            claim=lambda v: {
                "": le(
                    2 * v.c * v.K * v.K * (1 - v.lam * v.l * (1 + v.l)) * v.mean,
                    (1 + v.l) * (1 + v.l) * v.D2,
                )
            },
            fixed={"c": 1, "l": 1, "lam": 0, "K": 2, "si": 0, "sp": 0, "first": 0},
        ),
        by=Algebra(lambda v: {END: (1 + v.l) * (1 + v.l)}),
    ),
    lemma(
        "ngn_m.between",
        "κ' mean δ ≤ (1+cL)(1+2cL)R²/(2cK) + cL(3+2cL+λ(1+2cL))σ_int² + cL max{0,2cL-1}σ_pos²",
        "c l lam K a b least w V D2 first si sp mean top",
        lambda v: {
            **summed(v),
            definition("a = 4cL/(1+2cL)"): eq(v.a, 4 * v.l / (1 + 2 * v.l)),
            definition("b = 2c·cL max{0,2cL-1}/((1+cL)(1+2cL))"): eq(
                v.b, 2 * v.c * v.l * v.top / ((1 + v.l) * (1 + 2 * v.l))
            ),
        },
        conclusion(between),
        Mutation(
            "K² in the place of K",
            claim=lambda v: {
                "": le(
                    2 * v.c * v.K * v.K * (1 - v.lam * v.l * (1 + 2 * v.l)) * v.mean,
                    (1 + v.l) * (1 + 2 * v.l) * v.D2,
                )
            },
            fixed={"c": 1, "l": 1, "lam": 0, "K": 2, "si": 0, "sp": 0, "first": 0, "top": 0},
        ),
        by=Algebra(lambda v: {END: (1 + v.l) * (1 + 2 * v.l)}),
    ),
    lemma(
        "ngn_m.published",
        "mean δ ≤ (1+2cL)²D²/(cK) + 8cL(1+2cL)²σ_int² + 2cL max{2cL-1,0}σ_pos²",
        "c l lam K least D2 first si sp mean top",
        lambda v: {
            case("c, L > 0"): gt(v.l, 0),
            case("c > 0"): gt(v.c, 0),
            case("λ ≥ 0"): ge(v.lam, 0),
            case("λ ≤ ½/((1+cL)(1+2cL))"): le(2 * v.lam * (1 + v.l) * (1 + 2 * v.l), 1),
            case("K > 0"): gt(v.K, 0),
            geometry("D² ≥ 0"): ge(v.D2, 0),
            assumed("smooth", "δ_1 ≤ LD²/2: the gradient of f is 0 at x*"): le(
                2 * v.c * v.first, v.l * v.D2
            ),
            assumed("infima", "δ_1 ≥ 0: f* is the least value"): ge(v.first, 0),
            case("mean δ ≥ 0"): ge(v.mean, 0),
            case("σ_int² ≥ 0"): ge(v.si, 0),
            case("σ_pos² ≥ 0"): ge(v.sp, 0),
            case("max{2cL-1,0} ≥ 0"): ge(v.top, 0),
            LEAST: eq(v.least, v.c / (1 + v.l)),
            "from ngn_m.between": between(v),
        },
        conclusion(
            lambda v: le(
                v.c * v.K * v.mean,
                (1 + 2 * v.l) * (1 + 2 * v.l) * v.D2
                + v.c
                * v.K
                * (8 * v.l * (1 + 2 * v.l) * (1 + 2 * v.l) * v.si + 2 * v.l * v.top * v.sp),
            )
        ),
        Mutation(
            "a quarter of D²",
            claim=lambda v: {"": le(4 * v.c * v.K * v.mean, (1 + 2 * v.l) * (1 + 2 * v.l) * v.D2)},
            fixed={"si": 0, "sp": 0, "l": (1, 4), "K": 1, "c": 1, "lam": 0, "top": 0},
        ),
        source=PUBLISHED.source,
    ),
)

GENERAL = tuple(
    lemma.name
    for lemma in LEMMAS
    if lemma.name.removeprefix("ngn_m.")
    not in ("length", "length_published", "derived", "between", "published")
)
AT = GENERAL.index("ngn_m.first")

MEANINGS: Meanings = {
    **{
        (citing, "ngn_m.length"): [
            lambda v, w: {
                v.a: 2 * v.c * v.L / (1 + v.c * v.L),
                v.b: v.c * v.c * v.L / (2 * (1 + v.c * v.L)),
            }
        ]
        for citing in ("ngn_m.first", "ngn_m.step")
    },
}

IN_MEAN = "of the mean over s_k, which is drawn after x^k: ngn_m.expected"
NOT_INSTANCES: NotInstances = {
    ("ngn_m.sum_base", FIRST_FALL): IN_MEAN,
    ("ngn_m.sum_step", FALL): IN_MEAN,
}

INDUCTIONS = (Induction("k", ("ngn_m.sum_base",), "ngn_m.sum_step"),)


def chain(*ends: str) -> tuple[str, ...]:
    """Return the lemmas of a theorem with these at the end."""
    lengths = ("ngn_m.length", "ngn_m.length_published")
    return (*GENERAL[:AT], *lengths, *GENERAL[AT:], *ends)


RATE = theorem(
    DERIVED,
    lemmas=chain("ngn_m.derived"),
    concludes=Concluded(
        "ngn_m.derived",
        lambda s, w: {
            w.mean: s.m,
            w.l: s.c * s.L,
            w.lam: s.beta / (1 - s.beta),
            w.D2: s.D * s.D,
            w.least: s.c / (1 + s.c * s.L),
        },
    ),
    inductions=INDUCTIONS,
    assembly="A step falls as ngn_m.step says, with a = 2cL/(1+cL) and b = c·cL/(2(1+cL)) from"
    " ngn_m.length. In expectation ngn_m.sum_step sums this over k ≤ K, and what is left of"
    " ||z-x*||² and of δ_K, which are not negative, is dropped.",
)

PAPER = theorem(
    PUBLISHED,
    lemmas=chain("ngn_m.between", "ngn_m.published"),
    concludes=Concluded(
        "ngn_m.published",
        lambda s, w: {
            w.mean: s.m,
            w.l: s.c * s.L,
            w.lam: s.beta / (1 - s.beta),
            w.D2: s.D * s.D,
            w.least: s.c / (1 + s.c * s.L),
        },
    ),
    inductions=INDUCTIONS,
    assembly="As for the rate that is derived here, with the NGN paper's a = 4cL/(1+2cL) and b ="
    " 2c·cL max{2cL-1,0}/((1+cL)(1+2cL)) from ngn_m.length_published.",
)

THEOREMS = (RATE, PAPER)
