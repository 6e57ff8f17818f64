# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The kernels of the GPU path, interpreted: `test_optim_gpu.py` runs this in a process of its own.

Triton decides when it is imported whether it interprets; nobody else's tests are to see that.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
import triton
import triton.language as tl
from optim_kernels import (
    BF16,
    F32,
    OTHERS,
    REFERENCES,
    assert_same,
    check_the_reference,
    feed,
    on_device,
    pair,
)
from triton.runtime import interpreter

from momo.methods import METHODS
from momo.optim import arguments, settings
from momo.optim.fused import gpu_kernels, gpu_numbers
from momo.optim.reading import as_on_a_device
from momo.optim.rounding import split

CONVERT = interpreter._convert_float


def rounded(data: Any, source: Any, target: Any, mode: Any) -> Any:
    """Round float32 to bfloat16 to nearest, as GPUs do; the interpreter cuts digits off."""
    if (source, target) != (tl.float32, tl.bfloat16):
        return CONVERT(data, source, target, mode)
    near = torch.from_numpy(np.ascontiguousarray(data)).to(BF16)
    return near.view(torch.int16).numpy().view(np.uint16).reshape(data.shape)


@cache
def builtins(package: Any) -> list[tuple[str, Any]]:
    """Return what of a package is replaced while a kernel is interpreted."""
    return [one for one in inspect.getmembers(package) if tl.core.is_builtin(one[1])]


def patched(package: Any, builder: Any, scope: Any) -> None:
    """Replace it."""
    for name, member in builtins(package):
        interpreter._patch_attr(package, name, member, builder, scope)


