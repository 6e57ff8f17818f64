"""The fused path on the CPU: what it covers, its kernels, and where it finds its tensors."""

from __future__ import annotations

import functools
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import Parameter
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from momo import Momo, MomoAdam
from momo.methods import METHODS, Row
from momo.optim import Iam, MomoLion, MuonAdamMomo
from momo.optim.fused import carry, library
from momo.optim.fused.coverage import is_dense
from momo.optim.reading import as_on_a_device

native = pytest.mark.skipif(bool(library.unavailable()), reason=library.unavailable())
SHAPES = ((130, 257), (3,), (17, 1000), (), (1, 1))
"""More than two chunks of the kernels, with ends that fill no block; and small ones."""
COVERED = [
    row for row in METHODS.values() if not row.optimizer.startswith(("Muon", "Scion", "MomoSoap"))
]
COVERED = [row for row in COVERED if row.optimizer != "MomoAdaFactor"]
each = pytest.mark.parametrize("row", COVERED, ids=lambda row: row.name)


def parameters(dtype: torch.dtype = torch.float32, shapes: Any = SHAPES) -> list[Parameter]:
    generator = torch.Generator().manual_seed(0)
    return [Parameter(torch.randn(shape, generator=generator).to(dtype)) for shape in shapes]


def backward(params: list[Parameter], k: int) -> float:
    """Set gradients near those of ``||x||²/20``, and return that loss."""
    generator = torch.Generator().manual_seed(k)
    for p in params:
        noise = torch.randn(p.shape, generator=generator)
        p.grad = (0.1 * p.detach().float() + 1e-2 * noise).to(p.dtype)
    return float(sum(p.detach().double().square().sum() for p in params)) / 20


def made(row: Row, params: list[Parameter], **changes: Any) -> Any:
    cls: Any = row.torch_class()
    return cls(params, **{**row.torch_arguments(row.defaults), "lr": 0.05, **changes})


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


# ---- where tensors are ---------------------------------------------------------------------


def twins(cls: Any = MomoAdam, shapes: Any = ((20, 7), (9,), (4,)), **given: Any) -> list[Any]:
    return [
        (params, cls(params, lr=0.05, **given, **way))
        for params, way in (
            (parameters(shapes=shapes), w) for w in ({"fused": True}, {"foreach": False})
        )
    ]


def same_after(
    pair: list[Any], change: Callable[[list[Parameter], Any], object], u: float = 1e-6
) -> None:
    """Change both in the same way between steps: they stay the same."""
    for k in range(5):
        for params, optimizer in pair:
            loss = backward(params, k)
            optimizer.step(loss=loss)
            if k == 2:
                change(params, optimizer)
    (ours, _), (theirs, _) = pair
    for p, q in zip(ours, theirs, strict=True):
        assert torch.allclose(p, q, rtol=1e-5, atol=1e-6)


def swap_data(params: list[Parameter], _: Any) -> None:
    for p in params:
        p.data = p.data.clone() * 0.5


def write_data(params: list[Parameter], _: Any) -> None:
    for p in params:
        p.data.mul_(0.5)


def write_state(params: list[Parameter], optimizer: Any) -> None:
    entry = optimizer.state[params[1]]
    entry["grad_avg"] = torch.full_like(entry["grad_avg"], 0.25)


def move_state(params: list[Parameter], optimizer: Any) -> None:
    for entry in optimizer.state.values():
        for value in entry.values():
            value.share_memory_()
        entry["grad_avg"].mul_(0.5)


def other_entry(params: list[Parameter], optimizer: Any) -> None:
    optimizer.state[params[0]] = dict(optimizer.state[params[0]])
    optimizer.state[params[0]]["grad_avg"] = optimizer.state[params[0]]["grad_avg"] * 3


def other_layout(params: list[Parameter], _: Any) -> None:
    p = params[0]
    p.data = p.data.t().contiguous().t()


def move_one(params: list[Parameter], optimizer: Any) -> None:
    entry = optimizer.state[params[1]]
    entry["grad_avg"].data = entry["grad_avg"].data.clone()


def other_dtype(params: list[Parameter], optimizer: Any) -> None:
    entry = optimizer.state[params[0]]
    entry["grad_avg"] = entry["grad_avg"].double()
    if "memory_weight" in entry:
        entry["memory_weight"] = entry["memory_weight"].float()


def other_order(params: list[Parameter], optimizer: Any) -> None:
    entry = optimizer.state[params[0]]
    entry["grad_avg"] = entry["grad_avg"].t().contiguous().t()


def turned_gradient(params: list[Parameter], _: Any) -> None:
    params[0].grad = params[0].grad.t().contiguous().t() if params[0].grad is not None else None


CHANGES = (
    swap_data,
    write_data,
    write_state,
    move_state,
    other_entry,
    other_layout,
    move_one,
    other_dtype,
    other_order,
    turned_gradient,
)


