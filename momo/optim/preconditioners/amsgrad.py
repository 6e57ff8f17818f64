"""AMSGrad's preconditioner (Reddi, Kale and Kumar 2018, algorithm 2), with bias correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.blocks import Block
from momo.optim.preconditioners.base import Shape
from momo.optim.preconditioners.diagonal import average_square_, over_root


@dataclass(frozen=True)
class AmsGradDiagonal:
    """``D_k = diag(ε + sqrt(v̂_k / (1 - β2^k)))``, ``v̂_k = max(v̂_{k-1}, v_k)``, v_k Adam's.

    The maximum is of the v that are not corrected, as in ``torch.optim.Adam(amsgrad=True)``; the
    source has no correction.
    """

    decay: float
    eps: float
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep v and v̂."""
        return {"grad_sq_avg": shape, "grad_sq_avg_max": shape}

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Average ``g∘g`` into v, and v̂ up to it."""
        v = block.store_memory(0, average_square_(block.memory(0), grad, self.decay, ok))
        # Where ok is false v is what it was, at most v̂: nothing changes.
        largest = block.memory(1)
        block.store_memory(1, torch.maximum(largest, v, out=largest))

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``d / (ε + sqrt(v̂/(1-β2^k)))``."""
        return over_root(grad_avg, block.memory(1), self.eps, block.weight())
