# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""SVAG: two batches give one sample whose mean is kept and whose covariance is ℓ times as large."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from experiments_runs import quick, task, trained, without_times
from numpy.typing import NDArray

from experiments.execution.draws import draw
from experiments.svag import weights
from momo.reference import Given, State, momo

LEVELS = (1, 2, 4, 8)
Array = NDArray[np.float64]


@pytest.mark.parametrize("level", LEVELS)
def test_the_mean_is_kept_and_the_covariance_is_as_often_as_said(level: int) -> None:
    """All pairs of five gradients, each with its probability: moments without sampling."""
    gradients = np.random.default_rng(0).normal(1.0, 2.0, size=(5, 3))
    shares = np.array([0.1, 0.3, 0.2, 0.25, 0.15])
    mean = shares @ gradients
    covariance = (gradients - mean).T @ np.diag(shares) @ (gradients - mean)
    drawn = list(itertools.product(range(5), repeat=len(weights(level))))
    chances = np.array([math.prod(shares[i] for i in each) for each in drawn])
    combined = np.array(
        [sum(w * gradients[i] for w, i in zip(weights(level), each, strict=True)) for each in drawn]
    )
    # Sums of 25 products of numbers below 10, with weights below 2.5.
    np.testing.assert_allclose(chances @ combined, mean, rtol=1e-13)
    found = (combined - mean).T @ np.diag(chances) @ (combined - mean)
    np.testing.assert_allclose(found, level * covariance, rtol=1e-12, atol=1e-13)


# ---- a quadratic, where all moments are known ---------------------------------------------------


def moments(level: int, beta: float, lr: float, curvature: float, time: float) -> Array:
    """Return mean and variance of x at a time, from x = 1, d = 0, by the linear recursion.

    ``d ← βd + (1-β)(λx + ξ)``, ``x ← x - (lr/ℓ) d``, Var ξ = ℓ: steps of SGD-M on ``½ λx²``.
    """
    step = lr / level
    forward = np.array(
        [[1 - step * (1 - beta) * curvature, -step * beta], [(1 - beta) * curvature, beta]]
    )
    noise = np.array([-step * (1 - beta), 1 - beta])
    mean, covariance = np.array([1.0, 0.0]), np.zeros((2, 2))
    for _ in range(round(time / step)):
        mean = forward @ mean
        covariance = forward @ covariance @ forward.T + level * np.outer(noise, noise)
    return np.array([mean[0], covariance[0, 0]])


@pytest.mark.parametrize("beta", [0.0, 0.9])
@pytest.mark.parametrize("lr", [0.1, 0.5])
def test_it_tends_to_the_stochastic_differential_equation_with_order_one(
    beta: float, lr: float
) -> None:
    """Errors of mean and variance at time 2 halve when ℓ doubles: order 1 in 1/ℓ, for any β."""
    curvature, time = 1.5, 2.0
    kept = math.exp(-2 * curvature * time)
    limit = np.array([math.sqrt(kept), lr * (1 - kept) / (2 * curvature)])
    errors = [
        np.abs(moments(level, beta, lr, curvature, time) - limit) for level in (64, 128, 256, 512)
    ]
    ratios = np.array([a / b for a, b in itertools.pairwise(errors)])
    # Of c/ℓ + c'/ℓ² the ratio is 2 (1 + O(1/ℓ)); 1/(1-β) of the steps are what ℓ is to be beside.
    bound = 4 * lr / (1 - beta) / 64
    assert (np.abs(ratios / 2 - 1) < bound).all(), ratios
    # The first order itself: d lags by 1/(1-β) steps, and so does the rate of decay, over λ time.
    assert (errors[-1] < lr / 512 * curvature * (1 + curvature * time) / (1 - beta) * limit).all()


def test_momentum_and_none_come_closer_as_the_level_grows() -> None:
    """At equal lr, so that all of a gradient's weights add up to as much."""
    apart = [
        np.abs(moments(level, 0.9, 0.5, 1.5, 2.0) - moments(level, 0.0, 0.5, 1.5, 2.0))
        for level in (8, 64, 512)
    ]
    # Of order 1/ℓ: eight times closer, and half as much again for what higher orders do at ℓ = 8.
    assert all((after < before / 5).all() for before, after in itertools.pairwise(apart))


# ---- in the training loop ----------------------------------------------------------------------


def generator(*parts: int) -> torch.Generator:
    return torch.Generator().manual_seed(draw(*parts))