@native
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("cls", [Momo, MomoAdam, MomoLion, Iam])
def test_tensors_that_somebody_changed_are_found(cls: Any, change: Any) -> None:
    same_after(twins(cls), change)


@native
@pytest.mark.parametrize("change", [swap_data, write_data, write_state])
@pytest.mark.parametrize("cls", [Momo, MomoAdam])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_what_is_carried_is_dropped_when_tensors_are_changed(
    cls: Any, change: Any, decay: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry, "CACHED", 0)
    used: list[bool] = []
    known = carry.Carry.known

    def noted(self: carry.Carry, tensors: Any) -> Any:
        found = known(self, tensors)
        used.append(found is not None)
        return found

    monkeypatch.setattr(carry.Carry, "known", noted)
    pair = twins(cls, weight_decay=decay)
    same_after(pair, change)
    assert pair[0][1]._plan.table.carry.possible
    # With a decay in the model it needs <d_k, x>. The change after the third step is seen before
    # the next one, or in it, by the marks.
    seen = [False, False, True, *([True, False] if change is write_data else [False]), True]
    assert used == ([] if decay else seen)


@native
def test_what_was_changed_unseen_is_made_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of elements that are not marked, without a version: one step later all is right.

    The numbers that are kept are those of the other path; x is read from then on.
    """
    monkeypatch.setattr(carry, "CACHED", 0)
    pair = twins(Momo, shapes=((100,),))
    for k in range(6):
        for params, optimizer in pair:
            optimizer.step(loss=backward(params, 0))
            if k == 2:
                params[0].data[50:] += 1.0  # elements 0 to 15 are marked
            if k == 3:  # the step in between was another: go on from the same point
                params[0].data.copy_(pair[0][0][0].data)
    (p, ours), (q, theirs) = pair
    assert not ours._plan.table.carry.possible
    assert torch.allclose(ours.last.value, theirs.last.value, rtol=1e-5)
    assert torch.allclose(ours.state[p[0]]["model"][5], theirs.state[q[0]]["model"][5], rtol=1e-5)


@native
def test_a_write_to_1024_elements_in_a_row_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each 1024 elements 16 are marked; the step is as if x had been read."""
    monkeypatch.setattr(carry, "CACHED", 0)

    def write(params: list[Parameter], _: Any) -> None:
        params[0].data[301:1325] *= 3
        params[1].detach().numpy()[10:266] = 0.5

    pair = twins(Momo, shapes=((40_000,), (300,)))
    same_after(pair, write)
    (_, ours), (_, theirs) = pair
    assert ours._plan.table.carry.possible
    assert torch.allclose(ours.last.value, theirs.last.value, rtol=1e-5)


@native
def test_what_is_carried_is_not_used_after_a_step_that_was_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the step before would have used is none of a later one's, which has read x."""
    monkeypatch.setattr(carry, "CACHED", 0)
    pair = twins(Momo)
    for params, optimizer in pair:
        for k in range(3):
            optimizer.step(loss=backward(params, k))
        backward(params, 3)
        optimizer.step(loss=math.nan)
        with torch.no_grad():
            for p in params:
                p.mul_(3)
        optimizer.param_groups[0]["weight_decay"] = 0.1
        for k in range(3, 6):
            optimizer.step(loss=backward(params, k))
    (_, ours), (_, theirs) = pair
    assert torch.allclose(ours.last.value, theirs.last.value, rtol=1e-5)


@native
@pytest.mark.parametrize("inside", [False, True])
def test_in_inference_mode_nothing_is_carried(
    inside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry, "CACHED", 0)
    ends = []
    for way in ({"fused": True}, {"foreach": False}):
        with torch.inference_mode(inside):
            params = parameters(shapes=((20, 7), (9,)))
            optimizer = Momo(params, lr=0.05, **way)
        for k in range(4):
            with torch.inference_mode():
                optimizer.step(loss=backward(params, k))
        ends.append(params)
    for p, q in zip(*ends, strict=True):
        assert torch.allclose(p, q, rtol=1e-5, atol=1e-6)


@native
def test_a_parameter_that_has_grown_is_refused_as_before() -> None:
    """Its state is too small for it: no pointer to it may be followed."""
    for way in ({"fused": None}, {"foreach": False}):
        p = Parameter(torch.zeros(10, 64))
        optimizer = MomoAdam([p], **way)
        for rows in (10, 10, 5000):
            p.data, p.grad = torch.zeros(rows, 64), None
            p.grad = torch.ones(rows, 64)
            if rows == 10:
                optimizer.step(loss=1.0)
        with pytest.raises(RuntimeError, match="size"):
            optimizer.step(loss=1.0)


