"""A lower bound that is off by ε: as long as all values are high, every step comes nearer to x*.

Both sides at once: values are measured from f_*, ``a_k = h_k - f_*``, and ``e`` is by how much the
model may be above f_* at x*: ε below f*, 0 above. Let ``f_k - f_* >= g`` for all k, and
``t = (1-β)g - 2e``. Where ``t > 0`` every step takes ``t²/G²`` off the squared distance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from theory.formula import sqrt
from theory.proofs.base import (
    Concluded,
    Induction,
    Invariant,
    Lemma,
    Meanings,
    Mutation,
    Reference,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, assumed, case, definition, geometry
from theory.proofs.replay import identity, made, step_with, vectors
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, maximum, unit
from theory.statement import Relations, Statement
from theory.theorems.capped.proof import NAMED
from theory.theorems.fejer import proof as fejer
from theory.theorems.sharp_linear.proof import squares
from theory.theorems.wrong_bound.statement import TOO_HIGH_BY, TOO_LOW_BY

HIGH = Invariant("a t e", lambda v: {"h_k - f_* ≥ t + 2e": ge(v.a, v.t + 2 * v.e)})
COUNT = Invariant(
    "t G2 k dist D2",
    lambda v: {
        "k t² + G²||x^{k+1}-x*||² ≤ G² D²": le(v.k * v.t * v.t + v.G2 * v.dist, v.G2 * v.D2)
    },
)
FAR, NEAR = case("t > 0"), case("t ≤ 0")
SLACK = case("e ≥ 0")
LEAST = case("f_k - f_* ≥ g")
SUPPORTS = "from wrong_bound.supports: <d_k, x^k-x*> ≥ a_k - e"
ABOVE = "from wrong_bound.high: h_k - f_* ≥ t + 2e"


def measure(v: Any) -> Mapping[str, float]:
    """Take an uncapped step with the given inner products, and measure where it ends."""
    d, e = vectors([[v.N, v.de], [v.de, v.ee]])
    found = step_with(made(0.5, identity(3), 0.0), fejer.SOLUTION + e, d, v.a)
    after = found.x_next - fejer.SOLUTION
    return {"a": float(found.info.value), "after": float(after @ after)}


def far(v: Any) -> dict[str, Relation]:
    """Say that all values are high."""
    return {FAR: gt(v.t, 0), SLACK: ge(v.e, 0)}


def apart(v: Any) -> dict[str, Relation]:
    """Say what is known of ``d_k`` and ``x^k - x*``."""
    return {
        geometry("Cauchy-Schwarz for <d_k, x^k - x*>"): le(v.de * v.de, v.N * v.ee),
        geometry("||d_k||² ≥ 0"): ge(v.N, 0),
        geometry("||x^k - x*||² ≥ 0"): ge(v.ee, 0),
    }


def last(
    side: str,
    says: str,
    assumption: str,
    off: Relations,
    claim: Callable[[Any], Relation],
    wrong: Callable[[Any], Relation],
) -> Lemma:
    """Return the lemma that concludes, for a bound below f* or above; ``off`` says what e is."""
    witness: dict[str, Any] = {"beta": (1, 2), "r": 2, "D": 1, "G": 1, "epsilon": 1}
    return lemma(
        f"wrong_bound.{side}",
        says,
        "beta m g t p e epsilon D G K r",
        lambda v: {
            **unit(v.beta, "β"),
            case("G > 0"): gt(v.G, 0),
            case("D > 0"): gt(v.D, 0),
            assumed(assumption, "ε ≥ 0"): ge(v.epsilon, 0),
            case("K ≥ 1"): ge(v.K, 1),
            definition("√K > 0"): gt(v.r, 0),
            definition("r = √K"): eq(v.r * v.r, v.K),
            **off(v),
            definition("t = (1-β)g - 2e"): eq(v.t, (1 - v.beta) * v.g - 2 * v.e),
            **maximum(v.p, "p = max{t, 0}", v.t, 0),
            "from wrong_bound.counted, wrong_bound.near: K t_+² ≤ G² D²": le(
                v.K * v.p * v.p, v.G * v.G * v.D * v.D
            ),
        },
        conclusion(claim),
        mutated=(
            Mutation(
                "without ε",
                claim=lambda v: {"": le(v.m * (1 - v.beta) * v.r, v.G * v.D)},
                fixed=witness,
            ),
            Mutation("0.9 of the rate", claim=conclusion(wrong), fixed=witness),
        ),
    )


LEMMAS = (
    lemma(
        "wrong_bound.supports",
        "<d_k, x^k-x*> ≥ h_k - f_* - e: the model is at most f* at x*",
        "h fstar fl de a e",
        lambda v: {
            "from fejer.supports, ρ = 1: <d_k, x^k - x*> ≥ h_k - f*": ge(v.de, v.h - v.fstar),
            definition("a_k = h_k - f_*"): eq(v.a, v.h - v.fl),
            **maximum(v.e, "e = max{f* - f_*, 0}", v.fstar - v.fl, 0),
        },
        conclusion(lambda v: ge(v.de, v.a - v.e)),
        mutated=(
            Mutation(
                "half of e",
                claim=lambda v: {"": ge(v.de, v.a - v.e / 2)},
                fixed={"fl": 0, "fstar": 1},
            ),
        ),
    ),
    lemma(
        "wrong_bound.moves",
        "d_k ≠ 0, because <d_k, x^k-x*> ≥ t + e > 0",
        "a t e de N ee",
        lambda v: {
            **far(v),
            case("h_k - f_* ≥ t + 2e"): ge(v.a, v.t + 2 * v.e),
            SUPPORTS: ge(v.de, v.a - v.e),
            **apart(v),
        },
        conclusion(lambda v: gt(v.N, 0)),
        mutated=(Mutation("far from 0", claim=lambda v: {"": ge(v.N, 1)}, fixed={"t": 1, "e": 0}),),
    ),
    HIGH.base(
        "wrong_bound.high_first",
        "h_1 - f_* = f_1 - f_* ≥ g ≥ (1-β)g = t + 2e",
        "beta gap g",
        lambda v: {
            **unit(v.beta, "β"),
            **far(v),
            definition("t = (1-β)g - 2e"): eq(v.t, (1 - v.beta) * v.g - 2 * v.e),
            LEAST: ge(v.gap, v.g),
            definition("h_1 = f_1"): eq(v.a, v.gap),
        },
        mutated=(
            Mutation(
                "more",
                claim=lambda v: {"": ge(v.a, v.t + 3 * v.e)},
                fixed={"beta": 0, "e": 1},
            ),
        ),
    ),
    HIGH.step(
        "wrong_bound.high",
        "h_{k+1} - f_* = (1-β)(f_{k+1} - f_*) ≥ t + 2e: an uncapped step meets f_*",
        "beta gap g N tau after a_next",
        lambda v: {
            **unit(v.beta, "β"),
            **far(v),
            definition("t = (1-β)g - 2e"): eq(v.t, (1 - v.beta) * v.g - 2 * v.e),
            LEAST: ge(v.gap, v.g),
            "from wrong_bound.moves: d_k ≠ 0": gt(v.N, 0),
            definition("τ_k = (h_k - f_*)/||d_k||²"): eq(v.tau, v.a / v.N),
            definition("m_k(x^{k+1}) - f_* = a_k - τ_k||d_k||²"): eq(v.after, v.a - v.tau * v.N),
            definition("h_{k+1}"): eq(v.a_next, v.beta * v.after + (1 - v.beta) * v.gap),
        },
        mutated=(
            Mutation(
                "more",
                claim=lambda v: {"": ge(v.a_next, v.t + 3 * v.e)},
                fixed={"beta": (1, 2), "e": 1, "N": 1},
            ),
        ),
    ),
    *squares("wrong_bound", assumed("each_gradient", "||g_{k+1}||² ≤ G²")),
    lemma(
        "wrong_bound.step",
        "G²||x^{k+1}-x*||² ≤ G²||x^k-x*||² - t²",
        "a t e de N G2 ee tau after",
        lambda v: {
            **far(v),
            ABOVE: ge(v.a, v.t + 2 * v.e),
            SUPPORTS: ge(v.de, v.a - v.e),
            **apart(v),
            "from wrong_bound.moves: d_k ≠ 0": gt(v.N, 0),
            "from wrong_bound.square_step: ||d_k||² ≤ G²": le(v.N, v.G2),
            definition("τ_k = (h_k - f_*)/||d_k||²"): eq(v.tau, v.a / v.N),
            definition("the square of x^k - x* - τ_k d_k"): eq(
                v.after, v.ee - 2 * v.tau * v.de + v.tau * v.tau * v.N
            ),
        },
        conclusion(lambda v: le(v.G2 * v.after, v.G2 * v.ee - v.t * v.t)),
        mutated=(
            Mutation(
                "1.01 t²",
                claim=lambda v: {"": le(v.G2 * v.after, v.G2 * v.ee - v.t * v.t * 101 / 100)},
                real=lambda v: {**gram([v.N, v.de], [v.de, v.ee])},
                fixed={"N": 1, "G2": 1, "e": 0, "a": 1, "de": 1, "ee": 4},
                replay=Reference(measure),
            ),
            Mutation(
                "e instead of 2e",
                drop=("from wrong_bound.high: h_k - f_* ≥ t + 2e",),
                real=lambda v: {
                    **gram([v.N, v.de], [v.de, v.ee]),
                    "once": eq(v.a, v.t + v.e),
                },
                fixed={"N": 1, "G2": 1, "e": 1, "ee": 4},
                replay=Reference(measure),
            ),
        ),
    ),
    COUNT.base(
        "wrong_bound.count_base",
        "no step is taken, and ||x^1-x*|| = D",
        "",
        lambda v: {
            definition("k = 0"): eq(v.k, 0),
            definition("||x^1-x*||² = D²"): eq(v.dist, v.D2),
        },
        mutated=(
            Mutation("one step", claim=lambda v: {"": le(v.t * v.t + v.G2 * v.dist, v.G2 * v.D2)}),
        ),
    ),
    COUNT.step(
        "wrong_bound.count_step",
        "k t² + G²||x^{k+1}-x*||² ≤ G² D², as long as t > 0",
        "e k_next dist_next",
        lambda v: {
            **far(v),
            definition("one step more"): eq(v.k_next, v.k + 1),
            "from wrong_bound.step": le(v.G2 * v.dist_next, v.G2 * v.dist - v.t * v.t),
        },
        mutated=(
            Mutation(
                "1.01 t²",
                claim=lambda v: {
                    "": le(v.k_next * v.t * v.t * 101 / 100 + v.G2 * v.dist_next, v.G2 * v.D2)
                },
                real=lambda v: {"k": ge(v.k, 1), "dist": ge(v.dist_next, 0)},
                fixed={"t": 1, "G2": 1, "e": 0},
            ),
        ),
    ),
    lemma(
        "wrong_bound.counted",
        "K t_+² ≤ G² D² where t > 0",
        "t p G2 k dist D2 e",
        lambda v: {
            **far(v),
            **maximum(v.p, "p = max{t, 0}", v.t, 0),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
            geometry("G² ≥ 0"): ge(v.G2, 0),
            "from wrong_bound.count_step": le(v.k * v.t * v.t + v.G2 * v.dist, v.G2 * v.D2),
        },
        conclusion(lambda v: le(v.k * v.p * v.p, v.G2 * v.D2)),
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {"": le(100 * v.k * v.p * v.p, 99 * v.G2 * v.D2)},
                fixed={"t": 1, "G2": 1, "e": 0},
            ),
        ),
    ),
    lemma(
        "wrong_bound.near",
        "K t_+² = 0 where t ≤ 0",
        "t p G2 k D2",
        lambda v: {
            NEAR: le(v.t, 0),
            **maximum(v.p, "p = max{t, 0}", v.t, 0),
            geometry("G² ≥ 0"): ge(v.G2, 0),
            geometry("D² ≥ 0"): ge(v.D2, 0),
        },
        conclusion(lambda v: le(v.k * v.p * v.p, v.G2 * v.D2)),
        mutated=(
            Mutation(
                "t² in its place",
                claim=lambda v: {"": le(v.k * v.t * v.t, v.G2 * v.D2)},
                fixed={"k": 4, "G2": 1, "D2": 1},
            ),
        ),
    ),
    last(
        "below",
        "m ≤ (GD/√K + (1+β)ε)/(1-β) where f_* = f* - ε",
        "too_low",
        lambda v: {
            definition("the least of f_k - f_*"): eq(v.g, v.m + v.epsilon),
            definition("e = ε"): eq(v.e, v.epsilon),
        },
        lambda v: le(v.m, (v.G * v.D / v.r + (1 + v.beta) * v.epsilon) / (1 - v.beta)),
        lambda v: le(
            v.m * (1 - v.beta) * v.r * 10, 9 * v.G * v.D + (1 + v.beta) * v.epsilon * v.r * 10
        ),
    ),
    last(
        "above",
        "m ≤ ε + GD/((1-β)√K) where f_* = f* + ε",
        "too_high",
        lambda v: {
            definition("the least of f_k - f_*"): eq(v.g, v.m - v.epsilon),
            definition("e = 0"): eq(v.e, 0),
        },
        lambda v: le(v.m, v.epsilon + v.G * v.D / ((1 - v.beta) * v.r)),
        lambda v: le((v.m - v.epsilon) * (1 - v.beta) * v.r * 10, 9 * v.G * v.D),
    ),
)

MEANINGS: Meanings = {
    ("wrong_bound.supports", "fejer.supports"): [lambda v, w: {w.rho: 1}],
    ("wrong_bound.step", "wrong_bound.high"): [lambda v, w: {w.a_next: v.a}],
    ("wrong_bound.step", "wrong_bound.square_step"): [lambda v, w: {w.N_next: v.N}],
    ("wrong_bound.count_step", "wrong_bound.step"): [
        lambda v, w: {w.ee: v.dist, w.after: v.dist_next}
    ],
    **{
        (f"wrong_bound.{side}", f"wrong_bound.{cited}"): [
            lambda v, w: {w.k: v.K, w.G2: v.G * v.G, w.D2: v.D * v.D}
        ]
        for side in ("below", "above")
        for cited in ("counted", "near")
    },
}
SLACKEN = "e is what it is there; the citing lemma uses no more of f* and f_* than that"
WORDS: Words = {
    ("wrong_bound.count_step", "wrong_bound.step", "the square of x^k - x* - τ_k d_k"): NAMED,
    ("wrong_bound.step", "wrong_bound.high", "f_k - f_* ≥ g"): "g is the least of f_k - f_*",
    ("wrong_bound.step", "wrong_bound.high_first", "f_k - f_* ≥ g"): "g is the least of f_k - f_*",
    (
        "wrong_bound.step",
        "wrong_bound.high",
        "m_k(x^{k+1}) - f_* = a_k - τ_k||d_k||²",
    ): NAMED,
    (
        "wrong_bound.*",
        "wrong_bound.supports",
        "e = max{f* - f_*, 0}: at least the 1. entry",
    ): SLACKEN,
    ("wrong_bound.*", "wrong_bound.supports", "e = max{f* - f_*, 0}: one of the entries"): SLACKEN,
    ("wrong_bound.below", "wrong_bound.counted", "t > 0"): "the other case is wrong_bound.near",
    ("wrong_bound.above", "wrong_bound.counted", "t > 0"): "the other case is wrong_bound.near",
    ("wrong_bound.below", "wrong_bound.near", "t ≤ 0"): "the other case is wrong_bound.counted",
    ("wrong_bound.above", "wrong_bound.near", "t ≤ 0"): "the other case is wrong_bound.counted",
}


def off(statement: Statement, side: str, how: str) -> Any:
    """Return the theorem for a bound below f* or above."""
    return theorem(
        statement,
        lemmas=(
            *fejer.THEOREM.lemmas,
            "wrong_bound.supports",
            "wrong_bound.moves",
            "wrong_bound.high_first",
            "wrong_bound.high",
            "wrong_bound.square_first",
            "wrong_bound.square_step",
            "wrong_bound.step",
            "wrong_bound.count_base",
            "wrong_bound.count_step",
            "wrong_bound.counted",
            "wrong_bound.near",
            f"wrong_bound.{side}",
        ),
        concludes=Concluded(f"wrong_bound.{side}", lambda s, w: {w.r: sqrt(s.K)}),
        inductions=(
            *fejer.THEOREM.inductions,
            Induction("k", ("wrong_bound.high_first",), "wrong_bound.high"),
            Induction("k", ("wrong_bound.square_first",), "wrong_bound.square_step"),
            Induction("k", ("wrong_bound.count_base",), "wrong_bound.count_step"),
        ),
        assembly=f"{how} Let t = (1-β)g - 2e for the least g of f_k - f_*. Where t ≤ 0 there is"
        " nothing to prove. Else every step meets f_*, so that h_k - f_* ≥ t + 2e, and takes at"
        " least t²/G² off the squared distance: all points are in the ball, and K t² ≤ G²D².",
        kernel=(f"wrong_bound.wrong_bound_{side}",),
    )


THEOREMS = (
    off(TOO_LOW_BY, "below", "The model is at most f* = f_* + ε at x*: e = ε."),
    off(TOO_HIGH_BY, "above", "The model is at most f* ≤ f_* at x*: e = 0."),
)
