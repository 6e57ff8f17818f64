# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The ℓ∞ norm: the direction is the sign (Signum, Bernstein et al. 2018; Lion, Chen et al. 2023).

Signum: arXiv 1802.04434; Lion: arXiv 2302.06675. That their steps are constrained steps in this
norm is derived here (`momo.core.products`). Over the layers of a network the constrained form
takes the largest of their norms, which is the ℓ∞ norm of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from momo.reference.checks import Array
from momo.reference.preconditioners.base import Metric


@dataclass(frozen=True)
class MaxNorm:
    """``||x|| = max_i |x_i|``, so ``u(d) = sign(d)`` and ``||d||_* = Σ_i |d_i|``."""

    def direction(self, d: Array) -> Array:
        """Return ``sign(d)``, 0 where d is."""
        return np.sign(d)

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``<d, sign(d)> = Σ_i |d_i|``: the dual norm, not squared."""
        return np.abs(d).sum(axis=-1)

    def norm_sq(self, x: Array) -> Array:
        """Return ``max_i x_i²``."""
        return np.square(x).max(axis=-1)


@dataclass(frozen=True)
class Sign:
    """The ℓ∞ norm for all k, with nothing kept."""

    unit: ClassVar[bool] = True

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Nothing of its own."""
        return {}

    def update(
        self, memory: None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, None]:
        """Return the norm."""
        return MaxNorm(), None
