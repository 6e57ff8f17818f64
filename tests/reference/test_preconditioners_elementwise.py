# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Elementwise and factored preconditioners: their laws, and each against its definition."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_strategies import EPS, Array, betas, dimensions, numbers, vectors

from momo.reference.preconditioners import (
    AdaBeliefDiagonal,
    AdaGradDiagonal,
    AdamDiagonal,
    AmsGradDiagonal,
    Factored,
    Identity,
    Metric,
    NgnDiagonal,
    Preconditioner,
    Sign,
)

MATRIX = (2, 3)
N = 6
Rule = Callable[[float, float], Preconditioner]
RULES: dict[str, Rule] = {
    "amsgrad": AmsGradDiagonal,
    "adagrad": lambda beta2, eps: AdaGradDiagonal(eps),
    "adabelief": AdaBeliefDiagonal,
    "sign": lambda beta2, eps: Sign(),
    "factored": lambda beta2, eps: Factored(MATRIX, 0.1 + beta2, eps),
    "factored_vector": lambda beta2, eps: Factored((N,), 0.1 + beta2, eps),
}
small = numbers(0.004, 1)

# Positive sums of at most 5 terms with weights of up to 5 factors, over 1 - β2^k >= 0.02 where
# there is a correction, whose own rounding that magnifies by up to 50; and a root.
RTOL = 1e-13


def seen(rule: Preconditioner, grads: Array, grad_avgs: Array) -> tuple[list[Metric], Any]:
    """The metrics of all steps, and the memory after the last."""
    metrics, memory = [], None
    for k, (grad, grad_avg) in enumerate(zip(grads, grad_avgs, strict=True), 1):
        metric, memory = rule.update(memory, grad, k, grad_avg)
        metrics.append(metric)
    return metrics, memory


def entries(metric: Metric, n: int = N) -> Array:
    """The diagonal of D."""
    return metric.norm_sq(np.eye(n))


def averages(samples: Array, rates: list[float]) -> list[Array]:
    """``Σ_j w_j s_j`` after each sample, with the weights written out."""
    found = []
    for k in range(1, len(samples) + 1):
        weights = [(1 - rates[j]) * np.prod(rates[j + 1 : k]) for j in range(k)]
        found.append(np.tensordot(weights, samples[:k], axes=1))
    return found


steps = st.integers(1, 5)


# ---- laws ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULES)
@given(data=st.data(), beta2=betas, eps=small, steps=steps)
def test_direction_and_norm_are_of_one_metric(
    name: str, data: st.DataObject, beta2: float, eps: float, steps: int
) -> None:
    grads, averaged = data.draw(vectors((steps, N))), data.draw(vectors((steps, N)))
    d, x = data.draw(vectors((N,))), data.draw(vectors((N,)))
    rule = RULES[name](beta2, eps)
    metric = seen(rule, grads, averaged)[0][-1]
    dual, direction = metric.dual_norm_sq(d), metric.direction(d)
    # A sum of 6 terms of one sign, each of a product or two.
    rtol = 16 * EPS
    np.testing.assert_allclose(dual, np.sum(d * direction), rtol=rtol)
    assert (d * direction > 0)[d != 0].all()
    assert not direction[d == 0].any()
    # ||direction|| is 1 of a norm, and the dual norm of a metric.
    length = metric.norm_sq(direction)
    np.testing.assert_allclose(length, float(d.any()) if rule.unit else dual, rtol=rtol)
    # The dual norm bounds <d,x>: squared it is ||d||²||x||² of a metric, of a norm dual² ||x||².
    bound = (dual**2 if rule.unit else dual) * metric.norm_sq(x)
    assert np.sum(d * x) ** 2 <= bound * (1 + 4 * rtol)


@pytest.mark.parametrize("name", RULES)
def test_runs_of_a_batch_do_not_meet(name: str) -> None:
    """Two axes of runs, with a β2 and an ε each: as one by one."""
    rng = np.random.default_rng(2)
    grads, averaged, d = (rng.normal(size=(*k, 2, 3, N)) for k in ((4,), (4,), ()))
    beta2, eps = rng.uniform(0, 0.98, (2, 1)), rng.uniform(0.1, 1, 3)
    rule: Any = RULES[name]
    metrics, _ = seen(rule(beta2, eps), grads, averaged)
    shapes = rule(beta2, eps).shapes
    assert np.broadcast_shapes((2, 3), *shapes.values()) == (2, 3)
    for i, j in np.ndindex(2, 3):
        alone, _ = seen(rule(beta2[i, 0], eps[j]), grads[:, i, j], averaged[:, i, j])
        for together, one in zip(metrics, alone, strict=True):
            # A power may be rounded otherwise in an array: 1 ulp of β2, which 1 - β2 magnifies.
            for ours, theirs in (
                (together.direction(d)[i, j], one.direction(d[i, j])),
                (together.dual_norm_sq(d)[i, j], one.dual_norm_sq(d[i, j])),
                (together.norm_sq(d)[i, j], one.norm_sq(d[i, j])),
            ):
                np.testing.assert_allclose(ours, theirs, rtol=RTOL)


