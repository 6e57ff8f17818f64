"""The line lemma of (L0, L1)-smooth functions, and what it says of the averaged linearisation.

A convex f is (L0, L1)-smooth if ``||∇²f(x)|| <= L0 + L1 ||∇f(x)||``. What is used of it is how f
grows from x, by Grönwall's lemma along the segment to x + v:

    f(x+v) <= f(x) + <∇f(x), v> + (L0 + L1 ||∇f(x)||)/L1² (e^{L1 ||v||} - 1 - L1 ||v||),

and of the first sum only at ``x = x*``, where the gradient is 0. As L1 tends to 0 it is that of
L0-smooth functions, and so are the statements.

The line lemma. With ``u = ||g||``, and v along g of length ``log(1 + L1 u/L0)/L1``, growth from x*
and convexity at x give ``f(x) + <g, x*-x> + (L0/L1²) φ*(L1 u/L0) <= f*`` with the conjugate
``φ*(t) = (1+t) log(1+t) - t`` of ``e^t - 1 - t``. Equality holds for
``f(x) = (L0/L1²)(e^{L1 |x|} - 1 - L1 |x|)``. By ``φ*(t) >= t²/(2 + 2t/3)`` (Bernstein's form of
Bennett's inequality) the term is at least ``u²/(2(L0 + L1 u/3))``; no constant below 1/3 will do,
as the third derivatives at 0 show.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    FIRST,
    Algebra,
    Calculus,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    conclusion,
    lemma,
)
from theory.proofs.hypotheses import Words, assumed, case, convex, definition, geometry
from theory.proofs.replay import identity, made, step_from
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit

SOLUTION = np.array([0.5, -0.25, 1.0])
BELOW = Invariant(
    "m de rho fstar A B",
    lambda v: {
        "m_k(x*) + ρ_k A + B <d_k, e> ≤ ρ_k f*": le(v.m + v.rho * v.A + v.B * v.de, v.rho * v.fstar)
    },
)

LOG = "from generalized_smooth.log: log z ≥ (z-1)(5z+1)/(2z(z+2))"
LINE = "from generalized_smooth.tangent: ℓ(x*) + A + B <g, e> ≤ f*"


def positive(v: Any) -> dict[str, Relation]:
    """Return the signs of the constants."""
    return {
        assumed("generalized_smooth", "L0 > 0"): gt(v.L0, 0),
        assumed("generalized_smooth", "L1 > 0"): gt(v.L1, 0),
    }


def coefficients(v: Any) -> dict[str, Relation]:
    """Return A and B: the tangent of ``u²/(2(L0 + L1 u/3))`` at n, as ``A + B u n``."""
    c = 3 * v.L0 + v.L1 * v.n
    return {
        definition("A"): eq(v.A, -9 * v.L0 * v.n * v.n / (2 * c * c)),
        definition("B"): eq(v.B, 3 * (6 * v.L0 + v.L1 * v.n) / (2 * c * c)),
    }


def measure_below(v: Any) -> Mapping[str, float]:
    """Average two lines, and measure the new one and the new model at x*."""
    e, d = np.array([1.0, 0.0, 0.0]), np.array([v.de, 0.3, 0.0])
    grad, x = np.array([v.ge, 0.0, 0.2]), SOLUTION + np.array([0.0, 0.5, 0.5])
    loss = v.line + grad @ (x - SOLUTION)
    how = made(v.beta, identity(3), v.fstar)
    taken = step_from(how, x, d, v.m + d @ (x - SOLUTION), loss, grad)
    return {"m_next": taken.model(SOLUTION), "de_next": float(taken.state.grad_avg @ e)}


LEMMAS = (
    lemma(
        "generalized_smooth.log",
        "log z ≥ (z-1)(5z+1)/(2z(z+2)) for z > 0",
        "z log",
        lambda v: {case("z > 0"): gt(v.z, 0)},
        conclusion(lambda v: ge(v.log, (v.z - 1) * (5 * v.z + 1) / (2 * v.z * (v.z + 2)))),
        by=Calculus(
            "z",
            lambda v, log: log(v.z) - (v.z - 1) * (5 * v.z + 1) / (2 * v.z * (v.z + 2)),
            lambda v: (v.z - 1) * (v.z - 1) * (v.z - 1) / (v.z * v.z * (v.z + 2) * (v.z + 2)),
            at=1,
        ),
        source="Bernstein's form of Bennett's inequality",
        mutated=(
            Mutation(
                "5 becomes 5.4",
                claim=lambda v: {
                    "": ge(v.log, (v.z - 1) * (54 * v.z + 6) / (20 * v.z * (v.z + 2)))
                },
                witness={"z": 1.25, "log": math.log(1.25)},
            ),
        ),
    ),
    lemma(
        "generalized_smooth.line",
        "f(x) + <g, x*-x> + u²/(2(L0 + L1 u/3)) ≤ f*, u = ||g||",
        "f fstar at gs u z log L0 L1",
        lambda v: {
            **positive(v),
            geometry("u ≥ 0"): ge(v.u, 0),
            definition("z = 1 + L1 u/L0 = e^{L1 ||v||}, v along g"): eq(v.z, 1 + v.L1 * v.u / v.L0),
            LOG: ge(v.log, (v.z - 1) * (5 * v.z + 1) / (2 * v.z * (v.z + 2))),
            assumed("generalized_smooth", "f(x*+v) ≤ f* + (L0/L1²)(e^{L1||v||} - 1 - L1||v||)"): le(
                v.at, v.fstar + v.L0 / (v.L1 * v.L1) * (v.z - 1 - v.log)
            ),
            convex("x*+v", "x", "f(x*+v) ≥ f(x) + <g, x*-x> + u ||v||"): ge(
                v.at, v.f + v.gs + v.u * v.log / v.L1
            ),
        },
        conclusion(
            lambda v: le(v.f + v.gs + 3 * v.u * v.u / (2 * (3 * v.L0 + v.L1 * v.u)), v.fstar)
        ),
        by=Algebra(
            lambda v: {
                "f(x*+v) ≤ f* + (L0/L1²)(e^{L1||v||} - 1 - L1||v||)": 1,
                "f(x*+v) ≥ f(x) + <g, x*-x> + u ||v||": 1,
                LOG: v.L0 * v.z / (v.L1 * v.L1),
            }
        ),
        mutated=(
            Mutation(
                "1/3 becomes 0.3",
                claim=lambda v: {
                    "": le(
                        (v.f + v.gs - v.fstar) * 2 * (10 * v.L0 + 3 * v.L1 * v.u) + 10 * v.u * v.u,
                        0,
                    )
                },
                fixed={"L0": 1, "L1": 1, "u": 1},
            ),
        ),
    ),
    lemma(
        "generalized_smooth.cauchy",
        "<g, e> ≤ u n for vectors of lengths u and n",
        "u n ge",
        lambda v: {
            geometry("u ≥ 0"): ge(v.u, 0),
            geometry("n ≥ 0"): ge(v.n, 0),
            geometry("<g, e>² ≤ u² n²"): le(v.ge * v.ge, v.u * v.u * v.n * v.n),
        },
        conclusion(lambda v: le(v.ge, v.u * v.n)),
        source="known",
        mutated=(
            Mutation("0.99", claim=lambda v: {"": le(100 * v.ge, 99 * v.u * v.n)}, fixed={"u": 1}),
        ),
    ),
    lemma(
        "generalized_smooth.tangent",
        "f(x) + <g, x*-x> + A + B <g, e> ≤ f*, for every vector e of length n",
        "f fstar gs u n ge A B L0 L1",
        lambda v: {
            **positive(v),
            geometry("u ≥ 0"): ge(v.u, 0),
            geometry("n ≥ 0"): ge(v.n, 0),
            geometry("<g, e>² ≤ u² n²"): le(v.ge * v.ge, v.u * v.u * v.n * v.n),
            "from generalized_smooth.cauchy: <g, e> ≤ u n": le(v.ge, v.u * v.n),
            **coefficients(v),
            "from generalized_smooth.line": le(
                v.f + v.gs + 3 * v.u * v.u / (2 * (3 * v.L0 + v.L1 * v.u)), v.fstar
            ),
        },
        conclusion(lambda v: le(v.f + v.gs + v.A + v.B * v.ge, v.fstar)),
        by=Algebra(
            lambda v: {
                "from generalized_smooth.line": 1,
                "from generalized_smooth.cauchy: <g, e> ≤ u n": 3
                * (6 * v.L0 + v.L1 * v.n)
                / (2 * (3 * v.L0 + v.L1 * v.n) * (3 * v.L0 + v.L1 * v.n)),
            },
            lambda v: (
                (
                    27 * v.L0 * v.L0 / (2 * (3 * v.L0 + v.L1 * v.u)),
                    (v.u - v.n) / (3 * v.L0 + v.L1 * v.n),
                ),
            ),
        ),
        mutated=(
            Mutation(
                "B a hundredth larger",
                claim=lambda v: {"": le(v.f + v.gs + v.A + v.B * v.ge * 101 / 100, v.fstar)},
                fixed={"L0": 1, "L1": 1, "n": 1, "u": 1},
            ),
        ),
    ),
    BELOW.base(
        "generalized_smooth.below_first",
        "from the first sample m_1 = ℓ_1, d_1 = g_1, ρ_1 = 1",
        "line ge",
        lambda v: {
            definition("m_1"): eq(v.m, v.line),
            definition("d_1"): eq(v.de, v.ge),
            definition("ρ_1 = 1"): eq(v.rho, 1),
            LINE: le(v.line + v.A + v.B * v.ge, v.fstar),
        },
        mutated=(
            Mutation(
                "f* a little lower",
                claim=lambda v: {"": le(v.m + v.rho * v.A + v.B * v.de, v.rho * v.fstar - 1)},
            ),
        ),
        begins=(FIRST,),
    ),
    BELOW.step(
        "generalized_smooth.below_step",
        "m_k(x*) + ρ_k A + B <d_k, e> ≤ ρ_k f* carries over",
        "beta line ge m_next de_next rho_next",
        lambda v: {
            **unit(v.beta, "β"),
            LINE: le(v.line + v.A + v.B * v.ge, v.fstar),
            definition("m_{k+1}"): eq(v.m_next, v.beta * v.m + (1 - v.beta) * v.line),
            definition("<d_{k+1}, e>"): eq(v.de_next, v.beta * v.de + (1 - v.beta) * v.ge),
            definition("ρ_{k+1}"): eq(v.rho_next, v.beta * v.rho + 1 - v.beta),
        },
        by=Algebra(
            lambda v: {
                "induction: m_k(x*) + ρ_k A + B <d_k, e> ≤ ρ_k f*": v.beta,
                LINE: 1 - v.beta,
            }
        ),
        mutated=(
            Mutation(
                "B a hundredth larger",
                claim=lambda v: {
                    "": le(
                        100 * (v.m_next + v.rho_next * v.A) + 101 * v.B * v.de_next,
                        100 * v.rho_next * v.fstar,
                    )
                },
                fixed={"rho": 1, "beta": (1, 2), "B": 1, "de": 1, "ge": 1},
                replay=Reference(measure_below),
            ),
        ),
    ),
    lemma(
        "generalized_smooth.supports",
        "<d_k, x^k-x*> ≥ a_k + n²/(2(L0 + L1 n/3)), n = ||d_k||: the choice e = d_k",
        "m h rho fstar a dx de n A B L0 L1",
        lambda v: {
            **positive(v),
            geometry("n ≥ 0"): ge(v.n, 0),
            **coefficients(v),
            definition("ρ_k = 1, from the first sample"): eq(v.rho, 1),
            definition("m_k(x*) = h_k - <d_k, x^k-x*>"): eq(v.m, v.h - v.dx),
            definition("a_k = h_k - f*"): eq(v.a, v.h - v.fstar),
            case("e = d_k"): eq(v.de, v.n * v.n),
            "from generalized_smooth.below_step": le(
                v.m + v.rho * v.A + v.B * v.de, v.rho * v.fstar
            ),
        },
        conclusion(lambda v: ge(v.dx, v.a + 3 * v.n * v.n / (2 * (3 * v.L0 + v.L1 * v.n)))),
        by=Algebra(lambda v: {"from generalized_smooth.below_step": 1}),
        mutated=(
            Mutation(
                "1/3 becomes 0.3",
                claim=lambda v: {
                    "": ge((v.dx - v.a) * 2 * (10 * v.L0 + 3 * v.L1 * v.n), 10 * v.n * v.n)
                },
                fixed={"L0": 1, "L1": 1, "n": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("generalized_smooth.below_first", "generalized_smooth.tangent"): [
        lambda v, w: {v.line: w.f + w.gs}
    ],
    ("generalized_smooth.below_step", "generalized_smooth.tangent"): [
        lambda v, w: {v.line: w.f + w.gs}
    ],
}

TANGENT = "A and B stand for the tangent at n = ||e||: no other definition of them is given"
WORDS: Words = {
    ("generalized_smooth.below_*", "generalized_smooth.tangent", "A"): TANGENT,
    ("generalized_smooth.below_*", "generalized_smooth.tangent", "B"): TANGENT,
}

AVERAGE = Induction("k", ("generalized_smooth.below_first",), "generalized_smooth.below_step")
