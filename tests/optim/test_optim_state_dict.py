# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A saved run goes on as if it had not been saved, and what cannot be loaded changes nothing."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import torch
from optim_devices import DEVICES
from optim_training import (
    NAMES,
    TUNED,
    Absent,
    backward,
    bits,
    everything,
    numbers,
    of,
    optimizer,
    parameters,
    snapshot,
    train,
    trajectory,
)
from rows_with_loss import METHODS as TABLE
from torch.nn import Parameter

from momo.methods import PAPER as METHODS
from momo.optim import MomentumModelOptimizer
from momo.optim.state import (
    BOUND,
    COMPENSATION,
    GRAD_AVG,
    INDEX,
    LAST,
    MEMORY_WEIGHT,
    MODEL,
    NUMBERS,
    OTHERS,
    memory_dtype,
)

BEFORE, AFTER = range(4), range(4, 8)
StateDict = dict[str, Any]


def fresh(opt: MomentumModelOptimizer, name: str, **changes: Any) -> MomentumModelOptimizer:
    """Return a new optimizer of other settings, on copies of the parameters, in like groups."""
    groups = [
        {"params": [Parameter(p.detach().clone()) for p in g["params"]]} for g in opt.param_groups
    ]
    if isinstance(opt.param_groups[0]["lr"], torch.Tensor):
        changes = {**changes, "lr": torch.tensor(0.7, dtype=opt.param_groups[0]["lr"].dtype)}
    return optimizer(name, groups, replace(TUNED, lr=0.7, weight_decay=0.0, lb=0.0), **changes)


def loaded(opt: MomentumModelOptimizer, name: str) -> MomentumModelOptimizer:
    new = fresh(opt, name)
    new.load_state_dict(opt.state_dict())
    return new


def saved(opt: MomentumModelOptimizer, name: str) -> MomentumModelOptimizer:
    new = fresh(opt, name)
    file = io.BytesIO()
    torch.save(opt.state_dict(), file)
    file.seek(0)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


COPIES: dict[str, Callable[[MomentumModelOptimizer, str], MomentumModelOptimizer]] = {
    "load_state_dict": loaded,
    "torch.save": saved,
    "deepcopy": lambda opt, name: copy.deepcopy(opt),
    "pickle": lambda opt, name: pickle.loads(pickle.dumps(opt)),
}


@dataclass(frozen=True)
class Case:
    """What is trained: the dtypes of the groups, which groups differ, which gradients are None."""

    dtypes: tuple[torch.dtype, ...] = (torch.float32,)
    settings: tuple[dict[str, Any], ...] = ({},)
    absent: Absent | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    def make(self, name: str, device: str = "cpu", **changes: Any) -> MomentumModelOptimizer:
        groups = [
            {"params": parameters(dtype, device), **setting}
            for dtype, setting in zip(self.dtypes, self.settings, strict=True)
        ]
        return optimizer(name, groups, **self.changes, **changes)


CASES = {
    "float32": Case(),
    "bfloat16": Case((torch.bfloat16,)),
    "float16": Case((torch.float16,)),
    "compensated": Case((torch.bfloat16, torch.float32), ({}, {}), changes={"kahan_sum": True}),
    "complex64": Case((torch.complex64,)),
    "two groups": Case((torch.float32, torch.float32), ({}, {"lr": 0.02, "weight_decay": 0.3})),
    "three dtypes": Case(
        (torch.bfloat16, torch.complex64, torch.float64), ({"lr": 0.1}, {}, {"lr": 0.0})
    ),
    "without some gradients": Case(
        # The first has none at all, the last joins when the run goes on, others come and go.
        absent=lambda k, i: i == 0 or (k + i) % 3 == 0 or (i == 3 and k < BEFORE.stop + 2)
    ),
    "tensor lr": Case(changes={"lr": torch.tensor(0.2)}),
}


@lru_cache
def uninterrupted(name: str, kind: str, foreach: bool | None) -> list[Any]:
    case = CASES[kind]
    opt = train(case.make(name, foreach=foreach), BEFORE, case.absent)
    return trajectory(opt, AFTER, case.absent) + [bits(v) for v in opt.last]


