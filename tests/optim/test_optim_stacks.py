# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameters of one shape that are stacked take the step that each takes alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import Parameter

from momo.core.products import L2, SUM
from momo.methods import METHODS
from momo.optim import Method, MomentumModelOptimizer, blocks
from momo.optim.blocks import GRAD, Block, Kept, Member, X, inner, working_dtype
from momo.optim.plan import cutter
from momo.optim.preconditioners import matrices
from momo.optim.preconditioners.matrices import RESOLUTION, symmetric
from momo.optim.preconditioners.spectral import newton_schulz, polar
from momo.optim.reading import as_on_a_device
from momo.optim.stacks import Stack, stacked
from momo.optim.state import COMPENSATION, GRAD_AVG
from momo.reference.preconditioners import spectral as reference

# By how much an error in what a direction is computed of grows at most, in parts of its largest
# entry: see `test_optim_matrix`. SOAP divides by entries that differ by 1/φ.
GROWTH = {
    "muon_adam_momo": 485.0,
    "muon_max_momo": 485.0,
    "scion_momo": 485.0,
    "momo_soap": 101 / RESOLUTION,
    "momo_adafactor": 4.0,
    "momo_adalomo": 10.0,
}
KEPT = Kept((), (), (), False)


def member(*shape: int, dtype: torch.dtype = torch.float32, form: Any = None) -> Member:
    """x is 1, g is 2, d is 3."""
    x = Parameter(torch.ones(shape, dtype=dtype))
    x.grad = torch.full_like(x, 2)
    d = torch.full_like(x, 3, requires_grad=False)
    return Member(x, {GRAD_AVG: d if form is None else d.contiguous(memory_format=form)})


# ---- what is stacked -----------------------------------------------------------------------------


def cut(members: list[Member], size: int | None = None) -> list[tuple[int, ...]]:
    """The shapes of what is loaded, of all blocks."""
    found = list(stacked(members, KEPT, size))
    covered = [id(one) for block in found for one in block.members]
    assert sorted(covered) == sorted(id(one) for one in members if one.parameter.numel())
    for block in found:
        assert isinstance(block, Stack) == block.stacked == (len(block.members) > 1)
    return [tuple(block.load(GRAD).shape) for block in found]


def test_what_is_of_one_shape_is_stacked() -> None:
    each = [member(2, 3), member(3, 2), member(2, 3), member(3), member(3), member(), member(2, 3)]
    assert cut(each) == [(3, 2, 3), (3, 2), (2, 3), ()]
    assert cut([member(0, 2), member(0, 2)]) == []


