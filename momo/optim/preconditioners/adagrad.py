"""AdaGrad's preconditioner (Duchi, Hazan and Singer 2011, diagonal form)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.blocks import Block
from momo.optim.preconditioners.base import Shape
from momo.optim.preconditioners.diagonal import over_root


@dataclass(frozen=True)
class AdaGradDiagonal:
    """``D_k = diag(ε + sqrt(Σ_{j<=k} g_j∘g_j))``: never decreasing.

    ε is 1e-10 in ``torch.optim.Adagrad``, which this is without decay of the rate and with an
    empty start.
    """

    eps: float = 1e-10
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False
    decay: ClassVar[None] = None

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep the sum of squares."""
        return {"grad_sq_sum": shape}

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Add ``g∘g``."""
        total = block.memory(0)
        if ok is None:
            total.addcmul_(grad, grad)
        else:
            total.copy_(torch.where(ok, total + grad * grad, total))
        block.store_memory(0, total)

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``d / (ε + sqrt(Σ g∘g))``."""
        return over_root(grad_avg, block.memory(0), self.eps)