PATHS = [(case, None) for case in CASES] + [("float32", False), ("without some gradients", False)]


@pytest.mark.parametrize(("kind", "foreach"), PATHS)
@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("name", NAMES)
def test_a_copy_goes_on_bit_for_bit(
    name: str, duplicate: Callable[..., MomentumModelOptimizer], kind: str, foreach: bool | None
) -> None:
    case = CASES[kind]
    expected = uninterrupted(name, kind, foreach)
    opt = train(case.make(name, foreach=foreach), BEFORE, case.absent)
    copied = duplicate(opt, name)
    assert snapshot(copied) == snapshot(opt)
    assert not {id(p) for p in of(opt)} & {id(p) for p in of(copied)}
    # One after the other: neither may move what the other has.
    for each in (opt, copied):
        after = trajectory(each, AFTER, case.absent)
        assert after + [bits(v) for v in each.last] == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_of_a_new_optimizer_goes_on_bit_for_bit(name: str) -> None:
    expected = trajectory(CASES["float32"].make(name), BEFORE)
    for duplicate in COPIES.values():
        copied = duplicate(CASES["float32"].make(name), name)
        assert copied.last is None
        assert copied.skipped == 0
        assert trajectory(copied, BEFORE) == expected


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_loaded_is_what_is_saved_again(name: str, case: Case) -> None:
    first = train(case.make(name), BEFORE, case.absent).state_dict()
    second = loaded(train(case.make(name), BEFORE, case.absent), name).state_dict()
    assert [{k: bits(v) for k, v in g.items()} for g in second["param_groups"]] == [
        {k: bits(v) for k, v in g.items()} for g in first["param_groups"]
    ]
    assert comparable(second) == comparable(first)


def comparable(state_dict: StateDict) -> dict[Any, Any]:
    return {k: {n: bits(v) for n, v in e.items()} for k, e in state_dict["state"].items()}


@pytest.mark.parametrize("name", NAMES)
def test_loading_replaces_what_was_there(name: str) -> None:
    expected = trajectory(train(CASES["float32"].make(name), BEFORE), AFTER)
    opt = train(CASES["float32"].make(name), BEFORE)
    kept, weights = copy.deepcopy(opt.state_dict()), [p.detach().clone() for p in of(opt)]
    backward(opt)
    opt.step(loss=float("nan"))
    train(opt, range(20, 24))
    opt.load_state_dict(kept)
    with torch.no_grad():
        for p, x in zip(of(opt), weights, strict=True):
            p.copy_(x)
    assert opt.skipped == 0
    assert trajectory(opt, AFTER) == expected


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("name", NAMES)
def test_no_memory_is_shared_with_what_was_loaded(name: str, case: Case) -> None:
    opt = train(case.make(name), BEFORE, case.absent)
    state_dict = opt.state_dict()
    new = fresh(opt, name)
    new.load_state_dict(state_dict)

    def places(state: dict[Any, Any]) -> set[int]:
        return {v.untyped_storage().data_ptr() for e in state.values() for v in e.values()}

    assert not places(new.state) & places(state_dict["state"])
    lrs = [g["lr"] for g in state_dict["param_groups"] if isinstance(g["lr"], torch.Tensor)]
    for lr in lrs:
        assert all(g["lr"] is not lr for g in new.param_groups)


@pytest.mark.parametrize("shape", [(), (1,)])
@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("name", NAMES)
def test_a_bound_that_all_groups_share_is_still_one(
    name: str, duplicate: Callable[..., MomentumModelOptimizer], shape: tuple[int, ...]
) -> None:
    """On a device its value is not read, so that two tensors of one value would be refused."""
    params = parameters(device="meta")
    groups = [{"params": params[:2]}, {"params": params[2:]}]
    opt = optimizer(name, groups, lb=torch.zeros(shape, device="meta"))
    for each in (opt, duplicate(opt, name)):
        for p in of(each):
            p.grad = torch.empty_like(p)
        each.step(loss=1.0)


