# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is kept of the dual norm: alone and in stacks, without gradients, and behind the gate."""

from __future__ import annotations

import math
from contextlib import nullcontext
from typing import Any

import pytest
import torch

from momo.optim import MuonAdamMomo, MuonMaxMomo, ScionMomo
from momo.optim.reading import as_on_a_device

CLASSES = (MuonAdamMomo, MuonMaxMomo, ScionMomo)
every_class = pytest.mark.parametrize("cls", CLASSES)
both_ways = pytest.mark.parametrize("way", [nullcontext, as_on_a_device], ids=["read", "masked"])


def made(cls: Any, **options: Any) -> tuple[list[torch.nn.Parameter], Any]:
    generator = torch.Generator().manual_seed(0)
    x = [
        torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64))
        for shape in ((4, 3), (4, 3), (2, 5), (3,))
    ]
    return x, cls(x, lr=0.3, stale_norm=True, **options)


def give(x: list[torch.nn.Parameter], k: int, without: tuple[int, ...] = ()) -> float:
    generator = torch.Generator().manual_seed(1 + k)
    for i, p in enumerate(x):
        g = torch.randn(p.shape, generator=generator, dtype=torch.float64)
        p.grad = None if i in without else g
    return 1.0 + k % 3


def norms(x: list[torch.nn.Parameter], optimizer: Any) -> list[float]:
    return [optimizer.state[p]["dual_norm"].item() for p in x[:3] if optimizer.state[p]]


@every_class
@both_ways
def test_stacks_are_what_each_is_alone(cls: Any, way: Any) -> None:
    """One matrix has no gradient at first, and one none for a while: counts differ in the stack."""
    ends = []
    for foreach in (False, True):
        x, optimizer = made(cls, foreach=foreach)
        with way():
            for k in range(6):
                loss = give(x, k, ((1,), (), (0, 2))[k // 2])
                optimizer.step(loss=loss)
        ends.append(
            torch.cat([p.detach().reshape(-1) for p in x] + [torch.tensor(norms(x, optimizer))])
        )
    # The products of a stack are summed in another order: Newton-Schulz multiplies that by 485.
    torch.testing.assert_close(ends[0], ends[1], rtol=0, atol=6 * 485 * 2.0**-50)


@every_class
@both_ways
def test_a_step_that_is_not_finite_leaves_it(cls: Any, way: Any) -> None:
    x, optimizer = made(cls)
    with way():
        for k in range(2):
            optimizer.step(loss=give(x, k))
        before, points = norms(x, optimizer), [p.detach().clone() for p in x]
        assert all(norm > 0 for norm in before)
        give(x, 2)
        optimizer.step(loss=math.nan)
        optimizer.step(loss=give(x, 3) * math.inf)
        x[0].grad = torch.full_like(x[0], math.nan)
        optimizer.step(loss=1.0)
    assert norms(x, optimizer) == before
    assert all(map(torch.equal, points, x))
    assert optimizer.skipped == 3


@every_class
def test_it_is_that_of_the_last_gradient(cls: Any) -> None:
    x, optimizer = made(cls)
    optimizer.step(loss=give(x, 0))
    before = norms(x, optimizer)
    optimizer.step(loss=give(x, 1, (0,)))
    after = norms(x, optimizer)
    assert after[0] == before[0]
    assert after[1] != before[1]


@every_class
def test_it_is_saved(cls: Any) -> None:
    x, optimizer = made(cls)
    optimizer.step(loss=give(x, 0))
    y, other = made(cls)
    other.load_state_dict(optimizer.state_dict())
    for p, q in zip(x, y, strict=True):
        q.data.copy_(p.data)
    for points, one in ((x, optimizer), (y, other)):
        one.step(loss=give(points, 1))
    assert all(map(torch.equal, x, y))
    assert norms(x, optimizer) == norms(y, other)
    assert other.state[y[0]]["dual_norm"].shape == (1,)


def test_it_is_that_of_the_step_before() -> None:
    """One matrix, uncapped: the line goes down by ``a n/n'``, with n' of the step before."""
    x = torch.nn.Parameter(torch.eye(3, dtype=torch.float64))
    optimizer = MuonMaxMomo([x], lr=math.inf, betas=(0.0, 0.0), stale_norm=True)
    found = []
    for scale in (1.0, 2.0):  # d = g, of twice the size at the second step
        before = x.detach().clone()
        x.grad = scale * torch.arange(9, dtype=torch.float64).reshape(3, 3).sin()
        optimizer.step(loss=5.0)
        found.append(float((x.grad * (before - x.detach())).sum()))
    # ε = 1e-7 of Newton-Schulz is seen: 1e-7 of the norm, times 485.
    assert found == pytest.approx([5.0, 10.0], rel=1e-4)
