# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The general equation by hand: steps whose numbers can be followed on paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pytest

from momo.core import iterates, parts
from momo.core.ops import FLOATS, TINY
from momo.core.step import Hyper, Inner, Move, Sample, State, StepInfo, averages, step

EXACT = {"rel": 1e-15, "abs": 0.0}


@dataclass(frozen=True)
class Chosen:
    """The parts that all groups share; the paper's, unless said otherwise."""

    lower_bound: Any
    step_rule: Any = parts.TRUNCATION
    iterates: Any = parts.PLAIN
    linearisation: Any = parts.averaged
    bounded: bool = True


STATE = State(3, 4.0, 0.5, 2.0, (2.0,), 7.0, 9.0)
FIRST = Inner(before=6.0, now=2.0, dual_norm_sq=8.0, shift=1.0, kept=5.0, slope=8.0)
SECOND = Inner(before=10.0, now=1.0, dual_norm_sq=4.0, shift=3.0, kept=7.0, slope=4.0)
"""Together: 16, 3, 12, 4, 12 and 12."""


def hyper(lr: float, shrink: float = 0.0, decay: Any = parts.PROXIMAL) -> Hyper:
    return Hyper(lr, shrink, decay, parts.penalty)


def test_the_averages_of_what_is_kept_and_of_what_is_new() -> None:
    """f̄ = ¼ 4 + ¾ 8, ρ = ¼ ½ + ¾, q = ¼ (16 - 2) + ¾ 4."""
    sums = Inner(16.0, 3.0, 12.0, 4.0, 12.0, 12.0)
    assert averages(0.25, STATE, sums, 8.0) == (7.0, 0.875, 6.5)


def test_two_groups_with_two_rates_and_decay_in_one() -> None:
    """The model has the rate ½, what is kept ¼.

    h = 6 + 9 of weight ¾; the decay of the first group takes ½ of its 2 away. Bound:
    -1 + (½ 2 + ½ 4)/¾. ``||d||² = 8 + ½ 4``, and with the decay 8/2 + 2.
    """
    moves, follow, new, info = step(
        Chosen(parts.Given(-1.0)),
        [hyper(4.0, 1.0), hyper(2.0)],
        [FIRST, SECOND],
        STATE,
        Sample(8.0, (0.5, 0.25), 3.0),
        FLOATS,
    )
    tau = (14 - 0.75 * 3) / 6
    assert info == pytest.approx(StepInfo(15.0, tau, 4 / 0.75, tau, 10.0, 3.0, 6.0), **EXACT)
    assert moves[0] == pytest.approx(Move(0.5, tau / 2), **EXACT)
    assert moves[1] == pytest.approx(Move(1.0, tau / 2), **EXACT)
    assert follow == 1
    # γ = 12 - 6.5, and the bounds of the batches ¼ 2 + ¾ 4.
    assert new == State(4, 7.0, 0.875, 5.5, (3.5,), 7.0, 9.0)


def test_a_decay_that_the_model_does_not_know_is_in_the_moves_alone() -> None:
    """Of two equal rates, too. The bound is that of the method: -1 + ½ 2/¾; the cap ½/¾."""
    hypers = [hyper(0.5, 1.0, parts.DECOUPLED), hyper(float("0.5"), 3.0, parts.DECOUPLED)]
    beta = 0.5
    moves, _, new, info = step(
        Chosen(parts.Given(-1.0)), hypers, [FIRST, SECOND], STATE, Sample(8.0, (beta, beta)), FLOATS
    )
    bound = -1 + 1 / 0.75
    adaptive = (15 - 0.75 * bound) / 12
    assert info == pytest.approx(
        StepInfo(15.0, adaptive, 0.5 / 0.75, 0.5 / 0.75, 12.0, bound, 6.0), **EXACT
    )
    assert moves[0] == pytest.approx(Move(0.0, 0.5 / 0.75), **EXACT)
    assert moves[1] == pytest.approx(Move(-2.0, 0.5 / 0.75), **EXACT)
    assert new == State(4, 6.0, 0.75, 3.0, (1.0,), 7.0, 9.0)


