# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Adam's preconditioner (paper, MoMo-Adam; Kingma and Ba 2015), and what others have of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim.preconditioners.base import Memory, Rate, Shape


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
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Average ``g∘g`` into v."""
        return (average_square_(memory[0], grad, keep, new),)

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``d / (ε + sqrt(v/(1-β2^k)))``."""
        return over_root(d, memory[0], self.eps, weight)


@dataclass(frozen=True)
class AdamFromFirst:
    """``D_k = diag(ε + sqrt(v_k))``, ``v_1 = g_1∘g_1``, ``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k``.

    An average that starts at the first sample needs no correction (Crawshaw et al. 2025, arXiv
    2510.09827). k counts the gradients that the parameter has had.

    Attributes
    ----------
    decay
        β2. The weight of the memory is another: k.
    eps
        ε.
    """

    decay: float
    eps: float
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False
    beta2: ClassVar[None] = None

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep v."""
        return {"grad_sq_avg": shape}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Average ``g∘g`` into v; the first one takes its place."""
        later = 1 - self.decay
        if isinstance(weight, Tensor):
            rate: Rate = new * torch.full_like(weight, later).masked_fill_(weight <= 1, 1.0)
        else:
            rate = new * (1.0 if weight <= 1 else later)
        return (memory[0].lerp_(grad * grad, rate),)

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``d / (ε + sqrt(v))``."""
        return over_root(d, memory[0], self.eps)


def average_square_(v: Tensor, sample: Tensor, keep: Rate, new: Rate) -> Tensor:
    """Do ``v ← keep v + new s∘s``, and return v; ``lerp_`` would lose digits of a small β2."""
    if isinstance(new, Tensor):
        return v.mul_(keep).addcmul_(sample, sample * new)
    return v.mul_(tensor(keep, v.dtype, v.device)).addcmul_(sample, sample, value=new)


def over_root(d: Tensor, v: Tensor, eps: float, weight: Any = None) -> Tensor:
    """Return ``d / (ε + sqrt(v/w))``, a new tensor; w is the total weight of v. None: 1."""
    diagonal = v.sqrt()
    if weight is None:
        diagonal.add_(eps)
    elif isinstance(weight, Tensor):
        diagonal.mul_(weight.rsqrt()).add_(eps)
    else:  # in one operation, to which a number costs no tensor
        scale = weight**-0.5
        torch.add(tensor(eps, v.dtype, v.device), diagonal, alpha=scale, out=diagonal)
    return torch.div(d, diagonal, out=diagonal)


@lru_cache(maxsize=64)
def tensor(value: float, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return a number as a 0-dim tensor, the same for all that want it.

    A Python number would be made one in every operation, which takes longer than the operation.
    """
    return torch.tensor(value, dtype=dtype, device=device)
