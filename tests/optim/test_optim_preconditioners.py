# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Elementwise and factored preconditioners: torch is NumPy's, on every path, and torch.optim's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from optim_members import NUMBERS, Cut, at, give, kept, member, memory, portion, take_in
from torch import Tensor

from experiments.optimizers.adabelief import AdaBelief
from experiments.optimizers.lion import Lion
from momo.core.method import Method
from momo.core.parts import CAPPED, DECOUPLED, FROM_ZERO, Given, LionAverage
from momo.optim import MomentumModelOptimizer
from momo.optim.blocks import GRAD, Block, Kept, Member, gathered, one_by_one
from momo.optim.gate import Gate
from momo.optim.numbers import Tensors
from momo.optim.passes import directed
from momo.optim.preconditioners import (
    AdaBeliefDiagonal,
    AdaGradDiagonal,
    AdaLomoDiagonal,
    AdamDiagonal,
    AdamFromFirst,
    AmsGradDiagonal,
    Factored,
    Preconditioner,
    Sign,
)
from momo.optim.state import GRAD_AVG
from momo.reference import GroupedState, State, grouped, method
from momo.reference import preconditioners as reference

Array = NDArray[np.float64]
Shape = tuple[int, ...]
SHAPES: list[Shape] = [(), (5,), (2, 3), (4, 2, 3), (7, 1), (1, 4), (2, 1, 3, 2)]


@dataclass(frozen=True)
class Pair:
    """A torch form, and the NumPy form for parameters of a shape."""

    torch: Preconditioner
    reference: Callable[[Shape], reference.Preconditioner]


def same(rule: reference.Preconditioner) -> Callable[[Shape], reference.Preconditioner]:
    return lambda shape: rule


BETA2, EPS = 0.95, 1e-4
PAIRS: dict[str, Pair] = {
    "adam": Pair(AdamDiagonal(BETA2, EPS), same(reference.AdamDiagonal(BETA2, EPS))),
    "adam from first": Pair(AdamFromFirst(BETA2, EPS), same(reference.AdamFromFirst(BETA2, EPS))),
    "amsgrad": Pair(AmsGradDiagonal(BETA2, EPS), same(reference.AmsGradDiagonal(BETA2, EPS))),
    "adagrad": Pair(AdaGradDiagonal(EPS), same(reference.AdaGradDiagonal(EPS))),
    "adabelief": Pair(AdaBeliefDiagonal(BETA2, EPS), same(reference.AdaBeliefDiagonal(BETA2, EPS))),
    "sign": Pair(Sign(), same(reference.Sign())),
    "factored": Pair(Factored(0.7, EPS), lambda shape: reference.Factored(shape, 0.7, EPS)),
    "adalomo": Pair(
        AdaLomoDiagonal(0.7, EPS, 0.5, 0.2),
        lambda shape: reference.AdaLomoDiagonal(shape, 0.7, EPS, 0.5, 0.2),
    ),
    "defaults: adalomo": Pair(AdaLomoDiagonal(), reference.AdaLomoDiagonal),
    "defaults: adagrad": Pair(AdaGradDiagonal(), same(reference.AdaGradDiagonal())),
    "defaults: adabelief": Pair(AdaBeliefDiagonal(), same(reference.AdaBeliefDiagonal())),
    "defaults: factored": Pair(Factored(), reference.Factored),
}


def small(members: Iterable[Member], kept: Kept) -> Iterator[Block]:
    """As `gathered`, where all that a step loads is kept until it ends."""
    return (replace(block, small=True) for block in gathered(members, kept))


PATHS: dict[str, Cut] = {
    "one by one": one_by_one,
    "gathered": gathered,
    "gathered, small": small,
    "gathered, some cut": partial(gathered, size=8),
}
CASES = [
    pytest.param(name, path, id=f"{name}, {path}")
    for name, pair in PAIRS.items()
    for path in PATHS
    if pair.torch.elementwise or path == "one by one"
]


def drawn(rng: np.random.Generator, shape: Shape, dtype: torch.dtype) -> Tensor:
    """Numbers of many sizes, some of them 0."""
    sizes = 10.0 ** rng.uniform(-3, 3, shape) * (rng.uniform(size=shape) > 0.2)
    return torch.as_tensor(sizes * rng.normal(size=shape), dtype=dtype)


def flat(tensor: Tensor) -> Array:
    return np.atleast_1d(tensor.double().numpy().ravel())


