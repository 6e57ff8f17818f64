# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Directions that are momentum, for methods without a model: they are no metric.

The step of such a method is always capped (`momo.core.parts.CAPPED`), so that nothing depends on
``<d, direction>``, which may be negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim.preconditioners.base import Memory, Rate, Shape


@dataclass(frozen=True)
class AdaptiveHeavyBall:
    """``m_k = β_k m_{k-1} + (1-β_k) g_k`` in the place of d, one β_k for the whole parameter.

    ``β_k = min{((1-r)/(1+r))², 1-δ}``, ``r = ||g_k - g_{k-1}|| / ||m_{k-1}||``; see
    `momo.reference.preconditioners.heavy_ball`. Where m_{k-1} is 0, as at the first gradient,
    ``β_k = 0``.

    Attributes
    ----------
    delta
        δ in (0, 1].
    """

    delta: float = 1e-3
    elementwise: ClassVar[bool] = False
    dear: ClassVar[bool] = False
    unit: ClassVar[bool] = False
    beta2: ClassVar[None] = None

    def seen(self, shape: Shape) -> Shape:
        """See the numbers of a parameter in a row."""
        return (prod(shape),)

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep m and the gradient before."""
        return {"heavy_ball": (prod(shape),), "grad_before": (prod(shape),)}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Return m_k and g_k: new tensors, so that nothing has changed where the step does not."""
        m, before = memory
        length = torch.linalg.vector_norm(m, dim=-1, keepdim=True)
        change = torch.linalg.vector_norm(grad - before, dim=-1, keepdim=True)
        # ((1-r)/(1+r))² without the quotient r
        beta = ((length - change) / (length + change)).square_().clamp_(max=1 - self.delta)
        beta = torch.where(length > 0, beta, 0.0)
        return beta * m + (1 - beta) * grad, grad.clone()

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return m."""
        return memory[0].clone()


@dataclass(frozen=True)
class Displacement:
    """``Δ_k = κ_k (Δ_{k-1} - α_k g_k)``, ``κ_k = β/(1 + α_k μ)``; the direction is ``-Δ_k/α_k``.

    So ``x + Δ_k`` is a step of size α_k; see `momo.reference.preconditioners.heavy_ball`. Where α_k
    is 0 nothing moves.

    Attributes
    ----------
    beta
        β in [0, 1).
    mu
        ``μ >= 0``.
    """

    beta: float = 0.99
    mu: float = 100.0
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False
    beta2: ClassVar[None] = None
    sees: ClassVar[tuple[str, ...]] = ("lr",)
    takes: ClassVar[tuple[str, ...]] = ("lr",)

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep Δ."""
        return {"displacement": shape}

    def update(
        self,
        memory: Memory,
        grad: Tensor,
        d: Tensor,
        keep: Rate,
        new: Rate,
        weight: Any,
        lr: Rate = 1.0,
    ) -> Memory:
        """Return Δ_k: a new tensor, so that nothing has changed where the step does not."""
        kappa = self.beta / (1 + lr * self.mu)
        return (kappa * (memory[0] - lr * grad),)

    def direction(self, d: Tensor, memory: Memory, weight: Any, lr: Rate = 1.0) -> Tensor:
        """Return ``-Δ/α``, and 0 where α is 0."""
        if isinstance(lr, Tensor):
            return memory[0] * torch.where(lr > 0, -1 / lr, 0.0)
        return memory[0] * (-1 / lr if lr > 0 else 0.0)
