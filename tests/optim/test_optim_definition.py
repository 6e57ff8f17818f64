# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every torch class, over parameter groups, against the definition of a momentum model.

Also what the NumPy forms do not have: β that changes, and bounds that only some steps bring.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from definition import PARTS, Array, Layers
from definition_runs import SCALARS, STEPS, Point, Run, joined, runs, worst
from hypothesis import given, settings
from hypothesis import strategies as st

from momo.methods import METHODS


def trajectory(name: str, run: Run) -> list[Point]:
    """Return the points of a row's torch form; every parameter is a group."""
    row, points = METHODS[name], []
    params = [torch.nn.Parameter(torch.tensor(x)) for x in run.start()]
    groups = [{"params": [p], "lr": run.lr(0, i)} for i, p in enumerate(params)]
    if "weight_decay" in row.arguments:
        for group, decay in zip(groups, run.weight_decays, strict=True):
            group["weight_decay"] = decay
    optimizer = row.torch_class()(groups, **row.torch_arguments(run.h))
    for step in range(STEPS):
        for i, group in enumerate(optimizer.param_groups):
            group["lr"] = run.lr(step, i)
            if "betas" in group:
                group["betas"] = (run.betas[step], run.h.beta2)
            for key in {"beta", "momentum"} & set(group):
                group[key] = run.betas[step]
        batch = run.batch(step, arrays(params))
        for p, grad in zip(params, batch.grads, strict=True):
            p.grad = None if grad is None else torch.tensor(grad)
        optimizer.step(loss=batch.loss, lb=batch.bound)
        info = np.array([float(getattr(optimizer.last, scalar)) for scalar in SCALARS])
        points.append((joined(arrays(params)), info))
    return points


def arrays(params: list[torch.nn.Parameter]) -> Layers:
    return [np.array(p.detach().numpy()) for p in params]


@pytest.mark.parametrize("name", PARTS)
@settings(max_examples=9)  # of eight steps each, and methods share their parts
@given(data=st.data(), varying=st.booleans())
def test_a_class_is_its_definition(name: str, data: st.DataObject, varying: bool) -> None:
    run = data.draw(runs(name, varying))
    assert worst(name, run, trajectory) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTS)
@settings(max_examples=250)
@given(data=st.data(), varying=st.booleans())
def test_a_class_is_its_definition_at_length(name: str, data: st.DataObject, varying: bool) -> None:
    run = data.draw(runs(name, varying))
    assert worst(name, run, trajectory) <= 1


def test_the_comparison_can_fail() -> None:
    def off(name: str, run: Run) -> list[Point]:
        points = trajectory(name, run)
        x: Array = points[-1][0]
        return [*points[:-1], (x * (1 + 1e-6), points[-1][1])]

    run = Run(
        ((2, 2), (3,)),
        METHODS["momo_adam"].defaults,
        (0.3, 0.02),
        (0.1, 0.0),
        (1.0,) * STEPS,
        (0.9,) * STEPS,
        (None,) * STEPS,
        frozenset({(2, 0)}),
        False,
        0,
    )
    assert worst("momo_adam", run, trajectory) <= 1 < worst("momo_adam", run, off)
