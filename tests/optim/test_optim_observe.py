# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``observe``: the loss of a step is heard from the backward passes that make its gradients."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from optim_training import everything, snapshot
from rows_with_loss import METHODS
from torch import Tensor, nn

from momo import Momo
from momo.methods import Hyperparameters
from momo.optim import MomentumModelOptimizer, Recorder

H = Hyperparameters(lr=0.5, beta=0.8, weight_decay=0.0, beta2=0.9, eps=1e-6, lb=-0.1)
BATCH, PARTS, STEPS = 12, 3, 4
ROUNDING = 1e-12
"""Losses and gradients are sums of 12 terms of size 1 to 100 in float64, in another order, in four
steps each of which may magnify a difference by the ratio of its numbers, all below 100."""


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1)).double()


def data(step: int) -> tuple[Tensor, Tensor]:
    made = torch.Generator().manual_seed(step)
    x = torch.randn(BATCH, 4, generator=made, dtype=torch.float64)
    return x, x[:, :1].sin() + 0.5


def loss_of(net: nn.Module, step: int, rows: slice = slice(None)) -> Tensor:
    x, y = data(step)
    return nn.functional.mse_loss(net(x[rows]), y[rows])


def parts() -> Iterator[slice]:
    for index in range(PARTS):
        yield slice(index, None, PARTS)


def made(name: str, net: nn.Module, **options: Any) -> MomentumModelOptimizer:
    row = METHODS[name]
    return row.torch_class()(net.parameters(), **{**row.torch_arguments(H), **options})


def by_hand(name: str, **options: Any) -> tuple[nn.Module, MomentumModelOptimizer]:
    net = network()
    opt = made(name, net, **options)
    for step in range(STEPS):
        opt.zero_grad()
        loss = loss_of(net, step)
        loss.backward()
        opt.step(loss=loss)
    return net, opt


