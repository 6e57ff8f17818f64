# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""(L0, L1)-smooth functions: the line lemma's constant, the bounds, and runs outside the plan."""

from __future__ import annotations

import numpy as np
import pytest

from momo.reference import Given, State, momo
from theory.theorems.generalized_smooth import bound
from theory.theorems.generalized_smooth.statement import SPS, SUM

X = np.concatenate([np.geomspace(1e-3, 1, 40), np.linspace(1, 12, 200)])


def line_gap(x: np.ndarray, zero: float, one: float) -> tuple[np.ndarray, np.ndarray]:
    """Return ``f* - f(x) - <g, x*-x>`` and ``||g||`` for ``(L0/L1²)(e^{L1|x|} - 1 - L1|x|)``."""
    loss = zero / one**2 * (np.expm1(one * x) - one * x)
    grad = zero / one * np.expm1(one * x)
    return grad * x - loss, grad


@pytest.mark.parametrize(("zero", "one"), [(1.0, 1.0), (0.3, 2.0), (4.0, 0.1)])
def test_the_line_lemma_and_its_constant(zero, one):
    gap, norm = line_gap(X / one, zero, one)
    assert (norm**2 / (2 * (zero + one * norm / 3)) <= gap * (1 + 1e-9)).all()
    # Nothing below 1/3 would do: as x tends to 0 the third derivatives decide.
    assert (norm**2 / (2 * (zero + 0.32 * one * norm)) > gap)[X == 1e-3].all()
    # The conjugate is exact, and grows like u log u: no rational constant is sharp everywhere.
    t = one * norm / zero
    conjugate = zero / one**2 * ((1 + t) * np.log1p(t) - t)
    np.testing.assert_allclose(conjugate, gap, rtol=1e-9)


def test_the_bounds_are_the_statements():
    one, steps = 0.7, np.array([10, 100, 1000])
    least = bound.free(steps, one)
    np.testing.assert_allclose(SPS.bound("steps", D=1, L0=1, L1=one, eps=least), steps, rtol=1e-12)
    assert np.isinf(bound.free(1, 1.0))
    assert bound.least(0.9, 101, np.inf, 6.0, 0.5) == pytest.approx(2 / 11)
    assert bound.least(0.0, 1, 0.25, 6.0, 0.5) == 4.0


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("alpha", [np.inf, 0.3, 0.02])
def test_the_sum_on_random_functions(beta, alpha):
    """``cosh<a, x> - 1``: the Hessian's norm is ``‖a‖² √(1 + sinh²) <= ‖a‖² + ‖a‖ ‖∇f‖``."""
    rng = np.random.default_rng(0)
    best = 0.0
    for _ in range(40):
        rows = rng.standard_normal((rng.integers(1, 4), 3)) * np.exp(rng.normal())
        zero, one = (rows**2).sum(1).max(), np.sqrt((rows**2).sum(1).max())
        x = 2 * rng.standard_normal(3) / one
        room, total = x @ x, 0.0
        method, state, d = momo(lr=alpha, beta=beta, lower_bound=Given(0.0)), State(), np.zeros(3)
        for k in range(25):
            row = rows[rng.integers(len(rows))]
            z = row @ x
            loss, grad = np.cosh(z) - 1, np.sinh(z) * row
            d = beta * d + (1 - beta) * grad if k else grad
            weight = 1 - beta if k else 1.0
            total += weight * loss * min(alpha, 1 / (zero + one * np.linalg.norm(d) / 3))
            x, state, _ = method.step(state, x, loss, grad)
        best = max(best, total / room)
        # Some thousand roundings of numbers no larger than the room.
        assert total <= SUM.bound("each step", D=np.sqrt(room)) * (1 + 1e-12)
    assert best > (0.5 if alpha == np.inf and beta == 0 else 0.02)
