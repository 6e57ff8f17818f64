# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The parts of the general equation by hand: on numbers that a float holds exactly.

The literal oracles and the argmin say what a method does as a whole; here every part is held to its
formula alone, on numbers that lie on each side of its limits, and at them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from momo.core import iterates, parts
from momo.core.method import PAPER, Method
from momo.core.ops import FLOATS, TINY, arrays, tensors
from momo.core.products import L2, MAX, SUM, scales
from momo.core.random import uniform
from momo.core.step import Line

INF = math.inf

# ---- averaging -----------------------------------------------------------------------------


def test_an_average_that_starts_at_the_first_sample_forgets_what_was_before() -> None:
    assert parts.FROM_FIRST.betas(0.75, 1, FLOATS) == (0, 0)
    assert parts.FROM_FIRST.betas(0.75, 2, FLOATS) == (0.75, 0.75)


def test_an_average_that_starts_at_zero_has_the_same_shares_always() -> None:
    assert parts.FROM_ZERO.betas(0.75, 1, FLOATS) == (0.75, 0.75)


def test_lions_average_keeps_with_another_rate_than_the_model_sees() -> None:
    assert parts.LionAverage(0.25).betas(0.75, 1, FLOATS) == (0.75, 0.25)
    assert parts.LionAverage().beta2 == 0.99


def test_averages_say_whether_they_have_two_rates() -> None:
    """One rate is one object, by which `step` knows it."""
    for average in (parts.FROM_FIRST, parts.FROM_ZERO):
        first, second = average.betas(0.75, 2, FLOATS)
        assert first is second
        assert not average.two_rate
    assert parts.LionAverage().two_rate


# ---- linearisation, limit and decay --------------------------------------------------------


def test_what_is_truncated() -> None:
    line = Line(3.0, 0.25, (0.5, 0.75))
    assert parts.averaged(7.0, line) is line
    assert parts.newest(7.0, line) == Line(7.0, 1.0, (0.0, 0.0))


def test_what_a_groups_rate_limits() -> None:
    assert parts.penalty(3.0, 0.25) == 3
    assert parts.ball(3.0, 0.25) == 0.75


@pytest.mark.parametrize(
    ("decay", "in_model", "move"),
    [
        (parts.PROXIMAL, True, (0.25, 0.5)),  # (z - 2 direction) / 4
        (parts.DECOUPLED, False, (-2.0, 2.0)),  # (1-3) z - 2 direction
        (parts.APPROXIMATE, True, (-2.0, 2.0)),
    ],
)
def test_the_moves_of_a_size_of_2_where_the_product_of_rates_is_3(
    decay: parts.Decay, in_model: bool, move: tuple[float, float]
) -> None:
    assert decay.move(2.0, 3.0) == move
    assert decay.in_model is in_model


# ---- lower bound ---------------------------------------------------------------------------

LINE = Line(3.0, 0.5, (0.75, 0.25))
"""Of weight ½."""


@pytest.mark.parametrize(
    ("lb", "bound", "kept"),
    [
        # The model: -1 + (¾ 8 + ¼ (3+1)) / ½. What is kept: ¼ 8 + ¾ (3+1).
        (3.0, 13.0, 5.0),
        # A batch without a bound counts with the method's: -1 + ¾ 8 / ½ and ¼ 8.
        (None, 11.0, 2.0),
    ],
)
def test_the_bounds_of_batches_are_averaged(lb: float | None, bound: float, kept: float) -> None:
    given = parts.Given(-1.0)
    assert given.before((8.0,), lb, 9.0, LINE, 2, FLOATS) == (bound, (kept,))
    assert given.after((kept,), 9.0, 7.0, 9.0, 0.5, FLOATS) == (kept,)


@pytest.mark.parametrize(
    ("bound", "decayed", "lowered"),
    [
        (6.0, 3.0, 6.0),  # the line, 3/½, is at the bound: as it is
        (6.5, 3.0, 3.0),  # above the line: half of what the line is
        (6.5, -1.0, -1.0),  # half of -2
        (6.5, -2.0, -1.5),  # never below the floor
        (-8.0, -2.0, -8.0),  # nothing is raised
    ],
)
def test_a_bound_above_the_line_is_lowered(bound: float, decayed: float, lowered: float) -> None:
    assert parts.reset(bound, decayed, LINE, -1.5, FLOATS) == lowered


