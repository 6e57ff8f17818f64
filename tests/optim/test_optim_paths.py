# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""All paths take the same step: one by one, gathered and cut, masked, compiled."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from optim_comparison import assert_same_step, compare, parameters, run, settle_one_rounding
from optim_devices import DEVICES
from optim_strategies import (
    ADAPTIVE,
    DTYPES,
    ROWS,
    SINGLE,
    Group,
    Leaf,
    Path,
    Problem,
    Step,
    leaves,
    paths,
    problems,
    roundoff,
)

from momo.optim import MomentumModelOptimizer, MomoAdam
from momo.optim.blocks import Block, Kept, Member, gathered, inner, one_by_one
from momo.optim.numbers import Floats, Tensors
from momo.optim.passes import Pass, weighed
from momo.optim.plan import cutter
from momo.optim.state import COMPENSATION, GRAD_AVG, MEMORY_WEIGHT


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=60)
@given(data=st.data(), path=paths)
def test_all_paths_take_the_same_step(
    name: str, device: str, data: st.DataObject, path: Path
) -> None:
    """Exactly, on numbers whose sums are exact in any order.

    With β = β2 = 1/2 the averages of five steps are multiples of 1/32, and fit the mantissas. The
    fused path rounds ``keep z - size direction`` once more or once less, whatever the compiler
    makes of it: x is compared up to that, and then goes on from where the other path has it.
    """
    drawn = data.draw(problems((name,), max_steps=5))
    groups = tuple(replace(group, beta2=0.5) for group in drawn.groups)
    problem = replace(drawn, groups=groups, beta=0.5, scale=1.0, whole=True)
    truth = run(problem, SINGLE, device)
    for (_, single, _), (_, other, old) in zip(truth, run(problem, path, device), strict=True):
        pairs = list(zip(parameters(other), parameters(single), strict=True))
        if name not in ADAPTIVE:
            settle_one_rounding(other, single, pairs, old.x)
        assert_same_step(other, single, pairs, name in ADAPTIVE)


