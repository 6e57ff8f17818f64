# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Blocks by hand: what is loaded, stored and cut, on a few numbers."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import Parameter

from momo.optim import blocks
from momo.optim.blocks import (
    GRAD,
    Block,
    Kept,
    Member,
    X,
    dot_of,
    gathered,
    inner,
    is_plain,
    local,
    local_gradient,
    one_by_one,
    plan_key,
    working_dtype,
)
from momo.optim.ranks import Ranks
from momo.optim.state import COMPENSATION, GRAD_AVG

HALF, SINGLE, DOUBLE = torch.float16, torch.float32, torch.float64
KEPT = Kept(("first",), (), (), False)


def member(
    *values: float, dtype: torch.dtype = DOUBLE, memory: torch.dtype | None = None
) -> Member:
    """x are the values, g ten times, d a hundred times, and the memory a thousand times as much."""
    x = Parameter(torch.tensor(values, dtype=dtype))
    x.grad = x.detach() * 10
    state = {GRAD_AVG: x.detach() * 100, "first": (x.detach() * 1000).to(memory or dtype)}
    return Member(x, state)


def two(small: bool) -> tuple[Block, list[Member]]:
    each = [member(1.0, 2.0), member(3.0)]
    (block,) = gathered(each, KEPT)
    return Block(block.members, KEPT, DOUBLE, plain=True, small=small), each


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("new", [False, True])
def test_what_is_stored_is_in_each_member(small: bool, new: bool) -> None:
    """Whether what was loaded is changed in place, or something else is stored for it."""
    block, each = two(small)
    with torch.no_grad():
        for name, factor in ((X, 1), (GRAD_AVG, 100), ("first", 1000)):
            for _ in range(2):
                block.forget()
                whole = block.load(name)
                assert whole.tolist() == [factor, 2 * factor, 3 * factor]
                stored = block.store(name, whole + 1 if new else whole.add_(1))
                assert stored.tolist() == [factor + 1, 2 * factor + 1, 3 * factor + 1]
                block.forget()
                assert block.load(name).tolist() == stored.tolist()
                of = [m.parameter if name == X else m.state[name] for m in each]
                assert [t.tolist() for t in of] == [[factor + 1, 2 * factor + 1], [3 * factor + 1]]
                block.store(name, block.load(name) - 1)
    assert block.load(GRAD).tolist() == [10, 20, 30]


@pytest.mark.parametrize("small", [False, True])
def test_the_state_of_several_lies_in_one_tensor(small: bool) -> None:
    """So nothing is put together and taken apart in every step; x stays where it is."""
    block, each = two(small)
    where = [m.parameter.data_ptr() for m in each]
    for name in (X, GRAD_AVG, "first"):
        block.load(name)
    for name in (GRAD_AVG, "first"):
        first, second = (m.state[name].untyped_storage().data_ptr() for m in each)
        assert first == second
    assert [m.parameter.data_ptr() for m in each] == where
    assert (X in block.joined) == small
    # And it stays there, as does the copy of x, which is made anew.
    lie = {name: block.load(name).data_ptr() for name in (GRAD_AVG, "first", *[X] * small)}
    with torch.no_grad():
        each[1].parameter.add_(4)
    block.forget()
    assert {name: block.load(name).data_ptr() for name in lie} == lie
    assert block.load(X).tolist() == [1, 2, 7]


def test_state_that_was_replaced_is_loaded_anew() -> None:
    """As by a state dict; also of one member alone."""
    block, each = two(True)
    with torch.no_grad():
        block.load(GRAD_AVG)
        each[1].state[GRAD_AVG] = torch.tensor([7.0], dtype=DOUBLE)
        assert block.load(GRAD_AVG).tolist() == [100, 200, 300]
        block.forget()
        assert block.load(GRAD_AVG).tolist() == [100, 200, 7]
        assert each[1].state[GRAD_AVG].tolist() == [7]
        block.store(GRAD_AVG, block.load(GRAD_AVG) + 1)
        assert [m.state[GRAD_AVG].tolist() for m in each] == [[101, 201], [8]]


