"""A bound that is the same at every step (paper)."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from momo.reference.checks import Array, finite, frozen
from momo.reference.lower_bounds.base import Average, refuse


@dataclass(frozen=True)
class Constant:
    """``f_*^k = value`` for all k; made by `constant`."""

    value: Array

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of the bound."""
        return {"lower_bound": self.value.shape}

    def observe(self, memory: Array | None, sample: Array | None, average: Average) -> Array | None:
        """Refuse a bound that comes with a batch."""
        refuse(sample, "constant")
        return None

    def before(self, memory: Array | None, decayed: Array, weight: Array) -> Array:
        """Return the constant."""
        return self.value

    def after(
        self, memory: Array | None, value: Array, decrease: Array, weight: Array
    ) -> Array | None:
        """Remember nothing."""
        return None


def constant(lb: ArrayLike = 0.0) -> Constant:
    """Return the bound ``f_*^k = lb``; a NaN or infinity raises ``ValueError``."""
    return Constant(frozen(finite("lb", lb)))