@pytest.fixture(autouse=True)
def _interpreter(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the interpreter round, and not look up all that Triton has in every function."""
    monkeypatch.setattr(interpreter, "_convert_float", rounded)
    monkeypatch.setattr(interpreter, "_patch_builtin", patched)
    # Several chunks a tensor, of several blocks, of which the last is not full.
    monkeypatch.setattr(gpu_kernels, "CHUNK", 64)
    monkeypatch.setattr(gpu_kernels, "BLOCK", 16)
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize(("name", "dtypes", "kahan_sum"), REFERENCES)
def test_every_step_is_the_references(name: str, dtypes: Any, kahan_sum: bool) -> None:
    check_the_reference(name, dtypes, kahan_sum, "cpu")


@pytest.mark.parametrize("name", OTHERS)
def test_the_steps_are_those_of_one_by_one(name: str) -> None:
    ours, theirs = pair(name, "cpu", max_norm=2.0)
    with as_on_a_device():
        for k in range(2):
            on_device(ours, {"loss": feed(ours, k)})
            theirs.step(loss=feed(theirs, k))
    assert_same(ours, theirs)


def test_a_frozen_parameter_stays_and_leaves_the_line() -> None:
    """One that has no gradient stays in it, and does not decay."""
    ours, theirs = pair("momo", "cpu", weight_decay=0.1)
    with as_on_a_device():
        for k in range(2):
            for optimizer in (ours, theirs):
                loss = feed(optimizer, k)
                frozen = optimizer.param_groups[0]["params"][0]
                if k:
                    frozen.grad = None
                    frozen.requires_grad_(False)
                optimizer.step(loss=loss)
    assert_same(ours, theirs)


def test_a_parameter_may_come_later() -> None:
    ours, theirs = pair("momo", "cpu", weight_decay=0.1)
    with as_on_a_device():
        for k in range(3):
            for optimizer in (ours, theirs):
                loss = feed(optimizer, k)
                if k == 0:
                    optimizer.param_groups[0]["params"][0].grad = None
                optimizer.step(loss=loss)
    assert_same(ours, theirs)


def test_a_compensation_is_that_of_the_other_path() -> None:
    """Numbers half between two of bfloat16 and next to them, where the compensation is lowered."""

    @triton.jit
    def halves(z, x, c, SIZE: tl.constexpr):
        at = tl.arange(0, SIZE)
        first, rest = gpu_kernels.split(tl.load(z + at), tl.bfloat16, tl.float32)
        tl.store(x + at, first)
        tl.store(c + at, rest)

    steps = torch.arange(-64, 64, dtype=F32)
    z = torch.stack([1 + 2.0**-8 + steps * 2.0**-k for k in (16, 17, 19, 23)]).flatten()
    z = torch.cat([z, -z])
    x, c = torch.empty_like(z, dtype=BF16), torch.empty_like(z, dtype=BF16)
    halves[(1,)](z, x, c, SIZE=z.numel())
    expected = split(z, BF16)
    assert torch.equal(x, expected[0])
    assert torch.equal(c, expected[1])
    assert not torch.equal(c, (z - x.float()).to(BF16))


def test_a_learning_rate_on_the_device_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is it, or αλ, kept from a step before."""
    ours, theirs = pair("momo_adam", "cpu", weight_decay=0.1)
    lr = torch.tensor([0.0])
    with as_on_a_device():
        for k in range(3):
            with monkeypatch.context() as patch:
                for module in (arguments, settings, gpu_numbers):
                    patch.setattr(
                        module, "known", lambda one: None if isinstance(one, torch.Tensor) else one
                    )
                lr.fill_(0.125 * k)
                ours.param_groups[0]["lr"] = lr
                on_device(ours, {"loss": feed(ours, k)})
            theirs.param_groups[0]["lr"] = 0.125 * k
            theirs.step(loss=feed(theirs, k))
    assert_same(ours, theirs)


def test_numbers_that_change_compile_nothing() -> None:
    ours, theirs = pair("momo_adam", "cpu", weight_decay=0.1, dtype=F32)
    with as_on_a_device():
        for k in range(3):
            for optimizer in (ours, theirs):
                for group in optimizer.param_groups:
                    group.update(lr=0.0 if k == 0 else 0.1 * k, lb=-0.5 * k)
                    group["betas"] = (0.9 - 0.1 * k, 0.999)
                    group["weight_decay"] = 0.1 + k
                optimizer.step(loss=feed(optimizer, 2 * k))
            if k == 0:
                made = gpu_numbers.after_kernel.cache_info().misses
    assert gpu_numbers.after_kernel.cache_info().misses == made
    assert_same(ours, theirs)


def test_what_is_not_finite_raises_where_that_is_wanted() -> None:
    ours, _ = pair("momo", "cpu", nonfinite="raise")
    with as_on_a_device():
        on_device(ours, {"loss": feed(ours, 0)})
        before = [p.clone() for group in ours.param_groups for p in group["params"]]
        feed(ours, 1)
        with pytest.raises(FloatingPointError, match="loss = nan"):
            ours.step(loss=float("nan"))
        after = [p for group in ours.param_groups for p in group["params"]]
        assert all(map(torch.equal, before, after))


def test_a_step_writes_where_autograd_looks() -> None:
    """Each parameter's version counts the step, so that a graph that needs the old one says so."""
    ours, _ = pair("momo", "cpu")
    params = [p for group in ours.param_groups for p in group["params"]]
    with as_on_a_device():
        loss = feed(ours, 0)
        before = [p._version for p in params]
        on_device(ours, {"loss": loss})
    assert [p._version for p in params] == [version + 1 for version in before]


def test_ranks_are_asked_for_their_losses_and_sums() -> None:
    """One process of a group of one: the messages are sent, to nobody."""
    store = torch.distributed.HashStore()
    torch.distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    try:
        ours, theirs = pair("momo_adam", "cpu", max_norm=2.0)
        with as_on_a_device():
            for k in range(2):
                on_device(ours, {"loss": feed(ours, k)})
                theirs.step(loss=feed(theirs, k))
        assert_same(ours, theirs)
    finally:
        torch.distributed.destroy_process_group()


def test_what_the_kernels_do_not_know_takes_the_other_path() -> None:
    """All of it does, also those parameters that they would know; ``fused=True`` says why not."""
    kind = METHODS["momo_adafactor"].torch_class()
    params = [torch.nn.Parameter(torch.ones(2, 3)), torch.nn.Parameter(torch.ones(3))]
    for p in params:
        p.grad = torch.ones_like(p)
    with as_on_a_device():
        optimizer = kind(params)
        optimizer.step(loss=1.0)
        assert optimizer._plan is not None
        assert optimizer._plan.table is None
        with pytest.raises(RuntimeError, match=r"fused = True, .* Factored is not in the kernels"):
            kind(params, fused=True).step(loss=1.0)
