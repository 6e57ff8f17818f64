# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The last iterate: linear rates where f grows, and none where it does not."""

from __future__ import annotations

import numpy as np
import pytest

from momo.reference import Given, State, momo
from theory.theorems.last_iterate.statement import LAST_GROWING, LAST_SHARP
from theory.theorems.last_iterate.trap import wall


@pytest.mark.parametrize("iterations", [2, 3, 10, 200])
def test_the_last_value_may_be_half_of_the_first_bound(iterations):
    rows, x = wall(iterations)
    distance = np.linalg.norm(x)
    assert np.linalg.norm(rows, axis=1).max() == pytest.approx(1, rel=1e-15)  # G
    how, state, values = momo(lr=np.inf, beta=0.0, lower_bound=Given(0.0)), State(), []
    for _ in range(iterations):
        products = rows @ x
        most = int(products.argmax())
        values.append(float(products[most]))
        x, state, _ = how.step(state, x, values[-1], rows[most])
    # K-2 values of 2ε, the flat one, and the wall.
    np.testing.assert_allclose(values[:-1], [2e-4] * (iterations - 2) + [1e-4], rtol=1e-9)
    assert values[-1] >= 0.4999 * distance


def test_the_wall_needs_two_points():
    with pytest.raises(ValueError, match="iterations = 1; allowed: "):
        wall(1)
    with pytest.raises(ValueError, match=r"small = 0.5; allowed: "):
        wall(3, 0.5)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_sharp_and_growing_functions_on_the_line(beta):
    """``|x|`` and ``x²/2``, whose constants are 1: every value is within its bound."""
    for statement, of in ((LAST_SHARP, abs), (LAST_GROWING, lambda x: x * x / 2)):
        constants = {"s": 1, "G": 1} if statement is LAST_SHARP else {"mu": 1, "L": 1}
        caps = [np.inf] if statement is LAST_SHARP else [np.inf, 0.3]
        for cap in caps:
            how, state, x = momo(lr=cap, beta=beta, lower_bound=Given(0.0)), State(), np.ones(1)
            for k in range(40):
                given = dict(constants, beta=beta, K=k, D=1)
                given |= {} if statement is LAST_SHARP else {"alpha": cap}
                allowed = statement.bound(**given)
                assert of(float(x[0])) <= allowed * (1 + 1e-12) + 1e-15
                grad = np.sign(x) if statement is LAST_SHARP else x
                x, state, _ = how.step(state, x, of(float(x[0])), grad)
