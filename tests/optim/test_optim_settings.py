# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What counts as a change of hyper-parameters, and what two groups may differ in."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch

from momo.core.method import Method
from momo.core.parts import DECOUPLED, FROM_FIRST, PROXIMAL, Given, Online, ball, penalty
from momo.optim import Momo
from momo.optim.preconditioners import Identity, Sign
from momo.optim.settings import (
    agreed,
    bound_of,
    check_options,
    frozen,
    is_infinite,
    preconditioner_of,
    preconditioners,
    renamed,
    same,
    setting,
    unchanged,
)

OPTIONS = {
    "foreach": None,
    "fused": None,
    "kahan_sum": False,
    "max_norm": None,
    "nonfinite": "skip",
    "state_dtype": None,
}


def made(**changes: Any) -> Method:
    given: dict[str, Any] = {"lr": 0.5, "beta": 0.9, "weight_decay": 0.25, **changes}
    return Method(FROM_FIRST, given.pop("how", Identity()), given.pop("bound", Given()), **given)


# ---- changes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (0.5, 0.25),
        (0.5, torch.tensor(0.5)),
        (1, True),
        (1, 1.0),
        (None, 0.0),
        ((0.5, 0.5), (0.5, 0.25)),
        ((0.5, 0.5), [0.5, 0.5]),
        (torch.tensor(0.5), torch.tensor(0.25)),
        (torch.tensor(0.5), torch.tensor([0.5])),
        (torch.tensor(0.5), torch.tensor(0.5, dtype=torch.float64)),
        (object(), object()),
        (torch.ones(2), torch.ones(2)),
        ([0.5, [0.5]], [0.5, [0.25]]),
    ],
)
def test_another_value_is_a_change(before: Any, after: Any) -> None:
    group = {"params": [], "lr": before, "other": 3}
    was = setting(made(), group)
    assert not unchanged({**group, "lr": after}, was)


@pytest.mark.parametrize(
    "value",
    [0.5, 3, True, None, "word", (0.5, 0.25), [0.5, [0.25]], torch.tensor(0.5), torch.ones(1)],
)
def test_the_same_value_is_none(value: Any) -> None:
    group = {"params": [], "lr": value, "other": 3}
    was = setting(made(), group)
    assert unchanged(group, was)
    assert unchanged({**group, "params": [1]}, was)
    assert not unchanged({**group, "more": 1}, was)
    assert not unchanged({"params": [], "lr": value, "another": 3}, was)


def test_a_value_that_is_changed_in_place_is_a_change() -> None:
    lr, betas = torch.tensor(0.5), [0.9, [0.99]]
    group = {"params": [], "lr": lr, "betas": betas}
    was = setting(made(), group)
    assert unchanged(group, was)
    lr.fill_(0.25)
    assert not unchanged(group, was)
    lr.fill_(0.5)
    assert unchanged(group, was)
    betas[1][0] = 0.5  # type: ignore[index]
    assert not unchanged(group, was)


def test_equal_values_are_no_change() -> None:
    for first, second in ((0.5, float("0.5")), (torch.tensor(0.5), torch.tensor(0.5))):
        group = {"params": [], "lr": first}
        assert unchanged({**group, "lr": second}, setting(made(), group))


def test_a_tensor_that_is_not_read_is_changed_where_it_is_another() -> None:
    there, other = (torch.zeros((), device="meta") for _ in range(2))
    assert frozen(there) == frozen(there)
    assert frozen(there) != frozen(other)
    assert frozen(torch.ones(2)) != frozen(torch.ones(2))


def test_hyper_parameters_are_checked_when_they_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """And else not: that is a fifth of a step's calls."""
    p = torch.nn.Parameter(torch.ones(2))
    opt, seen = Momo([p]), []
    method = Momo.method
    monkeypatch.setattr(Momo, "method", staticmethod(lambda h: seen.append(h) or method(h)))
    for _ in range(3):
        p.grad = torch.ones(2)
        opt.step(loss=1.0)
    assert len(seen) == 1
    opt.param_groups[0]["lr"] = 0.25
    opt.step(loss=1.0)
    assert [h["lr"] for h in seen] == [1.0, 0.25]


# ---- of a group ----------------------------------------------------------------------------


def test_what_the_equation_sees_of_a_group() -> None:
    hyper = setting(made(), {}).hypers[0]
    assert hyper == (0.5, 0.125, PROXIMAL, penalty)
    assert setting(made(how=Sign(), decay=DECOUPLED), {}).hypers[0][2:] == (DECOUPLED, ball)
    free = setting(made(lr=math.inf, weight_decay=0.0), {}).hypers[0]
    assert free[:2] == (math.inf, 0.0)
    with pytest.raises(ValueError, match=r"weight_decay = 0\.25 together with lr = inf"):
        setting(made(lr=math.inf), {})
    assert [is_infinite(lr) for lr in (math.inf, 1.0, torch.tensor(math.inf))] == [
        True,
        False,
        False,
    ]


