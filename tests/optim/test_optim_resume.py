# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs with frozen parameters are resumed by torch's own means, as those of AdamW are.

`torch.distributed.checkpoint` loads no state of parameters that do not require gradients.
"""

from __future__ import annotations

import io
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import torch
from optim_training import bits, numbers, of
from rows_with_loss import METHODS
from torch import nn
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_optimizer_state_dict,
    get_state_dict,
    set_optimizer_state_dict,
    set_state_dict,
)

from momo.core.iterates import BASE_POINT
from momo.methods import PAPER, Hyperparameters
from momo.optim.reading import as_on_a_device
from momo.optim.state import GRAD_AVG, INDEX, MODEL, find_model

TUNED = Hyperparameters(lr=0.3, beta=0.8, weight_decay=0.05, beta2=0.9, eps=1e-6, lb=-0.1)
ADAMW = "torch's AdamW"
STEPS = 4
Running = tuple[nn.Module, Any]

pytestmark = pytest.mark.filterwarnings("ignore:.*optimizer state dict.*:UserWarning")


@dataclass(frozen=True)
class Situation:
    """Which parameters are frozen, by index: from the start, before step 2, and when loaded.

    Attributes
    ----------
    before
        How many steps there are before the run is saved.
    grouped
        Whether the first parameter group is empty.
    """

    start: tuple[int, ...] = ()
    midway: tuple[int, ...] = ()
    loaded: tuple[int, ...] = ()
    before: int = STEPS
    grouped: bool = False


SITUATIONS = {
    "nothing is frozen": Situation(),
    "the first from the start": Situation(start=(0,)),
    "the first from step 2 on": Situation(midway=(0,)),
    "the first when it is loaded": Situation(loaded=(0,)),
    "others when it is loaded": Situation(loaded=(2, 5)),
    "some from step 2 on, others later": Situation((1,), (3, 4), (0,)),
    "saved before the first step": Situation(before=0),
    "frozen, and saved before the first step": Situation(start=(0,), before=0),
    "an empty first group": Situation(grouped=True),
    "an empty first group, and frozen": Situation(midway=(0,), grouped=True),
}
WAYS = {
    "plain": StateDictOptions(),
    "flat": StateDictOptions(flatten_optimizer_state_dict=True),
    "full": StateDictOptions(full_state_dict=True, cpu_offload=True),
}


@cache
def drawn() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3, bias=False), nn.Tanh(), nn.Linear(3, 3)
    ).append(nn.LayerNorm(3))


def network() -> nn.Module:
    return deepcopy(drawn())


def freeze(model: nn.Module, which: tuple[int, ...]) -> None:
    for index, p in enumerate(model.parameters()):
        if index in which:
            p.requires_grad_(False)


def started(name: str, situation: Situation, *frozen: tuple[int, ...]) -> Running:
    model = network()
    for which in (situation.start, *frozen):
        freeze(model, which)
    groups = [{"params": []}] if situation.grouped else []
    params: Any = [*groups, {"params": list(model.parameters())}]
    if name == ADAMW:
        return model, torch.optim.AdamW(params, lr=0.01)
    row = METHODS[name]
    return model, row.torch_class()(params, **row.torch_arguments(TUNED))


def backward(running: Running, step: int) -> torch.Tensor:
    model, optimizer = running
    x = torch.randn(5, 3, generator=torch.Generator().manual_seed(step))
    x = x.to(next(model.parameters()).dtype)
    optimizer.zero_grad()
    loss: torch.Tensor = 0.1 * (model(x) - x.sin()).square().mean()
    loss.backward()
    return loss


def take(running: Running, step: int) -> None:
    loss, (_, optimizer) = backward(running, step), running
    if isinstance(optimizer, torch.optim.AdamW):
        optimizer.step()
    else:
        optimizer.step(loss=loss)


def first_half(name: str, situation: Situation) -> Running:
    running = started(name, situation)
    for step in range(situation.before):
        if step == 2:
            freeze(running[0], situation.midway)
        take(running, step)
    return running


def carried_over(old: Running, new: Running, way: str) -> None:
    """Load one run into the other, from a file."""
    by_torch = way == "torch.save"
    if by_torch:
        saved = (old[0].state_dict(), old[1].state_dict())
    else:
        saved = get_state_dict(*old, options=WAYS[way])
    file = io.BytesIO()
    torch.save(saved, file)
    file.seek(0)
    model, optimizer = torch.load(file, weights_only=True)
    if by_torch:
        new[0].load_state_dict(model)
        new[1].load_state_dict(optimizer)
    else:
        set_state_dict(*new, model_state_dict=model, optim_state_dict=optimizer, options=WAYS[way])


def resumed(name: str, situation: Situation, way: str) -> bool:
    """Let a run and its copy go on; return whether torch can make the copy.

    It cannot where it raises, or leaves settings out; then a method of ours says so.
    """
    old = first_half(name, situation)
    new = started(name, situation, situation.midway, situation.loaded)
    try:
        carried_over(old, new, way)
        take(new, STEPS)
    except (ValueError, LookupError):
        return False
    freeze(old[0], situation.loaded)
    take(old, STEPS)
    for step in range(STEPS + 1, 2 * STEPS + 1):
        pairs = zip(old[0].parameters(), new[0].parameters(), strict=True)
        assert all(bits(p) == bits(q) for p, q in pairs), (way, step)
        take(old, step)
        take(new, step)
    return True


@cache
def possible_for_adamw(situation: str, way: str) -> bool:
    """What torch makes of its own optimizer, which is the same beside each of our methods."""
    return resumed(ADAMW, SITUATIONS[situation], way)


# All situations for the methods of the paper, and half of them, by turns, for the others.
@pytest.mark.parametrize(
    ("name", "situation"),
    [
        pytest.param(
            name, situation, marks=() if name in PAPER or (i + j) % 2 else pytest.mark.slow
        )
        for i, name in enumerate(METHODS)
        for j, situation in enumerate(SITUATIONS)
    ],
)
def test_a_frozen_parameter_changes_nothing_of_resuming(name: str, situation: str) -> None:
    for way in ("torch.save", *WAYS):
        possible = possible_for_adamw(situation, way)
        assert resumed(name, SITUATIONS[situation], way) == possible, way
        assert possible or (SITUATIONS[situation].grouped and way != "torch.save")


@pytest.mark.parametrize("name", METHODS)
def test_nor_where_no_value_is_read(name: str) -> None:
    """As on a device, where the numbers of the model are tensors."""
    with as_on_a_device():
        assert resumed(name, SITUATIONS["some from step 2 on, others later"], "plain")
        assert resumed(name, SITUATIONS["the first when it is loaded"], "flat")


@pytest.mark.parametrize("name", METHODS)
def test_the_line_goes_on_through_what_is_frozen_as_if_it_had_no_gradient(name: str) -> None:
    """In the parameters, to rounding: the reference has groups without a gradient, none frozen."""
    runs = {}
    for how in ("frozen", "unused"):
        model, optimizer = started(name, Situation())
        model.double()
        for step in range(3 * STEPS):
            away = STEPS <= step < 2 * STEPS
            for p in list(model.parameters())[:3]:
                p.requires_grad_(not (away and how == "frozen"))
            loss = backward((model, optimizer), step)
            if away:
                for p in list(model.parameters())[:3]:
                    p.grad = None
            optimizer.step(loss=loss)
        runs[how] = [p.detach() for p in of(optimizer)] + [optimizer.last.value]
    for p, q in zip(*runs.values(), strict=True):
        torch.testing.assert_close(p, q, rtol=2**-36, atol=2**-36)


@pytest.mark.parametrize("name", METHODS)
def test_each_step_says_where_the_line_is(name: str) -> None:
    """``<d, z> - γ`` where the step has led, of all that is not frozen: found without vectors."""
    model, optimizer = started(name, Situation())
    model.double()
    for step in range(2 * STEPS):
        if step == STEPS:
            freeze(model, (0, 3))
        take((model, optimizer), step)
        entries = [(p, optimizer.state[p]) for p in of(optimizer) if p.requires_grad]
        products = [float((e[GRAD_AVG] * e.get(BASE_POINT, p.detach())).sum()) for p, e in entries]
        kept = numbers(optimizer)
        rounding = 2**-48 * (sum(map(abs, products)) + abs(float(kept["inner_avg"])))
        assert abs(sum(products) - kept["inner_avg"] - kept["offset"]) <= rounding


# ---- flattened, without the state of a parameter -------------------------------------------------


@pytest.mark.parametrize("name", METHODS)
def test_a_flattened_state_dict_says_whose_state_it_lacks(name: str) -> None:
    flat = WAYS["flat"]
    model, optimizer = started(name, Situation(), (2,))
    take((model, optimizer), 0)
    saved = get_optimizer_state_dict(model, optimizer, options=flat)
    other, new = started(name, Situation())
    with pytest.raises(
        ValueError, match=r"no state of parameter '2\.weight'; allowed: .*freez|froz"
    ):
        set_optimizer_state_dict(other, new, saved, options=flat)
    # What it says is allowed, is.
    freeze(other, (2,))
    set_optimizer_state_dict(other, new, saved, options=flat)
    other[2].weight.requires_grad_(True)
    take((other, new), 1)
    assert GRAD_AVG in new.state[other[2].weight]


def test_a_flattened_state_dict_of_before_the_model_was_one_tensor_says_what_it_lacks() -> None:
    flat = WAYS["flat"]
    running = started("momo", Situation())
    take(running, 0)
    saved = get_optimizer_state_dict(*running, options=flat)
    for key in [key for key in saved if key.endswith(f".{MODEL}")]:
        del saved[key]
    with pytest.raises(ValueError, match=r"has no model of parameter '0\.weight'; allowed: "):
        set_optimizer_state_dict(*started("momo", Situation()), saved, options=flat)


# ---- by name -------------------------------------------------------------------------------------


Names = tuple[tuple[str, ...], ...]


def named(name: str, groups: Names, values: dict[str, float]) -> Any:
    """Return an optimizer of parameters of one shape, each of one value, by name."""
    params = [
        {"params": [(n, nn.Parameter(torch.full((2, 2), values[n]))) for n in group]}
        for group in groups
    ]
    row = METHODS[name]
    return row.torch_class()(params, **row.torch_arguments(TUNED))


VALUES = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}


def stepped(optimizer: Any, step: int) -> Any:
    for group in optimizer.param_groups:
        for name, p in zip(group["param_names"], group["params"], strict=True):
            size = VALUES[name] + step
            p.grad = torch.tensor([[size, -0.5], [0.25 * step, 1.0]])
    optimizer.step(loss=2.0)
    return optimizer


def by_name(optimizer: Any) -> dict[str, Any]:
    return {
        name: (p.detach(), optimizer.state[p][GRAD_AVG])
        for group in optimizer.param_groups
        for name, p in zip(group["param_names"], group["params"], strict=True)
    }


@pytest.mark.parametrize("name", METHODS)
def test_state_is_matched_by_name_in_any_order_of_a_group(name: str) -> None:
    old = stepped(named(name, (("a", "b", "c"), ("d",)), VALUES), 0)
    values = {n: float(p[0, 0]) for n, (p, _) in by_name(old).items()}
    assert len(set(values.values())) > 1
    new = named(name, (("c", "a", "b"), ("d",)), VALUES)
    with torch.no_grad():
        for n, (p, _) in by_name(stepped(new, 0)).items():
            p.copy_(by_name(old)[n][0])
    new.load_state_dict(old.state_dict())
    assert [group["param_names"] for group in new.param_groups] == [["c", "a", "b"], ["d"]]
    for n, (_, d) in by_name(new).items():
        assert torch.equal(d, by_name(old)[n][1]), n
    # The sums have another order.
    stepped(old, 1)
    for n, (p, _) in by_name(stepped(new, 1)).items():
        torch.testing.assert_close(p, by_name(old)[n][0], rtol=2**-18, atol=2**-18)


OTHERS: dict[str, tuple[Names, str]] = {
    "another name": (
        (("a", "b", "x"), ("d",)),
        r"param_groups\[0\] .* does not have there: 'c'; it lacks 'x'; allowed: the same names",
    ),
    "in another group": (
        (("a", "b"), ("c", "d")),
        r"param_groups\[0\] .* does not have there: 'c'; it lacks none; allowed",
    ),
    "swapped between groups": (
        (("a", "b", "d"), ("c",)),
        r"param_groups\[0\] .* does not have there: 'c'; it lacks 'd'; allowed",
    ),
}


@pytest.mark.parametrize(("groups", "message"), OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("name", METHODS)
def test_other_names_are_refused_and_named(name: str, groups: Names, message: str) -> None:
    old = stepped(named(name, (("a", "b", "c"), ("d",)), VALUES), 0)
    new = stepped(named(name, groups, {**VALUES, "x": 5.0}), 0) if "x" not in groups[0] else None
    new = new or named(name, groups, {**VALUES, "x": 5.0})
    before = {n: bits(v) for e in new.state.values() for n, v in e.items()}
    with pytest.raises(ValueError, match=message):
        new.load_state_dict(old.state_dict())
    assert {n: bits(v) for e in new.state.values() for n, v in e.items()} == before


def test_where_one_side_has_no_names_the_order_counts() -> None:
    old = stepped(named("momo", (("a", "b"),), VALUES), 0)
    without = old.state_dict()
    del without["param_groups"][0]["param_names"]
    new = named("momo", (("b", "a"),), VALUES)
    new.load_state_dict(without)
    assert torch.equal(by_name(new)["b"][1], by_name(old)["a"][1])
    plain = METHODS["momo"].torch_class()([p for p, _ in by_name(old).values()])
    plain.load_state_dict(old.state_dict())
    first = plain.param_groups[0]["params"][0]
    assert torch.equal(plain.state[first][GRAD_AVG], by_name(old)["a"][1])


def test_names_that_stand_there_twice_cannot_be_reordered() -> None:
    old = stepped(named("momo", (("a", "b", "a"),), VALUES), 0)
    same = named("momo", (("a", "b", "a"),), VALUES)
    same.load_state_dict(old.state_dict())
    assert bits(find_model(same.state)[INDEX["weight"]]) == bits(numbers(old)["weight"])
    with pytest.raises(ValueError, match=r"'a' several times, and another order"):
        named("momo", (("a", "a", "b"),), VALUES).load_state_dict(old.state_dict())


@pytest.mark.parametrize("way", WAYS)
def test_torch_matches_by_name_itself_and_the_names_stay_in_order(way: str) -> None:
    """`torch.distributed.checkpoint` reorders parameters, but hands on the names as they were."""
    model = network()
    row = METHODS["momo_adam"]
    forth = list(model.named_parameters())
    old = row.torch_class()(forth, **row.torch_arguments(TUNED))
    take((model, old), 0)
    saved = get_optimizer_state_dict(model, old, options=WAYS[way])
    other = network()
    back = list(other.named_parameters())[::-1]
    new = row.torch_class()(back, **row.torch_arguments(TUNED))
    set_optimizer_state_dict(other, new, saved, options=WAYS[way])
    assert new.param_groups[0]["param_names"] == [n for n, _ in back]
    for (_, p), (_, q) in zip(forth, reversed(back), strict=True):
        assert torch.equal(old.state[p][GRAD_AVG], new.state[q][GRAD_AVG])
