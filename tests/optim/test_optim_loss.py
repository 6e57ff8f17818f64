# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``step(closure=None, loss=None)``: what counts as a loss, what is returned, what is refused."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from optim_devices import DEVICES
from optim_training import (
    NAMES,
    TUNED,
    backward,
    batch_loss,
    bits,
    everything,
    numbers,
    of,
    optimizer,
    parameters,
    snapshot,
    train,
)
from torch import Tensor

from momo.methods import PAPER as METHODS
from momo.optim import MomentumModelOptimizer

VALUE = 2.5
"""A loss that every dtype here but the integers holds exactly."""

LOSSES: dict[str, Any] = {
    "float": VALUE,
    "int": 3,
    "fraction": Fraction(5, 2),
    "numpy float64": np.float64(VALUE),
    "numpy float32": np.float32(VALUE),
    "numpy int": np.int32(3),
    "0-dim": torch.tensor(VALUE),
    "float64": torch.tensor(VALUE, dtype=torch.float64),
    "float16": torch.tensor(VALUE, dtype=torch.float16),
    "bfloat16": torch.tensor(VALUE, dtype=torch.bfloat16),
    "int tensor": torch.tensor(3),
    "one element": torch.tensor([VALUE]),
    "one by one": torch.tensor([[VALUE]]),
    "no contiguous one": torch.full((3, 2), VALUE)[1:2, 1],
    "requires grad": torch.tensor(VALUE, requires_grad=True),
    "parameter": torch.nn.Parameter(torch.tensor([VALUE])),
}


