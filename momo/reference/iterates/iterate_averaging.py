"""Momentum as an average of iterates: IMA and its model-based version IAM (arXiv 2504.01898)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array
from momo.reference.iterates.base import Points


@dataclass(frozen=True)
class IterateAveraging:
    """``x^{k+1} = β x^k + (1-β) z^{k+1}``: the heavy ball, seen from its base point.

    With ``z^{k+1} = z^k - τ_k g_k`` it is ``x^{k+1} = x^k - (1-β) τ_k g_k + β (x^k - x^{k-1})``
    (Sebbouh, Gower and Defazio 2021, arXiv 2006.07867). In the notation with
    ``x^{k+1} = (λ x^k + z^{k+1})/(1+λ)``, ``β = λ/(1+λ)``.

    Attributes
    ----------
    beta
        β in [0, 1).
    """

    beta: float

    def start(self, x: Array) -> Points:
        """Return ``z^1 = x^1``."""
        return (x,)

    def share(self, total: Array | None, step_size: Array, step: int) -> tuple[Array, Array | None]:
        """Return ``1 - β``."""
        return np.asarray(1 - self.beta), None

    def move(self, points: Points, x: Array, z_next: Array, share: Array) -> tuple[Array, Points]:
        """Return ``x + (1-β)(z^{k+1} - x)``, and ``z^{k+1}``."""
        return x + share * (z_next - x), (z_next,)

    def evaluated(self, points: Points, x: Array) -> Array:
        """Return x."""
        return x
