# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""torch's closure contract, losses without gradients, and losses below their bound."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
from optim_training import everything, snapshot
from rows_with_loss import METHODS
from torch import Tensor, nn

from momo import Momo
from momo.methods import Hyperparameters
from momo.optim import MomentumModelOptimizer, Recorder
from momo.optim.reading import as_on_a_device

H = Hyperparameters(lr=0.1, beta=0.8, weight_decay=0.01, beta2=0.9, eps=1e-6, lb=-0.1)


def made(name: str, params: Any = None, **options: Any) -> MomentumModelOptimizer:
    row = METHODS[name]
    params = [nn.Parameter(torch.ones(3, 2, dtype=torch.float64))] if params is None else params
    return row.torch_class()(params, **{**row.torch_arguments(H), **options})


def of(opt: torch.optim.Optimizer) -> Tensor:
    return opt.param_groups[0]["params"][0]


def loss_of(opt: torch.optim.Optimizer) -> Tensor:
    return of(opt).square().sum()


@pytest.mark.parametrize("steps", [0, 2])
@pytest.mark.parametrize("name", METHODS)
def test_a_batch_that_is_left_out_is_no_step(name: str, steps: int) -> None:
    opt = made(name)
    for _ in range(steps):
        opt.zero_grad()
        loss_of(opt).backward()
        opt.step(loss=loss_of(opt).detach())
    opt.zero_grad()
    before = snapshot(opt)
    for _ in range(5):  # and nothing is warned of
        assert opt.step(lambda: None) is None
    assert snapshot(opt) == before
    assert opt.skipped == 0


@pytest.mark.parametrize("name", METHODS)
def test_a_loss_beside_a_closure_that_returns_nothing_counts(name: str) -> None:
    """Lightning's manual optimisation calls so."""
    expected, opt = made(name), made(name)
    for _ in range(3):
        for one in (expected, opt):
            one.zero_grad()
            loss_of(one).backward()
        expected.step(loss=loss_of(expected))
        loss = loss_of(opt).detach()
        assert opt.step(lambda: None, loss=loss) is loss
    assert snapshot(opt) == snapshot(expected)


@pytest.mark.parametrize("name", METHODS)
def test_gradients_without_a_loss_are_refused(name: str) -> None:
    opt = made(name)
    loss_of(opt).backward()
    before = everything(opt)
    with pytest.raises(
        ValueError, match=r"closure\(\) returned None, but there are gradients; all"
    ):
        opt.step(lambda: None)
    assert everything(opt) == before


@pytest.mark.parametrize("name", METHODS)
def test_a_closure_that_adds_to_gradients_is_refused(name: str) -> None:
    """Its value is the loss of its own backward pass: under accumulation, of the last one."""
    opt = made(name)

    def closure() -> Tensor:
        loss = loss_of(opt)
        loss.backward()
        return loss

    opt.step(closure)
    before = snapshot(opt)
    with pytest.raises(
        ValueError, match=r"closure\(\) has added .*zero_grad.*observe.*step\(loss="
    ):
        opt.step(closure)
    assert snapshot(opt) == before
    opt.zero_grad()
    opt.step(closure)


@pytest.mark.parametrize("set_to_none", [True, False])
@pytest.mark.parametrize("by", ["optimizer", "model", "hand"])
def test_closures_that_begin_anew_are_not(by: str, set_to_none: bool) -> None:
    net = nn.Linear(2, 1)
    opt = Momo(net.parameters(), lr=0.1)

    def closure() -> Tensor:
        if by == "hand":
            for p in net.parameters():
                if p.grad is not None:
                    p.grad = None if set_to_none else p.grad.zero_()
        else:
            (opt if by == "optimizer" else net).zero_grad(set_to_none)
        loss = net(torch.ones(1, 2)).square().sum()
        loss.backward()
        return loss

    for _ in range(3):
        opt.step(closure)

    def only_adds() -> Tensor:
        loss = net(torch.ones(1, 2)).square().sum()
        loss.backward()
        return loss

    for _ in range(2):  # the gradients were made 0 before
        opt.zero_grad(set_to_none)
        opt.step(only_adds)
    # Nor is one that returns the loss of gradients that were made before.
    loss = closure()
    opt.step(lambda: loss)


