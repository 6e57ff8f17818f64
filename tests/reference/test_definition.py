"""Every NumPy method, over groups, against the definition of a momentum model.

The scalars of a step are the same code in both trees, so that no comparison of these tests them:
the literal oracles, this and the argmin do.
"""

from __future__ import annotations

import numpy as np
import pytest
from definition import PARTS
from definition_runs import SCALARS, STEPS, Point, Run, joined, runs, worst
from hypothesis import given, settings
from hypothesis import strategies as st

from momo.methods import METHODS, Hyperparameters
from momo.reference import GroupedState, Method, PerBatch, grouped


def methods(name: str, run: Run, step: int) -> list[Method]:
    """Return a row's methods, one a layer, as they are at a step."""
    h = run.h
    per_batch = PerBatch() if run.bounds[step] is not None else None
    return [
        METHODS[name].reference(
            Hyperparameters(run.lr(step, i), run.betas[step], lam, h.beta2, h.eps, h.lb),
            per_batch,
            shape,
        )
        for i, (lam, shape) in enumerate(zip(run.weight_decays, run.shapes, strict=True))
    ]


def reference(name: str, run: Run) -> list[Point]:
    x, state, points = run.start(), GroupedState(), []
    for step in range(STEPS):
        batch = run.batch(step, x)
        flat, state, info = grouped(*methods(name, run, step)).step(
            state,
            [a.reshape(-1) for a in x],
            batch.loss,
            [None if g is None else g.reshape(-1) for g in batch.grads],
            batch.bound,
        )
        x = [a.reshape(shape) for a, shape in zip(flat, run.shapes, strict=True)]
        points.append((joined(x), np.array([float(getattr(info, name)) for name in SCALARS])))
    assert state.step == STEPS
    return points


def test_every_method_of_the_table_has_parts() -> None:
    assert list(PARTS) == list(METHODS)


@pytest.mark.parametrize("name", PARTS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_method_is_its_definition(name: str, data: st.DataObject) -> None:
    run = data.draw(runs(name))
    assert worst(name, run, reference) <= 1
