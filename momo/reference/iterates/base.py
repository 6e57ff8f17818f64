# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The vector half of the iterates: where the gradient is taken, and from where the step goes.

A wrapper keeps one or more points beside x, where the gradients are taken. The method steps from z,
the base point, to z⁺; its model, built of gradients at the x's, is evaluated and minimised at z.
How far x follows is a number, whose half of each class is in `momo.core.iterates`.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

from momo.core.ops import Ops
from momo.core.step import Number
from momo.reference.checks import Array

Points = tuple[Array, ...]
"""What is kept of each vector beside x; the base point is the first, if there is any."""


class Iterates(Protocol):
    """How x follows the base point."""

    points: ClassVar[tuple[str, ...]]
    """What is kept beside x; each begins as x."""

    def follow(
        self, memory: Number, step_size: Number, k: Number, ops: Ops
    ) -> tuple[Number, Number]:
        """Return how far x follows, one number for all vectors of a model, and what is kept."""

    def move(self, points: Points, x: Array, z_next: Array, follow: Array) -> tuple[Array, Points]:
        """Return ``x^{k+1}`` and the points, given ``z^{k+1}``; ``follow`` has shape (..., 1)."""


def base_point(points: Points, x: Array) -> Array:
    """Return z: the first of the points, or x itself."""
    return points[0] if points else x
