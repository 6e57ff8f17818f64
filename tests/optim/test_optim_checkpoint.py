# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What may be loaded, by hand: entries of one parameter, or two, and what each may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import Parameter

from momo.optim.checkpoint import by_number, check_loaded, restore_precision
from momo.optim.state import (
    GRAD_AVG,
    INDEX,
    LAST,
    MEMORY_WEIGHT,
    MODEL,
    assign_,
    find_model,
    memory_dtype,
    model_of,
    new_memory,
    new_model,
    scalar_dtype,
    share_model,
)

CPU = torch.device("cpu")
MEMORY: Any = {0: ({"moment": (2,), "rows": (3,)}, ("point",)), 1: ({}, ())}


def parameters() -> dict[int, Tensor]:
    return {0: Parameter(torch.ones(2)), 1: Parameter(torch.ones(2, 2))}


def state() -> dict[int, dict[str, Any]]:
    """Of a parameter with memory and a point, and of one without, which share the model."""
    own = {GRAD_AVG: torch.ones(2), "moment": torch.ones(2), "rows": torch.ones(3)}
    own |= {"point": torch.ones(2), MEMORY_WEIGHT: torch.tensor(0.5)}
    model = new_model(CPU)
    return {0: {**own, MODEL: model}, 1: {GRAD_AVG: torch.ones(2, 2), MODEL: model}}


def check(changed: dict[int, Any]) -> None:
    check_loaded(changed, parameters(), MEMORY, "Momo")


def test_what_may_be_loaded() -> None:
    check(state())
    check({})
    check({0: {}, 1: {}})
    apart = state()
    apart[1][MODEL] = new_model(CPU)
    apart[1][MODEL][LAST] = 1.0  # says nothing of the model
    check(apart)
    number = state()
    number[0][MEMORY_WEIGHT] = 0.5
    check(number)
    for one in (0, 1):
        alone = state()
        del alone[one][MODEL]
        check(alone)
    check({0: {MODEL: new_model(CPU)}})  # of a parameter that had no gradient yet


def placed(tensor: Tensor, placements: str) -> Tensor:
    tensor.placements = placements  # type: ignore[attr-defined]
    return tensor


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.update({7: {}}), "state for 7, which is none of the parameters"),
        (lambda s: s.update({1: 3}), "the state of parameter 1 is of type int"),
        (lambda s: s[1].update(other=1, more=2), "parameter 1 has 'more', 'other'; allowed: a s"),
        (lambda s: s[1].update({MEMORY_WEIGHT: 1.0}), "parameter 1 has 'memory_weight'; allowed"),
        (lambda s: s[0].pop("rows"), "the state of parameter 0 lacks rows"),
        (lambda s: s[0].pop("point"), "the state of parameter 0 lacks point"),
        (lambda s: s[0].pop(MEMORY_WEIGHT), "the state of parameter 0 lacks memory_weight"),
        (
            lambda s: [s[i].pop(MODEL) for i in s],
            "lacks the model's numbers; allowed: model in the state of one parameter at least",
        ),
        (
            lambda s: s[1].update({MODEL: new_model(CPU) + torch.eye(LAST.stop)[INDEX["weight"]]}),
            "weight differ in the states of parameters 0 and 1",
        ),
        (
            lambda s: s[1].update({MODEL: new_model(CPU) + 1}),
            "skipped, below, steps, loss_avg, weight, inner_avg, lower_bound",
        ),
        (
            lambda s: s[0].update({GRAD_AVG: 1.0}),
            "grad_avg of parameter 0 is of type float; allowed: a tensor",
        ),
        (lambda s: s[0].update({MODEL: 1.0}), "model of parameter 0 is of type float; allowed: a"),
        (
            lambda s: s[0].update({MODEL: torch.ones(2)}),
            f"model of parameter 0 has shape (2,); allowed: ({LAST.stop},)",
        ),
        (
            lambda s: s[0].update({MEMORY_WEIGHT: "1"}),
            "memory_weight of parameter 0 is of type str; allowed: a tensor, or a number",
        ),
        (
            lambda s: s[0].update({MEMORY_WEIGHT: torch.ones(1)}),
            "memory_weight of parameter 0 has shape (1,); allowed: ()",
        ),
        (
            lambda s: s[0].update({GRAD_AVG: torch.ones(3)}),
            "grad_avg of parameter 0 has shape (3,); allowed: the parameter's, (2,)",
        ),
        (
            lambda s: s[0].update(rows=torch.ones(2)),
            "rows of parameter 0 has shape (2,); allowed: (3,)",
        ),
        (
            lambda s: s[0].update({GRAD_AVG: placed(torch.ones(2), "there")}),
            "grad_avg of parameter 0 has placements there; allowed: those of the parameter, None",
        ),
        (
            lambda s: s[0].update({GRAD_AVG: torch.ones(2, dtype=torch.complex64)}),
            "grad_avg of parameter 0 is complex; allowed: real numbers",
        ),
        (
            lambda s: s[0].update({MEMORY_WEIGHT: torch.tensor(1j)}),
            "memory_weight of parameter 0 is complex; allowed: real numbers",
        ),
    ],
)
def test_what_may_not_be_loaded(change: Callable[[Any], Any], message: str) -> None:
    changed = state()
    change(changed)
    with pytest.raises(ValueError, match=re.escape(message)):
        check(changed)


