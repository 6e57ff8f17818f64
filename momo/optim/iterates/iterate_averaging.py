# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Momentum as an average of iterates: IMA and its model-based version IAM (arXiv 2504.01898)."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from momo.core import iterates
from momo.core.step import Number
from momo.optim.iterates.base import Points, towards


@dataclass(frozen=True)
class IterateAveraging(iterates.IterateAveraging):
    """``x^{k+1} = β x^k + (1-β) z^{k+1}``: the heavy ball, seen from its base point."""

    def move(self, points: Points, x: Tensor, z_next: Tensor, follow: Number) -> Points:
        """Return ``x + (1-β)(z^{k+1} - x)``, and ``z^{k+1}``."""
        return towards(x, z_next, follow), z_next


@dataclass(frozen=True)
class AnytimeAveraging(iterates.AnytimeAveraging):
    """``x^{k+1} = (k x^k + z^{k+1})/(1 + k)``: the mean of all z's."""

    def move(self, points: Points, x: Tensor, z_next: Tensor, follow: Number) -> Points:
        """Return ``x + (z^{k+1} - x)/(1 + k)``, and ``z^{k+1}``."""
        return towards(x, z_next, follow), z_next
