"""The recurrence of ``q_k = <d_k, x^k> - γ_k``, which needs neither γ nor a pass over x."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    Algebra,
    Concluded,
    Mutation,
    Reference,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, definition
from theory.proofs.replay import first_step, identity, made, step_with
from theory.proofs.scalars import eq, unit
from theory.theorems.offset.statement import STATEMENT


def measure(v: Any) -> Mapping[str, float]:
    """Take two steps of the reference, with the gradients' products as given.

    From zero with weight w = 1-β where the first gradient is to count so; the step itself is
    replaced by a τ that moves x by the given amount.
    """
    grad = np.array([1.0, 0.0])
    x = np.array([v.gamma / (1 - v.beta), 0.5])
    moved = v.moved / (1 - v.beta)  # <d_1, x^2 - x^1> = (1-β) <g_1, x^2 - x^1>
    tau = -moved / (1 - v.beta)
    how = made(v.beta, identity(2), 0.0, from_zero=True, tau=tau)
    taken = first_step(how, x, 1.0, grad)
    second = np.array([1.0, 0.3])
    second = second * v.gx / (second @ taken.x_next)
    later = taken.then(1.0, second)
    d, first = taken.state.grad_avg, taken.state.inner_avg
    return {
        "gamma": float(first),
        "moved": float(d @ (taken.x_next - x)),
        "dx": float(d @ x),
        "gx": float(second @ taken.x_next),
        "q": float(taken.info.value - taken.info.loss_avg),
        "q_next": float(later.info.value - later.state.loss_avg),
    }


def measure_first(v: Any) -> Mapping[str, float]:
    """Take the first step and measure q_1."""
    how = made(0.5, identity(2), 0.0)
    info = first_step(how, np.array([v.gx, 0.5]), 1.0, np.array([1.0, 0.0])).info
    return {"q": float(info.value - info.loss_avg)}


def measure_advance(v: Any) -> Mapping[str, float]:
    """Take a step of length τ with ``||d||² = N``, and measure how far it leads along d."""
    d, x = np.array([np.sqrt(v.N), 0.0]), np.array([v.dx / np.sqrt(v.N), 0.5])
    taken = step_with(made(0.5, identity(2), 0.0, tau=v.tau), x, d, 1.0)
    return {
        "N": float(taken.info.dual_norm_sq),
        "dx": float(d @ x),
        "dx_after": float(d @ taken.x_next),
        "moved": float(d @ (taken.x_next - x)),
    }


LEMMAS = (
    lemma(
        "offset.first",
        "q_1 = 0, whichever way the average starts",
        "q w gx dx gamma",
        lambda v: {
            definition("d_1 = w g_1, times x^1"): eq(v.dx, v.w * v.gx),
            definition("γ_1 = w <g_1, x^1>"): eq(v.gamma, v.w * v.gx),
            definition("q_1 = <d_1, x^1> - γ_1"): eq(v.q, v.dx - v.gamma),
        },
        conclusion(lambda v: eq(v.q, 0)),
        by=Algebra(),
        mutated=(
            Mutation(
                "a hundredth of the product",
                claim=lambda v: {"": eq(v.q, v.gx / 100)},
                fixed={"w": 1},
                replay=Reference(measure_first),
            ),
        ),
    ),
    lemma(
        "offset.step",
        "q_{k+1} = β(q_k + <d_k, x^{k+1} - x^k>)",
        "beta q gamma dx moved gx dx_next gamma_next q_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("q_k = <d_k, x^k> - γ_k"): eq(v.q, v.dx - v.gamma),
            definition("<d_{k+1}, x^{k+1}>"): eq(
                v.dx_next, v.beta * (v.dx + v.moved) + (1 - v.beta) * v.gx
            ),
            definition("γ_{k+1} = β γ_k + (1-β) <g_{k+1}, x^{k+1}>"): eq(
                v.gamma_next, v.beta * v.gamma + (1 - v.beta) * v.gx
            ),
            definition("q_{k+1} = <d_{k+1}, x^{k+1}> - γ_{k+1}"): eq(
                v.q_next, v.dx_next - v.gamma_next
            ),
        },
        conclusion(lambda v: eq(v.q_next, v.beta * (v.q + v.moved))),
        by=Algebra(),
        mutated=(
            Mutation(
                "β becomes 1.01 β",
                claim=lambda v: {"": eq(v.q_next, v.beta * (v.q + v.moved) * 101 / 100)},
                real=lambda v: {"the first step": eq(v.dx, v.gamma)},
                fixed={"beta": (1, 2), "gamma": 1, "gx": 2},
                replay=Reference(measure),
            ),
            Mutation(
                "the step's own advance counts twice",
                claim=lambda v: {"": eq(v.q_next, v.beta * (v.q + 2 * v.moved))},
                real=lambda v: {"the first step": eq(v.dx, v.gamma)},
                fixed={"beta": (1, 2), "gamma": 1, "gx": 2},
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "offset.advance",
        "<d_k, x^{k+1} - x^k> = -τ_k ||d_k||² where λ = 0",
        "tau N dx dx_after moved",
        lambda v: {
            definition("<d_k, x^k - τ_k D^{-1} d_k>"): eq(v.dx_after, v.dx - v.tau * v.N),
            definition("moved"): eq(v.moved, v.dx_after - v.dx),
        },
        conclusion(lambda v: eq(v.moved, -v.tau * v.N)),
        by=Algebra(),
        mutated=(Mutation("wrong sign", claim=lambda v: {"": eq(v.moved, v.tau * v.N)}),),
    ),
)

WORDS: Words = {
    (
        "offset",
        lemma,
        "*",
    ): "by the method: the definitions of d, γ and q"
    for lemma in ("offset.first", "offset.step", "offset.advance")
}

THEOREM = theorem(
    STATEMENT,
    lemmas=tuple(lemma.name for lemma in LEMMAS),
    concludes={
        "first": Concluded("offset.first", lambda s, w: {w.q: s.at_first}),
        "later": Concluded("offset.step", lambda s, w: {w.q: s.before, w.q_next: s.after}),
        "along": Concluded("offset.advance"),
    },
    claims=("landing",),
    assembly="The new gradient enters <d_{k+1}, x^{k+1}> and γ_{k+1} with the same product.",
    kernel=("fejer_any.offset_any", "fejer_any.offset_any_run"),
)

THEOREMS = (THEOREM,)