@pytest.mark.parametrize("made", [parts.Online, parts.DecreaseMean])
def test_an_estimated_bound_starts_at_its_floor(made: Callable[[float], Any]) -> None:
    bound = made(-1.0)
    memory = (5.0, 2.0, 4.0)[: bound.size]
    assert bound.before(memory, None, 9.0, LINE, 1, FLOATS)[0] == -1
    assert bound.before(memory, None, 9.0, LINE, 2, FLOATS)[0] == 5
    assert bound.before(memory, None, 1.0, LINE, 2, FLOATS)[0] == 1
    assert bound.before(memory, None, -9.0, LINE, 2, FLOATS)[0] == -1


def test_the_online_bound_is_where_the_step_ends() -> None:
    """``(h - ½ τ||d||²)/ρ``, and never below its floor."""
    assert parts.Online(-1.0).after((5.0,), 3.0, 7.0, 2.0, 0.5, FLOATS) == (4.0,)
    assert parts.Online(-1.0).after((5.0,), 0.0, 7.0, 2.0, 0.5, FLOATS) == (-1.0,)


@pytest.mark.parametrize(
    ("decayed", "k", "expected"),
    [
        (9.0, 2, (5.0, (5.0, 2.0))),
        (2.5, 2, (5.0, (5.0, 2.0))),  # the line, 2.5/½, is at the bound
        (2.0, 2, (-1.0, (-1.0, 0.0))),  # above the line: all is forgotten
        (9.0, 1, (-1.0, (-1.0, 2.0))),
    ],
)
def test_the_running_mean_forgets_where_it_lies_above_the_line(
    decayed: float, k: int, expected: tuple[float, tuple[float, float]]
) -> None:
    bound = parts.RunningMean(-1.0)
    assert bound.before((5.0, 2.0), None, decayed, LINE, k, FLOATS) == expected


@pytest.mark.parametrize(
    ("memory", "value", "step_size", "decrease", "expected"),
    [
        # ω is 2 + 4·½; (2·5 + 4·(3-1))/4.
        ((5.0, 2.0), 3.0, 4.0, 2.0, (4.5, 4.0)),
        # Never below the floor, which goes on: the mean without it were -10.
        ((0.0, 2.0), -9.0, 4.0, 2.0, (-1.0, 4.0)),
        ((-1.0, 4.0), 3.0, 4.0, 2.0, (4 / 6, 6.0)),
        # Steps that do not move say nothing.
        ((6.0, 0.0), 3.0, 0.0, 0.0, (6.0, 0.0)),
        ((6.0, 2.0), 3.0, 0.0, 0.0, (6.0, 2.0)),
    ],
)
def test_the_running_mean_weighs_estimates_by_step_sizes(
    memory: tuple[float, float],
    value: float,
    step_size: float,
    decrease: float,
    expected: tuple[float, float],
) -> None:
    bound = parts.RunningMean(-1.0)
    assert bound.after(memory, value, step_size, decrease, 0.5, FLOATS) == expected


def test_the_mean_by_decrease_remembers_the_bound_before_the_reset() -> None:
    bound = parts.DecreaseMean(-1.0)
    assert bound.before((5.0, 4.0, 2.0), None, 1.0, LINE, 2, FLOATS) == (1.0, (5.0, 4.0, 2.0))
    assert bound.before((5.0, 4.0, 2.0), None, 9.0, LINE, 1, FLOATS) == (-1.0, (-1.0, 4.0, 2.0))


@pytest.mark.parametrize(
    ("memory", "value", "decrease", "expected"),
    [
        # Σ w(h - ½w) = 4 + 2·(3-1), Σ wρ = 3 + 2·½.
        ((6.0, 3.0, 4.0), 3.0, 2.0, (2.0, 4.0, 8.0)),
        # A bound of 7 lies above the line, 3/½: the sums start anew.
        ((7.0, 3.0, 4.0), 3.0, 2.0, (4.0, 1.0, 4.0)),
        # Never below the floor.
        ((0.0, 3.0, -9.0), 0.0, 2.0, (-1.0, 4.0, -11.0)),
        # Steps that do not move say nothing.
        ((6.0, 0.0, 0.0), 3.0, 0.0, (6.0, 0.0, 0.0)),
        ((6.0, 1.0, 4.0), 3.0, 0.0, (4.0, 1.0, 4.0)),
        # A mass that is small is one still.
        ((6.0, 0.0, 0.0), 3.0, 0.25, (5.75, 0.125, 0.71875)),
    ],
)
def test_the_mean_by_decrease_weighs_estimates_by_how_far_the_line_fell(
    memory: tuple[float, ...], value: float, decrease: float, expected: tuple[float, ...]
) -> None:
    assert parts.DecreaseMean(-1.0).after(memory, value, 7.0, decrease, 0.5, FLOATS) == expected


