"""Exponential averages (paper, arXiv 2305.07583)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.averaging.base import Decays


@dataclass(frozen=True)
class FromFirst:
    """The average starts at the first sample: ``a_1 = s_1``, ``ρ_k = 1`` (MoMo)."""

    two_rate: ClassVar[bool] = False

    def decays(self, beta: float, weight: Tensor, steps: Tensor) -> Decays:
        """Return 0 at the first sample, then β."""
        decay = torch.where(weight > 0, beta, torch.zeros_like(weight))
        return Decays(decay, decay)


@dataclass(frozen=True)
class FromZero:
    """The average starts at zero: ``ρ_k = 1 - β^k`` (bias correction, MoMo-Adam)."""

    two_rate: ClassVar[bool] = False

    def decays(self, beta: float, weight: Tensor, steps: Tensor) -> Decays:
        """Return β."""
        decay = torch.full_like(weight, beta)
        return Decays(decay, decay)


FROM_FIRST, FROM_ZERO = FromFirst(), FromZero()
