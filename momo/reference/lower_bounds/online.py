"""The bound of the starred methods: estimated while training, with reset (paper, MoMo*)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.checks import Array, finite, frozen
from momo.reference.lower_bounds.base import Average, refuse


def reset(lower_bound: Array, decayed: Array, weight: Array, floor: Array) -> Array:
    """Return f_*^k, lowered where it lies above the model (paper, MoMo*).

    ``max{c_k / (2(1+αλ)ρ_k), f_*^1}`` where ``c_k < (1+αλ)ρ_k f_*^k``, else f_*^k unchanged.
    ``decayed`` is ``c_k/(1+αλ)``, see `momo.reference.model.decayed_value`.
    """
    too_high = decayed < weight * lower_bound
    return np.where(too_high, np.maximum(decayed / (2 * weight), floor), lower_bound)


def estimate(value: Array, decrease: Array, weight: Array, floor: Array) -> Array:
    """Return ``f_*^{k+1} = max{(h_k - ½ τ_k ||d_k||²_{D^{-1}}) / ρ_k, f_*^1}`` (paper).

    ``value`` is h_k, without the factor ``1+αλ``; ``decrease`` is ``τ_k ||d_k||²_{D^{-1}}``.
    """
    return np.maximum((value - decrease / 2) / weight, floor)


@dataclass(frozen=True)
class Online:
    """The bound of the starred methods: `reset` before the step, `estimate` after it.

    Made by `online`. The floor f_*^1 is also the first bound.
    """

    floor: Array

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of the bound."""
        return {"lower_bound": self.floor.shape}

    def observe(self, memory: Array | None, sample: Array | None, average: Average) -> Array | None:
        """Refuse a bound that comes with a batch; the first memory is the floor."""
        refuse(sample, "online")
        return self.floor if memory is None else memory

    def before(self, memory: Array | None, decayed: Array, weight: Array) -> Array:
        """Return f_*^k after the reset."""
        assert memory is not None  # `observe` comes first
        return reset(memory, decayed, weight, self.floor)

    def after(
        self, memory: Array | None, value: Array, decrease: Array, weight: Array
    ) -> Array | None:
        """Return f_*^{k+1}."""
        return estimate(value, decrease, weight, self.floor)


def online(lb: ArrayLike = 0.0) -> Online:
    """Return the online bound that starts at, and never falls below, ``lb`` (f_*^1)."""
    return Online(frozen(finite("lb", lb)))
