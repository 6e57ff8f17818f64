# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The known faults of other implementations of the method, one test each."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from optim_training import (
    NAMES,
    TUNED,
    backward,
    batch_loss,
    numbers,
    of,
    optimizer,
    parameters,
    snapshot,
    train,
)
from torch import Tensor
from torch.nn import Parameter

from momo import Momo, MomoAdam
from momo.methods import PAPER as METHODS
from momo.optim import MomentumModelOptimizer
from momo.optim.state import GRAD_AVG, INDEX, MEMORY_WEIGHT, MODEL
from momo.reference.groups import GroupedState, grouped

LARGE = {"Momo": 0.3, "MomoAdam": 1.0}
"""Learning rates that cap some steps and not others."""
ONLINE = [name for name in NAMES if METHODS[name].online]
EXACT = 1e-12
"""Float64 against float64: some 20 roundings a step in sums of 13 terms of order 1 to 10, at each
of at most 10 steps, which do not grow as the steps do not."""


def flat(tensors: list[Any]) -> Tensor:
    return torch.cat([t.detach().reshape(-1) for t in tensors])


def model(opt: MomentumModelOptimizer) -> dict[str, Tensor]:
    return numbers(opt)


@dataclass(frozen=True)
class Moment:
    """What a step started from, and what it kept, for a check that shares no code with it."""

    x: Tensor
    d: Tensor
    diagonal: Tensor
    x_next: Tensor

    @property
    def dual_norm_sq(self) -> float:
        return float((self.d.square() / self.diagonal).sum())


def moments(
    opt: MomentumModelOptimizer, batches: range, absent: Any = None
) -> Iterator[tuple[int, Moment]]:
    """Yield after each step what it did to the parameters that had a gradient."""
    for batch in batches:
        loss = backward(opt, batch, absent)
        moving = [p for p in of(opt) if p.grad is not None]
        x = flat(moving)
        opt.step(loss=loss)
        states = [opt.state[p] for p in moving]
        diagonals = [
            opt.param_groups[0]["eps"] + (s["grad_sq_avg"] / s[MEMORY_WEIGHT]).sqrt()
            if MEMORY_WEIGHT in s
            else torch.ones_like(p)
            for p, s in zip(moving, states, strict=True)
        ]
        d = flat([s[GRAD_AVG] for s in states])
        yield batch, Moment(x, d, flat(diagonals), flat(moving))


@pytest.mark.parametrize("name", NAMES)
def test_no_state_is_lost_in_a_state_dict(name: str) -> None:
    """Loss average, step count and bound were attributes, and not saved: a resumed run began anew.

    Every number that is saved is also needed: with any one missing the run goes on otherwise.
    """
    opt = train(optimizer(name, parameters()), range(4))

    def going(each: MomentumModelOptimizer) -> list[Any]:
        seen = []
        for batch in range(4, 7):
            seen.append((snapshot(train(each, [batch]))["params"], [v.item() for v in each.last]))
        return seen

    def resumed(lost: str | None = None) -> list[Any]:
        new = optimizer(name, [Parameter(p.detach().clone()) for p in of(opt)])
        state_dict = copy.deepcopy(opt.state_dict())
        if lost is not None:
            state_dict["state"][0][MODEL][INDEX[lost]] = 0
        new.load_state_dict(state_dict)
        return going(new)

    expected = resumed()
    kept = ["loss_avg", "weight", "inner_avg", *(["lower_bound"] if name in ONLINE else [])]
    assert all(resumed(lost) != expected for lost in kept)
    assert going(opt) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_gradient_of_none_and_a_late_parameter_are_part_of_the_model(name: str) -> None:
    """The first was a crash on ``None.data``, the second one on a state that was not there."""

    def absent(k: int, i: int) -> bool:
        return (i == 1 and k < 4) or (i == 2 and k in (2, 3)) or (i == 3 and k % 2 == 1)

    h = replace(TUNED, lr=LARGE[METHODS[name].optimizer])
    follow_reference(name, optimizer(name, parameters(torch.float64), h), [h] * 4, absent)


