"""Time per step, side by side: in each round every contestant is timed once, in a rotated order.

What disturbs the machine for longer than a round then disturbs all, and cancels in the ratios,
which are taken round by round.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from momo.bench.contestants import FUSED, Family, Runner, Setting, runners, synchronise

WARM_UP = 3
LEAST_SECONDS = 0.01
"""How long one measurement takes at least: as many steps as that needs."""


@dataclass(frozen=True)
class Spread:
    """A median with its quartiles."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Timing:
    """What a contestant took.

    Attributes
    ----------
    workload, name, path, baseline
        Who, on what, and against what: the baseline's fused path.
    milliseconds
        Per step, over the rounds.
    ratio
        To the baseline, over the rounds.
    """

    workload: str
    name: str
    path: str
    baseline: str
    milliseconds: Spread
    ratio: Spread


def spread(values: Sequence[float]) -> Spread:
    """Return median and quartiles; of one value, thrice that."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Spread(median(values), low, high)


def ratios(values: Sequence[float], base: Sequence[float]) -> list[float]:
    """Return the quotients round by round."""
    return [value / unit for value, unit in zip(values, base, strict=True)]


def order(turn: int, count: int) -> list[int]:
    """Return who is timed when in a round: rotated, and every other time backwards.

    So nobody always goes first, nor always after the same other, who leaves the caches behind.
    """
    rotated = [(turn // 2 + place) % count for place in range(count)]
    return rotated[::-1] if turn % 2 else rotated


def time_family(family: Family, workload: str, setting: Setting, rounds: int) -> list[Timing]:
    """Time the contestants of one family on one workload.

    Raises
    ------
    ValueError
        If there is no round.
    """
    if rounds < 1:
        raise ValueError(f"rounds = {rounds}; allowed: at least 1")
    field = runners(family, workload, setting)
    steps = [_warm_up(runner, setting) for runner in field]
    seconds: list[list[float]] = [[] for _ in field]
    for turn in range(rounds):
        for index in order(turn, len(field)):
            seconds[index].append(_seconds(field[index], steps[index], setting))
    for runner in field:
        runner.check()
    base = next(
        times
        for contestant, times in zip(family.contestants, seconds, strict=True)
        if (contestant.name, contestant.path) == (family.baseline, FUSED)
    )
    return [
        Timing(
            workload,
            contestant.name,
            contestant.path,
            family.baseline,
            spread([1e3 * t for t in times]),
            spread(ratios(times, base)),
        )
        for contestant, times in zip(family.contestants, seconds, strict=True)
    ]


def _warm_up(runner: Runner, setting: Setting) -> int:
    """Have the state made and everything compiled; return how many steps a measurement takes."""
    for _ in range(WARM_UP):
        runner.step()
    return max(1, math.ceil(LEAST_SECONDS / _seconds(runner, 1, setting)))


def _seconds(runner: Runner, steps: int, setting: Setting) -> float:
    """Return the seconds of one step, the mean of several in a row."""
    synchronise(setting.device)
    began = setting.clock()
    for _ in range(steps):
        runner.step()
    synchronise(setting.device)
    return (setting.clock() - began) / steps
