# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The scalar losses: each against its definition, its conjugate and its cvxpy form."""

from __future__ import annotations

import pickle

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.problems.base import UNIT_ROUNDOFF
from theory.problems.scalar_losses import ABSOLUTE, HINGE, LOGISTIC, SQUARED, SQUARED_HINGE, huber

LOSSES = {
    loss.name: loss
    for loss in (ABSOLUTE, SQUARED, huber(0.25), huber(3.0), HINGE, SQUARED_HINGE, LOGISTIC)
}
each = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
few = settings(deadline=None, derandomize=True, database=None, max_examples=60)
numbers = st.floats(-50, 50, allow_subnormal=False)

DEFINITIONS = {
    "absolute": abs,
    "squared": lambda z: z * z / 2,
    "huber(0.25)": lambda z: z * z / 2 if abs(z) <= 0.25 else 0.25 * abs(z) - 0.03125,
    "huber(3.0)": lambda z: z * z / 2 if abs(z) <= 3 else 3 * abs(z) - 4.5,
    "hinge": lambda z: -z if z < 0 else 0.0,
    "squared_hinge": lambda z: z * z / 2 if z < 0 else 0.0,
    "logistic": lambda z: np.log1p(np.exp(-z)),
}


@each
@few
@given(z=numbers)
def test_value(loss, z):
    # A handful of roundings; in Huber's linear part the subtraction loses at most a factor of two.
    np.testing.assert_allclose(
        loss.value(np.array(z)), DEFINITIONS[loss.name](z), rtol=16 * UNIT_ROUNDOFF, atol=0
    )


@each
@few
@given(z=numbers, w=numbers)
def test_slope_is_a_subgradient(loss, z, w):
    value, slope = loss.value(np.array(z)), loss.slope(np.array(z))
    above = loss.value(np.array(w))
    # Some eight roundings of terms of this size.
    allowed = 8 * UNIT_ROUNDOFF * (abs(value) + abs(slope) * (abs(z) + abs(w)) + abs(above))
    assert value + slope * (w - z) <= above + allowed
    assert abs(slope) <= loss.lipschitz
    if loss.curvature is not None:
        difference = abs(loss.slope(np.array(w)) - slope)
        assert difference <= loss.curvature * abs(w - z) * (1 + 8 * UNIT_ROUNDOFF) + 1e-15


@each
def test_constants_are_attained(loss):
    z = np.linspace(-100, 100, 2_000_001)
    slope = loss.slope(z)
    if np.isfinite(loss.lipschitz):
        # The logistic slope tends to 1 like 1 - e^{-|z|}.
        assert np.abs(slope).max() == pytest.approx(loss.lipschitz, rel=1e-15)
    else:
        assert np.abs(slope).max() == 100
    steepest = np.abs(np.diff(slope)).max() / 1e-4
    if loss.curvature is None:
        assert steepest > 1e3
    else:
        # Differences of slopes at points of size 100, 1e-4 apart: 1e-14/1e-4.
        assert steepest == pytest.approx(loss.curvature, rel=1e-8)


@each
@few
@given(z=numbers, u=st.floats(-1e6, 1e6, allow_subnormal=False))
def test_conjugate(loss, z, u):
    """Fenchel-Young, with equality at the slope, and the projection onto the domain."""
    v, conjugate = loss.conjugate(np.array(u))
    value = loss.value(np.array(z))
    terms = abs(v * z) + abs(conjugate) + value + 1
    assert value + conjugate >= v * z - 16 * UNIT_ROUNDOFF * terms
    slope = loss.slope(np.array(z))
    same, tight = loss.conjugate(slope)
    assert same == slope
    terms = abs(slope * z) + abs(tight) + value + 1
    # The entropy's slope log(v/(1+v)) = z multiplies the rounding of v.
    assert abs(value + tight - slope * z) <= 16 * UNIT_ROUNDOFF * terms * (1 + abs(z))
    again, _ = loss.conjugate(v)
    assert again == v
    low, high = loss.slope(np.array(-1e15)), loss.slope(np.array(1e15))
    assert v == np.clip(u, min(low, high), max(low, high))


@each
def test_cvxpy_form(loss):
    z = cp.Variable(9)
    z.value = np.array([-30.0, -3.0, -1.0, -0.2, 0.0, 0.1, 1.0, 4.0, 20.0])
    expression = loss.expression(z)
    assert expression.shape == (9,)
    assert expression.is_convex()
    np.testing.assert_allclose(expression.value, loss.value(z.value), rtol=1e-14, atol=1e-15)


@each
def test_argmin(loss):
    for point in (-2.0, -1e-3, 0.0, 1e-3, 2.0):
        z = cp.Variable()
        constraints = loss.argmin(z)
        z.value = point
        satisfied = all(constraint.violation() == 0 for constraint in constraints)
        assert satisfied == (loss.value(np.array(point)) == 0)


@each
def test_infimum_is_zero(loss):
    values = loss.value(np.linspace(-50, 800, 85_001))
    assert values.min() == 0
    assert (values >= 0).all()


@each
def test_extreme_arguments(loss):
    z = np.array([-1e150, -800.0, 0.0, 800.0, 1e150])
    assert np.isfinite(loss.value(z)).all()
    assert np.isfinite(loss.slope(z)).all()
    assert np.isfinite(loss.conjugate(z)[1]).all()


@each
def test_pickle(loss):
    copy = pickle.loads(pickle.dumps(loss))
    assert copy == loss or copy.name == loss.name
    assert copy.value(np.array(-0.7)) == loss.value(np.array(-0.7))


@pytest.mark.parametrize("delta", [0.0, -1.0, float("nan"), float("inf")])
def test_huber_needs_a_positive_delta(delta):
    with pytest.raises(ValueError, match=rf"delta = {delta!r}; allowed: "):
        huber(delta)
