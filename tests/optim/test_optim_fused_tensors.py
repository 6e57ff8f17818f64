# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where the fused path finds its tensors, and what it carries, whoever else changes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from optim_fused import backward, made, native, parameters
from torch.nn import Parameter

from momo import Momo, MomoAdam
from momo.methods import METHODS
from momo.optim import Iam, MomoLion
from momo.optim.fused import carry
from momo.optim.fused.coverage import is_dense


def twins(cls: Any = MomoAdam, shapes: Any = ((20, 7), (9,), (4,)), **given: Any) -> list[Any]:
    return [
        (params, cls(params, lr=0.05, **given, **way))
        for params, way in (
            (parameters(shapes=shapes), w) for w in ({"fused": True}, {"foreach": False})
        )
    ]


def same_after(
    pair: list[Any], change: Callable[[list[Parameter], Any], object], u: float = 1e-6
) -> None:
    """Change both in the same way between steps: they stay the same."""
    for k in range(5):
        for params, optimizer in pair:
            loss = backward(params, k)
            optimizer.step(loss=loss)
            if k == 2:
                change(params, optimizer)
    (ours, _), (theirs, _) = pair
    for p, q in zip(ours, theirs, strict=True):
        assert torch.allclose(p, q, rtol=1e-5, atol=1e-6)


def swap_data(params: list[Parameter], _: Any) -> None:
    for p in params:
        p.data = p.data.clone() * 0.5


def write_data(params: list[Parameter], _: Any) -> None:
    for p in params:
        p.data.mul_(0.5)


def write_state(params: list[Parameter], optimizer: Any) -> None:
    entry = optimizer.state[params[1]]
    entry["grad_avg"] = torch.full_like(entry["grad_avg"], 0.25)


def move_state(params: list[Parameter], optimizer: Any) -> None:
    for entry in optimizer.state.values():
        for value in entry.values():
            value.share_memory_()
        entry["grad_avg"].mul_(0.5)


def other_entry(params: list[Parameter], optimizer: Any) -> None:
    optimizer.state[params[0]] = dict(optimizer.state[params[0]])
    optimizer.state[params[0]]["grad_avg"] = optimizer.state[params[0]]["grad_avg"] * 3


def other_layout(params: list[Parameter], _: Any) -> None:
    p = params[0]
    p.data = p.data.t().contiguous().t()


def move_one(params: list[Parameter], optimizer: Any) -> None:
    entry = optimizer.state[params[1]]
    entry["grad_avg"].data = entry["grad_avg"].data.clone()


def other_dtype(params: list[Parameter], optimizer: Any) -> None:
    entry = optimizer.state[params[0]]
    entry["grad_avg"] = entry["grad_avg"].double()
    if "memory_weight" in entry:
        entry["memory_weight"] = entry["memory_weight"].float()


def other_order(params: list[Parameter], optimizer: Any) -> None:
    entry = optimizer.state[params[0]]
    entry["grad_avg"] = entry["grad_avg"].t().contiguous().t()


def turned_gradient(params: list[Parameter], _: Any) -> None:
    params[0].grad = params[0].grad.t().contiguous().t() if params[0].grad is not None else None


CHANGES = (
    swap_data,
    write_data,
    write_state,
    move_state,
    other_entry,
    other_layout,
    move_one,
    other_dtype,
    other_order,
    turned_gradient,
)


@native
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("cls", [Momo, MomoAdam, MomoLion, Iam])
def test_tensors_that_somebody_changed_are_found(cls: Any, change: Any) -> None:
    same_after(twins(cls), change)


@native
@pytest.mark.parametrize("change", [swap_data, write_data, write_state])
@pytest.mark.parametrize("cls", [Momo, MomoAdam])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_what_is_carried_is_dropped_when_tensors_are_changed(
    cls: Any, change: Any, decay: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry, "CACHED", 0)
    used: list[bool] = []
    known = carry.Carry.known

    def noted(self: carry.Carry, tensors: Any) -> Any:
        found = known(self, tensors)
        used.append(found is not None)
        return found

    monkeypatch.setattr(carry.Carry, "known", noted)
    pair = twins(cls, weight_decay=decay)
    same_after(pair, change)
    assert pair[0][1]._plan.table.carry.possible
    # With a decay in the model it needs <d_k, x>. The change after the third step is seen before
    # the next one, or in it, by the marks.
    seen = [False, True, True, *([True, False] if change is write_data else [False]), True]
    assert used == ([] if decay else seen)


@native
def test_what_was_changed_unseen_is_made_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of elements that are not marked, without a version: one step later all is right.

    The numbers that are kept are those of the other path; x is read from then on.
    """
    monkeypatch.setattr(carry, "CACHED", 0)
    pair = twins(Momo, shapes=((100,),))
    for k in range(6):
        for params, optimizer in pair:
            optimizer.step(loss=backward(params, 0))
            if k == 2:
                params[0].data[50:] += 1.0  # elements 0 to 15 are marked
            if k == 3:  # the step in between was another: go on from the same point
                params[0].data.copy_(pair[0][0][0].data)
    (p, ours), (q, theirs) = pair
    assert not ours._plan.table.carry.possible
    assert torch.allclose(ours.last.value, theirs.last.value, rtol=1e-5)
    assert torch.allclose(ours.state[p[0]]["model"][5], theirs.state[q[0]]["model"][5], rtol=1e-5)


@native
def test_a_write_to_1024_elements_in_a_row_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each 1024 elements 16 are marked; the step is as if x had been read."""
    monkeypatch.setattr(carry, "CACHED", 0)

    def write(params: list[Parameter], _: Any) -> None:
        params[0].data[301:1325] *= 3
        params[1].detach().numpy()[10:266] = 0.5

    pair = twins(Momo, shapes=((40_000,), (300,)))
    same_after(pair, write)
    (_, ours), (_, theirs) = pair
    assert ours._plan.table.carry.possible
    assert torch.allclose(ours.last.value, theirs.last.value, rtol=1e-5)


