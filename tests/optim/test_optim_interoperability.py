# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the table of interoperability says of all methods, where no other test says it of them.

The methods of the paper have longer tests of most of this; here every method of the table gets a
short one: schedulers, scalers, copies, checkpoints, averages of weights, unusual parameters.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from optim_interoperability_worker import FEW
from rows_with_loss import METHODS
from test_optim_schedulers import KINDS, advance, metric
from torch import Tensor, nn
from torch.amp import GradScaler
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_optimizer_state_dict,
    set_optimizer_state_dict,
)
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.swa_utils import AveragedModel

from momo.methods import PAPER
from momo.optim import MomentumModelOptimizer

OTHERS = [name for name in METHODS if name not in PAPER]
OF_MATRICES = {
    *("momo_adafactor", "momo_soap", "adalomo", "momo_adalomo", "nhb_adaptive"),
    *("muon_adam_momo", "muon_max_momo", "scion_momo"),
}
each = pytest.mark.parametrize("name", METHODS)


def briefly(names: list[str]) -> pytest.MarkDecorator:
    """Return the parameters of a test that is slow for all but one method of each kind."""
    slow = pytest.mark.slow
    return pytest.mark.parametrize(
        "name", [name if name in FEW else pytest.param(name, marks=slow) for name in names]
    )


def network(dtype: torch.dtype = torch.float64) -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)).to(dtype)


def made(name: str, net: nn.Module, **options: Any) -> MomentumModelOptimizer:
    """Return a method with a finite learning rate, also where its own is none."""
    cls: Any = METHODS[name].torch_class()
    made: MomentumModelOptimizer = cls(
        net.parameters(), lr=0.05, **{**METHODS[name].fixed, **options}
    )
    return made


def loss_of(net: nn.Module, k: int) -> Tensor:
    generator = torch.Generator().manual_seed(k)
    dtype = next(net.parameters()).dtype
    x = torch.randn(6, 4, generator=generator, dtype=torch.float64).to(dtype)
    loss: Tensor = (net(x) - torch.sin(2 * x[:, :3])).square().mean()
    return loss


def step(net: nn.Module, opt: Any, k: int) -> None:
    opt.zero_grad()
    loss = loss_of(net, k)
    loss.backward()
    opt.step(loss=loss)


def points(net: nn.Module) -> list[Tensor]:
    return [p.detach().clone() for p in net.parameters()]


def same(a: list[Tensor], b: list[Tensor]) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


def moved(net: nn.Module) -> bool:
    return not same(points(net), points(network(next(net.parameters()).dtype)))


def of_one_group(kind: str, opt: Any) -> LRScheduler:
    """Return a scheduler of `KINDS`, some of which are written for two groups."""
    if kind == "LambdaLR":
        return torch.optim.lr_scheduler.LambdaLR(opt, lambda k: 0.8**k)
    if kind == "OneCycleLR":
        return torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, 8)
    return KINDS[kind].make(opt)


@briefly(OTHERS)
def test_every_scheduler_drives_every_method(name: str) -> None:
    """The steps are those at the learning rates, and the β, that the scheduler has set."""
    for kind in KINDS:
        if KINDS[kind].cycles and not {"momentum", "betas"} & {*made(name, network()).defaults}:
            continue  # torch cycles what there is; the next test has what it does without
        net, by_hand = network(), network()
        opt, other = made(name, net), made(name, by_hand)
        scheduler = of_one_group(kind, opt)
        for k in range(3):
            used = {n: opt.param_groups[0].get(n) for n in ("lr", "momentum", "betas")}
            other.param_groups[0].update({n: v for n, v in used.items() if v is not None})
            step(net, opt, k)
            step(by_hand, other, k)
            advance(scheduler, metric(k))
        assert same(points(net), points(by_hand)), kind


@each
@pytest.mark.parametrize("kind", ["OneCycleLR", "CyclicLR"])
def test_what_has_no_beta_is_cycled_without(name: str, kind: str) -> None:
    opt = made(name, network())
    if {"momentum", "betas"} & {*opt.defaults}:
        of_one_group(kind, opt)
        return
    with pytest.raises(ValueError, match="optimizer must support momentum or beta1"):
        of_one_group(kind, opt)
    make: Callable[..., LRScheduler] = getattr(torch.optim.lr_scheduler, kind)
    make(opt, *((0.1, 8) if kind == "OneCycleLR" else (0.01, 0.1)), cycle_momentum=False)


@briefly([*METHODS])
def test_a_scaler_changes_no_method(name: str) -> None:
    """A power of two is divided out exactly, and a step with an infinite gradient is left out."""
    net, plain = network(torch.float32), network(torch.float32)
    opt, other = made(name, net), made(name, plain)
    scaler = GradScaler("cpu", init_scale=2.0**12)
    for k in range(3):
        opt.zero_grad()
        scaler.scale(opt.observe(loss_of(net, k))).backward()
        scaler.step(opt)
        scaler.update()
        step(plain, other, k)
    assert same(points(net), points(plain))
    scaler.scale(opt.observe(loss_of(net, 3) * float("inf"))).backward()
    scaler.step(opt)
    assert same(points(net), points(plain))


@briefly([*METHODS])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_every_method_trains_under_autocast(name: str, dtype: torch.dtype) -> None:
    net = network(torch.float32)
    opt = made(name, net)
    for k in range(2):
        opt.zero_grad()
        with torch.autocast("cpu", dtype=dtype):
            loss = loss_of(net, k)
        loss.backward()
        opt.step(loss=loss)
    assert moved(net)
    assert all(p.dtype == torch.float32 and p.isfinite().all() for p in net.parameters())


