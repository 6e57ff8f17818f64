"""A step with any cap: the landing inequality, and the decrease for every c up to the cap.

All values are measured from f_*: ``a_k = h_k - f_*``. Nothing but ``f_* <= f(·,s)`` is used of f_*
for the landing inequality, so that it serves where f_* is not f*, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    FIRST,
    Concluded,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, assumed, case, definition, geometry
from theory.proofs.replay import Taken, first_step, identity, made, step_with
from theory.proofs.scalars import Relation, Scalars, eq, ge, gt, le, minimum, unit
from theory.theorems.capped.statement import CAPPED
from theory.theorems.fejer import proof as fejer

GAP = Invariant("a", lambda v: {"h_k ≥ f_*": ge(v.a, 0)})
ABOVE = "from capped.gap_step: h_k ≥ f_*"
VALID = assumed("bound_below", "f_{k+1} ≥ f_*")
BOTH = "from capped.moves, capped.still: what both cases say"
MOVES = case("d_k ≠ 0")
SMALLER = "τ_k||d_k||² = min{α_k||d_k||², h_k - f_*}"
MODEL = definition("m_k(x^{k+1}) = h_k - τ_k||d_k||²")
NEXT = definition("h_{k+1} - f_* = β (m_k(x^{k+1}) - f_*) + (1-β)(f_{k+1} - f_*)")
START = np.array([0.5, -0.25, 0.0])
GRADIENT = np.array([0.3, 0.8, 0.0])


def taken(v: Any) -> Taken:
    """Take a step with the cap α, with ``||d_k||² = N`` and the value a above f_* = 0."""
    d = np.array([0.6, 0.8, 0.0]) * np.sqrt(v.N)
    return step_with(made(0.5, identity(3), 0.0, lr=float(v.alpha)), START, d, v.a)


def measuring(*names: str) -> Reference:
    """Take a step and measure these scalars: its size, and the model where it ends."""

    def measure(v: Any) -> Mapping[str, float]:
        found = taken(v)
        tau, norm_sq = float(found.info.step_size), float(found.info.dual_norm_sq)
        every = {
            "tau": tau,
            "u": tau * norm_sq,
            "N": norm_sq,
            "a": float(found.info.value),
            "landed": found.model(found.x_next),
        }
        return {name: every[name] for name in names}

    return Reference(measure)


def measure_first(v: Any) -> Mapping[str, float]:
    """Take the first step and measure h_1, with f_* = 0."""
    return {"a": float(first_step(made(0.5, identity(3), 0.0), START, v.gap, GRADIENT).info.value)}


def measure_next(v: Any) -> Mapping[str, float]:
    """Take a step and the next one, with f_* = 0, and measure ``h_{k+1}``."""
    how = made(v.beta, identity(3), 0.0, lr=0.25)
    found = step_with(how, START, np.array([0.6, 0.8, 0.0]), v.a)
    later = found.then(v.gap, GRADIENT)
    return {"landed": found.model(found.x_next), "a_next": float(later.info.value)}


def measure_above(v: Any) -> Mapping[str, float]:
    """Do the same from a step that is capped at 1/4, and ends with the given value of the model."""
    return measure_next(Scalars({"beta": v.beta, "a": v.landed + 0.25, "gap": v.gap}))


def measure_fejer(v: Any) -> Mapping[str, float]:
    """Take a capped step towards x*, and measure the distances."""
    direction = np.array([1.0, 0.0, 0.0])
    d, e = np.sqrt(v.N) * direction, np.sqrt(v.dist) * direction
    x = fejer.SOLUTION + e
    found = step_with(made(0.5, identity(3), 0.0, lr=float(v.alpha)), x, d, v.a)
    after = found.x_next - fejer.SOLUTION
    return {"a": float(found.info.value), "dist_next": float(after @ after)}


def size(v: Any) -> dict[str, Relation]:
    """Say what the step size is: ``τN = min{αN, a}``, also where ``N = 0``."""
    return minimum(v.u, SMALLER, v.alpha * v.N, v.a)


def carried(v: Any) -> dict[str, Relation]:
    """Say how the model's value goes on from where the step ended."""
    return {
        **unit(v.beta, "β"),
        "from capped.meets: m_k(x^{k+1}) ≥ f_*": ge(v.landed, 0),
        NEXT: eq(v.a_next, v.beta * v.landed + (1 - v.beta) * v.gap),
        VALID: ge(v.gap, 0),
    }