def test_only_what_is_a_number_itself_may_lack_the_word_or() -> None:
    """Of what belongs to a parameter, and of the model, a number is no tensor."""
    for name in (GRAD_AVG, MODEL):
        changed = state()
        changed[0][name] = 1.0
        with pytest.raises(ValueError, match=r"allowed: a tensor$"):
            check(changed)


def test_complex_parameters_have_complex_state() -> None:
    p = Parameter(torch.ones(2, dtype=torch.complex64))
    own = {GRAD_AVG: torch.ones(2, dtype=torch.complex64), MODEL: new_model(CPU)}
    check_loaded({0: own}, {0: p}, {0: ({}, ())}, "Momo")
    own[MODEL] = own[MODEL].to(torch.complex64)
    with pytest.raises(ValueError, match="model of parameter 0 is complex"):
        check_loaded({0: own}, {0: p}, {0: ({}, ())}, "Momo")


def test_placements_are_those_of_the_parameter() -> None:
    p = placed(torch.ones(2), "here")
    own = {GRAD_AVG: placed(torch.ones(2), "here"), MODEL: new_model(CPU)}
    check_loaded({0: own}, {0: p}, {0: ({}, ())}, "Momo")
    own[GRAD_AVG] = torch.ones(2)
    with pytest.raises(ValueError, match="grad_avg of parameter 0 has placements None"):
        check_loaded({0: own}, {0: p}, {0: ({}, ())}, "Momo")


def test_parameters_by_number() -> None:
    a, b, c = (torch.ones(n) for n in (1, 2, 3))
    found = by_number([{"params": [5, 3]}, {"params": [4]}], [{"params": [a, b]}, {"params": [c]}])
    assert list(found) == [5, 3, 4]
    assert all(found[number] is p for number, p in ((5, a), (3, b), (4, c)))


def test_what_torch_has_cast_has_its_precision_and_its_own_memory() -> None:
    p = Parameter(torch.ones(2, dtype=torch.bfloat16))
    fine = torch.tensor([1 + 2.0**-20, 2.0])
    given = {
        MODEL: new_model(CPU).nan_to_num() + 1 + 2.0**-40,
        GRAD_AVG: fine.bfloat16(),
        "moment": fine,
        MEMORY_WEIGHT: 1 + 2.0**-40,
    }
    cast: Any = {p: {MODEL: new_model(CPU).bfloat16()}}
    restore_precision(
        cast, {"param_groups": [{"params": [8]}], "state": {8: given}}, [{"params": [p]}]
    )
    kept = cast[p]
    assert kept["moment"].tolist() == fine.tolist()
    assert kept[MEMORY_WEIGHT].item() == 1 + 2.0**-40
    assert kept[GRAD_AVG].dtype == torch.bfloat16
    for name, value in given.items():
        if isinstance(value, Tensor):
            assert kept[name].data_ptr() != value.data_ptr()
            assert torch.equal(kept[name], value)