# Some ten roundings, and those of 1 - β2^k and 1 - k^{-c}, which are computed in float64; bfloat16
# is rounded once, when the direction is stored in x.
TOLERANCES = {torch.float64: 1e-13, torch.float32: 2e-6, torch.bfloat16: 2.0**-8}


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("name", "path"), CASES)
def test_torch_is_numpy(name: str, path: str, dtype: torch.dtype, numbers: str) -> None:
    """Step by step, for parameters of many shapes that join one after the other."""
    pair, rng = PAIRS[name], np.random.default_rng(0)
    members = [member(pair.torch, shape, dtype) for shape in SHAPES]
    rules = [pair.reference(shape) for shape in SHAPES]
    memories: list[Any] = [None] * len(SHAPES)
    seen = [0] * len(SHAPES)
    for step in range(5):
        there = [i for i in range(len(SHAPES)) if i <= 2 * step + 1]
        given = [tuple(drawn(rng, SHAPES[i], dtype) for _ in range(2)) for i in there]
        moving = [members[i] for i in there]
        for m, (grad, grad_avg) in zip(moving, given, strict=True):
            give(m, grad.clone(), grad_avg.clone())
        x = [flat(m.parameter.detach()) for m in members]
        take_in(pair.torch, moving, NUMBERS[numbers](), PATHS[path])
        for m, (grad, grad_avg) in zip(moving, given, strict=True):
            assert torch.equal(m.parameter.grad, grad)
            assert torch.equal(m.state[GRAD_AVG], grad_avg)
        for i, (grad, grad_avg) in zip(there, given, strict=True):
            seen[i] += 1
            d = flat(grad_avg)
            around = {"x": x[i]} if "x" in getattr(rules[i], "sees", ()) else {}
            metric, memories[i] = rules[i].update(memories[i], flat(grad), seen[i], d, **around)
            assert rules[i].unit == pair.torch.unit
            tol = TOLERANCES[dtype]
            np.testing.assert_allclose(flat(members[i].parameter), metric.direction(d), rtol=tol)
            parts = memories[i] if isinstance(memories[i], tuple) else (memories[i],)
            own = memory(pair.torch, members[i])
            for ours, theirs in zip(own, parts, strict=bool(own)):
                # Never coarser than float32.
                np.testing.assert_allclose(flat(ours), np.ravel(theirs), rtol=min(tol, 2e-6))


def give_drawn(members: list[Member], rng: np.random.Generator, dtype: torch.dtype) -> None:
    """Let all have another g and d."""
    for m in members:
        shape = tuple(m.parameter.shape)
        give(m, drawn(rng, shape, dtype), drawn(rng, shape, dtype))


@pytest.mark.parametrize(("name", "path"), CASES)
@pytest.mark.parametrize("before", [0, 2])
def test_a_sample_that_is_not_ok_changes_nothing(name: str, path: str, before: int) -> None:
    """Not even one of NaN, nor at the first step, where a direction is asked for all the same."""
    rule, rng, numbers = PAIRS[name].torch, np.random.default_rng(1), NUMBERS["tensors"]()
    members = [member(rule, shape, torch.float32) for shape in SHAPES]
    for _ in range(before):
        give_drawn(members, rng, torch.float32)
        take_in(rule, members, numbers, PATHS[path])
    old = [[part.clone() for part in kept(rule, m)] for m in members]
    for m in members:
        give(m, torch.full_like(m.parameter, torch.nan))
    take_in(rule, members, numbers, PATHS[path], Gate(torch.tensor(False)))
    for m, parts in zip(members, old, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(kept(rule, m), parts, strict=True))
        assert torch.isfinite(m.parameter).all()


@pytest.mark.parametrize("name", PAIRS)
def test_a_sample_that_is_ok_is_taken_in_as_without_a_gate(name: str) -> None:
    """And as with numbers that are floats."""
    rule, ends = PAIRS[name].torch, []
    for numbers, gate in [
        ("tensors", None),
        ("tensors", Gate(torch.tensor(True))),
        ("floats", None),
    ]:
        rng = np.random.default_rng(2)
        members = [member(rule, shape, torch.float64) for shape in SHAPES]
        for _ in range(3):
            give_drawn(members, rng, torch.float64)
            take_in(rule, members, NUMBERS[numbers](), one_by_one, gate)
        ends.append([t for m in members for t in (m.parameter, *kept(rule, m))])
    # With shares that are numbers and tensors: products may be rounded once or twice.
    for end in ends[1:]:
        torch.testing.assert_close(end, ends[0], rtol=1e-14, atol=0)


