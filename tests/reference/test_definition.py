# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every NumPy method, over groups, against the definition of a momentum model.

The scalars of a step are the same code in both trees, so that no comparison of these tests them:
the literal oracles, this and the argmin do.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from definition import FLOOR, GROWTH, PARTS, Parts
from definition_runs import SCALARS, STEPS, Chosen, Point, Run, joined, runs, worst
from hypothesis import given, settings
from hypothesis import strategies as st

from momo.methods import METHODS, Hyperparameters
from momo.reference import (
    DecreaseMean,
    Floored,
    GroupedState,
    GrowthLimited,
    Method,
    RunningMean,
    grouped,
)


def of_row(name: str, run: Run, step: int, layer: int) -> Method:
    """Return a row's method for a layer, as it is at a step."""
    h = run.h
    own = Hyperparameters(
        run.lr(step, layer), run.betas[step], run.weight_decays[layer], h.beta2, h.eps, h.lb
    )
    return METHODS[name].reference(own, run.shapes[layer])


STEADY = ((1.0,) * STEPS, (0.0,) * STEPS, (None,) * STEPS)
"""No schedule, β = 0, no bounds."""
ROWS_OF = {
    "average": {"first": "momo", "zero": "momo_adam", "lion": "momo_lion", "none": "iam"},
    "metric": {"identity": "momo", "adam": "momo_adam", "sign": "momo_lion"},
    "decay": {
        "proximal": "momo",
        "decoupled": "iam",
        "at x": "iam_adam",
        "approximate": "momo_adam_undivided",
    },
    "line": {"average": "momo", "newest": "alr_smag"},
    "rule": {"truncation": "momo", "scaled": "alr_smag", "harmonic": "ngn_m"},
    "follow": {
        "plain": "momo",
        "average": "iam",
        "anytime": "iam_anytime",
        "schedule free": "schedule_free_polyak",
        "random": "momo_random_scaling",
    },
}
"""Rows that have a part."""


def of_parts(parts: Parts, run: Run, step: int, layer: int) -> Method:
    """Return a method of any parts, each taken from a row that has it."""

    def having(choice: str) -> Method:
        return of_row(ROWS_OF[choice][getattr(parts, choice)], run, step, layer)

    row, matrix = METHODS["momo"], len(run.shapes[layer]) > 1 and parts.matrices
    rules = {
        "capped": row.capped(run.h, (1,)).step_rule,
        "floored": Floored(FLOOR),
        "floored by first": Floored(0.0),
        "growth": GrowthLimited(GROWTH),
    }
    bounds = {
        "given": having("line").lower_bound,
        "online": of_row("momo_star", run, step, layer).lower_bound,
        "mean": RunningMean(run.h.lb),
        "mean by decrease": DecreaseMean(run.h.lb),
    }
    return replace(
        having("line"),
        lr=np.asarray(run.lr(step, layer)),
        weight_decay=np.asarray(run.weight_decays[layer]),
        beta=having("average").beta,
        averaging=having("average").averaging,
        preconditioner=(
            of_row("muon_max_momo", run, step, layer) if matrix else having("metric")
        ).preconditioner,
        product=of_row("muon_max_momo", run, step, layer).product if parts.norms == "max" else None,
        decay=having("decay").decay,
        lower_bound=bounds[parts.bound],
        step_rule=rules[parts.rule] if parts.rule in rules else having("rule").step_rule,
        iterates=having("follow").iterates,
    )


def reference(method: Chosen, run: Run) -> list[Point]:
    """Return a method's run; every layer is a group."""
    x, state, points = run.start(), GroupedState(), []
    make = of_row if isinstance(method, str) else of_parts
    for step in range(STEPS):
        batch = run.batch(step, x)
        groups = [make(method, run, step, layer) for layer in range(len(x))]  # type: ignore[operator]
        flat, state, info = grouped(*groups).step(
            state,
            [a.reshape(-1) for a in x],
            batch.loss,
            [None if g is None else g.reshape(-1) for g in batch.grads],
            batch.bound,
        )
        x = [a.reshape(shape) for a, shape in zip(flat, run.shapes, strict=True)]
        points.append((joined(x), np.array([float(getattr(info, name)) for name in SCALARS])))
    return points


