# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaBelief, AdaBound and Lion against their equations in NumPy, and their laws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from experiments.optimizers.adabelief import AdaBelief
from experiments.optimizers.adabound import AdaBound
from experiments.optimizers.lion import Lion
from experiments.optimizers.own import OwnOptimizer

Array = NDArray[np.float64]
OWN: list[type[OwnOptimizer]] = [AdaBelief, AdaBound, Lion]


def adabelief(
    x: Array, g: list[Array], a: float, b1: float, b2: float, lam: float
) -> Iterator[Array]:
    m, s, eps = 0 * x, 0 * x, 1e-6
    for t, grad in enumerate(g, 1):
        m = b1 * m + (1 - b1) * grad
        s = b2 * s + (1 - b2) * (grad - m) ** 2 + eps
        x = x - a * lam * x - a * (m / (1 - b1**t)) / (np.sqrt(s / (1 - b2**t)) + eps)
        yield x


def adabound(
    x: Array, g: list[Array], a: float, b1: float, b2: float, lam: float
) -> Iterator[Array]:
    m, v, eps, gamma, final = 0 * x, 0 * x, 1e-6, 0.05, 0.06
    for t, raw in enumerate(g, 1):
        grad = raw + lam * x
        m = b1 * m + (1 - b1) * grad
        v = b2 * v + (1 - b2) * grad**2
        rate = a / (1 - b1**t) / ((np.sqrt(v) + eps) / np.sqrt(1 - b2**t))
        x = x - np.clip(rate, final * (1 - 1 / (gamma * t + 1)), final * (1 + 1 / (gamma * t))) * m
        yield x


def lion(x: Array, g: list[Array], a: float, b1: float, b2: float, lam: float) -> Iterator[Array]:
    m = 0 * x
    for grad in g:
        x = x - a * (np.sign(b1 * m + (1 - b1) * grad) + lam * x)
        m = b2 * m + (1 - b2) * grad
        yield x


EQUATIONS: list[tuple[type[OwnOptimizer], Callable[..., Iterator[Array]], dict[str, float]]] = [
    (AdaBelief, adabelief, {"eps": 1e-6}),
    (AdaBound, adabound, {"eps": 1e-6, "final_lr": 0.06, "gamma": 0.05}),
    (Lion, lion, {}),
]


@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
@pytest.mark.parametrize(("cls", "equations", "more"), EQUATIONS)
def test_steps_are_those_of_the_equations(
    cls: type[OwnOptimizer],
    equations: Callable[..., Any],
    more: dict[str, float],
    weight_decay: float,
) -> None:
    rng = np.random.default_rng(0)
    x, grads = (
        rng.normal(size=7),
        [g * 10 ** rng.uniform(-2, 2, 7) for g in rng.normal(size=(50, 7))],
    )
    params = [torch.nn.Parameter(torch.from_numpy(part.copy())) for part in (x[:3], x[3:])]
    optimizer: Any = cls
    optimizer = optimizer(params, lr=0.02, betas=(0.8, 0.95), weight_decay=weight_decay, **more)
    for grad, expected in zip(
        grads, equations(x, grads, 0.02, 0.8, 0.95, weight_decay), strict=True
    ):
        for param, part in zip(params, (grad[:3], grad[3:]), strict=True):
            param.grad = torch.from_numpy(part.copy())
        optimizer.step()
        found = torch.cat([p.detach() for p in params]).numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
        assert all(
            np.array_equal(p.grad, g) for p, g in zip(params, (grad[:3], grad[3:]), strict=True)
        )


def moved(optimizer: OwnOptimizer, param: torch.nn.Parameter, grad: torch.Tensor) -> torch.Tensor:
    before = param.detach().clone()
    param.grad = grad
    optimizer.step()
    return param.detach() - before


def test_a_step_of_lion_has_length_lr_in_every_coordinate() -> None:
    param = torch.nn.Parameter(torch.zeros(20, dtype=torch.float64))
    optimizer = Lion([param], lr=0.25)
    generator = torch.Generator().manual_seed(0)
    for _ in range(10):
        grad = torch.randn(20, generator=generator, dtype=torch.float64)
        assert torch.equal(moved(optimizer, param, grad).abs(), torch.full_like(param, 0.25))
    flat = torch.nn.Parameter(torch.ones(2))
    assert torch.equal(moved(Lion([flat], lr=0.25), flat, torch.zeros(2)), torch.zeros(2))


