# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How the numbers of a step are held: what is read, written, summed and sent, by hand."""

from __future__ import annotations

import math
from contextlib import nullcontext
from typing import Any

import pytest
import torch
from torch.nn import Parameter

from momo import Momo
from momo.core.step import Inner, StepInfo
from momo.optim.numbers import Floats, Tensors, kind
from momo.optim.reading import as_on_a_device, readable
from momo.optim.state import INDEX, KEPT, LAST, NUMBERS, new_model

CPU, META = torch.device("cpu"), torch.device("meta")
KINDS: list[Any] = [Floats, lambda: Tensors(CPU)]
every_kind = pytest.mark.parametrize("made", KINDS, ids=["floats", "tensors"])
NAMES = ("steps", "loss_avg", "weight", "inner_avg", "lower_bound", "bound_weight", "bound_sum")
OTHERS = ("step_memory", "iterate_total")
AHEAD = ("offset", "members")


def floats(values: Any) -> list[float]:
    return [float(value) for value in values]


def test_on_the_cpu_they_are_floats() -> None:
    """Unless something has no values, or waits for a device."""
    own = type("Own", (torch.Tensor,), {})
    plain = [Parameter(torch.ones(2)), torch.ones(2)]
    assert isinstance(kind(plain, CPU), Floats)
    assert isinstance(kind([], CPU), Floats)
    for parameters, device in (
        (plain, META),
        ([*plain, torch.ones(2, device=META)], CPU),
        ([*plain, torch.ones(2).as_subclass(own)], CPU),
    ):
        found = kind(parameters, device)
        assert isinstance(found, Tensors)
        assert found.device == device


def test_in_a_graph_they_are_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.compiler, "is_compiling", lambda: True)
    assert isinstance(kind([torch.ones(2)], CPU), Tensors)


def test_as_on_a_device_they_are_tensors_until_it_ends() -> None:
    """Also where that is asked twice, and where an error ends it."""
    one = torch.ones(2)
    with as_on_a_device():
        assert isinstance(kind([one], CPU), Tensors)
        assert not readable(one)
        with pytest.raises(KeyError), as_on_a_device():
            raise KeyError
        assert isinstance(kind([], CPU), Tensors)
    assert isinstance(kind([one], CPU), Floats)
    assert readable(one)


def test_a_plan_is_not_kept_from_one_way_to_the_other() -> None:
    p = Parameter(torch.ones(2))
    p.grad, optimizer, found = torch.ones(2), Momo([p]), []
    for context in (nullcontext, as_on_a_device, as_on_a_device, nullcontext):
        with context():
            optimizer.step(loss=1.0)
        assert optimizer._plan is not None
        found.append((type(optimizer._plan.numbers), id(optimizer._plan)))
    kinds, plans = zip(*found, strict=True)
    assert kinds == (Floats, Tensors, Tensors, Floats)
    assert plans[1] == plans[2]
    assert optimizer.last is not None


@every_kind
def test_what_is_written_is_read(made: Any) -> None:
    model, numbers = new_model(CPU), made()
    names = NUMBERS[KEPT]
    for index, name in enumerate(names):
        model[INDEX[name]] = index + 1
    model[: KEPT.start] = 3.0
    assert floats(numbers.read(model)) == list(range(1, len(names) + 1))
    new = [7, *(8.5 + i for i in range(len(names) - 1))]
    info = [0.5 + i for i in range(len(StepInfo._fields))]
    numbers.write_(model, (*new, *info))
    assert [model[INDEX[n]].item() for n in names] == new
    assert model[LAST].tolist() == info
    assert model[: KEPT.start].tolist() == [3.0] * KEPT.start  # who counts, writes
    # Other tensors, as those of a state dict, are read in their place.
    other = new_model(CPU)
    other[INDEX["weight"]] = 0.25
    weight = names.index("weight")
    assert float(numbers.read(other)[weight]) == 0.25
    assert float(numbers.read(model)[weight]) == new[weight]


@every_kind
def test_sums(made: Any) -> None:
    numbers = made()

    def of(*values: float) -> list[Any]:
        return [numbers.loss("loss", value) for value in values]

    first, second = (Inner(*of(*(k * s for k in range(1, 7)))) for s in (1.0, 10.0))
    assert floats(numbers.summed([first, second])) == [11, 22, 33, 44, 55, 66]
    assert floats(numbers.summed([first])) == [1, 2, 3, 4, 5, 6]
    assert floats(numbers.summed([])) == [0] * 6
    assert [float(numbers.total(of(1.0, 2.0))), float(numbers.total([]))] == [3, 0]
    assert float(numbers.zero) == 0
    for values, expected in (
        ((1.0, 2.0), True),
        ((1.0, math.nan), False),
        ((math.inf, 1.0), False),
    ):
        assert bool(
            numbers.finite([torch.tensor(v) if made is not Floats else v for v in values])
        ) is (expected)
    sent = numbers.message(of(1.5, 2.5))
    assert (sent.tolist(), sent.dtype) == ([1.5, 2.5], torch.float64)
    assert floats(numbers.received(sent)) == [1.5, 2.5]
    assert numbers.gated is (made is not Floats)


@every_kind
@pytest.mark.parametrize(
    "value", [2.5, 5, torch.tensor(2.5), torch.tensor([2.5]), Parameter(torch.ones(1))]
)
def test_a_loss_is_a_number(made: Any, value: Any) -> None:
    found = made().loss("loss", value)
    assert float(found) == torch.as_tensor(value).item()
    assert isinstance(found, float) == (made is Floats)
    if made is not Floats:
        assert (found.dtype, found.dim()) == (torch.float64, 0)


@every_kind
@pytest.mark.parametrize("value", ["1", None, torch.ones(2), torch.tensor(1j)])
def test_what_is_no_loss_is_refused(made: Any, value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="loss"):
        made().loss("loss", value)


def test_a_number_near_a_tensor_has_its_dtype() -> None:
    x, number = torch.ones(1), torch.tensor(2.5, dtype=torch.float64)
    assert Tensors(CPU).near(number, x).dtype == torch.float32
    assert Tensors(CPU).near(2.5, x) == 2.5
    assert Floats.near(2.5, x) == 2.5
    assert Floats.of(number) == 2.5
    assert Tensors(CPU).of(number) is number
    assert Tensors(META).of(number).device == META
