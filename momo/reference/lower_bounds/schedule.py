"""A bound that is given for every step, such as one that is raised as training goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array, finite
from momo.reference.lower_bounds.base import Average, refuse


@dataclass(frozen=True)
class Schedule:
    """``f_*^k = schedule(k)``, k counted from 1 (derived here).

    A schedule that never falls below the infimum of some f(·,s) can break the theorem, as any bound
    that is too high.

    Attributes
    ----------
    schedule
        ``k -> f_*^k``, a finite number.
    """

    schedule: Callable[[int], float]

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Nothing of its own."""
        return {}

    def observe(self, memory: int | None, sample: Array | None, average: Average) -> int:
        """Count the steps; refuse a bound that comes with a batch."""
        refuse(sample, "scheduled")
        return 1 if memory is None else memory + 1

    def before(self, memory: int, decayed: Array, weight: Array) -> Array:
        """Return f_*^k."""
        return np.asarray(finite("lower_bound", self.schedule(memory)))

    def after(self, memory: int, value: Array, decrease: Array, weight: Array) -> int:
        """Keep the count."""
        return memory