def test_a_loop_that_forgets_backward_is_told_so_once() -> None:
    opt = made("momo")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        opt.step(lambda: loss_of(opt))
        opt.step(loss=1.0)
        loss_of(opt).backward()
        opt.step(loss=1.0)  # from here they are counted anew
        opt.zero_grad()
        opt.step(loss=1.0)
        opt.step(lambda: None)  # a batch that is left out is none without a gradient
        opt.step(loss=1.0)
        frozen = made("momo")
        of(frozen).requires_grad_(False)  # for a while, as a backbone
        for _ in range(5):
            frozen.step(loss=1.0)
    with pytest.warns(UserWarning, match=r"3 steps in a row had a loss, but no .*loss.backward"):
        opt.step(lambda: loss_of(opt))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(5):
            opt.step(loss=1.0)


NEGATIVE = [-17.2, -1e-3]


@pytest.mark.parametrize("name", [name for name in METHODS if "lb" not in METHODS[name].uses])
def test_a_method_that_looks_at_no_loss_tells_nothing_of_it(name: str) -> None:
    opt = made(name)
    of(opt).grad = torch.ones_like(of(opt))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        opt.step(loss=-17.2)
    assert opt.last is not None
    assert (int(opt.below), float(opt.last.below)) == (0, 0)


@pytest.mark.parametrize("loss", NEGATIVE)
@pytest.mark.parametrize("name", [name for name, row in METHODS.items() if "lb" in row.uses])
def test_a_loss_below_its_bound_is_counted_and_told(name: str, loss: float) -> None:
    opt = made(name, lb=0.0)
    of(opt).grad = torch.ones_like(of(opt))
    with Recorder(opt) as recorder:
        opt.step(loss=1.0)
        assert opt.below == 0
        with pytest.warns(UserWarning, match=f"a loss of {loss} lies below its lower bound .*lb="):
            opt.step(loss=loss)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            opt.step(loss=loss)
            opt.step(loss=1.0)
    assert opt.last is not None
    assert (int(opt.below), float(opt.last.below)) == (2, 0)
    assert recorder.to_numpy()["below"].tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("use_fstar", [False, True])
@pytest.mark.parametrize("lb", [0.3, torch.tensor(0.3, dtype=torch.float64)])
def test_rounding_is_not_below(lb: Any, use_fstar: bool) -> None:
    """The bound may be the smallest loss itself, computed otherwise: 2^-23 of terms of size 1."""
    opt = Momo([nn.Parameter(torch.ones(2))], lb=lb, use_fstar=use_fstar)
    of(opt).grad = torch.ones(2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        opt.step(loss=0.3 - 2**-23)
    assert opt.below == 0
    with pytest.warns(UserWarning, match="lies below"):
        opt.step(loss=0.3 - 2**-20)
    assert opt.below == 1


def test_the_bound_of_the_batch_is_the_one() -> None:
    opt = Momo([nn.Parameter(torch.ones(2))], lb=-5.0)
    of(opt).grad = torch.ones(2)
    opt.step(loss=-1.0, lb=-2.0)
    assert opt.below == 0
    with pytest.warns(UserWarning, match="lies below"):
        opt.step(loss=-1.0, lb=-0.5)
    assert opt.below == 1


def test_where_nothing_can_be_read_it_is_counted_in_silence() -> None:
    opt = made("momo_adam", lb=0.0)
    of(opt).grad = torch.ones_like(of(opt))
    with as_on_a_device(), warnings.catch_warnings():
        warnings.simplefilter("error")
        opt.step(loss=-1.0)
        opt.step(loss=float("nan"))
        opt.step(loss=torch.tensor(-1.0))
        opt.step(loss=1.0)
    assert (int(opt.below), int(opt.skipped)) == (2, 1)


def test_the_count_is_saved() -> None:
    opt = made("momo_adam", lb=0.0)
    of(opt).grad = torch.ones_like(of(opt))
    with pytest.warns(UserWarning, match="lies below"):
        opt.step(loss=-1.0)
    other = made("momo_adam", lb=0.0)
    other.load_state_dict(opt.state_dict())
    assert other.below == 1


@pytest.mark.parametrize("way", [{}, {"foreach": False}])
def test_a_closure_may_add_parameters(way: dict[str, Any]) -> None:
    first, second = (torch.nn.Parameter(torch.ones(3)) for _ in range(2))
    optimizer = Momo([first], lr=0.1, **way)

    def closure() -> torch.Tensor:
        if len(optimizer.param_groups) == 1:
            optimizer.add_param_group({"params": [second], "lr": 0.2})
        optimizer.zero_grad()
        loss = (first * first).sum() + (second * second).sum()
        loss.backward()
        return loss

    for _ in range(3):
        optimizer.step(closure)
    assert torch.all(second < first)
