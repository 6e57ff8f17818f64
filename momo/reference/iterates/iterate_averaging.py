# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Momentum as an average of iterates: IMA and its model-based version IAM (arXiv 2504.01898)."""

from __future__ import annotations

from dataclasses import dataclass

from momo.core import iterates
from momo.reference.checks import Array
from momo.reference.iterates.base import Points


@dataclass(frozen=True)
class IterateAveraging(iterates.IterateAveraging):
    """``x^{k+1} = β x^k + (1-β) z^{k+1}``; see `momo.core.iterates.IterateAveraging`."""

    def move(self, points: Points, x: Array, z_next: Array, follow: Array) -> tuple[Array, Points]:
        """Return ``x + (1-β)(z^{k+1} - x)``, and ``z^{k+1}``."""
        return x + follow * (z_next - x), (z_next,)


@dataclass(frozen=True)
class AnytimeAveraging(iterates.AnytimeAveraging):
    """``x^{k+1} = (k x^k + z^{k+1})/(1 + k)``; see `momo.core.iterates.AnytimeAveraging`."""

    def move(self, points: Points, x: Array, z_next: Array, follow: Array) -> tuple[Array, Points]:
        """Return ``x + (z^{k+1} - x)/(1 + k)``, and ``z^{k+1}``."""
        return x + follow * (z_next - x), (z_next,)
