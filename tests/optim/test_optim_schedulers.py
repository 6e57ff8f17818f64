# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every scheduler of torch drives the methods as it drives torch's own optimizers."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch
from optim_training import (
    NAMES,
    TUNED,
    backward,
    everything,
    numbers,
    of,
    optimizer,
    parameters,
    snapshot,
)
from rows_with_loss import METHODS as TABLE
from torch.nn import Parameter
from torch.optim import Optimizer, lr_scheduler, swa_utils
from torch.optim.lr_scheduler import (
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

from momo.core.parts import FROM_ZERO, Given
from momo.methods import PAPER as METHODS
from momo.optim import Method, MomentumModelOptimizer, SpsSafe
from momo.optim.hyperparameters import Beta, Lr
from momo.optim.preconditioners import Identity

STEPS = 8
BASE = (0.05, 0.02)
"""The learning rates of the two groups: small enough that the cap decides most steps."""
CLASSES = ("momo", "momo_adam")
"""One method of each class, where the rest of it does not matter."""
SMALL = replace(TUNED, lr=BASE[0])


@dataclass(frozen=True)
class Kind:
    """A scheduler, and what it does beyond changing lr: set it to 0, cycle β."""

    make: Callable[[Optimizer], LRScheduler]
    reaches_zero: bool = False
    cycles: bool = False


KINDS = {
    "LambdaLR": Kind(lambda o: LambdaLR(o, [lambda k: 0.8**k, lambda k: 1 / (k + 1)])),
    "MultiplicativeLR": Kind(lambda o: MultiplicativeLR(o, lambda k: 0.9)),
    "StepLR": Kind(lambda o: StepLR(o, 3, 0.5)),
    "MultiStepLR": Kind(lambda o: MultiStepLR(o, [2, 5], 0.3)),
    "ConstantLR": Kind(lambda o: ConstantLR(o, 0.25, 3)),
    "LinearLR": Kind(lambda o: LinearLR(o, 0.1, 1.0, 5)),
    "ExponentialLR": Kind(lambda o: ExponentialLR(o, 0.7)),
    "PolynomialLR": Kind(lambda o: PolynomialLR(o, 6, 2.0), reaches_zero=True),
    "CosineAnnealingLR": Kind(lambda o: CosineAnnealingLR(o, 4), reaches_zero=True),
    "CosineAnnealingWarmRestarts": Kind(lambda o: CosineAnnealingWarmRestarts(o, 3, 2)),
    "ReduceLROnPlateau": Kind(lambda o: ReduceLROnPlateau(o, factor=0.5, patience=0)),
    "CyclicLR": Kind(lambda o: CyclicLR(o, 0.01, 0.1, 3), cycles=True),
    "OneCycleLR": Kind(lambda o: OneCycleLR(o, [0.1, 0.2], STEPS + 1), cycles=True),
    "SequentialLR": Kind(
        lambda o: SequentialLR(o, [LinearLR(o, 0.1, 1.0, 3), ExponentialLR(o, 0.5)], [3])
    ),
    "ChainedScheduler": Kind(
        lambda o: ChainedScheduler([ConstantLR(o, 0.5, 2), ExponentialLR(o, 0.9)], o)
    ),
    "SWALR": Kind(lambda o: swa_utils.SWALR(o, 0.01, anneal_epochs=4)),
    # Schedulers of the kinds above that lead to 0 and away from it.
    "down to 0": Kind(lambda o: LinearLR(o, 1.0, 0.0, 4), reaches_zero=True),
    "up from 0": Kind(lambda o: LambdaLR(o, lambda k: k / STEPS), reaches_zero=True),
    "CyclicLR from 0": Kind(lambda o: CyclicLR(o, 0.0, 0.1, 2), reaches_zero=True, cycles=True),
}
SETTINGS = ("lr", "momentum", "betas")


def test_no_scheduler_of_torch_is_left_out() -> None:
    found = {
        name
        for name, kind in inspect.getmembers(lr_scheduler, inspect.isclass)
        if issubclass(kind, LRScheduler) and kind is not LRScheduler and not name.startswith("_")
    }
    assert found | {"SWALR"} <= set(KINDS)


def made(name: str, tensor: bool, params: list[Parameter] | None = None) -> MomentumModelOptimizer:
    """Return an optimizer with two groups."""
    params = parameters(torch.float64) if params is None else params
    lrs: list[Any] = [torch.tensor(a, dtype=torch.float64) for a in BASE] if tensor else list(BASE)
    groups = [{"params": params[:2], "lr": lrs[0]}, {"params": params[2:], "lr": lrs[1]}]
    return optimizer(name, groups, SMALL, lr=lrs[0])


def settings(opt: Optimizer) -> list[dict[str, Any]]:
    return [{n: as_number(g[n]) for n in SETTINGS if n in g} for g in opt.param_groups]


def as_number(value: Any) -> Any:
    return value.item() if isinstance(value, torch.Tensor) else value


def step(opt: Optimizer, batch: int) -> torch.Tensor:
    loss = backward(opt, batch)
    opt.step(**({"loss": loss} if isinstance(opt, MomentumModelOptimizer) else {}))
    return loss


def advance(scheduler: LRScheduler, metric: float) -> None:
    scheduler.step(*((metric,) if isinstance(scheduler, ReduceLROnPlateau) else ()))


def metric(batch: int) -> float:
    """Return a quantity that stops falling, for the scheduler that looks at one."""
    return max(3.0 - batch, 1.0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "tensor"), [*((name, False) for name in NAMES), *((name, True) for name in CLASSES)]
)
def test_a_schedule_is_the_same_as_setting_lr_and_beta_by_hand(
    name: str, kind: str, tensor: bool
) -> None:
    opt = made(name, tensor)
    scheduler = KINDS[kind].make(opt)
    used, expected = [], []
    for batch in range(STEPS):
        used.append(settings(opt))
        step(opt, batch)
        expected.append(snapshot(opt))
        advance(scheduler, metric(batch))

    by_hand = made(name, tensor)
    for batch in range(STEPS):
        for group, values in zip(by_hand.param_groups, used[batch], strict=True):
            lr = torch.tensor(values["lr"], dtype=torch.float64) if tensor else values["lr"]
            group.update(values, lr=lr)
        step(by_hand, batch)
        assert snapshot(by_hand) == expected[batch], batch

    caps = [[s["lr"] for s in at] for at in used]
    assert any(c != caps[0] for c in caps)
    assert KINDS[kind].reaches_zero == any(c == [0.0, 0.0] for c in caps)
    betas = {at[0]["momentum"] if "momentum" in at[0] else at[0]["betas"][0] for at in used}
    assert KINDS[kind].cycles == (len(betas) > 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CLASSES)
