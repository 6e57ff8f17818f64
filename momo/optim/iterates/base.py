"""Sequences of points around a step: where the gradient is taken, and from where the step goes.

As in `momo.reference.iterates`: the method steps from z, the base point, to z⁺; x, where gradients
are taken, is the parameter, and follows.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

from torch import Tensor

BASE_POINT = "base_point"
"""z, in the optimizer's state."""
AVERAGE_POINT = "average_point"
"""x̄ of the schedule-free methods."""

Points = tuple[Tensor, ...]


class Iterates(Protocol):
    """How x follows the base point."""

    points: ClassVar[tuple[str, ...]]
    """The names in the state of what is kept beside x, in its shape, 32 bits at least.

    Each begins as x. The base point is the first, if there is any; else it is x.
    """
    plain: ClassVar[bool]
    """Whether x is the base point and becomes the new one."""

    def share(self, total: Tensor, step_size: Tensor, steps: Tensor) -> tuple[Tensor, Tensor]:
        """Return c_k and the number kept, given it, τ_k and k - 1: 0-dim tensors."""

    def move(self, points: Points, x: Tensor, z_next: Tensor, share: Tensor) -> Points:
        """Return ``x^{k+1}`` and the points after it, given ``z^{k+1}`` and c_k."""
