"""Lower bounds f_*^k on the loss: constant, per batch, online with reset.

Within a step a bound takes in what came with the batch (`observe`), gives the f_*^k to use
(`before`) and says what to remember (`after`). A new bound is one class with these methods.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.checks import Array, finite, frozen

Average = Callable[[Array | None, Array], Array]


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


class LowerBound(Protocol):
    """How f_*^k is chosen; ``memory`` is None at the first step."""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of its own arrays, by argument: they must broadcast with the runs."""

    def observe(self, memory: Array | None, sample: Array | None, average: Average) -> Array | None:
        """Take in the bound that came with the batch, if any; ``average`` is the model's own."""

    def before(self, memory: Array | None, decayed: Array, weight: Array) -> Array:
        """Return f_*^k, given ``c_k/(1+αλ)`` and ρ_k."""

    def after(
        self, memory: Array | None, value: Array, decrease: Array, weight: Array
    ) -> Array | None:
        """Return the memory for step k+1, given h_k, ``τ_k ||d_k||²_{D^{-1}}`` and ρ_k."""


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
        _refuse(sample, "constant")
        return None

    def before(self, memory: Array | None, decayed: Array, weight: Array) -> Array:
        """Return the constant."""
        return self.value

    def after(
        self, memory: Array | None, value: Array, decrease: Array, weight: Array
    ) -> Array | None:
        """Remember nothing."""
        return None


@dataclass(frozen=True)
class PerBatch:
    """A bound ℓ_k with each batch: ``ρ_k f_*^k = Σ_j ρ_{j,k} ℓ_j``, averaged like the losses."""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Nothing of its own."""
        return {}

    def observe(self, memory: Array | None, sample: Array | None, average: Average) -> Array | None:
        """Average ℓ_k into ``ρ_k f_*^k``."""
        if sample is None:
            raise ValueError("lower_bound is missing; allowed: the bound of this batch, a number")
        return average(memory, finite("lower_bound", sample))

    def before(self, memory: Array | None, decayed: Array, weight: Array) -> Array:
        """Return the averaged bound over ρ_k."""
        assert memory is not None  # `observe` comes first
        return memory / weight

    def after(
        self, memory: Array | None, value: Array, decrease: Array, weight: Array
    ) -> Array | None:
        """Keep the average."""
        return memory


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
        _refuse(sample, "online")
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


def constant(lb: ArrayLike = 0.0) -> Constant:
    """Return the bound ``f_*^k = lb``; a NaN or infinity raises ``ValueError``."""
    return Constant(frozen(finite("lb", lb)))


def online(lb: ArrayLike = 0.0) -> Online:
    """Return the online bound that starts at, and never falls below, ``lb`` (f_*^1)."""
    return Online(frozen(finite("lb", lb)))


def _refuse(sample: Array | None, kind: str) -> None:
    if sample is not None:
        raise ValueError(
            f"lower_bound = {sample} was given with a step, but the bound is {kind};"
            " allowed: None, or a method whose bound is PerBatch()"
        )
