# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What happens between the passes, recorded: the same bits as computed directly."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from momo.core.ops import FLOATS
from momo.core.recorded import UnrecordableError, compiled, record
from momo.methods import METHODS, Row
from momo.optim import between
from momo.optim import settings as of_groups
from momo.optim.between import NUMBERS, OFTEN, Equation, equation, inputs_of, recordable, setup

numbers = st.floats(-1e3, 1e3) | st.sampled_from([0.0, -0.0, 1e-300, 1e300, math.inf, math.nan])
each = pytest.mark.parametrize("row", METHODS.values(), ids=lambda row: row.name)


def chosen(row: Row, **changes: Any) -> of_groups.Setting:
    cls: Any = row.torch_class()
    group = {**row.torch_arguments(row.defaults), **changes}
    optimizer = cls([torch.nn.Parameter(torch.ones(2, 2))], **group)
    return optimizer._checked()[0]


def outcome(call: Any) -> Any:
    """Return what comes out, or that a float was divided by 0."""
    try:
        return [struct_of(number) for number in call()]
    except ZeroDivisionError:
        return "division by 0"


def struct_of(number: Any) -> Any:
    return "nan" if number != number else (float(number), math.copysign(1.0, number))


@each
@settings(max_examples=60)
@given(data=st.data(), groups=st.integers(1, 3), still=st.booleans(), lb=st.booleans())
def test_a_recorded_equation_has_the_same_bits(
    row: Row, data: st.DataObject, groups: int, still: bool, lb: bool
) -> None:
    decay = "weight_decay" in row.arguments and data.draw(st.booleans())
    one = chosen(row, **({"weight_decay": 0.25} if decay else {}))
    takes = lb and one.method.lower_bound.takes_lb
    places = [(n, 0) for n in range(groups)]
    found, hyper = setup([one] * groups, places, still, takes, 1e-300)
    drawn = {
        name: data.draw(st.lists(numbers, min_size=size, max_size=size))
        for name, size in inputs_of(found).items()
    }
    drawn["kept"][0] = float(data.draw(st.integers(0, 1000)))  # k
    # ρ; of a NaN two groups' α would depend on whether they are the same object.
    drawn["kept"][2] = data.draw(st.floats(0.0, 1.0))
    drawn["sample"][2 + takes :] = [
        data.draw(st.floats(0.0, 0.999)) for _ in drawn["sample"][2 + takes :]
    ]
    drawn["hyper"] = list(map(float, hyper))
    run = compiled(partial(between.between, found), inputs_of(found))
    arguments = tuple(drawn[name] for name in ("kept", "inner", "hyper", "sample"))
    directly = outcome(lambda: between.between(found, FLOATS, *arguments))
    assert outcome(lambda: run(*arguments)) == directly


def test_an_equation_is_recorded_when_it_is_asked_for_often() -> None:
    found, hyper = setup([chosen(METHODS["momo"])], [(0, 0)], False, False, 0.0)
    one = Equation(found)
    arguments = ([1.0] * NUMBERS, [0.5] * 6, list(map(float, hyper)), [1.0, 2.0, 0.9])
    results = [tuple(one(*arguments)) for _ in range(2 * OFTEN)]
    assert not isinstance(one.run, partial)
    assert len(set(results)) == 1
    assert equation(found) is equation(found)


def test_what_looks_at_its_numbers_is_not_recorded() -> None:
    def looks(ops: Any, vector: Any) -> list[Any]:
        return [vector[0] if vector[0] > 0 else -vector[0]]

    with pytest.raises(UnrecordableError, match="no value to decide by"):
        record(looks, {"vector": 1})
    with pytest.raises(UnrecordableError, match="no Python number"):
        record(lambda ops, vector: [vector[0] * torch.ones(())], {"vector": 1})
    assert recordable([chosen(row) for row in [METHODS["momo_adam"]]])