def by_pickle(opt: Any) -> Any:
    return pickle.loads(pickle.dumps(opt))


@briefly([*METHODS])
@pytest.mark.parametrize("duplicate", [copy.deepcopy, by_pickle])
def test_a_copy_of_every_method_goes_on_as_it_would_have(name: str, duplicate: Any) -> None:
    net = network()
    opt = made(name, net)
    step(net, opt, 0)
    # Together, so that the copy has the parameters of the copied network.
    other, twin = duplicate((net, opt))
    for k in (1, 2):
        step(net, opt, k)
        step(other, twin, k)
    assert same(points(net), points(other))
    assert moved(net)


@briefly([*METHODS])
@pytest.mark.parametrize("flat", [False, True])
def test_a_distributed_state_dict_resumes_every_method(name: str, flat: bool) -> None:
    """`torch.distributed.checkpoint` needs no process group."""
    options = StateDictOptions(flatten_optimizer_state_dict=flat)
    net = network()
    opt = made(name, net)
    for k in range(2):
        step(net, opt, k)
    kept = copy.deepcopy(get_optimizer_state_dict(net, opt, options=options))
    other = network()
    other.load_state_dict(copy.deepcopy(net.state_dict()))
    twin = made(name, other)
    set_optimizer_state_dict(other, twin, kept, options=options)
    for k in (2, 3):
        step(net, opt, k)
        step(other, twin, k)
    assert same(points(net), points(other))


@briefly([*METHODS])
def test_averages_of_weights_are_those_of_the_iterates(name: str) -> None:
    """Two points over two: every number is rounded once, and halving is exact."""
    net = network()
    opt, averaged = made(name, net), AveragedModel(net)
    seen = []
    for k in range(2):
        step(net, opt, k)
        averaged.update_parameters(net)
        seen.append(points(net))
    for ours, first, second in zip(averaged.module.parameters(), *seen, strict=True):
        torch.testing.assert_close(ours.detach(), (first + second) / 2, rtol=1e-14, atol=1e-15)


class Tagged(Tensor):
    """A subclass that changes nothing."""


@briefly([*METHODS])
def test_parameters_of_a_subclass_take_the_same_step(name: str) -> None:
    """In blocks, which is where they go; the plain ones are sent there too."""
    plain, tagged = network(), network()
    for module in tagged.modules():
        for leaf, p in list(module.named_parameters(recurse=False)):
            setattr(module, leaf, nn.Parameter(p.detach().clone().as_subclass(Tagged)))
    assert all(isinstance(p, Tagged) for p in tagged.parameters())
    opt, other = made(name, plain, fused=False), made(name, tagged)
    for k in range(3):
        step(plain, opt, k)
        step(tagged, other, k)
    assert other.path == "blocks"
    for p, q in zip(plain.parameters(), tagged.parameters(), strict=True):
        assert type(q) is not nn.Parameter
        torch.testing.assert_close(q.as_subclass(Tensor), p, rtol=1e-12, atol=1e-13)


@each
def test_complex_parameters_are_worked_on_or_refused(name: str) -> None:
    cls: Any = METHODS[name].torch_class()
    start = torch.tensor([[1 + 2j, 3.0], [0.5j, -1.0]], dtype=torch.complex128)
    p = nn.Parameter(start.clone())
    opt = cls([p], lr=0.05, **METHODS[name].fixed)
    p.grad = torch.ones_like(p) * (1 - 1j)
    if name in OF_MATRICES:
        with pytest.raises(TypeError, match="complex; allowed with a preconditioner of matrices"):
            opt.step(loss=1.0)
        assert torch.equal(p, start)
    else:
        opt.step(loss=1.0)
        assert p.isfinite().all()


@each
def test_sparse_gradients_are_refused_by_every_method(name: str) -> None:
    p = nn.Parameter(torch.ones(3, 2))
    opt: Any = METHODS[name].torch_class()([p], **METHODS[name].fixed)  # type: ignore[arg-type]
    p.grad = torch.ones(3, 2).to_sparse()
    with pytest.raises(RuntimeError, match=r"layout torch\.sparse_coo; allowed: dense gradients"):
        opt.step(loss=1.0)
    assert torch.equal(p, torch.ones(3, 2))


@briefly([*METHODS])
def test_a_step_on_the_meta_device_reads_nothing(name: str) -> None:
    """It has shapes and no values, so whoever read one would fail."""
    p = nn.Parameter(torch.ones(3, 2, device="meta"))
    opt: Any = METHODS[name].torch_class()([p], **METHODS[name].fixed)  # type: ignore[arg-type]
    for _ in range(2):
        p.grad = torch.ones_like(p)
        opt.step(loss=1.0)
    assert all(t.device.type == "meta" for e in opt.state.values() for t in e.values())


@pytest.mark.parametrize("argument", ["capturable", "differentiable", "maximize"])
@each
def test_arguments_that_there_are_not_say_what_to_do(name: str, argument: str) -> None:
    cls: Any = METHODS[name].torch_class()
    with pytest.raises(TypeError, match=rf"unexpected keyword argument '{argument}'; .*\(.+\)$"):
        cls(network().parameters(), **{argument: True}, **METHODS[name].fixed)
