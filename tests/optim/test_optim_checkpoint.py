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
    LAST,
    MEMORY_WEIGHT,
    MODEL,
    assign_,
    find_model,
    keep_one_model,
    memory_dtype,
    model_dtype,
    model_of,
    new_memory,
    new_model,
)

CPU = torch.device("cpu")
MEMORY: Any = {0: ({"moment": (2,), "rows": (3,)}, ("point",)), 1: ({}, ())}


def parameters() -> dict[int, Tensor]:
    return {0: Parameter(torch.ones(2)), 1: Parameter(torch.ones(2, 2))}


def state() -> dict[int, dict[str, Any]]:
    """Of a parameter with memory and a point, which has the model; and of one without."""
    own = {GRAD_AVG: torch.ones(2), "moment": torch.ones(2), "rows": torch.ones(3)}
    own |= {"point": torch.ones(2), MEMORY_WEIGHT: torch.tensor(0.5)}
    return {0: {**own, **new_model(CPU)}, 1: {GRAD_AVG: torch.ones(2, 2)}}


def check(changed: dict[int, Any]) -> None:
    check_loaded(changed, parameters(), MEMORY, "Momo")


def test_what_may_be_loaded() -> None:
    check(state())
    check({})
    both = state()
    both[1] |= new_model(CPU)
    both[1][LAST] = both[0][LAST] + 1  # says nothing of the model
    check(both)
    numbers = state()
    numbers[0]["weight"], numbers[0][MEMORY_WEIGHT] = 0.0, 0.5
    check(numbers)
    only = state()
    only[0] = {name: only[0][name] for name in MODEL}  # of a parameter that had no gradient yet
    check(only)


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
        (lambda s: [s[0].pop(name) for name in MODEL], "lacks the model's numbers (loss_avg, "),
        (lambda s: s[0].pop("weight"), "the state dict lacks weight of the model's numbers"),
        (lambda s: s[0].pop(LAST), "the state dict lacks last of the model's numbers"),
        (
            lambda s: s[1].update({**new_model(CPU), "weight": 1.0, "steps": 2}),
            "weight, steps differ in the states of parameters 0 and 1",
        ),
        (
            lambda s: s[0].update({GRAD_AVG: 1.0}),
            "grad_avg of parameter 0 is of type float; allowed: a tensor",
        ),
        (lambda s: s[0].update(weight="1"), "weight of parameter 0 is of type str; allowed: a t"),
        (lambda s: s[0].update(weight="1"), "allowed: a tensor, or a number"),
        (lambda s: s[0].update(last=1.0), "last of parameter 0 is of type float; allowed: a tens"),
        (
            lambda s: s[0].update(last=torch.ones(2)),
            "last of parameter 0 has shape (2,); allowed: (8,)",
        ),
        (
            lambda s: s[0].update(weight=torch.ones(1)),
            "weight of parameter 0 has shape (1,); allowed: ()",
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
            lambda s: s[0].update(weight=torch.tensor(1j)),
            "weight of parameter 0 is complex; allowed: real numbers",
        ),
    ],
)
def test_what_may_not_be_loaded(change: Callable[[Any], Any], message: str) -> None:
    changed = state()
    change(changed)
    with pytest.raises(ValueError, match=re.escape(message)):
        check(changed)


def test_only_what_is_a_number_itself_may_lack_the_word_or() -> None:
    """Of what belongs to a parameter, and of the last step, a number is no tensor."""
    for name in (GRAD_AVG, LAST):
        changed = state()
        changed[0][name] = 1.0
        with pytest.raises(ValueError, match=r"allowed: a tensor$"):
            check(changed)


def test_complex_parameters_have_complex_state() -> None:
    p = Parameter(torch.ones(2, dtype=torch.complex64))
    own = {GRAD_AVG: torch.ones(2, dtype=torch.complex64), **new_model(CPU)}
    check_loaded({0: own}, {0: p}, {0: ({}, ())}, "Momo")
    own["weight"] = torch.tensor(1j)
    with pytest.raises(ValueError, match="weight of parameter 0 is complex"):
        check_loaded({0: own}, {0: p}, {0: ({}, ())}, "Momo")


def test_placements_are_those_of_the_parameter() -> None:
    p = placed(torch.ones(2), "here")
    own = {GRAD_AVG: placed(torch.ones(2), "here"), **new_model(CPU)}
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
        **new_model(CPU),
        GRAD_AVG: fine.bfloat16(),
        "moment": fine,
        MEMORY_WEIGHT: 1 + 2.0**-40,
        "steps": 3,
    }
    cast: Any = {p: {"steps": torch.tensor(3.0)}}
    restore_precision(
        cast, {"param_groups": [{"params": [8]}], "state": {8: given}}, [{"params": [p]}]
    )
    kept = cast[p]
    assert kept["moment"].tolist() == fine.tolist()
    assert kept[MEMORY_WEIGHT].item() == 1 + 2.0**-40
    assert (kept["steps"].item(), kept["steps"].dtype) == (3, torch.int64)
    assert kept[GRAD_AVG].dtype == torch.bfloat16
    for name, value in given.items():
        if isinstance(value, Tensor):
            assert kept[name].data_ptr() != value.data_ptr()
            assert torch.equal(kept[name], value) or name == LAST


# ---- what is kept --------------------------------------------------------------------------


def test_a_new_model_is_0_and_its_last_step_nan() -> None:
    made = new_model(CPU)
    assert list(made) == list(MODEL)
    assert made[LAST].isnan().all()
    assert made[LAST].shape == (8,)
    assert all(made[name] == 0 for name in MODEL if name != LAST)
    assert {n for n in MODEL if made[n].dtype == torch.int64} == {"steps", "skipped", "below"}
    assert all(made[n].dtype == torch.float64 for n in MODEL if n not in ("steps", "skipped", "below"))
    elsewhere = torch.device("mps")
    assert model_dtype("weight", elsewhere) == torch.float32
    assert model_dtype("steps", elsewhere) == torch.int64


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


def test_the_model_is_with_the_first_parameter() -> None:
    a, b = Parameter(torch.ones(1)), Parameter(torch.ones(1))
    state: Any = {a: {}, b: {}}
    assert find_model(state, a) == (None, None)
    held = model_of(state, a, CPU, partitioned=False)
    assert held is state[a]
    assert set(held) == set(MODEL)
    held["weight"].fill_(0.5)
    assert find_model(state, a) == find_model(state, None) == find_model(state, b) == (held, a)
    # The parameters are reordered: it goes to the one that is first now.
    moved = model_of(state, b, CPU, partitioned=False)
    assert moved is state[b]
    assert moved["weight"] == 0.5
    assert not state[a]
    # Without a parameter there is none to keep it.
    assert not new_model(CPU).keys() - model_of(state, None, CPU, partitioned=False).keys()
    assert moved["weight"] == 0.5


def test_a_model_is_kept_once() -> None:
    a, b = Parameter(torch.ones(1)), Parameter(torch.ones(1))
    for partitioned in (True, False):
        state: Any = {p: {GRAD_AVG: 1, **new_model(CPU)} for p in (a, b)}
        assert model_of(state, a, CPU, partitioned) is state[a]
        assert set(state[b]) == ({GRAD_AVG} if partitioned else {GRAD_AVG, *MODEL})
    keep_one_model(state, state[b])
    assert set(state[a]) == {GRAD_AVG}
    assert set(state[b]) == {GRAD_AVG, *MODEL}
