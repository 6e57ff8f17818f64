# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The confidence limit behind the statements in expectation, and the decay exponent."""

from __future__ import annotations

import numpy as np
import pytest

from theory.claims.expectation import FRACTIONS, upper_confidence
from theory.exponent import decay_exponent


@pytest.mark.parametrize("mean", [0.02, 0.3, 0.9])
def test_the_limit_covers_the_mean(mean: float) -> None:
    # 4000 experiments at p = 0.05: more than 0.05 + 0.02 misses has probability below 1e-7 if the
    # limit is valid (binomial tail, Chernoff: exp(-4000 kl(0.07, 0.05)) = 2e-7 at the boundary)
    rng = np.random.default_rng(0)
    draws = (rng.random((4000, 30)) < mean).astype(float)
    limit = upper_confidence(draws, np.ones(4000), 0.05)
    assert (limit < mean).mean() <= 0.07


def test_the_limit_lies_between_the_mean_and_the_range() -> None:
    rng = np.random.default_rng(1)
    draws, upper = 3 * rng.random((20, 50)), np.full(20, 3.0)
    limit = upper_confidence(draws, upper, 1e-6)
    assert (limit > draws.mean(axis=1)).all()
    assert (limit <= upper).all()


def test_the_limit_of_zeros_is_the_one_of_the_formula() -> None:
    # for zeros the product is (1 + c m/(1-m))^n: solve its average = 1/p by a grid
    count, p = 200, 1e-6
    grid = np.linspace(1e-4, 0.5, 200_001)
    powers = count * np.log1p(FRACTIONS * (grid / (1 - grid))[:, None])
    refuted = np.logaddexp.reduce(powers, axis=1) >= np.log(len(FRACTIONS) / p)
    expected = grid[refuted][0]
    (limit,) = upper_confidence(np.zeros((1, count)), np.ones(1), p)
    assert limit == pytest.approx(expected, abs=1e-5)


def test_more_seeds_and_less_caution_lower_the_limit() -> None:
    draws = np.full((1, 400), 0.2)
    one = np.ones(1)
    assert upper_confidence(draws, one, 1e-6) < upper_confidence(draws[:, :100], one, 1e-6)
    assert upper_confidence(draws, one, 1e-2) < upper_confidence(draws, one, 1e-6)


def test_the_scale_drops_out() -> None:
    draws = np.random.default_rng(2).random((3, 80))
    one = np.ones(3)
    scaled = upper_confidence(1e-3 * draws, 1e-3 * one, 1e-5)
    # bisection to 2^-60 of the range, then one rounding of each gain
    np.testing.assert_allclose(scaled, 1e-3 * upper_confidence(draws, one, 1e-5), rtol=1e-12)


@pytest.mark.parametrize("power", [-0.5, -1.0, -2.0])
def test_the_exponent_of_a_power_law(power: float) -> None:
    rng = np.random.default_rng(3)
    steps = np.unique(np.logspace(0, 4, 49).round())
    values = steps[:, None] ** power * rng.lognormal(sigma=0.2, size=(len(steps), 200))
    found = decay_exponent(steps, values, floor=0.0)
    assert found.low <= found.slope <= found.high
    # the noise of a mean over 200 seeds is 1.5 %, over nearly three decades of K: 0.02 is 5 sigma
    assert found.slope == pytest.approx(power, abs=0.02)
    assert found.high - found.low < 0.05


def test_the_exponent_leaves_out_rounding() -> None:
    steps = np.logspace(0, 4, 49)
    values = np.maximum(1 / steps, 1e-3)[:, None] * np.ones(10)
    assert decay_exponent(steps, values, floor=1.01e-3).slope == pytest.approx(-1)
    assert decay_exponent(steps, values, floor=0.0).slope > -0.9


def test_an_exponent_needs_points() -> None:
    steps = np.array([1.0, 5.0, 20.0])
    assert np.isnan(decay_exponent(steps, np.ones((3, 5)), floor=0.0).slope)


def test_growing_values_count_by_their_minimum() -> None:
    steps = np.logspace(0, 3, 37)
    values = (steps**-1.0)[:, None] * np.ones(5)
    values[-3:] = 1.0
    assert decay_exponent(steps, values, floor=0.0).slope < -0.9