def test_the_schedule_is_the_one_that_torchs_own_optimizer_gets(name: str, kind: str) -> None:
    opt = made(name, tensor=False)
    groups = [{"params": g["params"], "lr": g["lr"]} for g in made(name, tensor=False).param_groups]
    ours = opt.param_groups[0]
    own: Optimizer = (
        torch.optim.SGD(groups, momentum=ours["momentum"], dampening=ours["momentum"])
        if "momentum" in ours
        else torch.optim.Adam(groups, betas=ours["betas"])
    )
    schedulers = [KINDS[kind].make(each) for each in (opt, own)]
    for batch in range(STEPS):
        assert settings(opt) == settings(own)
        for each, scheduler in zip((opt, own), schedulers, strict=True):
            step(each, batch)
            advance(scheduler, metric(batch))


@pytest.mark.parametrize("tensor", [False, True], ids=["float lr", "tensor lr"])
@pytest.mark.parametrize("name", NAMES)
def test_where_lr_is_0_nothing_moves_but_the_averages_go_on(name: str, tensor: bool) -> None:
    opt = made(name, tensor)
    scheduler = LambdaLR(opt, lambda k: 0.0 if k in (0, 3, 4) else 1.0)
    for batch in range(STEPS):
        before = snapshot(opt)["params"]
        zero = all(as_number(g["lr"]) == 0 for g in opt.param_groups)
        assert zero == (batch in (0, 3, 4))
        step(opt, batch)
        assert (snapshot(opt)["params"] == before) == zero
        assert (opt.last.step_size == 0) == zero
        assert numbers(opt)["steps"] == batch + 1
        assert all(torch.isfinite(v) for v in opt.last)
        scheduler.step()


@pytest.mark.parametrize("name", NAMES)
def test_a_group_at_lr_0_stays_while_the_other_moves(name: str) -> None:
    opt = made(name, tensor=False)
    scheduler = LambdaLR(opt, [lambda k: float(k % 2), lambda k: float((k + 1) % 2)])
    for batch in range(4):
        before = [p.detach().clone() for p in of(opt)]
        step(opt, batch)
        moved = [not torch.equal(p, x) for p, x in zip(of(opt), before, strict=True)]
        assert moved == (
            [False, False, True, True] if batch % 2 == 0 else [True, True, False, False]
        )
        scheduler.step()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CLASSES)
