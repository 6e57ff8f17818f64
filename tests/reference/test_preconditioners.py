# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Metrics: the dual norm and the direction belong to the same D; Adam's D against its formula."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_problems import scales
from reference_strategies import EPS, Array, betas, dimensions, numbers, vectors

from momo.reference import AdaGradDiagonal, AdamDiagonal, Diagonal, Frozen, Identity
from momo.reference.preconditioners import Euclidean, Metric, inner


@st.composite
def metrics(draw: st.DrawFn) -> tuple[Metric, Array]:
    """A metric and its diagonal."""
    n = draw(dimensions)
    entries = draw(scales((n,), 6))
    return draw(st.sampled_from([(Euclidean(), np.ones(n)), (Diagonal(entries), entries)]))


# Sums of at most 5 terms of one sign, each within 3 ulps.
RTOL = 16 * EPS


@given(pair=metrics(), data=st.data())
def test_dual_norm_and_direction_are_of_one_metric(
    pair: tuple[Metric, Array], data: st.DataObject
) -> None:
    metric, entries = pair
    d, x = data.draw(vectors(entries.shape)), data.draw(vectors(entries.shape))
    np.testing.assert_allclose(metric.dual_norm_sq(d), np.sum(d * metric.direction(d)), rtol=RTOL)
    np.testing.assert_allclose(metric.direction(d) * entries, d, rtol=RTOL)
    np.testing.assert_allclose(metric.norm_sq(x), np.sum(entries * x**2), rtol=RTOL)
    # The dual of the dual: ||D^{-1} d||_D = ||d||_{D^{-1}}.
    np.testing.assert_allclose(
        metric.norm_sq(metric.direction(d)), metric.dual_norm_sq(d), rtol=RTOL
    )
    product, bound = np.sum(d * x) ** 2, metric.dual_norm_sq(d) * metric.norm_sq(x)
    # <d,x> is rounded at the size of its terms, which Cauchy-Schwarz bounds as well.
    assert product <= bound * (1 + 4 * RTOL)


@given(data=st.data(), n=dimensions)
def test_inner_is_the_sum_of_products(data: st.DataObject, n: int) -> None:
    a, b = data.draw(vectors((2, 3, n))), data.draw(vectors((3, n)))
    expected = [[sum(a[i, j] * b[j]) for j in range(3)] for i in range(2)]
    np.testing.assert_allclose(inner(a, b), expected, rtol=0, atol=16 * n * EPS * n)


@given(data=st.data(), n=dimensions, beta2=betas, steps=st.integers(1, 6), eps=numbers(0.004, 1))
def test_adams_diagonal(data: st.DataObject, n: int, beta2: float, steps: int, eps: float) -> None:
    rule, memory = AdamDiagonal(beta2, eps), None
    grads = data.draw(vectors((steps, n)))
    for k in range(1, steps + 1):
        metric, memory = rule.update(memory, grads[k - 1], k)
        weights = [(1 - beta2) * beta2 ** (k - j) for j in range(1, k + 1)]
        second_moment = np.tensordot(weights, grads[:k] ** 2, axes=1)
        entries = eps + np.sqrt(second_moment / np.sum(weights))
        # Positive sums of at most 6 terms, over 1 - β2^k, which is at least 0.02.
        np.testing.assert_allclose(memory, second_moment, rtol=1e-13)
        np.testing.assert_allclose(metric.direction(np.ones(n)), 1 / entries, rtol=1e-12)


def test_a_coordinate_without_gradient_has_epsilon_alone() -> None:
    metric, _ = AdamDiagonal(0.9, 0.25).update(None, np.array([0.0, 1.0]), 1)
    assert metric.direction(np.ones(2))[0] == 4.0


@given(data=st.data(), n=dimensions, steps=st.integers(1, 3))
def test_the_identity_keeps_nothing(data: st.DataObject, n: int, steps: int) -> None:
    memory: Any = None
    for k in range(1, steps + 1):
        grad = data.draw(vectors((n,)))
        metric, memory = Identity().update(memory, grad, k)
        assert memory is None
        assert np.array_equal(metric.direction(grad), grad)


@pytest.mark.parametrize("beta2", [0.0, 0.999])
def test_the_first_diagonal_is_the_size_of_the_gradient(beta2: float) -> None:
    """Bias correction: at k = 1 every β2 gives ``D = ε + |g|``."""
    grad = np.array([3.0, -0.5])
    metric, _ = AdamDiagonal(beta2, 1e-8).update(None, grad, 1)
    np.testing.assert_allclose(metric.direction(grad), grad / (1e-8 + np.abs(grad)), rtol=1e-12)


@given(data=st.data(), n=dimensions, steps=st.integers(1, 6), eps=numbers(0.004, 1))
def test_adagrads_diagonal_is_the_root_of_all_squares(
    data: st.DataObject, n: int, steps: int, eps: float
) -> None:
    rule, memory, before = AdaGradDiagonal(eps), None, np.zeros(n)
    grads = data.draw(vectors((steps, n)))
    for k in range(1, steps + 1):
        metric, memory = rule.update(memory, grads[k - 1], k)
        entries = eps + np.sqrt(np.sum(grads[:k] ** 2, axis=0))
        # Positive sums of at most 6 terms.
        np.testing.assert_allclose(metric.norm_sq(np.eye(n)), entries, rtol=RTOL)
        assert (metric.norm_sq(np.eye(n)) >= before).all()
        before = metric.norm_sq(np.eye(n))


@given(data=st.data(), n=dimensions, steps=st.integers(1, 3))
def test_a_frozen_metric_stays(data: st.DataObject, n: int, steps: int) -> None:
    entries = data.draw(scales((n,), 6))
    rule, memory = Frozen(entries), None
    for k in range(1, steps + 1):
        metric, memory = rule.update(memory, data.draw(vectors((n,))), k)
        np.testing.assert_array_equal(metric.direction(np.ones(n)), 1 / entries)
        assert memory is None


def test_shapes_are_those_of_the_runs() -> None:
    """One ε a run, but a diagonal for each: its last axis is that of x."""
    assert AdaGradDiagonal([0.1, 0.2]).shapes == {"eps": (2,)}
    assert Frozen(np.ones((2, 3))).shapes == {"entries": (2,)}
    assert Frozen(np.ones(3)).shapes == {"entries": ()}


@pytest.mark.parametrize("entries", [0.0, [1.0, -1.0], [np.inf], [np.nan]])
def test_a_metric_is_positive(entries: Any) -> None:
    with pytest.raises(ValueError, match=r"entries .*allowed"):
        Frozen(entries)
    with pytest.raises(ValueError, match=r"eps .*allowed"):
        AdaGradDiagonal(entries)