def test_adabelief_trusts_a_constant_gradient_ever_more() -> None:
    """Then m̂ = g and ŝ is a geometric sum that vanishes: steps grow, where Adam's would not."""
    param, g, beta, beta2 = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64)), 3.0, 0.9, 0.999
    optimizer = AdaBelief([param], lr=0.1, betas=(beta, beta2), eps=1e-30)
    steps = [moved(optimizer, param, torch.full_like(param, g)).item() for _ in range(30)]
    for t, step in enumerate(steps, 1):
        s = sum((1 - beta2) * beta2 ** (t - j) * (beta**j * g) ** 2 for j in range(1, t + 1))
        assert step == pytest.approx(-0.1 * g / np.sqrt(s / (1 - beta2**t)), rel=1e-9)
    assert all(later < earlier < 0 for earlier, later in pairwise(steps))


def test_adabound_becomes_sgd_with_the_final_rate() -> None:
    """Far on, the bounds meet: the step is α* m whatever the gradient's size, and whatever α is."""
    for lr in (0.01, 0.02):
        param = torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))
        optimizer = AdaBound([param], lr=lr, betas=(0.0, 0.9), final_lr=0.5, gamma=1e9)
        step = moved(optimizer, param, torch.tensor([1e-3, 1e3], dtype=torch.float64))
        torch.testing.assert_close(step, -0.5 * torch.tensor([1e-3, 1e3], dtype=torch.float64))
        optimizer.param_groups[0]["lr"] = lr / 4  # as a schedule does
        step = moved(optimizer, param, torch.tensor([1e-3, 1e3], dtype=torch.float64))
        torch.testing.assert_close(step, -0.125 * torch.tensor([1e-3, 1e3], dtype=torch.float64))


def test_adabound_starts_as_adam() -> None:
    """While its bounds are far apart: from 0 to infinity, nearly."""
    params = [torch.nn.Parameter(torch.ones(5, dtype=torch.float64)) for _ in range(2)]
    bound = AdaBound([params[0]], lr=1e-3, gamma=1e-12)
    adam = torch.optim.Adam([params[1]], lr=1e-3)
    generator = torch.Generator().manual_seed(1)
    for _ in range(10):
        grad = torch.randn(5, generator=generator, dtype=torch.float64)
        for param, optimizer in zip(params, (bound, adam), strict=True):
            param.grad = grad
            optimizer.step()
    torch.testing.assert_close(params[0], params[1], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("cls", OWN)
def test_a_parameter_without_gradient_stays_and_may_join_later(cls: Any) -> None:
    late, early = (torch.nn.Parameter(torch.ones(3)) for _ in range(2))
    optimizer = cls([late, early])
    early.grad = torch.ones(3)
    optimizer.step()
    assert torch.equal(late, torch.ones(3))
    first = early.detach().clone()
    late.grad = torch.ones(3)
    optimizer.step()
    torch.testing.assert_close(late.detach(), first)


@pytest.mark.parametrize("cls", OWN)
def test_a_closure_is_called_with_gradients_on(cls: Any) -> None:
    param = torch.nn.Parameter(torch.ones(1))
    optimizer = cls([param])

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = (param**2).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 1.0
    assert param.item() < 1.0


@pytest.mark.parametrize("cls", OWN)
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("lr", -1.0),
        ("lr", float("nan")),
        ("betas", (1.0, 0.9)),
        ("betas", (0.9, -0.1)),
        ("betas", 0.9),
        ("weight_decay", -0.1),
        ("eps", 0.0),
        ("final_lr", 0.0),
        ("gamma", float("inf")),
    ],
)
def test_wrong_arguments_are_refused(cls: Any, argument: str, value: Any) -> None:
    if argument not in cls.__init__.__annotations__:
        return
    param = torch.nn.Parameter(torch.ones(1))
    with pytest.raises(ValueError, match="allowed"):
        cls([param], **{argument: value})
    if argument not in ("final_lr", "gamma"):
        optimizer = cls([param])
        with pytest.raises(ValueError, match="allowed"):
            optimizer.add_param_group(
                {"params": [torch.nn.Parameter(torch.ones(1))], argument: value}
            )
        assert len(optimizer.param_groups) == 1