@pytest.mark.parametrize("name", RULES)
def test_memory_is_not_written_to(name: str) -> None:
    """A state that somebody keeps stays what it was."""
    rng = np.random.default_rng(0)
    rule = RULES[name](0.9, 0.1)
    _, memory = rule.update(None, rng.normal(size=N), 1, rng.normal(size=N))
    parts = memory if isinstance(memory, tuple) else () if memory is None else (memory,)
    before = [part.copy() for part in parts]
    rule.update(memory, 10 * rng.normal(size=N), 2, rng.normal(size=N))
    assert all(np.array_equal(a, b) for a, b in zip(parts, before, strict=True))


# ---- definitions ---------------------------------------------------------------------------------


@given(data=st.data(), beta2=betas, eps=small, steps=steps, n=dimensions)
def test_amsgrad_keeps_the_largest_moment(
    data: st.DataObject, beta2: float, eps: float, steps: int, n: int
) -> None:
    grads = data.draw(vectors((steps, n)))
    moments = averages(grads**2, [beta2] * steps)
    metrics, (last, _) = seen(AmsGradDiagonal(beta2, eps), grads, grads)
    np.testing.assert_allclose(last, moments[-1], rtol=RTOL)
    for k, metric in enumerate(metrics, 1):
        largest = np.max(moments[:k], axis=0)
        expected = eps + np.sqrt(largest / (1 - beta2**k))
        np.testing.assert_allclose(entries(metric, n), expected, rtol=RTOL)


@given(data=st.data(), beta2=betas, eps=small, steps=steps, n=dimensions)
def test_adabelief_looks_at_the_distance_from_the_average(
    data: st.DataObject, beta2: float, eps: float, steps: int, n: int
) -> None:
    grads, averaged = data.draw(vectors((steps, n))), data.draw(vectors((steps, n)))
    moments = averages((grads - averaged) ** 2, [beta2] * steps)
    for k, metric in enumerate(seen(AdaBeliefDiagonal(beta2, eps), grads, averaged)[0], 1):
        moment = moments[k - 1] + eps * sum(beta2**j for j in range(k))
        expected = eps + np.sqrt(moment / (1 - beta2**k))
        np.testing.assert_allclose(entries(metric, n), expected, rtol=RTOL)


@given(data=st.data(), exponent=numbers(0.1, 2), eps=small, steps=steps, batch=st.integers(1, 2))
def test_factored_moments_are_products_of_averages(
    data: st.DataObject, exponent: float, eps: float, steps: int, batch: int
) -> None:
    """By the source's sums over rows and columns, for each matrix of a batch, entry by entry."""
    shape = (batch, *MATRIX)
    grads = data.draw(vectors((steps, *shape)))
    rates = [1 - k**-exponent for k in range(1, steps + 1)]
    full = averages(grads**2 + eps, rates)
    flat = grads.reshape(steps, -1)
    metrics, memory = seen(Factored(shape, exponent, eps), flat, flat)
    assert [part.shape for part in memory] == [(batch, 2), (batch, 3)]
    for metric, moment in zip(metrics, full, strict=True):
        expected = np.empty(shape)
        for b, i, j in np.ndindex(shape):
            one = moment[b]
            expected[b, i, j] = np.sqrt(one[i, :].sum() * one[:, j].sum() / one.sum())
        found = entries(metric, flat.shape[-1]).reshape(shape)
        np.testing.assert_allclose(found, expected, rtol=RTOL)


@pytest.mark.parametrize("shape", [(), (5,)])
@given(data=st.data(), exponent=numbers(0.1, 2), eps=small, steps=steps)
def test_what_is_no_matrix_is_not_factored(
    shape: tuple[int, ...], data: st.DataObject, exponent: float, eps: float, steps: int
) -> None:
    n = int(np.prod(shape))
    grads = data.draw(vectors((steps, n)))
    full = averages(grads**2 + eps, [1 - k**-exponent for k in range(1, steps + 1)])
    for metric, moment in zip(
        seen(Factored(shape, exponent, eps), grads, grads)[0], full, strict=True
    ):
        np.testing.assert_allclose(entries(metric, n), np.sqrt(moment), rtol=RTOL)


def test_a_matrix_of_rank_one_loses_nothing_by_factoring() -> None:
    rng = np.random.default_rng(1)
    grad = np.outer(rng.normal(size=4), rng.normal(size=5))
    metric, _ = Factored((4, 5)).update(None, grad.ravel(), 1)
    # A product of two sums over a third, of up to 20 terms of one sign.
    np.testing.assert_allclose(entries(metric, 20), np.abs(grad).ravel(), rtol=32 * EPS)


