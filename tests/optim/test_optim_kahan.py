# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Compensated (Kahan) summation: parameters of 16 bits lose neither small steps nor decay."""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path as Folder
from typing import Any

import pytest
import torch
from optim_comparison import same_bits
from optim_strategies import SINGLE, Path, roundoff
from rows_with_loss import METHODS
from torch import Tensor
from torch.nn import Parameter

from momo import Momo, MomoAdam
from momo.bench.memory import peak_extra
from momo.optim import MomentumModelOptimizer, ScheduleFreePolyak
from momo.optim.rounding import split
from momo.optim.state import COMPENSATION

BFLOAT, HALF, FLOAT = torch.bfloat16, torch.float16, torch.float32
HALVES = (BFLOAT, HALF)
ABOVE = 1e9
"""A loss so far above its bound that every step is capped, whatever is summed in which order."""


def smallest(dtype: torch.dtype) -> float:
    info = torch.finfo(dtype)
    return info.smallest_normal * info.eps


def made(
    name: str, params: Any, lr: float = 1e-3, decay: float = 0.01, **options: Any
) -> MomentumModelOptimizer:
    """Return the optimizer of a row, with weight decay if it has it."""
    row = METHODS[name]
    own = {"weight_decay": decay} if "weight_decay" in row.arguments else {}
    kind: Any = row.torch_class()
    optimizer: MomentumModelOptimizer = kind(params, lr=lr, **own, **row.fixed, **options)
    return optimizer


def total(optimizer: MomentumModelOptimizer, p: Tensor) -> Tensor:
    """Return x + c, in float64."""
    return p.detach().double() + optimizer.state[p][COMPENSATION].double()


