"""A floor under the gradient's norm: safeguarded SPS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array
from momo.reference.model import safe_divide
from momo.reference.step_rules.base import Memory


@dataclass(frozen=True)
class Floored:
    """``τ = min{α/ρ, gap / max{||d||², M²}}``: no long step where the gradient happens to be short.

    After the safeguarded stochastic Polyak steps of Oikonomou and Loizou (arXiv 2512.02342); that
    the maximum there is of the squares could not be confirmed.

    Attributes
    ----------
    floor
        ``M > 0``.
    """

    floor: float

    def __call__(
        self, cap: Array, adaptive: Array, dual_norm_sq: Array, memory: Memory, step: int
    ) -> tuple[Array, Memory]:
        """Return τ, and keep nothing."""
        part = safe_divide(dual_norm_sq, np.maximum(dual_norm_sq, self.floor**2))
        return np.minimum(cap, adaptive * part), None