@native
def test_gradients_whose_signs_are_kept_apart_are_read_as_they_are() -> None:
    """As complex conjugates are, which are made on the way to the kernels."""
    generator = torch.Generator().manual_seed(0)
    matrix = torch.randn(3, 16, 16, dtype=torch.complex64, generator=generator)
    ends = []
    for way in ({"fused": True}, {"foreach": False}):
        w = Parameter(torch.ones(16, dtype=torch.complex64))
        optimizer = MomoAdam([w], lr=0.01, **way)
        for k in range(9):
            optimizer.zero_grad()
            loss = (w.conj() @ matrix[k % 3]).abs().square().mean()
            loss.backward()
            optimizer.step(loss=loss)
        ends.append(w.detach())
    assert torch.allclose(*ends, rtol=1e-4)
    p = Parameter(torch.ones(3))
    optimizer = Momo([p])
    for turned in (False, True):
        p.grad = torch._neg_view(torch.ones(3)) if turned else torch.ones(3)
        optimizer.step(loss=10.0)
    assert torch.allclose(optimizer.state[p]["grad_avg"], torch.full((3,), 0.9 - 0.1))


@native
def test_a_step_counts_as_a_change_to_autograd() -> None:
    p = Parameter(torch.ones(3))
    loss = (p * p).sum()
    p.grad = torch.ones(3)
    Momo([p], fused=True).step(loss=1.0)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


@native
@pytest.mark.parametrize("name", ["momo", "momo_adam", "momo_lion", "iam", "schedule_free_polyak"])
def test_the_order_of_the_axes_in_memory_does_not_matter(name: str) -> None:
    shapes = ((2, 3, 4, 5), (6, 7))
    ends = []
    for plain in (True, False):
        params = parameters(shapes=shapes)
        if not plain:
            params = [
                Parameter(params[0].detach().to(memory_format=torch.channels_last)),
                Parameter(params[1].detach().t().contiguous().t()),
            ]
        optimizer = made(METHODS[name], params, fused=True)
        for k in range(3):
            loss = backward(params, k)
            if plain:  # gradients in another order than the parameters, too
                params[1].grad = params[1].grad.t().contiguous().t()
            optimizer.step(loss=loss)
        ends.append([p.detach().contiguous() for p in params])
    for p, q in zip(*ends, strict=True):
        assert torch.allclose(p, q, rtol=1e-5, atol=1e-6)  # sums in another order


def test_memory_without_gaps_is_dense() -> None:
    x = torch.zeros(4, 6)
    assert [is_dense(one) for one in (x, x.t(), x[:, :3], x[::2], x[0], x.expand(2, 4, 6))] == [
        True,
        True,
        False,
        False,
        True,
        False,
    ]
    assert is_dense(torch.zeros(2, 3, 4, 5).to(memory_format=torch.channels_last))


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
    assert path(MuonAdamMomo) == f"{fused} and blocks"
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
        (MuonAdamMomo, torch.zeros(2, 2), "the preconditioner Spectral is not in the kernels"),
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


# ---- hooks ---------------------------------------------------------------------------------


def copied(step: Any) -> Any:
    """Return a step that looks like another, and calls it."""

    @functools.wraps(step)
    def wrapper(self: Any, *args: Any, **given: Any) -> Any:
        return step(self, *args, **given)

    return wrapper


class Looks(Momo):
    """Its step is said to be Momo's."""

    step = copied(Momo.step)


class Own(Momo):
    """It has a step of its own."""

    def step(self, *args: Any, **given: Any) -> Any:  # type: ignore[override]
        return super().step(*args, **given)


@pytest.mark.parametrize("kind", [Momo, Looks, Own])
@pytest.mark.parametrize("everywhere", [False, True])
def test_hooks_run_once(kind: Any, everywhere: bool) -> None:
    p = Parameter(torch.ones(3))
    p.grad = torch.ones(3)
    optimizer = kind([p])
    optimizer.step(loss=1.0)
    seen: list[str] = []
    if everywhere:
        before: Any = register_optimizer_step_pre_hook
        after: Any = register_optimizer_step_post_hook
    else:
        before, after = optimizer.register_step_pre_hook, optimizer.register_step_post_hook
    handles = [before(lambda *_: seen.append("before")), after(lambda *_: seen.append("after"))]
    optimizer.step(loss=1.0)
    for handle in handles:
        handle.remove()
    optimizer.step(loss=1.0)
    assert seen == ["before", "after"]


@pytest.mark.parametrize("kind", [Momo, Looks, Own])
def test_a_profiler_sees_the_step(kind: Any) -> None:
    p = Parameter(torch.ones(3))
    p.grad = torch.ones(3)
    optimizer = kind([p])
    optimizer.step(loss=1.0)
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # it talks, in all that follows, otherwise
    with torch.autograd.profiler.profile() as seen:
        optimizer.step(loss=1.0)
    assert [e.name for e in seen.function_events].count(f"Optimizer.step#{kind.__name__}.step") == 1
