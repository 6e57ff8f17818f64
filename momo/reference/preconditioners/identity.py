# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""No preconditioner: ``D = I`` (MoMo, SGD-M)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from momo.reference.checks import Array
from momo.reference.preconditioners.base import Metric, inner


@dataclass(frozen=True)
class Euclidean:
    """The metric ``D = I``."""

    def direction(self, d: Array) -> Array:
        """Return ``d``."""
        return d

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``||d||²``."""
        return inner(d, d)

    def norm_sq(self, x: Array) -> Array:
        """Return ``||x||²``."""
        return inner(x, x)


@dataclass(frozen=True)
class Identity:
    """``D_k = I`` for all k, with nothing kept."""

    unit: ClassVar[bool] = False

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Nothing of its own."""
        return {}

    def update(
        self, memory: None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, None]:
        """Return the identity."""
        return Euclidean(), None
