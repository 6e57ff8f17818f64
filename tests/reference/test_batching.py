# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""One batched call is the loop over its runs, bit for bit.

Every operation of a step is elementwise, a reduction over the last axis, or a product over it, and
NumPy does each of these run by run in the same order whatever the leading axes.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_strategies import (
    Array,
    PerBatch,
    Shape,
    arrays_of,
    batch_shapes,
    decoupled,
    dimensions,
    filled,
    sub_shapes,
    vectors,
)

from momo.reference import (
    Given,
    GroupedState,
    Method,
    State,
    adam,
    grouped,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
    prox_sps,
    sgd_m,
)

Params = dict[str, Array]

BUILDS: dict[str, Callable[[Params], Method]] = {
    "momo": lambda p: momo(p["lr"], p["beta"], p["decay"], Given(p["lb"])),
    "momo_per_batch": lambda p: momo(p["lr"], p["beta"], p["decay"], PerBatch()),
    "momo_star": lambda p: momo_star(p["lr"], p["beta"], p["decay"], p["lb"]),
    "momo_adam": lambda p: momo_adam(
        p["lr"], (p["beta"], p["beta2"]), p["eps"], p["decay"], Given(p["lb"])
    ),
    "momo_adam_star": lambda p: momo_adam_star(
        p["lr"], (p["beta"], p["beta2"]), p["eps"], p["decay"], p["lb"]
    ),
    "momo_adam_per_batch": lambda p: momo_adam(
        p["lr"], (p["beta"], p["beta2"]), p["eps"], p["decay"], PerBatch()
    ),
    "prox_sps": lambda p: prox_sps(p["lr"], p["decay"], Given(p["lb"])),
    "sgd_m": lambda p: sgd_m(p["lr"], p["beta"], p["decay"]),
    "adam": lambda p: adam(p["lr"], (p["beta"], p["beta2"]), p["eps"], p["decay"]),
}
RANGES = {
    "lr": (0.004, 5),
    "beta": (0, 0.98),
    "beta2": (0, 0.98),
    "eps": (0.004, 0.2),
    "decay": (0, 1),
    "lb": (-2, 1),
}


@st.composite
def params(draw: st.DrawFn, batch: Shape) -> Params:
    """Each hyper-parameter a scalar, one value a run, or anything between that broadcasts."""
    return {
        name: draw(filled(draw(sub_shapes(batch)), low, high))
        for name, (low, high) in RANGES.items()
    }


def pick(values: Params, batch: Shape, index: Shape) -> Params:
    return {name: np.broadcast_to(value, batch)[index] for name, value in values.items()}


def assert_runs_equal(together: Any, alone: Any, batch: Shape, index: Shape, n: int) -> None:
    ours, theirs = arrays_of(together), arrays_of(alone)
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        tail = (n,) if name in ("grad_avg", "second_moment") else ()
        assert np.array_equal(np.broadcast_to(value, batch + tail)[index], theirs[name]), name


@pytest.mark.parametrize("name", BUILDS)
@pytest.mark.parametrize("decoupling", [False, True], ids=["proximal", "decoupled"])
@settings(max_examples=30)
@given(data=st.data())
def test_a_batched_step_is_the_loop_over_its_runs(
    name: str, decoupling: bool, data: st.DataObject
) -> None:
    batch, n, steps = data.draw(batch_shapes), data.draw(dimensions), data.draw(st.integers(1, 3))
    values = data.draw(params(batch))

    def build(values: Params) -> Method:
        method = BUILDS[name](values)
        return decoupled(method) if decoupling else method

    def draw_batch(*tail: int) -> Array:
        return data.draw(vectors((*data.draw(sub_shapes(batch)), *tail)))

    x, state = draw_batch(n), State()
    runs = {i: (np.broadcast_to(x, (*batch, n))[i], State()) for i in np.ndindex(batch)}
    for _ in range(steps):
        loss, grad = draw_batch(), draw_batch(n)
        bound = draw_batch() if "per_batch" in name else None
        x, state, info = build(values).step(state, x, loss, grad, bound)
        for i, (x_i, state_i) in runs.items():
            x_i, state_i, info_i = build(pick(values, batch, i)).step(
                state_i,
                x_i,
                np.broadcast_to(loss, batch)[i],
                np.broadcast_to(grad, (*batch, n))[i],
                None if bound is None else np.broadcast_to(bound, batch)[i],
            )
            runs[i] = x_i, state_i
            assert np.array_equal(np.broadcast_to(x, (*batch, n))[i], x_i)
            assert_runs_equal(state, state_i, batch, i, n)
            assert_runs_equal(info, info_i, batch, i, n)