# ---- what is in it ------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("name", NAMES)
def test_the_state_is_tensors_of_the_parameters_and_a_fixed_number_of_scalars(
    name: str, case: Case
) -> None:
    opt = case.make(name)
    sizes = []
    for batches in (range(1), range(1, 12)):
        train(opt, batches)
        sizes.append(
            {(i, n, v.numel()) for i, e in enumerate(opt.state.values()) for n, v in e.items()}
        )
    assert sizes[0] == sizes[1]
    assert set(opt.state) == set(of(opt))
    for p, entry in opt.state.items():
        for key, value in entry.items():
            assert isinstance(value, torch.Tensor)
            assert not value.requires_grad
            if key == MODEL:
                assert (value.shape, value.dtype) == ((LAST.stop,), torch.float64)
                assert value is opt.state[of(opt)[0]][MODEL]
            elif key == MEMORY_WEIGHT:
                assert (value.shape, value.dtype) == ((), torch.float64)
            else:
                dtype = p.dtype if key in (GRAD_AVG, COMPENSATION) else memory_dtype(p)
                assert (value.shape, value.dtype) == (p.shape, dtype)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (torch.float32, torch.float64),
        (torch.float32, torch.bfloat16),
        (torch.float64, torch.float32),
        (torch.bfloat16, torch.float32),
        (torch.float16, torch.bfloat16),
        (torch.complex64, torch.complex128),
        (torch.complex128, torch.complex64),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_into_another_dtype_averages_are_rounded_and_the_models_numbers_are_not(
    name: str, old: torch.dtype, new: torch.dtype, device: str
) -> None:
    opt = train(optimizer(name, parameters(old)), BEFORE)
    other = optimizer(name, [Parameter(p.detach().to(device, new)) for p in of(opt)])
    other.load_state_dict(opt.state_dict())
    for p, q in zip(of(opt), of(other), strict=True):
        for key, value in opt.state[p].items():
            exact = key in (MODEL, MEMORY_WEIGHT)
            kept = new if key == GRAD_AVG else memory_dtype(q)
            expected = value if exact else value.to(kept)
            assert bits(other.state[q][key]) == bits(expected), key
            assert other.state[q][key].device == q.device
    before = snapshot(other)
    train(other, AFTER)
    assert numbers(other)["steps"] == len(BEFORE) + len(AFTER)
    assert all(torch.isfinite(v) for v in other.last)
    assert all(torch.isfinite(p).all() for p in of(other))
    assert snapshot(other)["params"] != before["params"]


@pytest.mark.gpu
@pytest.mark.parametrize("name", NAMES)
def test_there_and_back_between_devices_is_exact(name: str) -> None:
    opt = train(CASES["float32"].make(name), BEFORE)
    there = CASES["float32"].make(name, device="cuda")
    there.load_state_dict(opt.state_dict())
    back = fresh(opt, name)
    back.load_state_dict(there.state_dict())
    assert snapshot(back) == snapshot(opt)


# ---- older and edited state dicts that can be loaded --------------------------------------------


def edited(
    name: str, edit: Callable[[StateDict], object], **changes: Any
) -> MomentumModelOptimizer:
    """Return a run that went on from an edited state dict."""
    opt = train(CASES["two groups"].make(name), BEFORE)
    state_dict = copy.deepcopy(opt.state_dict())
    edit(state_dict)
    new = fresh(opt, name, **changes)
    new.load_state_dict(state_dict)
    return new


def holder(state_dict: StateDict) -> dict[str, Any]:
    return state_dict["state"][0]


def without(*keys: str) -> Callable[[StateDict], object]:
    return lambda d: [group.pop(key) for group in d["param_groups"] for key in keys]


OLDER = ("foreach", "kahan_sum", "nonfinite")