def test_matrices_may_have_a_preconditioner_of_their_own() -> None:
    one, other = Identity(), Sign()
    assert preconditioners(made(how=one)) == preconditioners(made(how=one, matrices=one)) == (one,)
    both = made(how=one, matrices=other)
    assert preconditioners(both) == (one, other)
    assert [preconditioner_of(both, shape) for shape in ((), (3,), (2, 3), (1, 1, 1))] == [
        one,
        one,
        other,
        other,
    ]
    assert [h.limit for h in setting(both, {}).hypers] == [penalty, ball]


def test_a_bound_of_a_batch_is_for_a_bound_that_is_given() -> None:
    assert bound_of(setting(made(), {}), 3.0) == 3
    with pytest.raises(ValueError, match=r"lb = 3\.0 was given with a step, but the bound is onl"):
        bound_of(setting(made(bound=Online()), {}), 3.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"foreach": 1},
        {"fused": 1},
        {"maximize": True},
        {"kahan_sum": None},
        {"kahan_sum": 1},
        {"max_norm": 0},
        {"nonfinite": "x"},
        {"state_dtype": torch.int32},
    ],
)
def test_options_are_checked(wrong: dict[str, Any]) -> None:
    check_options(OPTIONS)
    check_options(
        {**OPTIONS, "foreach": True, "fused": False, "kahan_sum": True, "nonfinite": "raise"}
    )
    with pytest.raises((TypeError, ValueError), match=f"{next(iter(wrong))} = "):
        check_options({**OPTIONS, **wrong})


def test_names_of_arguments_are_those_of_groups() -> None:
    names = {"beta": "momentum"}
    given = {"params": [], "beta": 0.5, "lr": 1.0}
    assert list(renamed(given, names).items()) == [("params", []), ("momentum", 0.5), ("lr", 1.0)]
    assert renamed({"lr": 1.0}, names) == {"lr": 1.0}
    nothing = {"maximize": False}
    assert renamed({"lr": 1.0, **nothing}, names) == {"lr": 1.0}
    assert renamed({"maximize": 1}, names) == {"maximize": 1}
    assert renamed({"momentum": 0.5}, names) == {"momentum": 0.5}
    with pytest.raises(ValueError, match="both beta and momentum"):
        renamed({"beta": 0.5, "momentum": 0.5}, names)


# ---- of all groups -------------------------------------------------------------------------


def test_what_is_the_same() -> None:
    tensor = torch.ones(1)
    there = torch.zeros(1, device="meta")
    assert same(1.0, 1.0)
    assert same(1.0, torch.tensor(1.0))
    assert same(there, there)
    assert same(there.view(()), there.view(()))
    assert same(tensor.view(()), tensor.view(()))
    assert not same(1.0, 2.0)
    assert not same(there, torch.zeros(1, device="meta"))
    assert not same(torch.zeros(2, device="meta")[0], torch.zeros(2, device="meta")[0])
    pair = torch.zeros(2, device="meta")
    assert same(pair[1], pair[1])
    assert not same(pair[0], pair[1])
    assert not same(there, 0.0)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"beta": 0.5}, r"beta = 0\.5 in param_groups\[1\], 0\.9 in param_groups\[0\]"),
        ({"bound": Online()}, r"kind of bound \(use_fstar\) = online"),
        ({"bound": Given(1.0)}, r"lb = 1\.0"),
        ({"lr": math.inf, "weight_decay": 0.0}, "lr = inf in param_groups"),
    ],
)
def test_groups_share_one_model(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        agreed([OPTIONS, OPTIONS], [made(), made(**change)])
    agreed([OPTIONS, OPTIONS], [made(), made(lr=0.25, weight_decay=0.0, how=Sign())])
    agreed([OPTIONS], [made(**change)])
    with pytest.raises(ValueError, match="nonfinite = raise"):
        agreed([OPTIONS, {**OPTIONS, "nonfinite": "raise"}], [made(), made()])


# ---- a plan --------------------------------------------------------------------------------


def test_a_plan_is_kept_as_long_as_it_holds() -> None:
    """It is a good part of the time of a small step."""
    p = torch.nn.Parameter(torch.ones(2))
    opt, plans = Momo([p]), []
    for _ in range(3):
        p.grad = torch.ones(2)
        opt.step(loss=1.0)
        plans.append(opt._plan)
    assert plans[0] is plans[1] is plans[2]
    assert plans[0] is not None
    assert plans[0].model is opt.state[p]["model"]
    # Another tensor in the place of the model's numbers makes another plan.
    opt.state[p]["model"] = opt.state[p]["model"].clone()
    opt.step(loss=1.0)
    assert opt._plan is not plans[0]
    assert opt._plan is not None
    assert opt._plan.model is opt.state[p]["model"] is not plans[0].model
    plans[0] = opt._plan
    p.grad = None
    opt.param_groups[0]["foreach"] = False
    opt.step(loss=1.0)
    p.grad = torch.ones(2)
    opt.step(loss=1.0)
    assert opt._plan is not plans[0]


def test_a_copy_makes_a_plan_of_its_own() -> None:
    p = torch.nn.Parameter(torch.ones(2))
    opt = Momo([p])
    p.grad = torch.ones(2)
    opt.step(loss=1.0)
    other = copy.deepcopy(opt)
    assert (other._plan, other._settings) == (None, ())