def test_what_is_loaded_in_another_dtype_is_rounded_where_it_is_stored() -> None:
    one = member(1.0, dtype=HALF, memory=SINGLE)
    (block,) = one_by_one([one], KEPT)
    assert block.dtype is SINGLE
    for name in (X, GRAD, GRAD_AVG, "first"):
        assert block.load(name).dtype is SINGLE
    with torch.no_grad():
        stored = block.store(GRAD_AVG, torch.tensor([1 + 2**-12]))
        assert stored.dtype is SINGLE
        assert stored.tolist() == one.state[GRAD_AVG].tolist() == [1.0]
        assert block.rounded(torch.tensor([1 + 2**-12])).tolist() == [1.0]
        assert block.rounded(torch.tensor([1 + 2**-12])).dtype is SINGLE
        assert block.store("first", torch.tensor([1 + 2**-12])).tolist() == [1 + 2**-12]


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("count", [1, 2])
def test_x_in_two_parts_is_loaded_as_one(count: int, small: bool) -> None:
    """Of one member or several; also after it was stored, in the same step or a later one."""
    each = [member(1.0, 2.0, dtype=HALF, memory=SINGLE) for _ in range(count)]
    for one in each:
        one.state[COMPENSATION] = torch.tensor([2.0**-12, 0], dtype=HALF)
    own = Kept(("first",), (), (), False, compensated=True)
    block = Block(tuple(each), own, SINGLE, plain=True, small=small)
    with torch.no_grad():
        assert block.load(X).tolist() == [1 + 2**-12, 2] * count
        stored = block.store(X, block.load(X) + 2**-14)
        assert stored.tolist() == [1, 2] * count
        new = [1 + 2**-12 + 2**-14, 2 + 2**-14] * count
        assert block.load(X).tolist() == new
        block.forget()
        assert block.load(X).tolist() == new
    for one in each:
        assert one.parameter.tolist() == [1, 2]
        assert one.state[COMPENSATION].tolist() == [2**-12 + 2**-14, 2**-14]


def test_names_that_a_step_works_on() -> None:
    assert Kept(("m",), ("z",), (), False).names == (X, GRAD_AVG, "z", GRAD, "m")
    assert Kept(("m",), ("z",), (), True).names == (X, GRAD_AVG, "z")
    assert Kept((), ("z",), (), True, compensated=True).names == (X, GRAD_AVG, "z", COMPENSATION)


def test_inner_products_do_not_depend_on_shape_or_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(blocks.SLICE, "cpu", 2)
    for shape in ((6,), (2, 3), (1, 6)):
        assert inner(torch.arange(6.0).view(shape), torch.full(shape, 2.0)) == 30
    assert inner(torch.tensor(3.0), torch.tensor(2.0)) == 6
    assert inner(torch.arange(2.0), torch.arange(2.0)) == 1


def test_no_dot_product_is_longer_than_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its error grows with the length; short ones take one."""
    lengths: list[int] = []
    dot = torch.dot
    monkeypatch.setattr(torch, "dot", lambda a, b: lengths.append(len(a)) or dot(a, b))
    monkeypatch.setitem(blocks.SLICE, "cpu", 2)
    for count, expected in ((5, [2, 2, 1]), (2, [2]), (1, [1])):
        lengths.clear()
        inner(torch.ones(count), torch.ones(count))
        assert lengths == expected


def test_what_is_local_has_no_gradient_and_is_real() -> None:
    x = Parameter(torch.tensor([1.0]))
    assert not local(x).requires_grad
    assert local(x).data_ptr() == x.data_ptr()
    z = torch.tensor([1 + 2j])
    assert local(z).tolist() == [[1, 2]]
    assert local(z.conj()).tolist() == [[1, -2]]


class Spread:
    """Stands for a tensor whose parts are on ranks."""

    def __init__(self, here: Tensor, placements: str) -> None:
        self.here, self.placements = here, placements

    def to_local(self) -> Tensor:
        return self.here

    def redistribute(self, placements: str) -> Spread:
        return Spread(self.here * 7, placements)


def test_a_gradient_is_brought_to_where_its_parameter_is() -> None:
    one = torch.ones(1)
    x: Any = Spread(one, "sharded")
    x.grad = Spread(one, "sharded")
    assert local(x) is one
    assert local_gradient(x.grad, x) is one
    x.grad = Spread(one, "summed")
    assert local_gradient(x.grad, x).tolist() == [7]
    state = {GRAD_AVG: Spread(one * 2, "summed"), "first": Spread(one * 3, "sharded")}
    block = Block((Member(x, state),), KEPT, SINGLE)
    assert block.tensors(GRAD)[0].tolist() == [7]
    assert block.tensors(GRAD_AVG)[0].tolist() == [2]
    assert block.tensors(X)[0] is one


def test_what_is_plain() -> None:
    assert is_plain([member(1.0), member(2.0)])
    assert not is_plain([member(1.0), Member(Parameter(torch.tensor([1j])), {})])
    assert not is_plain([Member(torch.ones(1).as_subclass(type("Own", (Tensor,), {})), {})])
    assert [working_dtype(torch.ones(1, dtype=d)) for d in (HALF, SINGLE, DOUBLE)] == [
        SINGLE,
        SINGLE,
        DOUBLE,
    ]


def cut(sizes: list[int], size: int, **options: Any) -> list[list[int]]:
    """The numbers of elements of each block's tensors; of a slice, where it begins, too."""
    each = [member(*range(1, n + 1)) for n in sizes]
    own = options.pop("kept", KEPT)
    return [
        [b.part.start, *(t.numel() for t in b.tensors(X))]
        if b.part
        else [t.numel() for t in b.tensors(X)]
        for b in gathered(each, own, size=size, **options)
    ]


