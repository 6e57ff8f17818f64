"""NGN's rule: the harmonic mean in the place of the minimum."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Harmonic:
    """``τ = 1 / (1/cap + 1/(2ζ))`` (Orvieto and Xiao 2024, arXiv 2407.04358).

    See `momo.reference.step_rules.harmonic`.
    """

    def __call__(
        self, cap: Tensor, adaptive: Tensor, dual_norm_sq: Tensor, memory: Tensor, steps: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return τ, and keep nothing."""
        twice = 2 * adaptive
        uncapped = torch.isinf(cap)
        finite = torch.where(uncapped, 1.0, cap)
        total = twice + finite
        # A learning rate of 0, and a gap of 0, make no step.
        mean = torch.where(total > 0, finite * (twice / total), 0.0)
        mean = torch.where(torch.isinf(twice), finite, mean)
        return torch.where(uncapped, twice, mean), memory


HARMONIC = Harmonic()