def test_what_bounds_say_of_themselves() -> None:
    every = (parts.Given(), parts.Online(), parts.RunningMean(), parts.DecreaseMean())
    assert [bound.lb for bound in every] == [0, 0, 0, 0]
    assert [bound.size for bound in every] == [1, 1, 2, 3]
    assert [bound.takes_lb for bound in every] == [True, False, False, False]


# ---- step rule -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "cap", "adaptive", "step_size"),
    [
        (parts.TRUNCATION, 2.0, 3.0, 2.0),
        (parts.TRUNCATION, 3.0, 2.0, 2.0),
        (parts.CAPPED, 3.0, 2.0, 3.0),
        (parts.HARMONIC, 4.0, 6.0, 3.0),  # 1/(1/4 + 1/12)
        (parts.HARMONIC, 0.0, 6.0, 0.0),
        (parts.HARMONIC, 4.0, 0.0, 0.0),
        (parts.HARMONIC, 0.0, 0.0, 0.0),
        (parts.HARMONIC, INF, 6.0, 12.0),
        (parts.HARMONIC, 4.0, INF, 4.0),
        (parts.HARMONIC, INF, INF, INF),
        (parts.HARMONIC, 1e200, 1e200, 2e200 / 3),  # whose product is too large
        (parts.Scaled(parts.TRUNCATION, 0.25), 2.0, 4.0, 1.0),
        (parts.Scaled(parts.TRUNCATION, 0.25), 0.5, 4.0, 0.5),
        (parts.Scaled(parts.CAPPED, 0.25), 2.0, 4.0, 2.0),
        (parts.Floored(4.0), 9.0, 3.0, 3.0),  # ||d||² is 9, above M
        (parts.Floored(36.0), 9.0, 4.0, 1.0),  # 9/36 of 4
        (parts.Floored(36.0), 0.5, 4.0, 0.5),
    ],
)
def test_a_rule_chooses_a_step(rule: Any, cap: float, adaptive: float, step_size: float) -> None:
    """``||d||²`` is 9; no more is kept than there was."""
    found, memory = rule(cap, adaptive, 9.0, 7.0, FLOATS)
    assert found == pytest.approx(step_size, rel=1e-15)
    assert memory == 7


@pytest.mark.parametrize("floor", [0.0, -1.0])
def test_a_floor_of_0_is_the_first_norm_above_0(floor: float) -> None:
    rule, memory, found = parts.Floored(floor), 0.0, []
    for norm_sq in (0.0, 4.0, 1.0, 8.0):  # ζ is 2, and 0 where d = 0
        step_size, memory = rule(INF, 2.0 if norm_sq else 0.0, norm_sq, memory, FLOATS)
        found.append((step_size, memory))
    assert found == [(0.0, 0.0), (2.0, 4.0), (0.5, 4.0), (2.0, 4.0)]


def test_the_first_step_may_be_limited() -> None:
    rule = parts.GrowthLimited(1.5, 2.0)
    assert rule(9.0, 9.0, 9.0, 0.0, FLOATS) == (3.0, 3.0)
    assert rule(9.0, 0.0, 9.0, 0.0, FLOATS) == (0.0, 0.0)
    assert rule(9.0, 9.0, 9.0, 1.0, FLOATS) == (1.5, 1.5)


