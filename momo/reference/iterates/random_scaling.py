# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Steps that are scaled by a random number (Zhang and Cutkosky 2024, arXiv 2405.09742)."""

from __future__ import annotations

from dataclasses import dataclass

from momo.core import iterates
from momo.reference.checks import Array
from momo.reference.iterates.base import Points


@dataclass(frozen=True)
class RandomScaling(iterates.RandomScaling):
    """``x⁺ = x + s_k (z⁺ - x)``, ``z = x``; see `momo.core.iterates.RandomScaling`."""

    def move(self, points: Points, x: Array, z_next: Array, follow: Array) -> tuple[Array, Points]:
        """Return ``x + s (z^{k+1} - x)``."""
        return x + follow * (z_next - x), ()
