"""Adam's preconditioner (paper, MoMo-Adam; Kingma and Ba 2015), and what others have of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim.preconditioners.base import Memory, Shape, Share


@dataclass(frozen=True)
class AdamDiagonal:
    """``D_k = diag(ε + sqrt(v_k / (1 - β2^k)))``, ``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k`` (paper).

    k counts the gradients that the parameter has had, as in Adam; ``1 - β2^k`` is kept as the
    total weight of v.
    """

    beta2: float
    eps: float
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep v."""
        return {"grad_sq_avg": shape}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Share, new: Share, weight: Any
    ) -> Memory:
        """Average ``g∘g`` into v."""
        return (add_square_(memory[0], grad, keep, new),)

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``d / (ε + sqrt(v/(1-β2^k)))``."""
        return over_root(d, memory[0], self.eps, weight)


def add_square_(v: Tensor, sample: Tensor, keep: Share, new: Share) -> Tensor:
    """Do ``v ← keep v + new s∘s``, and return v."""
    if isinstance(new, Tensor):
        return v.mul_(keep).addcmul_(sample, sample * new)
    return v.mul_(keep).addcmul_(sample, sample, value=new)


def over_root(d: Tensor, v: Tensor, eps: float, weight: Any = 1.0) -> Tensor:
    """Return ``d / (ε + sqrt(v/w))``, a new tensor; w is the total weight of v."""
    diagonal = v.sqrt().mul_(weight**-0.5).add_(eps)
    return torch.div(d, diagonal, out=diagonal)
