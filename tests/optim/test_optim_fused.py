# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The fused path on the CPU: what it covers, and its kernels."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from optim_fused import backward, each, made, native, parameters
from torch.nn import Parameter

from momo import Momo, MomoAdam
from momo.methods import Row
from momo.optim import MomoLion, MuonAdamMomo, watch
from momo.optim.fused import library
from momo.optim.reading import as_on_a_device

# ---- the kernels ---------------------------------------------------------------------------


@pytest.fixture
def isa() -> Iterator[Callable[[int], int]]:
    """Choose an instruction set; return which one it is."""
    yield library.kernels().momo_isa
    library.kernels().momo_isa(-1)


@native
@each
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_every_instruction_set_takes_the_same_step(
    row: Row, dtype: torch.dtype, isa: Callable[[int], int]
) -> None:
    """As one by one, from the same state: d, the memory and x, and h to 1e-6.

    Products and sums are rounded at once or one by one, which is a matter of the instructions: d
    and the memory differ by a few u, and by one rounding to what is stored. Sums of n squares are
    within ``2 √n u``, if each rounding is a step of a random walk; where d is rounded to 16 bits,
    that counts twice. x is rounded a few times, and the step is a quotient of such sums. The sign
    of an average that cancels is anything.
    """
    kahan = dtype.itemsize == 2 and row.name in ("momo", "momo_adam")
    truth, params = parameters(dtype), parameters(dtype)
    single = made(row, truth, foreach=False, kahan_sum=kahan)
    fused = made(row, params, fused=True, kahan_sum=kahan)
    u = torch.finfo(torch.float64 if dtype is torch.float64 else torch.float32).eps / 2
    s = torch.finfo(dtype).eps / 2
    for k in range(6):
        if isa(k % 3) != k % 3:
            continue  # this processor has no such instructions
        old = [p.detach().double().clone() for p in params]
        loss = backward(truth, k)
        for p, q in zip(params, truth, strict=True):
            p.grad = q.grad
        cancelled = {p: cancels(single, q, 8 * u) for p, q in zip(params, truth, strict=True)}
        for opt in (single, fused):
            opt.step(loss=loss)
        assert fused.path.startswith("fused (")
        scale = abs(float(single.last.value)) + abs(float(single.last.loss_avg))
        assert abs(fused.last.value - single.last.value) <= 1e-6 * scale
        sums = 2 * math.sqrt(sum(p.numel() for p in params)) * u
        close = sums + 2 * s * (dtype.itemsize == 2)
        assert math.isclose(fused.last.dual_norm_sq, single.last.dual_norm_sq, rel_tol=close)
        for p, q, x in zip(params, truth, old, strict=True):
            for name, own in single.state[q].items():
                if name not in ("model", "compensation"):
                    ours = fused.state[p][name].double()
                    size = own.double().abs().max() + 1e-30
                    stored = torch.finfo(own.dtype).eps
                    assert (ours - own.double()).abs().max() <= (8 * u + stored) * size, name
            moved = (q.detach().double() - x).abs()
            new = q.detach().double()
            near = (2 * sums + close) * moved.max() + 4 * u * x.abs() + 2 * s * new.abs()
            assert (((p.detach().double() - new).abs() <= near) | cancelled[p]).all()
            with torch.no_grad():  # from the same state again
                p.copy_(q)
                for name, own in single.state[q].items():
                    fused.state[p][name].copy_(own)


def cancels(optimizer: Any, p: Parameter, u: float) -> torch.Tensor:
    """Return where Lion's average in the next step is not told from 0."""
    d = optimizer.state[p].get("grad_avg")
    if d is None or not isinstance(optimizer, MomoLion):
        return torch.zeros((), dtype=torch.bool)
    assert p.grad is not None
    (beta, _), old, new = optimizer.param_groups[0]["betas"], d.double(), p.grad.double()
    return (beta * old + (1 - beta) * new).abs() <= u * (old.abs() + new.abs())


@native
@each
def test_the_bits_do_not_depend_on_the_threads(row: Row) -> None:
    ends = []
    before = torch.get_num_threads()
    for threads in (1, 2, 3):
        torch.set_num_threads(threads)
        params = parameters()
        optimizer = made(row, params, fused=True)
        for k in range(3):
            optimizer.step(loss=backward(params, k))
        ends.append(torch.cat([p.detach().view(-1) for p in params]))
    torch.set_num_threads(before)
    assert torch.equal(ends[0], ends[1])
    assert torch.equal(ends[0], ends[2])


@native
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("level", range(3))
def test_numbers_of_16_bits_are_rounded_as_torch_does(
    dtype: torch.dtype, level: int, isa: Callable[[int], int]
) -> None:
    """All of them go in and come out, subnormal ones too; what is between them is rounded to even.

    With β = 0, d is g; one step of length 1 from 0 is -g, and a half of it lies between numbers.
    """
    if isa(level) != level:
        pytest.skip("this processor has no such instructions")
    bits = torch.arange(1 << 16, dtype=torch.int32).to(torch.int16)
    every = bits.view(dtype)
    every = every[every.isfinite() & (every.abs().float() < 1e4)]
    for factor in (1.0, 0.5, 0.75):
        p = Parameter(torch.zeros_like(every))
        optimizer = Momo([p], lr=factor, beta=0.0, lb=-1e30, fused=True)
        p.grad = every.clone()
        optimizer.step(loss=1.0)
        assert torch.equal(optimizer.state[p]["grad_avg"], every)
        assert torch.equal(p.detach(), (-factor * every.float()).to(dtype))


