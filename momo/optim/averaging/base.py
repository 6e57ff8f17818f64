"""Averages of losses and gradients, and their total weight ρ_k, as 0-dim tensors.

The weight is the average of ones, ``ρ_k = β ρ_{k-1} + (1-β)`` from ``ρ_0 = 0``: the sum of the
weights ρ_{j,k} also where β changes from step to step. With one β it is ``1 - β^k``.
"""

from __future__ import annotations

import torch
from torch import Tensor


def decay_of_first(beta: float, weight: Tensor) -> Tensor:
    """Return β_k of the average that starts at the first sample: 0 at that one, then β (MoMo).

    ``weight`` is ρ_{k-1}, which is 0 before the first sample.
    """
    return torch.where(weight > 0, beta, torch.zeros_like(weight))


def decay_from_zero(beta: float, weight: Tensor) -> Tensor:
    """Return β_k of the average that starts at zero: β always (bias correction, MoMo-Adam)."""
    return torch.full_like(weight, beta)


def average(previous: Tensor, sample: Tensor | float, beta: Tensor) -> Tensor:
    """Return ``β a_{k-1} + (1-β) s_k``."""
    return beta * previous + (1 - beta) * sample
