# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a method refuses, what it says, and what it leaves untouched."""

import re
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from reference_strategies import METHODS, Array, PerBatch, arrays_of

from momo.reference import (
    FROM_FIRST,
    FROM_ZERO,
    AdamDiagonal,
    DecreaseMean,
    Given,
    GroupedState,
    Identity,
    Method,
    Online,
    RunningMean,
    State,
    adam,
    grouped,
    method,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
    prox_sps,
    sgd_m,
)

NAN, INF = np.nan, np.inf


def refuses(call: Callable[[], Any], *said: str) -> None:
    """The call raises ``ValueError``, and the message says all of this."""
    everything = "".join(f"(?=.*{re.escape(part)})" for part in said)
    with pytest.raises(ValueError, match=f"(?s){everything}"):
        call()


def shown(value: Any) -> str:
    return f"{float(value)}"


# Hyper-parameters.

OF_BETA = {
    "momo": lambda beta: momo(beta=beta),
    "momo_star": lambda beta: momo_star(beta=beta),
    "momo_adam": lambda beta: momo_adam(betas=(beta, 0.9)),
    "momo_adam_star": lambda beta: momo_adam_star(betas=(beta, 0.9)),
    "sgd_m": lambda beta: sgd_m(0.1, beta),
    "adam": lambda beta: adam(betas=(beta, 0.9)),
    "method": lambda beta: method(FROM_ZERO, Identity(), Given(), 1.0, beta=beta),
}
OF_BETA2 = {
    "momo_adam": lambda beta2: momo_adam(betas=(0.9, beta2)),
    "momo_adam_star": lambda beta2: momo_adam_star(betas=(0.9, beta2)),
    "adam": lambda beta2: adam(betas=(0.9, beta2)),
    "preconditioner": lambda beta2: AdamDiagonal(beta2),
}
OF_LR = {
    "momo": momo,
    "momo_star": momo_star,
    "momo_adam": momo_adam,
    "momo_adam_star": momo_adam_star,
    "prox_sps": prox_sps,
    "sgd_m": sgd_m,
    "adam": adam,
    "a step": lambda lr: momo().step(State(), [1.0], 1.0, [1.0], lr=lr),
}
OF_DECAY = {
    "momo": lambda decay: momo(weight_decay=decay),
    "momo_star": lambda decay: momo_star(weight_decay=decay),
    "momo_adam": lambda decay: momo_adam(weight_decay=decay),
    "momo_adam_star": lambda decay: momo_adam_star(weight_decay=decay),
    "prox_sps": lambda decay: prox_sps(weight_decay=decay),
    "sgd_m": lambda decay: sgd_m(0.1, weight_decay=decay),
    "adam": lambda decay: adam(weight_decay=decay),
}
OF_EPS = {
    "momo_adam": lambda eps: momo_adam(eps=eps),
    "momo_adam_star": lambda eps: momo_adam_star(eps=eps),
    "adam": lambda eps: adam(eps=eps),
    "preconditioner": lambda eps: AdamDiagonal(eps=eps),
}
OF_LB = {
    "constant": lambda lb: momo(lower_bound=Given(lb)),
    "online": lambda lb: momo(lower_bound=Online(lb)),
    "momo_star": lambda lb: momo_star(lb=lb),
    "momo_adam_star": lambda lb: momo_adam_star(lb=lb),
}
# name, builders, what is out of range, what is not finite, what the message allows
RANGES = {
    "beta": (OF_BETA, [-0.1, 1.0, 1.5, NAN, INF], "0 <= beta < 1"),
    "beta2": (OF_BETA2, [-0.1, 1.0, 1.5, NAN, INF], "0 <= beta2 < 1"),
    "lr": (OF_LR, [0.0, -1.0, NAN, -INF], "lr > 0"),
    "weight_decay": (OF_DECAY, [-1e-9, -1.0], "weight_decay >= 0"),
    "eps": (OF_EPS, [0.0, -1e-8], "eps > 0"),
}
NOT_FINITE = {
    "weight_decay": OF_DECAY,
    "eps": OF_EPS,
    "lb": OF_LB,
}


@pytest.mark.parametrize(
    ("name", "build", "value", "allowed"),
    [
        pytest.param(name, build, value, allowed, id=f"{name}={value}-{of}")
        for name, (builds, values, allowed) in RANGES.items()
        for of, build in builds.items()
        for value in values
    ],
)
def test_a_hyper_parameter_out_of_range(
    name: str, build: Callable[[Any], Any], value: float, allowed: str
) -> None:
    refuses(lambda: build(value), f"{name} = ", shown(value), "allowed: ", allowed)


