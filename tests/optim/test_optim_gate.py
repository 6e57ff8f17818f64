# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The gate by hand: what goes in and what comes out where it is open, and where it is shut."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from momo.core.method import Method
from momo.core.parts import Given, LionAverage
from momo.core.step import Move, StepInfo
from momo.optim.blocks import Member
from momo.optim.gate import Gate, is_one
from momo.optim.iterates import IterateAveraging, RandomScaling, ScheduleFree
from momo.optim.numbers import Floats, Tensors
from momo.optim.passes import at_portion, count_
from momo.optim.plan import Portion
from momo.optim.preconditioners import AdaGradDiagonal, AdamDiagonal, Identity
from momo.optim.settings import setting
from momo.optim.state import MEMORY_WEIGHT

NEW, OLD = torch.tensor(2.0, dtype=torch.float64), torch.tensor(3.0, dtype=torch.float64)
both = pytest.mark.parametrize("ok", [False, True])


def gate(ok: bool) -> Gate:
    return Gate(torch.tensor(ok))


@both
def test_a_gradient_goes_in_or_0(ok: bool) -> None:
    assert gate(ok).sample(torch.tensor([5.0, math.nan]))[0] == (5 if ok else 0)
    assert gate(ok).sample(torch.tensor([math.nan]))[0].isnan() == ok


@both
@pytest.mark.parametrize(("new", "old"), [(NEW, OLD), (2.0, OLD), (NEW, 3.0), (2.0, 3.0)])
def test_what_is_new_comes_out_or_what_was_there(ok: bool, new: Any, old: Any) -> None:
    found = gate(ok).outcome(new, old)
    assert found.item() == (2 if ok else 3)
    assert found.dtype == torch.float64


def test_the_outcome_is_where_what_is_new_is() -> None:
    there = torch.zeros((), device="meta")
    assert gate(True).outcome(there, 1.0).device.type == "meta"
    assert gate(True).outcome(1.0, there).device.type == "meta"
    assert gate(True).sample(there).device.type == "meta"


def test_the_gate_goes_to_where_the_numbers_are() -> None:
    went: list[torch.device] = []

    class Going(torch.Tensor):
        """Notes where it goes."""

        def to(self, device: torch.device) -> Going:  # type: ignore[override]
            went.append(device)
            return self

    there = Gate(torch.tensor(True).as_subclass(Going))
    for new, old, expected in ((NEW, OLD, 2), (NEW, 3.0, 1), (2.0, OLD, 1), (2.0, 3.0, 0)):
        went.clear()
        assert there.outcome(new, old).item() == 2
        assert went == [NEW.device] * expected
    there.sample(NEW)
    assert went == [NEW.device]


class Device(str):
    """The CPU, which says that it is of a kind without float64."""

    type = "mps"


class Elsewhere(torch.Tensor):
    """A tensor there."""

    @property
    def device(self) -> Device:  # type: ignore[override]
        return Device("cpu")


def test_numbers_are_float32_where_there_is_no_float64() -> None:
    assert Gate(torch.tensor(True).as_subclass(Elsewhere)).outcome(2.0, 3.0).dtype == torch.float32


@both
def test_moves_come_out_or_such_that_nothing_moves(ok: bool) -> None:
    first, second = gate(ok).moves([Move(0.5, NEW), Move(1.0, 4.0)])
    assert (float(first.keep), float(first.size)) == ((0.5, 2) if ok else (1, 0))
    assert is_one(second.keep)  # known without reading
    assert float(second.size) == (4 if ok else 0)


@both
def test_numbers_come_out_new_or_as_they_were(ok: bool) -> None:
    new, old = [NEW, OLD, NEW], [OLD, NEW, NEW]
    found = gate(ok).kept(new, old)
    assert list(map(float, found)) == list(map(float, new if ok else old))
    assert found[2] is NEW


@both
def test_the_scalars_of_a_step_that_was_held_back_are_nan(ok: bool) -> None:
    info = StepInfo(*(torch.tensor(float(i)) for i in range(1, 8)))
    found = gate(ok).info(info)
    for name in StepInfo._fields:
        value = float(getattr(found, name))
        if ok:
            assert value == getattr(info, name)
        else:
            assert value == 0 if name == "step_size" else math.isnan(value)


def test_what_is_known_to_be_1() -> None:
    assert [is_one(n) for n in (1.0, 0.5, torch.tensor(1.0))] == [True, False, False]


# ---- the first door: shares and rates ------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "rates"),
    [
        (AdamDiagonal(0.75, 1e-8), (0.75, 0.25)),
        (AdaGradDiagonal(), (1, 1)),
        (Identity(), (1, 1)),
    ],
)
@pytest.mark.parametrize("ok", [None, False, True])
def test_what_a_pass_knows_of_a_step(how: Any, rates: tuple[float, float], ok: bool | None) -> None:
    """Where the gate is shut the past has the share 1, and what is new 0."""
    method = Method(LionAverage(0.5), how, Given(0.0), 1.0)
    work = Portion(0, 0, (), (), (), True, ((),), frozenset())
    doors = None if ok is None else gate(ok)
    at = at_portion([setting(method, {})], work, (0.5, 0.125), Floats(), doors)
    assert (at.method, at.preconditioner, at.gate, at.directions) == (method, how, doors, {})
    assert tuple(map(float, at.betas)) == ((1, 1) if ok is False else (0.5, 0.125))
    assert tuple(map(float, at.memory)) == ((1, 0) if ok is False else rates)


@pytest.mark.parametrize("kind", [Floats, lambda: Tensors(torch.device("cpu"))])
def test_gradients_are_counted(kind: Any) -> None:
    """w ← ¾ w + ¼, or w + 1."""
    for how, weight in ((AdamDiagonal(0.75, 1e-8), 0.625), (AdaGradDiagonal(), 1.5)):
        state = {MEMORY_WEIGHT: torch.tensor(0.5, dtype=torch.float64)}
        one = Member(torch.ones(1), state)
        work = Portion(0, 0, (), (), (one,), True, ((),), frozenset())
        method = Method(LionAverage(0.5), how, Given(0.0), 1.0)
        at = at_portion([setting(method, {})], work, (0.5, 0.125), kind(), None)
        count_(work, at)
        assert state[MEMORY_WEIGHT].item() == weight


# ---- the points, which the second door holds -----------------------------------------------


@pytest.mark.parametrize("number", [float, torch.tensor], ids=["floats", "tensors"])
def test_the_points_of_iterates(number: Any) -> None:
    """x = 1, z⁺ = 5, and x follows a quarter of the way."""
    x, z, follow = torch.tensor([1.0]), torch.tensor([5.0]), number(0.25)
    average = torch.tensor([-3.0])

    def values(points: tuple[torch.Tensor, ...]) -> list[float]:
        return [point.item() for point in points]

    assert values(IterateAveraging(0.75).move((z * 7,), x, z, follow)) == [2, 5]
    assert values(RandomScaling().move((), x, z, follow)) == [2]
    # x̄ = -3 + ¼ (5 + 3), and y = 5 + ½ (x̄ - 5)
    assert values(ScheduleFree(0.5).move((z * 7, average), x, z, follow)) == [2, 5, -1]
    assert ScheduleFree(0.25).between(z, x).item() == 4
