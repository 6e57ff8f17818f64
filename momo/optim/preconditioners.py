"""Preconditioners D_k: each gives the direction ``D^{-1} d``, and the dual norm is its ``<d, .>``.

So norm and direction cannot disagree. A new one is one frozen dataclass with these members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import torch
from torch import Tensor

from momo.optim.blocks import Block


class Preconditioner(Protocol):
    """A rule that turns the gradients seen so far into a positive definite D_k."""

    memory: ClassVar[tuple[str, ...]]
    """The names, in the optimizer's state, of what it keeps in the shape of the parameter.

    Its dtype is the parameter's, but 32 bits at least.
    """

    @property
    def decay(self) -> float | None:
        """The β of that memory, whose total weight is kept beside it; None: nothing is kept."""

    def update_(self, block: Block, grad: Tensor, ok: Tensor | None) -> None:
        """Take in a gradient; where ``ok`` is false, change nothing."""

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``D^{-1} d``, for the d of the block: a new tensor, or d itself."""


@dataclass(frozen=True)
class Identity:
    """``D = I``: MoMo, SGD-M."""

    memory: ClassVar[tuple[str, ...]] = ()
    decay: ClassVar[None] = None

    def update_(self, block: Block, grad: Tensor, ok: Tensor | None) -> None:
        """Keep nothing."""

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return d."""
        return grad_avg


@dataclass(frozen=True)
class AdamDiagonal:
    """``D_k = diag(ε + sqrt(v_k / (1 - β2^k)))``, ``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k`` (paper).

    k counts the gradients that the parameter has had, as in Adam; ``1 - β2^k`` is kept as the
    total weight of v.
    """

    decay: float
    eps: float
    memory: ClassVar[tuple[str, ...]] = ("grad_sq_avg",)

    def update_(self, block: Block, grad: Tensor, ok: Tensor | None) -> None:
        """Average ``g∘g`` into v."""
        v = block.memory(0)
        if ok is None:
            v = v.mul_(self.decay).addcmul_(grad, grad, value=1 - self.decay)
        else:
            new = self.decay * v + (1 - self.decay) * (grad * grad)
            v = v.copy_(torch.where(ok, new, v))
        block.store_memory(0, v)

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``d / (ε + sqrt(v/(1-β2^k)))``."""
        root = block.memory(0).sqrt()
        # Before the first gradient weight and v are 0; the clamp makes that D = ε, not 0/0.
        weight = block.weight().clamp(min=torch.finfo(root.dtype).tiny)
        diagonal = root.mul_(weight.rsqrt()).add_(self.eps)
        return torch.div(grad_avg, diagonal, out=diagonal)
