"""No piece of the lower bound's function is above its value: ``<g_j, y_i> ≤ δ`` for all i, j.

Names as in `theory.theorems.trap.proof`. For fixed i and j the two numbers B and e obey a
recursion, along which B stays nonnegative.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import Algebra, Invariant, Lemma, Mutation, conclusion, lemma
from theory.proofs.hypotheses import case, definition
from theory.proofs.scalars import Relation, eq, ge, gt, le

AHEAD = case("e ≥ -T B/δ")
BEFORE = case("B ≥ 0")
MONOTONE = Invariant(
    "delta T B e",
    lambda v: {"B ≥ 0": ge(v.B, 0), "e ≥ -T B/δ": ge(v.e, -v.T * v.B / v.delta)},
)
LESS = case("(1 - T/N) ≥ √β")
FLAT = case("δ²/Y' ≤ (1-√β) T")


def one_later(v: Any) -> Mapping[str, Relation]:
    """Say how B and e go on, and what of T is assumed; r = √β."""
    return {
        case("δ > 0"): gt(v.delta, 0),
        case("N > 0"): gt(v.N, 0),
        case("Y' > 0"): gt(v.Y, 0),
        case("T ≥ 0"): ge(v.T, 0),
        case("√β > 0"): gt(v.root, 0),
        LESS: ge(1 - v.T / v.N, v.root),
        FLAT: le(v.delta * v.delta / v.Y, (1 - v.root) * v.T),
        definition("B' = B + (δ/N) e"): eq(v.B_next, v.B + v.delta * v.e / v.N),
        case("e' ≥ βe - δB'/Y'"): ge(v.e_next, v.root * v.root * v.e - v.delta * v.B_next / v.Y),
    }


LEMMAS: tuple[Lemma, ...] = (
    MONOTONE.base(
        "trap.monotone_base",
        "B = 0 and e ≥ 0",
        "",
        lambda v: {
            case("δ > 0"): gt(v.delta, 0),
            definition("B = 0"): eq(v.B, 0),
            case("e ≥ 0"): ge(v.e, 0),
        },
        mutated=(Mutation("e ≥ 1", claim=lambda v: {"": ge(v.e, 1)}),),
    ),
    lemma(
        "trap.kept",
        "B' ≥ √β B",
        "delta T B e N root B_next Y e_next",
        lambda v: {BEFORE: ge(v.B, 0), AHEAD: ge(v.e, -v.T * v.B / v.delta), **one_later(v)},
        conclusion(lambda v: ge(v.B_next, v.root * v.B)),
        by=Algebra(lambda v: {AHEAD: v.delta / v.N, LESS: v.B}),
        mutated=(
            Mutation(
                "twice as much",
                claim=lambda v: {"": ge(v.B_next, 2 * v.root * v.B)},
                fixed={"root": (1, 2), "delta": 1, "T": 1, "N": 2, "Y": 4},
            ),
        ),
    ),
    MONOTONE.step(
        "trap.monotone_step",
        "B ≥ 0 and e ≥ -T B/δ carry over, where T ≤ (1-√β)N and δ²/Y' ≤ (1-√β)T",
        "N root Y B_next e_next",
        lambda v: {
            **one_later(v),
            "from trap.kept: B' ≥ √β B": ge(v.B_next, v.root * v.B),
        },
        mutated=(
            Mutation(
                "Y' may be small",
                drop=(FLAT,),
                fixed={"root": (1, 2), "delta": 1, "T": 1, "N": 2, "B": 1, "e": 0},
            ),
        ),
    ),
    lemma(
        "trap.later",
        "i > j: B = δ - <g_j, y_l> and e = <g_j, D_l> obey the recursion, l → l+1",
        "beta delta N gy gy_next gD gD_next gg Y s",
        lambda v: {
            case("δ > 0"): gt(v.delta, 0),
            case("N > 0"): gt(v.N, 0),
            case("Y' > 0"): gt(v.Y, 0),
            definition("y_{l+1} = y_l - (sδ/N) D_l"): eq(
                v.gy_next, v.gy - v.s * v.delta * v.gD / v.N
            ),
            definition("<g_j, g_{l+1}> = δ<g_j, y_{l+1}>/Y', v_{l+1} being new"): eq(
                v.gg, v.delta * v.gy_next / v.Y
            ),
            definition("D_{l+1} = β D_l + g_{l+1}"): eq(v.gD_next, v.beta * v.gD + v.gg),
        },
        lambda v: {
            "B' = B + (sδ/N)e": eq(
                v.delta - v.gy_next, v.delta - v.gy + v.s * v.delta * v.gD / v.N
            ),
            "e' = βe - δB'/Y' + δ²/Y'": eq(
                v.gD_next,
                v.beta * v.gD - v.delta * (v.delta - v.gy_next) / v.Y + v.delta * v.delta / v.Y,
            ),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "the last term missing",
                claim=lambda v: {
                    "": eq(v.gD_next * v.Y, v.beta * v.gD * v.Y - v.delta * (v.delta - v.gy_next))
                },
                fixed={"beta": (1, 2), "delta": 1, "N": 1, "s": 1, "Y": 4},
            ),
        ),
    ),
    lemma(
        "trap.earlier",
        "i < j: A = -<D_l, y_j> and e = <D_l, D_j> obey the recursion, j → j+1",
        "beta delta N Dy Dy_next DD DD_next Dg Y",
        lambda v: {
            case("δ > 0"): gt(v.delta, 0),
            case("N > 0"): gt(v.N, 0),
            case("Y' > 0"): gt(v.Y, 0),
            definition("y_{j+1} = y_j - (δ/N) D_j"): eq(v.Dy_next, v.Dy - v.delta * v.DD / v.N),
            definition("<D_l, g_{j+1}> = δ<D_l, y_{j+1}>/Y', v_{j+1} being new"): eq(
                v.Dg, v.delta * v.Dy_next / v.Y
            ),
            definition("D_{j+1} = β D_j + g_{j+1}"): eq(v.DD_next, v.beta * v.DD + v.Dg),
        },
        lambda v: {
            "A' = A + (δ/N)e": eq(-v.Dy_next, -v.Dy + v.delta * v.DD / v.N),
            "e' = βe - δA'/Y'": eq(v.DD_next, v.beta * v.DD - v.delta * (-v.Dy_next) / v.Y),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "the other sign",
                claim=lambda v: {
                    "": eq(v.DD_next * v.Y, v.beta * v.DD * v.Y - v.delta * v.Dy_next)
                },
                fixed={"beta": (1, 2), "delta": 1, "N": 1, "Y": 4},
            ),
        ),
    ),
    lemma(
        "trap.below",
        "i < j: <g_j, y_i> = δ<y_j, y_i>/Y_j ≤ δ, as y_i = y_j + Σ_{i≤l<j} (sδ/N_l) D_l, one term",
        "delta Y yy gy total N s Dy rest",
        lambda v: {
            case("δ > 0"): gt(v.delta, 0),
            case("Y_j > 0"): gt(v.Y, 0),
            case("N > 0"): gt(v.N, 0),
            case("s ≥ 0"): ge(v.s, 0),
            "from trap.monotone_step: <D_l, y_j> = -A ≤ 0": le(v.Dy, 0),
            case("the other terms, in the same way"): le(v.rest, 0),
            definition("<y_j, y_i>"): eq(v.yy, v.Y + v.s * v.delta * v.Dy / v.N + v.rest),
            definition("<g_j, y_i>, v_j being new"): eq(v.gy, v.delta * v.yy / v.Y),
        },
        conclusion(lambda v: le(v.gy, v.delta)),
        by=Algebra(
            lambda v: {
                "from trap.monotone_step: <D_l, y_j> = -A ≤ 0": v.s
                * v.delta
                * v.delta
                / (v.N * v.Y),
                "the other terms, in the same way": v.delta / v.Y,
            }
        ),
        mutated=(
            Mutation(
                "A may be negative",
                claim=lambda v: {"": le(v.gy * v.Y, v.delta * v.Y)},
                drop=("from trap.monotone_step: <D_l, y_j> = -A ≤ 0",),
                fixed={"delta": 1, "Y": 4, "N": 1, "s": 1, "rest": 0},
            ),
        ),
    ),
    lemma(
        "trap.rest",
        "T = δ²/((1-√β)Y) does, where Y is the least distance and N Y ≥ δ²/(1-√β)² for all N",
        "delta T N Y later root",
        lambda v: {
            case("δ > 0"): gt(v.delta, 0),
            case("N > 0"): gt(v.N, 0),
            case("Y > 0"): gt(v.Y, 0),
            case("√β < 1"): gt(1, v.root),
            case("Y' ≥ Y"): ge(v.later, v.Y),
            "from trap.enough: N Y ≥ δ²/(1-√β)²": ge(
                v.N * v.Y * (1 - v.root) * (1 - v.root), v.delta * v.delta
            ),
            definition("T"): eq(v.T * (1 - v.root) * v.Y, v.delta * v.delta),
        },
        lambda v: {
            "T ≤ (1-√β)N": le(v.T, (1 - v.root) * v.N),
            "δ²/Y' ≤ (1-√β)T": le(v.delta * v.delta, (1 - v.root) * v.T * v.later),
        },
        mutated=(
            Mutation(
                "without the square",
                claim=lambda v: {"": le(v.T, (1 - v.root) * v.N * 99 / 100)},
                fixed={"root": (1, 2), "delta": 1},
            ),
        ),
    ),
)
