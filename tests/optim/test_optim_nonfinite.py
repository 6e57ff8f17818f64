# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A loss or gradient that is not finite: nothing changes, it is counted, and it leaves no trace."""

from __future__ import annotations

import contextlib
import math
import re
import weakref
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
import torch
from optim_devices import DEVICES
from optim_training import (
    NAMES,
    Absent,
    backward,
    bits,
    everything,
    numbers,
    of,
    optimizer,
    parameters,
    snapshot,
    train,
)

from momo.methods import PAPER as METHODS
from momo.optim import MomentumModelOptimizer, StepInfo
from momo.optim.state import INDEX, MODEL, find_model

NAN, INF = float("nan"), float("inf")
PATHS = ["at once", "masked"]
"""On the CPU a step that is not finite ends at once; elsewhere, and compiled, it is masked out."""

Spoil = Callable[[MomentumModelOptimizer, torch.Tensor], dict[str, Any]]
"""What makes a step bad: it changes the gradients, and returns the arguments of the step."""


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "masked":
        monkeypatch.setattr(torch.compiler, "is_compiling", lambda: True)
    return request.param


def made(name: str, device: str = "cpu", **changes: Any) -> MomentumModelOptimizer:
    """Return an optimizer of two groups, with bfloat16 and complex parameters among them."""
    first = [*parameters(device=device), *parameters(torch.bfloat16, device, [(5,)])]
    second = [*parameters(torch.complex64, device, [(2, 2)]), *parameters(device=device)]
    groups = [{"params": first}, {"params": second, "lr": 0.1}]
    return optimizer(name, groups, **changes)


def loss_of(value: Any) -> Spoil:
    return lambda opt, loss: {"loss": value}


def entry(parameter: int, index: int, value: complex) -> Spoil:
    def spoil(opt: MomentumModelOptimizer, loss: torch.Tensor) -> dict[str, Any]:
        of(opt)[parameter].grad.view(-1)[index] = value
        return {"loss": loss}

    return spoil


def everywhere(value: float) -> Spoil:
    def spoil(opt: MomentumModelOptimizer, loss: torch.Tensor) -> dict[str, Any]:
        for p in of(opt):
            p.grad.fill_(value)
        return {"loss": loss}

    return spoil


BAD: dict[str, Spoil] = {
    "loss nan": loss_of(NAN),
    "loss inf": loss_of(INF),
    "loss -inf": loss_of(-INF),
    "loss nan, tensor": loss_of(torch.tensor([NAN], dtype=torch.float16)),
    "loss inf, bfloat16": loss_of(torch.tensor(INF, dtype=torch.bfloat16)),
    **{
        f"{value} in parameter {parameter}": entry(parameter, index, value)
        for parameter, index, value in (
            *((0, 0, NAN), (1, 3, NAN), (2, 0, INF), (3, 5, -INF), (4, 4, NAN), (4, 0, INF)),
            *((6, 1, -INF), (8, 0, NAN), (9, 2, INF)),
        )
    },
    "nan in a real part": entry(5, 1, complex(NAN, 0)),
    "inf in an imaginary part": entry(5, 3, complex(0, -INF)),
    # The largest float32 is 3e38: this is finite, and its square is not.
    "a square that overflows": entry(3, 2, 1e20),
    "a square that overflows, complex": entry(5, 0, 1e20j),
    "a square that overflows, bfloat16": entry(4, 0, -1e20),
    # 1e19 squared is 1e38, and there are four in the vector of the first group.
    "a sum of squares that overflows": everywhere(1e19),
    "both": lambda opt, loss: {**entry(1, 0, NAN)(opt, loss), "loss": NAN},
}


def numbers_kept(opt: MomentumModelOptimizer) -> dict[str, float]:
    """Return the model's numbers, but for the count of skipped steps; none before the first.

    Nor of what says who has a d, which also a bad step makes.
    """
    known = numbers(opt) if opt.state else {}
    return {n: float(value) for n, value in known.items() if n not in ("skipped", "members")}