@pytest.mark.parametrize(
    ("name", "build"),
    [
        pytest.param(name, build, id=f"{name}-{of}")
        for name, builds in NOT_FINITE.items()
        for of, build in builds.items()
    ],
)
@pytest.mark.parametrize("value", [NAN, INF, -INF])
def test_a_hyper_parameter_that_is_not_finite(
    name: str, build: Callable[[Any], Any], value: float
) -> None:
    refuses(lambda: build(value), f"{name} has {value}", "allowed: finite numbers")


@pytest.mark.parametrize(
    ("name", "build", "value"),
    [
        pytest.param(name, next(iter(builds.values())), values[0], id=name)
        for name, (builds, values, _) in RANGES.items()
    ],
)
def test_one_bad_hyper_parameter_in_a_batch_is_named(
    name: str, build: Callable[[Any], Any], value: float
) -> None:
    refuses(lambda: build([0.5, value, 0.25]), f"{name} = {shown(value)} ", "allowed")


EVERY_BUILD = {
    name: next(iter(builds.values()))
    for name, builds in {name: builds for name, (builds, _, _) in RANGES.items()}.items()
} | {"lb": OF_LB["constant"]}


@pytest.mark.parametrize("name", EVERY_BUILD)
def test_a_complex_hyper_parameter(name: str) -> None:
    refuses(lambda: EVERY_BUILD[name](0.5 + 0j), f"{name} is complex", "allowed: real numbers")


@pytest.mark.parametrize("name", EVERY_BUILD)
def test_a_hyper_parameter_that_is_no_number(name: str) -> None:
    refuses(lambda: EVERY_BUILD[name]("much"), f"{name} = 'much'", "real numbers")


@pytest.mark.parametrize("name", OF_DECAY)
def test_decay_without_cap(name: str) -> None:
    said = ("weight_decay = 0.25", "lr = inf", "allowed: a finite lr")
    for lr in (INF, [1.0, INF]):
        refuses(lambda lr=lr: METHODS[name](lr, 0.5, 0.25), *said)
    capped = METHODS[name](1.0, 0.5, 0.25)
    refuses(lambda: capped.step(State(), [1.0], 1.0, [1.0], lr=INF), *said)


def test_the_ends_of_the_ranges_are_allowed() -> None:
    assert momo(beta=0, weight_decay=0, lr=INF).lr == INF
    assert momo_adam(betas=(0, 0), eps=1e-300).preconditioner.eps == 1e-300


# Arguments of a step.

GOOD: dict[str, Any] = {
    "x": [[1.0, 2.0], [3.0, 4.0]],
    "loss": [1.0, 2.0],
    "grad": [[1.0, -1.0], [0.5, 2.0]],
}


def spoilt(value: Any, bad: Any) -> Any:
    """A copy with its last entry replaced."""
    array = np.array(value, dtype=complex if isinstance(bad, complex) else float)
    array.flat[-1] = bad
    return array


def step_with(method: Method, **changed: Any) -> Any:
    return method.step(State(), **(GOOD | changed))


def groups_with(**changed: Any) -> Any:
    """One step of two alike groups, of which ``changed`` alters the second."""
    given = GOOD | changed
    return grouped(momo(), momo()).step(
        GroupedState(),
        [GOOD["x"], given["x"]],
        given["loss"],
        [GOOD["grad"], given["grad"]],
        lower_bound=given.get("lower_bound"),
    )


@pytest.mark.parametrize("bad", [NAN, INF, -INF])
@pytest.mark.parametrize("argument", GOOD)
@pytest.mark.parametrize("name", METHODS)
def test_an_argument_that_is_not_finite(name: str, argument: str, bad: float) -> None:
    built = METHODS[name](0.5, 0.9, 0.0)
    value = spoilt(GOOD[argument], bad)
    index = tuple(size - 1 for size in value.shape)
    said = (f"{argument} has {bad} at index {index}", "allowed: finite numbers")
    refuses(lambda: step_with(built, **{argument: value}), *said)


@pytest.mark.parametrize("bad", [NAN, INF, 1j])
@pytest.mark.parametrize("argument", GOOD)
def test_an_argument_of_a_group(argument: str, bad: Any) -> None:
    name = {"x": "xs[1]", "loss": "loss", "grad": "grads[1]"}[argument]
    value = spoilt(GOOD[argument], bad)
    said = "is complex" if bad == 1j else f"has {bad}"
    refuses(lambda: groups_with(**{argument: value}), f"{name} {said}", "allowed")