@given(data=st.data(), n=dimensions)
def test_the_sign_is_the_maximiser_over_the_cube(data: st.DataObject, n: int) -> None:
    """No corner does better, and a linear function is largest at a corner."""
    d = data.draw(vectors((3, n)))
    metric, memory = Sign().update(None, d, 1)
    assert memory is None
    corners = np.array(np.meshgrid(*[[-1.0, 1.0]] * n)).reshape(n, -1)
    best = np.max(d @ corners, axis=-1)
    # Sums of 5 terms of at most 4.
    np.testing.assert_allclose(metric.dual_norm_sq(d), best, rtol=0, atol=20 * 5 * EPS)
    np.testing.assert_array_equal(metric.direction(d), np.sign(d))
    np.testing.assert_array_equal(metric.norm_sq(d), np.abs(d).max(axis=-1) ** 2)


# ---- what the docstrings say ---------------------------------------------------------------------


def test_defaults_are_those_of_the_sources() -> None:
    assert (AmsGradDiagonal().beta2, AmsGradDiagonal().eps) == (0.999, 1e-8)
    assert (AdaBeliefDiagonal().beta2, AdaBeliefDiagonal().eps) == (0.999, 1e-16)
    assert (Factored(MATRIX).exponent, Factored(MATRIX).eps) == (0.8, 1e-30)


def test_the_average_that_adabelief_needs_is_missed() -> None:
    with pytest.raises(ValueError, match=r"grad_avg = None; allowed"):
        AdaBeliefDiagonal().update(None, np.ones(2), 1)


@pytest.mark.parametrize("beta2", [-0.1, 1.0, np.nan])
@pytest.mark.parametrize("build", [AmsGradDiagonal, AdaBeliefDiagonal])
def test_beta2_is_a_decay(build: Any, beta2: float) -> None:
    with pytest.raises(ValueError, match=r"beta2 .*allowed: 0 <= beta2 < 1"):
        build(beta2)


@pytest.mark.parametrize("value", [0.0, -1.0, np.inf, np.nan])
def test_epsilon_and_exponent_are_positive(value: float) -> None:
    for build in (AmsGradDiagonal, AdaBeliefDiagonal):
        with pytest.raises(ValueError, match=r"eps .*allowed"):
            build(eps=value)
    with pytest.raises(ValueError, match=r"eps .*allowed"):
        Factored(MATRIX, eps=value)
    with pytest.raises(ValueError, match=r"exponent .*allowed"):
        Factored(MATRIX, value)


def test_the_shape_is_the_parameters() -> None:
    with pytest.raises(ValueError, match=r"shape = \(2, 0\) .*allowed"):
        Factored((2, 0))
    with pytest.raises(ValueError, match=r"grad has 5 numbers .*shape = \(2, 3\); allowed: 6"):
        Factored(MATRIX).update(None, np.ones(5), 1)


# ---- NGN's, on a diagonal --------------------------------------------------------------------


def test_a_step_size_of_each_coordinate_is_a_metric() -> None:
    """γ_j/α = 1/(1 + α g_j²/(2 gap)) is 1/2 of g_j = 2 for α = 1, gap = 2; D_j = ε + |g_j|."""
    g = np.array([2.0, 0.0, -2.0])
    plain, _ = NgnDiagonal(Identity()).update(None, g, 1, gap=np.array(2.0), lr=np.array(1.0))
    assert plain.direction(g).tolist() == [1.0, 0.0, -1.0]
    assert plain.dual_norm_sq(g) == 4.0
    assert plain.norm_sq(g) == pytest.approx(16.0, rel=1e-15)  # <g, D g>, D = diag(2, 1, 2)
    base = AdamDiagonal(0.5, 1.0)
    adam, v = NgnDiagonal(base).update(None, g, 1, gap=np.array(2.0), lr=np.array(1.0))
    assert np.array_equal(v, base.update(None, g, 1)[1])
    np.testing.assert_allclose(adam.direction(g), g / 2 / (1 + np.abs(g)), rtol=1e-15)
    np.testing.assert_allclose(adam.norm_sq(g), 2 * 2 * 4 * 3.0, rtol=1e-15)


@pytest.mark.parametrize("lr", [1e-3, 1.0])
def test_at_the_bound_nothing_moves(lr: float) -> None:
    """Nor for any of several runs, each with a gap and an α of its own."""
    g = np.array([[2.0, 0.0], [2.0, 0.0]])
    metric, _ = NgnDiagonal(Identity()).update(
        None, g, 1, gap=np.array([0.0, 2.0]), lr=np.array([lr, 1.0])
    )
    assert metric.direction(g).tolist() == [[0.0, 0.0], [1.0, 0.0]]
    assert metric.norm_sq(np.array([0.0, 1.0])).tolist() == [np.inf, 1.0]
