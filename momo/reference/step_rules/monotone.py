"""DecSPS: steps that decrease."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array
from momo.reference.step_rules.base import Memory


@dataclass(frozen=True)
class Monotone:
    """``τ_k = (1/c_k) min{ζ_k, c_{k-1} τ_{k-1}}``, ``c_k = c sqrt(k)``, within the cap.

    DecSPS (Orvieto, Lacoste-Julien and Loizou 2022, arXiv 2205.04583): with lower bounds in the
    place of the unknown minima it still converges to the solution, without interpolation. Its first
    step is limited by ``c_0 α``; so ``c_k τ_k`` is the smallest ζ so far, and α.

    Attributes
    ----------
    scale
        ``c > 0``.
    """

    scale: float = 1.0

    def __call__(
        self, cap: Array, adaptive: Array, dual_norm_sq: Array, memory: Memory, step: int
    ) -> tuple[Array, Memory]:
        """Return τ_k, and keep ``c_k τ_k``."""
        last = self.scale * cap if memory is None else memory
        smallest = np.minimum(adaptive, last)
        return np.minimum(cap, smallest / (self.scale * step**0.5)), smallest
