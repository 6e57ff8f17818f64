# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Steps that are scaled by a random number (Zhang and Cutkosky 2024, arXiv 2405.09742)."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from momo.core import iterates
from momo.core.step import Number
from momo.optim.iterates.base import Points, towards


@dataclass(frozen=True)
class RandomScaling(iterates.RandomScaling):
    """``x^{k+1} = x^k + s_k (z^{k+1} - x^k)``, ``s_k ~ Exp(1)``, ``z^k = x^k``."""

    def move(self, points: Points, x: Tensor, z_next: Tensor, follow: Number) -> Points:
        """Return ``x + s (z^{k+1} - x)``."""
        return (towards(x, z_next, follow),)