@pytest.mark.parametrize("keys", [*((key,) for key in OLDER), OLDER], ids=" ".join)
@pytest.mark.parametrize("name", NAMES)
def test_settings_that_a_state_dict_lacks_are_the_optimizers_own(
    name: str, keys: tuple[str, ...]
) -> None:
    whole = train(CASES["two groups"].make(name), BEFORE)
    new = edited(name, without(*keys), nonfinite="raise", foreach=False, kahan_sum=True)
    own = {"foreach": False, "kahan_sum": True, "nonfinite": "raise"}
    theirs = {"foreach": None, "kahan_sum": False, "nonfinite": "skip"}
    for group in new.param_groups:
        assert {k: group[k] for k in OLDER} == {k: (own if k in keys else theirs)[k] for k in OLDER}
    if "foreach" not in keys:
        assert trajectory(new, AFTER) == trajectory(whole, AFTER)
    assert train(new, range(20, 22)).last.value.isfinite()


def as_numbers(d: StateDict) -> None:
    for entry in d["state"].values():
        for key in set(entry) & {MEMORY_WEIGHT}:
            entry[key] = entry[key].item()


def in_one(d: StateDict) -> None:
    """Leave the model's numbers with one parameter alone."""
    for number, entry in d["state"].items():
        if number != 5:
            del entry[MODEL]


def apart(d: StateDict) -> None:
    """Let each parameter have its own copy."""
    for entry in d["state"].values():
        entry[MODEL] = entry[MODEL].clone()


def older(d: StateDict) -> None:
    """Write the state dict as the version before did: numbers one by one, at the first parameter.

    Its counts were integers.
    """
    models = [entry.pop(MODEL) for entry in d["state"].values()]
    names = ("loss_avg", "weight", "inner_avg", *BOUND, *OTHERS)
    d["state"][0] |= {name: models[0][INDEX[name]].clone() for name in names}
    d["state"][0] |= {n: models[0][INDEX[n]].to(torch.int64) for n in ("steps", "skipped")}
    d["state"][0]["last"] = models[0][LAST][:7].clone()


def older_in_each(d: StateDict) -> None:
    """As several ranks with a part of the parameters each saved them."""
    older(d)
    own = {key: value for key, value in d["state"][0].items() if key in (*NUMBERS, "last")}
    for entry in d["state"].values():
        entry.update(copy.deepcopy(own))


def renumbered(d: StateDict) -> None:
    """Call the parameters by other names, in the order of the groups."""
    names = {i: f"net.{7 - i}" for i in range(8)}
    d["state"] = {names[i]: entry for i, entry in d["state"].items()}
    for group in d["param_groups"]:
        group["params"] = [names[i] for i in group["params"]]


SAME = {f.__name__: f for f in (as_numbers, in_one, apart, older, older_in_each, renumbered)}


@pytest.mark.parametrize("edit", SAME.values(), ids=SAME)
@pytest.mark.parametrize("name", NAMES)
def test_edits_that_say_the_same_change_nothing(
    name: str, edit: Callable[[StateDict], object]
) -> None:
    whole = train(CASES["two groups"].make(name), BEFORE)
    new = edited(name, edit)
    assert trajectory(whole, AFTER)[-1]["params"] == trajectory(new, AFTER)[-1]["params"]
    assert [bits(v) for v in new.last] == [bits(v) for v in whole.last]
    # Whatever was loaded, all parameters have one tensor as the model's numbers.
    models = [entry[MODEL] for entry in new.state_dict()["state"].values()]
    assert len(models) == len(of(new))
    assert all(model is models[0] for model in models)


@pytest.mark.parametrize("name", NAMES)
def test_an_edited_lr_takes_effect(name: str) -> None:
    def halve(d: StateDict) -> None:
        for group in d["param_groups"]:
            group["lr"] /= 2

    whole = train(CASES["two groups"].make(name), BEFORE)
    for group in whole.param_groups:
        group["lr"] /= 2
    new = edited(name, halve)
    assert [g["lr"] for g in new.param_groups] == [g["lr"] for g in whole.param_groups]
    assert trajectory(new, AFTER) == trajectory(whole, AFTER)


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_whose_entry_was_removed_is_one_that_joins(name: str) -> None:
    new = edited(name, lambda d: d["state"].pop(3))
    removed = of(new)[3]
    assert removed not in new.state
    train(new, AFTER)
    assert set(new.state) == set(of(new))
    assert all(torch.isfinite(v) for v in new.last)


