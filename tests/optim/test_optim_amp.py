# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Mixed precision: a scaler that scales gradients and not the loss, autocast, and half models.

GradScaler works on the CPU as on a GPU, so all of it is tested here.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch
from optim_training import numbers
from torch import Tensor, nn
from torch.amp import GradScaler

from momo.methods import PAPER as METHODS
from momo.methods import Hyperparameters
from momo.optim import AccumulatedLoss, MomentumModelOptimizer, clip_grad_norm_

LOW = [torch.bfloat16, torch.float16]


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))


def batch(k: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(k)
    return (
        torch.randn(16, 6, generator=generator),
        torch.randint(0, 3, (16,), generator=generator),
    )


def made(name: str, parameters: Any, **changes: Any) -> MomentumModelOptimizer:
    row = METHODS[name]
    arguments = row.torch_arguments(Hyperparameters(lr=0.1, weight_decay=0.01))
    return row.torch_class()(parameters, **{**arguments, **changes})


def contents(model: nn.Module, opt: MomentumModelOptimizer) -> list[Tensor]:
    """Parameters and state, copied."""
    tensors = [*model.parameters()]
    for p in model.parameters():
        tensors += [value for _, value in sorted(opt.state.get(p, {}).items())]
    return [t.detach().clone() for t in tensors]


def equal(a: list[Tensor], b: list[Tensor]) -> bool:
    return len(a) == len(b) and all(torch.equal(s, t) for s, t in zip(a, b, strict=True))


def loss_of(model: nn.Module, k: int, dtype: torch.dtype | None = None) -> Tensor:
    inputs, labels = batch(k)
    with torch.autocast("cpu", dtype=dtype, enabled=dtype is not None):
        return nn.functional.cross_entropy(model(inputs), labels)


@pytest.mark.parametrize("scale", [2.0**16, 1.0, 2.0**-3])
@pytest.mark.parametrize("name", METHODS)
def test_a_scaler_changes_nothing(name: str, scale: float) -> None:
    """A power of two scales float32 gradients exactly, and is taken out again exactly."""
    model, other = network(), network()
    opt, twin = made(name, model.parameters()), made(name, other.parameters())
    scaler = GradScaler("cpu", init_scale=scale)
    for k in range(6):
        for m, o in ((model, opt), (other, twin)):
            o.zero_grad()
            loss = loss_of(m, k)
            if o is opt:
                scaler.scale(loss).backward()
                assert scaler.step(opt, loss=loss) is loss
                scaler.update()
            else:
                loss.backward()
                twin.step(loss=loss)
        assert equal(contents(model, opt), contents(other, twin))


@pytest.mark.parametrize("bad", [math.inf, math.nan])
@pytest.mark.parametrize("name", METHODS)
def test_a_step_that_the_scaler_skips_leaves_everything(name: str, bad: float) -> None:
    """Also the count of steps that the optimizer itself skipped: it was never called."""
    model = network()
    opt, scaler = made(name, model.parameters()), GradScaler("cpu", init_scale=8.0)
    for k in range(5):
        opt.zero_grad()
        loss = loss_of(model, k)
        scaler.scale(loss).backward()
        if k == 2:
            model[2].bias.grad[0] = bad
            before = contents(model, opt)
        scaler.step(opt, loss=loss)
        scaler.update()
        if k == 2:
            assert equal(contents(model, opt), before)
            assert scaler.get_scale() == 4.0
    assert (numbers(opt)["steps"], opt.skipped) == (4, 0)


@pytest.mark.parametrize("name", METHODS)
def test_a_scale_that_is_too_large_is_found(name: str) -> None:
    """float16 gradients overflow until the scale has come down; then training goes on as it
    would have without those attempts."""
    model = network()
    opt = made(name, model.parameters())
    scaler = GradScaler("cpu", init_scale=2.0**24, growth_interval=100)
    before, attempts = contents(model, opt), 0
    first = loss_of(model, 0).item()
    while not opt.state:
        opt.zero_grad()
        loss = loss_of(model, 0, torch.float16)
        scaler.scale(loss).backward()
        assert equal(contents(model, opt), before)
        scaler.step(opt, loss=loss)
        scaler.update()
        attempts += 1
    assert attempts > 3
    taken = 1
    for _ in range(20):
        opt.zero_grad()
        loss = loss_of(model, 0, torch.float16)
        scale = scaler.get_scale()
        scaler.scale(loss).backward()
        scaler.step(opt, loss=loss)
        scaler.update()
        taken += scaler.get_scale() == scale
    assert loss_of(model, 0) < 0.9 * first
    assert numbers(opt)["steps"] == taken > 15


def test_the_scale_grows_and_the_model_does_not_notice() -> None:
    model = network()
    opt = made("momo", model.parameters())
    scaler = GradScaler("cpu", init_scale=2.0, growth_interval=2)
    for k in range(6):
        opt.zero_grad()
        loss = loss_of(model, k)
        scaler.scale(loss).backward()
        scaler.step(opt, loss=loss)
        scaler.update()
        assert opt.last is not None
        assert 0 < opt.last.loss_avg < 3
    assert scaler.get_scale() == 16


@pytest.mark.parametrize("name", METHODS)
def test_a_loss_that_is_scaled_by_mistake_switches_the_method_off(name: str) -> None:
    """The gap f - f_* is then 65536 times too large, and the cap limits every step."""
    model = network()
    opt, scaler = made(name, model.parameters(), lr=0.01), GradScaler("cpu", init_scale=2.0**16)
    for k in range(4):
        opt.zero_grad()
        scaled = scaler.scale(loss_of(model, k))
        scaled.backward()
        scaler.step(opt, loss=scaled)
        scaler.update()
        assert opt.last is not None
        assert opt.last.step_size == opt.last.cap
        assert opt.last.adaptive > 100 * opt.last.cap


@pytest.mark.parametrize("name", METHODS)
def test_unscaling_clipping_and_accumulating(name: str) -> None:
    """The scaler multiplies by powers of two, so it is equal to the last bit to the same without
    one."""
    model, other = network(), network()
    opt, twin = made(name, model.parameters()), made(name, other.parameters())
    scaler, off = GradScaler("cpu", init_scale=2.0**10), GradScaler("cpu", enabled=False)
    accumulated = AccumulatedLoss()
    for k in range(4):
        for m, o, s in ((model, opt, scaler), (other, twin, off)):
            o.zero_grad()
            for part in range(3):
                s.scale(accumulated.add(loss_of(m, 3 * k + part), 1 / 3)).backward()
            s.unscale_(o)
            loss, norm = clip_grad_norm_(m.parameters(), 0.1, accumulated.take())
            assert 0.1 < norm < 10
            s.step(o, loss=loss)
            s.update()
        assert equal(contents(model, opt), contents(other, twin))


def test_a_scaler_takes_no_closure_as_with_every_optimizer() -> None:
    model = network()
    opt, scaler = made("momo", model.parameters()), GradScaler("cpu")
    scaler.scale(loss_of(model, 0)).backward()
    with pytest.raises(RuntimeError, match="Closure use is not currently supported"):
        scaler.step(opt, closure=lambda: 1.0)
    with pytest.raises(ValueError, match="step\\(\\) needs the loss"):
        scaler.step(opt)


@pytest.mark.parametrize("name", METHODS)
def test_a_scaler_and_a_run_that_is_resumed(name: str) -> None:
    model = network()
    opt, scaler = made(name, model.parameters()), GradScaler("cpu", growth_interval=2)
    other, twin, second = network(), None, GradScaler("cpu", growth_interval=2)

    def train(m: nn.Module, o: MomentumModelOptimizer, s: GradScaler, k: int) -> None:
        o.zero_grad()
        loss = loss_of(m, k, torch.bfloat16)
        s.scale(loss).backward()
        s.step(o, loss=loss)
        s.update()

    for k in range(3):
        train(model, opt, scaler, k)
    twin = made(name, other.parameters())
    other.load_state_dict(model.state_dict())
    twin.load_state_dict(copy.deepcopy(opt.state_dict()))
    second.load_state_dict(scaler.state_dict())
    for k in range(3, 6):
        train(model, opt, scaler, k)
        train(other, twin, second, k)
        assert equal(contents(model, opt), contents(other, twin))


@pytest.mark.parametrize("dtype", LOW)
@pytest.mark.parametrize("name", METHODS)
def test_autocast_keeps_parameters_and_state_in_float32(name: str, dtype: torch.dtype) -> None:
    model = network()
    opt = made(name, model.parameters())
    first = loss_of(model, 0).item()
    for _ in range(20):
        opt.zero_grad()
        loss = loss_of(model, 0, dtype)
        loss.backward()
        opt.step(loss=loss)
    assert loss_of(model, 0) < 0.9 * first
    for p in model.parameters():
        assert {p.dtype, opt.state[p]["grad_avg"].dtype} == {torch.float32}
    assert opt.last is not None
    assert opt.last.value.dtype is torch.float64


@pytest.mark.parametrize("dtype", LOW)
def test_a_step_under_autocast_is_none_in_low_precision(dtype: torch.dtype) -> None:
    """Whoever leaves the step inside of the context gets the same to the last bit."""
    model, other = network(), network()
    opt, twin = (made("momo_adam", m.parameters()) for m in (model, other))
    for k in range(3):
        for m, o in ((model, opt), (other, twin)):
            o.zero_grad()
            loss = loss_of(m, k, dtype)
            loss.backward()
            with torch.autocast("cpu", dtype=dtype, enabled=o is opt):
                o.step(loss=loss)
        assert equal(contents(model, opt), contents(other, twin))


@pytest.mark.parametrize("dtype", LOW)
@pytest.mark.parametrize("name", METHODS)
def test_a_loss_in_half_precision_is_taken_at_its_value(name: str, dtype: torch.dtype) -> None:
    """Nothing is computed in its dtype: 1 + 1/128 and its average with 1 have no rounding there
    to see."""
    p = nn.Parameter(torch.ones(3))
    opt = made(name, [p], **({"betas": (0.5, 0.9)} if "adam" in name else {"beta": 0.5}))
    averages = []
    for value in (1.0, 1 + 1 / 128, 1.0, 1 + 1 / 128, 1.0):
        p.grad = torch.full_like(p, 0.1)
        opt.step(loss=torch.tensor(value, dtype=dtype))
        assert opt.last is not None
        averages.append(opt.last.loss_avg.item())
    zero = METHODS[name].optimizer == "MomoAdam" or name == "momo_bias_corrected"
    expected, average = [], 0.0 if zero else 1.0
    for value in (1.0, 1 + 1 / 128, 1.0, 1 + 1 / 128, 1.0):
        average = (average + value) / 2
        expected.append(average)
    assert averages == expected


# In float16 the squares of gradients below 5e-3 vanish from (1-β2) g² at the first step, and Adam's
# D with them, here as in torch.optim.Adam (whose loss is NaN after one step of this model).
TRAINABLE = [
    (name, dtype)
    for name, row in METHODS.items()
    for dtype in LOW
    if (row.optimizer, dtype) != ("MomoAdam", torch.float16)
]


@pytest.mark.parametrize(("name", "dtype"), TRAINABLE)
def test_models_in_half_precision_train(name: str, dtype: torch.dtype) -> None:
    """State in the dtype of the parameters, scalars in float64."""
    model = network().to(dtype)
    opt = made(name, model.parameters())
    inputs, labels = batch(0)

    def loss() -> Tensor:
        return nn.functional.cross_entropy(model(inputs.to(dtype)), labels)

    first = loss().item()
    for _ in range(20):
        opt.zero_grad()
        value = loss()
        value.backward()
        opt.step(loss=value)
        assert opt.last is not None
        assert all(torch.isfinite(v) and v.dtype is torch.float64 for v in opt.last)
    assert loss().item() < 0.9 * first
    assert opt.skipped == 0
    for p in model.parameters():
        assert {p.dtype, opt.state[p]["grad_avg"].dtype} == {dtype}


@pytest.mark.parametrize("name", METHODS)
def test_float16_norms_do_not_overflow(name: str) -> None:
    """A gradient of 300s has a square that float16 cannot hold, and a sum of squares as well."""
    p = nn.Parameter(torch.zeros(4096, dtype=torch.float16))
    p.grad = torch.full_like(p, 300.0)
    opt = made(name, [p], weight_decay=0, lr=1e-3)
    opt.step(loss=100.0)
    assert opt.last is not None
    assert opt.skipped == 0
    assert all(torch.isfinite(v) for v in opt.last)
    assert opt.last.step_size > 0
    assert (p < 2).all()
    assert torch.isfinite(p).all()


@pytest.mark.parametrize("name", METHODS)
def test_precisions_mixed_within_a_model(name: str) -> None:
    """A float32 head on a bfloat16 body: one model, each in its dtype, equal to groups of each."""
    models = [network(), network()]
    optimizers = []
    for model, grouped in zip(models, (False, True), strict=True):
        model[0].to(torch.bfloat16)
        groups = [{"params": model[0].parameters()}, {"params": model[2].parameters()}]
        optimizers.append(made(name, groups if grouped else model.parameters()))
    for k in range(4):
        inputs, labels = batch(k)
        for model, opt in zip(models, optimizers, strict=True):
            opt.zero_grad()
            hidden = model[1](model[0](inputs.bfloat16())).float()
            loss = nn.functional.cross_entropy(model[2](hidden), labels)
            loss.backward()
            opt.step(loss=loss)
    for p, q in zip(models[0].parameters(), models[1].parameters(), strict=True):
        # τ is the same up to sums in another order, in float32 and float64
        eps = torch.finfo(p.dtype).eps
        torch.testing.assert_close(p, q, rtol=8 * eps, atol=8 * eps)
