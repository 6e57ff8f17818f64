"""What a lower bound does within a step.

It takes in what came with the batch (`observe`), gives the f_*^k to use (`before`) and says what to
remember (`after`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from momo.reference.checks import Array

Average = Callable[[Array | None, Array], tuple[Array, Array]]
"""``(previous, sample) -> (a_k, to be kept; what the model sees of it)``."""
Memory = Any
"""What a bound keeps between steps; None at the first."""


class LowerBound(Protocol):
    """How f_*^k is chosen; ``memory`` is None at the first step."""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of its own arrays, by argument: they must broadcast with the runs."""

    def observe(self, memory: Memory, sample: Array | None, average: Average) -> Memory:
        """Take in the bound that came with the batch, if any; ``average`` is the model's own."""

    def before(self, memory: Memory, decayed: Array, weight: Array) -> Array:
        """Return f_*^k, given ``c_k/(1+αλ)`` and ρ_k."""

    def after(self, memory: Memory, value: Array, decrease: Array, weight: Array) -> Memory:
        """Return the memory for step k+1, given h_k, ``τ_k ||d_k||²_{D^{-1}}`` and ρ_k."""


def refuse(sample: Array | None, kind: str) -> None:
    """Raise if a bound came with a batch."""
    if sample is not None:
        raise ValueError(
            f"lower_bound = {sample} was given with a step, but the bound is {kind};"
            " allowed: None, or a method whose bound is PerBatch()"
        )
