"""The scalars of a step, as 0-dim tensors; names and symbols as in `momo.reference.model`.

Symbols: f̄ `loss_avg`, d `grad_avg`, γ `inner_avg`, ρ `weight`, f_* `lower_bound`, α `lr`,
λ `weight_decay`. Nothing here reads a tensor's value, so nothing waits for a device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Scalar = float | Tensor
"""A hyper-parameter: a number, or a tensor of one element."""


def offset(before: Tensor, inner_avg: Tensor, shift: Tensor, beta: Tensor) -> Tensor:
    """Return ``q_k = <d_k, z^k> - γ_k``, ``β (<d_{k-1}, z^k> - γ_{k-1}) + (1-β) <g_k, z^k - x^k>``.

    Derived here. Where z is x the new sample adds ``(1-β) <g_k, x^k>`` to both terms, so it
    cancels. In this form q_k, and with it h_k, is free of the rounding of d_k, provided that γ_k is
    then stored as ``<d_k, z^k> - q_k`` with the d_k that is stored; and it stays right when
    something else moves x between the steps.

    Parameters
    ----------
    before
        ``<d_{k-1}, z^k>``.
    shift
        ``<g_k, z^k - x^k>``.
    """
    return beta * (before - inner_avg) + (1 - beta) * shift


def decayed_value(value: Tensor, products: Sequence[Tensor], rates: Sequence[Scalar]) -> Tensor:
    """Return ``f̄ - γ + Σ_g <d_g, x_g>/(1+α_gλ_g)``: the linearisation where decay alone would lead.

    Written as ``h - Σ_g <d_g, x_g> α_gλ_g/(1+α_gλ_g)``: without decay it is h itself.

    Parameters
    ----------
    value
        h_k.
    products, rates
        ``<d_g, x_g>`` and ``α_gλ_g``, by group.
    """
    for product, rate in zip(products, rates, strict=True):
        if not is_zero(rate):
            value = value - product * (rate / (1 + rate))
    return value


def adaptive_term(gap: Tensor, dual_norm_sq: Tensor, tiny: float) -> Tensor:
    """Return ``ζ_k = (gap)_+ / ||d_k||²_{D^{-1}}``, and 0 where ``d_k = 0`` (paper, equation 15).

    Parameters
    ----------
    gap
        ``f̄ - γ - ρ f_* + Σ_g <d_g,x_g>/(1+α_gλ_g)``.
    dual_norm_sq
        ``Σ_g r_g ||d_g||²/(1+α_gλ_g)``, r_g the group's learning rate over the largest. One group:
        ``||d||²/(1+αλ)``, and the quotient is the paper's ζ.
    tiny
        What lies below it counts as 0: squares that small have lost their digits.
    """
    above = torch.clamp(gap, min=0.0)
    return torch.where(dual_norm_sq >= tiny, above / dual_norm_sq, 0.0)


def shrink_rate(lr: Scalar, weight_decay: Scalar) -> Scalar:
    """Return ``αλ``, and 0 without decay also where α is infinite."""
    return 0.0 if is_zero(weight_decay) else lr * weight_decay


def is_zero(value: Scalar) -> bool:
    """Return whether a hyper-parameter is known to be 0 without reading a tensor."""
    return not isinstance(value, Tensor) and value == 0


def like(value: Scalar, x: Tensor) -> Scalar:
    """Return a tensor in the dtype and on the device of x; a number as it is."""
    return value.to(x.device, x.dtype) if isinstance(value, Tensor) else value


def proximal_step_(x: Tensor, direction: Tensor, step_size: Tensor, rate: Scalar) -> None:
    """Do ``x ← (x - τ D^{-1} d) / (1 + αλ)`` in place (paper, equation 16).

    ``step_size`` is a 0-dim tensor of x's dtype; ``rate`` is αλ, a tensor of any.
    """
    x.addcmul_(direction, step_size, value=-1)
    if not is_zero(rate):
        x.div_(like(1 + rate, x))


def decoupled_step_(x: Tensor, direction: Tensor, step_size: Tensor, rate: Scalar) -> None:
    """Do ``x ← (1 - αλ) x - τ D^{-1} d`` in place: decay as in AdamW."""
    if not is_zero(rate):
        x.mul_(like(1 - rate, x))
    x.addcmul_(direction, step_size, value=-1)


@dataclass(frozen=True)
class Decay:
    """How the weight decay enters; see `momo.reference.model.Decay`.

    Attributes
    ----------
    in_model
        Whether λ is part of the problem that gives τ_k.
    decoupled
        Whether the point alone is decayed, as in AdamW, instead of point and step.
    """

    in_model: bool
    decoupled: bool

    def move_(self, x: Tensor, direction: Tensor, step_size: Tensor, rate: Scalar) -> None:
        """Do the step in place."""
        move = decoupled_step_ if self.decoupled else proximal_step_
        move(x, direction, step_size, rate)


PROXIMAL = Decay(in_model=True, decoupled=False)
"""The paper's: the decay is a term of the proximal problem."""
DECOUPLED = Decay(in_model=False, decoupled=True)
"""The model knows nothing of the decay (derived here)."""
APPROXIMATE = Decay(in_model=True, decoupled=True)
"""τ_k of the proximal problem, decay as in AdamW: the published package's ``divide=False``."""