# ---- state that others change between two steps --------------------------------------------------


def replace_entries(state: dict[str, Any]) -> None:
    state.update({key: value.clone() for key, value in state.items()})


def move_tensors(state: dict[str, Any]) -> None:
    for value in state.values():
        value.data = value.data.clone()


def share_between_processes(state: dict[str, Any]) -> None:
    for value in state.values():
        value.share_memory_()  # as sending a state dict to another process does


@pytest.mark.parametrize("move", [replace_entries, move_tensors, share_between_processes])
@pytest.mark.parametrize("name", NAMES)
def test_state_may_be_put_elsewhere_between_steps(
    name: str, move: Callable[[dict[str, Any]], None]
) -> None:
    whole, moved = (train(Case().make(name), BEFORE) for _ in range(2))
    for entry in moved.state.values():
        move(entry)
    for batch in AFTER:
        assert snapshot(train(moved, [batch])) == snapshot(train(whole, [batch]))


@pytest.mark.parametrize("name", NAMES)
def test_emptied_entries_are_made_anew_as_emptied_state_is(name: str) -> None:
    anew, emptied = (train(Case().make(name), BEFORE) for _ in range(2))
    anew.state.clear()
    for entry in emptied.state.values():
        entry.clear()
    assert trajectory(emptied, AFTER) == trajectory(anew, AFTER)


# ---- what cannot be loaded ----------------------------------------------------------------------


def set_in_holder(key: str, value: Any) -> Callable[[StateDict], object]:
    return lambda d: holder(d).update({key: value})


def set_in_older(key: str, value: Any) -> Callable[[StateDict], object]:
    return lambda d: (older(d), holder(d).update({key: value}))


def set_in_groups(**values: Any) -> Callable[[StateDict], object]:
    return lambda d: [group.update(values) for group in d["param_groups"]]


def doubled(d: StateDict) -> None:
    apart(d)
    d["state"][5][MODEL][INDEX["loss_avg"]] += 1


def reshaped(d: StateDict) -> None:
    d["state"][1][GRAD_AVG] = d["state"][1][GRAD_AVG].reshape(2, 2)


def replaced(d: StateDict, state: dict[Any, Any]) -> None:
    d["state"] = state