def test_small_ones_are_put_together_and_large_ones_cut() -> None:
    plain = Kept((), (), (), False)
    assert cut([2, 2, 0, 2], 4) == [[2, 2], [2]]
    assert cut([2, 1, 1, 1], 4) == [[2, 1, 1], [1]]
    assert cut([3], 4) == [[0, 3]]
    assert cut([9], 4) == [[0, 4], [4, 4], [8, 1]]
    # Without memory and points all that is done to a large one can be done in place.
    assert cut([9], 4, kept=plain) == [[0, 9]]
    assert cut([9], 4, kept=plain, in_place=False) == [[0, 4], [4, 4], [8, 1]]
    assert cut([9], 4, kept=Kept((), ("first",), (), False)) == [[0, 4], [4, 4], [8, 1]]


def test_what_is_rounded_where_it_is_stored_is_cut() -> None:
    one = member(*range(9))
    one.state[GRAD_AVG] = one.state[GRAD_AVG].to(HALF)
    assert len(list(gathered([one], Kept((), (), (), False), size=4))) == 3


def test_what_is_put_together_is_alike() -> None:
    each = [member(1.0), member(2.0, dtype=SINGLE), member(3.0), member(4.0, dtype=SINGLE)]
    found = {b.dtype: [m.parameter.item() for m in b.members] for b in gathered(each, KEPT)}
    assert found == {DOUBLE: [1, 3], SINGLE: [2, 4]}
    assert all(b.plain for b in gathered(each, KEPT))
    each[2].state["first"] = torch.ones(2, dtype=DOUBLE)[::2].expand(1)  # contiguous all the same
    assert len(list(gathered(each, KEPT))) == 2


def test_what_is_not_contiguous_is_no_view_of_one_tensor() -> None:
    x = Parameter(torch.ones(2, 2))
    x.grad = torch.ones(2, 2)
    state = {GRAD_AVG: torch.ones(2, 2), "first": torch.ones(2, 2)}
    assert [b.plain for b in gathered([Member(x, state)], KEPT)] == [True]
    state[GRAD_AVG] = torch.ones(2, 4)[:, ::2]
    assert [b.plain for b in gathered([Member(x, state)], KEPT)] == [False]
    (whole,) = gathered([Member(x, state)], KEPT, size=4)
    assert whole.part is None


def test_which_inner_product_a_block_takes() -> None:
    flat, matrix = member(1.0, 2.0), Member(Parameter(torch.ones(2, 2)), {})
    both = (flat, member(3.0))
    for members_, options, expected in (
        (both, {"plain": True}, torch.dot),
        (both, {}, inner),
        ((flat,), {"plain": True}, inner),  # it may be long
        ((flat,), {"plain": True, "small": True}, torch.dot),
        ((matrix,), {"plain": True, "small": True}, inner),
        ((matrix,), {"plain": True, "small": True, "part": slice(0, 2)}, torch.dot),
    ):
        assert dot_of(Block(members_, KEPT, DOUBLE, **options)) is expected  # type: ignore[arg-type]


class Layout:
    """Stands for a setting."""

    def __init__(self, layout: object) -> None:
        self.layout = layout


def test_a_plan_is_told_by_what_blocks_follow_from() -> None:
    one = member(1.0, 2.0)
    group = {"params": [one.parameter]}
    state: Any = {one.parameter: one.state}

    def key(layout: object = "a", ranks: Any = None) -> Any:
        return plan_key([group], [Layout(layout)], state, ranks or Ranks())

    before = key()
    assert before is not None
    assert key() == before
    assert key("b") != before
    assert key(ranks=Ranks(None, True)) is None
    one.parameter.grad = None
    assert key() != before
    one.parameter.grad = torch.ones(4, dtype=DOUBLE)[::2]
    assert key() != before
    one.parameter.grad = torch.ones(2, dtype=DOUBLE)
    assert key() == before
    state[one.parameter] = dict(one.state)
    assert key() != before
    group["params"] = [torch.ones(1).as_subclass(type("Own", (Tensor,), {}))]
    assert key() is None