@pytest.mark.parametrize("argument", GOOD)
def test_a_complex_argument(argument: str) -> None:
    value = spoilt(GOOD[argument], 1j)
    refuses(
        lambda: step_with(momo(), **{argument: value}), f"{argument} is complex", "allowed: real"
    )


@pytest.mark.parametrize("value", ["text", [[1.0], [1.0, 2.0]]], ids=["text", "ragged"])
@pytest.mark.parametrize("argument", GOOD)
def test_an_argument_that_is_no_array(argument: str, value: Any) -> None:
    refuses(lambda: step_with(momo(), **{argument: value}), argument, "real numbers")


@pytest.mark.parametrize("bad", [NAN, INF, 1j])
def test_a_bad_bound_of_a_batch(bad: Any) -> None:
    per_batch = momo(lower_bound=PerBatch())
    refuses(lambda: step_with(per_batch, lower_bound=spoilt([0.0, 0.0], bad)), "lower_bound")


@pytest.mark.parametrize("bound", [Online(), RunningMean(), DecreaseMean()])
def test_a_bound_given_to_a_method_that_estimates_it(bound: Any) -> None:
    built = momo(lower_bound=bound)
    said = ("lower_bound = 0.25", f"the bound is {bound.kind}", "allowed: None", "Given()")
    refuses(lambda: built.step(State(), [1.0], 1.0, [1.0], lower_bound=0.25), *said)
    refuses(
        lambda: grouped(built).step(GroupedState(), [[1.0]], 1.0, [[1.0]], lower_bound=0.25), *said
    )


@pytest.mark.parametrize("name", ["momo_per_batch", "momo_adam_per_batch"])
def test_a_batch_without_a_bound_counts_with_that_of_the_method(name: str) -> None:
    built = METHODS[name](0.5, 0.9, 0.0)
    ours, _, _ = built.step(State(), [1.0], 1.0, [1.0])
    theirs, _, _ = built.step(State(), [1.0], 1.0, [1.0], float(built.lower_bound.lb))
    assert np.array_equal(ours, theirs)


# Shapes.


@pytest.mark.parametrize(
    ("x", "grad"), [((3,), (2,)), ((2,), (1,)), ((1,), (2,)), ((2, 3), (2, 2)), ((3,), ())]
)
def test_last_axes_that_differ(x: tuple[int, ...], grad: tuple[int, ...]) -> None:
    said = (f"grad has shape {grad}", f"x has {x}")
    point, slope = np.ones(x), np.ones(grad)
    refuses(lambda: momo().step(State(), point, 1.0, slope), *said)
    refuses(lambda: grouped(momo()).step(GroupedState(), [point], 1.0, [slope]), *said)


def test_a_scalar_point() -> None:
    refuses(lambda: momo().step(State(), 1.0, 1.0, [1.0]), "x is a scalar", "allowed: shape")


TWO, THREE = np.ones((2, 4)), np.ones((3, 4))
MISMATCHES: dict[str, tuple[str, Callable[[], Any]]] = {
    "loss": ("loss", lambda: momo().step(State(), TWO, np.ones(3), TWO)),
    "grad": ("grad", lambda: momo().step(State(), TWO, 1.0, THREE)),
    "lr": ("lr", lambda: momo([1.0] * 3).step(State(), TWO, 1.0, TWO)),
    "lr of a step": ("lr", lambda: momo().step(State(), TWO, 1.0, TWO, lr=[1.0] * 3)),
    "beta": ("beta", lambda: momo(beta=[0.5] * 3).step(State(), TWO, 1.0, TWO)),
    "weight_decay": (
        "weight_decay",
        lambda: momo(weight_decay=[0.5] * 3).step(State(), TWO, 1.0, TWO),
    ),
    "lr and weight_decay": ("weight_decay", lambda: momo([1.0] * 2, weight_decay=[0.5] * 3)),
    "constant": (
        "lower_bound",
        lambda: momo(lower_bound=Given([0.0] * 3)).step(State(), TWO, 1.0, TWO),
    ),
    "online": ("lower_bound", lambda: momo_star(lb=[0.0] * 3).step(State(), TWO, 1.0, TWO)),
    "per batch": (
        "lower_bound",
        lambda: momo(lower_bound=PerBatch()).step(State(), TWO, 1.0, TWO, [0.0] * 3),
    ),
    "beta2": ("beta2", lambda: momo_adam(betas=(0.9, [0.9] * 3)).step(State(), TWO, 1.0, TWO)),
    "eps": ("eps", lambda: momo_adam(eps=[1e-8] * 3).step(State(), TWO, 1.0, TWO)),
    "state": ("state", lambda: momo().step(seen_by(THREE), TWO, 1.0, TWO)),
    "group state": (
        "state",
        lambda: grouped(momo()).step(groups_seen_by(THREE), [TWO], 1.0, [TWO]),
    ),
    "group loss": (
        "loss",
        lambda: grouped(momo()).step(GroupedState(), [TWO], np.ones(3), [TWO]),
    ),
    "group xs and grads": (
        "grad",
        lambda: grouped(momo()).step(GroupedState(), [TWO], 1.0, [THREE]),
    ),
    "group grads and loss": (
        "grad",
        lambda: grouped(momo()).step(GroupedState(), [TWO[0]], np.ones(2), [THREE]),
    ),
    "group xs": (
        "xs[1]",
        lambda: grouped(momo(), momo()).step(GroupedState(), [TWO, THREE], 1.0, [TWO, THREE]),
    ),
    "group lr": ("lr", lambda: grouped(momo([1.0] * 3)).step(GroupedState(), [TWO], 1.0, [TWO])),
    "group weight_decay": (
        "weight_decay",
        lambda: grouped(momo(weight_decay=[0.5] * 3)).step(GroupedState(), [TWO], 1.0, [TWO]),
    ),
}


