"""What is aimed at, and whether it is met; nothing fails if it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from momo.bench.contestants import FEW_LARGE
from momo.bench.memory import Usage
from momo.bench.speed import Timing

TIMES = {"MoMo": 3.0, "MoMo-Adam": 4.0}
"""The most that a step may take, over a step of the baseline's fused path."""
EXTRA_TENSORS = 1.0
"""The most that a step may allocate, over the largest parameter."""
DEFAULT_PATH = "foreach"


@dataclass(frozen=True)
class Target:
    """A target with what was measured."""

    text: str
    measured: float
    allowed: float

    @property
    def met(self) -> bool:
        """Whether it is met."""
        return self.measured <= self.allowed


def judged(timings: Sequence[Timing], usages: Sequence[Usage]) -> list[Target]:
    """Return the targets that the measurements decide.

    They are set for the CPU, float32, the default path, and 19 M elements in 24 tensors.
    """
    times = [
        Target(
            f"{row.name} ≤ {TIMES[row.name]:g} × fused {row.baseline}",
            row.ratio.median,
            TIMES[row.name],
        )
        for row in timings
        if row.workload == FEW_LARGE and row.path == DEFAULT_PATH and row.name in TIMES
    ]
    memory = [
        Target(
            f"extra memory of {row.name} ≤ {EXTRA_TENSORS:g} × the largest tensor",
            row.peak_tensors,
            EXTRA_TENSORS,
        )
        for row in usages
        if row.workload == FEW_LARGE and row.path == DEFAULT_PATH and row.name in TIMES
    ]
    return times + memory