def plain(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    opt.observe(loss_of(net, step)).backward()
    opt.step()


def accumulated(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    for rows in parts():
        (opt.observe(loss_of(net, step, rows)) / PARTS).backward()
    opt.step()


def divided_in_place(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    for rows in parts():
        loss = opt.observe(loss_of(net, step, rows))
        loss /= PARTS
        loss.backward()
    opt.step()


def observed_after(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    for rows in parts():
        opt.observe(loss_of(net, step, rows) / PARTS).backward()
    opt.step()


def in_one_pass(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    losses = [opt.observe(loss_of(net, step, rows)) for rows in parts()]
    (sum(losses) / PARTS).backward()
    opt.step()


def of_each_row(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    x, y = data(step)
    opt.observe((net(x) - y).square()).mean().backward()
    opt.step()


def twice_through_one_graph(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    loss = opt.observe(loss_of(net, step))
    (0.25 * loss).backward(retain_graph=True)
    (0.75 * loss).backward()
    opt.step()


def told_twice(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    loss = opt.observe(loss_of(net, step))
    opt.observe(loss).backward()
    opt.step()


def beside_unused_ones(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    opt.observe(loss_of(net, step + 50))  # never backpropagated
    with torch.no_grad():
        assert opt.observe(loss_of(net, step + 51)).requires_grad is False
    plain(net, opt, step)


def by_a_closure(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    """As a framework's: what it returns is of the last part alone."""
    for rows in list(parts())[:-1]:
        (opt.observe(loss_of(net, step, rows)) / PARTS).backward()
    last = list(parts())[-1]

    def closure() -> Tensor:
        loss = opt.observe(loss_of(net, step, last)) / PARTS
        loss.backward()
        return loss.detach()

    assert opt.step(closure) is not None


def by_a_closure_that_returns_nothing(
    net: nn.Module, opt: MomentumModelOptimizer, step: int
) -> None:
    opt.observe(loss_of(net, step)).backward()
    assert opt.step(lambda: None) is None


def after_gradients_that_were_thrown_away(
    net: nn.Module, opt: MomentumModelOptimizer, step: int
) -> None:
    opt.observe(loss_of(net, step + 50)).backward()
    opt.zero_grad()
    plain(net, opt, step)


def after_gradients_that_the_model_threw_away(
    net: nn.Module, opt: MomentumModelOptimizer, step: int
) -> None:
    opt.observe(loss_of(net, step + 50)).backward()
    net.zero_grad()
    in_one_pass(net, opt, step)


def scaled(unscale: bool, scale: float) -> Callable[..., None]:
    scaler = torch.amp.GradScaler("cpu", init_scale=scale)

    def take(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
        for rows in parts():
            scaler.scale(opt.observe(loss_of(net, step, rows)) / PARTS).backward()
        if unscale:
            scaler.unscale_(opt)
        scaler.step(opt)
        scaler.update()

    return take


def with_a_gradient_of_others_first(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    """A pass that leaves no gradient here is not one whose gradients were thrown away."""
    other = nn.Parameter(torch.ones((), dtype=torch.float64))
    loss = loss_of(net, step)
    opt.observe(other * (loss.detach() / 2)).backward()
    (opt.observe(loss) / 2).backward()
    for p in net.parameters():
        assert p.grad is not None
        p.grad *= 2  # what is added to the loss here is half of it, without a gradient
    opt.step()


def gradients_put_there_by_hand(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    """As under sharding, where gradients are elsewhere until the last part."""
    sums = [torch.zeros_like(p) for p in net.parameters()]
    for rows in parts():
        loss = opt.observe(loss_of(net, step, rows)) / PARTS
        for total, grad in zip(
            sums, torch.autograd.grad(loss, list(net.parameters())), strict=True
        ):
            total += grad
    for p, total in zip(net.parameters(), sums, strict=True):
        p.grad = total
    opt.step()


def with_a_loss_that_is_infinite_but_left_out(
    net: nn.Module, opt: MomentumModelOptimizer, step: int
) -> None:
    x, y = data(step)
    each = torch.cat([(net(x) - y).square(), torch.full((1, 1), torch.inf, dtype=x.dtype)])
    each.requires_grad_()
    opt.observe(each)[:-1].mean().backward()
    opt.step()


def after_a_wrong_argument(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    opt.observe(loss_of(net, step)).backward()
    with pytest.raises((TypeError, ValueError), match=r"^lb"):
        opt.step(lb="x")  # type: ignore[arg-type]
    opt.step()


def no_scale(net: nn.Module, opt: MomentumModelOptimizer, step: int) -> None:
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    scaler.scale(opt.observe(loss_of(net, step))).backward()
    scaler.step(opt)
    scaler.update()


LOOPS: dict[str, Callable[..., None]] = {
    loop.__name__: loop
    for loop in (
        plain,
        accumulated,
        divided_in_place,
        observed_after,
        in_one_pass,
        of_each_row,
        twice_through_one_graph,
        told_twice,
        beside_unused_ones,
        by_a_closure,
        by_a_closure_that_returns_nothing,
        after_gradients_that_were_thrown_away,
        after_gradients_that_the_model_threw_away,
        with_a_gradient_of_others_first,
        gradients_put_there_by_hand,
        with_a_loss_that_is_infinite_but_left_out,
        after_a_wrong_argument,
        no_scale,
    )
} | {
    "scaled": scaled(False, 2.0**14),
    "scaled and unscaled": scaled(True, 2.0**14),
}


CASES = [
    (name, loop)
    for loop in LOOPS
    for name in (METHODS if loop in ("accumulated", "scaled") else ("momo", "momo_adam", "iam"))
]


@pytest.mark.parametrize(("name", "loop"), CASES)
def test_the_observed_loss_is_the_given_one(name: str, loop: str) -> None:
    expected, reference = by_hand(name)
    net = network()
    opt = made(name, net)
    for step in range(STEPS):
        opt.zero_grad()
        LOOPS[loop](net, opt, step)
    for p, q in zip(net.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=ROUNDING, atol=ROUNDING)
    assert opt.last is not None
    assert reference.last is not None
    torch.testing.assert_close(opt.last.loss_avg, reference.last.loss_avg, rtol=ROUNDING, atol=0)


@pytest.mark.parametrize("name", ["momo", "momo_adam"])
def test_a_scale_that_is_no_power_of_two_rounds_loss_and_gradient_alike(name: str) -> None:
    """``GradScaler`` multiplies gradients by its inverse in float32: so is the loss.

    A step that is not capped does not change when f - f_* and g are both multiplied by the same
    number, which this rounding is, 2^-24 from 1, so that x agrees to float64.
    """
    expected, _ = by_hand(name, lr=1e6, lb=0.0)
    net = network()
    opt = made(name, net, lr=1e6, lb=0.0)
    loop = scaled(False, 3.0 * 2**10)
    for step in range(STEPS):
        opt.zero_grad()
        loop(net, opt, step)
    for p, q in zip(net.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("by", ["optimizer", "model", "model, in place"])
def test_a_step_that_the_scaler_left_out_leaves_nothing(by: str) -> None:
    net = network()
    opt, scaler = Momo(net.parameters(), lr=0.1), torch.amp.GradScaler("cpu", init_scale=2.0**14)
    before = snapshot(opt)
    scaler.scale(opt.observe(loss_of(net, 0)) * float("inf")).backward()
    scaler.step(opt)
    scaler.update()
    assert snapshot(opt) == before
    (opt if by == "optimizer" else net).zero_grad(set_to_none=by != "model, in place")
    plain(net, opt, 1)  # by hand: not by the scaler, so that its scale has to be forgotten
    assert opt.last is not None
    fresh = network()
    assert opt.last.value.item() == pytest.approx(loss_of(fresh, 1).item(), rel=1e-14)


@pytest.mark.parametrize("name", ["momo", "momo_adam", "iam"])
def test_a_learning_rate_of_0_is_no_reason_not_to_listen(name: str) -> None:
    """As at the first step of a warm-up, where a bare step of a new optimizer makes state alone."""
    runs = []
    for heard in (False, True):
        net = network()
        opt = made(name, net)
        schedule = torch.optim.lr_scheduler.LambdaLR(opt, lambda step: step / STEPS)
        for step in range(STEPS):
            opt.zero_grad()
            loss = loss_of(net, step)
            (opt.observe(loss) if heard else loss).backward()
            opt.step(loss=None if heard else loss)
            schedule.step()
        runs.append(snapshot(opt))
    assert runs[0] == runs[1]


def test_a_compiled_bare_step_is_one_graph() -> None:
    expected, net = network(), network()
    by_hand_, opt = (Momo(n.parameters(), lr=torch.tensor(0.1)) for n in (expected, net))
    step = torch.compile(lambda: opt.step(), backend="eager", fullgraph=True)
    for batch in range(3):
        for n, one in ((expected, by_hand_), (net, opt)):
            one.zero_grad()
            loss = loss_of(n, batch)
            one.observe(loss).backward()
            if one is opt:
                step()
            else:
                one.step(loss=loss)
    for p, q in zip(net.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=ROUNDING, atol=ROUNDING)


def test_a_given_loss_wins_and_what_was_heard_is_forgotten() -> None:
    net = network()
    opt = Momo(net.parameters(), lr=0.1)
    opt.observe(loss_of(net, 0)).backward()
    assert opt.step(loss=7.0) == 7.0
    assert opt.last is not None
    assert opt.last.value.item() == 7
    with pytest.raises(ValueError, match=r"step\(\) needs the loss"):
        opt.step()
    opt.zero_grad()
    opt.observe(loss_of(net, 1)).backward()
    assert opt.step(lambda: None, loss=6.0) == 6.0
    assert opt.last.loss_avg.item() == pytest.approx(0.9 * 7 + 0.1 * 6)


def test_a_bare_step_says_all_ways() -> None:
    net = network()
    opt = Momo(net.parameters(), lr=0.1)
    loss_of(net, 0).backward()
    before = everything(opt)
    with pytest.raises(ValueError, match=r"step\(loss=loss\); step\(closure\) .*optimizer.obse"):
        opt.step()
    with pytest.raises(ValueError, match=r"docs/optimizers/frameworks\.md"):
        opt.step()
    assert everything(opt) == before


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (1.0, "loss is a float; allowed: the real tensor to call backward"),
        (torch.tensor(1), r"loss is a torch.int64 tensor"),
        (torch.ones(1, dtype=torch.complex64, requires_grad=True), "loss is a torch.complex64 ten"),
        (None, "loss is a NoneType"),
    ],
)
def test_what_cannot_be_observed(loss: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Momo(network().parameters()).observe(loss)


def test_two_optimizers_hear_their_own() -> None:
    nets = network(), network()
    opts = [Momo(net.parameters(), lr=0.1) for net in nets]
    losses = [loss_of(net, step) for step, net in enumerate(nets)]
    total = sum(opt.observe(loss) for opt, loss in zip(opts, losses, strict=True))
    total.backward()  # type: ignore[union-attr]
    for opt, loss in zip(opts, losses, strict=True):
        opt.step()
        assert opt.last is not None
        assert opt.last.value.item() == loss.item()


def test_a_copy_has_heard_nothing() -> None:
    net = network()
    opt = Momo(net.parameters(), lr=0.1)
    opt.observe(loss_of(net, 0)).backward()
    for other in (copy.deepcopy(opt), pickle.loads(pickle.dumps(opt))):
        with pytest.raises(ValueError, match="needs the loss"):
            other.step()
    opt.load_state_dict(opt.state_dict())
    opt.step()


def test_no_graph_and_no_loss_is_kept_alive() -> None:
    net = network()
    opt = Momo(net.parameters(), lr=0.1)
    gc.collect()
    gc.disable()
    try:
        loss = opt.observe(loss_of(net, 0))
        loss.backward()
        held = weakref.ref(loss)
        del loss
        assert held() is None
    finally:
        gc.enable()
    opt.step()


def test_the_recorder_has_the_observed_loss() -> None:
    net = network()
    opt = Momo(net.parameters(), lr=0.1)
    losses = []
    with Recorder(opt) as recorder:
        for loop in (plain, accumulated, by_a_closure, scaled(False, 2.0**10)):
            losses.append(loss_of(net, 3).item())
            opt.zero_grad()
            loop(net, opt, 3)
    assert recorder.to_numpy()["loss"].tolist() == pytest.approx(losses, rel=1e-14)


def test_with_a_compiled_model() -> None:
    expected, _ = by_hand("momo")
    net = network()
    opt = made("momo", net)
    compiled = torch.compile(loss_of, backend="aot_eager")
    for step in range(STEPS):
        opt.zero_grad()
        opt.observe(compiled(net, step)).backward()
        opt.step()
    for p, q in zip(net.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=ROUNDING, atol=ROUNDING)


def test_nothing_is_read_on_a_device() -> None:
    """On the meta device there is nothing to read."""
    p = nn.Parameter(torch.ones(3, device="meta"))
    opt = Momo([p], lr=0.1, max_norm=1.0)
    for _ in range(2):
        opt.zero_grad()
        (opt.observe(p.square().sum()) / 2).backward()
        opt.step()
    assert opt.last is not None
    assert opt.last.value.device.type == "meta"


@pytest.mark.gpu
def test_nothing_is_waited_for_on_a_gpu() -> None:
    p = nn.Parameter(torch.ones(3, device="cuda"))
    opt = Momo([p], lr=0.1, max_norm=1.0)
    opt.observe(p.square().sum()).backward()
    opt.step()
    torch.cuda.set_sync_debug_mode("error")
    try:
        opt.zero_grad()
        (opt.observe(p.square().sum()) / 2).backward()
        opt.step()
    finally:
        torch.cuda.set_sync_debug_mode("default")