def test_optimizer_and_scheduler_resume_from_their_state_dicts(name: str, kind: str) -> None:
    def go(opt: MomentumModelOptimizer, scheduler: LRScheduler, batches: range) -> list[Any]:
        seen = []
        for batch in batches:
            step(opt, batch)
            advance(scheduler, metric(batch))
            seen.append((snapshot(opt), settings(opt)))
        return seen

    opt = made(name, tensor=False)
    scheduler = KINDS[kind].make(opt)
    go(opt, scheduler, range(3))
    kept = copy.deepcopy((scheduler.state_dict(), opt.state_dict()))
    weights = [Parameter(p.detach().clone()) for p in of(opt)]
    expected = go(opt, scheduler, range(3, STEPS))

    resumed = made(name, tensor=False, params=weights)
    other = KINDS[kind].make(resumed)
    other.load_state_dict(kept[0])
    resumed.load_state_dict(kept[1])
    assert go(resumed, other, range(3, STEPS)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_schedule_that_gives_the_groups_different_betas_is_refused(name: str) -> None:
    opt = made(name, tensor=False)
    CyclicLR(opt, 0.01, 0.1, 3, max_momentum=[0.9, 0.8])
    loss = backward(opt)
    untouched = everything(opt)
    with pytest.raises(ValueError, match=r"beta = 0\.8 in param_groups\[1\], 0\.9 in param_groups"):
        opt.step(loss=loss)
    assert everything(opt) == untouched


@pytest.mark.parametrize("name", NAMES)
def test_cycled_beta_is_the_one_that_the_average_uses(name: str) -> None:
    """A weight is the average of ones, within the rounding of as many float64 products."""
    opt = made(name, tensor=False)
    scheduler = OneCycleLR(opt, 0.1, STEPS + 1)
    weight = 0.0
    for batch in range(STEPS):
        at = settings(opt)[0]
        beta = at["momentum"] if "momentum" in at else at["betas"][0]
        first = weight == 0 and not METHODS[name].fixed.get("bias_correction")
        weight = beta * weight + (1 - beta)
        if first and METHODS[name].optimizer == "Momo":
            weight = 1.0
        step(opt, batch)
        kept = numbers(opt)["weight"].item()
        assert kept == pytest.approx(weight, rel=4 * STEPS * torch.finfo(torch.float64).eps, abs=0)
        scheduler.step()


# ---- every class, as its user makes it: the values are held by the law `cycled_momentum` ---------

WITH_BETA = [name for name, row in TABLE.items() if {"beta", "betas"} & {*row.arguments}]
CYCLES: dict[str, Callable[..., LRScheduler]] = {
    "OneCycleLR": lambda o, **given: OneCycleLR(o, 0.1, STEPS, **given),
    "CyclicLR": lambda o, **given: CyclicLR(o, 0.01, 0.1, STEPS // 2, **given),
}


def of_the_table(name: str) -> MomentumModelOptimizer:
    return TABLE[name].torch_class()(parameters(torch.float64), **TABLE[name].fixed)


def test_most_methods_have_a_beta() -> None:
    without = {"sps_max", "prox_sps", "sps_safe", "ngn", "ngn_d", "adalomo", "iam_anytime"}
    assert {*TABLE} - {*WITH_BETA} == without | {"nhb_adaptive"}


@pytest.mark.parametrize("cycle", CYCLES)
@pytest.mark.parametrize("name", WITH_BETA)
def test_default_cycles_find_the_beta_of_every_class(name: str, cycle: str) -> None:
    opt = of_the_table(name)
    scheduler = CYCLES[cycle](opt)
    betas = []
    for batch in range(STEPS):
        betas.append(opt._checked()[0].method)
        step(opt, batch)
        scheduler.step()
    # Of averaged iterates, of SGD-M with random scaling, or of the average.
    places = [(method.iterates, method.preconditioner, method) for method in betas]
    used = [next(part.beta for part in where if hasattr(part, "beta")) for where in places]
    assert max(used) > min(used) + 0.05
    assert all(torch.isfinite(p).all() for p in of(opt))


@pytest.mark.parametrize("value", [1.0, 1.2, -0.1, float("nan")])
@pytest.mark.parametrize("cycle", CYCLES)
@pytest.mark.parametrize("name", WITH_BETA)
def test_a_cycle_to_an_impossible_beta_is_refused_before_anything_changes(
    name: str, cycle: str, value: float
) -> None:
    opt = of_the_table(name)
    for batch in range(2):
        step(opt, batch)
    CYCLES[cycle](opt, base_momentum=value, max_momentum=value)
    loss = backward(opt)
    untouched = everything(opt)
    said = rf"= {value} is out of range; allowed: 0 <= (betas\[0\] < 1$|beta < 1 .*'momentum'\)$)"
    with pytest.raises(ValueError, match=said):
        opt.step(loss=loss)
    with pytest.raises(ValueError, match=said):
        opt.step(lambda: pytest.fail("the closure was called"))
    assert everything(opt) == untouched


def test_a_class_of_ones_own_need_not_say_what_schedulers_call_its_beta() -> None:
    class Own(MomentumModelOptimizer):
        def __init__(self, params: Any, lr: Lr = 0.1, beta: Beta = 0.9, **options: Any) -> None:
            super().__init__(params, locals(), **options)

        @staticmethod
        def method(h: dict[str, Any]) -> Method:
            return Method(FROM_ZERO, Identity(), Given(0.0), h["lr"], h["beta"])

    opt = Own(parameters(torch.float64), beta=0.7)
    assert opt.param_groups[0]["momentum"] == 0.7
    OneCycleLR(opt, 0.1, STEPS)
    assert opt._checked()[0].method.beta == 0.95


def test_a_schedule_of_no_cap_is_told_what_to_do() -> None:
    """``inf · 0`` is NaN; some methods have no cap by default."""
    opt = SpsSafe(parameters())
    LambdaLR(opt, lambda k: k / 2)
    with pytest.raises(ValueError, match=r"lr = nan .*begin with a finite lr"):
        opt.step(loss=1.0)
