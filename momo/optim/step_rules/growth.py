"""A limit on the growth of the step from one step to the next."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class GrowthLimited:
    """``τ_k = min{α/ρ, ζ_k, growth · τ_{k-1}}`` (Loizou et al. 2021, arXiv 2002.10542, section 4).

    See `momo.reference.step_rules.growth`.

    Attributes
    ----------
    growth
        At least 1.
    """

    growth: float

    def __call__(
        self, cap: Tensor, adaptive: Tensor, dual_norm_sq: Tensor, memory: Tensor, steps: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return τ_k, and keep the last one above 0."""
        limit = torch.where(memory > 0, self.growth * memory, torch.inf)
        tau = torch.minimum(torch.minimum(cap, adaptive), limit)
        return tau, torch.where(tau > 0, tau, memory)
