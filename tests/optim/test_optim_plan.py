# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A plan by hand: which parameters are worked on, and how they are cut."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch
from rows_with_loss import METHODS
from torch.nn import Parameter

from momo.core.method import Method
from momo.core.parts import FROM_ZERO, Given, LionAverage
from momo.core.products import MAX
from momo.methods import Hyperparameters
from momo.optim import Momo
from momo.optim.blocks import SLICE, SLICE_ELSEWHERE, gathered, one_by_one
from momo.optim.iterates import IterateAveraging
from momo.optim.numbers import Floats
from momo.optim.plan import Plan, cutter, plan
from momo.optim.preconditioners import (
    AdaBeliefDiagonal,
    AdaGradDiagonal,
    AdamDiagonal,
    AmsGradDiagonal,
    Identity,
    Sign,
    Spectral,
)
from momo.optim.ranks import Ranks
from momo.optim.settings import setting
from momo.optim.state import GRAD_AVG, MEMORY_WEIGHT

ELEMENTWISE = (
    AdaBeliefDiagonal(),
    AdaGradDiagonal(),
    AdamDiagonal(0.9, 1e-8),
    AmsGradDiagonal(0.9, 1e-8),
)
HALF, SINGLE, DOUBLE = torch.float16, torch.float32, torch.float64


def parameter(*shape: int, grad: bool = True, dtype: torch.dtype = SINGLE) -> Parameter:
    p = Parameter(torch.ones(shape, dtype=dtype))
    p.grad = torch.ones_like(p) if grad else None
    return p


def made(how: Any, **parts: Any) -> Method:
    return Method(parts.pop("averaging", FROM_ZERO), how, Given(0.0), 0.5, **parts)


def planned(groups: list[list[Parameter]], methods: list[Method], state: Any = None) -> Plan:
    state = {} if state is None else state
    for p in (p for group in groups for p in group):
        state.setdefault(p, {})
    blocks = {"foreach": None, "fused": False, "kahan_sum": False, "state_dtype": None}
    given = [{"params": group, **blocks} for group in groups]
    settings = [setting(method, {}) for method in methods]
    return plan(given, settings, state, Ranks(), Floats())


