# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The recorder: what it keeps is what the steps said, and training does not notice it."""

from __future__ import annotations

import copy
import gc
import io
import math
import pickle
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from optim_devices import DEVICES
from torch import Tensor, nn

from momo.methods import PAPER as METHODS
from momo.methods import Hyperparameters
from momo.optim import MomentumModelOptimizer, Momo, MomoAdam, Recorder, StepInfo
from momo.optim.recorder import COLUMNS


def network(device: str = "cpu") -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).to(device)


def made(name: str, parameters: Any, **changes: Any) -> MomentumModelOptimizer:
    row = METHODS[name]
    return row.torch_class()(
        parameters, **{**row.torch_arguments(Hyperparameters(lr=0.5)), **changes}
    )


def backward(model: nn.Module, k: int, factor: float = 1.0) -> Tensor:
    generator = torch.Generator().manual_seed(k)
    device = next(model.parameters()).device
    inputs = torch.randn(8, 3, generator=generator).to(device)
    model.zero_grad()
    loss = (model(inputs) - 1).square().mean() * factor
    loss.backward()
    return loss


def by_loss(opt: MomentumModelOptimizer, model: nn.Module, k: int) -> Any:
    return opt.step(loss=backward(model, k))


def by_position(opt: MomentumModelOptimizer, model: nn.Module, k: int) -> Any:
    return opt.step(None, backward(model, k))


def by_closure(opt: MomentumModelOptimizer, model: nn.Module, k: int) -> Any:
    return opt.step(lambda: backward(model, k))


def by_named_closure(opt: MomentumModelOptimizer, model: nn.Module, k: int) -> Any:
    return opt.step(closure=lambda: backward(model, k), loss=None)


WAYS: list[Callable[..., Any]] = [by_loss, by_position, by_closure, by_named_closure]


def watched(opt: MomentumModelOptimizer, loss: Tensor, step: int, lr: float) -> list[float]:
    assert opt.last is not None
    return [step, lr, loss.item(), *(value.item() for value in opt.last)]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", METHODS)
def test_a_row_is_what_the_step_says_of_itself(
    name: str, way: Callable[..., Any], device: str
) -> None:
    model = network(device)
    opt = made(name, model.parameters())
    recorder = Recorder(opt, capacity=2)
    expected = [watched(opt, way(opt, model, k), k + 1, 0.5) for k in range(7)]
    rows = recorder.to_numpy()
    assert tuple(rows) == COLUMNS == ("step", "lr", "loss", *StepInfo._fields)
    assert all(column.dtype == np.float64 for column in rows.values())
    np.testing.assert_array_equal(np.column_stack(list(rows.values())), expected)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", METHODS)
