"""The uniform average of all samples (derived here as a model)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from momo.optim.averaging.base import Decays


@dataclass(frozen=True)
class Uniform:
    """``a_k = (1/k) Σ_j s_j``, ``ρ_k = 1``; β is not used."""

    two_rate: ClassVar[bool] = False

    def decays(self, beta: float, weight: Tensor, steps: Tensor) -> Decays:
        """Return ``(k-1)/k``."""
        past = steps.to(weight.dtype)
        decay = past / (past + 1)
        return Decays(decay, decay)


UNIFORM = Uniform()
