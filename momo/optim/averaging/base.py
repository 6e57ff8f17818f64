"""Averages of losses and gradients, and their total weight ρ_k, as 0-dim tensors.

The weight is the average of ones, ``ρ_k = β_k ρ_{k-1} + (1-β_k)`` from ``ρ_0 = 0``: the sum of the
weights ρ_{j,k} also where β changes from step to step.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple, Protocol

from torch import Tensor


class Decays(NamedTuple):
    """β_k of what the model sees and of what is kept: 0-dim tensors, one unless `two_rate`."""

    shown: Tensor
    kept: Tensor


class Averaging(Protocol):
    """How β_k is chosen."""

    two_rate: ClassVar[bool]
    """Whether the model sees another average than the one that is kept."""

    def decays(self, beta: float, weight: Tensor, steps: Tensor) -> Decays:
        """Return the β_k of step k, given β, ρ_{k-1} of what is kept, and k - 1."""


def average(previous: Tensor, sample: Tensor | float, beta: Tensor) -> Tensor:
    """Return ``β a_{k-1} + (1-β) s_k``."""
    return beta * previous + (1 - beta) * sample