def test_no_stack_is_larger_than_a_slice_and_large_ones_are_alone() -> None:
    assert cut([member(2, 3)] + [member(2, 3) for _ in range(4)], 12) == [(2, 2, 3)] * 2 + [(2, 3)]
    assert cut([member(2, 3), member(2, 3)], 11) == [(2, 3)] * 2
    limit = blocks.SLICE["cpu"]
    assert cut([member(limit // 2), member(limit // 2)]) == [(2, limit // 2)]


def test_what_is_stacked_is_alike_and_contiguous() -> None:
    half = torch.float16
    each = [member(2, 2), member(2, 2, dtype=half), member(2, 2), member(2, 2, dtype=half)]
    assert cut(each) == [(2, 2, 2)] * 2
    last = torch.channels_last
    assert cut([member(2, 2, 2, 2, form=last) for _ in range(2)]) == [(2, 2, 2, 2)] * 2
    pairs = [member(2, 3, dtype=torch.complex64) for _ in range(2)]
    assert cut(pairs) == [(2, 3, 2)] * 2  # alone, as pairs of reals


@pytest.mark.parametrize("small", [False, True])
def test_what_is_stored_is_in_each_member(small: bool) -> None:
    each = [member(2, 3), member(2, 3)]
    (found,) = stacked(each, KEPT)
    block = Stack(found.members, KEPT, torch.float32, plain=True, small=small)
    new = torch.arange(12.0).view(2, 2, 3)
    with torch.no_grad():
        for name in (X, GRAD_AVG):
            for _ in range(2):
                block.load(name)
                assert torch.equal(block.store(name, new.clone()), new)
                block.forget()
                assert torch.equal(block.load(name), new)
    for i, one in enumerate(each):
        assert torch.equal(one.parameter, new[i])
        assert torch.equal(one.state[GRAD_AVG], new[i])
    first, second = (one.state[GRAD_AVG].untyped_storage().data_ptr() for one in each)
    assert first == second


def test_which_preconditioners_are_stacked() -> None:
    assert cutter(None, whole=True, stacks=True) is stacked
    assert cutter(True, whole=True, stacks=True) is stacked
    assert cutter(False, whole=True, stacks=True) is blocks.one_by_one
    assert cutter(None, whole=True) is blocks.one_by_one


# ---- the step ------------------------------------------------------------------------------------

SHAPES = ((2, 3), (4, 1), (1, 4), (7, 2), (3, 2, 2), (2, 2, 1, 3), (3,), (1,), ())
DTYPES = (torch.float64, torch.float32, torch.bfloat16, torch.float16)


@contextmanager
def slices(size: int | None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if size is not None:
            patch.setitem(blocks.SLICE, "cpu", size)
        yield


def drawn(rng: np.random.Generator, like: Tensor, scale: float) -> Tensor:
    return torch.tensor(scale * rng.standard_normal(tuple(like.shape))).to(like.dtype)


def made(name: str, groups: list[list[Parameter]], **options: Any) -> MomentumModelOptimizer:
    lrs = (0.02, 0.01)
    given = [{"params": own, "lr": lr} for own, lr in zip(groups, lrs, strict=False)]
    kind: Any = METHODS[name].torch_class()
    optimizer: MomentumModelOptimizer = kind(given, weight_decay=0.1, **options)
    return optimizer


def held(optimizer: MomentumModelOptimizer, p: Parameter) -> Tensor:
    """x, with what rounding took of it."""
    rest = optimizer.state[p].get(COMPENSATION)
    return p.detach().double() + (0 if rest is None else rest.double())


def assert_one_step(
    name: str,
    ours: MomentumModelOptimizer,
    theirs: MomentumModelOptimizer,
    before: list[Tensor],
    d_before: list[Tensor],
) -> None:
    """The step of a stack, from one state, is that of its members but for rounding.

    With u the unit roundoff of the working dtype, n elements, and a direction that errs by 16 u
    times `GROWTH` (16: the roundings of a few products of small matrices):

    * h errs by ``4 n u (Σ |d_i x_i| + |f|)``, the dual norm by as much as the direction, and τ by
      both, relatively; so each x by that part of its longest entry, and by 4 u, and twice the
      roundoff of how it is stored, of itself.
    * d and the memory: rounded sums of products, by 16 n u of their largest entry; a basis by
      `GROWTH`, of its entries below 1.
    """
    pairs = list(zip(of(ours), of(theirs), strict=True))
    u = max(torch.finfo(working_dtype(q)).eps / 2 for _, q in pairs)
    n = 8 + sum(q.numel() for _, q in pairs)
    last = theirs.last
    assert last is not None
    assert ours.last is not None
    value = float(last.value)
    assert value > 1e-3
    sums = sum(float((d * x).abs().sum()) for d, x in zip(d_before, before, strict=True))
    error = 16 * 2 * u * GROWTH[name] + 4 * n * u * (2 * sums + 20) / value
    assert float(ours.last.value) == pytest.approx(value, rel=error)
    assert float(ours.last.dual_norm_sq) == pytest.approx(float(last.dual_norm_sq), rel=error)
    for (p, q), x in zip(pairs, before, strict=True):
        a, b = held(ours, p), held(theirs, q)
        assert ours.state[p].keys() == theirs.state[q].keys()
        stored = torch.finfo(q.dtype).eps if COMPENSATION not in theirs.state[q] else 0
        size = float((b - x).abs().max()) + 0.1 * float(x.abs().max())
        tolerance = error * size + (4 * u + stored) * float(b.abs().max())
        assert float((a - b).abs().max()) <= tolerance, (name, tuple(q.shape))
        for key in theirs.state[q]:
            found, expected = (o.state[r][key].double() for o, r in ((ours, p), (theirs, q)))
            grown = GROWTH[name] if key.endswith("_basis") else n
            rounding = torch.finfo(theirs.state[q][key].dtype).eps + 16 * grown * u
            if key not in (COMPENSATION, "model"):
                scale = float(expected.abs().max())
                assert float((found - expected).abs().max()) <= rounding * scale, (name, key)


def of(optimizer: MomentumModelOptimizer) -> list[Parameter]:
    return [p for group in optimizer.param_groups for p in group["params"]]


@pytest.mark.parametrize("name", GROWTH)
@settings(max_examples=25)
@given(
    shapes=st.lists(st.sampled_from(SHAPES), min_size=1, max_size=2),
    repeats=st.integers(3, 5),
    dtype=st.sampled_from(DTYPES),
    groups=st.sampled_from([1, 1, 2]),
    options=st.sampled_from([{}, {}, {"kahan_sum": True}, {"max_norm": 0.3}]),
    frozen=st.booleans(),
    gaps=st.sampled_from([0.3, 0.3, 0.0]),
    size=st.sampled_from([None, None, 12, 30]),
    masked=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_a_stack_takes_the_steps_of_its_members(
    name: str,
    shapes: list[tuple[int, ...]],
    repeats: int,
    dtype: torch.dtype,
    groups: int,
    options: dict[str, Any],
    frozen: bool,
    gaps: float,
    size: int | None,
    masked: bool,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    kinds: list[torch.dtype] = [dtype, torch.float32] if seed % 5 == 0 else [dtype]
    params = [
        Parameter(drawn(rng, torch.empty(shape, dtype=kinds[i % len(kinds)]), 0.3))
        for i in range(repeats)
        for shape in shapes
    ]
    copies = deepcopy(params)
    theirs = made(name, [params[i::groups] for i in range(groups)], foreach=False, **options)
    ours = made(name, [copies[i::groups] for i in range(groups)], **options)
    for k in range(4):
        for i, (p, q) in enumerate(zip(copies, params, strict=True)):
            present = not (k and rng.random() < gaps) and not (frozen and k > 1 and i == 0)
            q.grad = drawn(rng, q, 0.1) if present else None
            p.grad = None if q.grad is None else q.grad.clone()
            q.requires_grad_(not (frozen and k > 1 and i == 0))
            p.requires_grad_(q.requires_grad)
        if all(q.grad is None for q in params):
            continue
        if k:  # from one state, as stacking rounds otherwise, and what follows magnifies that
            ours.load_state_dict(theirs.state_dict())
            for group in ours.param_groups:
                group["foreach"] = None  # which is loaded, too
        with torch.no_grad():
            for p, q in zip(copies, params, strict=True):
                p.copy_(q)
        before = [held(theirs, q) for q in of(theirs)]
        for optimizer, within in (
            (theirs, nullcontext()),
            (ours, as_on_a_device() if masked else nullcontext()),
        ):
            with within, slices(size):
                optimizer.step(loss=3.0)
        d = [theirs.state[q].get(GRAD_AVG, torch.zeros_like(q)).double() for q in of(theirs)]
        if ours.last is not None:
            assert_one_step(name, ours, theirs, before, d)


class Layered(MomentumModelOptimizer):
    """MuonMax with another product of norms."""

    def __init__(self, params: Any, product: Any, **options: Any) -> None:
        self.product = product
        super().__init__(params, {}, **options)

    def method(self, h: dict[str, Any]) -> Method:  # type: ignore[override]
        from dataclasses import replace

        from momo.optim.variants.spectral import MuonMaxMomo

        given = {"betas": (0.9, 0.9), "eps": 1e-8, "lb": 0.0, "lr": 0.1, "weight_decay": 0.0}
        matrices = {"spectral": True, "start": "first", "radius": 1.0, "stale_norm": False}
        return replace(MuonMaxMomo.method({**given, **matrices}), product=self.product)


@pytest.mark.parametrize("product", [SUM, L2])
@pytest.mark.parametrize("masked", [False, True])
def test_a_product_of_norms_has_a_scale_for_each_member(product: Any, masked: bool) -> None:
    """Here of 3 and 2 that are stacked, one alone, and vectors, in float64 and for three steps.

    The tolerance is that of three directions, 485 · 16 u each, doubled for the step length.
    """
    ends = []
    for foreach in (None, False):
        rng = np.random.default_rng(1)
        shapes = [(3, 2), (2, 5), (3, 2), (4, 4), (3, 2), (2, 5), (3,), (2,)]
        params = [Parameter(drawn(rng, torch.empty(s, dtype=torch.float64), 1.0)) for s in shapes]
        optimizer = Layered(params, product, foreach=foreach)
        with as_on_a_device() if masked else nullcontext():
            for _ in range(3):
                for p in params:
                    p.grad = drawn(rng, p, 0.1)
                optimizer.step(loss=3.0)
        ends.append(torch.cat([p.detach().flatten() for p in params]))
    torch.testing.assert_close(*ends, rtol=0, atol=3 * 2 * 485 * 16 * 2.0**-53)


# ---- matrices ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lead", [(), (3,)])
@pytest.mark.parametrize("rows", [4, 5, 9])
def test_three_quarters_of_a_symmetric_product_are_the_product(
    lead: tuple[int, ...], rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums of products of small whole numbers are exact; both halves are, and the copied one."""
    monkeypatch.setattr(matrices, "HALVED", 5)
    x = torch.tensor(np.random.default_rng(rows).integers(-4, 5, (*lead, rows, 7)) * 1.0)
    assert torch.equal(symmetric(x, x.mT), x @ x.mT)
    gram = x @ x.mT
    assert torch.equal(symmetric(gram, gram), gram @ gram)


@pytest.mark.parametrize("shape", [(4, 4), (4, 7), (4, 8), (30, 4), (1, 9)])
@pytest.mark.parametrize("spectrum", [1e-1, 1e-3, 1e-6])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_newton_schulz_of_a_stack_is_the_references(
    shape: tuple[int, int], spectrum: float, dtype: torch.dtype
) -> None:
    """For every number of iterations, of which several may share one product, and 0 beside others.

    In both an error of u is multiplied by ``a^steps`` at most, and by what is said at `AT_ONCE`.
    """
    values = np.geomspace(1, spectrum, min(shape))
    left, right = (
        np.linalg.qr(np.random.default_rng(i).normal(size=(3, n, min(shape)))).Q
        for i, n in enumerate(shape)
    )
    d = torch.tensor((left * values) @ right.mT, dtype=dtype)
    d[1] = 0
    for steps in range(1, 8):
        found = newton_schulz(d, 1e-7, steps)
        expected = reference.newton_schulz(d.double().numpy(), np.array(1e-7), steps)
        tolerance = (16 * 3.4445**steps + 600) * torch.finfo(dtype).eps
        np.testing.assert_allclose(found.double().numpy(), expected, rtol=0, atol=tolerance)
        assert not found[1].any()
        for one, each in zip(d, found, strict=True):
            alone = newton_schulz(one, 1e-7, steps)
            torch.testing.assert_close(alone, each, rtol=0, atol=2 * tolerance)


def test_polar_of_a_stack_is_that_of_each() -> None:
    d = torch.tensor(np.random.default_rng(1).normal(size=(3, 4, 6)))
    d[1] = 0
    expected = torch.stack([polar(one) for one in d])
    torch.testing.assert_close(polar(d), expected, rtol=0, atol=64 * 2.0**-52)


def test_the_inner_product_of_a_stack_is_that_of_all() -> None:
    a = torch.arange(12.0).view(2, 2, 3)
    block: Block = Stack((member(2, 3), member(2, 3)), KEPT, torch.float32, plain=True, small=True)
    assert blocks.dot_of(block) is inner
    assert inner(a, a) == 506
    assert inner(a.mT, a.mT) == 506
