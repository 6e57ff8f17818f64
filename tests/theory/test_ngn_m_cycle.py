# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""NGN-M's cycle: exact, on a function that exists, and as the optimisers' reference runs it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from momo.reference.sources.ngn import ngn_m
from theory.theorems.ngn_m import cycle

ROUND = 2 * len(cycle.POINTS) + 2
"""Both ends of the orbit are visited twice: where it arrives, it rests."""


def exact(start: Any, steps: int, cap: Fraction = cycle.CAP) -> list[Any]:
    """Run the reference in fractions, on values known at the points of the orbit alone."""
    known = {x: (f, np.array(g)) for x, f, g in cycle.data()}
    samples: Any = (lambda x: known[tuple(x)] for _ in range(steps))
    run: Any = ngn_m
    return list(run(np.array(start), samples, cap, cycle.BETA, Fraction(0)))


def test_there_is_a_smooth_convex_function_with_minimum_zero() -> None:
    known = cycle.data()
    assert cycle.slack(known) > 0
    assert all(f > 0 for _, f, _ in known[1:])


def test_a_smaller_smoothness_is_refused() -> None:
    assert cycle.slack(cycle.data(), cycle.SMOOTHNESS / 2) < 0


def test_the_reference_comes_back_exactly() -> None:
    start = cycle.POINTS[0]
    visited = exact(start, 3 * ROUND)
    for turn in (1, 2, 3):
        assert (visited[turn * ROUND - 1] == np.array(start)).all()
    assert all(isinstance(entry, Fraction) for x in visited for entry in x)
    assert {tuple(x) for x in visited} == {x for x, _, _ in cycle.data()[1:]}


def test_a_step_a_billionth_longer_leaves_the_orbit() -> None:
    with pytest.raises(KeyError):
        exact(cycle.POINTS[0], 2, cycle.CAP * (1 + Fraction(1, 10**9)))


def test_the_interpolant_has_its_data() -> None:
    f = cycle.interpolant()
    for x, value, slope in cycle.data():
        loss, grad = f.loss_and_grad(np.array(x, dtype=float))
        assert loss == pytest.approx(float(value), abs=1e-9)
        assert grad == pytest.approx(np.array(slope, dtype=float), abs=1e-9)


def test_in_floating_point_it_stays_there() -> None:
    f = cycle.interpolant()
    start = f.points[1] + np.array([1e-6, 0])
    samples = (f.loss_and_grad for _ in range(8 * ROUND))
    visited = np.array(list(ngn_m(start, samples, float(cycle.CAP), float(cycle.BETA))))
    away = np.linalg.norm(visited[:, None] - f.points[None, 1:], axis=2).min(axis=1)
    assert away[:ROUND].max() > 1e-7
    assert away[-ROUND:].max() < 1e-8
    assert f.loss_and_grad(visited[-1])[0] > 0.5