# ---- what is kept --------------------------------------------------------------------------


def test_a_new_model_is_0_and_its_last_step_nan() -> None:
    made = new_model(CPU)
    assert (made.dtype, made.shape) == (torch.float64, (LAST.stop,))
    assert made[LAST].isnan().all()
    assert not made[: LAST.start].any()
    assert [scalar_dtype(torch.device(d)) for d in ("mps", "cuda")] == [
        torch.float32,
        torch.float64,
    ]


def test_new_memory_is_0_and_points_are_x() -> None:
    p = Parameter(torch.tensor([[1.0, 2.0]], dtype=torch.bfloat16))
    made = new_memory(p, {"moment": (1, 2), "rows": (3,)}, ("point",))
    assert list(made) == [GRAD_AVG, "moment", "rows", "point", MEMORY_WEIGHT]
    assert [tuple(t.shape) for t in made.values()] == [(1, 2), (1, 2), (3,), (1, 2), ()]
    assert made["point"].tolist() == [[1, 2]]
    assert not any(t.any() for name, t in made.items() if name != "point")
    assert made[GRAD_AVG].dtype == torch.bfloat16
    assert all(made[name].dtype == torch.float32 for name in ("moment", "rows", "point"))
    assert made[MEMORY_WEIGHT].dtype == torch.float64
    assert list(new_memory(p, {}, ())) == [GRAD_AVG]
    full = Parameter(torch.ones(1))
    copied = new_memory(full, {}, ("point",))["point"]
    assert copied.data_ptr() != full.data_ptr()
    assert [memory_dtype(t) for t in (p, full.double())] == [torch.float32, torch.float64]


def test_numbers_are_written_where_they_are() -> None:
    target = torch.tensor(1.0)
    where = target.data_ptr()
    assign_(target, torch.tensor(2.0))
    assert (target.item(), target.data_ptr()) == (2, where)


def test_all_parameters_with_state_share_the_model() -> None:
    a, b, c = (Parameter(torch.ones(1)) for _ in range(3))
    state: Any = {a: {}, b: {GRAD_AVG: torch.ones(1)}, c: {GRAD_AVG: torch.ones(1)}}
    assert find_model(state) is None
    model = model_of(state, a, CPU)
    assert [set(entry) for entry in state.values()] == [set(), {GRAD_AVG, MODEL}, {GRAD_AVG, MODEL}]
    assert state[b][MODEL] is state[c][MODEL] is model is find_model(state)
    # One that is new has it too, and another tensor in its place is found out.
    state[a][GRAD_AVG] = torch.ones(1)
    assert model_of(state, b, CPU) is model is state[a][MODEL]
    moved = state[a][MODEL] = model + 1
    assert model_of(state, b, CPU) is moved is state[b][MODEL] is state[c][MODEL]
    # In another dtype or elsewhere it is brought back.
    for other in (moved.to(torch.float32), moved.to("meta")):
        share_model(state, other)
        device = torch.device("meta") if other.is_meta else CPU
        back = model_of(state, a, device)
        assert (back.dtype, back.device) == (torch.float64, device)
        assert all(entry[MODEL] is back for entry in state.values())


def test_without_any_state_the_first_parameter_keeps_the_model() -> None:
    a, b = Parameter(torch.ones(1)), Parameter(torch.ones(1))
    state: Any = {a: {}, b: {}}
    model = model_of(state, a, CPU)
    assert state[a] == {MODEL: model}
    assert not state[b]
    assert model_of(state, a, CPU) is model
    state[b][GRAD_AVG] = torch.ones(1)
    assert model_of(state, a, CPU) is model is state[b][MODEL]
    # Without a parameter there is none to keep it.
    state = {}
    assert model_of(state, None, CPU).shape == (LAST.stop,)
    assert not state