@settings(max_examples=50)
@given(data=st.data())
def test_a_batched_step_of_groups_is_the_loop_over_its_runs(data: st.DataObject) -> None:
    batch = data.draw(batch_shapes)
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    shared = data.draw(params(batch))
    own = [data.draw(params(batch)) | {k: shared[k] for k in ("beta", "lb")} for _ in sizes]
    xs = [data.draw(vectors((*batch, n))) for n in sizes]
    state, states = GroupedState(), {i: GroupedState() for i in np.ndindex(batch)}
    runs = {i: [x[i] for x in xs] for i in np.ndindex(batch)}
    name = data.draw(st.sampled_from(["momo", "momo_star", "momo_adam", "momo_adam_star"]))
    for _ in range(2):
        loss = data.draw(vectors(batch))
        grads = [data.draw(vectors((*batch, n))) for n in sizes]
        xs, state, info = grouped(*map(BUILDS[name], own)).step(state, xs, loss, grads)
        for i in np.ndindex(batch):
            alone = grouped(*(BUILDS[name](pick(values, batch, i)) for values in own))
            runs[i], states[i], info_i = alone.step(
                states[i], runs[i], loss[i], [grad[i] for grad in grads]
            )
            for x, x_i in zip(xs, runs[i], strict=True):
                assert np.array_equal(x[i], x_i)
            for d, d_i in zip(state.grad_avg, states[i].grad_avg, strict=True):
                assert np.array_equal(d[i], d_i)
            assert_runs_equal(state, states[i], batch, i, 0)
            assert_runs_equal(info, info_i, batch, i, 0)


def test_runs_with_and_without_cap_live_in_one_batch() -> None:
    lr, decay = np.array([np.inf, 0.5]), np.array([0.0, 0.25])
    x, loss, grad = np.array([[1.0, 2.0], [-1.0, 0.5]]), np.array([3.0, 4.0]), np.ones((2, 2))
    x_next, _, _ = momo(lr, weight_decay=decay).step(State(), x, loss, grad)
    for i in range(2):
        alone, _, _ = momo(lr[i], weight_decay=decay[i]).step(State(), x[i], loss[i], grad[i])
        assert np.array_equal(x_next[i], alone)
        assert not np.array_equal(x_next[i], x[i])


@given(data=st.data(), n=dimensions, runs=st.integers(1, 3))
def test_one_point_and_many_hyper_parameters(data: st.DataObject, n: int, runs: int) -> None:
    """The result has the shape of everything broadcast together."""
    lr = data.draw(filled((runs,), 0.004, 1))
    x, grad = data.draw(vectors((n,))), data.draw(vectors((n,)))
    x_next, state, info = momo(lr).step(State(), x, 1.0, grad)
    assert x_next.shape == (runs, n)
    assert state.grad_avg.shape == (n,)
    assert info.step_size.shape == (runs,)


@pytest.mark.parametrize("name", BUILDS)
@pytest.mark.parametrize("n", [17, 1000])
def test_long_vectors_are_reduced_in_the_same_order(name: str, n: int) -> None:
    """As above, where a reduction is vectorised and blocked."""
    rng, batch = np.random.default_rng(n), (2, 3)
    values = {k: rng.uniform(low, high, batch) for k, (low, high) in RANGES.items()}
    x, loss, grad = rng.normal(size=(*batch, n)), rng.uniform(size=batch), rng.normal(size=n)
    bound = rng.uniform(size=batch) if "per_batch" in name else None
    x_next, state, info = BUILDS[name](values).step(State(), x, loss, grad, bound)
    for i in np.ndindex(batch):
        alone, state_i, info_i = BUILDS[name](pick(values, batch, i)).step(
            State(), x[i], loss[i], grad, None if bound is None else bound[i]
        )
        assert np.array_equal(x_next[i], alone)
        assert_runs_equal(state, state_i, batch, i, n)
        assert_runs_equal(info, info_i, batch, i, n)
