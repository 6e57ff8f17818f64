"""A running weighted mean of the estimates of the bound, with reset.

The paper's lemma behind MoMo* bounds f* from below by a mean of ``h_j - ½ τ_j ||d_j||²`` with the
weights τ_j, less a term in ``||x¹ - x*||²`` that nobody knows; MoMo* keeps the last summand alone.
Here the mean is kept and the unknown term left out (derived here; not confirmed from a source).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.checks import Array, finite, frozen
from momo.reference.lower_bounds.base import Average, refuse
from momo.reference.lower_bounds.online import reset
from momo.reference.model import safe_divide

Means = tuple[Array, Array, Array]
"""f_*^k, and the sums of the mean: ``Σ_j w_j (h_j - ½ τ_j ||d_j||²)`` and ``Σ_j w_j ρ_j``."""


@dataclass(frozen=True)
class RunningMean:
    """``f_*^{k+1} = max{ Σ_j w_j (h_j - ½ w_j) / Σ_j w_j ρ_j, f_*^1 }``, ``w_j = τ_j ||d_j||²``.

    The weight of a step is the length that it has in the model: steps that do not move say nothing.
    Where the bound lies above the model it is lowered as that of MoMo*; where it lies above h_k the
    sums start anew. Made by `running_mean`.
    """

    floor: Array

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of the bound."""
        return {"lower_bound": self.floor.shape}

    def observe(self, memory: Means | None, sample: Array | None, average: Average) -> Means:
        """Refuse a bound that comes with a batch; the first bound is the floor."""
        refuse(sample, "a running mean")
        zero = np.zeros_like(self.floor)
        return (self.floor, zero, zero) if memory is None else memory

    def before(self, memory: Means, decayed: Array, weight: Array) -> Array:
        """Return f_*^k after the reset."""
        return reset(memory[0], decayed, weight, self.floor)

    def after(self, memory: Means, value: Array, decrease: Array, weight: Array) -> Means:
        """Return f_*^{k+1} and the sums."""
        bound, total, mass = memory
        keep = value >= weight * bound
        total = np.where(keep, total, 0) + decrease * (value - decrease / 2)
        mass = np.where(keep, mass, 0) + decrease * weight
        # Where nothing has moved yet there is no estimate, and the bound stays.
        estimated = np.maximum(safe_divide(total, mass), self.floor)
        return np.where(mass > 0, estimated, bound), total, mass


def running_mean(lb: ArrayLike = 0.0) -> RunningMean:
    """Return the running mean that starts at, and never falls below, ``lb`` (f_*^1)."""
    return RunningMean(frozen(finite("lb", lb)))
