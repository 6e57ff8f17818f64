"""The last iterate: what the squared distance says of the value."""

from __future__ import annotations

from theory.formula import least
from theory.proofs.base import (
    Algebra,
    Concluded,
    Meanings,
    Mutation,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, assumed, case, convex, definition, geometry
from theory.proofs.scalars import eq, ge, gt, le
from theory.theorems.last_iterate.statement import LAST_GROWING, LAST_SHARP
from theory.theorems.linear_rate import proof as linear_rate
from theory.theorems.sharp_linear import proof as sharp_linear

AT_MOST = "f(x) - f* ≤ (L/2)||x-x*||²: gradient 0 at x*"
GAP = "from last_iterate.gap, mean_square.expectation: E δ² ≤ G² E||x^{K+1}-x*||²"
VALUE = "from last_iterate.value, mean_square.expectation: E δ ≤ (L/2) E||x^{K+1}-x*||²"
SHARP = "from sharp_linear.power: E||x^{K+1}-x*||² ≤ q^K D²"
GROWING = "from linear_rate.power: E||x^{K+1}-x*||² ≤ q^K D²"

LEMMAS = (
    lemma(
        "last_iterate.gap",
        "(f(x) - f*)² ≤ G² ||x-x*||² on the ball",
        "delta ge gg ee G",
        lambda v: {
            assumed("interpolation", "f(x) ≥ f*"): ge(v.delta, 0),
            convex("x*", "x", "f(x) - f* ≤ <∇f(x), x-x*>"): le(v.delta, v.ge),
            geometry("Cauchy-Schwarz"): le(v.ge * v.ge, v.gg * v.ee),
            geometry("||x-x*||² ≥ 0"): ge(v.ee, 0),
            assumed("each_gradient", "||∇f(x)||² ≤ G²"): le(v.gg, v.G * v.G),
        },
        conclusion(lambda v: le(v.delta * v.delta, v.G * v.G * v.ee)),
        source="known",
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {"": le(100 * v.delta * v.delta, 99 * v.G * v.G * v.ee)},
                fixed={"G": 1, "ee": 1},
            ),
        ),
    ),
    lemma(
        "last_iterate.sharp",
        "E δ ≤ G D r, r = q^{K/2}: (E δ)² ≤ E δ²",
        "V square one E p r D G",
        lambda v: {
            assumed("interpolation", "E δ ≥ 0"): ge(v.V, 0),
            geometry("(E δ·1)² ≤ E δ² E 1: Cauchy-Schwarz"): le(v.V * v.V, v.square * v.one),
            definition("E 1 = 1"): eq(v.one, 1),
            GAP: le(v.square, v.G * v.G * v.E),
            SHARP: le(v.E, v.p * v.D * v.D),
            case("r² = q^K"): eq(v.r * v.r, v.p),
            case("r ≥ 0"): ge(v.r, 0),
            case("G > 0"): gt(v.G, 0),
            case("D > 0"): gt(v.D, 0),
        },
        conclusion(lambda v: le(v.V, v.G * v.D * v.r)),
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {"": le(100 * v.V, 99 * v.G * v.D * v.r)},
                fixed={"G": 1, "D": 1, "r": 1, "p": 1, "E": 1},
            ),
        ),
    ),
    lemma(
        "last_iterate.value",
        "f(x) - f* ≤ (L/2)||x-x*||²",
        "delta ee L",
        lambda v: {
            assumed("smooth", AT_MOST): le(v.delta, v.L * v.ee / 2),
        },
        conclusion(lambda v: le(v.delta, v.L * v.ee / 2)),
        source="known",
        mutated=(
            Mutation(
                "0.49",
                claim=lambda v: {"": le(100 * v.delta, 49 * v.L * v.ee)},
                fixed={"L": 1, "ee": 1},
            ),
        ),
    ),
    lemma(
        "last_iterate.growing",
        "E δ ≤ (L/2) q^K D²",
        "V E p D2 L",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            VALUE: le(v.V, v.L * v.E / 2),
            GROWING: le(v.E, v.p * v.D2),
            case("D > 0"): gt(v.D2, 0),
        },
        conclusion(lambda v: le(v.V, v.L / 2 * v.p * v.D2)),
        by=Algebra(lambda v: {VALUE: 1, GROWING: v.L / 2}),
        mutated=(
            Mutation(
                "0.49",
                claim=lambda v: {"": le(100 * v.V, 49 * v.L * v.p * v.D2)},
                fixed={"L": 1, "p": 1, "D2": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("last_iterate.sharp", "last_iterate.gap"): [
        lambda v, w: {w.delta * w.delta: v.square, w.ee: v.E}
    ],
    ("last_iterate.sharp", "sharp_linear.power"): [
        lambda v, w: {w.dist_next: v.E, w.p_next: v.p, w.D2: v.D * v.D, w.G2: v.G * v.G}
    ],
    ("last_iterate.growing", "last_iterate.value"): [lambda v, w: {w.delta: v.V, w.ee: v.E}],
    ("last_iterate.growing", "linear_rate.power"): [lambda v, w: {w.dist_next: v.E, w.p_next: v.p}],
}

EVERYWHERE = "at every point that K steps may lead to, and so in expectation"
NAMED = "the citing lemma has the name p for q^K"
ROOT = "r is q^{K/2}, and q ≥ 0 by sharp_linear.factor"
WORDS: Words = {
    ("last_iterate.sharp", "last_iterate.gap", "||x-x*||² ≥ 0"): EVERYWHERE,
    ("last_iterate.growing", "last_iterate.value", AT_MOST): EVERYWHERE,
    ("last_iterate.sharp", "sharp_linear.power", "q^k = q^{k-1} q"): NAMED,
    ("last_iterate.growing", "linear_rate.power", "q^k = q^{k-1} q"): NAMED,
    ("last_iterate.sharp", "sharp_linear.power", "s ≥ 0"): "so the sharpness is meant",
    ("last_iterate.sharp", "sharp_linear.power", "q = 1 - (1-β)²s²/G²"): NAMED,
    ("last_iterate.growing", "linear_rate.power", "α > 0"): "a cap is positive",
    ("last_sharp", "last_iterate.sharp", "E δ ≥ 0"): "f* is the least value of every sample",
    ("last_sharp", "last_iterate.sharp", "r² = q^K"): ROOT,
    ("last_sharp", "last_iterate.sharp", "r ≥ 0"): ROOT,
}

SHARP_THEOREM = theorem(
    LAST_SHARP,
    lemmas=(*sharp_linear.THEOREM.lemmas, "last_iterate.gap", "last_iterate.sharp"),
    concludes=Concluded(
        "last_iterate.sharp",
        lambda s, w: {w.r: (1 - (1 - s.beta) ** 2 * s.s**2 / s.G**2) ** (s.K / 2)},
    ),
    inductions=sharp_linear.THEOREM.inductions,
    assembly="The points are in the ball, and f is convex there with gradients that are at most G,"
    " as those of the samples are.",
)

GROWING_THEOREM = theorem(
    LAST_GROWING,
    lemmas=(*linear_rate.THEOREM.lemmas, "last_iterate.value", "last_iterate.growing"),
    concludes=Concluded(
        "last_iterate.growing",
        lambda s, w: {
            w.D2: s.D**2,
            w.p: (1 - (1 - s.beta) * s.mu * least(s.alpha, 1 / s.L) / 2) ** s.K,
        },
    ),
    inductions=linear_rate.THEOREM.inductions,
    assembly="The mean of L-smooth functions is L-smooth, and its gradient at x* is 0.",
)

THEOREMS = (SHARP_THEOREM, GROWING_THEOREM)