LEMMAS = (
    GAP.base(
        "capped.first",
        "h_1 - f_* = f_1 - f_* ≥ 0",
        "gap",
        lambda v: {
            definition("h_1 = f_1"): eq(v.a, v.gap),
            assumed("bound_below", "f_1 ≥ f_*"): ge(v.gap, 0),
        },
        mutated=(
            Mutation("f_* may be above f_1", drop=("f_1 ≥ f_*",), replay=Reference(measure_first)),
        ),
        begins=(FIRST,),
    ),
    lemma(
        "capped.meets",
        "the model is at least f_* where the step ends",
        "a N alpha u landed",
        lambda v: {
            **size(v),
            MODEL: eq(v.landed, v.a - v.u),
        },
        conclusion(lambda v: ge(v.landed, 0)),
        mutated=(
            Mutation(
                "a hundredth of the gap is left",
                claim=lambda v: {"": ge(v.landed, v.a / 100)},
                real=lambda v: {"gap": ge(v.a, 1), "no cap": ge(v.alpha * v.N, v.a)},
                fixed={"N": 2},
                replay=measuring("N", "a", "u", "landed"),
            ),
        ),
    ),
    GAP.step(
        "capped.gap_step",
        "h_{k+1} ≥ f_*: the positive part never acts",
        "beta N alpha u landed gap a_next",
        lambda v: {**size(v), MODEL: eq(v.landed, v.a - v.u), **carried(v)},
        mutated=(
            Mutation(
                "f_* may be above f_{k+1}",
                drop=(VALID,),
                fixed={"alpha": (1, 4), "N": 1},
                replay=Reference(measure_next),
            ),
        ),
    ),
    lemma(
        "capped.above",
        "h_{k+1} - f_* ≥ (1-β)(f_{k+1} - f_*) for k ≥ 1",
        "beta landed gap a_next",
        carried,
        conclusion(lambda v: ge(v.a_next, (1 - v.beta) * v.gap)),
        mutated=(
            Mutation(
                "a hundredth more",
                claim=lambda v: {"": ge(v.a_next, (1 - v.beta) * v.gap * 101 / 100)},
                fixed={"beta": (1, 2)},
                replay=Reference(measure_above),
            ),
        ),
    ),
    lemma(
        "capped.best",
        "τ_k maximises the decrease: τ(2a - τN) ≥ 2ca - c²N for every 0 ≤ c ≤ α",
        "a N alpha u tau c",
        lambda v: {
            ABOVE: ge(v.a, 0),
            MOVES: gt(v.N, 0),
            **size(v),
            definition("τ_k"): eq(v.u, v.tau * v.N),
            case("c ≤ α_k"): le(v.c, v.alpha),
        },
        conclusion(lambda v: ge(v.tau * (2 * v.a - v.tau * v.N), 2 * v.c * v.a - v.c * v.c * v.N)),
        mutated=(
            Mutation(
                "a hundredth more",
                claim=lambda v: {
                    "": ge(
                        v.tau * (2 * v.a - v.tau * v.N),
                        (2 * v.c * v.a - v.c * v.c * v.N) * 101 / 100,
                    )
                },
                real=lambda v: {"a gap": ge(v.a, 1)},
                fixed={"N": 2, "c": 1},
                replay=measuring("N", "a", "u", "tau"),
            ),
            Mutation(
                "c above the cap",
                drop=("c ≤ α_k",),
                real=lambda v: {"a gap": ge(v.a, 2)},
                fixed={"N": 1, "alpha": 1},
                replay=measuring("N", "a", "u", "tau"),
            ),
        ),
    ),
    lemma(
        "capped.moves",
        "||x^{k+1}-x*||² ≤ ||x^k-x*||² - 2c(h_k-f*) + c²||d_k||² for 0 ≤ c ≤ α_k where d_k ≠ 0",
        "a N alpha u tau c dist dist_next",
        lambda v: {
            MOVES: gt(v.N, 0),
            **size(v),
            definition("τ_k"): eq(v.u, v.tau * v.N),
            case("c ≤ α_k"): le(v.c, v.alpha),
            "from fejer.step: ||x^{k+1}-x*||² ≤ ||x^k-x*||² - decrease_k": le(
                v.dist_next, v.dist - v.tau * (2 * v.a - v.tau * v.N)
            ),
            "from capped.best: τ(2a - τN) ≥ 2ca - c²N": ge(
                v.tau * (2 * v.a - v.tau * v.N), 2 * v.c * v.a - v.c * v.c * v.N
            ),
            assumed("any_cap", "α_k > 0"): gt(v.alpha, 0),
            ABOVE: ge(v.a, 0),
        },
        conclusion(lambda v: le(v.dist_next, v.dist - 2 * v.c * v.a + v.c * v.c * v.N)),
        mutated=(
            Mutation(
                "2 becomes 2.02",
                claim=lambda v: {
                    "": le(v.dist_next, v.dist - 202 * v.c * v.a / 100 + v.c * v.c * v.N)
                },
                real=lambda v: {"towards x*": eq(v.a, 2), "the step": eq(v.dist_next, 1)},
                fixed={"N": 1, "dist": 4, "c": 1, "alpha": 1},
                replay=Reference(measure_fejer),
            ),
        ),
    ),
    lemma(
        "capped.still",
        "where d_k = 0, too: h_k = f*, and nothing moves",
        "a N de ee c dist dist_next",
        lambda v: {
            case("d_k = 0"): eq(v.N, 0),
            case("c ≥ 0"): ge(v.c, 0),
            geometry("Cauchy-Schwarz for <d_k, x^k - x*>"): le(v.de * v.de, v.N * v.ee),
            "from fejer.supports: <d_k, x^k - x*> ≥ h_k - f*": ge(v.de, v.a),
            definition("x^{k+1} = x^k"): eq(v.dist_next, v.dist),
        },
        conclusion(lambda v: le(v.dist_next, v.dist - 2 * v.c * v.a + v.c * v.c * v.N)),
        mutated=(
            Mutation(
                "the model may lie above f* at x*",
                drop=("from fejer.supports: <d_k, x^k - x*> ≥ h_k - f*",),
                fixed={"c": 1, "ee": 1},
            ),
        ),
    ),
    lemma(
        "capped.fejer",
        "||x^{k+1}-x*||² ≤ ||x^k-x*||² - 2c(h_k-f*) + c²||d_k||² for every 0 ≤ c ≤ α_k",
        "a N alpha c dist dist_next",
        lambda v: {
            assumed("any_cap", "α_k > 0"): gt(v.alpha, 0),
            case("c ≥ 0"): ge(v.c, 0),
            case("c ≤ α_k"): le(v.c, v.alpha),
            BOTH: le(v.dist_next, v.dist - 2 * v.c * v.a + v.c * v.c * v.N),
        },
        conclusion(lambda v: le(v.dist_next, v.dist - 2 * v.c * v.a + v.c * v.c * v.N)),
        mutated=(
            Mutation(
                "c²||d_k||² is missing",
                claim=lambda v: {"": le(v.dist_next, v.dist - 2 * v.c * v.a)},
                real=lambda v: {"towards x*": eq(v.a, 2), "the step": eq(v.dist_next, 1)},
                fixed={"N": 1, "dist": 4, "c": 1, "alpha": 1},
                replay=Reference(measure_fejer),
            ),
        ),
    ),
)


