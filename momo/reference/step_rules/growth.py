"""A limit on the growth of the step from one step to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array
from momo.reference.step_rules.base import Memory


@dataclass(frozen=True)
class GrowthLimited:
    """``τ_k = min{α/ρ, ζ_k, growth · τ_{k-1}}`` (Loizou et al. 2021, arXiv 2002.10542, section 4).

    There the limit takes the place of the cap, as ``2^{b/n} τ_{k-1}`` for batches of b out of n
    samples. A step of 0 is not remembered: no later one could leave it (derived here).

    Attributes
    ----------
    growth
        At least 1.
    """

    growth: float

    def __call__(
        self, cap: Array, adaptive: Array, dual_norm_sq: Array, memory: Memory, step: int
    ) -> tuple[Array, Memory]:
        """Return τ_k, and keep the last one above 0."""
        last = np.full_like(adaptive, np.inf) if memory is None else memory
        tau = np.minimum(np.minimum(cap, adaptive), self.growth * last)
        return tau, np.where(tau > 0, tau, last)
