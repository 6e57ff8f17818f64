"""The lower bound's value: how long the averages are, what is left at the end, and what δ is.

Names as in `theory.theorems.trap.proof`; q is ``β^{2k}`` from zero, ``β^{2(k-1)}`` from the first
sample.
"""

from __future__ import annotations

from theory.proofs.base import Algebra, Invariant, Lemma, Meanings, Mutation, conclusion, lemma
from theory.proofs.hypotheses import case, definition
from theory.proofs.scalars import eq, ge, gt, unit

ZERO = Invariant(
    "beta N G2 q",
    lambda v: {
        "N_k (1-β²) = G²(1-β^{2k})": eq(v.N * (1 - v.beta * v.beta), v.G2 * (1 - v.q)),
        "β^{2k} ≥ 0": ge(v.q, 0),
        "β^{2k} ≤ β²": ge(v.beta * v.beta, v.q),
    },
)
FIRST = Invariant(
    "beta N G2 q",
    lambda v: {
        "N_k (1-β²)(1-β) = G²(1-β+2β q)": eq(
            v.N * (1 - v.beta * v.beta) * (1 - v.beta),
            v.G2 * (1 - v.beta + 2 * v.beta * v.q),
        ),
        "q ≥ 0": ge(v.q, 0),
    },
)
NORM = "from trap.norm: N_{k+1} = G² + β² N_k"
ENOUGH = "from trap.least_zero, trap.least_first: n N ≥ G²"