MEANINGS: Meanings = {
    ("capped.moves", "fejer.step"): [lambda v, w: {v.dist: w.ee, v.dist_next: w.after}],
    ("capped.still", "fejer.supports"): [lambda v, w: {v.a: w.h - w.rho * w.fstar}],
}

INDUCTIONS = (
    *fejer.THEOREM.inductions,
    Induction("k", ("capped.first",), "capped.gap_step"),
)
ORDER = ("capped.first", "capped.meets", "capped.gap_step", "capped.above")
"""The lemmas that need no solution: that h_k never falls below f_*."""

FEJER = ("capped.best", "capped.moves", "capped.still", "capped.fejer")
"""The lemmas of the decrease, for every c up to the cap."""

BEFORE = (*fejer.THEOREM.lemmas, *ORDER, *FEJER)
NAMED = "the citing lemma has a name for this value, and no other definition of it"
WORDS: Words = {
    **{
        ("capped.above", "capped.meets", label): NAMED
        for label in (
            f"{SMALLER}: at most the 1. entry",
            f"{SMALLER}: at most the 2. entry",
            f"{SMALLER}: one of the entries",
            MODEL,
        )
    },
    ("capped", "capped.above", NEXT): NAMED,
    ("capped", "capped.above", VALID): "f_* = f* is below every value",
    ("capped.moves", "fejer.step", "the square of x^k - x* - τ_k D^{-1} d_k"): NAMED,
    ("capped.fejer", "capped.still", "x^{k+1} = x^k"): NAMED,
    ("capped.fejer", "capped.moves", "d_k ≠ 0"): "the other case is capped.still",
    ("capped.fejer", "capped.still", "d_k = 0"): "the other case is capped.moves",
}

THEOREM = theorem(
    CAPPED,
    lemmas=ORDER,
    concludes=Concluded("capped.above", lambda s, w: {w.a_next: s.a, w.gap: s.gap}),
    inductions=(Induction("k", ("capped.first",), "capped.gap_step"),),
    assembly="h_k is never below f_*: at first because f_1 is not, then because a step of size at"
    " most (h_k-f_*)/||d_k||² leaves the model at least f_* (capped.meets), which the next value"
    " has with weight β. For k = 1 there is equality without 1-β (capped.first).",
    kernel=("path.height_above",),
)

THEOREMS = (THEOREM,)
