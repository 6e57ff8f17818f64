"""A linear rate: what a step takes off the squared distance is a part of it, in expectation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from theory.formula import least
from theory.proofs.base import (
    Algebra,
    Concluded,
    Induction,
    Invariant,
    Lemma,
    Meanings,
    Mutation,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, assumed, case, definition
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.theorems.capped import proof as capped
from theory.theorems.linear_rate.statement import LINEAR_RATE
from theory.theorems.smooth_capped import proof as smooth_capped

ABOVE = "from capped.above, mean_square.expectation, rate.drawn_after: E a_k ≥ (1-β) E δ_k"
GROWS = assumed("growth", "E[f(x^k) - f*] ≥ (μ/2) E||x^k-x*||²")


def factor(v: Any) -> dict[str, Relation]:
    """Say what q is."""
    return {
        **unit(v.beta, "β"),
        **smooth_capped.smaller(v),
        definition("q = 1 - (1-β)γμ/2"): eq(v.q, 1 - (1 - v.beta) * v.gamma * v.mu / 2),
    }


def powers(
    topic: str, symbols: str, given: Callable[[Any], Mapping[str, Relation]]
) -> tuple[Lemma, Lemma]:
    """Return base and step of ``E||x^k-x*||² <= q^{k-1} D²``, from what one step does.

    ``symbols`` and ``given`` say what q is.
    """
    power = Invariant("dist D2 p", lambda v: {"E||x^k-x*||² ≤ q^{k-1} D²": le(v.dist, v.p * v.D2)})
    base = power.base(
        f"{topic}.base",
        "||x^1-x*|| = D",
        "",
        lambda v: {
            definition("||x^1-x*||² = D²"): eq(v.dist, v.D2),
            definition("q^0 = 1"): eq(v.p, 1),
        },
        mutated=(
            Mutation("D² a little smaller", claim=lambda v: {"": le(v.dist, v.D2 * 99 / 100)}),
        ),
    )
    step = power.step(
        f"{topic}.power",
        "E||x^{k+1}-x*||² ≤ q^k D²",
        f"q dist_next p_next {symbols}",
        lambda v: {
            **given(v),
            case("D > 0"): gt(v.D2, 0),
            f"from {topic}.step": le(v.dist_next, v.q * v.dist),
            f"from {topic}.factor: q ≥ 0": ge(v.q, 0),
            definition("q^k = q^{k-1} q"): eq(v.p_next, v.p * v.q),
        },
        by=Algebra(
            lambda v: {f"from {topic}.step": 1, "induction: E||x^k-x*||² ≤ q^{k-1} D²": v.q}
        ),
        mutated=(
            Mutation(
                "one step more",
                claim=lambda v: {"": le(v.dist_next, v.p_next * v.q * v.D2)},
                real=lambda v: {"distances": ge(v.dist_next, 1)},
                fixed={"q": (3, 4), "D2": 4},
            ),
        ),
    )
    return base, step


LEMMAS = (
    lemma(
        "linear_rate.step",
        "E||x^{k+1}-x*||² ≤ (1 - (1-β)γμ/2) E||x^k-x*||² for γ ≤ min{α, 1/L}",
        "beta a gap mu gamma L alpha ee after q",
        lambda v: {
            **factor(v),
            "from smooth_capped.fejer, mean_square.expectation": le(v.after, v.ee - v.gamma * v.a),
            ABOVE: ge(v.a, (1 - v.beta) * v.gap),
            assumed("bound_below", "f(x^k,s_k) ≥ f*"): ge(v.gap, 0),
            GROWS: ge(v.gap, v.mu * v.ee / 2),
        },
        conclusion(lambda v: le(v.after, v.q * v.ee)),
        by=Algebra(
            lambda v: {
                "from smooth_capped.fejer, mean_square.expectation": 1,
                ABOVE: v.gamma,
                GROWS: v.gamma * (1 - v.beta),
            }
        ),
        mutated=(
            Mutation(
                "1/2 becomes 0.51",
                claim=lambda v: {
                    "": le(v.after, (1 - (1 - v.beta) * v.gamma * v.mu * 51 / 100) * v.ee)
                },
                fixed={"beta": (1, 2), "gamma": 1, "L": 1, "alpha": 1, "mu": (1, 2)},
            ),
        ),
    ),
    lemma(
        "linear_rate.factor",
        "q ≥ 0: a function that is L-smooth grows no faster than (L/2)||x-x*||²",
        "beta mu gamma L alpha q D2 first",
        lambda v: {
            **factor(v),
            case("D > 0"): gt(v.D2, 0),
            assumed("growth", "f(x^1) - f* ≥ (μ/2) D²"): ge(v.first, v.mu * v.D2 / 2),
            assumed("smooth", "f(x^1) - f* ≤ (L/2) D²: gradient 0 at x*"): le(
                v.first, v.L * v.D2 / 2
            ),
        },
        conclusion(lambda v: ge(v.q, 0)),
        mutated=(
            Mutation(
                "more than 1/2",
                claim=lambda v: {"": ge(100 * v.q, 51)},
                fixed={"beta": 0, "L": 1, "D2": 1},
            ),
        ),
    ),
    *powers("linear_rate", "beta gamma mu L alpha", factor),
)

MEANINGS: Meanings = {
    ("linear_rate.step", "capped.above"): [lambda v, w: {v.a: w.a_next}],
    ("linear_rate.power", "linear_rate.step"): [lambda v, w: {w.ee: v.dist, w.after: v.dist_next}],
}

WORDS: Words = {
    ("linear_rate.step", "capped.above", capped.NEXT): capped.NAMED,
    ("linear_rate", "linear_rate.power", "q^k = q^{k-1} q"): "what a power is",
}

THEOREM = theorem(
    LINEAR_RATE,
    lemmas=(
        *smooth_capped.STEP,
        "mean_square.expectation",
        "rate.drawn_after",
        "linear_rate.step",
        "linear_rate.factor",
        "linear_rate.base",
        "linear_rate.power",
    ),
    concludes=Concluded(
        "linear_rate.power",
        lambda s, w: {
            w.dist_next: s.E,
            w.D2: s.D**2,
            w.gamma: least(s.alpha, 1 / s.L),
            w.q: 1 - (1 - s.beta) * s.mu * least(s.alpha, 1 / s.L) / 2,
            w.p_next: (1 - (1 - s.beta) * s.mu * least(s.alpha, 1 / s.L) / 2) ** s.K,
        },
    ),
    inductions=(
        *smooth_capped.STEP_INDUCTIONS,
        Induction("k", ("linear_rate.base",), "linear_rate.power"),
    ),
    assembly="A step takes γ a_k off the squared distance, γ = min{α, 1/L} (smooth_capped.fejer);"
    " in expectation a_k is at least (1-β)(f(x^k) - f*), which is at least the part (1-β)μ/2 of the"
    " squared distance. Given the past this holds for every x^k, and so in expectation.",
    kernel=("smooth.linear_rate",),
)

THEOREMS = (THEOREM,)
