# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Learning-rate schedules: by what the learning rate is multiplied at a step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from momo.lookup import choices


@dataclass(frozen=True)
class Schedule:
    """A schedule after its warm-up.

    Attributes
    ----------
    name, title
        How it is called in commands and records, and in figures.
    after
        ``(p, r) -> factor`` in [0, 1], and 1 at its start, p = 0 and r = 1: p in [0, 1) is the
        share done of the steps that follow the warm-up, r >= 1 the share done of all steps
        (this one included) as a multiple of the share of the warm-up (of one step, if there is
        none).
    """

    name: str
    title: str
    after: Callable[[float, float], float]


def _step(p: float, r: float) -> float:
    return 1.0 if p < 0.5 else 0.1 if p < 0.75 else 0.01


SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule
    for schedule in (
        Schedule("constant", "constant", lambda p, r: 1.0),
        Schedule("cosine", "cosine", lambda p, r: (1 + math.cos(math.pi * p)) / 2),
        Schedule("linear", "linear", lambda p, r: 1 - p),
        Schedule("inverse_square_root", "inverse square root", lambda p, r: 1 / math.sqrt(r)),
        Schedule("step", "step (0.1 at ½ and ¾)", _step),
    )
}
"""By name; with p and r as in `Schedule`: 1; ``(1 + cos πp)/2``; ``1 - p``; ``1/sqrt(r)``;
0.1 from p = 1/2 on and 0.01 from p = 3/4 on."""


def check(name: str, warmup: float = 0.0) -> None:
    """Raise unless there is a schedule of this name, and ``warmup`` is a share.

    Raises
    ------
    ValueError
        If not; the message says what is allowed.
    """
    if name not in SCHEDULES:
        raise ValueError(f"schedule {name!r} is unknown; {choices(name, SCHEDULES)}")
    if not 0 <= warmup <= 1:
        raise ValueError(f"warmup = {warmup}; allowed: 0 to 1, a share of all steps")


def factor(name: str, step: int, total: int, warmup: float = 0.0) -> float:
    """Return the factor of the learning rate at a step.

    With ``w = warmup * total``: ``(step + 1)/w`` while that is below 1, so that no step is lost;
    then the schedule, with ``p = (step - w)/(total - w)`` and ``r = (step + 1)/max(w, 1)``.

    Parameters
    ----------
    name
        In `SCHEDULES`.
    step
        0, ..., total - 1.
    total
        All steps of the run.
    warmup
        The share of them, in [0, 1], in which the factor grows to 1.

    Raises
    ------
    ValueError
        If one is out of range.
    """
    check(name, warmup)
    if not 0 <= step < total:
        raise ValueError(f"step = {step}; allowed: 0 to total - 1 = {total - 1}")
    warm = warmup * total
    if step + 1 < warm:
        return (step + 1) / warm
    done = max(step - warm, 0.0)
    share = done / (total - warm) if done > 0 else 0.0
    return SCHEDULES[name].after(share, (step + 1) / max(warm, 1.0))