@pytest.mark.parametrize(
    ("before", "cap", "adaptive", "step_size", "kept"),
    [
        (2.0, 9.0, 9.0, 3.0, 3.0),
        (2.0, 2.5, 9.0, 2.5, 2.5),
        (2.0, 9.0, 2.5, 2.5, 2.5),
        (2.0, 9.0, 0.0, 0.0, 2.0),  # no later step could leave 0
        (0.0, 9.0, 8.0, 8.0, 8.0),  # the first
        (0.25, 9.0, 8.0, 0.375, 0.375),
        (2.0, 9.0, 0.25, 0.25, 0.25),
    ],
)
def test_steps_grow_by_a_factor_at_most(
    before: float, cap: float, adaptive: float, step_size: float, kept: float
) -> None:
    assert parts.GrowthLimited(1.5)(cap, adaptive, 9.0, before, FLOATS) == (step_size, kept)


# ---- iterates ------------------------------------------------------------------------------


def test_how_far_x_follows() -> None:
    assert parts.PLAIN.follow(7.0, 2.0, 3, FLOATS) == (1, 7)
    assert iterates.IterateAveraging(0.75).follow(7.0, 2.0, 3, FLOATS) == (0.25, 7)
    assert iterates.AnytimeAveraging().follow(7.0, 2.0, 3, FLOATS) == (0.25, 7)
    assert iterates.RandomScaling(5).follow(7.0, 2.0, 3, FLOATS) == (-math.log(uniform(5, 3)), 7)
    assert iterates.RandomScaling() == iterates.RandomScaling(0)


@pytest.mark.parametrize(
    ("power", "memory", "size", "expected"),
    [
        (1.0, 6.0, 2.0, (0.25, 8.0)),
        (2.0, 12.0, 2.0, (0.25, 16.0)),
        (0.0, 3.0, 2.0, (0.25, 4.0)),
        (1.0, 0.0, 0.0, (1.0, 0.0)),  # no step yet: x̄ is z
        (1.0, 6.0, 0.0, (0.0, 6.0)),
        (1.0, 0.125, 0.375, (0.75, 0.5)),
    ],
)
def test_the_share_of_the_newest_point_in_the_average(
    power: float, memory: float, size: float, expected: tuple[float, float]
) -> None:
    made = iterates.ScheduleFree(0.75, power)
    assert made.follow(memory, size, 3, FLOATS) == expected
    assert iterates.ScheduleFree(0.75) == iterates.ScheduleFree(0.75, 0.0)


def test_what_iterates_say_of_themselves() -> None:
    every = (
        parts.PLAIN,
        iterates.IterateAveraging(0.5),
        iterates.ScheduleFree(0.5),
        iterates.RandomScaling(),
    )
    assert [each.plain for each in every] == [True, False, False, False]
    assert [each.points for each in every] == [
        (),
        ("base_point",),
        ("base_point", "average_point"),
        (),
    ]


# ---- products ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        (None, [1, 1, 1, 1]),
        (MAX, [9, 9, 1, 9]),
        (SUM, [0, 4, 1, 0]),  # of equal ones the first
        (L2, [1, 4, 1, 4]),
    ],
)
def test_the_scales_of_layers(product: Any, expected: list[float]) -> None:
    norms, units = [1.0, 4.0, 100.0, 4.0], [True, True, False, True]
    assert scales(product, norms, units, FLOATS) == expected
    assert scales(product, norms[2:3], [False], FLOATS) == [1]


# ---- the method ----------------------------------------------------------------------------


def test_a_method_is_the_papers_where_nothing_else_is_said() -> None:
    """Without momentum and without decay."""
    made = Method(parts.FROM_FIRST, None, parts.Given(), 0.5)
    assert (made.beta, made.weight_decay) == (0, 0)
    assert {name: getattr(made, name) for name in PAPER} == PAPER
    other = Method(parts.FROM_FIRST, None, parts.Given(), 0.5, decay=parts.DECOUPLED)
    assert other.decay is parts.DECOUPLED


def test_a_rate_is_the_radius_of_a_ball_only_for_a_norm_without_a_product() -> None:
    plain = Method(parts.FROM_FIRST, None, parts.Given(), 0.5)
    whole = Method(parts.FROM_FIRST, None, parts.Given(), 0.5, product=MAX)
    assert [plain.limit(True), plain.limit(False)] == [parts.ball, parts.penalty]
    assert [whole.limit(True), whole.limit(False)] == [parts.penalty, parts.penalty]


# ---- operations ----------------------------------------------------------------------------


