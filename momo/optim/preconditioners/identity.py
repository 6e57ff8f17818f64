"""No preconditioner: ``D = I`` (MoMo, SGD-M)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from momo.optim.blocks import Block
from momo.optim.preconditioners.base import Shape


@dataclass(frozen=True)
class Identity:
    """``D = I``: MoMo, SGD-M."""

    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False
    decay: ClassVar[None] = None

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep nothing."""
        return {}

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Keep nothing."""

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return d."""
        return grad_avg
