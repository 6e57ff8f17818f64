"""RMSProp's preconditioner (Tieleman and Hinton 2012, lecture 6.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from momo.optim.blocks import Block
from momo.optim.preconditioners.base import Shape
from momo.optim.preconditioners.diagonal import average_square_, over_root


@dataclass(frozen=True)
class RmsPropDiagonal:
    """``D_k = diag(ε + sqrt(v_k))``, ``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k`` from ``v_0 = 0``.

    Adam's without bias correction, as ``torch.optim.RMSprop``, whose defaults these are.
    """

    decay: float = 0.99
    eps: float = 1e-8
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep v."""
        return {"grad_sq_avg": shape}

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Average ``g∘g`` into v."""
        block.store_memory(0, average_square_(block.memory(0), grad, self.decay, ok))

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``d / (ε + sqrt(v))``."""
        return over_root(grad_avg, block.memory(0), self.eps)