@pytest.mark.parametrize("name", ROWS)
def test_the_masked_decay_is_rounded_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``1 + αλ`` is rounded to float32 as a whole; αλ alone would be rounded before."""
    ends = []
    for masked in (False, True):
        monkeypatch.setattr(torch.compiler, "is_compiling", lambda masked=masked: masked)
        p = torch.nn.Parameter(torch.arange(1.0, 100.0))
        optimizer = ROWS[name].torch_class()([p], lr=1.012, weight_decay=0.992, foreach=False)
        p.grad = torch.zeros_like(p)
        optimizer.step(loss=1.0)
        ends.append(p.detach())
    assert torch.equal(*ends)


# ---- blocks --------------------------------------------------------------------------------------


MEMORY = ("first", "second")


def kept(absent: bool, memories: int) -> Kept:
    return Kept(MEMORY[:memories], (), (), absent)


def members(drawn: list[Leaf], absent: bool, memories: int) -> list[Member]:
    """Return members of these shapes and layouts, filled with numbers that are all different."""
    made, start = [], 1
    for leaf in drawn:
        dtype = leaf.dtype.to_real()
        (p,) = Problem(
            "momo", (Group((replace(leaf, dtype=dtype),), 0, 0, 1),), 0, 0, False, "", 1, 0, ()
        ).start()
        x = p.detach()
        x.copy_(torch.arange(start, start + x.numel()).view(x.shape))
        start += x.numel()
        p.grad = None if absent else x.clone() + 1
        state = {name: x.clone() + 3 + i for i, name in enumerate(MEMORY[:memories])}
        made.append(Member(p, {GRAD_AVG: x.clone() + 2, **state}))
    return made


@settings(max_examples=100)
@given(
    drawn=st.lists(leaves((torch.float64, torch.float32)), max_size=8),
    absent=st.booleans(),
    memories=st.integers(0, 2),
    size=st.sampled_from([None, 1, 2, 7, 20, 50]),
)
def test_blocks_cover_each_element_once(
    drawn: list[Leaf], absent: bool, memories: int, size: int | None
) -> None:
    each = members(drawn, absent, memories)
    before = [member.parameter.detach().clone() for member in each]
    gathers = list(gathered(each, kept(absent, memories), size=size))
    names = () if absent else MEMORY[:memories]
    with torch.no_grad():
        for small, blocks in (
            (False, gathers),
            (False, list(one_by_one(each, kept(absent, memories)))),
            (True, list(gathered(each, kept(absent, memories), size=size))),
        ):
            for block in (replace(block, small=small) for block in blocks):
                block.forget()
                x = block.load("x").clone()
                assert block.dtype == x.dtype
                dtypes = {m.parameter.dtype for m in block.members}
                assert dtypes == {block.members[0].parameter.dtype}
                assert torch.equal(block.load(GRAD_AVG), x + 2)
                assert block.kept.absent == absent
                if not absent:
                    assert torch.equal(block.load("grad"), x + 1)
                for i, name in enumerate(names):
                    assert torch.equal(block.load(name), x + 3 + i)
                block.store("x", x + 1)
                block.store(GRAD_AVG, x + 3)
                for i, name in enumerate(names):
                    block.store(name, x + 4 + i)
                block.forget()
                for grad in () if absent else block.tensors("grad"):
                    grad.add_(1)
                block.forget()
            before = [x + 1 for x in before]
            for member, x in zip(each, before, strict=True):
                assert torch.equal(member.parameter, x)
                assert torch.equal(member.state[GRAD_AVG], x + 2)
                for i, name in enumerate(names):
                    assert torch.equal(member.state[name], x + 3 + i)
    if size is not None:
        for block in gathers:
            assert len(block.members) == 1 or elements(block) <= size


def test_many_small_tensors_are_one_block_and_large_ones_are_cut() -> None:
    """Else `gathered` would be no faster, or take as much memory, as the largest tensor."""

    def member(n: int) -> Member:
        x = torch.nn.Parameter(torch.zeros(n))
        x.grad = torch.zeros(n)
        return Member(x, {GRAD_AVG: torch.zeros(n), "first": torch.zeros(n)})

    own = kept(False, 1)
    sizes = [[t.numel() for t in b.tensors("x")] for b in gathered([member(3)] * 10, own, size=100)]
    assert sizes == [[3] * 10]
    blocks = list(gathered([member(3)] * 10, own, size=7))
    assert Counter(len(b.members) for b in blocks) == {2: 5}
    three = [member(250), member(3), member(51)]
    blocks = sorted(gathered(three, own, size=100), key=elements)
    assert [elements(block) for block in blocks] == [3, 50, 51, 100, 100]
    assert [block.part is None for block in blocks] == [True] + [False] * 4


def elements(block: Block) -> int:
    return sum(tensor.numel() for tensor in block.tensors("x"))


def test_the_weight_of_the_memory_is_spread_over_the_elements() -> None:
    each = [
        Member(
            torch.nn.Parameter(torch.zeros(n)),
            {GRAD_AVG: torch.zeros(n), "first": torch.zeros(n), MEMORY_WEIGHT: torch.tensor(w)},
        )
        for n, w in ((2, 2.0), (1, 1.0), (3, 3.0))
    ]
    for one in each:
        one.parameter.grad = torch.zeros_like(one.parameter)
    (block,) = gathered(each, kept(False, 1))
    for numbers in (Floats(), Tensors(torch.device("cpu"))):
        at = Pass(None, None, (0.0, 0.0), (0.0, 0.0), numbers, None, {})  # type: ignore[arg-type]
        assert weighed(block, at).tolist() == [2.0, 2.0, 1.0, 3.0, 3.0, 3.0]
        assert weighed(replace(block, members=(each[0],)), at) == 2.0


@pytest.mark.parametrize("name", ROWS)
def test_parameters_frozen_one_by_one_keep_no_memory_of_the_others(name: str) -> None:
    parameters = [torch.nn.Parameter(torch.ones(20, 10)) for _ in range(20)]
    optimizer = ROWS[name].torch_class()(parameters)
    for frozen in range(20):
        for p in parameters[frozen:]:
            p.grad = torch.eye(20, 10)
        optimizer.step(loss=1.0)
        parameters[frozen].grad = None
    kept = [t for entry in optimizer.state.values() for t in entry.values()]
    held = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in kept}
    assert sum(held.values()) <= 1.1 * sum(t.nbytes for t in kept)


@pytest.mark.parametrize("name", ["momo", "momo_adam"])
def test_columns_may_become_rows(name: str) -> None:
    ends = []
    for shape in ((3, 1), (1, 3)):
        parameters = [torch.nn.Parameter(torch.full((3, 1), float(i))) for i in range(1, 4)]
        optimizer = ROWS[name].torch_class()(parameters)
        for step in range(4):
            for p in parameters:
                if step == 2:
                    p.grad, p.data = None, p.data.view(shape)
                p.grad = torch.full_like(p, float(step))
            optimizer.step(loss=5.0)
        ends.append(torch.cat([p.detach().view(-1) for p in parameters]))
    assert torch.equal(*ends)


def test_foreach_says_which_path_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler gathers by itself, and better."""
    gathers = [cutter(foreach) is not one_by_one for foreach in (True, False, None)]
    assert gathers == [True, False, True]
    monkeypatch.setattr(torch.compiler, "is_compiling", lambda: True)
    gathers = [cutter(foreach) is not one_by_one for foreach in (True, False, None)]
    assert gathers == [True, False, False]