def pairs(level: int, epoch: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return the samples of both batches of every step of an epoch."""
    found: list[tuple[torch.Tensor, torch.Tensor]] = []
    for part in range(level):
        first, second = (
            torch.randperm(200, generator=generator(0, epoch, part, which)) for which in (1, 2)
        )
        found += zip(torch.split(first, 20), torch.split(second, 20), strict=True)
    return found


def start() -> torch.nn.Module:
    torch.manual_seed(draw(0))
    return task().model()


@pytest.mark.parametrize("method", ["sgd_m", "adam"])
def test_a_run_is_the_loop_that_one_writes_by_hand(method: str) -> None:
    """Gradients of the two batches are taken apart, and combined; to rounding of six sums."""
    level, data, model = 4, task(), start()
    record = trained(quick(method, 0.05, svag=level, epochs=2))
    optimizer: torch.optim.Optimizer = (
        torch.optim.Adam(model.parameters(), lr=0.05 / level)
        if method == "adam"
        else torch.optim.SGD(model.parameters(), lr=0.05 / level, momentum=0.9, dampening=0.9)
    )
    first, second = weights(level)
    expected = []
    for pair in (pair for epoch in range(2) for pair in pairs(level, epoch)):
        losses, grads = [], []
        for index in pair:
            batch = tuple(tensor[index] for tensor in data.train.tensors)  # type: ignore[attr-defined]
            loss = data.loss(model, batch)
            losses.append(loss.item())
            (grad,) = torch.autograd.grad(loss, list(model.parameters()))
            grads.append(grad)
        next(model.parameters()).grad = first * grads[0] + second * grads[1]
        optimizer.step()
        expected.append(first * losses[0] + second * losses[1])
    assert record.run["steps"] == len(expected) == 80
    assert [row["lr"] for row in record.steps] == [0.05 / level] * 80
    found = [row["loss"] for row in record.steps]
    # Single precision; weights of 1.8 and -0.8 take away a digit, and 80 steps contract.
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_a_momentum_model_gets_the_loss_whose_gradient_it_gets() -> None:
    """The pair stays a pair: h_k, ζ_k and τ_k are the reference's with both combined."""
    level, data = 4, task()
    record = trained(quick("momo", 1.0, lb=0.0, svag=level, epochs=1))
    features, targets = (t.double().numpy() for t in data.train.tensors)  # type: ignore[attr-defined]
    method, state = momo(lr=1.0 / level, beta=0.9, lower_bound=Given(0.0)), State()
    x = next(start().parameters()).detach().double().numpy()[0]
    for row, pair in zip(record.steps[:20], pairs(level, 0), strict=False):
        both = [half_mean_square(features[i], targets[i], x) for i in pair]
        value = sum(w * f for w, (f, _) in zip(weights(level), both, strict=True))
        grad = sum(w * g for w, (_, g) in zip(weights(level), both, strict=True))
        x, state, info = method.step(state, x, value, grad)
        assert row["loss"] == pytest.approx(value, rel=1e-4, abs=1e-6)
        assert row["value"] == pytest.approx(float(info.value), rel=1e-4, abs=1e-6)
        assert row["step_size"] == pytest.approx(float(info.step_size), rel=1e-3, abs=1e-6)
        assert row["cap"] == 0.25


def half_mean_square(a: Array, b: Array, x: Array) -> tuple[Any, Any]:
    residual = a @ x - b
    return float(np.mean(residual**2) / 2), a.T @ residual / len(b)


def test_combined_losses_lie_below_the_bound_that_both_have() -> None:
    """What f_* = 0 bounds is their mean: a quadratic's losses are at least 0, these are not."""
    record = trained(quick("sgd_m", 0.01, svag=8))
    losses = [row["loss"] for row in record.steps]
    assert min(losses) < 0 < sum(losses)
    assert min(row["loss"] for row in trained(quick("sgd_m", 0.01)).steps) > 0


def test_the_two_batches_of_a_step_and_those_of_all_passes_are_different_ones() -> None:
    seen: list[tuple[float, ...]] = []
    data = task()

    def loss(model: torch.nn.Module, batch: Any) -> torch.Tensor:
        seen.append(tuple(batch[1].tolist()))
        return data.loss(model, batch)

    trained(quick("sgd_m", 0.1, svag=2, epochs=2), task=replace(data, loss=loss))
    assert len(seen) == len(set(seen)) == 2 * 2 * 2 * 10


@pytest.mark.parametrize("method", ["momo", "adam"])
def test_without_it_a_run_is_what_it_was(method: str) -> None:
    """Bit for bit, and by the same name."""
    assert quick(method, svag=1).id == quick(method).id
    assert quick(method, svag=2).id != quick(method).id
    assert without_times(trained(quick(method, svag=1))) == without_times(trained(quick(method)))


def test_warm_up_and_checkpoints_count_all_steps(tmp_path: Any) -> None:
    run = quick("momo", 0.1, svag=2, warmup=0.1, schedule="linear")
    whole = trained(run)
    rates = [row["lr"] for row in whole.steps]
    assert len(rates) == 100
    assert rates[0] == pytest.approx(0.005)
    assert max(rates) == pytest.approx(0.05)
    path = tmp_path / "checkpoint.pt"
    with pytest.raises(KeyboardInterrupt):
        trained(run, checkpoint=path, report=interrupted)
    assert without_times(trained(run, checkpoint=path)) == without_times(whole)


def interrupted(share: float) -> None:
    if share > 0.5:
        raise KeyboardInterrupt
