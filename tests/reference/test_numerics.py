# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Edges of the arithmetic: bounds above the model, zero and extreme scales, kinds of input."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from reference_strategies import (
    METHODS,
    TRUNCATED,
    Array,
    Samples,
    betas,
    filled,
    lrs,
    numbers,
    run,
    samples,
    vectors,
    weight_decays,
)

from momo.reference import (
    FROM_FIRST,
    SUM,
    Given,
    Sign,
    Spectral,
    State,
    grouped,
    method,
    momo,
    momo_adam,
    sgd_m,
)
from momo.reference.groups import GroupedState

SCALES = [1e-100, 1.0, 1e100]
both_forms = pytest.mark.parametrize("product", [None, SUM], ids=["constrained", "regularised"])
every_norm = pytest.mark.parametrize(
    "norm",
    [lambda shape: Sign(), lambda shape: Spectral(shape, "polar")],
    ids=["sign", "spectral"],
)


@pytest.mark.parametrize("build", [momo, momo_adam], ids=["momo", "momo_adam"])
@given(seen=samples(), lr=lrs, decay=weight_decays)
def test_below_the_bound_there_is_no_step(
    build: Any, seen: Samples, lr: float, decay: float
) -> None:
    """The model lies below 1e6 whatever the samples drawn; only the decay is left."""
    for step in run(build(lr, weight_decay=decay, lower_bound=Given(1e6)), seen):
        assert step.info.adaptive == 0
        assert step.info.step_size == 0
        assert np.array_equal(step.x_next, 1 / (1 + lr * decay) * step.x)


@pytest.mark.parametrize("lr", [1.0, np.inf])
def test_at_the_bound_there_is_no_step(lr: float) -> None:
    x_next, _, info = momo(lr, lower_bound=Given(2.0)).step(State(), [1.0, 3.0], 2.0, [1.0, 1.0])
    assert info.step_size == 0
    assert np.array_equal(x_next, [1.0, 3.0])


@pytest.mark.parametrize("name", TRUNCATED)
@pytest.mark.parametrize("lr", [0.5, np.inf])
@pytest.mark.parametrize("scale_x", SCALES)
@pytest.mark.parametrize("scale_loss", SCALES)
@pytest.mark.parametrize("scale_grad", SCALES)
def test_no_overflow_at_extreme_scales(
    name: str, lr: float, scale_x: float, scale_loss: float, scale_grad: float
) -> None:
    """Warnings are errors. Gradients of one sign, so that their average is of their scale."""
    built, state = METHODS[name](lr, 0.9, 0.0), State()
    x = scale_x * np.array([1.0, -2.0, 0.5])
    for factor in (1.0, 0.5):
        loss, grad = factor * scale_loss, factor * scale_grad * np.array([1.0, 3.0, 2.0])
        bound = 0.0 if "per_batch" in name else None
        x_next, state, info = built.step(state, x, loss, grad, lower_bound=bound)
        assert np.isfinite(x_next).all()
        assert 0 <= info.step_size <= info.cap


@both_forms
@every_norm
@pytest.mark.parametrize("scale", SCALES)
def test_norm_steps_at_extreme_scales(product: Any, norm: Any, scale: float) -> None:
    d = scale * np.array([1.0, 3.0, 2.0, -1.0])
    built = method(FROM_FIRST, norm((2, 2)), Given(), np.inf, product=product)
    y, _, _ = built.step(State(), np.zeros(4), 1.0, d)
    np.testing.assert_allclose(np.sum(d * y), -1.0, rtol=1e-13)


def steps_of(loss: float, grad: float, lr: float) -> list[Array]:
    """The step from 0 by everything that divides by ||d||²."""
    return [
        momo(lr).step(State(), [0.0], loss, [grad])[0],
        grouped(momo(lr)).step(GroupedState(), [[0.0]], loss, [[grad]])[0][0],
    ]


def test_an_adaptive_term_beyond_the_largest_number_is_capped() -> None:
    """ζ is 1e310, and then ``min{α/ρ, ζ}`` is α/ρ: no warning, and the capped step."""
    for step in steps_of(loss=1e100, grad=1e-105, lr=1.0):
        assert np.array_equal(step, [-1e-105])


def test_capped_methods_need_no_adaptive_term() -> None:
    x_next, _, _ = sgd_m(1.0).step(State(), [0.0], 1e100, [1e-105])
    assert np.array_equal(x_next, [-1e-105])


@pytest.mark.parametrize("grad", [1e-155, 1e-160, 1e-170])
def test_a_gradient_whose_square_has_lost_its_digits_counts_as_zero(grad: float) -> None:
    for step in steps_of(loss=1.0, grad=grad, lr=1.0):
        assert np.array_equal(step, [0.0])


@pytest.mark.parametrize("name", METHODS)
def test_integers_are_numbers(name: str) -> None:
    whole = [1, 2], 3, [1, -1]
    bound = 1 if "per_batch" in name else None
    ours, _, _ = METHODS[name](1, 0, 1).step(State(), *whole, bound)
    real = [np.array(value, dtype=float) for value in whole]
    theirs, _, _ = METHODS[name](1.0, 0.0, 1.0).step(State(), *real, bound)
    assert ours.dtype == np.float64
    assert np.array_equal(ours, theirs)


@given(x=vectors((3,)), grad=vectors((3,)), loss=filled((), -1, 6), beta=betas)
def test_everything_is_computed_in_double_precision(
    x: Array, grad: Array, loss: Array, beta: float
) -> None:
    narrow = [np.float32(value) for value in (x, loss, grad)]
    wide = [np.float64(value) for value in narrow]
    for name in ("momo", "momo_adam", "momo_star"):
        built = METHODS[name](0.5, beta, 0.25)
        ours, state, _ = built.step(State(), *narrow)
        theirs, _, _ = built.step(State(), *wide)
        assert ours.dtype == state.grad_avg.dtype == np.float64
        assert np.array_equal(ours, theirs)


@both_forms
@every_norm
@pytest.mark.parametrize("lr", [1.0, np.inf])
@given(x=vectors((6,)), loss=numbers(-1, 6))
def test_a_norm_step_without_gradient_moves_nothing(
    product: Any, norm: Any, lr: float, x: Array, loss: float
) -> None:
    built = method(FROM_FIRST, norm((2, 3)), Given(-1.0), lr, product=product)
    assert np.array_equal(built.step(State(), x, loss, np.zeros(6))[0], x)