def test_training_does_not_notice(name: str, way: Callable[..., Any]) -> None:
    runs = []
    for recorded in (True, False):
        model = network()
        opt = made(name, model.parameters())
        if recorded:
            Recorder(opt)
        losses = [way(opt, model, k) for k in range(5)]
        runs.append((losses, list(model.parameters()), list(opt.state.values())))
    (losses, parameters, states), (others, plain, plain_states) = runs
    assert all(torch.equal(a, b) for a, b in zip(losses, others, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(parameters, plain, strict=True))
    for state, other in zip(states, plain_states, strict=True):
        assert state.keys() == other.keys()
        assert all(torch.equal(state[n], other[n]) for n in state)


@pytest.mark.parametrize("every", [1, 2, 3, 100])
def test_one_step_in_so_many(every: int) -> None:
    model = network()
    opt = Momo(model.parameters())
    recorder, whole = Recorder(opt, every=every, capacity=1), Recorder(opt)
    for k in range(7):
        (by_loss if k % 2 else by_closure)(opt, model, k)
    part, rows = recorder.to_numpy(), whole.to_numpy()
    for name, column in part.items():
        np.testing.assert_array_equal(column, rows[name][::every])


def test_it_can_be_read_at_any_time() -> None:
    model = network()
    opt = Momo(model.parameters())
    recorder = Recorder(opt)
    empty = recorder.to_numpy()
    assert tuple(empty) == COLUMNS
    assert all(len(column) == 0 for column in empty.values())
    by_loss(opt, model, 0)
    early = recorder.to_numpy()
    early["loss"][:] = -1
    by_loss(opt, model, 1)
    rows = recorder.to_numpy()
    assert rows["step"].tolist() == [1, 2]
    assert (rows["loss"] > 0).all()


@pytest.mark.parametrize("tensor", [False, True])
def test_the_learning_rate_is_that_of_the_step(tensor: bool) -> None:
    """A tensor is changed in place by the schedule, so it has to be copied."""
    model = network()
    lr = torch.tensor(0.5) if tensor else 0.5
    opt = Momo(model.parameters(), lr=lr)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(opt, 0.5)
    recorder = Recorder(opt)
    for k in range(4):
        by_loss(opt, model, k)
        scheduler.step()
    assert recorder.to_numpy()["lr"].tolist() == [0.5, 0.25, 0.125, 0.0625]


def test_of_several_groups_the_largest_learning_rate() -> None:
    """``cap`` is that of the same group."""
    model = network()
    groups = [
        {"params": model[0].parameters(), "lr": 0.125},
        {"params": model[2].parameters(), "lr": torch.tensor(0.25)},
    ]
    opt = Momo(groups)
    recorder = Recorder(opt)
    by_loss(opt, model, 0)
    rows = recorder.to_numpy()
    assert rows["lr"].tolist() == rows["cap"].tolist() == [0.25]


@pytest.mark.parametrize("loss", [2, 2.0, torch.tensor([2.0]), torch.tensor(2.0).bfloat16()])
def test_losses_of_any_kind(loss: Any) -> None:
    model = network()
    opt = Momo(model.parameters())
    recorder = Recorder(opt)
    backward(model, 0)
    opt.step(loss=loss)
    opt.step(lambda: loss)
    assert recorder.to_numpy()["loss"].tolist() == [2, 2]


@pytest.mark.parametrize("name", METHODS)
def test_a_skipped_step_leaves_a_row_of_nan(name: str) -> None:
    model = network()
    opt = made(name, model.parameters())
    recorder = Recorder(opt)
    for k in range(4):
        opt.step(loss=backward(model, k, factor=math.nan if k == 2 else 1.0))
    rows = recorder.to_numpy()
    assert rows["step"].tolist() == [1, 2, 3, 4]
    assert rows["step_size"][2] == 0
    for column in ("loss", "value", "adaptive", "cap", "dual_norm_sq", "loss_avg"):
        assert np.isnan(rows[column]).tolist() == [False, False, True, False], column


def test_a_loss_that_is_finite_is_kept_where_a_gradient_is_not() -> None:
    model = network()
    opt = Momo(model.parameters())
    recorder = Recorder(opt)
    loss = backward(model, 0)
    next(model.parameters()).grad.fill_(math.inf)
    opt.step(loss=loss)
    rows = recorder.to_numpy()
    assert rows["loss"].tolist() == [loss.item()]
    assert np.isnan(rows["value"]).all()


def test_a_step_without_gradients_leaves_no_row() -> None:
    model = network()
    opt = Momo(model.parameters())
    recorder = Recorder(opt, capacity=1)
    opt.step(loss=1.0)
    by_loss(opt, model, 0)
    opt.zero_grad()
    opt.step(loss=1.0)
    opt.step(lambda: 1.0)
    by_loss(opt, model, 1)
    assert recorder.to_numpy()["step"].tolist() == [1, 2]


def test_a_step_that_raises_leaves_no_row() -> None:
    model = network()
    opt = Momo(model.parameters(), nonfinite="raise")
    recorder = Recorder(opt)
    by_loss(opt, model, 0)
    with pytest.raises(FloatingPointError):
        opt.step(loss=backward(model, 1, factor=math.nan))
    with pytest.raises(ValueError, match="needs the loss"):
        opt.step()
    with pytest.raises(TypeError, match="closure is of type int"):
        opt.step(3)
    with pytest.raises(ValueError, match="both loss and a closure"):
        opt.step(lambda: 1.0, loss=1.0)
    by_closure(opt, model, 2)
    assert recorder.to_numpy()["step"].tolist() == [1, 2]


def test_the_step_that_only_allocates_leaves_no_row() -> None:
    """torch.distributed.checkpoint takes one before it loads."""
    model = network()
    opt = Momo(model.parameters(), lr=0.0)
    recorder = Recorder(opt)
    backward(model, 0)
    opt.step()
    assert len(recorder.to_numpy()["step"]) == 0


def test_it_stops_listening() -> None:
    model = network()
    opt = Momo(model.parameters())
    with Recorder(opt) as recorder:
        by_loss(opt, model, 0)
    by_loss(opt, model, 1)
    other = Recorder(opt)
    by_loss(opt, model, 2)
    other.remove()
    other.remove()
    by_loss(opt, model, 3)
    assert recorder.to_numpy()["step"].tolist() == [1]
    assert other.to_numpy()["step"].tolist() == [3]
    assert not opt._optimizer_step_post_hooks
    assert not opt._optimizer_step_pre_hooks


def test_it_stops_listening_after_an_error() -> None:
    opt = Momo(network().parameters())
    with pytest.raises(KeyError), Recorder(opt):
        raise KeyError
    assert not opt._optimizer_step_post_hooks


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))])
def test_a_copy_of_the_optimizer_is_not_recorded(duplicate: Callable[[Any], Any]) -> None:
    model = network()
    opt = Momo(model.parameters())
    recorder = Recorder(opt)
    by_loss(opt, model, 0)
    other = duplicate(opt)
    for group in other.param_groups:
        for p in group["params"]:
            p.grad = torch.ones_like(p)
    other.step(loss=1.0)
    by_loss(opt, model, 1)
    assert recorder.to_numpy()["step"].tolist() == [1, 2]


