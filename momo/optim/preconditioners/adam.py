"""Adam's preconditioner (paper, MoMo-Adam; Kingma and Ba 2015)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from momo.optim.blocks import Block
from momo.optim.preconditioners.base import Shape
from momo.optim.preconditioners.diagonal import average_square_, over_root


@dataclass(frozen=True)
class AdamDiagonal:
    """``D_k = diag(ε + sqrt(v_k / (1 - β2^k)))``, ``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k`` (paper).

    k counts the gradients that the parameter has had, as in Adam; ``1 - β2^k`` is kept as the
    total weight of v.
    """

    decay: float
    eps: float
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep v."""
        return {"grad_sq_avg": shape}

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Average ``g∘g`` into v."""
        block.store_memory(0, average_square_(block.memory(0), grad, self.decay, ok))

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``d / (ε + sqrt(v/(1-β2^k)))``."""
        return over_root(grad_avg, block.memory(0), self.eps, block.weight())
