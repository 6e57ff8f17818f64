"""The Fejér step: every step comes nearer to every solution, capped or not, in any fixed metric."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    PROOF,
    Algebra,
    Induction,
    Meanings,
    Mutation,
    Reference,
    Theorem,
    conclusion,
    lemma,
)
from theory.proofs.hypotheses import Words, case, definition
from theory.proofs.replay import ENTRIES, made, metric, step_with, vectors
from theory.proofs.scalars import eq, ge, gram, gt, le

SOLUTION = np.array([0.5, -0.25, 1.0])
SUPPORTS = "from fejer.supports: <d_k, x^k - x*> ≥ h_k - ρ_k f*"


def measure(v: Any) -> Mapping[str, float]:
    """Take a step, capped at τ, in a metric, with the given inner products, and measure it."""
    weights = ENTRIES[:3]
    u, e = vectors([[v.N, v.de], [v.de, v.ee]])
    d, x = u * np.sqrt(weights), SOLUTION + e / np.sqrt(weights)
    taken = step_with(made(0.5, metric(3), 0.0, lr=v.tau), x, d, v.a)
    distance = weights @ (taken.x_next - SOLUTION) ** 2
    return {
        "N": float(taken.info.dual_norm_sq),
        "a": float(taken.info.value),
        "tau": float(taken.info.step_size),
        "de": float(d @ (x - SOLUTION)),
        "ee": float(weights @ (x - SOLUTION) ** 2),
        "after": float(distance),
    }


def measure_supports(v: Any) -> Mapping[str, float]:
    """Measure the model at x^k and at x* = x^k - e, and ``<d_k, e>``."""
    d, e = np.array([v.de, 0.3, 0.0]), np.array([1.0, 0.0, 0.0])
    taken = step_with(made(0.5, metric(3), v.fstar), SOLUTION + e, d, v.h)
    return {"h": taken.model(taken.x), "mstar": taken.model(SOLUTION), "de": float(d @ e)}


def measure_decrease(v: Any) -> Mapping[str, float]:
    """Take an uncapped step, and measure τ, N and the gap."""
    d = np.sqrt(v.N * ENTRIES[0]) * np.array([1.0, 0.0, 0.0])
    taken = step_with(made(0.5, metric(3), 0.0), SOLUTION, d, v.a)
    tau, norm_sq = float(taken.info.step_size), float(taken.info.dual_norm_sq)
    a = float(taken.info.value)
    return {"tau": tau, "N": norm_sq, "a": a, "decrease": tau * (2 * a - tau * norm_sq)}


LEMMAS = (
    lemma(
        "fejer.supports",
        "<d_k, x^k - x*> ≥ h_k - ρ_k f*",
        "h rho fstar mstar de",
        lambda v: {
            definition("m_k(x*) = h_k - <d_k, x^k - x*>"): eq(v.mstar, v.h - v.de),
            "from model_below.step: m_k(x*) ≤ ρ_k f*": le(v.mstar, v.rho * v.fstar),
        },
        conclusion(lambda v: ge(v.de, v.h - v.rho * v.fstar)),
        by=Algebra(lambda v: {"from model_below.step: m_k(x*) ≤ ρ_k f*": 1}),
        source=PROOF,
        mutated=(
            Mutation(
                "a hundredth more",
                claim=lambda v: {"": ge(v.de, (v.h - v.rho * v.fstar) * 101 / 100)},
                fixed={"rho": 1},
                replay=Reference(measure_supports),
            ),
        ),
    ),
    lemma(
        "fejer.step",
        "||x^{k+1}-x*||² ≤ ||x^k-x*||² - τ_k(2(h_k-ρ_k f*) - τ_k||d_k||²) for every τ_k ≥ 0",
        "a de ee N tau after",
        lambda v: {
            case("τ_k ≥ 0"): ge(v.tau, 0),
            SUPPORTS: ge(v.de, v.a),
            definition("the square of x^k - x* - τ_k D^{-1} d_k"): eq(
                v.after, v.ee - 2 * v.tau * v.de + v.tau * v.tau * v.N
            ),
        },
        conclusion(lambda v: le(v.after, v.ee - v.tau * (2 * v.a - v.tau * v.N))),
        by=Algebra(lambda v: {SUPPORTS: 2 * v.tau}),
        source=f"{PROOF}; with a cap, and in a metric: derived here",
        mutated=(
            Mutation(
                "2 becomes 2.02",
                claim=lambda v: {
                    "": le(v.after, v.ee - v.tau * (202 * v.a / 100 - v.tau * v.N)),
                },
                real=lambda v: {
                    **gram([v.N, v.de], [v.de, v.ee]),
                    "the cap binds": le(v.tau * v.N, v.a),
                    "α > 0": gt(v.tau, 0),
                    "d ≠ 0": ge(v.N, 1),
                },
                replay=Reference(measure),
            ),
            Mutation(
                "the model may lie above f* at x*",
                drop=(SUPPORTS,),
                real=lambda v: {
                    **gram([v.N, v.de], [v.de, v.ee]),
                    "the cap binds": le(v.tau * v.N, v.a),
                    "α > 0": gt(v.tau, 0),
                    "d ≠ 0": ge(v.N, 1),
                },
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "fejer.uncapped",
        "without a cap the decrease is (h_k-ρ_k f*)²/||d_k||²",
        "a N tau decrease",
        lambda v: {
            case("d_k ≠ 0"): gt(v.N, 0),
            definition("τ_k = (h_k-ρ_k f*)/||d_k||²"): eq(v.tau, v.a / v.N),
            definition("decrease"): eq(v.decrease, v.tau * (2 * v.a - v.tau * v.N)),
        },
        conclusion(lambda v: eq(v.decrease, v.a * v.a / v.N)),
        by=Algebra(),
        source=PROOF,
        mutated=(
            Mutation(
                "1 becomes 1.01",
                claim=lambda v: {"": eq(v.decrease * v.N, v.a * v.a * 101 / 100)},
                real=lambda v: {"gap": ge(v.a, 0)},
                fixed={"N": 2},
                replay=Reference(measure_decrease),
            ),
        ),
    ),
    lemma(
        "fejer.capped",
        "with a cap the decrease is at least τ_k (h_k-ρ_k f*) ≥ 0",
        "a N tau decrease",
        lambda v: {
            case("τ_k ≥ 0"): ge(v.tau, 0),
            case("h_k ≥ ρ_k f*"): ge(v.a, 0),
            case("τ_k ≤ (h_k-ρ_k f*)/||d_k||²"): le(v.tau * v.N, v.a),
            definition("decrease"): eq(v.decrease, v.tau * (2 * v.a - v.tau * v.N)),
        },
        lambda v: {
            "decrease": ge(v.decrease, v.tau * v.a),
            "sign": ge(v.decrease, 0),
        },
        mutated=(
            Mutation(
                "1 becomes 1.01",
                claim=lambda v: {"": ge(v.decrease, v.tau * v.a * 101 / 100)},
                real=lambda v: {"no cap": eq(v.tau * v.N, v.a), "d ≠ 0": ge(v.N, 1)},
                replay=Reference(measure_decrease),
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("fejer.supports", "model_below.step"): [lambda v, w: {v.mstar: w.m}],
    ("fejer.step", "fejer.supports"): [lambda v, w: {v.a: w.h - w.rho * w.fstar}],
}

STEP_SIZE = "τ_k is the smaller of a cap α_k > 0 and of (h_k-ρ_k f*)_+/||d_k||²"
WORDS: Words = {
    ("*", "fejer.step", "τ_k ≥ 0"): STEP_SIZE,
    ("*", "fejer.capped", "τ_k ≥ 0"): STEP_SIZE,
    ("*", "fejer.capped", "τ_k ≤ (h_k-ρ_k f*)/||d_k||²"): STEP_SIZE,
    ("*", "fejer.capped", "h_k ≥ ρ_k f*"): "where it lies below, τ_k = 0, and nothing moves",
}

THEOREM = Theorem(
    name="fejer",
    title="Fejér step",
    statement="||x^{k+1}-x*||²_D ≤ ||x^k-x*||²_D - τ_k(2(h_k-ρ_k f*) - τ_k||d_k||²_{D^{-1}}) for"
    " every solution x*; uncapped the decrease is (h_k-ρ_k f*)_+²/||d_k||², capped at least"
    " τ_k(h_k-ρ_k f*) ≥ 0",
    source=f"{PROOF}; with a cap, and in a metric: derived here",
    claims=("fejer",),
    assumptions=(
        "every f(·,s) is convex with f(x*,s) = f* for all s",
        "f_*^k = f*, λ = 0, any cap α_k > 0, any fixed metric D",
    ),
    lemmas=(
        "model_below.first",
        "model_below.zero",
        "model_below.step",
        *(lemma.name for lemma in LEMMAS),
    ),
    inductions=(Induction("k", ("model_below.first", "model_below.zero"), "model_below.step"),),
    assembly="The model lies below ρ_k f* at x*, so <d_k, x^k-x*> is at least the gap; expand the"
    " square in the inner product <·, D·>, in which D^{-1} d_k and x^k-x* have the product"
    " <d_k, x^k-x*>. With a cap h_k may lie below ρ_k f*: then τ_k = 0, and nothing moves.",
    kernel=("fejer_any.fejer_any", "fejer_any.fejer_any_uncapped", "fejer_any.fejer_any_capped"),
)

THEOREMS = (THEOREM,)
