# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What happens to numbers between the two passes over the vectors; it touches no tensor of theirs.

It is one pure function of lists of numbers of any kind: floats, 0-dim tensors, or numbers that are
recorded (`momo.core.recorded`). Python floats go through its recording, a tenth of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, NamedTuple

from momo.core.method import Method
from momo.core.ops import FLOATS, Ops
from momo.core.parts import DECOUPLED, penalty
from momo.core.recorded import UnrecordableError, compiled, record
from momo.core.step import Hyper, Inner, Move, Number, Sample, State, StepInfo, step, total
from momo.optim.arguments import is_zero
from momo.optim.numbers import Ahead
from momo.optim.settings import Setting
from momo.optim.state import KEPT

STILL = Hyper(0.0, 0.0, DECOUPLED, penalty)
"""Of the parameters without a gradient: they count in the line, and stay."""
NUMBERS = KEPT.stop - KEPT.start
"""How many numbers of the model are kept: those of `State` and `Ahead`."""

OFTEN = 20
"""After how many steps their equation is recorded."""

Numbers = Sequence[Number]


class Setup(NamedTuple):
    """What the function depends on beside its numbers: two steps that are alike have the same.

    Attributes
    ----------
    method
        Of the first group, without its learning rate and decay.
    groups
        Of each group of parameters: its decay, its limit, and whether its λ is 0.
    still
        Whether there are parameters without a gradient.
    lb
        Whether the batch brings a bound.
    tiny
        As in `momo.core.step.step`.
    """

    method: Method
    groups: tuple[tuple[Any, Any, bool], ...]
    still: bool
    lb: bool
    tiny: float


def setup(
    settings: Sequence[Setting],
    portions: Sequence[tuple[int, int]],
    still: bool,
    lb: bool,
    tiny: float,
) -> tuple[Setup, list[Number]]:
    """Return the setup of a step, and the hyper-parameters that go in: α and αλ of each group.

    ``portions`` are the numbers of the group and of its preconditioner.
    """
    hypers = [settings[group].hypers[which] for group, which in portions]
    groups = tuple((one.decay, one.limit, is_zero(one.shrink)) for one in hypers)
    method = replace(settings[0].method, lr=0.0, weight_decay=0.0, preconditioner=None)
    given = [number for one in hypers for number in (one.lr, one.shrink)]
    return Setup(method, groups, still, lb, tiny), given


def between(
    setup: Setup, ops: Ops, kept: Numbers, inner: Numbers, hyper: Numbers, sample: Numbers
) -> list[Number]:
    """Return moves, how far x follows z, what is kept of the model, and what the step says.

    Parameters
    ----------
    setup
        All that is no number.
    ops
        The operations on the numbers.
    kept
        Of the model: `State`, with room for three numbers of the bound, then `Ahead`.
    inner
        The inner products of each group, as `Inner`, and of the parameters without a gradient.
    hyper
        α and αλ of each group.
    sample
        f_k; ℓ_k, if the batch brings one; whose d are in the line
        (`momo.optim.plan.members`); β_k in the model, and in what is kept, where it is another.
    """
    method, size = setup.method, setup.method.lower_bound.size
    k, loss_avg, weight, inner_avg, *bound, rule, iterates, offset, members_then = kept
    loss, *lb, members = sample[: 2 + setup.lb]
    betas = (*sample[2 + setup.lb :], *sample[2 + setup.lb :])[:2]
    inners = [Inner(*inner[n : n + 6]) for n in range(0, len(inner), 6)]
    hypers = [
        Hyper(hyper[2 * n], 0.0 if undecayed else hyper[2 * n + 1], decay, limit)
        for n, (decay, limit, undecayed) in enumerate(setup.groups)
    ]
    hypers += [STILL] * (len(inners) - len(hypers))
    # A parameter that is frozen, or freed, leaves the line's value as it is.
    state = State(k, loss_avg, weight, inner_avg, tuple(bound[:size]), rule, iterates)
    state = Ahead(offset, members_then).carried(state, inners, members, ops)
    given = Sample(loss, betas, lb[0] if lb else None)
    moves, follow, new, info = step(method, hypers, inners, state, given, ops, setup.tiny)
    # Where that leads. x⁺ follows z⁺ a part of the way, unless it is z⁺, or z a point of its own.
    led = total(
        # <d,z> and, as d is g where x decays (`momo.optim.settings.setting`), <d,x>
        [
            one.kept - (1 - keep) * (one.kept - one.shift) - size * one.slope
            if hyper.decay.at_x
            else keep * one.kept - size * one.slope
            for one, hyper, (keep, size) in zip(inners, hypers, moves, strict=True)
        ]
    )
    if not (method.iterates.plain or method.iterates.points):
        led = led + (1 - follow) * (total([one.kept for one in inners]) - led)
    unused = bound[size:]
    numbers = (*new[:4], *new.lower_bound, *unused, *new[5:], led - new.inner_avg, members)
    return [*(number for move in moves for number in move), follow, *numbers, *info]


class Outcome(NamedTuple):
    """What `between` returns, in its parts."""

    moves: list[Move]
    follow: Number
    kept: list[Number]
    info: StepInfo

    @classmethod
    def of(cls, found: Numbers) -> Outcome:
        """Return the parts."""
        info = len(found) - len(StepInfo._fields)
        first = info - NUMBERS - 1
        moves = list(map(Move, found[:first:2], found[1:first:2]))
        return cls(moves, found[first], list(found[first + 1 : info]), StepInfo(*found[info:]))


class Equation:
    """``between(setup, FLOATS, ...)``, which is recorded once it has been asked for often enough.

    A recording takes as long as a hundred calls; where β changes at every step none would pay.
    """

    __slots__ = ("asked", "run", "setup")

    def __init__(self, setup: Setup) -> None:
        self.setup, self.asked = setup, 0
        self.run: Callable[..., Numbers] = partial(between, setup, FLOATS)

    def __call__(self, kept: Numbers, inner: Numbers, hyper: Numbers, sample: Numbers) -> Numbers:
        """Return what `between` does."""
        self.asked += 1
        if self.asked == OFTEN:
            with suppress(UnrecordableError):  # else it goes on as before
                self.run = compiled(partial(between, self.setup), inputs_of(self.setup))
        return self.run(kept, inner, hyper, sample)


def equation(setup: Setup) -> Callable[..., Numbers]:
    """Return the same `Equation` for the same setup, where that can be looked up."""
    try:
        return _equation(setup)
    except TypeError:
        return partial(between, setup, FLOATS)


_equation = lru_cache(maxsize=256)(Equation)


def recordable(settings: Sequence[Setting]) -> bool:
    """Return whether the parts of all groups can be looked up and recorded, as kernels need it."""
    places = [
        (group, which) for group, one in enumerate(settings) for which in range(len(one.hypers))
    ]
    found, _ = setup(settings, places, still=True, lb=False, tiny=0.0)
    try:
        hash(found)
        record(partial(between, found), inputs_of(found))
    except TypeError:
        return False
    return True


def inputs_of(setup: Setup) -> dict[str, int]:
    """Return the names of what `between` is given, with how many numbers each has."""
    return {
        "kept": NUMBERS,
        "inner": 6 * (len(setup.groups) + setup.still),
        "hyper": 2 * len(setup.groups),
        "sample": 3 + setup.lb + setup.method.averaging.two_rate,
    }