@pytest.mark.parametrize("name", METHODS)
def test_a_run_that_is_resumed_goes_on_counting(name: str) -> None:
    model = network()
    opt = made(name, model.parameters())
    whole = Recorder(opt)
    buffer = io.BytesIO()
    for k in range(6):
        if k == 3:
            torch.save((model.state_dict(), opt.state_dict()), buffer)
        opt.step(loss=backward(model, k, factor=math.nan if k == 1 else 1.0))
    buffer.seek(0)
    resumed = network()
    new = made(name, resumed.parameters())
    recorder = Recorder(new)
    weights, state = torch.load(buffer, weights_only=True)
    resumed.load_state_dict(weights)
    new.load_state_dict(state)
    for k in range(3, 6):
        by_loss(new, resumed, k)
    rows, expected = recorder.to_numpy(), whole.to_numpy()
    assert rows["step"].tolist() == [4, 5, 6]
    for column in COLUMNS:
        np.testing.assert_array_equal(rows[column], expected[column][3:])


def test_a_run_that_is_rolled_back_repeats_its_numbers() -> None:
    model = network()
    opt = Momo(model.parameters())
    recorder = Recorder(opt)
    by_loss(opt, model, 0)
    kept = copy.deepcopy(opt.state_dict())
    by_loss(opt, model, 1)
    opt.load_state_dict(kept)
    by_loss(opt, model, 2)
    assert recorder.to_numpy()["step"].tolist() == [1, 2, 2]


def test_a_scaler_that_skips_a_step_leaves_no_row() -> None:
    model = network()
    opt = MomoAdam(model.parameters())
    scaler, recorder = torch.amp.GradScaler("cpu", init_scale=4.0), Recorder(opt)
    for k in range(4):
        loss = model(torch.ones(3)).square().sum()
        opt.zero_grad()
        scaler.scale(loss * (math.inf if k == 1 else 1.0)).backward()
        scaler.step(opt, loss=loss)
        scaler.update()
    assert recorder.to_numpy()["step"].tolist() == [1, 2, 3]


