"""Without interpolation: what one step does, where the model is at most the average at x*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import (
    Invariant,
    Mutation,
    Reference,
    by_hand,
    conclusion,
    lemma,
)
from theory.proofs.hypotheses import assumed, case, convex, definition, geometry
from theory.proofs.replay import identity, made, step_with, vectors
from theory.proofs.scalars import eq, ge, gram, gt, le, unit
from theory.theorems.capped import proof as capped
from theory.theorems.fejer.proof import SOLUTION
from theory.theorems.sharp_linear.proof import squares

BELOW = Invariant(
    "m F",
    lambda v: {"m_k(x*) - f_* ≤ F_k": le(v.m, v.F), "F_k ≥ 0": ge(v.F, 0)},
)
MEAN = Invariant("F F0", lambda v: {"E F_k = f(x*) - f_*": eq(v.F, v.F0)})
DRAWN_FIRST = "from any_bound.drawn: E f(x*,s_1) = f(x*)"
DRAWN = "from any_bound.drawn: E f(x*,s_{k+1}) = f(x*)"
LINE = convex("x*", "x^{k+1}", "ℓ_{k+1}(x*) ≤ f(x*,s_{k+1})")
ABOVE = "from capped.gap_step: h_k ≥ f_*"
SUPPORTS = "from any_bound.supports: <d_k, x^k-x*> ≥ a_k - F_k"
POSITIVE = "from any_bound.below: F_k ≥ 0"


def measure(v: Any) -> Mapping[str, float]:
    """Take a step with the cap α and the given inner products, and measure where it ends."""
    d, e = vectors([[v.N, v.de], [v.de, v.ee]])
    found = step_with(made(0.5, identity(3), 0.0, lr=float(v.alpha)), SOLUTION + e, d, v.a)
    after = found.x_next - SOLUTION
    tau = float(found.info.step_size)
    return {"a": float(found.info.value), "tau": tau, "after": float(after @ after)}


STEP = (
    BELOW.base(
        "any_bound.below_first",
        "m_1(x*) = ℓ_1(x*) ≤ f(x*,s_1), the average's first sample",
        "line fs",
        lambda v: {
            definition("m_1(x*) = ℓ_1(x*)"): eq(v.m, v.line),
            definition("F_1 = f(x*,s_1) - f_*"): eq(v.F, v.fs),
            LINE: le(v.line, v.fs),
            assumed("bound_below", "f(x*,s_1) ≥ f_*"): ge(v.fs, 0),
        },
        mutated=(Mutation("not convex", drop=(LINE,), fixed={"fs": 1}),),
    ),
    BELOW.step(
        "any_bound.below",
        "m_k(x*) - f_* ≤ F_k, the average of f(x*,s_j) - f_* ≥ 0",
        "beta line fs m_next F_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("m_{k+1}(x*)"): eq(v.m_next, v.beta * v.m + (1 - v.beta) * v.line),
            definition("F_{k+1}"): eq(v.F_next, v.beta * v.F + (1 - v.beta) * v.fs),
            LINE: le(v.line, v.fs),
            assumed("bound_below", "f(x*,s_{k+1}) ≥ f_*"): ge(v.fs, 0),
        },
        mutated=(
            Mutation("not convex", drop=(LINE,), fixed={"beta": (1, 2), "fs": 1, "F": 1}),
            Mutation(
                "f_* is no bound",
                drop=("f(x*,s_{k+1}) ≥ f_*",),
                fixed={"beta": (1, 2), "F": 0},
            ),
        ),
    ),
    MEAN.base(
        "any_bound.mean_first",
        "E F_1 = f(x*) - f_*",
        "fs",
        lambda v: {
            definition("F_1 = f(x*,s_1) - f_*"): eq(v.F, v.fs),
            DRAWN_FIRST: eq(v.fs, v.F0),
        },
        mutated=(Mutation("one more", claim=lambda v: {"": eq(v.F, v.F0 + 1)}),),
    ),
    by_hand(
        "any_bound.drawn",
        "E f(x^k,s_k) = E f(x^k), E f(x*,s_k) = f(x*), E||g_k||² ≤ G²",
        "s_k is drawn independently of x^k, and x* is fixed; G² bounds E||∇f(x,s)||² at every x.",
    ),
    MEAN.step(
        "any_bound.mean",
        "E F_k = f(x*) - f_* carries over",
        "beta fs F_next",
        lambda v: {
            definition("F_{k+1}"): eq(v.F_next, v.beta * v.F + (1 - v.beta) * v.fs),
            DRAWN: eq(v.fs, v.F0),
        },
        mutated=(
            Mutation(
                "a hundredth more",
                claim=lambda v: {"": eq(v.F_next, v.F0 * 101 / 100)},
                fixed={"F0": 1},
            ),
        ),
    ),
    *squares("any_bound", assumed("everywhere", "E||g_{k+1}||² ≤ G²")),
    lemma(
        "any_bound.supports",
        "<d_k, x^k-x*> ≥ a_k - F_k",
        "a m F de",
        lambda v: {
            definition("m_k(x*) = h_k - <d_k, x^k - x*>"): eq(v.m, v.a - v.de),
            "from any_bound.below: m_k(x*) - f_* ≤ F_k": le(v.m, v.F),
        },
        conclusion(lambda v: ge(v.de, v.a - v.F)),
        mutated=(
            Mutation("half of F_k", claim=lambda v: {"": ge(v.de, v.a - v.F / 2)}, fixed={"F": 1}),
        ),
    ),
    lemma(
        "any_bound.moves",
        "||x^{k+1}-x*||² ≤ ||x^k-x*||² - 2α(a_k - F_k) + α²||d_k||² where d_k ≠ 0",
        "a F N alpha u tau de ee after",
        lambda v: {
            assumed("any_cap", "α > 0"): gt(v.alpha, 0),
            case("d_k ≠ 0"): gt(v.N, 0),
            ABOVE: ge(v.a, 0),
            POSITIVE: ge(v.F, 0),
            SUPPORTS: ge(v.de, v.a - v.F),
            **capped.size(v),
            definition("τ_k"): eq(v.u, v.tau * v.N),
            "from capped.best, c = α: τ(2a - τN) ≥ 2αa - α²N": ge(
                v.tau * (2 * v.a - v.tau * v.N), 2 * v.alpha * v.a - v.alpha * v.alpha * v.N
            ),
            definition("the square of x^k - x* - τ_k d_k"): eq(
                v.after, v.ee - 2 * v.tau * v.de + v.tau * v.tau * v.N
            ),
        },
        conclusion(
            lambda v: le(v.after, v.ee - 2 * v.alpha * (v.a - v.F) + v.alpha * v.alpha * v.N)
        ),
        mutated=(
            Mutation(
                "half of F_k",
                claim=lambda v: {
                    "": le(v.after, v.ee - 2 * v.alpha * (v.a - v.F / 2) + v.alpha * v.alpha * v.N)
                },
                real=lambda v: {**gram([v.N, v.de], [v.de, v.ee]), "far": ge(v.F, 1)},
                fixed={"N": 1, "alpha": 1, "tau": 1, "ee": 4},
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "any_bound.still",
        "the same where d_k = 0: then h_k - f_* ≤ F_k, and nothing moves",
        "a F N alpha de ee after",
        lambda v: {
            assumed("any_cap", "α > 0"): gt(v.alpha, 0),
            case("d_k = 0"): eq(v.N, 0),
            SUPPORTS: ge(v.de, v.a - v.F),
            geometry("Cauchy-Schwarz for <d_k, x^k - x*>"): le(v.de * v.de, v.N * v.ee),
            definition("x^{k+1} = x^k"): eq(v.after, v.ee),
        },
        conclusion(
            lambda v: le(v.after, v.ee - 2 * v.alpha * (v.a - v.F) + v.alpha * v.alpha * v.N)
        ),
        mutated=(
            Mutation("the model may be above", drop=(SUPPORTS,), fixed={"alpha": 1, "ee": 1}),
        ),
    ),
)
"""The lemmas of one step."""