REFUSED: dict[str, tuple[Callable[[StateDict], object], str]] = {
    "d of another shape": (reshaped, r"grad_avg of parameter 1 has shape \(2, 2\)"),
    "d as a list": (lambda d: d["state"][1].update(grad_avg=[0.0] * 4), "grad_avg .* type list"),
    "d as an array": (
        lambda d: d["state"][1].update(grad_avg=np.zeros(4)),
        "grad_avg of parameter 1 is of type ndarray; allowed: a tensor",
    ),
    "d as a number": (lambda d: d["state"][2].update(grad_avg=0.0), "grad_avg .* type float"),
    "complex d": (
        lambda d: d["state"][1].update(grad_avg=torch.zeros(4, dtype=torch.complex64)),
        "grad_avg of parameter 1 is complex",
    ),
    "a model of another length": (
        set_in_holder(MODEL, torch.ones(1)),
        rf"model of parameter 0 has shape \(1,\); allowed: \({LAST.stop},\)",
    ),
    "a complex model": (
        set_in_holder(MODEL, torch.zeros(LAST.stop, dtype=torch.complex128)),
        "model .* complex",
    ),
    "a model that is a number": (set_in_holder(MODEL, 1.0), "model .* type float"),
    "no entry with the model": (
        lambda d: [entry.pop(MODEL) for entry in d["state"].values()],
        "lacks the model's numbers",
    ),
    "models that differ": (doubled, "loss_avg differ in the states of parameters 0 and 5"),
    "older, a scalar of one element": (
        set_in_older("loss_avg", torch.ones(1)),
        r"loss_avg of parameter 0 has shape \(1,\); allowed: \(\)",
    ),
    "older, a scalar of two": (set_in_older("weight", torch.ones(2)), r"weight .* shape \(2,\)"),
    "older, complex": (set_in_older("inner_avg", torch.tensor(1j)), "inner_avg .* complex"),
    "older, a complex number": (set_in_older("inner_avg", 1j), "inner_avg .* type complex"),
    "older, None": (set_in_older("lower_bound", None), "lower_bound .* type NoneType"),
    "older, text": (set_in_older("steps", "5"), "steps .* type str; allowed: a tensor, or a num"),
    "older, a last step of other length": (
        set_in_older("last", torch.zeros(3)),
        r"last .* shape \(3,\)",
    ),
    "older, a last step that is a number": (set_in_older("last", 0.0), "last .* type float"),
    "older, a number too few": (lambda d: (older(d), holder(d).pop("steps")), "lacks steps"),
    "older, without the numbers": (
        lambda d: (older(d), d["state"].pop(0)),
        "lacks the model's numbers",
    ),
    "older and new": (lambda d: holder(d).update(weight=torch.ones(())), "parameter 0 has 'wei"),
    "an unknown name": (set_in_holder("step", torch.ones(())), "parameter 0 has 'step'"),
    "an unknown name that is no text": (set_in_holder(3, torch.ones(())), "parameter 0 has 3"),
    "a parameter that is not there": (
        lambda d: d["state"].update({99: dict(d["state"][1])}),
        "state for 99, which is none of the parameters",
    ),
    "a list as an entry": (lambda d: d["state"].update({1: [1, 2]}), "parameter 1 is of type list"),
    "a group too few": (lambda d: d["param_groups"].pop(), "number of parameter groups"),
    "a parameter too few": (lambda d: d["param_groups"][1]["params"].pop(), "size of optimizer"),
    "lr < 0": (set_in_groups(lr=-0.1), r"lr = -0\.1 .*allowed: lr >= 0"),
    "lr is text": (set_in_groups(lr="0.1"), "lr = '0.1'"),
    "weight_decay < 0": (set_in_groups(weight_decay=-1), r"weight_decay = -1\.0 "),
    "unequal lb": (lambda d: d["param_groups"][1].update(lb=-7.0), r"lb = -7\.0"),
    "nonfinite": (set_in_groups(nonfinite="ignore"), "nonfinite = 'ignore'"),
    "maximize": (set_in_groups(maximize=True), "maximize = True"),
    "fused": (set_in_groups(fused=1), "fused = 1"),
    "the published package, list": (
        lambda d: d["state"].update(step_size_list=[]),
        "state for 'step_size_list'.*published momo-opt package",
    ),
    "the published package, bound": (
        lambda d: d["state"].update(fstar=0.1),
        "state for 'fstar'.*published momo-opt package",
    ),
}


def assert_refused(opt: MomentumModelOptimizer, state_dict: StateDict, message: str) -> None:
    untouched = everything(opt)
    given = comparable(
        {"state": {k: e for k, e in state_dict["state"].items() if isinstance(e, dict)}}
    )
    with pytest.raises((ValueError, TypeError), match=message):
        opt.load_state_dict(state_dict)
    assert everything(opt) == untouched
    again = {k: e for k, e in state_dict["state"].items() if isinstance(e, dict)}
    assert comparable({"state": again}) == given


