# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Averages against their weighted sums ``Σ_j ρ_{j,k} s_j``, and the recurrence of q_k."""

from itertools import pairwise
from typing import Any

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
    filled,
    lrs,
    numbers,
    run,
    samples,
)

from momo.core.ops import arrays
from momo.reference import FROM_FIRST, FROM_ZERO, LionAverage
from momo.reference.model import MomentumModel, linear_value


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
    "from_first": (FROM_FIRST, first_weights),
    "from_zero": (FROM_ZERO, zero_weights),
}
averages = pytest.mark.parametrize("name", AVERAGES)
# At most 8 samples of size at most 8, each weighted and added: a few ulps a sample.
TOL = {"rtol": 1e-13, "atol": 1e-13}


def averaged(averaging: Any, values: Array, beta: Array) -> tuple[Array, Array]:
    """What the model sees at the last sample, and what is kept."""
    shown = kept = np.zeros(values.shape[1:])
    for k, value in enumerate(values, start=1):
        betas = averaging.betas(beta, k, arrays())
        shown, kept = (share * kept + (1 - share) * value for share in betas)
    return shown, kept


def weight_of(averaging: Any, k: int, beta: Array) -> Array:
    """ρ_k: the average of ones."""
    return averaged(averaging, np.ones(k), beta)[0]


@averages
@given(data=st.data(), beta=betas)
def test_average_is_the_weighted_sum(name: str, data: st.DataObject, beta: float) -> None:
    averaging, weights = AVERAGES[name]
    k = data.draw(st.integers(1, 8))
    values = data.draw(filled((k, 2), -8, 8))
    expected = weights(beta, k) @ values
    for average in averaged(averaging, values, np.array(beta)):
        np.testing.assert_allclose(average, expected, **TOL)


@averages
@given(beta=betas, k=st.integers(1, 60))
def test_total_weight_is_the_sum_of_the_weights(name: str, beta: float, k: int) -> None:
    averaging, weights = AVERAGES[name]
    np.testing.assert_allclose(
        weight_of(averaging, k, np.array(beta)), weights(beta, k).sum(), rtol=2 * (k + 1) * EPS
    )


@averages
@given(value=numbers(-8, 8), beta=betas, k=st.integers(1, 8))
def test_average_of_a_constant_is_the_weight_times_it(
    name: str, value: float, beta: float, k: int
) -> None:
    averaging, _ = AVERAGES[name]
    average, _ = averaged(averaging, np.full(k, value), np.array(beta))
    np.testing.assert_allclose(average, weight_of(averaging, k, np.array(beta)) * value, **TOL)


@given(data=st.data(), beta=betas, k=st.integers(1, 8))
def test_two_rates_keep_one_average_and_show_another(
    data: st.DataObject, beta: float, k: int
) -> None:
    """The weights written out: what is shown at step k is made of what was kept at k - 1."""
    averaging, kept, shown = LionAverage(BETA2), BETA2, beta
    values = data.draw(filled((k, 2), -8, 8))
    weights = np.append(shown * zero_weights(kept, k - 1), 1 - shown)
    model, memory = averaged(averaging, values, np.array(beta))
    np.testing.assert_allclose(model, weights @ values, **TOL)
    np.testing.assert_allclose(memory, zero_weights(kept, k) @ values, **TOL)
    weight = weight_of(averaging, k, np.array(beta))
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
    weights = last_weights if name == "none" else AVERAGES[name][1]
    steps = run(METHODS[method](lr, beta, 0.0), seen, follow=False)
    for k, step in enumerate(steps, start=1):
        rho = weights(beta, k)
        inner = np.sum(seen.grads[:k] * seen.points[:k], axis=-1)
        state = step.state
        assert state.k == k
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


@pytest.mark.parametrize("name", ["momo", "momo_adam"])
@given(seen=samples(max_steps=8), lr=lrs, beta=betas)
def test_the_offset_follows_from_the_last_one(
    name: str, seen: Samples, lr: float, beta: float
) -> None:
    """``q_{k+1} = β(q_k + <d_k, x^{k+1} - x^k>)``, whatever moves x.

    Each offset is a sum of n products of at most 16, averaged 8 times.
    """
    steps = run(METHODS[name](lr, beta, 0.0), seen, follow=False)
    for before, after in pairwise(steps):
        q = float(before.info.value - before.info.loss_avg)
        moved = float(before.state.grad_avg @ (after.x - before.x))
        q_next = float(after.info.value - after.info.loss_avg)
        np.testing.assert_allclose(q_next, beta * (q + moved), rtol=0, atol=1e-12)
        model = MomentumModel(
            after.state.loss_avg, after.state.grad_avg, after.state.inner_avg, np.array(1.0)
        )
        value = linear_value(model, after.x)
        np.testing.assert_allclose(value, after.info.value, rtol=0, atol=1e-12)


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
