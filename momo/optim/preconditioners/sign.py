"""The ℓ∞ norm: the direction is the sign (Signum, Bernstein et al. 2018; Lion, Chen et al. 2023).

See `momo.reference.preconditioners.sign`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from momo.optim.blocks import Block
from momo.optim.preconditioners.base import Shape


@dataclass(frozen=True)
class Sign:
    """``||x|| = max_i |x_i|``, so ``u(d) = sign(d)`` and ``<d, u(d)> = Σ_i |d_i|``."""

    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = True
    decay: ClassVar[None] = None

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep nothing."""
        return {}

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Keep nothing."""

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``sign(d)``, 0 where d is."""
        return grad_avg.sign()