def test_the_newest_loss_has_no_past() -> None:
    """It is 8 at z, whatever the average: α = 0.25 caps (8-2)/12, and the bound is 3 - 1/2 τ 12."""
    moves, _, new, info = step(
        Chosen(parts.Online(-1.0), linearisation=parts.newest),
        [hyper(0.25), hyper(0.25)],
        [FIRST, SECOND],
        STATE,
        Sample(8.0, (0.5, 0.5)),
        FLOATS,
    )
    assert info == StepInfo(8.0, 0.5, 0.25, 0.25, 12.0, 2.0, 6.0)
    assert moves == [Move(1.0, 0.25), Move(1.0, 0.25)]
    assert new.lower_bound == (6.5,)


def test_a_ball_is_no_larger_where_the_weight_is_small() -> None:
    """α times the weight ¾ over the weight ¾: the step is α."""
    ball = Hyper(0.25, 0.0, parts.PROXIMAL, parts.ball)
    moves, _, _, info = step(
        Chosen(parts.Given(-1.0)), [ball], [FIRST], STATE, Sample(8.0, (0.5, 0.5)), FLOATS
    )
    assert (info.cap, info.step_size, moves) == (0.25, 0.25, [Move(1.0, 0.25)])


def test_without_a_cap_the_bound_is_reached() -> None:
    """In several groups, which all have none: h - ||d||² τ = ρ f_*."""
    _, _, _, info = step(
        Chosen(parts.Given(-1.0)),
        [hyper(float("inf")), hyper(float("inf"))],  # equal, and not one object
        [FIRST, SECOND],
        STATE,
        Sample(8.0, (0.5, 0.5), -1.0),
        FLOATS,
    )
    assert info.cap == math.inf
    assert info.value - info.dual_norm_sq * info.step_size == pytest.approx(
        0.75 * info.lower_bound, **EXACT
    )


def test_groups_that_stand_still_stand_still_alike() -> None:
    """Of equal rates, 0 too, the ratio is 1."""
    info = step(
        Chosen(parts.Given(-1.0)),
        [hyper(float("0")), hyper(float("0"))],
        [FIRST, SECOND],
        STATE,
        Sample(8.0, (0.5, 0.5)),
        FLOATS,
    )[3]
    assert (info.dual_norm_sq, info.cap, info.step_size) == (12, 0, 0)


def test_nothing_is_to_be_gained_below_the_bound() -> None:
    """Nor where the line is not steep: its slope counts from the number ``tiny`` on."""
    one = Chosen(parts.Given(-1.0))
    below = step(one, [hyper(4.0)], [FIRST], STATE, Sample(8.0, (0.5, 0.5), 99.0), FLOATS)
    assert below[3].adaptive == below[3].step_size == 0
    for tiny, adaptive in ((8.0, 1.25), (8.5, 0.0)):
        given = Sample(8.0, (0.0, 0.0), -1.0)  # h = 8 + 1
        info = step(one, [hyper(4.0)], [FIRST], STATE, given, FLOATS, tiny)[3]
        assert info.adaptive == adaptive
    flat = FIRST._replace(dual_norm_sq=TINY / 2)
    assert step(one, [hyper(4.0)], [flat], STATE, Sample(8.0, (0.0, 0.0)), FLOATS)[3].adaptive == 0


def test_without_decay_the_product_with_the_point_does_not_enter() -> None:
    """Were it infinite: 0 times it would be NaN."""
    far = FIRST._replace(now=math.inf)
    info = step(
        Chosen(parts.Given(-1.0)), [hyper(4.0)], [far], STATE, Sample(8.0, (0.5, 0.5)), FLOATS
    )[3]
    assert math.isfinite(info.adaptive)


def test_parts_that_remember_are_given_what_they_kept() -> None:
    """The growth of the last step, 7 · 1.5; and the average's share of τ in 9 + τ."""
    chosen = Chosen(parts.Given(-1.0), parts.GrowthLimited(1.5), iterates.ScheduleFree(0.5, 1.0))
    small = FIRST._replace(dual_norm_sq=0.5)
    _, follow, new, info = step(
        chosen, [hyper(math.inf)], [small], STATE, Sample(8.0, (0.0, 0.0), -1.0), FLOATS
    )
    assert info.adaptive == 20
    assert info.step_size == 10.5
    assert follow == pytest.approx(10.5 / 19.5, **EXACT)
    assert new[5:] == (10.5, 19.5)
