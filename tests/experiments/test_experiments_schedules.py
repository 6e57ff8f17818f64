# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Laws of the learning-rate schedules."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.schedules import SCHEDULES, factor

NAMES = st.sampled_from(sorted(SCHEDULES))
TOTALS = st.integers(1, 300)
WARMUPS = st.floats(0, 1)


def course(name: str, total: int, warmup: float = 0.0) -> list[float]:
    return [factor(name, step, total, warmup) for step in range(total)]


def test_the_names() -> None:
    assert set(SCHEDULES) == {"constant", "cosine", "linear", "inverse_square_root", "step"}
    assert all(schedule.name == name for name, schedule in SCHEDULES.items())


@given(NAMES, TOTALS, WARMUPS)
def test_factors_are_above_zero_and_at_most_one(name: str, total: int, warmup: float) -> None:
    assert all(0 < value <= 1 for value in course(name, total, warmup))


@given(NAMES, TOTALS, WARMUPS)
def test_they_rise_linearly_and_then_never_rise(name: str, total: int, warmup: float) -> None:
    values, warm = course(name, total, warmup), warmup * total
    rising = [step for step in range(total) if step + 1 < warm]
    assert all(values[step] == pytest.approx((step + 1) / warm) for step in rising)
    after = values[len(rising) :]
    assert all(later <= earlier for earlier, later in pairwise(after))


@given(NAMES, st.integers(1, 50), st.integers(1, 50))
def test_warm_up_ends_at_one(name: str, warm: int, rest: int) -> None:
    values = course(name, warm + rest, warm / (warm + rest))
    assert values[warm - 1] == pytest.approx(1)
    assert values[warm] == pytest.approx(1, abs=1 / (warm + 1))  # no jump


@given(NAMES, st.integers(2, 200), st.integers(0, 300))
def test_warm_up_only_delays(name: str, rest: int, warm: int) -> None:
    """What follows a warm-up is the course without one; inverse square roots count from step 0."""
    if name == "inverse_square_root":
        return
    # Where w = warmup * total is not rounded.
    total = rest + warm
    warmup = warm / total
    if warmup * total != warm:
        return
    assert course(name, total, warmup)[warm:] == course(name, rest)


@given(st.integers(1, 100), st.integers(1, 10))
def test_inverse_square_root_halves_when_four_times_as_far(warm: int, times: int) -> None:
    total = 4 * warm * times
    values = course("inverse_square_root", total, warm / total)
    assert values[4 * warm - 1] == pytest.approx(0.5)
    assert values[-1] == pytest.approx(math.sqrt(warm / total))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("constant", [1, 1, 1, 1]),
        ("cosine", [1, 0.5 + math.sqrt(0.125), 0.5, 0.5 - math.sqrt(0.125)]),
        ("linear", [1, 0.75, 0.5, 0.25]),
        ("inverse_square_root", [1, math.sqrt(1 / 2), math.sqrt(1 / 3), 0.5]),
        ("step", [1, 1, 0.1, 0.01]),
    ],
)
def test_known_courses(name: str, expected: list[float]) -> None:
    assert course(name, 4) == pytest.approx(expected)


@pytest.mark.parametrize("name", ["cosine", "linear"])
def test_the_last_step_is_near_zero(name: str) -> None:
    assert 0 < course(name, 1000, 0.1)[-1] < 0.002


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cosin", 0, 10), "'cosin' is unknown; did you mean cosine"),
        (("cosine", 10, 10), "step = 10; allowed: 0 to total - 1 = 9"),
        (("cosine", -1, 10), "step = -1"),
        (("cosine", 0, 10, 1.5), r"warmup = 1\.5; allowed: 0 to 1"),
        (("cosine", 0, 10, float("nan")), "warmup = nan"),
    ],
)
def test_wrong_arguments_are_refused(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        factor(*arguments)  # type: ignore[arg-type]