def test_nothing_waits_for_the_device() -> None:
    p = nn.Parameter(torch.ones(3, device="meta"))
    opt = MomoAdam([p], lr=torch.tensor(0.1, device="meta"))
    recorder = Recorder(opt, capacity=2)

    def closure() -> Tensor:
        p.grad = torch.ones_like(p)
        return torch.ones((), device="meta", requires_grad=True)

    for _ in range(5):
        opt.step(closure)
        opt.step(loss=closure())
        opt.zero_grad()
        opt.step(loss=1.0)
    with pytest.raises(NotImplementedError):  # reading is what cannot be done there
        recorder.to_numpy()


@pytest.mark.gpu
def test_nothing_waits_for_the_gpu() -> None:
    model = network("cuda")
    opt = MomoAdam(model.parameters())
    recorder = Recorder(opt, capacity=2)
    by_loss(opt, model, 0)
    losses = [backward(model, 1).detach()]
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(3):
            opt.step(loss=losses[0])
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert recorder.to_numpy()["step"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("closure", [False, True])
def test_it_holds_no_graph(closure: bool) -> None:
    model = network()
    opt = Momo(model.parameters())
    recorder = Recorder(opt)
    losses = [backward(model, 0)]
    alive = weakref.ref(losses[0])
    opt.step(**({"closure": lambda: losses[0]} if closure else {"loss": losses[0]}))
    losses.clear()
    gc.collect()
    assert alive() is None
    assert len(recorder.to_numpy()["loss"]) == 1


@pytest.mark.parametrize("closure", [False, True])
def test_it_holds_no_graph_after_an_error(closure: bool) -> None:
    model = network()
    opt = Momo(model.parameters(), nonfinite="raise")
    Recorder(opt)
    losses = [backward(model, 0, factor=math.nan)]
    alive = weakref.ref(losses[0])
    with pytest.raises(FloatingPointError):
        opt.step(**({"closure": lambda: losses[0]} if closure else {"loss": losses[0]}))
    losses.clear()
    gc.collect()
    assert alive() is None


def test_the_step_returns_what_the_closure_does() -> None:
    opt = Momo(network().parameters())
    Recorder(opt)
    loss = torch.ones((), requires_grad=True)
    assert opt.step(lambda: loss) is loss
    assert opt.step(loss=loss) is loss


def test_a_row_takes_88_bytes() -> None:
    """At most twice that, while half of the memory is waiting for rows."""
    model = network()
    opt = Momo(model.parameters())
    recorder = Recorder(opt, capacity=4)
    for k in range(17):
        by_loss(opt, model, k)
    held = [v for v in vars(recorder).values() if isinstance(v, Tensor)]
    assert sum(t.untyped_storage().nbytes() for t in held) == 32 * 88


def test_neither_keeps_the_other_alive_in_a_cycle() -> None:
    opt = Momo(network().parameters())
    recorder = Recorder(opt)
    alive = weakref.ref(opt)
    gc.disable()
    try:
        del opt
        assert alive() is None
    finally:
        gc.enable()
    assert len(recorder.to_numpy()["step"]) == 0


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"every": 0}, ValueError, "every = 0; allowed: a whole number >= 1"),
        ({"every": 1.5}, ValueError, r"every = 1.5; allowed"),
        ({"every": True}, ValueError, "every = True; allowed"),
        ({"capacity": -1}, ValueError, "capacity = -1; allowed"),
        ({"optimizer": torch.optim.SGD([torch.ones(1)])}, TypeError, "of type SGD; allowed"),
    ],
)
def test_wrong_arguments_are_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Recorder(**{"optimizer": Momo([torch.ones(1)]), **arguments})