@pytest.mark.parametrize("name", NAMES)
def test_several_groups_take_the_step_of_one_problem(name: str) -> None:
    """Each group took a step of its own length, from norms and products of all groups."""
    lr = LARGE[METHODS[name].optimizer]
    hs = [
        replace(TUNED, lr=a * lr, weight_decay=w) for a, w in ((1.0, 0.0), (0.1, 0.2), (0.5, 0.1))
    ]
    params = parameters(torch.float64, shapes=[(3, 2), (4,), ()])
    groups = [
        {"params": [p], "lr": h.lr, "weight_decay": h.weight_decay}
        for p, h in zip(params, hs, strict=True)
    ]
    follow_reference(name, optimizer(name, groups), hs)


def follow_reference(
    name: str, opt: MomentumModelOptimizer, hs: list[Any], absent: Any = None
) -> None:
    """Check the parameters after each step, where each parameter is a group of the reference."""
    method = grouped(*(METHODS[name].reference(h, ()) for h in hs))
    state, xs = GroupedState(), [p.detach().numpy().reshape(-1).copy() for p in of(opt)]
    capped = set()
    for batch in range(10):
        loss = backward(opt, batch, absent)
        grads = [None if p.grad is None else p.grad.numpy().reshape(-1) for p in of(opt)]
        xs, state, info = method.step(state, xs, loss.item(), grads)
        opt.step(loss=loss)
        for p, x in zip(of(opt), xs, strict=True):
            np.testing.assert_allclose(p.detach().numpy().reshape(-1), x, rtol=0, atol=EXACT)
        np.testing.assert_allclose(opt.last.value.item(), info.value, rtol=EXACT, atol=EXACT)
        np.testing.assert_allclose(
            opt.last.lower_bound.item(), info.lower_bound, rtol=0, atol=1e-11
        )
        capped.add(bool(info.fraction == 1))
    assert capped == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_the_norm_has_the_metric_of_the_update(name: str) -> None:
    """The norm used each parameter's own step count, the update that of the first: late ones."""
    opt = optimizer(name, parameters(torch.float64), replace(TUNED, weight_decay=0.0))
    for _, at in moments(opt, range(8), absent=lambda k, i: i in (1, 2) and k < 5):
        last = opt.last
        assert last.dual_norm_sq.item() == pytest.approx(at.dual_norm_sq, rel=EXACT)
        moved = torch.dot(at.d, at.x - at.x_next).item()
        # The difference of two numbers of order 1 keeps EXACT in relation to the step.
        assert moved == pytest.approx(last.step_size.item() * at.dual_norm_sq, rel=EXACT, abs=EXACT)


@pytest.mark.parametrize("name", NAMES)
def test_the_decay_is_of_point_and_step_and_in_the_step_size(name: str) -> None:
    """The decay was applied to the point alone, or missing from the adaptive term."""
    h = replace(TUNED, weight_decay=0.7)
    opt = optimizer(name, parameters(torch.float64), h)
    rate = h.lr * h.weight_decay
    for _, at in moments(opt, range(8)):
        last, kept = opt.last, model(opt)
        offset = kept["loss_avg"] - kept["inner_avg"] - kept["weight"] * last.lower_bound
        above = (1 + rate) * offset + torch.dot(at.d, at.x)
        zeta = max(above.item(), 0.0) / at.dual_norm_sq
        assert last.adaptive.item() == pytest.approx(zeta, rel=EXACT, abs=EXACT)
        tau = min(h.lr / kept["weight"].item(), zeta)
        assert last.step_size.item() == pytest.approx(tau, rel=EXACT, abs=EXACT)
        step = tau * at.d / at.diagonal
        point = (1 - rate) * at.x - step if "undivided" in name else (at.x - step) / (1 + rate)
        torch.testing.assert_close(at.x_next, point, rtol=0, atol=EXACT)


@pytest.mark.parametrize("name", ONLINE)
def test_the_bound_is_estimated_once_a_step(name: str) -> None:
    """It was reset and estimated once per group, so that it depended on how many there were."""
    joined = optimizer(name, parameters(torch.float64))
    parted = optimizer(name, [{"params": [p]} for p in parameters(torch.float64)])
    seen = []
    for batch in range(10):
        train(joined, [batch])
        train(parted, [batch])
        ours, theirs = parted.last.lower_bound.item(), joined.last.lower_bound.item()
        assert ours == pytest.approx(theirs, rel=0, abs=EXACT)
        seen.append(theirs)
    assert len(set(seen)) > 5


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", NAMES)
def test_one_bad_loss_does_not_end_the_method(name: str, bad: float) -> None:
    """The average stayed NaN, and the smaller of NaN and α is α: SGD-M or Adam from there on."""
    opt, clean = (optimizer(name, parameters()) for _ in range(2))
    for each in (opt, clean):
        train(each, range(4))
    backward(opt, 77)
    opt.step(loss=bad)
    limited = 0
    for batch in range(4, 12):
        train(opt, [batch])
        train(clean, [batch])
        assert [v.item() for v in opt.last] == [v.item() for v in clean.last]
        limited += bool(opt.last.step_size < opt.last.cap)
    assert limited > 0
    assert snapshot(opt)["params"] == snapshot(clean)["params"]