def test_inner_products_of_long_vectors_are_accurate() -> None:
    """Within 40 u: slices of them err by up to 14, one dot product of all by 170, a naive sum more.

    That is far from the bound for any order, n u; the errors are a random walk.
    """
    generator = torch.Generator().manual_seed(0)
    for _ in range(3):
        a, b = (torch.rand(1 << 22, generator=generator) for _ in range(2))
        exact = torch.dot(a.double(), b.double())
        for ours in (inner(a, b), inner(a.view(2, -1), b.view(2, -1))):
            assert abs(ours - exact) <= 40 * roundoff(torch.float32) * exact


# ---- torch.compile -------------------------------------------------------------------------------


@pytest.fixture
def compiler() -> Iterator[None]:
    """Compile from nothing; pytest would collect megabytes of the compiler's trace."""
    torch._dynamo.reset()
    trace = logging.getLogger("torch.__trace")
    trace.disabled = True
    yield
    trace.disabled = False
    torch._dynamo.reset()


inductor = pytest.mark.filterwarnings(
    "ignore:.*torch.jit.*:DeprecationWarning",
    "ignore:Torchinductor does not support code generation for complex operators",
)
"""torch 2.13 itself uses what it calls deprecated; and complex numbers are slow, but right."""


COMPILED = [
    name
    if name in ("momo", "momo_adam_star", "own")
    else pytest.param(name, marks=pytest.mark.slow)
    for name in ROWS
]
"""A compilation takes seconds; these three have all the parts between them."""
SPECIALIZED = ("momo_adam_star", "own")
"""Of these three; the first is compiled as by default, and so are all in `make test-slow`."""


class Compiled:
    """Takes steps in a compiled function: the whole step, and one graph for all after the first.

    The first step makes the state, so it has a graph of its own; here it is not compiled. By
    default a compiler traces all again once it has seen which floats it has to specialize to;
    ``specialize`` spares it the first time.
    """

    def __init__(self, backend: str, specialize: bool = False) -> None:
        self.count = 0
        self.backend = backend
        self.specialize = specialize

    def __call__(self, optimizer: MomentumModelOptimizer, arguments: dict[str, Any]) -> None:
        given = {name: torch.tensor(v, dtype=torch.float32) for name, v in arguments.items()}
        self.count += 1
        if self.count == 1:
            optimizer.step(**given)
            self.step = torch.compile(optimizer.step, backend=self.backend, fullgraph=True)
            return
        config = {"error_on_recompile": self.count > 2, "specialize_float": self.specialize}
        with torch._dynamo.config.patch(config):
            self.step(**given)