@pytest.mark.parametrize("name", PAIRS)
def test_nothing_waits_for_the_device_and_all_is_one_graph(name: str) -> None:
    """No value is read: there is none on the meta device; and none decides what is done."""
    rule = PAIRS[name].torch

    def work(one: Member, numbers: Tensors, gate: Gate | None) -> Tensor:
        own = portion(rule, [one])
        (block,), now = own.blocks, at(rule, own, numbers, gate)
        grad = block.load(GRAD)
        grad = grad if gate is None else gate.sample(grad)
        return directed(block, block.load(GRAD_AVG), now, grad)

    meta = Tensors(torch.device("meta"))
    for shape in [(3,), (2, 3)]:
        for gate in (None, Gate(torch.ones((), dtype=torch.bool, device="meta"))):
            one = member(rule, shape, torch.float32, "meta")
            give(one, torch.ones_like(one.parameter))
            direction = work(one, meta, gate)
            assert (direction.shape, direction.dtype) == (shape, torch.float32)
            take_in(rule, [one], meta, one_by_one, gate)
    one = member(rule, (2, 3), torch.float32)
    give(one, torch.ones(2, 3))
    torch.compiler.reset()
    graph = torch.compile(work, backend="eager", fullgraph=True)
    graph(one, Tensors(torch.device("cpu")), Gate(torch.tensor(True)))


def test_defaults_are_the_references() -> None:
    assert AdaGradDiagonal().eps == reference.AdaGradDiagonal().eps
    ours, theirs = AdaBeliefDiagonal(), reference.AdaBeliefDiagonal()
    assert (ours.beta2, ours.eps) == (theirs.beta2, theirs.eps)
    made = reference.Factored((2, 3))
    assert (Factored().exponent, Factored().eps) == (made.exponent, made.eps)


def test_small_gradients_do_not_vanish_in_factors() -> None:
    """Each factor is representable in float32; their product would not be, and d/0 is infinite."""
    one = member(Factored(), (2, 2), torch.float32)
    grad = torch.tensor([[1e-12, 1e-12], [1e-12, 1.0]])
    give(one, grad, grad)
    take_in(Factored(), [one], NUMBERS["floats"]())
    metric, _ = reference.Factored((2, 2)).update(None, flat(grad), 1)
    np.testing.assert_allclose(flat(one.parameter), metric.direction(flat(grad)), rtol=1e-6)


# ---- torch.optim ---------------------------------------------------------------------------------

LR, BETA = 0.125, 0.9
Optimizer = Callable[[list[Tensor]], torch.optim.Optimizer]
THEIRS: dict[str, tuple[Preconditioner, Optimizer, bool]] = {
    "adam": (
        AdamDiagonal(0.99, 1e-8),
        lambda p: torch.optim.Adam(p, LR, (BETA, 0.99), 1e-8),
        True,
    ),
    "amsgrad": (
        AmsGradDiagonal(0.99, 1e-8),
        lambda p: torch.optim.Adam(p, LR, (BETA, 0.99), 1e-8, amsgrad=True),
        True,
    ),
    "adagrad": (AdaGradDiagonal(), lambda p: torch.optim.Adagrad(p, LR), False),
}
if hasattr(torch.optim, "Adafactor"):
    # Steps relative to a size of at least 1, which these are below; no clipping; its ε is a
    # clamp far below these numbers.
    THEIRS["factored"] = (
        Factored(),
        lambda p: torch.optim.Adafactor(p, LR, eps=(1e-30, 1.0), d=1e9),
        False,
    )


