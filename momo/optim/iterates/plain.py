"""No wrapper: the step goes from where the gradient was taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.iterates.base import Points


@dataclass(frozen=True)
class Plain:
    """``x^{k+1} = z^{k+1}``, ``z = x``: SGD, MoMo."""

    points: ClassVar[tuple[str, ...]] = ()
    plain: ClassVar[bool] = True

    def share(self, total: Tensor, step_size: Tensor, steps: Tensor) -> tuple[Tensor, Tensor]:
        """Return 1."""
        return torch.ones_like(step_size), total

    def move(self, points: Points, x: Tensor, z_next: Tensor, share: Tensor) -> Points:
        """Return ``z^{k+1}``."""
        return (z_next,)


PLAIN = Plain()
