"""The Fejér step: every step comes nearer to every solution, capped or not, in any fixed metric."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    PROOF,
    Algebra,
    Concluded,
    Induction,
    Meanings,
    Mutation,
    Reference,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, case, definition
from theory.proofs.replay import ENTRIES, made, metric, step_with, vectors
from theory.proofs.scalars import eq, ge, gram, gt, le
from theory.theorems.fejer.statement import ALONE, CAPPED, STATEMENT

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
    lemma(
        "fejer.whole",
        "without a cap ||x^{k+1}-x*||² ≤ ||x^k-x*||² - (h_k-ρ_k f*)²/||d_k||²",
        "a ee N tau after decrease",
        lambda v: {
            case("d_k ≠ 0"): gt(v.N, 0),
            definition("τ_k = (h_k-ρ_k f*)/||d_k||²"): eq(v.tau, v.a / v.N),
            definition("decrease"): eq(v.decrease, v.tau * (2 * v.a - v.tau * v.N)),
            "from fejer.step": le(v.after, v.ee - v.tau * (2 * v.a - v.tau * v.N)),
            "from fejer.uncapped": eq(v.decrease, v.a * v.a / v.N),
        },
        conclusion(lambda v: le(v.after, v.ee - v.a * v.a / v.N)),
        source=PROOF,
        mutated=(
            Mutation(
                "1 becomes 1.01",
                claim=lambda v: {"": le(100 * v.after * v.N, 100 * v.ee * v.N - 101 * v.a * v.a)},
                fixed={"N": 1, "a": 1},
            ),
        ),
    ),
    lemma(
        "fejer.part",
        "with a cap ||x^{k+1}-x*||² ≤ ||x^k-x*||² - τ_k (h_k-ρ_k f*)",
        "a ee N tau after decrease",
        lambda v: {
            definition("decrease"): eq(v.decrease, v.tau * (2 * v.a - v.tau * v.N)),
            "from fejer.step": le(v.after, v.ee - v.tau * (2 * v.a - v.tau * v.N)),
            "from fejer.capped": ge(v.decrease, v.tau * v.a),
        },
        conclusion(lambda v: le(v.after, v.ee - v.tau * v.a)),
        mutated=(
            Mutation(
                "1 becomes 1.01",
                claim=lambda v: {"": le(100 * v.after, 100 * v.ee - 101 * v.tau * v.a)},
                fixed={"N": 1, "a": 1},
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
    ("fejer*", "fejer.step", "the square of x^k - x* - τ_k D^{-1} d_k"): "<d_k, x^k-x*> is what"
    " the square leaves for it, for any values of the others",
    ("*", "fejer.step", "τ_k ≥ 0"): STEP_SIZE,
    ("*", "fejer.capped", "τ_k ≥ 0"): STEP_SIZE,
    ("*", "fejer.capped", "τ_k ≤ (h_k-ρ_k f*)/||d_k||²"): STEP_SIZE,
    ("*", "fejer.capped", "h_k ≥ ρ_k f*"): "where it lies below, τ_k = 0, and nothing moves",
}

BEFORE = ("model_below.first", "model_below.zero", "model_below.step", "fejer.supports")
INDUCTIONS = (Induction("k", BEFORE[:2], BEFORE[2]),)
ASSEMBLY = (
    "The model lies below ρ_k f* at x*, so <d_k, x^k-x*> is at least the gap; expand the"
    " square in the inner product <·, D·>, in which D^{-1} d_k and x^k-x* have the product"
    " <d_k, x^k-x*>. With a cap h_k may lie below ρ_k f*: then τ_k = 0, and nothing moves."
)


def changed(s: Any, w: Any) -> dict[Any, Any]:
    """Say what the distance changes."""
    return {w.after: s.change + w.ee}


THEOREM = theorem(
    STATEMENT,
    lemmas=(*BEFORE, "fejer.step", "fejer.uncapped", "fejer.capped"),
    concludes=Concluded("fejer.step", changed),
    inductions=INDUCTIONS,
    assembly=ASSEMBLY,
    kernel=("fejer_any.fejer_any",),
)
WHOLE = theorem(
    ALONE,
    lemmas=(*BEFORE, "fejer.step", "fejer.uncapped", "fejer.whole"),
    concludes=Concluded("fejer.whole", changed),
    claims=("fejer",),
    inductions=INDUCTIONS,
    assembly=ASSEMBLY,
    kernel=("fejer_any.fejer_any_uncapped",),
)
PART = theorem(
    CAPPED,
    lemmas=(*BEFORE, "fejer.step", "fejer.capped", "fejer.part"),
    concludes=Concluded("fejer.part", changed),
    claims=("fejer",),
    inductions=INDUCTIONS,
    assembly=ASSEMBLY,
    kernel=("fejer_any.fejer_any_capped",),
)

THEOREMS = (THEOREM, WHOLE, PART)