def skip(opt: MomentumModelOptimizer, spoil: Spoil, absent: Absent | None = None) -> None:
    """Take a bad step, and check that only `skipped` and `last` have changed."""
    arguments = spoil(opt, backward(opt, 77, absent))
    kept = numbers_kept(opt)
    before, skipped = snapshot(opt), int(opt.skipped)
    grads = everything(opt)["grads"]
    assert opt.step(**arguments) is arguments["loss"]
    after = snapshot(opt)
    assert everything(opt)["grads"] == grads
    assert after["params"] == before["params"]
    assert opt.skipped == skipped + 1
    assert opt.last.step_size == 0
    assert all(v.isnan() for name, v in opt.last._asdict().items() if name != "step_size")
    assert numbers_kept(opt) == (kept or dict.fromkeys(numbers_kept(opt), 0.0))
    for snap in (before, after):
        for entry in snap["state"].values():
            entry.pop(MODEL, None)
    for index, entry in after["state"].items():
        # What a first step makes is the zeros from which the averages start.
        zeros = {n: bits(torch.zeros_like(v)) for n, v in opt.state[of(opt)[index]].items()}
        for key, value in entry.items():
            assert value == before["state"].get(index, {}).get(key, zeros[key]), (index, key)


@pytest.mark.parametrize("nonfinite", ["skip", "raise"])
@pytest.mark.parametrize("name", NAMES)
def test_a_bad_step_keeps_no_gradient_alive(name: str, nonfinite: str) -> None:
    opt = train(made(name, nonfinite=nonfinite), [0])
    backward(opt, 1)
    grads = [weakref.ref(p.grad) for p in of(opt)]
    with contextlib.suppress(FloatingPointError):
        opt.step(loss=NAN)
    opt.zero_grad()
    assert all(grad() is None for grad in grads)


def without_count(opt: MomentumModelOptimizer) -> dict[str, Any]:
    """Return a snapshot without the numbers of which `numbers_kept` tells."""
    model, snap = find_model(opt.state).clone(), snapshot(opt)
    model[INDEX["skipped"]] = model[INDEX["members"]] = 0
    for entry in snap["state"].values():
        entry[MODEL] = bits(model)
    return snap


@lru_cache
def clean_run(name: str, path: str) -> list[dict[str, Any]]:
    opt = made(name)
    return [without_count(train(opt, [batch])) for batch in range(3)]


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
@pytest.mark.parametrize("name", NAMES)
def test_a_bad_step_changes_nothing_and_leaves_no_trace(name: str, spoil: Spoil, path: str) -> None:
    opt = made(name)
    for batch, expected in enumerate(clean_run(name, path)):
        skip(opt, spoil)
        assert without_count(train(opt, [batch])) == expected
    assert opt.skipped == 3


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("foreach", [None, False, True])
@pytest.mark.parametrize("name", NAMES)
def test_every_path_and_device_skips(
    name: str, foreach: bool | None, device: str, path: str
) -> None:
    clean, opt = made(name, device, foreach=foreach), made(name, device, foreach=foreach)
    for batch in range(4):
        skip(opt, BAD["inf in an imaginary part" if batch % 2 else "loss nan"])
        train(clean, [batch])
        train(opt, [batch])
        assert without_count(opt) == without_count(clean)
    assert opt.skipped == 4
    assert opt.skipped.device.type == device


@pytest.mark.parametrize("name", NAMES)
def test_bad_steps_where_some_gradients_are_none_or_join(name: str, path: str) -> None:
    """Parameter 0 has none ever, 1 in bad steps only, 6 its first in one, and 2 pauses."""

    def absent(k: int, i: int) -> bool:
        return i == 0 or (i == 1 and k != 77) or (i == 6 and k < 3) or (i == 2 and k in (1, 77))

    # One by one, as zeros that are gathered with other numbers change the order of their sums.
    clean, opt = (made(name, foreach=False) for _ in range(2))
    for batch in range(6):
        train(clean, [batch], absent)
        train(opt, [batch], absent)
        ours, theirs = without_count(opt), without_count(clean)
        for new in set(ours["state"]) - set(theirs["state"]):
            del ours["state"][new]  # `skip` has checked that these are zeros
        assert ours == theirs
        if batch in (0, 2, 4):
            skip(opt, BAD["-inf in parameter 3"], absent)


