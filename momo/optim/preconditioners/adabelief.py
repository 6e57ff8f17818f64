"""AdaBelief's preconditioner (Zhuang et al. 2020, arXiv 2010.07468, algorithm 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from momo.optim.blocks import Block
from momo.optim.preconditioners.base import Shape
from momo.optim.preconditioners.diagonal import average_square_, over_root


@dataclass(frozen=True)
class AdaBeliefDiagonal:
    """``D_k = diag(ε + sqrt(s_k / (1 - β2^k)))``, the spread of the gradients about d.

    ``s_k = β2 s_{k-1} + (1-β2) (g_k - d_k)∘(g_k - d_k) + ε``, d_k as the model sees it. The ε
    within s adds up to ``ε/(1-β2)``: it is to be much smaller than Adam's.
    """

    decay: float = 0.999
    eps: float = 1e-16
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep s."""
        return {"surprise_sq_avg": shape}

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Average ``(g - d)∘(g - d)`` into s, and add ε."""
        s = average_square_(block.memory(0), grad - grad_avg, self.decay, ok)
        block.store_memory(0, s.add_(self.eps if ok is None else self.eps * ok.to(s.dtype)))

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``d / (ε + sqrt(s/(1-β2^k)))``."""
        return over_root(grad_avg, block.memory(0), self.eps, block.weight())
