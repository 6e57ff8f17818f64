# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""d in another dtype than its parameter: what it costs, and what stays as accurate as before."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from rows_with_loss import METHODS
from torch.nn import Parameter

from momo import Momo
from momo.methods import Row
from momo.optim.reading import as_on_a_device

BF16 = torch.bfloat16
each = pytest.mark.parametrize("row", METHODS.values(), ids=lambda row: row.name)
WAYS = {"fused": {}, "gathered": {"foreach": True}, "one by one": {"foreach": False}}
ways = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def parameters(dtype: torch.dtype = torch.float32) -> list[Parameter]:
    generator = torch.Generator().manual_seed(0)
    return [
        Parameter(torch.randn(s, generator=generator).to(dtype)) for s in ((6, 5), (7,), (6, 5))
    ]


def take(params: list[Parameter], optimizer: Any, k: int) -> float:
    """Take a step on ``||x||²/20`` with noise, and return the loss."""
    generator = torch.Generator().manual_seed(k)
    for p in params:
        p.grad = (0.1 * p.detach() + 0.01 * torch.randn(p.shape, generator=generator)).to(p.dtype)
    loss = float(sum(p.detach().double().square().sum() for p in params)) / 20
    optimizer.step(loss=loss)
    return loss


def made(row: Row, params: list[Parameter], **options: Any) -> Any:
    cls: Any = row.torch_class()
    return cls(params, **{**row.torch_arguments(row.defaults), "lr": 0.05, **options})


@each
@ways
@pytest.mark.parametrize("masked", [False, True])
def test_d_alone_is_narrow(row: Row, way: dict[str, Any], masked: bool) -> None:
    params = parameters()
    optimizer = made(row, params, state_dtype=BF16, **way)
    for k in range(3):
        if masked:
            with as_on_a_device():
                take(params, optimizer, k)
        else:
            take(params, optimizer, k)
    for p in params:
        entry = dict(optimizer.state[p])
        assert entry.pop("grad_avg").dtype is BF16
        assert entry.pop("model").dtype is torch.float64
        assert all(value.dtype is not BF16 for value in entry.values())


@each
def test_all_paths_take_the_same_step(row: Row) -> None:
    """d is rounded to 8 bits: two ways to add it up may round it to neighbours, at most.

    That changes the direction by 2⁻⁸ of itself; the sign of what cancels is anything.
    """
    runs = [
        (params, made(row, params, state_dtype=BF16, **way))
        for way in WAYS.values()
        for params in [parameters()]
    ]
    for k in range(4):
        for params, optimizer in runs:
            take(params, optimizer, k)
    (truth, _), *others = reversed(runs)
    for params, _ in others:
        for p, q in zip(params, truth, strict=True):
            assert torch.allclose(p, q, rtol=0, atol=4 * 0.05 * 2**-8)


@pytest.mark.parametrize("name", ["momo", "momo_adam", "momo_bias_corrected"])
@ways
def test_h_is_as_accurate_as_before(name: str, way: dict[str, Any]) -> None:
    """h_k is the average of the lines at x^k, to 1e-6 and what rounding d changes of the moves.

    Each rounding of d to 8 bits is at most 2⁻⁹ of it, and ``1/(1-β)`` of them add up. Of a move
    that is ``2⁻⁹ Σ |d_i| |x⁺_i - x_i| / (1-β)`` at most, and ``1/√n`` of it for roundings that do
    not know of each other: four times that is missed with a probability of 1e-4 in each of 90
    steps.
    """
    row = METHODS[name]
    params = parameters()
    optimizer = made(row, params, state_dtype=BF16, **way)
    lines: list[tuple[float, list[torch.Tensor], list[torch.Tensor]]] = []
    beta, moved = row.defaults.beta, 0.0
    n = sum(p.numel() for p in params)
    for k in range(30):
        x = [p.detach().double().clone() for p in params]
        loss = take(params, optimizer, k)
        grads = [p.grad.double().clone() for p in params if p.grad is not None]
        lines.append((loss, grads, x))
        first = name == "momo"
        weights = [(1 - beta) * beta ** (k - j) for j in range(k + 1)]
        if first:
            weights[0] = beta**k
        expected = sum(
            w * (f + sum(((a - b) * g).sum() for a, b, g in zip(x, then, gs, strict=True)))
            for w, (f, gs, then) in zip(weights, lines, strict=True)
        )
        scale = sum(w * abs(f) for w, (f, _, _) in zip(weights, lines, strict=True))
        bound = 1e-6 * scale + 4 * moved / (1 - beta) / n**0.5
        assert abs(optimizer.last.value - expected) <= bound
        for p, old in zip(params, x, strict=True):
            d = optimizer.state[p]["grad_avg"].double()
            moved += float(2**-9 * (d.abs() * (p.detach().double() - old).abs()).sum())
        moved *= beta


def test_a_state_dict_keeps_it(tmp_path: Any) -> None:
    params = parameters()
    optimizer = Momo(params, lr=0.05, state_dtype=BF16)
    for k in range(3):
        take(params, optimizer, k)
    torch.save(optimizer.state_dict(), tmp_path / "state.pt")
    twins = copy.deepcopy(params)
    other = Momo(twins, lr=0.05)
    other.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True))
    for p, q in zip(params, twins, strict=True):
        assert other.state[q]["grad_avg"].dtype is BF16
        assert torch.equal(other.state[q]["grad_avg"], optimizer.state[p]["grad_avg"])
    for k in range(3, 6):
        take(params, optimizer, k)
        take(twins, other, k)
    assert all(map(torch.equal, params, twins))


def test_it_may_change_between_steps() -> None:
    params = parameters()
    optimizer = Momo(params)
    take(params, optimizer, 0)
    for dtype in (BF16, torch.float16, None):
        optimizer.param_groups[0]["state_dtype"] = dtype
        take(params, optimizer, 1)
        assert {e["grad_avg"].dtype for e in optimizer.state.values()} == {dtype or torch.float32}


def test_parameters_of_16_bits_may_have_a_wider_d() -> None:
    params = parameters(BF16)
    optimizer = Momo(params, state_dtype=torch.float32, kahan_sum=True)
    take(params, optimizer, 0)
    assert optimizer.path.startswith("fused") or optimizer.path == "blocks"
    assert optimizer.state[params[0]]["grad_avg"].dtype is torch.float32
    assert optimizer.state[params[0]]["compensation"].dtype is BF16


def test_complex_parameters_are_refused() -> None:
    p = Parameter(torch.ones(2, dtype=torch.complex64))
    optimizer = Momo([p], state_dtype=BF16)
    p.grad = torch.ones_like(p)
    with pytest.raises(TypeError, match=r"parameter 0 of param_groups\[0\] is complex"):
        optimizer.step(loss=1.0)
    assert not optimizer.state