def number(value: Any) -> float:
    return float(value.detach().reshape(()) if isinstance(value, Tensor) else value)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("given", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_number_is_the_same_loss(name: str, given: Any, device: str) -> None:
    plain = train(optimizer(name, parameters(device=device)), range(2))
    backward(plain, 2)
    plain.step(loss=number(given))
    with_loss, with_closure = (
        train(optimizer(name, parameters(device=device)), range(2)) for _ in range(2)
    )
    backward(with_loss, 2)
    assert with_loss.step(loss=given) is given

    def closure() -> Any:
        backward(with_closure, 2)
        return given

    assert with_closure.step(closure) is given
    assert snapshot(with_loss) == snapshot(with_closure) == snapshot(plain)
    positional = train(optimizer(name, parameters(device=device)), range(2))
    backward(positional, 2)
    assert positional.step(None, given) is given
    assert snapshot(positional) == snapshot(plain)


@pytest.mark.gpu
@pytest.mark.parametrize("name", NAMES)
def test_the_loss_may_be_on_another_device(name: str) -> None:
    for params_on, loss_on in (("cpu", "cuda"), ("cuda", "cpu")):
        here, there = (
            train(optimizer(name, parameters(device=params_on)), range(2)) for _ in range(2)
        )
        loss = backward(here, 2)
        backward(there, 2)
        here.step(loss=loss)
        there.step(loss=loss.to(loss_on))
        assert snapshot(here) == snapshot(there)


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_is_taken_in_float64(name: str) -> None:
    """1 + 2⁻⁴⁰ needs float64, and at the first sample nothing rounds f̄ but 1-β from 0."""
    loss = 1 + 2.0**-40
    opt = optimizer(name, parameters())
    for given in (loss, torch.tensor(loss, dtype=torch.float64)):
        opt.state.clear()
        backward(opt)
        opt.step(loss=given)
        weight = numbers(opt)["weight"].item()
        assert opt.last.loss_avg.item() == pytest.approx(loss * weight, rel=2**-51, abs=0)


@pytest.mark.parametrize("name", NAMES)
def test_no_graph_is_kept_alive(name: str) -> None:
    opt = optimizer(name, parameters())
    collected = gc.isenabled()
    gc.disable()  # so that a cycle with the graph in it would show
    try:
        for batch in range(3):
            opt.zero_grad()
            loss = batch_loss(of(opt), batch)
            loss.backward(retain_graph=True)
            returned = opt.step(loss=loss)
            assert returned is loss
            held = weakref.ref(loss)
            del loss, returned
            assert held() is None
    finally:
        if collected:
            gc.enable()
    for entry in opt.state.values():
        assert all(v.grad_fn is None and not v.requires_grad for v in entry.values())
    assert all(v.grad_fn is None for v in opt.last)
    assert all(p.grad_fn is None and p.requires_grad for p in of(opt))


@pytest.mark.parametrize("outside", [torch.no_grad, torch.enable_grad])
@pytest.mark.parametrize("name", NAMES)
def test_a_closure_runs_with_gradients_enabled(name: str, outside: Callable[[], Any]) -> None:
    expected = train(optimizer(name, parameters()), range(3))
    opt = optimizer(name, parameters())

    def closure(batch: int) -> Tensor:
        assert torch.is_grad_enabled()
        opt.zero_grad()
        loss = batch_loss(of(opt), batch)
        loss.backward()
        return loss

    with outside():
        enabled = torch.is_grad_enabled()
        for batch in range(3):
            calls: list[int] = []

            def counted(batch: int = batch, calls: list[int] = calls) -> Tensor:
                calls.append(batch)
                return closure(batch)

            returned = opt.step(counted)
            assert calls == [batch]
            assert returned.requires_grad
            assert torch.is_grad_enabled() == enabled
    assert snapshot(opt) == snapshot(expected)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_never_written_to(name: str) -> None:
    opt = optimizer(name, parameters())
    for batch in range(3):
        loss = backward(opt, batch)
        before = [(id(p.grad), bits(p.grad)) for p in of(opt)]
        opt.step(loss=loss)
        assert [(id(p.grad), bits(p.grad)) for p in of(opt)] == before


# ---- refused ------------------------------------------------------------------------------------

NO_LOSS: dict[str, tuple[Any, str]] = {
    "True": (True, r"= True is of type bool; allowed: a number or a tensor of one element"),
    "text": ("2.5", r"= '2\.5' is of type str"),
    "list": ([2.5], r"= \[2\.5\] is of type list"),
    "tuple": ((2.5, 1.0), r"= .* is of type tuple"),
    "array": (np.ones(1), r"= .* is of type ndarray"),
    "numpy bool": (np.bool_(True), r"= .* is of type bool"),
    "complex": (1j, r"= 1j is of type complex"),
    "two": (torch.ones(2), r"has shape \(2,\); allowed: one element .*\.mean\(\)"),
    "none": (torch.ones(0), r"has shape \(0,\); allowed: one element"),
    "complex tensor": (torch.tensor(1j), r"is of dtype torch\.complex64; allowed: a real number"),
    "bool tensor": (torch.tensor(True), r"is of dtype torch\.bool; allowed: a real number"),
}


def refused(opt: MomentumModelOptimizer, call: Callable[[], object], message: str) -> None:
    untouched = everything(opt)
    with pytest.raises((ValueError, TypeError), match=message):
        call()
    assert everything(opt) == untouched


@pytest.mark.parametrize("steps", [0, 2])
@pytest.mark.parametrize(("given", "message"), NO_LOSS.values(), ids=NO_LOSS)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_loss_is_refused_before_anything_changes(
    name: str, given: Any, message: str, steps: int
) -> None:
    opt = train(optimizer(name, parameters()), range(steps))
    backward(opt, 5)
    refused(opt, lambda: opt.step(loss=given), "^loss " + message)
    refused(opt, lambda: opt.step(lambda: given), r"^the value of closure\(\) " + message)
    if not METHODS[name].online:
        refused(opt, lambda: opt.step(loss=1.0, lb=given), "^lb " + message)


@pytest.mark.parametrize("steps", [0, 2])
@pytest.mark.parametrize("name", NAMES)
def test_not_exactly_one_of_closure_and_loss_is_refused(name: str, steps: int) -> None:
    opt = train(optimizer(name, parameters()), range(steps))
    loss = backward(opt, 5)
    calls: list[int] = []

    def closure() -> float:
        calls.append(1)
        return 1.0

    refused(opt, lambda: opt.step(), r"step\(\) needs the loss .*allowed: step\(loss=loss\); st")
    refused(
        opt, lambda: opt.step(loss), r"closure is of type Tensor; allowed: .*step\(loss=\.\.\.\)"
    )
    refused(opt, lambda: opt.step(2.5), r"closure is of type float; allowed: a function")
    assert not calls
    # These have to be called before anybody knows what they return.
    refused(opt, lambda: opt.step(closure, loss), r"both loss and a closure that returns one; allo")
    refused(opt, lambda: opt.step(closure, loss=0.0), r"both loss and a closure")
    refused(opt, lambda: opt.step(lambda: None), r"^closure\(\) returned None, but there are gradi")
    with pytest.raises(TypeError, match="unexpected keyword"):
        opt.step(closure, grad_scaler=None)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_closure_raises_comes_through_and_nothing_has_changed(name: str) -> None:
    opt = train(optimizer(name, parameters()), range(2))
    backward(opt)

    def closure() -> float:
        raise RuntimeError("out of data; allowed: more")

    untouched = everything(opt)
    with pytest.raises(RuntimeError, match="out of data"):
        opt.step(closure)
    assert everything(opt) == untouched


@pytest.mark.parametrize("name", [n for n in NAMES if METHODS[n].online])
def test_a_method_that_estimates_its_bound_refuses_one_with_the_step(name: str) -> None:
    opt = train(optimizer(name, parameters()), range(2))
    loss = backward(opt, 2)
    refused(opt, lambda: opt.step(loss=loss, lb=0.0), r"lb = 0\.0 was given .*use_fstar = True")


@pytest.mark.parametrize("steps", [0, 2])
@pytest.mark.parametrize("name", NAMES)
def test_a_sparse_gradient_is_refused_before_anything_changes(name: str, steps: int) -> None:
    opt = optimizer(name, [*parameters(), torch.nn.Parameter(torch.ones(5, 2))])
    train(opt, range(steps))
    loss = backward(opt, 3)
    before = snapshot(opt)
    of(opt)[-1].grad = torch.sparse_coo_tensor([[1]], [[1.0, 2.0]], (5, 2), check_invariants=True)
    message = r"gradient of parameter 4 of param_groups\[0\] has layout .*sparse=False"
    with pytest.raises(RuntimeError, match=message):
        opt.step(loss=loss)
    assert snapshot(opt) == before


# ---- the step that only allocates ---------------------------------------------------------------


@pytest.mark.parametrize("tensor", [False, True], ids=["float lr", "tensor lr"])
@pytest.mark.parametrize("name", NAMES)
def test_a_bare_step_of_a_new_optimizer_at_lr_0_makes_the_state_and_moves_nothing(
    name: str, tensor: bool
) -> None:
    """So torch.distributed.checkpoint has the state made into which it loads."""
    trained = train(optimizer(name, parameters()), range(3))
    opt = optimizer(name, parameters())
    start = snapshot(opt)["params"]
    lr = opt.param_groups[0]["lr"]
    for p in of(opt):
        p.grad = torch.zeros_like(p)
    opt.param_groups[0]["lr"] = torch.tensor(0.0) if tensor else 0.0
    assert opt.step(closure=None) is None
    opt.param_groups[0]["lr"] = lr
    opt.zero_grad()
    assert snapshot(opt)["params"] == start

    def form(each: MomentumModelOptimizer) -> list[Any]:
        return [{k: (v.shape, v.dtype) for k, v in each.state[p].items()} for p in of(each)]

    assert form(opt) == form(trained)
    # It has seen nothing yet: what follows is what a new optimizer does.
    assert opt.skipped == 0
    assert snapshot(train(opt, range(3))) == snapshot(trained)

    opt.param_groups[0]["lr"] = 0.0
    backward(opt)
    refused(opt, lambda: opt.step(), r"step\(\) needs the loss")
    one_moves = optimizer(name, [{"params": parameters()}, {"params": parameters(), "lr": 0.0}])
    refused(one_moves, lambda: one_moves.step(), r"step\(\) needs the loss")


# ---- a bound with the step ----------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in NAMES if not METHODS[n].online])
def test_a_bound_with_the_step_may_be_of_every_kind_too(name: str) -> None:
    expected = train(optimizer(name, parameters()), range(2))
    expected.step(loss=backward(expected, 2), lb=1.0)
    assert expected.last.lower_bound != TUNED.lb
    for lb in (1, np.float32(1), torch.tensor([1.0]), torch.tensor(1, dtype=torch.bfloat16)):
        opt = train(optimizer(name, parameters()), range(2))
        opt.step(loss=backward(opt, 2), lb=lb)
        assert snapshot(opt) == snapshot(expected)
