# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Time per step, side by side: in each round every contestant is timed once, in a rotated order.

What disturbs the machine for longer than a round then disturbs all, and cancels in the ratios,
which are taken round by round. Rounds in which other processes were busy do not count
(`momo.bench.quiet`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from momo.bench.bandwidth import LEAST, Bandwidth
from momo.bench.contestants import Family, Runner, Setting, runners, synchronise
from momo.bench.quiet import Patience, Rounds, quiet_rounds

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
    workload, name, path
        Who, on what.
    runs
        What the path has come to, where the optimizer says so.
    baseline, baseline_path
        Against what.
    milliseconds
        Per step, over the rounds.
    ratio
        To the baseline, over the rounds.
    megabytes
        What a step has to move (`momo.bench.streams`), in units of 10^6 bytes.
    bandwidth
        Which share of the bandwidth that was measured in the same round moving that took; None:
        caches serve what is so small.
    rounds, dropped, disturbed
        How many rounds count, how many did not, and in how many that count others were busy.
    """

    workload: str
    name: str
    path: str
    runs: str
    baseline: str
    baseline_path: str
    milliseconds: Spread
    ratio: Spread
    megabytes: float
    bandwidth: Spread | None
    rounds: int
    dropped: int
    disturbed: int


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


def time_family(
    family: Family, workload: str, setting: Setting, rounds: int, patience: Patience | None = None
) -> tuple[list[Timing], list[str]]:
    """Time the contestants of one family on one workload; return also what was left out, and why.

    Raises
    ------
    ValueError
        If there is no round.
    """
    if rounds < 1:
        raise ValueError(f"rounds = {rounds}; allowed: at least 1")
    field, left_out = runners(family, workload, setting)
    steps = [_warm_up(runner, setting, family.period) for runner in field]
    large = any(runner.step_bytes() >= LEAST for runner in field)
    bandwidth = Bandwidth(setting) if large else None

    def measure(turn: int) -> list[float]:
        seconds = [0.0] * len(field)
        for index in order(turn, len(field)):
            seconds[index] = _seconds(field[index], steps[index], setting)
        return seconds if bandwidth is None else [*seconds, bandwidth.measure()]

    found = quiet_rounds(measure, rounds, patience or Patience())
    for runner in field:
        runner.check()
    columns = list(map(list, zip(*found.values, strict=True)))
    copied = columns.pop() if bandwidth is not None else None
    timings = [
        timing(workload, runner, family, times, columns[0], copied, found)
        for runner, times in zip(field, columns, strict=True)
        if runner.contestant in family.contestants
    ]
    return timings, left_out


def timing(
    workload: str,
    runner: Runner,
    family: Family,
    times: Sequence[float],
    base: Sequence[float],
    copied: Sequence[float] | None,
    found: Rounds,
) -> Timing:
    """Return what a contestant took: seconds of it, of the unit, and bytes a second, by round."""
    moved = runner.step_bytes()
    share = None
    if copied is not None and moved >= LEAST:
        share = spread([moved / t / c for t, c in zip(times, copied, strict=True)])
    return Timing(
        workload,
        runner.contestant.name,
        runner.contestant.path,
        runner.runs,
        family.unit.name,
        family.unit.path,
        spread([1e3 * t for t in times]),
        spread(ratios(times, base)),
        moved / 1e6,
        share,
        len(found.values),
        found.dropped,
        found.disturbed,
    )


def _warm_up(runner: Runner, setting: Setting, period: int) -> int:
    """Have the state made and everything compiled; return how many steps a measurement takes."""
    for _ in range(WARM_UP):
        runner.step()
    periods = math.ceil(LEAST_SECONDS / _seconds(runner, period, setting) / period)
    return period * max(1, periods)


def _seconds(runner: Runner, steps: int, setting: Setting) -> float:
    """Return the seconds of one step, the mean of several in a row."""
    synchronise(setting.device)
    began = setting.clock()
    for _ in range(steps):
        runner.step()
    synchronise(setting.device)
    return (setting.clock() - began) / steps