@pytest.mark.parametrize("name", NAMES)
def test_the_two_ways_to_skip_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One by one in both, so that sums are in one order: then where no step is bad, too."""
    opts = [made(name, foreach=False) for _ in range(2)]
    for batch in range(8):
        seen = []
        for masked, opt in enumerate(opts):
            with monkeypatch.context() as patch:
                if masked:
                    patch.setattr(torch.compiler, "is_compiling", lambda: True)
                loss = backward(opt, batch)
                opt.step(loss=NAN if batch % 3 == 2 else loss)
            seen.append(opt)
        for p, q in zip(of(seen[0]), of(seen[1]), strict=True):
            # v is rounded once more where it is masked, so that x, of order 1 and rounded to
            # its dtype after each of 8 steps, may end each on a neighbouring number.
            torch.testing.assert_close(p, q, rtol=0, atol=8 * torch.finfo(p.dtype).eps)
        assert seen[0].skipped == seen[1].skipped


@pytest.mark.parametrize("lb", [NAN, INF, torch.tensor(NAN)])
@pytest.mark.parametrize("name", [n for n in NAMES if not METHODS[n].online])
def test_a_bound_with_the_step_that_is_not_finite_is_a_bad_step(
    name: str, lb: Any, path: str
) -> None:
    clean, opt = made(name), made(name)
    for batch in range(4):
        skip(opt, lambda o, loss: {"loss": loss, "lb": lb})
        for each in (clean, opt):
            each.step(loss=backward(each, batch), lb=0.5)
        assert without_count(opt) == without_count(clean)


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
@pytest.mark.parametrize("name", ["momo", "momo_adam_star"])
def test_raise_says_what_was_not_finite_and_changes_nothing(name: str, spoil: Spoil) -> None:
    opt = train(made(name, nonfinite="raise"), range(1))
    arguments = spoil(opt, backward(opt, 77))
    untouched = everything(opt)
    message = (
        r"loss = (\S+), squared norm of the gradient = (\S+); allowed with nonfinite=\"raise\""
    )
    with pytest.raises(FloatingPointError, match=message) as raised:
        opt.step(**arguments)
    assert everything(opt) == untouched
    words = re.match(message, str(raised.value)).groups()
    assert not all(math.isfinite(float(word)) for word in words)


@pytest.mark.parametrize("name", NAMES)
def test_after_an_error_a_run_goes_on_as_if_there_had_been_no_such_step(name: str) -> None:
    opt, clean = made(name, nonfinite="raise"), made(name)
    for batch in range(3):
        start = snapshot(opt)["params"]
        for spoil in (BAD["loss nan"], BAD["inf in an imaginary part"]):
            arguments = spoil(opt, backward(opt, 77))
            with pytest.raises(FloatingPointError):
                opt.step(**arguments)
        assert snapshot(opt)["params"] == start
        assert snapshot(train(opt, [batch])) == snapshot(train(clean, [batch]))


@pytest.mark.parametrize("name", NAMES)
def test_skip_or_raise_may_be_changed_between_steps(name: str) -> None:
    opt = train(made(name), range(2))
    skip(opt, loss_of(NAN))
    for group in opt.param_groups:
        group["nonfinite"] = "raise"
    backward(opt)
    with pytest.raises(FloatingPointError):
        opt.step(loss=NAN)
    assert opt.skipped == 1


@pytest.mark.parametrize("name", NAMES)
def test_what_is_large_but_finite_is_a_sample(name: str, path: str) -> None:
    """1e18 squared is 1e36, and 4e37 with all 40 entries: no float32 overflows."""
    opt = train(optimizer(name, parameters()), range(2))
    for p in of(opt):
        p.grad.fill_(1e18)
    opt.step(loss=1e30)
    assert opt.skipped == 0
    assert numbers(opt)["steps"] == 3
    assert all(torch.isfinite(v) for v in opt.last)
    wide = train(optimizer(name, parameters(torch.float64)), range(2))
    for p in of(wide):
        p.grad.fill_(1e100)
    wide.step(loss=1e300)
    assert wide.skipped == 0
    assert all(torch.isfinite(p).all() for p in [*of(opt), *of(wide)])


@pytest.mark.parametrize("name", NAMES)
def test_last_after_a_skip_says_that_nothing_moved(name: str, path: str) -> None:
    opt = train(made(name), range(2))
    kept = opt.last
    skip(opt, loss_of(INF))
    assert isinstance(opt.last, StepInfo)
    assert all(torch.isfinite(v) for v in kept)  # what was read before is a copy
    train(opt, [2])
    assert all(torch.isfinite(v) for v in opt.last)
