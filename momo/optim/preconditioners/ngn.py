# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A step size of Gauss-Newton for each coordinate (NGN-D and NGN-MDv2, arXiv 2508.15071)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim.preconditioners.base import Memory, Rate, Shape


@dataclass(frozen=True)
class NgnDiagonal:
    """``D_j (1 + α g_j²/(2 gap))``: capped, a step of it is ``x_j - γ_j g_j/D_j``.

    ``γ_j = α/(1 + α g_j²/(2 gap))`` of ``gap = (f_k - ℓ_k)_+``, where d is g. It is 0 where the gap
    and g_j are. α is in the metric, so it is finite.

    Attributes
    ----------
    base
        The elementwise preconditioner whose D that is.
    """

    base: Any
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False
    sees: ClassVar[tuple[str, ...]] = ("gap", "lr")

    @property
    def beta2(self) -> float | None:
        """β2 of the base's memory."""
        beta2: float | None = self.base.beta2
        return beta2

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep what the base keeps."""
        names: dict[str, Shape] = self.base.memory(shape)
        return names

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Take the gradient into the base's memory."""
        updated: Memory = self.base.update(memory, grad, d, keep, new, weight)
        return updated

    def direction(self, d: Tensor, memory: Memory, weight: Any, *, gap: Any, lr: Any) -> Tensor:
        """Return ``D^{-1} d`` times ``gap/(gap + α d²/2)``."""
        whole = d.square().mul_(lr).mul_(0.5).add_(gap)
        # A gap of 0 makes no 0/0 but where d is 0, too.
        short = torch.where(whole > 0, gap / whole, 0.0)
        return short.mul_(self.base.direction(d, memory, weight))
