"""What diagonal preconditioners share: the average of squares, and the division by its root."""

from __future__ import annotations

import torch
from torch import Tensor


def average_square_(v: Tensor, sample: Tensor, decay: float, ok: Tensor | None) -> Tensor:
    """Do ``v ← β2 v + (1-β2) s∘s`` where ``ok``, and return v."""
    if ok is None:
        return v.mul_(decay).addcmul_(sample, sample, value=1 - decay)
    new = decay * v + (1 - decay) * (sample * sample)
    return v.copy_(torch.where(ok, new, v))


def over_root(d: Tensor, v: Tensor, eps: float, weight: Tensor | None = None) -> Tensor:
    """Return ``d / (ε + sqrt(v/w))``, a new tensor; w is the total weight of v, by default 1."""
    diagonal = v.sqrt()
    if weight is not None:
        # Before the first gradient weight and v are 0; the clamp makes that D = ε, not 0/0.
        diagonal.mul_(weight.clamp(min=torch.finfo(v.dtype).tiny).rsqrt())
    return torch.div(d, diagonal.add_(eps), out=diagonal)