def test_operations_on_floats_by_hand() -> None:
    assert [FLOATS.where(True, 1, 2), FLOATS.where(False, 1, 2)] == [1, 2]
    assert [FLOATS.minimum(1, 2), FLOATS.minimum(2, 1)] == [1, 1]
    assert [FLOATS.maximum(1, 2), FLOATS.maximum(2, 1)] == [2, 2]
    assert [FLOATS.quotient(6, 4), FLOATS.quotient(6, 4, 4), FLOATS.quotient(6, 4, 5)] == [
        1.5,
        1.5,
        0,
    ]
    assert [FLOATS.power(3, 2), FLOATS.power(3, 0)] == [9, 1]
    assert FLOATS.log(math.e) == 1
    assert sys.float_info.min == TINY


@pytest.mark.parametrize("ops", [FLOATS, arrays(), tensors()], ids=["floats", "arrays", "tensors"])
def test_operations_take_python_numbers(ops: Any) -> None:
    """In a step of tensors, too: a bound, say, or what is known to be 0."""
    assert float(ops.where(True, 1.0, 2.0)) == 1
    assert float(ops.where(False, 1.0, 2.0)) == 2
    assert [float(ops.minimum(1.0, 2.0)), float(ops.maximum(1.0, 2.0))] == [1, 2]
    assert [float(ops.quotient(6.0, 4.0)), float(ops.quotient(6.0, 0.0))] == [1.5, 0]
    assert [float(ops.quotient(6.0, 4.0, 4.0)), float(ops.quotient(6.0, 4.0, 5.0))] == [1.5, 0]
    assert [float(ops.quotient(TINY, TINY)), float(ops.quotient(0.0, 0.0))] == [1, 0]
    assert [float(ops.power(3.0, 2.0)), float(ops.power(1e200, 2.0))] == [9, INF]
    assert float(ops.log(1.0)) == 0


@pytest.mark.parametrize("ops", [FLOATS, arrays(), tensors()], ids=["floats", "arrays", "tensors"])
def test_operations_take_a_number_beside_a_tensor(ops: Any) -> None:
    """On each side, and the larger on each side."""
    made: Callable[[float], Any] = float
    if ops is not FLOATS:
        made = np.float64 if ops is arrays() else partial(torch.tensor, dtype=torch.float64)
    one, two = made(1.0), made(2.0)
    assert [float(v) for v in (ops.minimum(one, 2.0), ops.minimum(two, 1.0))] == [1, 1]
    assert [float(v) for v in (ops.minimum(1.0, two), ops.minimum(2.0, one))] == [1, 1]
    assert [float(v) for v in (ops.maximum(one, 2.0), ops.maximum(two, 1.0))] == [2, 2]
    assert [float(v) for v in (ops.maximum(1.0, two), ops.maximum(2.0, one))] == [2, 2]
    assert [float(v) for v in (ops.where(one < two, 3.0, two), ops.where(one > two, 3.0, two))] == [
        3,
        2,
    ]
    assert [float(v) for v in (ops.where(one < two, two, 3.0), ops.where(one > two, two, 3.0))] == [
        2,
        3,
    ]
    assert [float(v) for v in (ops.quotient(3.0, two), ops.quotient(made(3.0), 2.0))] == [1.5, 1.5]
    assert [float(v) for v in (ops.quotient(3.0, two, 2.5), ops.quotient(made(3.0), 2.0, 2.5))] == [
        0,
        0,
    ]
    assert [float(ops.power(two, 3.0)), float(ops.log(one))] == [8, 0]


def test_a_quotient_of_tensors_is_rounded_once() -> None:
    """Not as 3 times 1/5."""
    assert float(tensors().quotient(3.0, torch.tensor(5.0, dtype=torch.float64))) == 3 / 5


def test_operations_on_tensors_read_none() -> None:
    """On the meta device there is nothing to read: whoever tries, raises."""
    ops, a = tensors(), torch.zeros((), dtype=torch.float64, device="meta")
    found = [ops.where(a < a, a, 1.0), ops.where(a < a, 2.0, 1.0), ops.power(a, 2.0), ops.log(a)]
    for operation in (ops.minimum, ops.maximum, ops.quotient):
        found += [operation(a, a), operation(a, 1.0)]
        found.append(operation(1.0, a))
    assert {(each.device.type, each.dtype) for each in found} == {("meta", torch.float64)}
