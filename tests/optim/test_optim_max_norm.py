# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``max_norm``: clipping inside the step is clipping by hand, with the loss that goes with it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from optim_training import snapshot
from rows_with_loss import METHODS
from torch import nn

from momo import Momo
from momo.methods import Hyperparameters
from momo.optim import MomentumModelOptimizer, clip_grad_norm_
from momo.optim.reading import as_on_a_device

H = Hyperparameters(lr=0.5, beta=0.8, weight_decay=0.01, beta2=0.9, eps=1e-6, lb=-0.2)
SHAPES = ((3, 2), (4,), (2, 3))
STEPS = 5
ROUNDING = 1e-12
"""In float64: c is computed of sums in another order, and rounds g once more; five steps magnify
that by less than 1e3."""


def parameters(dtype: torch.dtype = torch.float64) -> list[nn.Parameter]:
    made = torch.Generator().manual_seed(1)
    return [
        nn.Parameter(torch.randn(shape, generator=made, dtype=torch.float64).to(dtype))
        for shape in SHAPES
    ]


def made(name: str, params: Any, **options: Any) -> MomentumModelOptimizer:
    row = METHODS[name]
    return row.torch_class()(params, **{**row.torch_arguments(H), **options})


def gradients(params: list[nn.Parameter], step: int) -> float:
    """Leave gradients of norms from 0.3 to 30 behind, and return a loss."""
    seeded = torch.Generator().manual_seed(10 + step)
    for p in params:
        grad = torch.randn(p.shape, generator=seeded, dtype=torch.float64)
        p.grad = (10.0 ** (step - 2) * grad).to(p.dtype)
    return 2.0 + step


def taken(opt: MomentumModelOptimizer, params: list[nn.Parameter], by_hand: float | None) -> None:
    for step in range(STEPS):
        loss: Any = gradients(params, step)
        if by_hand is not None:
            loss, _ = clip_grad_norm_(params, by_hand, loss, lb=H.lb)
        opt.step(loss=loss)


@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("name", METHODS)
def test_it_is_clipping_by_hand(name: str, foreach: bool | None, gated: bool) -> None:
    ours, theirs = parameters(), parameters()
    taken(made(name, theirs), theirs, 1.0)
    opt = made(name, ours, max_norm=1.0, foreach=foreach)
    if gated:
        with as_on_a_device():
            taken(opt, ours, None)
    else:
        taken(opt, ours, None)
    for p, q in zip(ours, theirs, strict=True):
        torch.testing.assert_close(p, q, rtol=ROUNDING, atol=ROUNDING)
    without = parameters()
    taken(made(name, without), without, None)
    if name != "mom_sps":  # whose step, where no cap acts, clipping does not change
        assert any((p - q).abs().max() > 1e-6 for p, q in zip(ours, without, strict=True))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", METHODS)
def test_where_nothing_is_to_be_clipped_no_bit_changes(name: str, dtype: torch.dtype) -> None:
    with_it, without = parameters(dtype), parameters(dtype)
    one, other = made(name, with_it, max_norm=1e6), made(name, without)
    taken(one, with_it, None)
    taken(other, without, None)
    assert snapshot(one) == snapshot(other)


def test_the_norm_is_that_of_all_groups() -> None:
    ours, theirs = parameters(), parameters()
    groups = [{"params": ours[:1], "lr": 0.1}, {"params": ours[1:], "lr": 0.7}]
    taken(Momo(groups, max_norm=1.0, lb=H.lb), ours, None)
    groups = [{"params": theirs[:1], "lr": 0.1}, {"params": theirs[1:], "lr": 0.7}]
    taken(Momo(groups, lb=H.lb), theirs, 1.0)
    for p, q in zip(ours, theirs, strict=True):
        torch.testing.assert_close(p, q, rtol=ROUNDING, atol=ROUNDING)
    with pytest.raises(ValueError, match=r"max_norm = 2\.0 in param_groups\[1\], 1\.0 in param_g"):
        Momo([{"params": ours[:1]}, {"params": ours[1:], "max_norm": 2.0}], max_norm=1.0)


def test_the_bound_of_the_batch_is_where_the_loss_is_clipped_to() -> None:
    """``f_* + c (f - f_*)`` with ``c = 1/10``, up to torch's 1e-6 in c."""
    p = nn.Parameter(torch.zeros(1, dtype=torch.float64))
    opt = Momo([p], max_norm=1.0)
    p.grad = torch.full_like(p, 10.0)
    opt.step(loss=5.0, lb=3.0)
    assert opt.last is not None
    assert opt.last.value.item() == pytest.approx(3.2, rel=1e-6)
    assert opt.last.dual_norm_sq.item() == pytest.approx(1.0, rel=1e-6)
    assert p.grad.item() == 10  # gradients are not written to


def test_it_can_be_changed_between_steps_and_is_saved() -> None:
    params = parameters()
    opt = made("momo", params, max_norm=1.0)
    taken(opt, params, None)
    other = made("momo", parameters())
    other.load_state_dict(opt.state_dict())
    assert other.param_groups[0]["max_norm"] == 1.0
    opt.param_groups[0]["max_norm"] = -1.0
    before = snapshot(opt)
    with pytest.raises(ValueError, match=r"max_norm = -1\.0; allowed: None, or a number above 0"):
        opt.step(loss=1.0)
    assert snapshot(opt) == before


def test_a_state_dict_from_before_has_none() -> None:
    params = parameters()
    opt = made("momo", params)
    taken(opt, params, None)
    saved = opt.state_dict()
    for group in saved["param_groups"]:
        del group["max_norm"]
    other = made("momo", parameters())
    other.load_state_dict(saved)
    assert other.param_groups[0]["max_norm"] is None
