"""The paper's rule."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Truncation:
    """``τ_k = min{α/ρ_k, ζ_k}`` (paper, equation 15)."""

    def __call__(
        self, cap: Tensor, adaptive: Tensor, dual_norm_sq: Tensor, memory: Tensor, steps: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return τ, and keep nothing."""
        return torch.minimum(cap, adaptive), memory


TRUNCATION = Truncation()