@pytest.mark.parametrize("name", THEIRS)
def test_steps_are_those_of_torch(name: str) -> None:
    """Each from 0, so that the step can be read off, with d their average or the gradient."""
    rule, build, averaged = THEIRS[name]
    rng = np.random.default_rng(3)
    shapes: list[Shape] = [(5,), (3, 4), (2, 3, 4)]
    params = [torch.zeros(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
    members = [member(rule, shape, torch.float64) for shape in shapes]
    optimizer, beta = build(list(params)), BETA if averaged else 0.0
    for k in range(1, 11):
        for i, p in enumerate(params):
            p.grad = torch.as_tensor(rng.normal(size=p.shape) * 10 ** rng.uniform(-2, 1))
            d = beta * members[i].state[GRAD_AVG] + (1 - beta) * p.grad
            give(members[i], p.grad.clone(), d)
            p.data.zero_()
        optimizer.step()
        take_in(rule, members, NUMBERS["floats"]())
        for p, m in zip(params, members, strict=True):
            # A dozen roundings, and those of 1 - β^k.
            step = -LR / (1 - beta**k) * m.parameter
            torch.testing.assert_close(p.detach(), step, rtol=1e-12, atol=0)


CAPPED_METHODS = {
    "adabelief": (
        lambda p: AdaBelief(p, 0.02, (0.8, 0.95), 1e-12, 0.3),
        partial(method, FROM_ZERO, reference.AdaBeliefDiagonal(0.95, 1e-12)),
    ),
    "lion": (
        lambda p: Lion(p, 0.02, (0.8, 0.95), 0.3),
        partial(method, LionAverage(0.95), reference.Sign()),
    ),
}


@pytest.mark.parametrize("name", CAPPED_METHODS)
def test_capped_is_the_baseline(name: str) -> None:
    """The baselines that torch does not have, with the same hyper-parameters."""
    build, part = CAPPED_METHODS[name]
    ours = part(Given(0.0), 0.02, 0.8, 0.3, decay=DECOUPLED, step_rule=CAPPED)
    rng, state = np.random.default_rng(4), State()
    x = rng.normal(size=6)
    param = torch.nn.Parameter(torch.from_numpy(x.copy()))
    baseline = build([param])
    for _ in range(30):
        grad = rng.normal(size=6) * 10 ** rng.uniform(-2, 2, 6)
        param.grad = torch.from_numpy(grad.copy())
        baseline.step()
        x, state, _ = ours.step(state, x, 1.0, grad)
        # 30 steps, of a dozen roundings each at the size of x.
        np.testing.assert_allclose(param.detach().numpy(), x, rtol=0, atol=1e-13)


# ---- the whole step ------------------------------------------------------------------------------


class Chosen(MomentumModelOptimizer):
    """A momentum model with any preconditioner and average."""

    def __init__(self, params: Any, rule: Preconditioner, averaging: Any, **more: Any):
        self.chosen = Method(averaging, rule, Given(0.0), 0.25, 0.8, 0.1)
        super().__init__(params, {}, **more)

    def method(self, h: dict[str, Any]) -> Method:  # type: ignore[override]
        return self.chosen


@pytest.mark.parametrize("foreach", [False, True])
@pytest.mark.parametrize("name", PAIRS)
def test_an_optimizer_steps_as_the_reference(name: str, foreach: bool) -> None:
    """Capped and not, over several parameters, one of which joins later."""
    pair, rng = PAIRS[name], np.random.default_rng(5)
    average = LionAverage(0.95) if name == "sign" else FROM_ZERO
    params = [torch.nn.Parameter(drawn(rng, shape, torch.float64)) for shape in SHAPES]
    optimizer = Chosen(params, pair.torch, average, foreach=foreach)
    whole = grouped(
        *(method(average, pair.reference(shape), Given(0.0), 0.25, 0.8, 0.1) for shape in SHAPES)
    )
    xs: tuple[Array, ...] = tuple(flat(p.detach()) for p in params)
    state, capped = GroupedState(), []
    for step in range(6):
        for i, p in enumerate(params):
            p.grad = drawn(rng, p.shape, torch.float64) if i or step else None
        grads = [None if p.grad is None else flat(p.grad) for p in params]
        # Below what the model falls by in a capped step, then above.
        loss = [1e-3, 1e6][step % 2]
        xs, state, info = whole.step(state, xs, loss, grads)
        optimizer.step(loss=loss)
        capped.append(bool(info.fraction == 1))
        assert optimizer.last is not None
        # h is what is left of products of up to 1e6, a millionth of them at least.
        scalars = (optimizer.last.step_size, optimizer.last.dual_norm_sq)
        np.testing.assert_allclose(scalars, (info.step_size, info.dual_norm_sq), rtol=1e-9)
        for p, x in zip(params, xs, strict=True):
            np.testing.assert_allclose(flat(p.detach()), x, rtol=1e-9, atol=1e-9)
    assert True in capped
    assert False in capped
