# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameter groups, and parameters of every kind: named, frozen, late, absent, without values."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import torch
from optim_devices import DEVICES
from optim_training import (
    NAMES,
    TUNED,
    backward,
    batch_loss,
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
from torch.nn import Parameter
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from momo import Momo
from momo.methods import PAPER as METHODS
from momo.optim import MomentumModelOptimizer
from momo.optim.state import GRAD_AVG, MODEL

MOMO = [name for name in NAMES if METHODS[name].optimizer == "Momo"]
ADAM = [name for name in NAMES if METHODS[name].optimizer == "MomoAdam"]
ORDER = 1e-13
"""Three sums over 14 entries of order 1, in float64, at each of at most 8 steps of order 1."""


def refused(
    opt: MomentumModelOptimizer,
    call: Callable[[], object],
    message: str,
    kind: type[Exception] | tuple[type[Exception], ...] = ValueError,
) -> None:
    untouched = everything(opt)
    with pytest.raises(kind, match=message):
        call()
    assert everything(opt) == untouched


def step_refused(
    opt: MomentumModelOptimizer,
    message: str,
    kind: type[Exception] | tuple[type[Exception], ...] = ValueError,
) -> None:
    """Check that neither form of step does anything, nor that the closure is run."""
    loss = backward(opt)
    refused(opt, lambda: opt.step(loss=loss), message, kind)
    called = []
    refused(opt, lambda: opt.step(lambda: called.append(1)), message, kind)
    assert not called


# ---- groups that join later ---------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_group_added_at_once_is_a_group_given(name: str) -> None:
    given, added = parameters(), parameters()
    setting = {"lr": 0.02, "weight_decay": 0.5}
    expected = trajectory(
        optimizer(name, [{"params": given[:2]}, {"params": given[2:], **setting}]), range(4)
    )
    opt = optimizer(name, added[:2])
    opt.add_param_group({"params": added[2:], **setting})
    assert trajectory(opt, range(4)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_group_added_later_is_one_whose_gradients_were_none(name: str) -> None:
    """`ORDER`: what is one group there is two here, so that sums are added in another order."""
    expected = optimizer(name, parameters(torch.float64))
    train(expected, range(3), absent=lambda k, i: i >= 2)
    params = parameters(torch.float64)
    opt = train(optimizer(name, params[:2]), range(3))
    opt.add_param_group({"params": params[2:]})
    assert set(opt.param_groups[0]) == set(opt.param_groups[1])
    assert list(opt.state) == params[:2]
    for batch in range(3, 8):
        train(expected, [batch])
        train(opt, [batch])
        for p, q in zip(of(opt), of(expected), strict=True):
            torch.testing.assert_close(p, q, rtol=0, atol=ORDER)


@pytest.mark.parametrize("given", [list, tuple, iter, lambda params: (p for p in params)])
def test_parameters_may_come_in_any_ordered_form(
    given: Callable[[list[Parameter]], Iterable[Parameter]],
) -> None:
    first, second, third = parameters(), parameters(), parameters()
    opt = Momo(given(first))
    opt.add_param_group({"params": given(second)})
    opt.add_param_group({"params": third[0]})
    assert [id(p) for p in of(opt)] == [id(p) for p in [*first, *second, third[0]]]
    in_groups = Momo({"params": given(params)} for params in (first, second))
    assert [len(g["params"]) for g in in_groups.param_groups] == [4, 4]


@pytest.mark.parametrize("name", MOMO)
def test_a_group_may_call_the_momentum_beta(name: str) -> None:
    params = parameters()
    opt = optimizer(name, [{"params": params[:2], "beta": 0.5}], beta=0.5)
    group = {"params": params[2:], "beta": 0.5}
    opt.add_param_group(group)
    assert [g["momentum"] for g in opt.param_groups] == [0.5, 0.5]
    assert all("beta" not in g for g in opt.param_groups)
    train(opt, range(2))
    bad = {"params": parameters(), "beta": 0.5, "momentum": 0.5}
    refused(opt, lambda: opt.add_param_group(bad), "both beta and momentum; allowed: one")


@pytest.mark.parametrize("name", MOMO)
def test_beta_written_into_param_groups_is_explained(name: str) -> None:
    opt = train(optimizer(name, parameters()), range(2))
    opt.param_groups[0]["beta"] = 0.5
    step_refused(opt, r"beta = 0\.5 in param_groups; allowed: the name momentum")


BAD_GROUPS: dict[str, tuple[list[str], dict[str, Any], str]] = {
    "lr": (NAMES, {"lr": -0.1}, r"lr = -0\.1 .*lr >= 0"),
    "lr nan": (NAMES, {"lr": float("nan")}, "lr = nan is out of range; allowed: lr >= 0"),
    "lr of two": (
        NAMES,
        {"lr": torch.ones(2)},
        r"lr is a .* tensor of shape \(2,\).*Tensor lr must be 1-element",
    ),
    "lr inf": (
        NAMES,
        {"lr": float("inf"), "weight_decay": 0.0},
        r"lr = inf in param_groups\[1\], 0\.3 in .* a finite lr in each group, or inf in all",
    ),
    "lr inf with decay": (
        NAMES,
        {"lr": float("inf")},
        r"weight_decay = 0\.05 together with lr = inf",
    ),
    "weight_decay": (NAMES, {"weight_decay": -1.0}, r"weight_decay = -1\.0 .*>= 0, finite"),
    "lb": (
        NAMES,
        {"lb": 0.5},
        r"lb = 0\.5 in param_groups\[1\], -0\.1 in .*the same in all groups",
    ),
    "use_fstar": (
        ["momo", "momo_adam"],
        {"use_fstar": True},
        r"kind of bound \(use_fstar\) = online in param_groups\[1\], given",
    ),
    "no use_fstar": (
        ["momo_star", "momo_adam_star"],
        {"use_fstar": False},
        r"kind of bound \(use_fstar\) = given in param_groups\[1\], online",
    ),
    "nonfinite": (
        NAMES,
        {"nonfinite": "raise"},
        r"nonfinite = raise in param_groups\[1\], skip in param_groups\[0\]",
    ),
    "nonfinite unknown": (NAMES, {"nonfinite": "ignore"}, "nonfinite = 'ignore'; allowed: 'skip'"),
    "maximize": (
        NAMES,
        {"maximize": True},
        "maximize = True; allowed: None or False .*minimise -f",
    ),
    "fused": (NAMES, {"fused": 1}, "fused = 1; allowed: True or False"),
    "fused and foreach": (NAMES, {"fused": True, "foreach": True}, "allowed: one of the two"),
    "foreach": (NAMES, {"foreach": 1}, "foreach = 1; allowed: True or False"),
    "beta": (MOMO, {"momentum": 0.5}, r"beta = 0\.5 in param_groups\[1\], 0\.8 in"),
    "beta 1": (MOMO, {"momentum": 1.0}, r"beta = 1\.0 is out of range; allowed: 0 <= beta < 1"),
    "bias_correction": (
        ["momo"],
        {"bias_correction": True},
        r"average \(bias_correction\) = FromZero\(\) in param_groups\[1\], FromFirst\(\)",
    ),
    "beta1": (ADAM, {"betas": (0.5, 0.9)}, r"beta = 0\.5 in param_groups\[1\], 0\.8 in"),
    "beta2": (ADAM, {"betas": (0.8, 1.0)}, r"betas\[1\] = 1\.0 .*0 <= betas\[1\] < 1"),
    "betas": (ADAM, {"betas": 0.8}, r"betas = 0\.8; allowed: a pair"),
    "eps": (ADAM, {"eps": 0.0}, r"eps = 0\.0 .*eps > 0"),
    "divide": (ADAM, {"divide": None}, "divide = None; allowed: True or False"),
}
BAD = [
    pytest.param(name, values, message, id=f"{name}-{case}")
    for case, (names, values, message) in BAD_GROUPS.items()
    for name in names
]


@pytest.mark.parametrize(("name", "values", "message"), BAD)
def test_a_bad_group_is_refused_before_anything_changes(
    name: str, values: dict[str, Any], message: str
) -> None:
    opt = train(optimizer(name, parameters()), range(2))
    group = {"params": parameters(), **values}
    refused(opt, lambda: opt.add_param_group(group), message, (ValueError, TypeError))
    params = parameters()
    groups = [{"params": params[:2]}, {"params": params[2:], **values}]
    with pytest.raises((ValueError, TypeError), match=message):
        optimizer(name, groups)


@pytest.mark.parametrize(("name", "values", "message"), BAD)
def test_bad_values_written_into_param_groups_stop_the_next_step(
    name: str, values: dict[str, Any], message: str
) -> None:
    params = parameters()
    opt = train(optimizer(name, [{"params": params[:2]}, {"params": params[2:]}]), range(2))
    opt.param_groups[1].update(values)
    step_refused(opt, message, (ValueError, TypeError))
    fresh = optimizer(name, [{"params": (new := parameters())[:2]}, {"params": new[2:]}])
    fresh.param_groups[1].update(values)
    step_refused(fresh, message, (ValueError, TypeError))
    assert not fresh.state


@pytest.mark.parametrize("group", [3, [], parameters()])
def test_a_group_that_is_no_dict_is_refused(group: Any) -> None:
    opt = Momo(parameters())
    refused(opt, lambda: opt.add_param_group(group), "allowed: a dict", TypeError)


def test_parameters_given_twice_get_torchs_own_answer() -> None:
    params = parameters()
    opt = Momo(params)
    again = {"params": [params[0]]}
    refused(opt, lambda: opt.add_param_group(again), "more than one parameter group")
    with pytest.warns(UserWarning, match="duplicate parameters"):
        Momo([params[0], params[0]])
    with pytest.raises(TypeError, match="can only optimize Tensors"):
        Momo([params[0], 3.0])
    with pytest.raises(ValueError, match="non-leaf"):
        Momo([params[0] * 2])
    with pytest.raises(ValueError, match="empty parameter list"):
        Momo([])
    with pytest.raises(TypeError, match="iterable of Tensors or dicts"):
        Momo(params[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_group_without_parameters_changes_nothing(name: str) -> None:
    opt = optimizer(name, [{"params": []}, {"params": parameters()}])
    opt.add_param_group({"params": []})
    assert trajectory(opt, range(4)) == trajectory(optimizer(name, parameters()), range(4))


# ---- hyper-parameters in param_groups take effect -----------------------------------------------


EDITS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "lr": (NAMES, {"lr": 0.07}),
    "weight_decay": (NAMES, {"weight_decay": 0.8}),
    "lb": (NAMES, {"lb": 40.0}),
    "momentum": (MOMO, {"momentum": 0.3}),
    "betas": (ADAM, {"betas": (0.3, 0.5)}),
    "eps": (ADAM, {"eps": 0.2}),
    "divide": (["momo_adam"], {"divide": False}),
}


@pytest.mark.parametrize(
    ("name", "values"),
    [pytest.param(n, v, id=f"{n}-{e}") for e, (names, v) in EDITS.items() for n in names],
)
def test_a_hyperparameter_changed_between_steps_counts_from_the_next_step(
    name: str, values: dict[str, Any]
) -> None:
    """Nothing is remembered of the old value: an optimizer made with the new one does the same."""
    opt = train(optimizer(name, parameters()), range(3))
    new = optimizer(name, [Parameter(p.detach().clone()) for p in of(opt)])
    new.load_state_dict(opt.state_dict())
    without = copy.deepcopy(opt)
    opt.param_groups[0].update(values)

    made = optimizer(
        name, of(new), **{("beta" if k == "momentum" else k): v for k, v in values.items()}
    )
    for p, entry in new.state.items():
        made.state[p] = entry
    steps = range(3, 6)
    assert trajectory(opt, steps) == trajectory(made, steps) != trajectory(without, steps)


@pytest.mark.parametrize("name", [n for n in NAMES if not METHODS[n].online])
def test_a_new_lb_is_the_bound_of_the_next_step(name: str) -> None:
    opt = train(optimizer(name, parameters()), range(2))
    for lb in (0.5, torch.tensor(-2.0), torch.tensor([1.25], dtype=torch.float64), 7, 1e6):
        opt.param_groups[0]["lb"] = lb
        train(opt, [2])
        assert opt.last.lower_bound == float(lb)
    assert opt.last.step_size == 0  # the model lies below such a bound


@pytest.mark.parametrize("name", [n for n in NAMES if METHODS[n].online])
def test_a_new_lb_is_the_floor_of_an_estimated_bound(name: str) -> None:
    opt = train(optimizer(name, parameters()), range(2))
    opt.param_groups[0]["lb"] = 50.0
    train(opt, [2])
    assert numbers(opt)["lower_bound"] == 50.0


@pytest.mark.parametrize(
    "lr", [torch.tensor(0.02), torch.tensor([0.02]), torch.tensor(0.02).double()]
)
@pytest.mark.parametrize("name", NAMES)
def test_lr_as_a_tensor_is_lr_as_a_number(name: str, lr: torch.Tensor) -> None:
    """α/ρ, ατ and 1+αλ each take one rounding more or less: 4 ulp of each term of the step."""
    params = parameters()
    groups = [{"params": params[:2]}, {"params": params[2:], "lr": 4 * lr}]
    opt = train(optimizer(name, groups, lr=lr), range(2))
    numbers = copy.deepcopy(opt)
    for group in numbers.param_groups:
        group["lr"] = group["lr"].item()
    before = [p.detach().clone() for p in of(opt)]
    train(opt, [2])
    train(numbers, [2])
    assert [g["lr"] is h["lr"] for g, h in zip(opt.param_groups, groups, strict=True)] == [
        True,
        True,
    ]
    eps = torch.finfo(torch.float32).eps
    for p, q, x in zip(of(opt), of(numbers), before, strict=True):
        assert ((p - q).abs() <= 4 * eps * (x.abs() + (p - x).abs())).all()
    for ours, theirs in zip(opt.last, numbers.last, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=4 * eps, atol=0)


@pytest.mark.parametrize("name", NAMES)
def test_one_lb_tensor_of_one_element_is_shared_by_all_groups(name: str) -> None:
    params = parameters(device="meta")
    lb = torch.zeros(1, device="meta")
    opt = optimizer(name, [{"params": params[:2]}, {"params": params[2:]}], lb=lb)
    for p in params:
        p.grad = torch.empty_like(p)
    opt.step(loss=1.0)
    other = {"params": parameters(device="meta"), "lb": torch.zeros(1, device="meta")}
    with pytest.raises(ValueError, match=r"lb = .* allowed: the same in all groups"):
        opt.add_param_group(other)


# ---- named parameters, printing -----------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_names_of_parameters_survive(name: str) -> None:
    net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 1))
    names = [n for n, _ in net.named_parameters()]
    opt = optimizer(name, net.named_parameters())
    assert opt.param_groups[0]["param_names"] == names
    net(torch.ones(3)).sum().backward()
    opt.step(loss=1.0)
    other = optimizer(name, [(n, Parameter(p.detach().clone())) for n, p in net.named_parameters()])
    other.load_state_dict(opt.state_dict())
    for copied in (other, copy.deepcopy(opt)):
        assert copied.param_groups[0]["param_names"] == names
        assert snapshot(copied) == snapshot(opt)
    opt.add_param_group({"params": [("extra", Parameter(torch.ones(2)))]})
    assert opt.param_groups[1]["param_names"] == ["extra"]
    unnamed = {"params": [Parameter(torch.ones(2))]}
    refused(opt, lambda: opt.add_param_group(unnamed), "with/without names")


@pytest.mark.parametrize("name", NAMES)
def test_printing_shows_the_settings_and_nothing_of_the_state(name: str) -> None:
    opt = optimizer(name, parameters())
    text = repr(opt)
    assert text.endswith("\npath: \n)")
    train(opt, range(2))
    assert repr(opt) == text.replace("path: ", f"path: {opt.path}") == str(opt)
    lines = text.splitlines()
    assert lines[0] == f"{METHODS[name].optimizer} ("
    assert "Parameter Group 0" in lines
    for key in {*opt.defaults} - {"differentiable"}:
        assert f"    {key}: {opt.param_groups[0][key]}" in lines
    assert len(lines) < 20
    assert repr(copy.deepcopy(opt)) == text


# ---- parameters without gradients ---------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:3 steps in a row had a loss")
@pytest.mark.parametrize("how", ["all frozen", "no backward", "zero_grad"])
@pytest.mark.parametrize("name", NAMES)
def test_a_step_without_any_gradient_does_nothing(name: str, how: str) -> None:
    fresh = optimizer(name, params := parameters())
    run = optimizer(name, parameters())
    train(run, range(3))
    run.zero_grad()
    if how == "all frozen":
        for p in params:
            p.requires_grad_(False)
    elif how == "zero_grad":
        backward(fresh)
        fresh.zero_grad()
    for opt in (fresh, run):
        before, last = snapshot(opt), opt.last
        for loss in (1.0, float("nan"), torch.tensor([2.0])):
            assert opt.step(loss=loss) is loss
            assert opt.step(lambda loss=loss: loss) is loss
        assert snapshot(opt) == before
        assert (opt.last is None) if last is None else [*map(bits, opt.last)] == [*map(bits, last)]
        assert opt.skipped == 0
    assert numbers(train(run, range(3, 5)))["steps"] == 5


@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("name", NAMES)
def test_parameters_without_elements_are_no_obstacle(name: str, foreach: bool | None) -> None:
    """Their gradient is a gradient, so the batch is a sample also where there is no other."""
    empty = parameters(shapes=((0,), (2, 0)))
    alone = optimizer(name, empty, foreach=foreach)
    for _ in range(2):
        for p in empty:
            p.grad = torch.zeros_like(p)
        alone.step(loss=2.0)
        assert alone.last.step_size == 0
    assert numbers(alone)["steps"] == 2
    assert all(torch.isfinite(v) for v in alone.last)

    shapes = ((0,), (3, 2), (2, 0), (4,))
    opt = optimizer(name, parameters(shapes=shapes), foreach=foreach)
    others = optimizer(name, parameters(shapes=shapes)[1::2], foreach=foreach)
    for batch in range(4):
        loss = batch_loss(of(opt)[1::2], batch)
        opt.zero_grad()
        loss.backward()
        for p, q in zip(of(others), of(opt)[1::2], strict=True):
            p.grad = q.grad
        for p in of(opt)[::2]:
            p.grad = torch.zeros_like(p)
        opt.step(loss=loss)
        others.step(loss=loss)
    assert snapshot(opt)["params"][1::2] == snapshot(others)["params"]


@pytest.mark.parametrize("frozen", [0, 3])
@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_parameter_is_as_one_that_is_not_there(name: str, frozen: int) -> None:
    params = parameters()
    params[frozen].requires_grad_(False)
    opt = optimizer(name, params)
    others = [i for i in range(len(params)) if i != frozen]
    alone = optimizer(name, [p for i, p in enumerate(parameters()) if i != frozen])
    start = bits(params[frozen])
    for batch in range(6):
        loss = batch_loss(params, batch, absent=lambda k, i: i == frozen)
        opt.zero_grad()
        loss.backward()
        opt.step(loss=loss)
        for p, i in zip(of(alone), others, strict=True):
            p.grad = params[i].grad.clone()
        alone.step(loss=loss)
        assert [bits(params[i]) for i in others] == snapshot(alone)["params"]
        assert [bits(v) for v in opt.last] == [bits(v) for v in alone.last]
    assert bits(params[frozen]) == start
    assert GRAD_AVG not in opt.state.get(params[frozen], {})
    assert all(MODEL in opt.state[params[i]] for i in others)


@pytest.mark.parametrize("middle", ["frozen", "unused"])
@pytest.mark.parametrize("name", NAMES)
def test_freezing_midway_is_the_same_as_a_gradient_of_none(name: str, middle: str) -> None:
    """Of what is frozen the line keeps a number instead of d: that may be rounded otherwise."""
    first = [Parameter(p.detach().double()) for p in parameters()]
    expected = trajectory(
        optimizer(name, first), range(9), absent=lambda k, i: i in (0, 2) and 3 <= k < 6
    )
    last = optimizer(name, [Parameter(p.detach().double()) for p in parameters()])
    seen = []
    for batch in range(9):
        for i in (0, 2):
            of(last)[i].requires_grad_(not (middle == "frozen" and 3 <= batch < 6))
        away = 3 <= batch < 6
        last.zero_grad()
        loss = batch_loss(of(last), batch, absent=lambda k, i, away=away: away and i in (0, 2))
        loss.backward()
        last.step(loss=loss)
        seen.append(snapshot(last))
    if middle == "unused":
        assert seen == expected
    assert seen[:3] == expected[:3]
    for p, q in zip(of(last), first, strict=True):
        torch.testing.assert_close(p, q, rtol=2**-40, atol=2**-40)
    assert seen[5]["params"][0] == seen[2]["params"][0]
    assert seen[5]["state"][0][GRAD_AVG] == expected[5]["state"][0][GRAD_AVG]
    assert seen[5]["state"][0][GRAD_AVG] != seen[2]["state"][0][GRAD_AVG]


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_that_appears_late_starts_from_d_0(name: str) -> None:
    opt = train(optimizer(name, parameters()), range(4), absent=lambda k, i: i == 1)
    late = of(opt)[1]
    assert late not in opt.state
    train(opt, [4])
    beta = TUNED.beta
    # One product in float32.
    torch.testing.assert_close(
        opt.state[late][GRAD_AVG], (1 - beta) * late.grad, rtol=2**-23, atol=0
    )
    if METHODS[name].optimizer == "MomoAdam":
        # Its memory has one gradient, whose weight is 1 - β2: D = ε + |g|, as at a first step.
        assert opt.state[late]["memory_weight"].item() == pytest.approx(1 - TUNED.beta2, rel=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_zeros_are_a_gradient_and_none_is_none(name: str) -> None:
    for set_to_none in (True, False):
        opt = train(optimizer(name, parameters()), range(3))
        before = snapshot(opt)
        opt.zero_grad(set_to_none=set_to_none)
        assert [p.grad is None for p in of(opt)] == [set_to_none] * len(of(opt))
        opt.step(loss=1.0)
        assert (snapshot(opt) == before) == set_to_none
        assert numbers(opt)["steps"] == (3 if set_to_none else 4)
    fresh = optimizer(name, parameters())
    for p in of(fresh):
        p.grad = torch.zeros_like(p)
    start = [p.detach().clone() for p in of(fresh)]
    fresh.step(loss=2.0)
    decay = 1 - TUNED.lr * TUNED.weight_decay if name == "momo_adam_undivided" else None
    factor = 1 / (1 + TUNED.lr * TUNED.weight_decay) if decay is None else decay
    for p, x in zip(of(fresh), start, strict=True):
        # d = 0: no step, only the decay, which rounds factor and product.
        torch.testing.assert_close(p.detach(), x * factor, rtol=2 * 2**-23, atol=0)


@pytest.mark.parametrize("foreach", [None, False, True])
@pytest.mark.parametrize("tensors", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_step_waits_for_no_device(name: str, tensors: bool, foreach: bool | None) -> None:
    """The meta device has no values, so whatever reads one fails."""
    params = parameters(device="meta")
    changes: dict[str, Any] = {"foreach": foreach}
    if tensors:
        changes |= {"lr": torch.tensor(0.1), "lb": torch.tensor(0.0), "weight_decay": 0.1}
    groups = [{"params": params[:2]}, {"params": params[2:], "lr": changes.get("lr", 0.3) * 2}]
    opt = optimizer(name, groups, **changes)
    for batch in range(3):
        for i, p in enumerate(params):
            p.grad = None if (batch, i) in ((0, 0), (1, 2)) else torch.empty_like(p)
        loss: Any = [1.0, torch.tensor(2.0), torch.empty((), device="meta")][batch]
        bound = {} if METHODS[name].online else {"lb": [None, 0.5, torch.tensor(0.1)][batch]}
        assert opt.step(loss=loss, **bound) is loss
    assert opt.last.value.device.type == opt.skipped.device.type == "meta"
    other = optimizer(name, [{"params": params[:2]}, {"params": params[2:]}])
    other.load_state_dict(opt.state_dict())
    assert other.state[params[0]][MODEL].dtype is torch.float64


@pytest.mark.gpu
@pytest.mark.parametrize("name", NAMES)
def test_a_step_on_a_gpu_waits_for_nothing(name: str) -> None:
    opt = optimizer(name, parameters(device="cuda"), lr=torch.tensor(0.1, device="cuda"))
    loss = backward(opt)
    opt.step(loss=loss)
    torch.cuda.set_sync_debug_mode("error")
    try:
        opt.step(loss=loss)
    finally:
        torch.cuda.set_sync_debug_mode("default")


# ---- hooks around a step ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_hooks_around_a_step_run_and_may_change_its_arguments(name: str) -> None:
    expected = optimizer(name, parameters())
    loss = backward(expected)
    expected.step(loss=0.5 * loss)

    opt = optimizer(name, parameters())
    calls: list[Any] = []

    def before(optimizer: Any, args: Any, kwargs: Any) -> Any:
        calls.append(("before", optimizer is opt, args[1:], set(kwargs)))
        return args, {"loss": 0.5 * kwargs["loss"]}

    def after(optimizer: Any, args: Any, kwargs: Any) -> None:
        calls.append(("after", snapshot(optimizer) == snapshot(expected), kwargs["loss"]))

    opt.register_step_pre_hook(before)
    opt.register_step_post_hook(after)
    assert opt.step(loss=backward(opt)) == 0.5 * loss
    assert calls == [("before", True, (), {"loss"}), ("after", True, 0.5 * loss)]
    assert snapshot(opt) == snapshot(expected)


@pytest.fixture
def everywhere() -> Iterator[list[str]]:
    calls: list[str] = []
    handles = [
        register_optimizer_step_pre_hook(lambda o, a, k: calls.append("before")),
        register_optimizer_step_post_hook(lambda o, a, k: calls.append("after")),
    ]
    yield calls
    for handle in handles:
        handle.remove()


@pytest.mark.parametrize("name", NAMES)
def test_hooks_on_all_optimizers_run_once(name: str, everywhere: list[str]) -> None:
    train(optimizer(name, parameters()), range(2))
    assert everywhere == ["before", "after"] * 2


# ---- the constructor's signature ----------------------------------------------------------------


@pytest.mark.parametrize("word", ["differentiable", "capturable", "amsgrad", "nesterov", "betaz"])
@pytest.mark.parametrize("name", NAMES)
def test_arguments_of_other_optimizers_are_no_arguments(name: str, word: str) -> None:
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{word}'"):
        optimizer(name, parameters(), **{word: True})


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", NAMES)
def test_groups_of_one_setting_are_one_group(name: str, device: str) -> None:
    """`ORDER`, and for h and ζ, which are larger than 1, the same relative to them."""
    params = parameters(torch.float64, device)
    parted = optimizer(name, [{"params": [p]} for p in params])
    joined = optimizer(name, parameters(torch.float64, device))
    for batch in range(5):
        train(parted, [batch])
        train(joined, [batch])
        for p, q in zip(of(parted), of(joined), strict=True):
            torch.testing.assert_close(p, q, rtol=0, atol=ORDER)
        last, other = torch.stack([*parted.last]), torch.stack([*joined.last])
        torch.testing.assert_close(last, other, rtol=ORDER, atol=ORDER)
