# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The GPU path: its kernels interpreted, compiled for a GPU without one, and run on one."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from optim_kernels import (
    OTHERS,
    REFERENCES,
    assert_same,
    check_the_reference,
    feed,
    on_device,
    pair,
)

from momo.optim import MomoAdam

HERE = Path(__file__).parent
with_triton = pytest.mark.skipif(
    importlib.util.find_spec("triton") is None, reason="needs Triton, which is for Linux on x86-64"
)


def finished(folder: Path, *arguments: str, **environment: str) -> None:
    """Run Python on its own, and raise with what it said if that failed."""
    run = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "TRITON_CACHE_DIR": str(folder), **environment},
        text=True,
        capture_output=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@with_triton
def test_interpreted_kernels_take_the_same_steps(tmp_path: Path) -> None:
    file = str(HERE / "optim_interpreted.py")
    options = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    finished(tmp_path, "-m", "pytest", *options, file, TRITON_INTERPRET="1")


@pytest.mark.slow
@with_triton
def test_the_kernels_compile_for_a_gpu_without_one(tmp_path: Path) -> None:
    finished(tmp_path, str(HERE / "optim_compile_kernels.py"), TRITON_INTERPRET="0")


# ---- on a GPU ------------------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.parametrize(("name", "dtypes", "kahan_sum"), REFERENCES)
def test_every_step_on_a_gpu_is_the_references(name: str, dtypes: Any, kahan_sum: bool) -> None:
    check_the_reference(name, dtypes, kahan_sum, "cuda")


@pytest.mark.gpu
@pytest.mark.parametrize("max_norm", [None, 2.0])
@pytest.mark.parametrize("name", OTHERS)
def test_the_steps_on_a_gpu_are_those_of_one_by_one(name: str, max_norm: float | None) -> None:
    ours, theirs = pair(name, "cuda", max_norm=max_norm)
    for k in range(4):
        on_device(ours, {"loss": feed(ours, k)})
        theirs.step(loss=feed(theirs, k))
    assert_same(ours, theirs)


def large(count: int = 40) -> tuple[MomoAdam, list[torch.nn.Parameter]]:
    """Return an optimizer of many tensors, some of which begin at odd addresses."""
    generator = torch.Generator("cuda").manual_seed(0)
    params = []
    for n in range(count):
        x = torch.randn(30_000 + 1000 * n, generator=generator, device="cuda")
        params.append(torch.nn.Parameter(x[n % 2 :]))
    for p in params:
        p.grad = torch.randn(p.shape, generator=generator, device="cuda")
    return MomoAdam(params, lr=1e-3, fused=True), params


@pytest.mark.gpu
def test_a_pass_is_one_launch_however_many_tensors() -> None:
    optimizer, _ = large()
    loss = torch.ones((), device="cuda")
    for _ in range(3):  # compiled, and all that is sent has been sent
        optimizer.step(loss=loss)
    torch.cuda.synchronize()
    activities = [torch.profiler.ProfilerActivity.CUDA]
    with torch.profiler.profile(activities=activities) as profile:
        optimizer.step(loss=loss)
        torch.cuda.synchronize()
    there = torch.autograd.DeviceType.CUDA
    names = [event.name for event in profile.events() if event.device_type == there]
    names = [name for name in names if not name.startswith(("Memcpy", "Memset"))]
    assert names.count("look") == names.count("move") == names.count("add_up") == 1
    # The equation, and the loss in float64.
    assert len(names) <= 6, names


@pytest.mark.gpu
def test_a_step_on_the_path_needs_no_memory_and_waits_for_nothing() -> None:
    optimizer, params = large()
    loss = torch.ones((), device="cuda")
    for _ in range(2):
        optimizer.step(loss=loss)
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    torch.cuda.set_sync_debug_mode("error")
    try:
        for k in range(3):
            optimizer.param_groups[0]["lr"] = 1e-3 / (k + 1)
            for p in params[:2]:
                assert p.grad is not None
                p.grad = p.grad.clone()  # elsewhere
            optimizer.step(loss=loss)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    # The two gradients, and some kilobytes for numbers.
    extra = torch.cuda.max_memory_allocated() - before
    assert extra < 4 * (params[0].numel() + params[1].numel()) * 2 + 2**18


@pytest.mark.gpu
def test_the_bits_are_the_same_in_every_run() -> None:
    ends = []
    for _ in range(2):
        optimizer, params = large()
        for k in range(3):
            optimizer.step(loss=torch.full((), 1.0 + k, device="cuda"))
        ends.append([p.detach().clone() for p in params])
    assert all(map(torch.equal, *ends))


@pytest.mark.gpu
def test_a_captured_step_does_not_depend_on_what_others_send() -> None:
    """Between replays a step is taken with gradients elsewhere, which the graph must not follow."""
    ends = []
    for captured in (False, True):
        optimizer, params = large(4)
        loss = torch.ones((), device="cuda")
        static = [p.grad for p in params]
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                optimizer.step(loss=loss)
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        if captured:
            with torch.cuda.graph(graph):
                optimizer.step(loss=loss)
        for k in range(3):
            for p, grad in zip(params, static, strict=True):
                assert grad is not None
                grad.copy_(torch.full_like(grad, 0.1 * (k + 1)))
                p.grad = grad
            if captured:
                graph.replay()
            else:
                optimizer.step(loss=loss)
            for p in params:
                p.grad = torch.ones_like(p)
            optimizer.step(loss=loss)
        ends.append([p.detach().clone() for p in params])
    assert all(map(torch.equal, *ends))
