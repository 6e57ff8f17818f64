# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The exponential loss against its definition in 700 digits, its conjugate and its cvxpy form."""

from __future__ import annotations

from decimal import Decimal, localcontext

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.problems.base import UNIT_ROUNDOFF
from theory.problems.exponential_regression import exponential_regression
from theory.problems.scalar_losses import EXPONENTIAL

few = settings(deadline=None, derandomize=True, database=None, max_examples=60)
numbers = st.floats(-50, 50, allow_subnormal=False)


def definition(z: float) -> float:
    with localcontext() as context:
        context.prec = 700
        size = abs(Decimal(z))
        return float(size.exp() - size - 1)


@few
@given(z=numbers)
def test_value(z):
    # expm1 and the difference round once each, relative to e^|z| - 1, not to what is left of it.
    allowed = 4 * UNIT_ROUNDOFF * float(np.expm1(abs(z)))
    assert abs(EXPONENTIAL.value(np.array(z)) - definition(z)) <= allowed


@few
@given(z=numbers, w=numbers)
def test_slope_is_a_subgradient(z, w):
    value, slope = definition(z), float(EXPONENTIAL.slope(np.array(z)))
    # The slope's few roundings, times the distance.
    allowed = 8 * UNIT_ROUNDOFF * (abs(value) + abs(slope) * (abs(z) + abs(w)))
    assert value + slope * (w - z) <= definition(w) * (1 + 8 * UNIT_ROUNDOFF) + allowed


@few
@given(z=numbers, u=st.floats(-1e6, 1e6, allow_subnormal=False))
def test_conjugate(z, u):
    """Fenchel-Young, with equality at the slope."""
    v, conjugate = EXPONENTIAL.conjugate(np.array(u))
    assert v == u
    terms = abs(u * z) + abs(conjugate) + definition(z) + 1
    assert definition(z) + conjugate >= u * z - 16 * UNIT_ROUNDOFF * terms
    slope = EXPONENTIAL.slope(np.array(z))
    tight = EXPONENTIAL.conjugate(slope)[1]
    terms = abs(slope * z) + abs(tight) + definition(z) + 1
    assert abs(definition(z) + tight - slope * z) <= 16 * UNIT_ROUNDOFF * terms * (1 + abs(z))


def test_growth_is_attained():
    """``φ'' = 1 + |φ'|``: by differences of slopes, off by their second order."""
    zero, one = EXPONENTIAL.generalized_smoothness
    z = np.linspace(-8, 8, 160_001)
    slope = EXPONENTIAL.slope(z)
    steepest = np.diff(slope) / np.diff(z)
    middle = np.abs(EXPONENTIAL.slope((z[1:] + z[:-1]) / 2))
    np.testing.assert_allclose(steepest, zero + one * middle, rtol=1e-4)


def test_cvxpy_form():
    z = cp.Variable(7)
    z.value = np.array([-9.0, -1.0, -0.2, 0.0, 0.1, 1.0, 4.0])
    expression = EXPONENTIAL.expression(z)
    assert expression.is_convex()
    np.testing.assert_allclose(expression.value, EXPONENTIAL.value(z.value), rtol=1e-14, atol=1e-15)


def test_every_sample_is_least_at_the_solution():
    problem = exponential_regression(samples=9, dim=3)
    solution = np.linalg.lstsq(problem.features, problem.targets)[0]
    np.testing.assert_allclose(problem.losses(solution), problem.infima, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"scale": 0.0}, "scale = 0.0; allowed: "),
        ({"seed": -1}, "seed = -1; allowed: "),
        ({"level": float("inf")}, "level = inf; allowed: "),
        ({"samples": 0}, "samples = 0; allowed: "),
    ],
)
def test_arguments(given_, message):
    with pytest.raises(ValueError, match=message):
        exponential_regression(**given_)
