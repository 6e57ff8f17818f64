"""NGN-M: the rate for smooth convex functions, without interpolation, for independent samples.

A step takes off ``||z^k - x*||²`` a multiple of the excess over the infimum, up to that at the
point before (`proof_step`), which the sum over k takes in.
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
    by_hand,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import NotInstances, assumed, case, definition, geometry
from theory.proofs.scalars import Relation, eq, ge, gt, le
from theory.theorems.ngn_m import proof_step
from theory.theorems.ngn_m.proof_step import LEAST
from theory.theorems.ngn_m.statement import DERIVED, PUBLISHED

END = "from ngn_m.sum_end: (w-2cλ) K mean ≤ D² + 2λγ_0 δ_1 + KV"
CARRIED = "induction: ||z-x*||² + (w-2cλ) Σδ + 2cλ δ_k ≤ D² + 2λγ_0 δ_1 + kV"
SUMMED = "from ngn_m.sum_step"
SHORTER = case("γ_0 ≤ c")
WEIGHT = definition("w = (2-a+2λ)γ_0")
NOISE = definition("V = (2c+2cλ-w)σ_int² + bσ_pos²")
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


IN_MEAN = (
    "of the mean over s_k, which is drawn after x^k: ngn_m.expected; a and b are those of"
    " ngn_m.length, or of ngn_m.length_published"
)
NOT_INSTANCES: NotInstances = {
    ("ngn_m.sum_base", FIRST_FALL): IN_MEAN,
    ("ngn_m.sum_step", FALL): IN_MEAN,
}

INDUCTIONS = (Induction("k", ("ngn_m.sum_base",), "ngn_m.sum_step"),)


def chain(*ends: str) -> tuple[str, ...]:
    """Return the lemmas of a theorem with these at the end."""
    sums = [f"ngn_m.{name}" for name in ("expected", "sum_base", "sum_step", "sum_end")]
    return (*(lemma.name for lemma in proof_step.LEMMAS), *sums, *ends)


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
    claims=("ngn_m_rate", "ngn_m_summed", "ngn_m_step"),
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