LEMMAS: tuple[Lemma, ...] = (
    ZERO.base(
        "trap.zero_base",
        "from zero N_1 = G²",
        "",
        lambda v: {
            **unit(v.beta, "β"),
            definition("N_1 = G²"): eq(v.N, v.G2),
            definition("q = β²"): eq(v.q, v.beta * v.beta),
        },
        mutated=(
            Mutation(
                "β for β²",
                claim=lambda v: {"": eq(v.N * (1 - v.beta), v.G2 * (1 - v.q))},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    ZERO.step(
        "trap.zero_step",
        "N_k = G²(1-β^{2k})/(1-β²) carries over",
        "N_next q_next",
        lambda v: {
            **unit(v.beta, "β"),
            NORM: eq(v.N_next, v.G2 + v.beta * v.beta * v.N),
            definition("q: one step later"): eq(v.q_next, v.beta * v.beta * v.q),
        },
        mutated=(
            Mutation(
                "β for β²",
                claim=lambda v: {"": eq(v.N_next * (1 - v.beta), v.G2 * (1 - v.q_next))},
                real=lambda v: {"G": ge(v.G2, 1)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    FIRST.base(
        "trap.first_base",
        "from the first sample N_1 = G²/(1-β)²",
        "",
        lambda v: {
            **unit(v.beta, "β"),
            definition("N_1 = G²/(1-β)²"): eq(v.N, v.G2 / ((1 - v.beta) * (1 - v.beta))),
            definition("q = 1"): eq(v.q, 1),
        },
        mutated=(
            Mutation(
                "β for 2β",
                claim=lambda v: {"": eq(v.N * (1 - v.beta * v.beta) * (1 - v.beta), v.G2)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    FIRST.step(
        "trap.later_step",
        "1/N_k = (1-β²)(1-β)/(G²(1-β+2β q)) carries over",
        "N_next q_next",
        lambda v: {
            **unit(v.beta, "β"),
            NORM: eq(v.N_next, v.G2 + v.beta * v.beta * v.N),
            definition("q: one step later"): eq(v.q_next, v.beta * v.beta * v.q),
        },
        mutated=(
            Mutation(
                "without q",
                claim=lambda v: {"": eq(v.N_next * (1 - v.beta * v.beta), v.G2)},
                real=lambda v: {"G": ge(v.G2, 1), "q": ge(v.q, 1)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "trap.least_zero",
        "from zero N_k ≥ G²",
        "beta N G2 q",
        lambda v: {
            **unit(v.beta, "β"),
            case("G² > 0"): gt(v.G2, 0),
            "from trap.zero_step: N_k (1-β²) = G²(1-β^{2k})": eq(
                v.N * (1 - v.beta * v.beta), v.G2 * (1 - v.q)
            ),
            "from trap.zero_step: β^{2k} ≤ β²": ge(v.beta * v.beta, v.q),
        },
        conclusion(lambda v: ge(v.N, v.G2)),
        mutated=(Mutation("1.01 times as much", claim=lambda v: {"": ge(100 * v.N, 101 * v.G2)}),),
    ),
    lemma(
        "trap.least_first",
        "from the first sample (1-β²) N_k ≥ G²",
        "beta N G2 q",
        lambda v: {
            **unit(v.beta, "β"),
            case("G² > 0"): gt(v.G2, 0),
            "from trap.later_step: N_k (1-β²)(1-β) = G²(1-β+2β q)": eq(
                v.N * (1 - v.beta * v.beta) * (1 - v.beta),
                v.G2 * (1 - v.beta + 2 * v.beta * v.q),
            ),
            "from trap.later_step: q ≥ 0": ge(v.q, 0),
        },
        conclusion(lambda v: ge((1 - v.beta * v.beta) * v.N, v.G2)),
        mutated=(
            Mutation(
                "1.01 times as much",
                claim=lambda v: {"": ge(100 * (1 - v.beta * v.beta) * v.N, 101 * v.G2)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "trap.enough",
        "N Y ≥ δ²/(1-√β)² for all N_k and Y_j, if rest = n/(1-√β)², n N_k ≥ G²",
        "delta N Y n rest G2 root last",
        lambda v: {
            case("G² > 0"): gt(v.G2, 0),
            case("N > 0"): gt(v.N, 0),
            case("√β < 1"): gt(1, v.root),
            ENOUGH: ge(v.n * v.N, v.G2),
            definition("Y_K = rest δ²/G²"): eq(v.last * v.G2, v.rest * v.delta * v.delta),
            definition("rest = n/(1-√β)²"): eq(v.rest * (1 - v.root) * (1 - v.root), v.n),
            "from trap.falls: Y_j ≥ Y_K": ge(v.Y, v.last),
        },
        conclusion(lambda v: ge(v.N * v.Y * (1 - v.root) * (1 - v.root), v.delta * v.delta)),
        by=Algebra(
            lambda v: {
                "from trap.falls: Y_j ≥ Y_K": v.N * (1 - v.root) * (1 - v.root),
                "Y_K = rest δ²/G²": -v.N * (1 - v.root) * (1 - v.root) / v.G2,
                "rest = n/(1-√β)²": -v.N * v.delta * v.delta / v.G2,
                ENOUGH: v.delta * v.delta / v.G2,
            }
        ),
        mutated=(
            Mutation(
                "1.01 times as much",
                claim=lambda v: {
                    "": ge(100 * v.N * v.Y * (1 - v.root) * (1 - v.root), 101 * v.delta * v.delta)
                },
                fixed={"root": (1, 2), "delta": 1, "G2": 1, "n": 1},
            ),
        ),
    ),
)

VALUE: tuple[Lemma, ...] = (
    lemma(
        "trap.value",
        "δ = G D/√(rest + G² Σ_{k<K} 1/N_k)",
        "value G D root rest sum Y first delta2 inverses",
        lambda v: {
            case("G > 0"): gt(v.G, 0),
            case("D > 0"): gt(v.D, 0),
            case("δ ≥ 0"): ge(v.value, 0),
            "from trap.sum_step: ||x^1-x*||² = Y_K + δ² Σ_{k<K} 1/N_k": eq(
                v.first, v.Y + v.delta2 * v.inverses
            ),
            definition("δ²"): eq(v.delta2, v.value * v.value),
            definition("G² Σ_{k<K} 1/N_k"): eq(v.G * v.G * v.inverses, v.sum),
            definition("Y_K = rest δ²/G²"): eq(v.Y, v.rest * v.delta2 / (v.G * v.G)),
            definition("the scale: ||x^1-x*|| = D"): eq(v.first, v.D * v.D),
            definition("√ > 0"): gt(v.root, 0),
            definition("the root of rest + sum"): eq(v.root * v.root, v.rest + v.sum),
        },
        conclusion(lambda v: eq(v.value, v.G * v.D / v.root)),
        mutated=(
            Mutation(
                "without rest",
                claim=lambda v: {"": eq(v.value * v.value * v.sum, v.G * v.G * v.D * v.D)},
                fixed={"G": 1, "D": 1, "rest": 1, "root": 2},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("trap.value", "trap.sum_step"): [lambda v, w: {w.S: v.inverses}],
    ("trap.zero_step", "trap.norm"): [lambda v, w: {w.gg: v.G2}],
    ("trap.later_step", "trap.norm"): [lambda v, w: {w.gg: v.G2}],
    ("trap.enough", "trap.least_zero"): [lambda v, w: {v.n: 1}],
    ("trap.enough", "trap.least_first"): [lambda v, w: {v.n: 1 - w.beta * w.beta}],
    ("trap.enough", "trap.falls"): [lambda v, w: {w.Y: v.Y, w.last: v.last}],
}