@pytest.mark.parametrize("lists", sorted({False, watch.LISTS}))
def test_each_write_is_counted_once(lists: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by a torch that takes one tensor at a time."""
    monkeypatch.setattr(watch, "LISTS", lists)
    tensors = [torch.zeros(2), torch.ones(3)]
    watch.count_writes(tensors)
    assert [tensor._version for tensor in tensors] == [1, 1]


@native
def test_subnormal_numbers_are_still_numbers() -> None:
    """The library does not set the processor to flush them to 0."""
    assert torch.tensor(1e-40) * 1 == torch.tensor(1e-40)
    assert library.kernels() is not None
    assert torch.tensor(1e-40) * 1 != 0


@native
def test_a_forked_process_takes_the_same_step() -> None:
    """Torch's threads do not survive a fork; the kernels go on without."""
    script = """
import os, torch
from momo import Momo
torch.set_num_threads(2)
ps = [torch.nn.Parameter(torch.ones(100_000))]
opt = Momo(ps, lr=0.5)
def step():
    ps[0].grad = torch.ones_like(ps[0])
    opt.step(loss=1e9)
step()
ps[0].grad = torch.ones_like(ps[0])
pid = os.fork()
if not pid:  # torch's own operations on many numbers would hang here
    opt.step(loss=1e9)
    os._exit(ps[0][-1].item() != 0)
step()
assert os.waitpid(pid, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)


# ---- what is covered -----------------------------------------------------------------------


@native
def test_path_says_which_way_is_taken() -> None:
    def path(cls: Any = MomoAdam, shapes: Any = ((3,), (2, 2)), **given: Any) -> str:
        params = parameters(shapes=shapes)
        optimizer = cls(params, **given)
        assert optimizer.path == ""
        optimizer.step(loss=backward(params, 0))
        found: str = optimizer.path
        return found

    fused = f"fused ({library.instruction_set()})"
    assert path() == path(fused=True) == fused
    assert path(foreach=False) == path(foreach=True) == path(fused=False) == "blocks"
    assert path(MuonAdamMomo, start="zero") == f"{fused} and blocks"
    assert path(MuonAdamMomo) == "blocks"  # v from the first gradient is not in the kernels
    with as_on_a_device():
        assert path() == "blocks"
        with pytest.raises(RuntimeError, match="no value may be read"):
            path(fused=True)


def test_without_the_library_all_goes_on_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "opened", lambda: (None, "the kernels have not been compiled"))
    params = parameters()
    optimizer = Momo(params)
    optimizer.step(loss=backward(params, 0))
    assert optimizer.path == "blocks"
    with pytest.raises(RuntimeError, match=r"fused = True, .*: the kernels have not been compiled"):
        Momo(parameters(), fused=True)


def test_a_library_of_another_source_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if library.FILE.exists():
        monkeypatch.setattr(library, "digest", lambda: "another")
        assert "not those of kernels.c" in library.opened.__wrapped__()[1]
    broken = tmp_path / "kernels.so"
    broken.write_bytes(b"no library")
    monkeypatch.setattr(library, "FILE", broken)
    assert "cannot be loaded" in library.opened.__wrapped__()[1]
    monkeypatch.setattr(library, "FILE", tmp_path / "none.so")
    assert "have not been compiled" in library.opened.__wrapped__()[1]


@native
@pytest.mark.parametrize(
    ("cls", "start", "why"),
    [
        (
            partial(MuonAdamMomo, start="zero"),
            torch.zeros(2, 2),
            "the preconditioner Spectral is not in the kernels",
        ),
        (Momo, torch.zeros(4, 4)[:, :2], r"strides \(4, 1\) leave gaps"),
        (Momo, torch.zeros(2, device="meta"), "there are no kernels for meta"),
    ],
)
def test_what_is_demanded_and_not_covered_is_refused(cls: Any, start: Any, why: str) -> None:
    message = rf"fused = True, but parameter 1 of param_groups\[0\] .*{why}"
    with pytest.raises(RuntimeError, match=message):
        cls([torch.zeros(2), start], fused=True)
    optimizer = cls([torch.zeros(2)])
    with pytest.raises(RuntimeError, match=why):
        optimizer.add_param_group({"params": start, "fused": True})
    assert len(optimizer.param_groups) == 1


@native
def test_complex_numbers_are_pairs_of_reals() -> None:
    ends = []
    for way in ({"fused": True}, {"foreach": False}):
        p = Parameter(
            torch.randn(5, dtype=torch.complex64, generator=torch.Generator().manual_seed(0))
        )
        optimizer = MomoAdam([p], **way)
        for _ in range(3):
            p.grad = p.detach().clone()
            optimizer.step(loss=1.0)
        ends.append(p.detach())
    assert torch.allclose(*ends, rtol=1e-5)


# ---- clipping ------------------------------------------------------------------------------


@native
@each
def test_a_clipped_step_is_the_same(row: Row) -> None:
    """The first pass is taken again where the norm is too large; where it is not, it stands."""
    for largest in (0.1, 1e6):
        pair = [
            (p := parameters(shapes=((30,), (4, 5))), made(row, p, max_norm=largest, **way))
            for way in ({"fused": True}, {"foreach": False})
        ]
        for k in range(4):
            for params, optimizer in pair:
                optimizer.step(loss=backward(params, k))
        for p, q in zip(pair[0][0], pair[1][0], strict=True):
            assert torch.allclose(p, q, rtol=1e-5, atol=1e-6)


if os.environ.get("MOMO_NATIVE") != "0":

    def test_the_kernels_are_there() -> None:
        """Where a C compiler is; else set MOMO_NATIVE=0, as where the package was installed."""
        assert not library.unavailable()
