# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The vector half of the iterates: where the gradient is taken, and from where the step goes.

The method steps from z, the base point, to z⁺; x, where gradients are taken, is the parameter, and
follows. How far is a number, whose half of each class is in `momo.core.iterates`.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

import torch
from torch import Tensor

from momo.core.ops import Ops
from momo.core.step import Number

Points = tuple[Tensor, ...]


class Iterates(Protocol):
    """How x follows the base point."""

    points: ClassVar[tuple[str, ...]]
    """The names in the state of what is kept beside x, in its shape, 32 bits at least.

    Each begins as x. The base point is the first, if there is any; else it is x.
    """
    plain: ClassVar[bool]
    """Whether x is the base point and becomes the new one."""

    def follow(
        self, memory: Number, step_size: Number, k: Number, ops: Ops
    ) -> tuple[Number, Number]:
        """Return how far x follows, and what is kept, as in `momo.core.iterates`."""

    def move(self, points: Points, x: Tensor, z_next: Tensor, follow: Number) -> Points:
        """Return ``x^{k+1}`` and the points after it, given ``z^{k+1}`` and how far x follows."""


def towards(x: Tensor, y: Tensor, follow: Number) -> Tensor:
    """Return ``x + c (y - x)``, also beyond y."""
    if isinstance(follow, Tensor):
        return torch.addcmul(x, y - x, follow)
    return torch.add(x, y - x, alpha=follow)