@pytest.mark.parametrize("beta", [0.0, 0.8])
@pytest.mark.parametrize("name", NAMES)
def test_a_gradient_of_zero_is_no_division_by_zero(name: str, beta: float) -> None:
    """``(h - f_*)/||d||²`` was 0/0 or 1/0: NaN, or the longest step at a stationary point."""
    opt = optimizer(name, parameters(), replace(TUNED, beta=beta, weight_decay=0.0))
    start = snapshot(opt)["params"]
    for loss in (2.0, 0.0, -0.1):
        for p in of(opt):
            p.grad = torch.zeros_like(p)
        opt.step(loss=loss)
        assert opt.last.step_size == 0
        assert opt.last.adaptive == 0
        assert snapshot(opt)["params"] == start
    train(opt, range(2))
    assert all(torch.isfinite(v) for v in opt.last)
    assert snapshot(opt)["params"] != start


@pytest.mark.parametrize("name", NAMES)
def test_a_step_reads_no_value_from_the_device(name: str) -> None:
    """Two to five ``.item()`` in each; the meta device has no value that could be read."""
    opt = optimizer(name, parameters(device="meta"), nonfinite="skip")
    for p in of(opt):
        p.grad = torch.empty_like(p)
    loss = torch.empty((), device="meta")
    assert all(opt.step(loss=loss) is loss for _ in range(3))


@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_path_for_many_tensors_at_once(name: str) -> None:
    """There was a loop over the parameters alone. Both paths are the same step, up to rounding."""
    shapes = [(3,), (), (2, 2), (0,), (5,)] * 3
    opts = [
        optimizer(name, parameters(torch.float64, shapes=shapes), foreach=foreach)
        for foreach in (True, False)
    ]
    for batch in range(8):
        for opt in opts:
            train(opt, [batch])
        torch.testing.assert_close(flat(of(opts[0])), flat(of(opts[1])), rtol=0, atol=EXACT)