# ---- one number in two ---------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_a_number_is_split_into_two_that_split_their_sum_alike(dtype: torch.dtype) -> None:
    """Between each x and its neighbours, all of them, and just beside the middle of each two."""
    x = torch.arange(-(2**15), 2**15).to(torch.int16).view(dtype).float()
    x = x[x.isfinite()]
    unit = 2 ** (23 - {BFLOAT: 7, HALF: 10}[dtype])  # in the integers that float32 is
    generator = torch.Generator().manual_seed(0)
    u, near = roundoff(dtype), range(unit // 2 - 70, unit // 2 + 70)
    drawn = [torch.randint(-unit, unit, x.shape, generator=generator) for _ in range(40)]
    for step in [*near, *drawn]:
        z = (x.view(torch.int32) + step).int().view(FLOAT)
        z = z[z.isfinite() & (z.abs() < torch.finfo(dtype).max)]
        first, rest = split(z, dtype)
        assert same_bits(first, z.to(dtype))
        both = first.float() + rest.float()
        exact = first.double() + rest.double()
        assert torch.equal(both.double(), exact)
        assert ((exact - z).abs() <= (u * u * exact.abs()).clamp(min=smallest(dtype))).all()
        again = split(both, dtype)
        assert torch.equal(again[0], first)
        assert torch.equal(again[1], rest)


def test_what_is_too_large_stays_infinite() -> None:
    first, rest = split(torch.tensor([7e4, -7e4, 1.0]), HALF)
    assert (first.float() + rest.float()).tolist() == [torch.inf, -torch.inf, 1]


# ---- what is lost, and kept ----------------------------------------------------------------------

SAMPLES, FEATURES, STEPS = 400, 40, 200


@lru_cache
def data() -> tuple[Tensor, Tensor, Tensor]:
    """Return least squares with noise, so that the smallest loss is not 0, and a start."""
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(SAMPLES, FEATURES, generator=generator)
    noise = torch.randn(SAMPLES, generator=generator)
    solution, start = torch.randn(2, FEATURES, generator=generator).unbind()
    return a, a @ solution + noise, (10 * start).bfloat16()


def loss_at(x: Tensor, rows: Any = slice(None)) -> Tensor:
    a, b, _ = data()
    return (a[rows] @ x - b[rows]).square().mean() / 2


@lru_cache(maxsize=512)
def final_loss(name: str, dtype: torch.dtype, kahan_sum: bool = False) -> float:
    """Return the loss after 200 steps with lr = 1e-3, at the x that the forward pass sees."""
    p = Parameter(data()[2].to(dtype, copy=True))
    optimizer: Any = made(name, [p], kahan_sum=kahan_sum)
    generator = torch.Generator().manual_seed(2)
    for _ in range(STEPS):
        x = p.detach().float().requires_grad_()
        loss = loss_at(x, torch.randint(SAMPLES, (50,), generator=generator))
        loss.backward()
        assert x.grad is not None
        p.grad = x.grad.to(dtype)
        optimizer.step(loss=loss.detach())
    if METHODS[name].modes:
        optimizer.eval()
    return float(loss_at(p.detach().float()))


@pytest.mark.parametrize("dtype", HALVES, ids=str)
@pytest.mark.parametrize("name", METHODS)
def test_the_loss_is_that_of_float32(name: str, dtype: torch.dtype) -> None:
    """Within half a percent, with gradients and d of 16 bits, and so a little noise."""
    expected = final_loss(name, FLOAT)
    assert final_loss(name, dtype, kahan_sum=True) == pytest.approx(expected, rel=5e-3)


def test_without_it_the_loss_is_another() -> None:
    assert final_loss("momo", BFLOAT) > 1.3 * final_loss("momo", FLOAT)
    assert final_loss("momo_adam", HALF) > 1.02 * final_loss("momo_adam", FLOAT)


@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("dtype", HALVES, ids=str)
@pytest.mark.parametrize("name", ["momo", "momo_adam", "momo_lion", "muon_adam_momo"])
def test_decay_is_kept(name: str, dtype: torch.dtype, foreach: bool | None) -> None:
    """200 steps with αλ = 1e-3: a factor of (1+αλ)^-200, or (1-αλ)^200 where it is decoupled.

    Each step multiplies, errs by two roundings in float32 and one split, and never enlarges what
    was lost before. Without compensation bfloat16 keeps all that it had.
    """
    start = torch.linspace(-3, 3, 60, dtype=torch.float64).view(6, 10).to(dtype)
    ends = []
    for kahan_sum in (True, False):
        p = Parameter(start.clone())
        optimizer = made(name, [p], 0.1, kahan_sum=kahan_sum, foreach=foreach)
        p.grad = torch.zeros_like(p)
        for _ in range(STEPS):
            optimizer.step(loss=1.0)
        ends.append(total(optimizer, p) if kahan_sum else p.detach().double())
    x, u = start.double(), roundoff(dtype)
    each = (u * u * (1 + u) * x.abs()).clamp(min=smallest(dtype)) + 3 * 2.0**-24 * x.abs()
    factor = (1 - 1e-3) ** STEPS if name in DECOUPLED else (1 + 1e-3) ** -STEPS
    assert ((ends[0] - factor * x).abs() <= STEPS * each).all()
    if dtype is BFLOAT:
        assert (ends[1] == x).all()
    else:
        assert ((ends[1] - factor * x).abs() > STEPS * each).any()


DECOUPLED = ("momo_lion", "muon_adam_momo")


@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_the_run_is_that_of_float32(dtype: torch.dtype) -> None:
    """x + c, step by step, with gradients that are given, and β = 0, so that d is exact in both.

    Each step of either run errs by four roundings in float32 at most, and by the split.
    """
    generator = torch.Generator().manual_seed(0)
    start, u = torch.randn(500, generator=generator).to(dtype), roundoff(dtype)
    p, q, r = Parameter(start.clone()), Parameter(start.float()), Parameter(start.clone())
    options: Any = {"lr": 1e-3, "weight_decay": 1.0, "beta": 0.0}
    ours, theirs = Momo([p], kahan_sum=True, **options), Momo([q], **options)
    without = Momo([r], **options)
    bound = torch.zeros(500, dtype=torch.float64)
    for _ in range(STEPS):
        p.grad = r.grad = torch.randn(500, generator=generator).to(dtype)
        q.grad = p.grad.float()
        size = q.detach().double().abs() + 1e-3 * q.grad.double().abs()
        for optimizer in (ours, theirs, without):
            optimizer.step(loss=ABOVE)
        bound += (u * u * (1 + u) * size).clamp(min=smallest(dtype)) + 8 * 2.0**-24 * size
        assert ((total(ours, p) - q.detach().double()).abs() <= bound).all()
        assert same_bits(p.detach(), total(ours, p).float().to(dtype))
    assert ((r.detach().double() - q.detach().double()).abs() > bound).sum() > 250


# ---- all paths -----------------------------------------------------------------------------------


SHAPES = ((7, 3), (65,), (), (2, 3, 4), (1,), (40, 40))
PATHS = {
    "gathered": Path(foreach=True),
    "in slices": Path(foreach=True, size=20),
    "masked": Path(foreach=False, masked=True),
    "gathered, masked": Path(foreach=True, size=100, masked=True),
}


def parameters(dtype: torch.dtype, device: str = "cpu") -> list[Parameter]:
    generator = torch.Generator().manual_seed(0)
    drawn = [torch.randn(shape, generator=generator) for shape in SHAPES]
    return [Parameter(x.to(device, dtype)) for x in drawn]


def kept(optimizer: MomentumModelOptimizer) -> list[dict[str, Tensor]]:
    """Return copies of each parameter and of what rounding left of it."""
    return [
        {"x": p.detach().clone(), "c": optimizer.state[p][COMPENSATION].clone()}
        for group in optimizer.param_groups
        for p in group["params"]
    ]


def run(name: str, path: Path, dtype: torch.dtype) -> list[dict[str, Tensor]]:
    """Take eight capped steps, in which gradients come and go, and one that is not finite."""
    params = parameters(dtype)
    optimizer = made(name, params, 2e-3, 0.5, kahan_sum=True, foreach=path.foreach)
    generator = torch.Generator().manual_seed(1)
    with path.taken():
        for k in range(8):
            for i, p in enumerate(params):
                grad = torch.randn(p.shape, generator=generator).to(dtype)
                p.grad = None if k > 0 and (i + k) % 4 == 0 else grad
            before = kept(optimizer) if k else []
            optimizer.step(loss=torch.nan if k == 5 else ABOVE)
            if k == 5:
                assert_alike(kept(optimizer), before)
    assert all(one["c"].any() for one in kept(optimizer) if one["x"].numel() > 1)
    return kept(optimizer)


def assert_alike(
    ours: list[dict[str, Tensor]], theirs: list[dict[str, Tensor]], steps: int = 0
) -> None:
    """Assert that x and c are equal, or x + c up to the splits of this many steps in each run."""
    for a, b in zip(ours, theirs, strict=True):
        dtype = a["x"].dtype
        both = [one["x"].double() + one["c"].double() for one in (a, b)]
        split = (roundoff(dtype) ** 2 * both[0].abs()).clamp(min=smallest(dtype))
        assert ((both[0] - both[1]).abs() <= 2 * steps * split).all()
        assert steps or (torch.equal(a["x"], b["x"]) and torch.equal(a["c"], b["c"]))


@lru_cache
def single(name: str, dtype: torch.dtype) -> list[dict[str, Tensor]]:
    return run(name, SINGLE, dtype)


# One dtype for each method and path, by turns; the other is slow.
@pytest.mark.parametrize(
    ("name", "path", "dtype"),
    [
        pytest.param(
            name,
            PATHS[path],
            dtype,
            id=f"{name}-{path}-{dtype}",
            marks=() if (i + j + k) % 2 else pytest.mark.slow,
        )
        for i, name in enumerate(METHODS)
        for j, path in enumerate(PATHS)
        for k, dtype in enumerate(HALVES)
    ],
)
def test_all_paths_keep_the_same(name: str, path: Path, dtype: torch.dtype) -> None:
    """To the bit; but a mask rounds the weight of a memory, and a bound that is estimated sums."""
    exact = not (METHODS[name].online or (path.masked and name not in UNWEIGHED))
    assert_alike(run(name, path, dtype), single(name, dtype), 0 if exact else 8)


UNWEIGHED = [name for name, row in METHODS.items() if row.base == "sgd_m"]


# ---- what it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [FLOAT, torch.float64, torch.complex64], ids=str)
@pytest.mark.parametrize("name", ["momo", "momo_adam", "momo_lion", "iam", "momo_soap"])
def test_more_bits_have_no_compensation(name: str, dtype: torch.dtype) -> None:
    if dtype.is_complex and name == "momo_soap":
        return  # matrices are real
    ends = []
    for kahan_sum in (False, True):
        p = Parameter(torch.linspace(-1, 1, 12, dtype=torch.float64).view(3, 4).to(dtype))
        optimizer = made(name, [p], kahan_sum=kahan_sum)
        for k in range(5):
            p.grad = (p.detach() + k).to(dtype)
            optimizer.step(loss=3.0)
        assert COMPENSATION not in optimizer.state[p]
        ends.append([p.detach(), *optimizer.state[p].values()])
    for ours, theirs in zip(*ends, strict=True):
        assert torch.allclose(ours, theirs, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize(("kind", "before"), [(Momo, 2), (MomoAdam, 6)])
@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_it_takes_two_bytes_a_number_and_a_step_no_more(
    kind: Any, before: int, dtype: torch.dtype, foreach: bool | None
) -> None:
    """The state of each number in bytes, and the peak of what a step allocates."""
    n, peaks = 1 << 20, []
    for kahan_sum in (False, True):
        p = Parameter(torch.ones(n, dtype=dtype))
        p.grad = torch.ones_like(p)
        optimizer = kind([p], kahan_sum=kahan_sum, foreach=foreach)
        for _ in range(2):
            optimizer.step(loss=1.0)
        of_numbers = [t.nbytes for t in optimizer.state[p].values() if t.shape == p.shape]
        assert sum(of_numbers) == n * (before + 2 * kahan_sum)
        peaks.append(peak_extra(lambda: optimizer.step(loss=1.0), torch.device("cpu")))  # noqa: B023
    assert peaks[1] <= peaks[0]


# ---- the state -----------------------------------------------------------------------------------


def trained(kahan_sum: bool, steps: int = 4, dtype: torch.dtype = BFLOAT) -> Momo:
    return more(Momo(parameters(dtype), lr=1e-3, weight_decay=0.5, kahan_sum=kahan_sum), steps)


def more(optimizer: Momo, steps: int = 4) -> Momo:
    """Take steps in which the gradient is x."""
    for _ in range(steps):
        for group in optimizer.param_groups:
            for p in group["params"]:
                p.grad = p.detach().clone()
        optimizer.step(loss=ABOVE)
    return optimizer


def fresh(other: Momo, dtype: torch.dtype = BFLOAT, **options: Any) -> Momo:
    """Return a new optimizer of copies of the parameters."""
    params = [Parameter(p.detach().to(dtype, copy=True)) for p in other.param_groups[0]["params"]]
    return Momo(params, lr=1e-3, weight_decay=0.5, **options)


def bits(optimizer: Momo) -> list[Tensor]:
    return [p.detach().clone() for p in optimizer.param_groups[0]["params"]]


def equal(ours: list[Tensor], theirs: list[Tensor]) -> bool:
    return all(map(torch.equal, ours, theirs))


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("theirs", [False, True])
def test_a_state_dict_says_whether_there_are_compensations(own: bool, theirs: bool) -> None:
    """As it says what the learning rate is; the run goes on as it would have."""
    first = trained(theirs)
    second = fresh(first, kahan_sum=own)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    assert second.param_groups[0]["kahan_sum"] is theirs
    assert equal(bits(more(first)), bits(more(second)))
    assert (COMPENSATION in second.state[second.param_groups[0]["params"][0]]) is theirs


def test_without_the_compensations_a_run_goes_on_otherwise() -> None:
    first = trained(True, 40)
    second = fresh(first)
    second.load_state_dict(first.state_dict())
    for entry in second.state.values():
        entry[COMPENSATION].zero_()
    assert not equal(bits(more(first, 40)), bits(more(second, 40)))


def test_a_state_dict_of_before_there_was_the_option_begins_with_zeros() -> None:
    first = trained(False)
    old = copy.deepcopy(first.state_dict())
    del old["param_groups"][0]["kahan_sum"]
    second = fresh(first, kahan_sum=True)
    second.load_state_dict(old)
    assert second.param_groups[0]["kahan_sum"] is True
    first.param_groups[0]["kahan_sum"] = True
    assert equal(bits(more(first)), bits(more(second)))


@pytest.mark.parametrize("lost", [range(1), range(len(SHAPES))])
def test_lost_compensations_are_missed(lost: range) -> None:
    """As where torch.distributed.checkpoint loads into an optimizer that has none."""
    first = trained(True)
    found = copy.deepcopy(first.state_dict())
    for number in lost:
        del found["state"][number][COMPENSATION]
    second = fresh(first)
    before = copy.deepcopy(second.state_dict())
    message = "the state of parameter 0 lacks compensation, though kahan_sum = True; allowed: "
    with pytest.raises(ValueError, match=message):
        second.load_state_dict(found)
    assert second.state_dict() == before
    found["param_groups"][0]["kahan_sum"] = False
    second.load_state_dict(found)
    second.param_groups[0]["kahan_sum"] = True
    more(second)


@pytest.mark.filterwarnings("ignore:torch.distributed is disabled:UserWarning")
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("theirs", [False, True])
def test_a_distributed_checkpoint_has_them_or_is_refused(
    theirs: bool, own: bool, tmp_path: Folder
) -> None:
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.api import CheckpointException
    from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict

    def net() -> torch.nn.Module:
        torch.manual_seed(0)
        return torch.nn.Linear(4, 3).bfloat16()

    def optimizer(of: torch.nn.Module, kahan_sum: bool) -> Momo:
        return Momo(of.parameters(), lr=1e-3, weight_decay=0.5, kahan_sum=kahan_sum)

    ours = net()
    first = more(optimizer(ours, theirs), 20)
    weights, state = get_state_dict(ours, first)
    dcp.save({"model": weights, "optimizer": state}, checkpoint_id=tmp_path, no_dist=True)
    ours = net()
    second = optimizer(ours, own)
    weights, state = get_state_dict(ours, second)
    target = {"model": weights, "optimizer": state}

    def load() -> None:
        dcp.load(target, checkpoint_id=tmp_path, no_dist=True)
        set_state_dict(ours, second, model_state_dict=weights, optim_state_dict=target["optimizer"])

    if own is not theirs:
        with pytest.raises((CheckpointException, ValueError), match="compensation"):
            load()
        return
    load()
    assert equal(bits(more(first, 20)), bits(more(second, 20)))


def test_a_compensation_has_the_shape_of_its_parameter() -> None:
    first = trained(True)
    found = copy.deepcopy(first.state_dict())
    found["state"][0][COMPENSATION] = torch.zeros(2)
    with pytest.raises(ValueError, match="compensation of parameter 0 has shape"):
        fresh(first).load_state_dict(found)


@pytest.mark.parametrize("kahan_sum", [False, True])
def test_a_run_of_float32_goes_on_in_bfloat16_and_back(kahan_sum: bool) -> None:
    """Where parameters are given more bits, what was kept beside them is dropped; else it is 0."""
    for old, new in ((FLOAT, BFLOAT), (BFLOAT, FLOAT)):
        first = trained(kahan_sum, dtype=old)
        second = fresh(first, new)
        second.load_state_dict(first.state_dict())
        more(second)
        has = [COMPENSATION in entry for entry in second.state.values()]
        assert has == [kahan_sum and new is BFLOAT] * len(SHAPES)


def test_it_can_be_switched_on_and_off() -> None:
    """It begins at 0, and what it was is dropped: x is what the forward pass has seen."""
    optimizer = trained(False)
    steady = fresh(optimizer)
    steady.load_state_dict(optimizer.state_dict())
    assert not any(COMPENSATION in entry for entry in optimizer.state.values())
    optimizer.param_groups[0]["kahan_sum"] = True
    more(optimizer, 40)
    assert all(entry[COMPENSATION].dtype is BFLOAT for entry in optimizer.state.values())
    assert not equal(bits(optimizer), bits(more(steady, 40)))
    optimizer.param_groups[0]["kahan_sum"] = False
    steady = fresh(optimizer)
    steady.load_state_dict(optimizer.state_dict())
    assert equal(bits(more(optimizer)), bits(more(steady)))
    assert not any(COMPENSATION in entry for entry in optimizer.state.values())


def test_each_group_has_its_own() -> None:
    params = parameters(BFLOAT)
    groups = [{"params": params[:3], "kahan_sum": True}, {"params": params[3:]}]
    optimizer = more(Momo(groups, lr=1e-3))
    assert [COMPENSATION in optimizer.state[p] for p in params] == [True] * 3 + [False] * 3


@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_schedule_free_goes_to_its_average_and_back(dtype: torch.dtype) -> None:
    """And its x has the bits it had, since that is its y, rounded."""
    params = parameters(dtype)
    optimizer = ScheduleFreePolyak(params, lr=1e-2, kahan_sum=True)
    for _ in range(30):
        for p in params:
            p.grad = p.detach().clone()
        optimizer.step(loss=ABOVE)
        before = kept(optimizer)
        optimizer.eval()
        optimizer.train()
        assert_alike(kept(optimizer), before)


@pytest.mark.parametrize("name", ["momo", "momo_adam_star", "momo_lion", "iam"])
def test_no_step_reads_a_value(name: str) -> None:
    params = [Parameter(p.detach().to("meta")) for p in parameters(BFLOAT)]
    optimizer = made(name, params, kahan_sum=True)
    for _ in range(3):
        for p in params:
            p.grad = torch.empty_like(p)
        optimizer.step(loss=torch.empty((), device="meta"))
    assert all(optimizer.state[p][COMPENSATION].shape == p.shape for p in params)


@pytest.mark.filterwarnings("ignore:ComplexHalf support is experimental:UserWarning")
def test_complex_numbers_are_pairs() -> None:
    start = torch.randn(9, dtype=torch.complex64, generator=torch.Generator().manual_seed(0))
    p = Parameter(start.to(torch.complex32))
    q = Parameter(torch.view_as_real(p.detach()).clone())
    both = [Momo([one], lr=1e-3, weight_decay=0.5, kahan_sum=True) for one in (p, q)]
    for optimizer in both:
        more(optimizer, 40)
    assert torch.equal(torch.view_as_real(p.detach()), q.detach())
    ours, theirs = both[0].state[p][COMPENSATION], both[1].state[q][COMPENSATION]
    assert theirs.any()
    assert torch.equal(torch.view_as_real(ours), theirs)
