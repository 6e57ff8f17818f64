# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""MoMo* before bootstrapping: its estimates lie above f* in the mean, as far as is proven."""

from __future__ import annotations

import numpy as np
import pytest

from momo.reference import FROM_ZERO, AdamDiagonal, Given, State, method, momo_star
from theory.theorems.online_sum.statement import ONLINE_SUM


def hinges(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and a start: ``f_i(x) = |<a_i, x>|``, least at 0."""
    return rng.standard_normal((rng.integers(1, 5), 3)), rng.standard_normal(3)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_estimates_and_points_on_random_functions(beta):
    rng, nearest = np.random.default_rng(1), [0.0, 0.0]
    for _ in range(60):
        rows, x = hinges(rng)
        floor, lr = -rng.exponential(), rng.choice([np.inf, 0.1, 1.0])
        how, state, room = momo_star(lr=lr, beta=beta, lb=floor), State(), x @ x
        taus, estimates, deltas, squares = [], [], [], []
        for k in range(30):
            row = rows[rng.integers(len(rows))]
            loss, grad = abs(row @ x), np.sign(row @ x) * row
            x, state, info = how.step(state, x, loss, grad)
            taus.append(float(info.step_size))
            squares.append(float(info.step_size**2 * info.dual_norm_sq))
            estimates.append(float(info.value) - 0.5 * taus[-1] * float(info.dual_norm_sq))
            deltas.append(loss * (1 - beta if k else 1))
        steps = np.array(taus)
        if steps.sum() == 0:
            continue
        values = {"T": steps.sum(), "fstar": 0.0, "floor": floor, "D": np.sqrt(room), "beta": beta}
        values |= {"F": steps @ estimates / steps.sum(), "M": steps @ deltas / steps.sum()}
        values["Q"] = sum(squares) / steps.sum()
        for i, label in enumerate(("estimates", "points")):
            measured, allowed = ONLINE_SUM.sides(label, **values)
            # Some thousand roundings of numbers no larger than the bound's two terms.
            assert measured <= allowed + 1e-12 * (1 + abs(allowed))
            nearest[i] = max(nearest[i], float(measured / allowed))
    assert nearest[0] > 0.5  # it may lie above f*, and by as much
    assert nearest[1] > 0.3


def test_with_the_products_in_a_metric_that_changes():
    """Adam's metric: ``Σ 2 η_k τ_k (f̂_k - ρ_k f*) <= ||x^1-x*||²_{P_1}``, η_k a product."""
    rng, nearest = np.random.default_rng(2), 0.0
    for _ in range(40):
        rows, x = hinges(rng)
        how = method(FROM_ZERO, AdamDiagonal(0.9, 0.1), Given(-0.5), 0.3, 0.5)
        state, second, before, eta, total, room = State(), np.zeros(3), None, 1.0, 0.0, 0.0
        for k in range(1, 31):
            row = rows[rng.integers(len(rows))]
            loss, grad = abs(row @ x), np.sign(row @ x) * row
            second = 0.9 * second + 0.1 * grad**2
            metric = 0.1 + np.sqrt(second / (1 - 0.9**k))
            if before is None:
                room = metric @ x**2
            else:
                eta *= (before / metric).min()
            x, state, info = how.step(state, x, loss, grad)
            tau = float(info.step_size)
            total += 2 * eta * tau * (float(info.value) - 0.5 * tau * float(info.dual_norm_sq))
            before = metric
            assert total + eta * metric @ x**2 <= room * (1 + 1e-12)
            nearest = max(nearest, total / room)
    assert nearest > 0.3