def compiled_problem(
    name: str, dtypes: tuple[torch.dtype, ...], kahan_sum: bool = False
) -> Problem:
    """Two groups, steps that are capped and not, one that is not finite, and lr = 0 at last."""
    shapes = ((3, 4), (5,), (2, 3))
    drawn = [
        Leaf(shape, dtypes[i % len(dtypes)], "plain", "plain") for i, shape in enumerate(shapes)
    ]
    groups = (Group(tuple(drawn[:1]), 0.1, 0.9, 1e-8), Group(tuple(drawn[1:]), 0.0, 0.99, 1e-3))
    present = (True, True, False)
    offline = not ROWS[name].online
    steps = [
        Step(loss, lrs, present, lb if offline else None, fault, False)
        for loss, lrs, lb, fault in (
            (3.0, (1.0, 0.5), 0.5, None),
            (2.0, (1.0, 0.5), 0.25, None),
            (2.5, (1.0, 0.5), 0.25, "nan loss"),
            (5.0, (2.0**-7, 2.0**-5), -0.5, None),
            (1.5, (2.0**-7, 2.0**-5), 0.5, "inf gradient"),
            (1.0, (1.0, 0.5), 0.25, None),
            (0.5, (0.0, 0.0), 0.0, None),
        )
    ]
    steps[0] = replace(steps[0], present=(True,) * 3)
    numbers = (0.9, 0.125, offline, "tensor", 1.0, 0)
    return Problem(name, groups, *numbers, tuple(steps), kahan_sum=kahan_sum)


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", COMPILED)
def test_compiled_steps_are_the_references(name: str, device: str) -> None:
    problem = compiled_problem(name, (torch.float32, torch.bfloat16, torch.float64))
    compare(problem, Path(), device, Compiled("aot_eager", specialize=name in SPECIALIZED))


@pytest.mark.slow
@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", SPECIALIZED)
def test_steps_compiled_as_by_default_are_the_references(name: str, device: str) -> None:
    problem = compiled_problem(name, (torch.float32, torch.bfloat16, torch.float64))
    compare(problem, Path(), device, Compiled("aot_eager"))


@inductor
@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("kahan_sum", [False, True])
@pytest.mark.parametrize("device", DEVICES)
def test_steps_compiled_by_inductor_are_the_references(device: str, kahan_sum: bool) -> None:
    problem = compiled_problem("momo_adam", (torch.float32, torch.bfloat16), kahan_sum)
    compare(problem, Path(), device, Compiled("inductor", specialize=True))


@pytest.mark.slow
@inductor
@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kahan_sum", [False, True])
@pytest.mark.parametrize("dtypes", [DTYPES[:3], DTYPES[3:]], ids=str)
@pytest.mark.parametrize("name", ROWS)
def test_steps_compiled_by_inductor_are_the_references_at_length(
    name: str, dtypes: tuple[torch.dtype, ...], kahan_sum: bool, device: str
) -> None:
    compare(compiled_problem(name, dtypes, kahan_sum), Path(), device, Compiled("inductor"))


@inductor
@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_a_compiler_keeps_what_rounding_left(dtype: torch.dtype, device: str) -> None:
    """It would leave out the rounding of x, and with it all of ``z - x``.

    Nothing is summed up where gradients are 0, so that the bits of both runs are the same.
    """
    ends = []
    for compiled in (False, True):
        p = torch.nn.Parameter(torch.linspace(-3, 3, 60, device=device).view(6, 10).to(dtype))
        optimizer = MomoAdam([p], lr=0.1, weight_decay=0.01, kahan_sum=True, foreach=False)
        p.grad = torch.zeros_like(p)
        step: Any = optimizer.step
        for k in range(40):
            if compiled and k == 1:
                step = torch.compile(optimizer.step, backend="inductor", fullgraph=True)
            step(loss=torch.tensor(1.0))
        ends.append((p.detach(), optimizer.state[p][COMPENSATION]))
    (x, c), (y, d) = ends
    assert c.count_nonzero() > 30
    assert torch.equal(x, y)
    assert torch.equal(c, d)