def test_every_method_of_the_table_has_parts() -> None:
    assert list(PARTS) == [name for name, row in METHODS.items() if row.ascent is None]


@pytest.mark.parametrize("name", PARTS)
@settings(max_examples=20)  # of eight steps each, and methods share their parts
@given(data=st.data(), varying=st.booleans())
def test_a_method_is_its_definition(name: str, data: st.DataObject, varying: bool) -> None:
    run = data.draw(runs(name, varying))
    assert worst(name, run, reference) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTS)
@settings(max_examples=400)
@given(data=st.data(), varying=st.booleans())
def test_a_method_is_its_definition_at_length(
    name: str, data: st.DataObject, varying: bool
) -> None:
    run = data.draw(runs(name, varying))
    assert worst(name, run, reference) <= 1


anything = st.builds(
    Parts,
    **{choice: st.sampled_from(list(rows)) for choice, rows in ROWS_OF.items() if choice != "rule"},
    rule=st.sampled_from([*ROWS_OF["rule"], "capped", "floored", "floored by first", "growth"]),
    matrices=st.sampled_from([None, "muon"]),
    bound=st.sampled_from(["given", "online", "mean", "mean by decrease"]),
    norms=st.sampled_from(["balls", "max"]),
).map(lambda parts: replace(parts, decay="decoupled") if parts.line == "newest" else parts)
"""The newest loss says nothing of where the decay alone would lead."""


@settings(max_examples=250)
@given(data=st.data(), parts=anything)
def test_parts_that_no_row_joins_are_their_definition(data: st.DataObject, parts: Parts) -> None:
    """Balls of the newest loss, two rates with an estimated bound, averages of iterates with β."""
    run = data.draw(runs(parts))
    assert worst(parts, run, reference) <= 1


@pytest.mark.parametrize("follow", ROWS_OF["follow"])
def test_the_decay_moves_on_where_no_step_is_taken(follow: str) -> None:
    """All losses are below the bound: z shrinks, and the average of the z's is the newest."""
    rates = ((1.0,) * STEPS, (0.5,) * STEPS, (None,) * STEPS)
    h = Hyperparameters(beta=0.5, lb=9.0)
    run = Run(((2, 2), (3,)), h, (0.3, 1.0), (0.5, 0.2), *rates, frozenset(), False, 0)
    assert worst(Parts("none", follow=follow), run, reference) <= 1


@pytest.mark.parametrize("rule", ["floored", "floored by first"])
def test_the_floor_is_one_of_the_norm_of_d(rule: str) -> None:
    """Not of what decay makes of it; the gradients are shorter than the floor."""
    rates = ((1.0,) * STEPS, (0.5,) * STEPS, (None,) * STEPS)
    run = Run(
        ((1,),), Hyperparameters(beta=0.5, lb=-1.0), (5.0,), (0.5,), *rates, frozenset(), False, 0
    )
    assert worst(Parts(rule=rule), run, reference) <= 1


def test_a_bound_that_the_line_meets_is_not_reset() -> None:
    """At a tie, exact in these numbers: c_2 = f_*^2 = 2, whose half would be the reset bound."""
    run = Run(((1,),), Hyperparameters(beta=0.5), (1.0,), (0.0,), *STEADY, frozenset(), False, 0)
    method, state = of_row("momo_star", run, 0, 0), GroupedState()
    for _ in range(2):
        _, state, info = grouped(method).step(state, [np.ones(1)], 2.0, [np.zeros(1)])
    assert info.lower_bound == 2.0


def test_a_step_to_the_bound_that_is_beyond_all_numbers_leaves_the_cap() -> None:
    """ζ is infinite where a short d is to lower a large loss: the harmonic mean is the cap."""
    run = Run(((1,),), Hyperparameters(beta=0.0), (0.5,), (0.0,), *STEADY, frozenset(), False, 0)
    method, grad = of_row("ngn_m", run, 0, 0), np.array([1e-150])
    with np.errstate(all="ignore"):
        _, _, info = grouped(method).step(GroupedState(), [np.ones(1)], 1e20, [grad])
    assert np.isinf(info.adaptive)
    assert info.step_size == 0.5
