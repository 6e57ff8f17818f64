"""(L0, L1)-smooth functions without momentum: how many steps there can be, with no G.

At β = 0 a step takes ``δ²/u² + δ/(L0 + L1 u/3)`` off the squared distance, where δ is the
suboptimality and u the norm of one and the same gradient, and the growth of f from x itself bounds
u by δ. With momentum the norm is that of an average, in which larger gradients of earlier points
linger.
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
from theory.proofs.scalars import eq, ge, gt, le
from theory.theorems.generalized_smooth import proof_line
from theory.theorems.generalized_smooth.statement import SPS

SUM = Invariant("S dist D2", lambda v: {"S_k + ||x^k-x*||² ≤ D²": le(v.S + v.dist, v.D2)})
GROWTH = "f(x-v) ≤ f - u ||v|| + (C/L1²)(e^{L1||v||} - 1 - L1||v||), C = L0 + L1 u"
EXACT = "from generalized_smooth.exact: a = δ, n = u, d = g"
WORTH = "from generalized_smooth.worth: u ≤ M δ"
LEAST = "each of the K terms is at least 1/M²"
ROOT = "δ y² ≥ 2L0"
LOG = "from generalized_smooth.log: log z ≥ (z-1)(5z+1)/(2z(z+2))"


def taken(v: Any) -> Any:
    """Return ``1/M² + δ/(L0 + L1 M δ/3)``."""
    return 1 / (v.M * v.M) + 3 * v.delta / (3 * v.L0 + v.L1 * v.M * v.delta)


WORTH = "from generalized_smooth.worth: u ≤ M δ"
EXACT = "from generalized_smooth.exact: a = δ, n = u, d = g"

LEMMAS = (
    lemma(
        "generalized_smooth.gradient",
        "δ ≥ u²/(2(L0 + 4 L1 u/3)), δ = f(x) - f*, u = ||∇f(x)||",
        "delta f fstar at u C z log L0 L1",
        lambda v: {
            assumed("generalized_smooth", "L0 > 0"): gt(v.L0, 0),
            assumed("generalized_smooth", "L1 > 0"): gt(v.L1, 0),
            geometry("u ≥ 0"): ge(v.u, 0),
            definition("δ = f(x) - f*"): eq(v.delta, v.f - v.fstar),
            definition("C = L0 + L1 u"): eq(v.C, v.L0 + v.L1 * v.u),
            definition("z = 1 + L1 u/C = e^{L1 ||v||}"): eq(v.z, 1 + v.L1 * v.u / v.C),
            LOG: ge(v.log, (v.z - 1) * (5 * v.z + 1) / (2 * v.z * (v.z + 2))),
            assumed("generalized_smooth", GROWTH): le(
                v.at, v.f - v.u * v.log / v.L1 + v.C / (v.L1 * v.L1) * (v.z - 1 - v.log)
            ),
            assumed("interpolation", "f(x-v) ≥ f*"): ge(v.at, v.fstar),
        },
        conclusion(lambda v: ge(v.delta, 3 * v.u * v.u / (2 * (3 * v.L0 + 4 * v.L1 * v.u)))),
        by=Algebra(
            lambda v: {
                GROWTH: 1,
                "f(x-v) ≥ f*": 1,
                LOG: (v.L0 + 2 * v.L1 * v.u) / (v.L1 * v.L1),
            }
        ),
        mutated=(
            Mutation(
                "4/3 becomes 1.3",
                claim=lambda v: {
                    "": ge(v.delta * 2 * (10 * v.L0 + 13 * v.L1 * v.u), 10 * v.u * v.u)
                },
                fixed={"L0": 1, "L1": 1, "u": 2},
            ),
        ),
    ),
    lemma(
        "generalized_smooth.worth",
        "u ≤ M δ, M = 8 L1/3 + y, where δ y² ≥ 2L0",
        "delta u y M L0 L1",
        lambda v: {
            assumed("generalized_smooth", "L0 > 0"): gt(v.L0, 0),
            assumed("generalized_smooth", "L1 > 0"): gt(v.L1, 0),
            geometry("u ≥ 0"): ge(v.u, 0),
            case("δ > 0"): gt(v.delta, 0),
            case("y > 0"): gt(v.y, 0),
            case(ROOT): ge(v.delta * v.y * v.y, 2 * v.L0),
            definition("M"): eq(v.M, 8 * v.L1 / 3 + v.y),
            "from generalized_smooth.gradient: δ ≥ u²/(2(L0 + 4 L1 u/3))": ge(
                v.delta, 3 * v.u * v.u / (2 * (3 * v.L0 + 4 * v.L1 * v.u))
            ),
        },
        conclusion(lambda v: le(v.u, v.M * v.delta)),
        mutated=(
            Mutation(
                "8/3 becomes 2.6",
                claim=lambda v: {"": le(v.u, (26 * v.L1 / 10 + v.y) * v.delta)},
                witness={
                    "delta": 800.0,
                    "u": 2134.0,
                    "y": 0.05,
                    "M": 8 / 3 + 0.05,
                    "L0": 1.0,
                    "L1": 1.0,
                },
            ),
            Mutation("y may be smaller", drop=(ROOT,), fixed={"L0": 1, "L1": 1}),
        ),
    ),
    lemma(
        "generalized_smooth.sps",
        "at β = 0 a step takes 1/M² + δ/(L0 + L1 M δ/3) off ||x^k-x*||²",
        "delta u M ee after L0 L1",
        lambda v: {
            assumed("generalized_smooth", "L0 > 0"): gt(v.L0, 0),
            assumed("generalized_smooth", "L1 > 0"): gt(v.L1, 0),
            case("u > 0"): gt(v.u, 0),
            case("δ > 0"): gt(v.delta, 0),
            case("M > 0"): gt(v.M, 0),
            WORTH: le(v.u, v.M * v.delta),
            EXACT: le(
                v.after,
                v.ee - v.delta * v.delta / (v.u * v.u) - 3 * v.delta / (3 * v.L0 + v.L1 * v.u),
            ),
        },
        conclusion(lambda v: le(v.after, v.ee - taken(v))),
        by=Algebra(
            lambda v: {
                EXACT: 1,
                WORTH: (v.M * v.delta + v.u) / (v.u * v.u * v.M * v.M)
                + 3
                * v.delta
                * v.L1
                / ((3 * v.L0 + v.L1 * v.u) * (3 * v.L0 + v.L1 * v.M * v.delta)),
            }
        ),
        mutated=(
            Mutation(
                "1/M² twice",
                claim=lambda v: {"": le(v.after, v.ee - taken(v) - 1 / (v.M * v.M))},
                fixed={"L0": 1, "L1": 1, "M": 1, "u": 2, "delta": 2},
            ),
        ),
    ),
    SUM.base(
        "generalized_smooth.sps_base",
        "nothing is summed",
        "",
        lambda v: {definition("S = 0"): eq(v.S, 0), definition("D"): eq(v.dist, v.D2)},
        mutated=(Mutation("0.99", claim=lambda v: {"": le(v.dist * 100, 99 * v.D2)}),),
    ),
    SUM.step(
        "generalized_smooth.sps_step",
        "S_k = Σ_{j<k} 1/M_j² + δ_j/(L0 + L1 M_j δ_j/3)",
        "delta M L0 L1 S_next dist_next",
        lambda v: {
            case("M > 0"): gt(v.M, 0),
            case("δ > 0"): gt(v.delta, 0),
            assumed("generalized_smooth", "L0 > 0"): gt(v.L0, 0),
            assumed("generalized_smooth", "L1 > 0"): gt(v.L1, 0),
            definition("S_{k+1}"): eq(v.S_next, v.S + taken(v)),
            "from generalized_smooth.sps": le(v.dist_next, v.dist - taken(v)),
        },
        by=Algebra(
            lambda v: {
                "induction: S_k + ||x^k-x*||² ≤ D²": 1,
                "from generalized_smooth.sps": 1,
            }
        ),
        mutated=(
            Mutation(
                "1/M² twice",
                claim=lambda v: {"": le(v.S_next + 1 / (v.M * v.M) + v.dist_next, v.D2)},
                fixed={"L0": 1, "L1": 1, "M": 1, "delta": 2},
            ),
        ),
    ),
    lemma(
        "generalized_smooth.sps_sum",
        "Σ_k 1/M_k² + δ_k/(L0 + L1 M_k δ_k/3) ≤ D²",
        "S dist D2",
        lambda v: {
            "from generalized_smooth.sps_step": le(v.S + v.dist, v.D2),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
        },
        conclusion(lambda v: le(v.S, v.D2)),
        mutated=(Mutation("0.99", claim=lambda v: {"": le(100 * v.S, 99 * v.D2)}),),
    ),
    lemma(
        "generalized_smooth.sps_end",
        "K ≤ M² D² where δ_k ≥ ε for all k, M = 8 L1/3 + √(2L0/ε)",
        "S K M dist D2",
        lambda v: {
            case("M > 0"): gt(v.M, 0),
            case(LEAST): ge(v.S * v.M * v.M, v.K),
            "from generalized_smooth.sps_step": le(v.S + v.dist, v.D2),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
        },
        conclusion(lambda v: le(v.K, v.M * v.M * v.D2)),
        by=Algebra(
            lambda v: {
                LEAST: 1,
                "from generalized_smooth.sps_step": v.M * v.M,
                "||x^{K+1}-x*||² ≥ 0": v.M * v.M,
            }
        ),
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {"": le(100 * v.K, 99 * v.M * v.M * v.D2)},
                fixed={"M": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("generalized_smooth.sps", "generalized_smooth.exact"): [lambda v, w: {w.a: v.delta, w.n: v.u}],
    ("generalized_smooth.sps_step", "generalized_smooth.sps"): [
        lambda v, w: {w.ee: v.dist, w.after: v.dist_next}
    ],
}

ROOTS = "y = √(2L0/δ_k), with which M is M_k"
WORDS: Words = {
    ("generalized_smooth.sps", "generalized_smooth.worth", "y > 0"): ROOTS,
    ("generalized_smooth.sps", "generalized_smooth.worth", ROOT): ROOTS,
    ("generalized_smooth.sps_step", "generalized_smooth.sps", "u > 0"): "δ ≤ u ||x-x*|| by"
    " convexity, and δ > 0",
    ("generalized_smooth.sps_*", "generalized_smooth.sps_step", "M > 0"): "M_k ≥ 8 L1/3",
    ("generalized_smooth.sps_*", "generalized_smooth.sps_step", "δ > 0"): "a step with δ_k = 0"
    " takes nothing off, and its term is 0",
    ("generalized_smooth_sps", "generalized_smooth.sps_end", LEAST): "M_k ≤ M, as δ_k ≥ ε",
}

THEOREM = theorem(
    SPS,
    lemmas=(
        *(lemma.name for lemma in proof_line.LEMMAS),
        "generalized_smooth.exact",
        *(lemma.name for lemma in LEMMAS),
    ),
    concludes={
        "each step": Concluded("generalized_smooth.sps_sum", lambda s, w: {w.D2: s.D**2}),
        "steps": Concluded(
            "generalized_smooth.sps_end",
            lambda s, w: {w.D2: s.D**2, w.M: 8 * s.L1 / 3 + sqrt(2 * s.L0 / s.eps)},
        ),
    },
    inductions=(
        proof_line.AVERAGE,
        Induction("k", ("generalized_smooth.sps_base",), "generalized_smooth.sps_step"),
    ),
    assembly="At β = 0 the average is the gradient, and a_k = δ_k. Growth from x follows from the"
    " bound on ∇²f by Grönwall's lemma. A step with δ_k = 0 takes nothing off, and its term is 0."
    " M_k takes y = √(2L0/δ_k), and M takes √(2L0/ε), which is at least that.",
)

THEOREMS = (THEOREM,)
