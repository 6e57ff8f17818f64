# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The bounds: their equations, their order, and that they stay finite."""

from __future__ import annotations

import numpy as np
import pytest

from theory import bounds

BETAS = np.array([0.0, 0.3, 0.5, 0.9, 0.99])
COUNTS = np.array([1, 2, 3, 10, 100, 10_000])[:, None]


def test_without_momentum_all_are_the_known_rate() -> None:
    rate = COUNTS[:, 0] ** -0.5
    for bound in (
        bounds.paper(0, COUNTS[:, 0]),
        bounds.first_term(0, COUNTS[:, 0]),
        bounds.first_term(0, COUNTS[:, 0], "from_zero"),
        bounds.sharp(0, COUNTS[:, 0]),
        bounds.sharp(0, COUNTS[:, 0], "from_zero"),
        bounds.construction(0, COUNTS[:, 0]),
        bounds.orthogonal(COUNTS[:, 0]),
    ):
        np.testing.assert_allclose(bound, rate, rtol=1e-12)


def test_order() -> None:
    paper, first = bounds.paper(BETAS, COUNTS), bounds.first_term(BETAS, COUNTS)
    sharp, below = bounds.sharp(BETAS, COUNTS), bounds.construction(BETAS, COUNTS)
    assert (first <= paper * (1 + 1e-12)).all()
    assert (below <= sharp * (1 + 1e-12)).all()
    assert (bounds.orthogonal(COUNTS) <= bounds.upper(BETAS, COUNTS) * (1 + 1e-12)).all()
    assert (bounds.upper(BETAS, COUNTS) <= np.minimum(first, sharp) * (1 + 1e-12)).all()
    order = bounds.given_order_construction(BETAS, COUNTS[:5])
    assert (below[:5] <= order * (1 + 1e-12)).all()
    assert (order <= bounds.two_ends(BETAS, COUNTS[:5]) * (1 + 1e-12)).all()
    assert (bounds.first_term(BETAS, COUNTS, "from_zero") <= paper * (1 + 1e-12)).all()


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
def test_both_ends_are_better_than_one(averaging: str) -> None:
    one, two = (f(BETAS, COUNTS, averaging) for f in (bounds.first_term, bounds.two_ends))
    assert (two <= one * (1 + 1e-12)).all()
    np.testing.assert_allclose(two[1], 2**-0.5)
    least = np.minimum(two, bounds.sharp(BETAS, COUNTS, averaging))
    assert (bounds.upper(BETAS, COUNTS, averaging) <= least).all()
    equal = bounds.equal_values(BETAS, COUNTS[:4], averaging)
    assert (equal <= bounds.upper(BETAS, COUNTS[:4], averaging) * (1 + 1e-12)).all()
    assert (equal >= bounds.orthogonal(COUNTS[:4]) * (1 - 1e-12)).all()


def test_the_papers_bound_in_numbers() -> None:
    np.testing.assert_allclose(bounds.paper([0.0, 0.5, 0.9], [4, 16, 400]), 0.5)


@pytest.mark.parametrize("beta", [0.1, 0.3, 0.5, 0.6, 0.7, 0.9])
def test_what_the_second_value_may_cost(beta: float) -> None:
    """From first: ``2β log 2``, or the most of ``β log z - (z-1)(1-β)²`` over ``z = δ_2² >= 1``."""
    z = np.geomspace(1, 1e4, 400_001)
    cost = np.max(beta * np.log(z) - (z - 1) * (1 - beta) ** 2)
    cost = min(2 * beta * np.log(2), cost)
    total = 2 + (1 - beta**2) * 998 - np.log((1 + beta) / (1 - beta)) - cost
    assert bounds.sharp(beta, 1000) == pytest.approx(total**-0.5, rel=1e-9)


def test_all_values_equal_in_closed_form() -> None:
    n = np.arange(1, 10)
    terms = (1 - 0.9**2) / (1 - 0.9 ** (2 * n))
    assert bounds.equal_values(0.9, 10, "from_zero") == pytest.approx((1 + terms.sum()) ** -0.5)


