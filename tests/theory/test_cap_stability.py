# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How much a learning rate that is off costs: SGD, exactly; and MoMo, within its guarantee."""

from __future__ import annotations

import numpy as np
import pytest

from momo.reference import Given, State, momo, sgd_m
from theory.theorems.cap_stability import bound
from theory.theorems.cap_stability.statement import CAP_STABILITY


@pytest.mark.parametrize("iterations", [1, 3, 50])
@pytest.mark.parametrize("periods", [0, 1, 4])
def test_what_too_large_a_step_costs_sgd(iterations, periods):
    alpha, least = bound.sgd_at_least(iterations, periods)
    how, state, x, values = sgd_m(lr=alpha, beta=0.0), State(), np.ones(1), []
    for _ in range(iterations):
        values.append(abs(float(x[0])))
        x, state, _ = how.step(state, x, values[-1], np.sign(x))
    assert min(values) == pytest.approx(least, rel=1e-12)
    assert least >= alpha / 2 * (1 - 1e-12)


@pytest.mark.parametrize("factor", [0.05, 0.3, 1.0, 3.0, 30.0])
def test_momo_with_a_cap_that_is_off(factor):
    """On ``|x|`` and on a ball of random directions the guarantee holds for every factor."""
    steps, rng = 16, np.random.default_rng(0)
    for _ in range(20):
        rows = rng.standard_normal((3, 4))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        x = rng.standard_normal(4)
        x /= np.linalg.norm(x)
        how, state, least = momo(lr=factor / 4, beta=0.5, lower_bound=Given(0.0)), State(), np.inf
        for _ in range(steps):
            products = rows @ x
            most = int(np.abs(products).argmax())
            least = min(least, abs(products[most]))
            grad = np.sign(products[most]) * rows[most]
            x, state, _ = how.step(state, x, abs(products[most]), grad)
        given = {"G": 1, "D": 1, "beta": 0.5, "K": steps, "s": min(factor, 1), "alpha": factor / 4}
        assert CAP_STABILITY.applies(**given)
        assert least <= CAP_STABILITY.bound(**given)
    assert CAP_STABILITY.bound(**given) == pytest.approx(bound.momo(factor) / (0.5 * 4))


def test_the_quantity():
    factor = np.array([0.1, 1, 10])
    np.testing.assert_allclose(bound.momo(factor), [5.05, 1, 1])
    np.testing.assert_allclose(bound.sgd(factor), [5.05, 1, 5.05])
    with pytest.raises(ValueError, match="factor = 0; allowed: numbers > 0"):
        bound.momo(0)
    with pytest.raises(ValueError, match="iterations, periods = 0, 1; allowed: "):
        bound.sgd_at_least(0, 1)
