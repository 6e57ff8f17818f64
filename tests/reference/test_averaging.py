"""Averages against their weighted sums ``Σ_j ρ_{j,k} s_j``, and the recurrence of q_k."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_strategies import (
    BETA2,
    EPS,
    METHODS,
    Array,
    Samples,
    betas,
    dimensions,
    filled,
    lrs,
    numbers,
    run,
    samples,
    vectors,
)

from momo.reference import EMA_FROM_FIRST, EMA_FROM_ZERO, NO_AVERAGE, Averaging
from momo.reference.averaging import lion_average
from momo.reference.model import MomentumModel, linear_value, next_offset, offset


def first_weights(beta: float, k: int) -> Array:
    """ρ_{j,k} of the average that starts at the first sample (j = 1..k)."""
    weights = zero_weights(beta, k)
    weights[0] = beta ** (k - 1)
    return weights


def zero_weights(beta: float, k: int) -> Array:
    """ρ_{j,k} of the average that starts at zero."""
    return np.array([(1 - beta) * beta ** (k - j) for j in range(1, k + 1)])


def last_weights(beta: float, k: int) -> Array:
    return np.array([0.0] * (k - 1) + [1.0])


AVERAGES = {
    "from_first": (EMA_FROM_FIRST, first_weights),
    "from_zero": (EMA_FROM_ZERO, zero_weights),
    "none": (NO_AVERAGE, last_weights),
}
averages = pytest.mark.parametrize("name", AVERAGES)
# At most 8 samples of size at most 8, each weighted and added: a few ulps a sample.
TOL = {"rtol": 1e-13, "atol": 1e-13}


def averaged(averaging: Averaging, values: Array, beta: Array) -> Array | None:
    average = None
    for step, value in enumerate(values, start=1):
        average = averaging.update(average, value, beta, step)
    return average


@averages
@given(data=st.data(), beta=betas)
def test_average_is_the_weighted_sum(name: str, data: st.DataObject, beta: float) -> None:
    averaging, weights = AVERAGES[name]
    k = data.draw(st.integers(1, 8))
    values = data.draw(filled((k, 2), -8, 8))
    expected = weights(beta, k) @ values
    np.testing.assert_allclose(averaged(averaging, values, np.array(beta)), expected, **TOL)


@averages
@given(beta=betas, k=st.integers(1, 60))
def test_total_weight_is_the_sum_of_the_weights(name: str, beta: float, k: int) -> None:
    averaging, weights = AVERAGES[name]
    np.testing.assert_allclose(
        averaging.weight(k, np.array(beta)), weights(beta, k).sum(), rtol=2 * (k + 1) * EPS
    )


@averages
@given(value=numbers(-8, 8), beta=betas, k=st.integers(1, 8))
def test_average_of_a_constant_is_the_weight_times_it(
    name: str, value: float, beta: float, k: int
) -> None:
    averaging, _ = AVERAGES[name]
    average = averaged(averaging, np.full(k, value), np.array(beta))
    np.testing.assert_allclose(average, averaging.weight(k, np.array(beta)) * value, **TOL)


@given(data=st.data(), beta=betas, k=st.integers(1, 8))
def test_two_rates_keep_one_average_and_show_another(
    data: st.DataObject, beta: float, k: int
) -> None:
    """The weights written out: what is shown at step k is made of what was kept at k - 1."""
    averaging, kept, shown = lion_average(BETA2), BETA2, beta
    values = data.draw(filled((k, 2), -8, 8))
    weights = np.append(shown * zero_weights(kept, k - 1), 1 - shown)
    before = averaged(averaging, values[:-1], np.array(beta))
    model = averaging.model(before, values[-1], np.array(beta), k)
    np.testing.assert_allclose(model, weights @ values, **TOL)
    np.testing.assert_allclose(
        averaged(averaging, values, np.array(beta)), zero_weights(kept, k) @ values, **TOL
    )
    weight = averaging.weight(k, np.array(beta))
    np.testing.assert_allclose(weight, weights.sum(), rtol=2 * (k + 1) * EPS)


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("momo", "from_first"),
        ("sgd_m", "from_first"),
        ("momo_adam", "from_zero"),
        ("adam", "from_zero"),
        ("prox_sps", "none"),
    ],
)
@given(seen=samples(max_steps=6), lr=lrs, beta=betas)
def test_a_method_averages_losses_gradients_and_inner_products(
    method: str, name: str, seen: Samples, lr: float, beta: float
) -> None:
    _, weights = AVERAGES[name]
    steps = run(METHODS[method](lr, beta, 0.0), seen, follow=False)
    for k, step in enumerate(steps, start=1):
        rho = weights(beta, k)
        inner = np.sum(seen.grads[:k] * seen.points[:k], axis=-1)
        state = step.state
        assert state.step == k
        np.testing.assert_allclose(state.loss_avg, rho @ seen.losses[:k], **TOL)
        np.testing.assert_allclose(state.grad_avg, rho @ seen.grads[:k], **TOL)
        np.testing.assert_allclose(state.inner_avg, rho @ inner, rtol=1e-13, atol=1e-12)
        np.testing.assert_allclose(step.info.cap * rho.sum(), lr, rtol=1e-13)
        # h_k is the average of the linearisations, evaluated at x^k.
        planes = [
            seen.losses[j] + seen.grads[j] @ (seen.points[k - 1] - seen.points[j]) for j in range(k)
        ]
        np.testing.assert_allclose(step.info.value, rho @ planes, rtol=1e-13, atol=1e-11)


@given(seen=samples(max_steps=6), lr=lrs, beta=betas)
def test_adams_second_moment_is_the_weighted_sum_of_squares(
    seen: Samples, lr: float, beta: float
) -> None:
    for k, step in enumerate(run(METHODS["momo_adam"](lr, beta, 0.0), seen), start=1):
        expected = zero_weights(BETA2, k) @ seen.grads[:k] ** 2
        np.testing.assert_allclose(step.state.second_moment, expected, rtol=1e-13)


@pytest.mark.parametrize("averaging", [EMA_FROM_FIRST, EMA_FROM_ZERO], ids=["first", "zero"])
@given(data=st.data(), n=dimensions, beta=betas)
def test_next_offset_is_the_offset_of_the_next_model(
    averaging: Averaging, data: st.DataObject, n: int, beta: float
) -> None:
    """Whatever moves x. Each offset is a sum of n products of at most 16, averaged 8 times."""
    k = data.draw(st.integers(2, 8))
    points, grads = data.draw(vectors((k, n))), data.draw(vectors((k, n)))
    losses = data.draw(filled((k,), -1, 6))
    beta_ = np.array(beta)
    recurrent, previous = None, None
    for j in range(k):
        inner = np.sum(grads[: j + 1] * points[: j + 1], axis=-1)
        model = MomentumModel(
            averaged(averaging, losses[: j + 1], beta_),
            averaged(averaging, grads[: j + 1], beta_),
            averaged(averaging, inner, beta_),
            averaging.weight(j + 1, beta_),
        )
        direct = offset(model, points[j])
        if previous is not None:
            recurrent = next_offset(recurrent, previous, points[j - 1], points[j], beta_)
            np.testing.assert_allclose(recurrent, direct, rtol=0, atol=1e-12)
            value = linear_value(model, points[j])
            np.testing.assert_allclose(model.loss_avg + recurrent, value, rtol=0, atol=1e-12)
        recurrent = direct if recurrent is None else recurrent
        previous = model.grad_avg


@pytest.mark.parametrize("name", ["momo", "momo_adam"])
@given(seen=samples(max_steps=6), lr=lrs, beta=betas)
def test_without_decay_the_offset_falls_by_the_decrease(
    name: str, seen: Samples, lr: float, beta: float
) -> None:
    """``q_{k+1} = β(q_k - τ_k ||d_k||²_{D^{-1}})`` along a run, so h_{k+1} needs no x at all."""
    steps = run(METHODS[name](lr, beta, 0.0), seen)
    for step, after in pairwise(steps):
        q = step.info.value - step.info.loss_avg
        q_next = beta * (q - step.info.step_size * step.info.dual_norm_sq)
        # Both cancel <d,x> against γ; 6 steps of n products leave a few dozen ulps of them.
        size = np.abs(after.x).max() * np.abs(seen.grads).sum() + np.abs(seen.points[0]).max()
        size += np.abs(step.x).max() * np.abs(seen.grads).sum() + abs(after.state.inner_avg)
        tol = 64 * EPS * (1 + size)
        assert abs(after.info.value - after.info.loss_avg - q_next) <= tol
