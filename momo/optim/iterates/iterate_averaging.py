"""Momentum as an average of iterates: IMA and its model-based version IAM (arXiv 2504.01898)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.iterates.base import BASE_POINT, Points


@dataclass(frozen=True)
class IterateAveraging:
    """``x^{k+1} = β x^k + (1-β) z^{k+1}``: the heavy ball, seen from its base point.

    See `momo.reference.iterates.iterate_averaging`.

    Attributes
    ----------
    beta
        β in [0, 1).
    """

    beta: float
    points: ClassVar[tuple[str, ...]] = (BASE_POINT,)
    plain: ClassVar[bool] = False

    def share(self, total: Tensor, step_size: Tensor, steps: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``1 - β``."""
        return torch.full_like(step_size, 1 - self.beta), total

    def move(self, points: Points, x: Tensor, z_next: Tensor, share: Tensor) -> Points:
        """Return ``x + (1-β)(z^{k+1} - x)``, and ``z^{k+1}``."""
        return torch.addcmul(x, z_next - x, share), z_next