@pytest.mark.parametrize("foreach", [True, False])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
@pytest.mark.parametrize("name", NAMES)
def test_the_models_value_is_accurate_whatever_the_dtype(
    name: str, dtype: torch.dtype, foreach: bool
) -> None:
    """Products and scalars were in the parameters' dtype, so that h was noise in bfloat16.

    The tolerance is a bound on the rounding. q, the part of h beside f̄, obeys
    ``q_k = β (q_{k-1} + <d_{k-1}, x^k - x^{k-1}>)``. What is stored of d differs from the exact
    average by at most δ, where ``δ_k = β δ_{k-1} + u |d_k|`` and a few roundings of float32, so
    that the error of q obeys ``e_k = β (e_{k-1} + <δ_{k-1}, |x^k - x^{k-1}|> + s)``: s are the two
    sums in float32, of n products, in any order. f̄ is in float64.

    Most entries of x are about 100, and do not move; a product in bfloat16 would be off by more.
    """
    n, steps, beta = 48, 25, TUNED.beta
    generator = torch.Generator().manual_seed(3)

    def numbers(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    where = torch.where(torch.arange(n) % 4 == 0, 0.1, 100.0) * (1 + 0.3 * numbers(n))
    slope = 1 + 0.2 * numbers(n)
    parts = [Parameter(x.to(dtype)) for x in where.split([20, 27, 1])]
    h = replace(TUNED, lr=0.01, weight_decay=0.0, eps=0.5)
    opt = optimizer(name, parts, h, foreach=foreach)
    first = METHODS[name].optimizer == "Momo" and not METHODS[name].fixed.get("bias_correction")

    stored, single, double = (torch.finfo(t).eps / 2 for t in (dtype, torch.float32, torch.float64))
    d = delta = torch.zeros(n, dtype=torch.float64)
    q = error = loss_avg = 0.0
    x = flat(parts).double()
    worst, moved = 0.0, 0.0
    for k in range(steps):
        x_before, x = x, flat(parts).double()
        moved = max(moved, float((x - x_before).abs().max()))
        # In float64, from what the optimizer had in each step: x, g and f.
        loss = 1000 + 10 * float(numbers(1))
        b = 0.0 if first and k == 0 else beta
        sums = 2 * (n * single + 4 * double) * float((d.abs() + delta) @ (x.abs() + x_before.abs()))
        error = b * (error + float(delta @ (x - x_before).abs()) + sums)
        q = b * (q + float(d @ (x - x_before)))
        loss_avg = b * loss_avg + (1 - b) * loss
        g = (slope + 0.3 * numbers(n)).to(dtype)
        d_before, d = d, b * d + (1 - b) * g.double()
        delta = b * delta + 4 * single * (d_before.abs() + g.double().abs())
        delta = delta + stored * (d.abs() + delta)

        for p, part in zip(parts, g.split([20, 27, 1]), strict=True):
            p.grad = part.clone()
        opt.step(loss=loss)
        off = abs(opt.last.value.item() - (loss_avg + q))
        allowed = error + 8 * (k + 1) * double * 1100
        assert off <= allowed, (k, off, allowed)
        worst = max(worst, allowed)
    # What the bound forbids: one rounding of <d, x> to bfloat16, or of f̄.
    assert moved > 0
    assert worst < 2.0**-9 * min(float(d @ x), 1000.0) / 4


@pytest.mark.parametrize("kind", [Momo, MomoAdam])
def test_beta_of_1_and_negative_decay_are_refused(kind: type[MomentumModelOptimizer]) -> None:
    """β = 1 never takes a sample in, and λ < 0 makes the step longer without a limit."""
    betas = [{"beta": 1.0}] if kind is Momo else [{"betas": (1.0, 0.9)}, {"betas": (0.9, 1.0)}]
    for wrong in [*betas, {"weight_decay": -1e-3}]:
        with pytest.raises(ValueError, match="out of range; allowed: "):
            kind(parameters(), **wrong)


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_may_be_a_python_float(name: str) -> None:
    """``loss.detach()`` was called on it, also where a closure returned ``loss.item()``."""
    numbers, tensors = (optimizer(name, parameters()) for _ in range(2))
    for batch in range(3):
        loss = backward(tensors, batch)
        tensors.step(loss=loss)
        backward(numbers, batch)
        numbers.step(loss=loss.item())
    backward(tensors, 3)

    def closure() -> float:
        return backward(numbers, 3).item()

    numbers.step(closure)
    tensors.step(loss=batch_loss(of(tensors), 3).detach())
    assert snapshot(numbers) == snapshot(tensors)


@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
@pytest.mark.parametrize("name", [n for n in NAMES if n not in ONLINE])
def test_no_step_goes_uphill(name: str, weight_decay: float) -> None:
    """Without the positive part a model below its bound gave a negative step."""
    h = replace(TUNED, weight_decay=weight_decay)
    opt = optimizer(name, parameters(torch.float64), h)
    train(opt, range(2))
    opt.param_groups[0]["lb"] = 1000.0
    rate = h.lr * weight_decay
    factor = 1 - rate if "undivided" in name else 1 / (1 + rate)
    for _, at in moments(opt, range(2, 5)):
        assert opt.last.value < 1000
        assert opt.last.adaptive == opt.last.step_size == 0
        torch.testing.assert_close(at.x_next, factor * at.x, rtol=EXACT, atol=0)


@pytest.mark.parametrize("name", ONLINE)
def test_no_step_goes_uphill_where_the_bound_is_estimated(name: str) -> None:
    """A loss that falls to nothing leaves the estimate above the model, which resets it."""
    opt = train(optimizer(name, parameters(torch.float64)), range(4))
    for batch in range(4, 12):
        scale = 1e-3 if batch % 2 else 1.0
        opt.step(loss=backward(opt, batch, scale=scale))
        assert opt.last.step_size >= 0
        assert opt.last.adaptive >= 0
        assert opt.last.lower_bound >= TUNED.lb
