"""A floor under the gradient's norm: safeguarded SPS."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Floored:
    """``τ = min{α/ρ, gap / max{||d||², M²}}`` (after arXiv 2512.02342; squares not confirmed).

    Attributes
    ----------
    floor
        ``M > 0``.
    """

    floor: float

    def __call__(
        self, cap: Tensor, adaptive: Tensor, dual_norm_sq: Tensor, memory: Tensor, steps: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return τ, and keep nothing."""
        part = dual_norm_sq / dual_norm_sq.clamp(min=self.floor**2)
        return torch.minimum(cap, adaptive * part), memory
