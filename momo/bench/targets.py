# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is aimed at, and whether it is met; nothing fails if it is not.

Each target is for what users get, the default path, in float32; of sums of squares of few elements
nothing but the time of Python is left, so there it is torch's loop that is the unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from momo.bench.contestants import DEFAULT
from momo.bench.memory import Usage
from momo.bench.speed import Timing
from momo.bench.workloads import FEW_LARGE, HUGE, MATRICES, NETWORK, ONE, SMALL


@dataclass(frozen=True)
class Aim:
    """The most that a step of a method may take, over one of the baseline."""

    workload: str
    name: str
    baseline: str
    allowed: float
    device: str = "cpu"


AIMS = (
    Aim(FEW_LARGE, "MoMo", "SGD-M", 1.5),
    Aim(FEW_LARGE, "MoMo-Adam", "AdamW", 1.35),
    Aim(FEW_LARGE, "MoMo-Lion", "SGD-M", 2.5),
    Aim(FEW_LARGE, "IAM", "SGD-M", 2.5),
    Aim(FEW_LARGE, "NGN-M", "SGD-M", 2.5),
    Aim(SMALL, "MoMo", "SGD-M", 0.5),
    Aim(SMALL, "MoMo-Adam", "AdamW", 0.5),
    Aim(NETWORK, "MoMo-Adam", "AdamW", 0.5),
    Aim(ONE, "MoMo", "SGD-M", 1.5),
    Aim(ONE, "MoMo-Adam", "AdamW", 1.0),
    *(Aim(MATRICES, name, "Muon", 1.2) for name in ("MuonAdam-MoMo", "MuonMax-MoMo", "Scion-MoMo")),
    Aim(MATRICES, "MoMo-SOAP", "SOAP (pytorch_optimizer)", 1.2),
    Aim(HUGE, "MoMo-Adam", "AdamW", 1.5, "cuda"),
)
"""Of time."""
SHARE = 0.8
"""The share of the bandwidth that a step is to reach at least, of `SHARED` on `FEW_LARGE`."""
SHARED = ("MoMo", "MoMo-Adam")
EXTRA = 0.001
"""The most that a step of `SHARED` may allocate, over the largest parameter: a few numbers."""


@dataclass(frozen=True)
class Target:
    """A target with what was measured.

    Attributes
    ----------
    text
        What is aimed at.
    measured, allowed
        What it is, and the most that it may be, or the least if ``least``.
    disturbed
        Whether others were busy in most of the rounds that it rests on.
    """

    text: str
    measured: float
    allowed: float
    least: bool = False
    disturbed: bool = False

    @property
    def met(self) -> bool:
        """Whether it is met."""
        if self.least:
            return self.measured >= self.allowed
        return self.measured <= self.allowed


def judged(timings: Sequence[Timing], usages: Sequence[Usage], device: str = "cpu") -> list[Target]:
    """Return the targets that the measurements decide, on this type of device."""
    times = [
        Target(
            f"{row.name} ≤ {aim.allowed:g} × {row.baseline} ({row.baseline_path}), {row.workload}",
            row.ratio.median,
            aim.allowed,
            disturbed=_disturbed(row),
        )
        for aim in AIMS
        for row in timings
        if (aim.workload, aim.name, aim.baseline) == (row.workload, row.name, row.baseline)
        and aim.device == device
        and row.path == DEFAULT
    ]
    return [*times, *_shares(timings), *_memory(usages)]


def _shares(timings: Sequence[Timing]) -> Iterator[Target]:
    for row in timings:
        counts = row.name in SHARED and row.workload == FEW_LARGE and row.path == DEFAULT
        if counts and row.bandwidth is not None:
            text = f"share of the bandwidth of {row.name} ≥ {SHARE:g}, {row.workload}"
            yield Target(text, row.bandwidth.median, SHARE, True, _disturbed(row))


def _disturbed(row: Timing) -> bool:
    return 2 * row.disturbed > row.rounds


def _memory(usages: Sequence[Usage]) -> Iterator[Target]:
    for row in usages:
        if row.name in SHARED and row.workload == FEW_LARGE and row.path == DEFAULT:
            text = f"extra memory of {row.name} ≤ {EXTRA:g} × the largest tensor, {row.workload}"
            yield Target(text, row.peak_tensors, EXTRA)
