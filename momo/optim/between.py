"""What happens to numbers between the two passes over the vectors; it touches no tensor of theirs.

It is one pure function of numbers of any kind: floats, 0-dim tensors, or numbers that are recorded
(`momo.core.recorded`), of which the fused paths make what they replay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from momo.core.method import Method
from momo.core.ops import Ops
from momo.core.step import Hyper, Inner, Move, Number, Sample, State, StepInfo, step, total
from momo.optim.numbers import Ahead


class Outcome(NamedTuple):
    """What follows from the inner products.

    Attributes
    ----------
    moves, follow
        What each group does, and how far x follows z.
    state, ahead
        What is kept of the model.
    info
        What the step says of itself.
    """

    moves: list[Move]
    follow: Number
    state: State
    ahead: Ahead
    info: StepInfo


def between(
    method: Method,
    hypers: Sequence[Hyper],
    inners: Sequence[Inner],
    sample: Sample,
    state: State,
    ahead: Ahead,
    members: Number,
    ops: Ops,
    tiny: float,
) -> Outcome:
    """Return what a step does, from the inner products of each group.

    Parameters
    ----------
    method
        Whose shared parts are used.
    hypers, inners
        Of each group.
    sample
        The loss.
    state, ahead
        What was kept of the model.
    members
        Whose d are in the line now (`momo.optim.plan.members`).
    ops, tiny
        As in `momo.core.step.step`.
    """
    state = ahead.carried(state, inners, members, ops)
    moves, follow, new, info = step(method, hypers, inners, state, sample, ops, tiny)
    # Where that leads. x⁺ follows z⁺ a part of the way, unless it is z⁺, or z a point of its own.
    pairs = zip(inners, moves, strict=True)
    led = total([keep * one.kept - size * one.slope for one, (keep, size) in pairs])
    if not (method.iterates.plain or method.iterates.points):
        led = led + (1 - follow) * (total([one.kept for one in inners]) - led)
    return Outcome(moves, follow, new, Ahead(led - new.inner_avg, members), info)
