# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Why the theory needs an inner product: in the maximum norm no Fejér step, and no convergence.

The integers of the counterexample are exact in float64.
"""

from __future__ import annotations

import numpy as np

from momo.reference import FROM_FIRST, SUM, Given, Method, State, method
from momo.reference.preconditioners import Identity, Sign
from theory.problems.base import Array

ROWS = np.array([[3.0, 1.0], [1.0, 3.0]])
"""``f(x) = max{|3x + y|, |x + 3y|}``, least at 0, with value 0."""


def loss_and_grad(x: Array) -> tuple[Array, Array]:
    values = ROWS @ x
    most = int(np.abs(values).argmax())
    return np.abs(values[most]), np.sign(values[most]) * ROWS[most]


def path(how: Method, steps: int) -> tuple[Array, Array]:
    """Return the points and the losses."""
    x, state = np.array([4.0, -4.0]), State()
    points, losses = [], []
    for _ in range(steps):
        loss, grad = loss_and_grad(x)
        points.append(x)
        losses.append(loss)
        x, state, _ = how.step(state, x, loss, grad)
    return np.array(points), np.array(losses)


def test_in_the_maximum_norm_it_goes_round_for_ever() -> None:
    how = method(FROM_FIRST, Sign(), Given(0.0), np.inf, 0.0, product=SUM)
    points, losses = path(how, 1000)
    assert points[:4].tolist() == [[4, -4], [2, -6], [6, -2], [2, -6]]
    assert losses.tolist() == [8] + [16] * 999
    # Each step goes to the zero of its own model, by a step as short as the maximum norm allows.
    length = np.abs(np.diff(points, axis=0)).max(axis=1)
    np.testing.assert_array_equal(length, losses[:-1] / 4)
    for norm in (2, np.inf):
        distance = np.linalg.norm(points, norm, axis=1)
        assert distance[1] > distance[0]
        assert (distance[1:] == distance[1]).all()
    # Nor in the dual norm: there it never comes nearer.
    assert (np.abs(points).sum(axis=1) == 8).all()


def test_in_the_norm_of_an_inner_product_it_comes_nearer() -> None:
    how = method(FROM_FIRST, Identity(), Given(0.0), np.inf, 0.0)
    points, losses = path(how, 200)
    distance = np.linalg.norm(points, axis=1)
    moving = losses[:-1] > 0
    assert (np.diff(distance)[moving] < 0).all()
    # Fejér: ``Σ f²/||g||² <= D²`` with ``||g||² = 10`` and ``D² = 32``.
    assert (losses**2).sum() <= 320 * (1 + 1e-12)
    assert losses.min() < 1e-3 * losses[0]
