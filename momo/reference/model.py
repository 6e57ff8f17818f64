"""The truncated momentum model and its proximal step (paper, Lemma 3.1).

Symbols: f̄ `loss_avg`, d `grad_avg`, γ `inner_avg`, ρ `weight`, f_* `lower_bound`, α `lr`,
λ `weight_decay`, D `metric`. Vectors have shape (..., n); everything else has shape (...).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array
from momo.reference.preconditioners.base import Metric, inner


@dataclass(frozen=True)
class MomentumModel:
    """The averaged linearisation: four numbers and vectors that sum up all samples seen.

    Attributes
    ----------
    loss_avg
        ``f̄_k = Σ_j ρ_{j,k} f_j``, shape (...).
    grad_avg
        ``d_k = Σ_j ρ_{j,k} g_j``, shape (..., n).
    inner_avg
        ``γ_k = Σ_j ρ_{j,k} <g_j, x^j>``, shape (...).
    weight
        ``ρ_k = Σ_j ρ_{j,k}``, shape (...).
    """

    loss_avg: Array
    grad_avg: Array
    inner_avg: Array
    weight: Array


def offset(model: MomentumModel, x: Array) -> Array:
    """Return ``q_k = <d_k, x^k> - γ_k``, so that ``h_k = f̄_k + q_k``."""
    return inner(model.grad_avg, x) - model.inner_avg


def linear_value(model: MomentumModel, x: Array) -> Array:
    """Return ``f̄_k + <d_k, x> - γ_k``; at ``x = x^k`` this is h_k (paper, the model)."""
    return model.loss_avg + offset(model, x)


def truncated_value(model: MomentumModel, x: Array, lower_bound: Array) -> Array:
    """Return ``max{ρ_k^{-1}(f̄_k + <d_k, x> - γ_k), f_*}``, the model of f at x (paper)."""
    return np.maximum(linear_value(model, x) / model.weight, lower_bound)


def proximal_objective(
    model: MomentumModel,
    y: Array,
    x: Array,
    lower_bound: Array,
    lr: Array,
    weight_decay: Array,
    metric: Metric,
) -> Array:
    """Return what the step minimises over y: the truncated model, decay and proximal term.

    ``max{ρ^{-1}(f̄ + <d,y> - γ), f_*} + (λ/2)||y||²_D + (1/(2α))||y - x||²_D``
    (the problem of the paper's Lemma 3.1).
    """
    decay = weight_decay / 2 * metric.norm_sq(y)
    proximal = metric.norm_sq(y - x) / (2 * lr)
    return truncated_value(model, y, lower_bound) + decay + proximal


def decayed_value(model: MomentumModel, x: Array, lr: Array, weight_decay: Array) -> Array:
    """Return ``f̄_k - γ_k + <d_k, x^k>/(1+αλ)``: the linearisation where decay alone would lead.

    Times ``1+αλ`` this is the paper's ``c_k = (1+αλ)(f̄_k - γ_k) + <d_k, x^k>``; without decay
    it is h_k.
    """
    return (
        model.loss_avg
        - model.inner_avg
        + inner(model.grad_avg, x) / (1 + shrink_rate(lr, weight_decay))
    )


def shrink_rate(lr: Array, weight_decay: Array) -> Array:
    """Return ``αλ``, and 0 without decay also where α is infinite."""
    out = np.zeros(_shape(lr, weight_decay))
    return np.multiply(lr, weight_decay, where=weight_decay > 0, out=out)


def _shape(*arrays: Array) -> tuple[int, ...]:
    return np.broadcast_shapes(*(array.shape for array in arrays))


def adaptive_term(gap: Array, dual_norm_sq: Array, rate: Array) -> Array:
    """Return ζ_k, the step that takes the model down to the bound (paper, equation 15).

    ``ζ_k = ((1+αλ)(f̄_k - γ_k - ρ_k f_*) + <d_k, x^k>)_+ / ||d_k||²_{D^{-1}}``, and 0 where
    ``d_k = 0``: the model is constant there, and no step lowers it.

    Parameters
    ----------
    gap
        ``f̄_k - γ_k + <d_k, x^k>/(1+αλ) - ρ_k f_*``, see `decayed_value`; the positive part is
        taken here.
    dual_norm_sq
        ``||d_k||²_{D^{-1}}``.
    rate
        αλ, as far as it is part of the model.
    """
    return safe_divide((1 + rate) * np.maximum(gap, 0), dual_norm_sq)


def safe_divide(numerator: Array, denominator: Array) -> Array:
    """Return the quotient, and 0 where the denominator is 0.

    A subnormal denominator, the square of something below 1e-154, counts as 0: it has lost its
    digits, and the quotient would be noise. One beyond the largest number is inf, quietly: a cap
    takes its place.
    """
    out = np.zeros(_shape(numerator, denominator))
    with np.errstate(over="ignore"):
        return np.divide(numerator, denominator, where=denominator >= np.finfo(float).tiny, out=out)


def proximal_step(
    x: Array, direction: Array, step_size: Array, lr: Array, weight_decay: Array
) -> Array:
    """Return ``x^{k+1} = (x^k - τ_k D^{-1} d_k) / (1 + αλ)`` (paper, equation 16)."""
    moved = x - step_size[..., None] * direction
    return moved / (1 + shrink_rate(lr, weight_decay))[..., None]


def decoupled_step(
    x: Array, direction: Array, step_size: Array, lr: Array, weight_decay: Array
) -> Array:
    """Return ``x^{k+1} = (1 - αλ) x^k - τ_k D^{-1} d_k``: decay outside the model, as in AdamW.

    Capped it is AdamW's step.
    """
    decayed = (1 - shrink_rate(lr, weight_decay))[..., None] * x
    return decayed - step_size[..., None] * direction


@dataclass(frozen=True)
class Decay:
    """How the weight decay enters.

    Attributes
    ----------
    in_model
        Whether λ is part of the problem that gives τ_k; if not, τ_k is computed with λ = 0.
    move
        ``(x, direction, τ, α, λ) -> x^{k+1}``.
    """

    in_model: bool
    move: Callable[[Array, Array, Array, Array, Array], Array]

    def rate_in_model(self, weight_decay: Array) -> Array:
        """Return the λ that the model sees."""
        return weight_decay if self.in_model else np.zeros_like(weight_decay)


PROXIMAL = Decay(True, proximal_step)
"""The paper's: the decay is a term of the proximal problem."""
DECOUPLED = Decay(False, decoupled_step)
"""The model knows nothing of the decay (derived here)."""
APPROXIMATE = Decay(True, decoupled_step)
"""τ_k of the proximal problem, decay as in AdamW: the published package's ``divide=False``."""


def next_offset(previous: Array, grad_avg: Array, x: Array, x_next: Array, beta: Array) -> Array:
    """Return ``q_{k+1} = β(q_k + <d_k, x^{k+1} - x^k>)`` (derived here).

    It needs no γ and loses no digits to cancellation, but it holds only for the exponential
    averages and while nothing else moves x between the steps.
    """
    return beta * (previous + inner(grad_avg, x_next - x))
