"""Special cases: β = 0 is ProxSPS, a capped step is SGD-M's, a capped MoMo-Adam step is Adam's.

Equations between vectors are proven coordinate by coordinate: the scalars are one coordinate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    Algebra,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    Theorem,
    conclusion,
    lemma,
)
from theory.proofs.hypotheses import assumed, case, definition
from theory.proofs.replay import identity, made, metric, step_from, step_with
from theory.proofs.scalars import Relation, eq, ge, gt, le, minimum, unit

BUFFER = Invariant("d buffer", lambda v: {"d_k is the momentum buffer": eq(v.d, v.buffer)})
WEIGHT = Invariant("beta rho power", lambda v: {"ρ_k = 1 - β^k": eq(v.rho, 1 - v.power)})
BINDS = case("the cap binds: α ≤ ζ")


def measure_average(v: Any) -> Mapping[str, float]:
    """Take a step with one-dimensional averages, and measure d_k and h_k."""
    d, grad = np.array([v.d]), np.array([v.grad])
    at = v.model if "model" in v.names else 1.0
    loss = v.f if "f" in v.names else 1.0
    taken = step_from(made(v.beta, identity(1), 0.0), np.zeros(1), d, at, loss, grad)
    found = {"d_next": float(taken.state.grad_avg[0]), "h_next": float(taken.info.value)}
    return {name: value for name, value in found.items() if name in v.names}


def measure_point(v: Any) -> Mapping[str, float]:
    """Take a step in one dimension with the given α, λ and ζ, and measure where it ends."""
    d, x = np.array([v.d]), np.array([v.x])
    shrink = 1 + v.alpha * v.lam
    norm_sq = v.d**2
    gap = v.zeta * norm_sq / shrink  # ζ ||d||² = (1+αλ) gap
    value = gap + v.d * v.x - v.d * v.x / shrink
    how = made(0.5, identity(1), 0.0, lr=v.alpha, weight_decay=v.lam)
    # The model is the same whichever way it came about: the old average is d, too.
    taken = step_from(how, x, d, value, value, d)
    return {
        "tau": float(taken.info.step_size),
        "zeta": float(taken.info.adaptive),
        "x_next": float(taken.x_next[0]),
    }


def measure_adam(v: Any) -> Mapping[str, float]:
    """Take step 2 in one dimension from zero in a metric, far above the bound."""
    d, x = np.array([v.d, 0.0]), np.array([v.x, 0.0])
    how = made(v.beta, metric(2), -1e3, lr=v.alpha, from_zero=True)
    taken = step_with(how, x, d, 1.0)
    return {"tau": float(taken.info.step_size), "x_next": float(taken.x_next[0])}


def stepped(v: Any) -> Mapping[str, Relation]:
    """Say what one coordinate of a step is, with ρ = 1 and D = I."""
    return {
        assumed("positive_sizes", "α > 0"): gt(v.alpha, 0),
        case("ζ ≥ 0"): ge(v.zeta, 0),
        case("d ≠ 0"): gt(v.d * v.d, 0),
        assumed("no_decay", "λ = 0"): eq(v.lam, 0),
        **minimum(v.tau, "from closed_form.one_group: τ = min{α, ζ}", v.alpha, v.zeta),
        definition("x^{k+1} (1+αλ) = x^k - τ d"): eq(
            v.x_next * (1 + v.alpha * v.lam), v.x - v.tau * v.d
        ),
    }


LEMMAS = (
    lemma(
        "sps.model",
        "at β = 0: d_k = g_k and h_k = f_k",
        "beta d grad model f d_next h_next",
        lambda v: {
            assumed("no_momentum", "β = 0"): eq(v.beta, 0),
            definition("d_{k+1} = β d_k + (1-β) g_{k+1}"): eq(
                v.d_next, v.beta * v.d + (1 - v.beta) * v.grad
            ),
            definition("h_{k+1} = β m_k(x^{k+1}) + (1-β) f_{k+1}"): eq(
                v.h_next, v.beta * v.model + (1 - v.beta) * v.f
            ),
        },
        lambda v: {"d_k = g_k": eq(v.d_next, v.grad), "h_k = f_k": eq(v.h_next, v.f)},
        by=Algebra(),
        source="MoMo paper: MoMo at β = 0",
        mutated=(
            Mutation(
                "β need not be 0",
                drop=("β = 0",),
                real=lambda v: {**unit(v.beta, "β")},
                fixed={"beta": (1, 2)},
                replay=Reference(measure_average),
            ),
        ),
    ),
    lemma(
        "sps.step",
        "x^{k+1} = x^k - min{α, ζ} d_k, coordinate by coordinate",
        "alpha lam zeta tau d x x_next",
        stepped,
        lambda v: {
            "below α": le((v.x - v.x_next) * v.d, v.alpha * v.d * v.d),
            "below ζ": le((v.x - v.x_next) * v.d, v.zeta * v.d * v.d),
            "one of the two": eq(
                (v.x - v.x_next - v.alpha * v.d) * (v.x - v.x_next - v.zeta * v.d), 0
            ),
        },
        source="ProxSPS (Schaipp et al. 2023)",
        mutated=(
            Mutation(
                "λ need not be 0",
                drop=("λ = 0",),
                real=lambda v: {"λ": ge(v.lam, 1), "α": ge(v.alpha, 1), "d": ge(v.d, 1)},
                fixed={"alpha": 1, "lam": 1},
                replay=Reference(measure_point),
            ),
        ),
    ),
    BUFFER.base(
        "sgd_m.buffer_base",
        "the first buffer is g_1, as d_1 is",
        "grad",
        lambda v: {
            definition("d_1 = g_1"): eq(v.d, v.grad),
            definition("b_1 = g_1"): eq(v.buffer, v.grad),
        },
        by=Algebra(),
        source="MoMo paper: the capped step of MoMo",
        mutated=(Mutation("twice", claim=lambda v: {"": eq(v.d, 2 * v.buffer)}),),
    ),
    BUFFER.step(
        "sgd_m.buffer_step",
        "b_{k+1} = β b_k + (1-β) g_{k+1}: dampening = momentum",
        "beta grad d_next buffer_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("d_{k+1} = β d_k + (1-β) g_{k+1}"): eq(
                v.d_next, v.beta * v.d + (1 - v.beta) * v.grad
            ),
            definition("b_{k+1}"): eq(v.buffer_next, v.beta * v.buffer + (1 - v.beta) * v.grad),
        },
        by=Algebra(lambda v: {"induction: d_k is the momentum buffer": v.beta}),
        source="MoMo paper: the capped step of MoMo",
        mutated=(
            Mutation(
                "without dampening",
                claim=lambda v: {"": eq(v.d_next, v.beta * v.buffer + v.grad)},
                fixed={"beta": (1, 2)},
                replay=Reference(measure_average),
            ),
        ),
    ),
    lemma(
        "sgd_m.step",
        "x^{k+1} = x^k - α d_k where the cap binds",
        "alpha lam zeta tau d x x_next",
        lambda v: {**stepped(v), BINDS: le(v.alpha, v.zeta)},
        conclusion(lambda v: eq(v.x_next, v.x - v.alpha * v.d)),
        source="MoMo paper: the capped step of MoMo",
        mutated=(
            Mutation(
                "the cap need not bind",
                drop=(BINDS,),
                real=lambda v: {"d": ge(v.d, 1)},
                replay=Reference(measure_point),
            ),
        ),
    ),
    WEIGHT.base(
        "adam.weight_base",
        "ρ_0 = 0 = 1 - β^0",
        "",
        lambda v: {definition("ρ_0 = 0"): eq(v.rho, 0), definition("β^0 = 1"): eq(v.power, 1)},
        by=Algebra(),
        mutated=(Mutation("starts at 1", claim=lambda v: {"": eq(v.rho, 1)}),),
    ),
    WEIGHT.step(
        "adam.weight_step",
        "ρ_{k+1} = β ρ_k + (1-β) = 1 - β^{k+1}",
        "rho_next power_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("ρ_{k+1}"): eq(v.rho_next, v.beta * v.rho + 1 - v.beta),
            definition("β^{k+1}"): eq(v.power_next, v.beta * v.power),
        },
        by=Algebra(lambda v: {"induction: ρ_k = 1 - β^k": v.beta}),
        mutated=(
            Mutation(
                "stays",
                claim=lambda v: {"": eq(v.rho_next, 1 - v.power)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "adam.step",
        "x^{k+1} = x^k - α m̂_k/D_k with m̂_k = d_k/(1-β^k), where the cap α/ρ_k binds",
        "beta rho power alpha zeta tau d entry x x_next",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("positive_sizes", "α > 0"): gt(v.alpha, 0),
            case("ρ_k > 0"): gt(v.rho, 0),
            case("D_k > 0"): gt(v.entry, 0),
            "from adam.weight_step: ρ_k = 1 - β^k": eq(v.rho, 1 - v.power),
            case("the cap binds: α/ρ_k ≤ ζ"): le(v.alpha, v.zeta * v.rho),
            "from closed_form.one_group: τ ≤ α/ρ_k": le(v.tau * v.rho, v.alpha),
            "from closed_form.one_group: τ ≤ ζ": le(v.tau, v.zeta),
            "from closed_form.one_group: τ is one of the two": eq(
                (v.tau * v.rho - v.alpha) * (v.tau - v.zeta), 0
            ),
            definition("x^{k+1} = x^k - τ D^{-1} d"): eq(v.entry * (v.x - v.x_next), v.tau * v.d),
        },
        conclusion(lambda v: eq(v.entry * (v.x - v.x_next) * (1 - v.power), v.alpha * v.d)),
        source="MoMo paper: the capped step of MoMo-Adam",
        mutated=(
            Mutation(
                "without bias correction",
                claim=lambda v: {"": eq(v.entry * (v.x - v.x_next), v.alpha * v.d)},
                real=lambda v: {
                    "k = 2": eq(v.power, v.beta * v.beta),
                    "d": ge(v.d, 1),
                    "α": ge(v.alpha, 1),
                },
                fixed={"beta": (1, 2), "entry": (1, 2)},
                replay=Reference(measure_adam),
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("sps.step", "closed_form.one_group"): [lambda v, w: {w.rho: 1}],
    ("sgd_m.step", "closed_form.one_group"): [lambda v, w: {w.rho: 1}],
}

SPS = Theorem(
    name="sps",
    title="β = 0 is ProxSPS",
    statement="x^{k+1} = x^k - min{α, (f_k-f*)_+/||g_k||²} g_k at β = 0",
    source="MoMo paper: MoMo at β = 0; ProxSPS (Schaipp et al. 2023)",
    claims=("sps",),
    assumptions=("β = 0, λ = 0, D = I",),
    lemmas=("closed_form.one_group", "sps.model", "sps.step"),
    assembly="d_k and h_k are g_k and f_k, so ζ_k is Polyak's step.",
    kernel=("special_cases.sps",),
)

SGD_M = Theorem(
    name="sgd_m",
    title="capped MoMo is SGD-M",
    statement="x^{k+1} = x^k - α b_k with SGD's buffer b_k, dampening = momentum, where α ≤ ζ_k",
    source="MoMo paper: the capped step of MoMo",
    claims=("sgd_m",),
    assumptions=(
        "λ = 0, D = I; the average starts at the first sample",
        "f(·,s) and its gradient depend on the n coordinates of x only",
    ),
    lemmas=("closed_form.one_group", "sgd_m.buffer_base", "sgd_m.buffer_step", "sgd_m.step"),
    inductions=(Induction("k", ("sgd_m.buffer_base",), "sgd_m.buffer_step"),),
    assembly="The buffers agree by induction, and the step is α d_k.",
    kernel=("special_cases.sgd_m", "special_cases.capped_step"),
)

ADAM = Theorem(
    name="adam",
    title="capped MoMo-Adam is Adam",
    statement="x^{k+1} = x^k - α m̂_k/(ε + sqrt(v̂_k)) where the cap binds",
    source="MoMo paper: the capped step of MoMo-Adam",
    claims=("adam",),
    assumptions=(
        "λ = 0, ε > 0; D_k = diag(ε + sqrt(v̂_k)), Adam's v̂_k",
        "f(·,s) and its gradient depend on the n coordinates of x only",
    ),
    lemmas=("closed_form.one_group", "adam.weight_base", "adam.weight_step", "adam.step"),
    inductions=(Induction("k", ("adam.weight_base",), "adam.weight_step"),),
    assembly="ρ_k is Adam's bias correction, so (α/ρ_k) d_k = α m̂_k; v̂_k is the same.",
    kernel=("special_cases.adam",),
)

THEOREMS = (SPS, SGD_M, ADAM)