@native
def test_what_is_carried_is_not_used_after_a_step_that_was_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the step before would have used is none of a later one's, which has read x."""
    monkeypatch.setattr(carry, "CACHED", 0)
    pair = twins(Momo)
    for params, optimizer in pair:
        for k in range(3):
            optimizer.step(loss=backward(params, k))
        backward(params, 3)
        optimizer.step(loss=math.nan)
        with torch.no_grad():
            for p in params:
                p.mul_(3)
        optimizer.param_groups[0]["weight_decay"] = 0.1
        for k in range(3, 6):
            optimizer.step(loss=backward(params, k))
    (_, ours), (_, theirs) = pair
    assert torch.allclose(ours.last.value, theirs.last.value, rtol=1e-5)


@native
@pytest.mark.parametrize("inside", [False, True])
def test_in_inference_mode_nothing_is_carried(
    inside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry, "CACHED", 0)
    ends = []
    for way in ({"fused": True}, {"foreach": False}):
        with torch.inference_mode(inside):
            params = parameters(shapes=((20, 7), (9,)))
            optimizer = Momo(params, lr=0.05, **way)
        for k in range(4):
            with torch.inference_mode():
                optimizer.step(loss=backward(params, k))
        ends.append(params)
    for p, q in zip(*ends, strict=True):
        assert torch.allclose(p, q, rtol=1e-5, atol=1e-6)


@native
def test_a_parameter_that_has_grown_is_refused_as_before() -> None:
    """Its state is too small for it: no pointer to it may be followed."""
    for way in ({"fused": None}, {"foreach": False}):
        p = Parameter(torch.zeros(10, 64))
        optimizer = MomoAdam([p], **way)
        for rows in (10, 10, 5000):
            p.data, p.grad = torch.zeros(rows, 64), None
            p.grad = torch.ones(rows, 64)
            if rows == 10:
                optimizer.step(loss=1.0)
        with pytest.raises(RuntimeError, match="size"):
            optimizer.step(loss=1.0)


@native
def test_gradients_whose_signs_are_kept_apart_are_read_as_they_are() -> None:
    """As complex conjugates are, which are made on the way to the kernels."""
    generator = torch.Generator().manual_seed(0)
    matrix = torch.randn(3, 16, 16, dtype=torch.complex64, generator=generator)
    ends = []
    for way in ({"fused": True}, {"foreach": False}):
        w = Parameter(torch.ones(16, dtype=torch.complex64))
        optimizer = MomoAdam([w], lr=0.01, **way)
        for k in range(9):
            optimizer.zero_grad()
            loss = (w.conj() @ matrix[k % 3]).abs().square().mean()
            loss.backward()
            optimizer.step(loss=loss)
        ends.append(w.detach())
    assert torch.allclose(*ends, rtol=1e-4)
    p = Parameter(torch.ones(3))
    optimizer = Momo([p])
    for turned in (False, True):
        p.grad = torch._neg_view(torch.ones(3)) if turned else torch.ones(3)
        optimizer.step(loss=10.0)
    assert torch.allclose(optimizer.state[p]["grad_avg"], torch.full((3,), 0.9 - 0.1))


@native
def test_a_step_counts_as_a_change_to_autograd() -> None:
    p = Parameter(torch.ones(3))
    loss = (p * p).sum()
    p.grad = torch.ones(3)
    Momo([p], fused=True).step(loss=1.0)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


@native
@pytest.mark.parametrize("name", ["momo", "momo_adam", "momo_lion", "iam", "schedule_free_polyak"])
def test_the_order_of_the_axes_in_memory_does_not_matter(name: str) -> None:
    shapes = ((2, 3, 4, 5), (6, 7))
    ends = []
    for plain in (True, False):
        params = parameters(shapes=shapes)
        if not plain:
            params = [
                Parameter(params[0].detach().to(memory_format=torch.channels_last)),
                Parameter(params[1].detach().t().contiguous().t()),
            ]
        optimizer = made(METHODS[name], params, fused=True)
        for k in range(3):
            loss = backward(params, k)
            if plain:  # gradients in another order than the parameters, too
                params[1].grad = params[1].grad.t().contiguous().t()
            optimizer.step(loss=loss)
        ends.append([p.detach().contiguous() for p in params])
    for p, q in zip(*ends, strict=True):
        assert torch.allclose(p, q, rtol=1e-5, atol=1e-6)  # sums in another order


def test_memory_without_gaps_is_dense() -> None:
    x = torch.zeros(4, 6)
    assert [is_dense(one) for one in (x, x.t(), x[:, :3], x[::2], x[0], x.expand(2, 4, 6))] == [
        True,
        True,
        False,
        False,
        True,
        False,
    ]
    assert is_dense(torch.zeros(2, 3, 4, 5).to(memory_format=torch.channels_last))