@pytest.mark.parametrize(("edit", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_loaded_is_refused_and_changes_nothing(
    name: str, edit: Callable[[StateDict], object], message: str
) -> None:
    opt = train(CASES["two groups"].make(name), BEFORE)
    state_dict = copy.deepcopy(opt.state_dict())
    train(opt, [7])
    edit(state_dict)
    assert_refused(opt, state_dict, message)


@pytest.mark.parametrize("name", [n for n in NAMES if "betas" in METHODS[n].arguments])
@pytest.mark.parametrize("key", [GRAD_AVG, "grad_sq_avg", MEMORY_WEIGHT])
def test_half_an_entry_is_refused(name: str, key: str) -> None:
    opt = train(optimizer(name, parameters()), BEFORE)
    state_dict = copy.deepcopy(opt.state_dict())
    del state_dict["state"][1][key]
    assert_refused(opt, state_dict, f"the state of parameter 1 lacks {key}")


def of_torch(kind: type[torch.optim.Optimizer], steps: int, **arguments: Any) -> StateDict:
    opt = kind(parameters(), **arguments)
    for batch in range(steps):
        backward(opt, batch)
        opt.step()
    return opt.state_dict()


FOREIGN: dict[str, Callable[[], StateDict]] = {
    "SGD": lambda: of_torch(torch.optim.SGD, 2, lr=0.1, momentum=0.9),
    "SGD without momentum": lambda: of_torch(torch.optim.SGD, 2, lr=0.1),
    "Adam": lambda: of_torch(torch.optim.Adam, 2, lr=0.1),
    "AdamW before its first step": lambda: of_torch(torch.optim.AdamW, 0, lr=0.1),
    "Momo of the published package": lambda: {
        "state": {
            "step_size_list": [],
            **{
                i: {GRAD_AVG: torch.zeros_like(p), "grad_dot_w": torch.zeros(1)}
                for i, p in enumerate(parameters())
            },
        },
        "param_groups": [{"lr": 1.0, "weight_decay": 0, "params": [0, 1, 2, 3]}],
    },
    "MomoAdam of the published package": lambda: {
        "state": {
            "step_size_list": [],
            "fstar": 0.0,
            **{
                i: {
                    "step": 3,
                    GRAD_AVG: torch.zeros_like(p),
                    "grad_avg_sq": torch.zeros_like(p),
                    "grad_dot_w": torch.tensor(0.0),
                }
                for i, p in enumerate(parameters())
            },
        },
        "param_groups": [
            {
                "lr": 1e-2,
                "betas": (0.9, 0.999),
                "eps": 1e-8,
                "weight_decay": 0,
                "params": [0, 1, 2, 3],
            }
        ],
    },
}


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("name", NAMES)
def test_the_state_of_another_optimizer_is_refused(
    name: str, make: Callable[[], StateDict]
) -> None:
    # Also before it has state: SGD's momentum = 0, say, would silently become this method's beta.
    assert_refused(train(optimizer(name, parameters()), BEFORE), make(), "allowed: ")


@pytest.mark.parametrize("steps", [0, 3])
@pytest.mark.parametrize("name", NAMES)
def test_momo_and_momo_adam_refuse_each_other(name: str, steps: int) -> None:
    other = "momo" if METHODS[name].optimizer == "MomoAdam" else "momo_adam"
    state_dict = train(optimizer(other, parameters()), range(steps)).state_dict()
    assert_refused(train(optimizer(name, parameters()), BEFORE), state_dict, "allowed: |lacks")


def of_an_older_version(d: StateDict) -> StateDict:
    """β was called so in the groups of most classes, and there was one setting more."""
    for group in d["param_groups"]:
        group.update({"maximize": False})
        if "momentum" in group:
            group["beta"] = group.pop("momentum")
    return d


@pytest.mark.parametrize("name", TABLE)
def test_a_state_dict_of_an_older_version_is_loaded(name: str) -> None:
    row = TABLE[name]
    expected, new = (row.torch_class()(parameters(), **row.fixed) for _ in range(2))
    train(expected, BEFORE)
    with torch.no_grad():
        for p, q in zip(of(new), of(expected), strict=True):
            p.copy_(q)
    older = of_an_older_version(copy.deepcopy(expected.state_dict()))
    groups = copy.deepcopy(older["param_groups"])
    new.load_state_dict(older)
    assert older["param_groups"] == groups
    assert [{*group} for group in new.param_groups] == [{*g} for g in expected.param_groups]
    assert snapshot(new) == snapshot(expected)
    assert trajectory(new, AFTER) == trajectory(expected, AFTER)


def test_a_copy_of_an_older_version_is_restored() -> None:
    expected = train(optimizer("momo", parameters()), BEFORE)
    older = copy.deepcopy(expected)
    for group in (older.defaults, *older.param_groups):
        group.update({"maximize": False, "beta": group.pop("momentum")})
    new = pickle.loads(pickle.dumps(older))
    assert {*new.param_groups[0]} == {*expected.param_groups[0]}
    assert new.defaults == expected.defaults
    assert trajectory(new, AFTER) == trajectory(expected, AFTER)


def test_a_loaded_group_with_two_betas_is_refused() -> None:
    opt = train(optimizer("momo", parameters()), BEFORE)
    state_dict = copy.deepcopy(opt.state_dict())
    state_dict["param_groups"][0]["beta"] = 0.5
    assert_refused(opt, state_dict, "both beta and momentum; allowed: one")


# ---- hooks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_hooks_around_loading_see_the_dict_and_then_the_restored_state(name: str) -> None:
    opt = train(optimizer(name, parameters(torch.bfloat16)), BEFORE)
    kept = opt.state_dict()
    new = fresh(opt, name)
    seen: list[Any] = []

    def before(optimizer: torch.optim.Optimizer, state_dict: StateDict) -> StateDict:
        assert optimizer is new
        seen.append(comparable(state_dict) == comparable(kept))
        groups = [{**group, "lr": 0.125} for group in state_dict["param_groups"]]
        return {**state_dict, "param_groups": groups}

    def after(optimizer: torch.optim.Optimizer) -> None:
        seen.append(snapshot(optimizer))
        seen.append(optimizer.param_groups[0]["lr"])

    new.register_load_state_dict_pre_hook(before)
    new.register_load_state_dict_post_hook(after, prepend=True)
    registered = everything(new)["hooks"]
    new.load_state_dict(kept)
    assert seen == [True, snapshot(opt), 0.125]
    assert everything(new)["hooks"] == registered


@pytest.mark.parametrize("name", NAMES)
def test_what_a_hook_makes_of_the_dict_is_checked_too(name: str) -> None:
    opt = train(optimizer(name, parameters()), BEFORE)
    kept = copy.deepcopy(opt.state_dict())
    opt.register_load_state_dict_pre_hook(lambda o, d: {**d, "state": {0: {"exp_avg": 1.0}}})
    assert_refused(opt, kept, "'exp_avg'")
    failing = train(optimizer(name, parameters()), BEFORE)

    def fail(optimizer: torch.optim.Optimizer, state_dict: StateDict) -> None:
        raise ValueError("mine; allowed: nothing")

    failing.register_load_state_dict_pre_hook(fail)
    assert_refused(failing, kept, "mine")


@pytest.mark.parametrize("name", NAMES)
def test_hooks_around_saving_run(name: str) -> None:
    opt = train(optimizer(name, parameters()), BEFORE)
    calls = []
    opt.register_state_dict_pre_hook(lambda o: calls.append("before"))

    def after(optimizer: torch.optim.Optimizer, state_dict: StateDict) -> StateDict:
        calls.append("after")
        return {**state_dict, "epoch": 3}

    opt.register_state_dict_post_hook(after)
    kept = opt.state_dict()
    assert kept["epoch"] == 3
    assert calls == ["before", "after"]
    new = fresh(opt, name)
    new.load_state_dict(kept)
    assert snapshot(new) == snapshot(opt)


@pytest.mark.parametrize("name", NAMES)
def test_skipped_steps_are_counted_across_a_checkpoint(name: str) -> None:
    opt = train(optimizer(name, parameters()), BEFORE)
    backward(opt)
    opt.step(loss=float("inf"))
    for duplicate in COPIES.values():
        copied = duplicate(opt, name)
        assert copied.skipped == 1
        assert copied.last.step_size == 0
        assert copied.last.value.isnan()