def groups_seen_by(x: Array) -> GroupedState:
    _, state, _ = grouped(momo()).step(GroupedState(), [x], 1.0, [x])
    return state


def seen_by(x: Array) -> State:
    _, state, _ = momo().step(State(), x, 1.0, x)
    return state


@pytest.mark.parametrize("case", MISMATCHES)
def test_leading_axes_that_do_not_broadcast(case: str) -> None:
    name, call = MISMATCHES[case]
    refuses(call, name, "(3,", "(2,")


# Groups.


@pytest.mark.parametrize("given", [0, 1, 3])
def test_a_wrong_number_of_groups(given: int) -> None:
    joint, one = grouped(momo(), momo()), [1.0]
    for xs, grads, name in (([one] * given, [one] * 2, "xs"), ([one] * 2, [one] * given, "grads")):
        said = (f"{name} has {given} arrays", "allowed: 2")
        refuses(lambda xs=xs, grads=grads: joint.step(GroupedState(), xs, 1.0, grads), *said)


def test_no_group() -> None:
    refuses(grouped, "groups is empty", "allowed: at least one")


@pytest.mark.parametrize(
    "other",
    [
        momo(beta=0.5),
        momo(lower_bound=Given(1.0)),
        momo(lower_bound=PerBatch()),
        momo_star(),
        method(FROM_ZERO, Identity(), Given(), 1.0, 0.9),
    ],
    ids=["beta", "value", "per batch", "online", "averaging"],
)
def test_groups_that_do_not_share_one_model(other: Method) -> None:
    said = ("groups[2] differs from groups[0]", "averaging, beta, lower_bound", "allowed")
    refuses(lambda: grouped(momo(), momo(), other), *said)


def test_groups_may_differ_in_all_else() -> None:
    other = method(FROM_FIRST, AdamDiagonal(), Given(), 0.5, 0.9, 0.25)
    assert len(grouped(momo(), other).groups) == 2


@pytest.mark.parametrize("index", [0, 1])
def test_a_group_without_cap(index: int) -> None:
    methods = [momo(), momo()]
    methods[index] = momo(INF)
    refuses(lambda: grouped(*methods), f"groups[{index}] has lr = inf", "allowed: a finite lr")


@pytest.mark.parametrize("good", [1, 2])
def test_groups_that_do_not_share_a_rule(good: int) -> None:
    groups = [momo()] * good + [sgd_m(1.0)]
    refuses(lambda: grouped(*groups), f"groups[{good}]", "step_rule", "allowed: the same")
    assert grouped(sgd_m(0.1), sgd_m(0.2)).groups[1].lr == 0.2


def test_groups_need_a_gradient() -> None:
    joint = grouped(momo(), momo())
    refuses(
        lambda: joint.step(GroupedState(), ([1.0], [1.0]), 1.0, (None, None)),
        "grads",
        "at least one",
    )


# What a step leaves untouched.


def arguments(name: str) -> dict[str, Any]:
    bound = {"lower_bound": np.array([0.25, 0.5])} if "per_batch" in name else {}
    return {key: np.array(value) for key, value in GOOD.items()} | bound


def frozen(record: State) -> dict[str, Array]:
    return {name: np.copy(value) for name, value in arrays_of(record).items()}


def same(ours: dict[str, Array], theirs: dict[str, Array]) -> bool:
    return ours.keys() == theirs.keys() and all(np.array_equal(ours[k], theirs[k]) for k in ours)


