"""No wrapper: the step goes from where the gradient was taken."""

from __future__ import annotations

from dataclasses import dataclass

from momo.core import parts
from momo.reference.checks import Array
from momo.reference.iterates.base import Points


@dataclass(frozen=True)
class Plain(parts.Plain):
    """``x^{k+1} = z^{k+1}``, ``z = x``: SGD, MoMo."""

    def start(self, x: Array) -> Points:
        """Keep nothing."""
        return ()

    def move(self, points: Points, x: Array, z_next: Array, follow: Array) -> tuple[Array, Points]:
        """Return ``z^{k+1}``."""
        return z_next, ()

    def evaluated(self, points: Points, x: Array) -> Array:
        """Return x."""
        return x


PLAIN = Plain()
