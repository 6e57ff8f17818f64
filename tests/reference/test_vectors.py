# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The vectors around the step, by hand: two numbers in one group, or in two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from momo import reference as ref
from momo.core.step import Inner
from momo.reference.vectors import Vector, shrink_rate, take_in

X, GRAD, BEFORE = np.array([1.0, 2.0]), np.array([4.0, 8.0]), np.array([2.0, 0.0])
HALF, QUARTER = np.array(0.5), np.array(0.25)
GAP = np.array(0.0)  # which the preconditioner here does not see


def group(**parts: Any) -> Any:
    given: dict[str, Any] = {"averaging": ref.FROM_ZERO, "preconditioner": ref.Identity(), **parts}
    return ref.method(lower_bound=ref.Given(), lr=1.0, **given)


def inner(found: Inner) -> list[float]:
    return [float(value) for value in found]


def test_a_gradient_is_taken_in() -> None:
    """d = ½ (2, 0) + ½ (4, 8)."""
    for betas in ((HALF, HALF), (HALF, np.array(0.5))):
        found = take_in(group(), betas, Vector(BEFORE, None, 3, ()), X, GRAD, GAP)
        assert found.grad_avg.tolist() == found.kept.grad_avg.tolist() == [3, 4]  # type: ignore
        assert inner(found.inner) == [2, 11, 25, 0, 11, 25]
        assert found.z.tolist() == X.tolist()
        assert found.kept.seen == 4


def test_what_is_kept_has_a_rate_of_its_own() -> None:
    """½ (2, 0) + ½ (4, 8) is seen, ¼ (2, 0) + ¾ (4, 8) is kept."""
    found = take_in(group(), (HALF, QUARTER), Vector(BEFORE, None, 0, ()), X, GRAD, GAP)
    assert found.grad_avg.tolist() == [3, 4]
    assert found.kept.grad_avg.tolist() == [3.5, 6]  # type: ignore[union-attr]
    assert inner(found.inner) == [2, 11, 25, 0, 15.5, 34.5]


def test_steps_go_from_the_base_point() -> None:
    """z = (0, 4), so <g, z - x> = -4 + 16."""
    z = np.array([0.0, 4.0])
    one = group(iterates=ref.IterateAveraging(0.5))
    found = take_in(one, (HALF, HALF), Vector(BEFORE, None, 0, (z,)), X, GRAD, GAP)
    assert inner(found.inner) == [0, 16, 25, 12, 16, 25]
    assert found.z is z
    first = take_in(one, (HALF, HALF), Vector(), X, GRAD, GAP)
    assert inner(first.inner) == [0, 10, 20, 0, 10, 20]
    assert first.kept.points == (X,)


def test_without_a_gradient_the_average_decays() -> None:
    found = take_in(group(), (HALF, HALF), Vector(BEFORE, None, 3, ()), X, None, GAP)
    assert found.metric is None
    assert found.grad_avg.tolist() == [1, 0]
    assert inner(found.inner) == [2, 1, 0, 0, 1, 0]
    assert found.kept.seen == 3


def test_infinity_times_no_decay_is_0() -> None:
    lr, decay = np.array([np.inf, 0.5]), np.array([0.0, 0.25])
    assert shrink_rate(lr, decay).tolist() == [0, 0.125]
    assert shrink_rate(np.array(0.5), decay).tolist() == [0, 0.125]


@pytest.mark.parametrize("lr", [np.inf, [np.inf, 1.0], [1.0, np.inf]])
def test_a_method_that_is_always_capped_has_a_cap_in_each_run(lr: Any) -> None:
    one = ref.sgd_m(lr)
    runs = np.shape(lr)
    with pytest.raises(ValueError, match="lr = inf for a method that is always capped"):
        one.step(ref.State(), np.ones((*runs, 2)), np.ones(runs), np.ones((*runs, 2)))
