# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The lower bounds: traps are what they say, and as slow as the bounds allow."""

from __future__ import annotations

import numpy as np
import pytest

from momo.reference import FROM_ZERO, Given, Identity, State, method, momo
from theory import bounds, traps


def momo_from(averaging: str, beta: float):
    if averaging == "from_first":
        return momo(lr=np.inf, beta=beta, lower_bound=Given(-1.0))
    return method(FROM_ZERO, Identity(), Given(-1.0), np.inf, beta)


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("iterations", [1, 2, 6, 200])
@pytest.mark.parametrize("make", [traps.one_function, traps.own_functions])
def test_the_reference_follows_the_trap(make, averaging, beta, iterations):
    """It is given the linearisations, ``f_k = 0``, ``f* = -1``, and makes the trap's steps."""
    made = make(beta, iterations, averaging)
    run, state, x = momo_from(averaging, beta), State(), made.to_solution[0]
    np.testing.assert_allclose(np.linalg.norm(made.gradients, axis=1), 1, rtol=1e-10)
    for point, grad in zip(made.to_solution, made.gradients, strict=True):
        # Errors of up to K steps of size up to D; the averages are as large as G/(1-β).
        np.testing.assert_allclose(x, point, atol=1e-12 * iterations)
        assert grad @ point == pytest.approx(1, rel=1e-10)
        x, state, _ = run.step(state, x, 0.0, grad)


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("iterations", [1, 6, 200])
def test_the_trap_is_one_convex_function(averaging, beta, iterations):
    """``<g_j, x^i - x*> <= δ`` for all i, j; x* is at the distance promised."""
    made = traps.one_function(beta, iterations, averaging)
    products = made.gradients @ made.to_solution.T
    assert products.max() <= 1 + 1e-12
    np.testing.assert_allclose(np.diag(products), 1, rtol=1e-12)
    value = bounds.construction(beta, iterations, averaging)
    assert value == pytest.approx(1 / made.distance, rel=1e-12)
    assert value <= bounds.sharp(beta, iterations, averaging) * (1 + 1e-12)


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.8, 0.89])
@pytest.mark.parametrize("iterations", [2, 10, 40, 200])
def test_from_zero_the_sharp_rate_is_the_worst_case(beta, iterations):
    made = traps.one_function(beta, iterations, "from_zero", last=1.0)
    assert (made.gradients @ made.to_solution.T).max() <= 1 + 1e-12
    sharp = bounds.sharp(beta, iterations, "from_zero")
    assert 1 / made.distance == pytest.approx(sharp, rel=1e-12)


def test_a_trap_without_rest_is_no_function_at_large_beta():
    made = traps.one_function(0.95, 100, "from_zero", last=1.0)
    assert (made.gradients @ made.to_solution.T).max() > 1.1


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
@pytest.mark.parametrize("beta", [0.3, 0.7, 0.9])
def test_the_trap_reaches_the_sharp_rate(averaging, beta):
    """Both are ``GD/√((1-β²)K + C)`` with C bounded in K, so that their quotient tends to 1."""
    low, high = (
        np.array([f(beta, K, averaging) for K in (100, 1000, 100_000)])
        for f in (bounds.construction, bounds.sharp)
    )
    quotient = low / high
    assert (np.diff(quotient) > 0).all()
    assert quotient[-1] > 0.98
    offset = 1 / low**2 - 1 / high**2
    assert offset[2] == pytest.approx(offset[1], rel=1e-6)


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
@pytest.mark.parametrize(("beta", "K", "part"), [(0.9, 120, 0.95), (0.95, 60, 0.5), (0.99, 8, 0.5)])
def test_the_least_rest_is_seen_to_do(averaging, beta, K, part):
    last = traps.least_rest(beta, K, averaging)
    assert 1 <= last <= traps.rest(beta, averaging)
    made = traps.one_function(beta, K, averaging, last)
    assert made.excess <= traps.ROUNDING
    assert 1 / made.distance >= bounds.construction(beta, K, averaging)
    assert 1 / made.distance >= part * bounds.sharp(beta, K, averaging)


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.99])
def test_the_rest_is_what_the_lemma_needs(averaging, beta):
    """``N_l ||y_j||² (1-√β)² >= 1``, and no more than that for the least N_l."""
    least = traps.orthogonal_norms(beta, 3000, averaging).min()
    product = least * traps.rest(beta, averaging) * (1 - np.sqrt(beta)) ** 2
    assert product == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize(("averaging", "high"), [("from_first", 0.9), ("from_zero", 0.99)])
def test_a_small_excess_is_not_taken_for_rounding(averaging, high):
    """Just beyond the largest β for which the trap without a rest is one function at K = 60."""

    def excess(beta):
        return traps.one_function(beta, 60, averaging, last=1.0).excess

    low = 0.8
    assert excess(low) <= traps.ROUNDING
    assert excess(high) > 1e-3
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) > 1e-9 else (middle, high)
    assert excess(high) < 1e-8
    assert traps.least_rest(high, 60, averaging) > 1


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("iterations", [1, 2, 6, 200])
def test_in_a_given_order_the_last_point_is_as_near_as_can_be(averaging, beta, iterations):
    """``||y_K|| = δ``: nearer than ``δ/G`` no point can have the value δ."""
    made = traps.own_functions(beta, iterations, averaging)
    assert np.linalg.norm(made.to_solution[-1]) == pytest.approx(1, rel=1e-10)


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_in_a_given_order_the_papers_factor_is_reached(averaging, beta):
    quotient = []
    for iterations in (10, 300, 10_000):
        value = bounds.given_order_construction(beta, iterations, averaging)
        bound = bounds.first_term(beta, iterations, averaging)
        assert bounds.construction(beta, iterations, averaging) <= value * (1 + 1e-12)
        assert value <= bound * (1 + 1e-12)
        quotient.append(value / bound)
    assert quotient == sorted(quotient)
    assert quotient[-1] > 0.97
