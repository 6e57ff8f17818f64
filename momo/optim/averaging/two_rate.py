"""Two rates: the newest sample weighs more in the model than in what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.averaging.base import Decays


@dataclass(frozen=True)
class LionAverage:
    """Lion's (arXiv 2302.06675, algorithm 2): ``β m_{k-1} + (1-β) s_k``, m with β2 from zero.

    ``ρ_k = β (1 - β2^{k-1}) + (1-β)`` (derived here as a model).

    Attributes
    ----------
    beta2
        β2 in [0, 1).
    """

    beta2: float = 0.99
    two_rate: ClassVar[bool] = True

    def decays(self, beta: float, weight: Tensor, steps: Tensor) -> Decays:
        """Return β and β2."""
        return Decays(torch.full_like(weight, beta), torch.full_like(weight, self.beta2))