@pytest.mark.parametrize("name", METHODS)
def test_a_step_leaves_its_arguments_and_the_state_as_they_were(name: str) -> None:
    built = METHODS[name](0.5, 0.9, 0.0)
    given = arguments(name)
    before = deepcopy(given)
    _, state, _ = built.step(State(), **given)
    kept = frozen(state)
    x_next, after, _ = built.step(state, **given)
    assert same(given, before)
    assert same(arrays_of(state), kept)
    assert state.k == 1
    assert not any(np.shares_memory(x_next, value) for value in given.values())
    for value in arrays_of(after).values():
        assert not any(np.shares_memory(value, old) for old in kept.values())


@pytest.mark.parametrize("argument", GOOD)
@pytest.mark.parametrize("name", METHODS)
def test_a_refused_step_leaves_everything_as_it_was(name: str, argument: str) -> None:
    """The next good step is as if the bad one had never been tried."""
    built = METHODS[name](0.5, 0.9, 0.0)
    given = arguments(name)
    _, state, _ = built.step(State(), **given)
    kept = frozen(state)
    expected, _, _ = built.step(state, **given)
    bad = given | {argument: spoilt(given[argument], NAN)}
    refuses(lambda: built.step(state, **bad), argument)
    assert same(arrays_of(state), kept)
    again, _, _ = built.step(state, **given)
    assert np.array_equal(again, expected)


def overwrite(given: dict[str, Any]) -> None:
    for value in given.values():
        value[...] = NAN


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("beta", [0.0, 0.9])
def test_what_a_step_returns_does_not_see_later_changes_of_its_arguments(
    name: str, beta: float
) -> None:
    built, state = METHODS[name](0.5, beta, 0.0), State()
    for _ in range(2):
        given = arguments(name)
        x_next, state, info = built.step(state, **given)
        kept = x_next.copy(), frozen(state), frozen(info)
        overwrite(given)
        assert np.array_equal(x_next, kept[0])
        assert same(arrays_of(state), kept[1])
        assert same(arrays_of(info), kept[2])


@pytest.mark.parametrize("name", ["momo", "momo_per_batch", "momo_star", "momo_adam"])
def test_what_a_step_of_groups_returns_does_not_see_later_changes(name: str) -> None:
    joint, state = grouped(METHODS[name](0.5, 0.9, 0.0)), GroupedState()
    for _ in range(2):
        given = arguments(name)
        (x_next,), state, _ = joint.step(
            state, [given["x"]], given["loss"], [given["grad"]], given.get("lower_bound")
        )
        kept = x_next.copy(), state.grad_avg[0].copy(), frozen(state)
        overwrite(given)
        assert np.array_equal(x_next, kept[0])
        assert np.array_equal(state.grad_avg[0], kept[1])
        assert same(arrays_of(state), kept[2])


@pytest.mark.parametrize("name", ["lr", "beta", "beta2", "eps", "weight_decay", "lb"])
def test_a_method_does_not_see_later_changes_of_its_hyper_parameters(name: str) -> None:
    def result(change: Callable[[Array], None]) -> Array:
        names = ("lr", "beta", "beta2", "eps", "weight_decay", "lb")
        given = {name: np.array([0.5, 0.25]) for name in names}
        lr, beta, beta2, eps, decay, lb = given.values()
        built = momo_adam_star(lr, (beta, beta2), eps, decay, lb)
        change(given[name])
        x, state, _ = built.step(State(), **arguments("momo_adam_star"))
        return built.step(state, x, [3.0, 4.0], [[2.0, 1.0], [-1.0, 3.0]])[0]

    def overwritten(value: Array) -> None:
        value[...] = 0.75

    assert np.array_equal(result(overwritten), result(lambda value: None))


@pytest.mark.parametrize("name", METHODS)
def test_what_a_step_returns_may_be_overwritten(name: str) -> None:
    """Info is for reading, but writing to it must not reach the method."""
    built = METHODS[name](0.5, 0.9, 0.0)
    expected, _, _ = built.step(State(), **arguments(name))
    _, _, info = built.step(State(), **arguments(name))
    for value in arrays_of(info).values():
        with suppress(TypeError, ValueError):  # NumPy scalars and read-only arrays are fine
            value[...] = 7.0
    again, _, _ = built.step(State(), **arguments(name))
    assert np.array_equal(again, expected)


@pytest.mark.parametrize("name", METHODS)
def test_the_scalars_of_a_step_are_separate_arrays(name: str) -> None:
    built = METHODS[name](np.array([0.5, 0.25]), 0.9, 0.0)
    _, _, info = built.step(State(), **arguments(name))
    for ours, theirs in combinations(arrays_of(info).values(), 2):
        assert not np.shares_memory(ours, theirs)
