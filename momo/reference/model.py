# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The truncated momentum model as a function of x, and what a step minimises (paper, Lemma 3.1).

Symbols: f̄ `loss_avg`, d `grad_avg`, γ `inner_avg`, ρ `weight`, f_* `lower_bound`, α `lr`,
λ `weight_decay`, D `metric`. Vectors have shape (..., n); everything else has shape (...).
"""

from __future__ import annotations

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


def linear_value(model: MomentumModel, x: Array) -> Array:
    """Return ``f̄_k + <d_k, x> - γ_k``; at ``x = x^k`` this is h_k (paper, the model)."""
    return model.loss_avg + (inner(model.grad_avg, x) - model.inner_avg)


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