def test_slices_fit_the_cache() -> None:
    """1 MiB of float32 on the CPU, 32 elsewhere."""
    assert SLICE == {"cpu": 1048576 // 4}
    assert SLICE_ELSEWHERE == 32 * 1048576 // 4


def test_parameters_without_a_gradient_decay_if_they_have_had_one() -> None:
    present, absent, never = parameter(2), parameter(3), parameter(4, grad=False)
    state: Any = {}
    first = planned([[present, absent, never]], [made(AdamDiagonal(0.9, 1e-8))], state)
    assert (first.touched, first.absent) == (True, False)
    absent.grad = None
    work = planned([[present, absent, never]], [made(AdamDiagonal(0.9, 1e-8))], state)
    assert (work.touched, work.absent) == (True, True)
    (portion,) = work.portions
    assert [[m.parameter is present for m in b.members] for b in portion.present] == [[True]]
    assert [m.parameter is present for m in portion.members] == [True]
    held = {m.parameter: b.kept.absent for b in portion.blocks for m in b.members}
    assert held == {present: False, absent: True}
    assert (portion.counted, portion.ranks, portion.dtypes) == (True, ((),), {SINGLE})
    assert not state[never]
    assert {GRAD_AVG, MEMORY_WEIGHT} < set(state[absent])
    present.grad = None
    nothing = planned([[present, absent, never]], [made(AdamDiagonal(0.9, 1e-8))], state)
    assert (nothing.touched, nothing.absent) == (False, True)


def test_a_kind_of_parameters_that_a_group_has_none_of_is_no_portion() -> None:
    """α of matrices is a radius, and that of a vector another thing: only what is there counts."""
    both = made(Identity(), matrices=Sign())
    vector, matrix, empty = parameter(2), parameter(2, 2), []
    assert [(p.group, p.which) for p in planned([[vector]], [both]).portions] == [(0, 0)]
    assert [(p.group, p.which) for p in planned([[matrix]], [both]).portions] == [(0, 1)]
    found = planned([empty, [vector, matrix]], [both, both]).portions
    assert [(p.group, p.which) for p in found] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [[m.parameter for m in p.members] for p in found] == [[], [], [vector], [matrix]]
    assert not any(portion.counted for portion in found)


@pytest.mark.parametrize(
    ("dtypes", "sums"),
    [([DOUBLE], DOUBLE), ([SINGLE], SINGLE), ([HALF], SINGLE), ([DOUBLE, SINGLE], SINGLE)],
)
def test_the_smallest_square_is_that_of_the_shortest_dtype(
    dtypes: list[torch.dtype], sums: torch.dtype
) -> None:
    work = planned([[parameter(2, dtype=d) for d in dtypes]], [made(Identity())])
    assert work.tiny == torch.finfo(sums).tiny


def test_how_parameters_are_cut() -> None:
    """One each where they are worked on whole; in place where no tensor of their size is made."""
    assert cutter(True, whole=True) is cutter(False) is one_by_one
    for in_place in (True, False):
        cut = cutter(True, in_place=in_place)
        assert isinstance(cut, partial)
        assert (cut.func, cut.keywords) == (gathered, {"in_place": in_place})


@pytest.mark.parametrize(
    ("method", "blocks"),
    [
        (made(Identity()), [4]),
        *((made(how), [2, 2]) for how in ELEMENTWISE),
        (made(Identity(), averaging=LionAverage()), [2, 2]),
        (made(Identity(), iterates=IterateAveraging(0.5)), [2, 2]),
        (made(Sign()), [2, 2]),
        (made(Spectral(), product=MAX), [4]),
        (made(Identity(), product=MAX), [4]),
    ],
)
def test_large_ones_are_cut_unless_all_is_done_in_place(
    method: Method, blocks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SLICE, "cpu", 2)
    work = planned([[parameter(2, 2)]], [method])
    found = [block for portion in work.portions for block in portion.blocks]
    assert [sum(t.numel() for t in block.tensors("x")) for block in found] == blocks
    assert not any(block.small for block in found)


def test_what_a_step_loads_is_kept_where_all_is_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for size, small in ((4, True), (3, False)):
        monkeypatch.setitem(SLICE, "cpu", size)
        work = planned([[parameter(2)], [parameter(2)]], [made(Identity())] * 2)
        assert [b.small for p in work.portions for b in p.blocks] == [small] * 2


def test_products_of_norms_have_a_block_a_layer() -> None:
    work = planned([[parameter(2), parameter(2)]], [made(Sign(), product=MAX)])
    assert [len(b.members) for p in work.portions for b in p.blocks] == [1, 1]
    work = planned([[parameter(2), parameter(2)]], [made(Sign())])
    assert [len(b.members) for p in work.portions for b in p.blocks] == [2]


def test_what_is_wrong_is_named_before_anything_changes() -> None:
    fine, sparse = parameter(2), parameter(2)
    sparse.grad = torch.ones(2).to_sparse()
    opt = Momo([{"params": [fine]}, {"params": [parameter(1), sparse]}])
    with pytest.raises(RuntimeError, match=r"parameter 1 of param_groups\[1\] has layout"):
        opt.step(loss=1.0)
    assert not opt.state


@pytest.mark.parametrize("name", METHODS)
def test_a_step_is_the_same_where_nothing_that_is_loaded_is_kept(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is worked on is one block, or a slice of two numbers; to rounding."""
    ends = []
    for size in (100, 2):
        monkeypatch.setitem(SLICE, "cpu", size)
        torch.manual_seed(0)
        p = [torch.nn.Parameter(torch.randn(*shape).double()) for shape in ((2, 3), (1,))]
        row = METHODS[name]
        opt = row.torch_class()(p, **row.torch_arguments(Hyperparameters()))
        for _ in range(3):
            for one in p:
                one.grad = torch.randn(one.shape, dtype=DOUBLE)
            opt.step(loss=2.0)
        ends.append([one.detach() for one in p])
    for ours, theirs in zip(*ends, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)