@pytest.mark.parametrize("beta", [0.0, 0.1, 0.5, 0.9, 0.99, 0.999])
@pytest.mark.parametrize("count", [2, 3, 10, 100, 1000])
def test_the_multipliers_of_the_exact_bound(beta: float, count: int) -> None:
    """θ_k in [0, 1], and the coefficients of all l_k: what the proof of `sharp` needs."""
    k = np.arange(1, count)
    n = (1 - beta ** (2 * k)) / (1 - beta**2)
    theta = np.zeros(count - 1)
    for i in range(count - 2, 0, -1):
        theta[i - 1] = (1 / n[i] + beta**2 * theta[i]) / (beta**2 + 1 / n[i - 1])
    assert (theta >= 0).all()
    assert (theta <= 1 + 1e-12).all()
    least = ((1 - beta) / (1 - beta**k)) ** 2
    before = np.append(0.0, theta[:-1])
    assert ((1 - theta) / n + theta * least + beta * (before - theta) >= -1e-12).all()
    np.testing.assert_allclose(least * n**2, ((1 + beta**k) / (1 + beta)) ** 2, rtol=1e-9)


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9, 0.99])
def test_no_sequence_beats_the_exact_bound(beta: float) -> None:
    """Random δ >= 1 with the largest norms that the recursion allows, from zero."""
    rng = np.random.default_rng(0)
    for count in (2, 3, 8, 30):
        known = float(bounds.sharp(beta, count, "from_zero")) ** -2
        for size in (1e-3, 1e-2, 0.1, 1.0):
            for _ in range(50):
                values = np.exp(size * rng.exponential(size=count) * rng.integers(0, 2, count))
                norm_sq, total = 1.0, 0.0
                for k in range(count - 1):
                    total += values[k] ** 2 / norm_sq
                    slope = 2 * beta * norm_sq * (1 - values[k + 1] / values[k])
                    norm_sq = max(1 + beta**2 * norm_sq + slope, 1e-9)
                assert total + values[-1] ** 2 >= known - 1e-9


def least_from_first(beta: float, values: np.ndarray) -> float:
    """Return Σ_k δ_k²/N_k, both ends whole, with the largest norms that β allows, from first."""
    bend = 2 * beta / (1 - beta) * (1 - values[1] / values[0])
    norm_sq = 1 + max((beta / (1 - beta)) ** 2 + bend, 0.0)
    total = values[0] ** 2 + values[-1] ** 2
    for k in range(1, len(values) - 1):
        total += values[k] ** 2 / norm_sq
        slope = 2 * beta * norm_sq * (1 - values[k + 1] / values[k])
        norm_sq = max(1 + beta**2 * norm_sq + slope, 1e-9)
    return total


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.5, 0.7, 0.9])
def test_no_sequence_beats_the_bound_from_first(beta: float) -> None:
    rng = np.random.default_rng(0)
    for count in (3, 8, 30, 200):
        known = float(bounds.sharp(beta, count)) ** -2
        for size in (0.0, 0.1, 0.5, 2.0):
            for _ in range(50):
                fades = np.exp(-rng.exponential() * np.arange(count))
                values = np.exp(size * rng.exponential(size=count) * fades)
                assert least_from_first(beta, values) >= known - 1e-9


def test_the_factors_as_iterations_grow() -> None:
    """C_β/K is what is left at K = 1e10."""
    count, b = 1e10, np.array([0.3, 0.5, 0.9])
    factor = (1 - b**2) ** -0.5
    for averaging in ("from_first", "from_zero"):
        np.testing.assert_allclose(bounds.sharp(b, count, averaging) * 1e5, factor, rtol=1e-6)
        low = bounds.construction(b, count, averaging)
        np.testing.assert_allclose(low * 1e5, factor, rtol=1e-6)


def test_nothing_overflows() -> None:
    with np.errstate(all="raise", under="ignore"):
        extreme = bounds.sharp([0.0, 0.5, 1 - 1e-12], [[1], [10**6], [10**15]])
        assert np.isfinite(extreme).all()
        assert (extreme <= 1).all()
        assert np.isfinite(bounds.construction(0.999, [1, 10**6])).all()


def test_smooth_functions() -> None:
    assert bounds.smooth(0.0, 10) == pytest.approx(1 / 15.5)
    assert bounds.smooth(0.9, 1) == 0.5
    assert bounds.smooth(0.9, 2) == pytest.approx(1 / 3.5)
    assert bounds.smooth(0.5, 1000) == pytest.approx(1 / 502.5)


@pytest.mark.parametrize(
    ("beta", "count", "name"),
    [
        (1.0, 3, "beta"),
        (-0.1, 3, "beta"),
        (np.nan, 3, "beta"),
        (0.5, 0, "iterations"),
        (0.5, 1.5, "iterations"),
    ],
)
def test_arguments_are_checked(beta: float, count: float, name: str) -> None:
    for bound in (bounds.paper, bounds.first_term, bounds.sharp, bounds.construction):
        with pytest.raises(ValueError, match=f"{name} = .*allowed"):
            bound(beta, count)
