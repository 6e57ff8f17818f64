# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sixty steps of every baseline, with every hyper-parameter and a schedule, for its oracle."""

from __future__ import annotations

import inspect
from dataclasses import asdict, replace
from math import prod
from typing import Any

import numpy as np
import pytest
import torch
from baseline_oracles import ORACLES, polynomial_average
from numpy.typing import NDArray

from experiments.optimizers import OPTIMIZERS, Hyperparameters, find
from experiments.optimizers.baselines import BASELINES
from experiments.schedules import factor

Array = NDArray[np.float64]
STEPS = 60
SHAPES = ((3, 4), (4, 2), (5,))
SIZE = sum(map(prod, SHAPES))
ENDS = [int(end) for end in np.cumsum([prod(shape) for shape in SHAPES])[:-1]]
WITHIN = 1e-13
"""Of the size of the points, as with the methods: 450 units in the last place, after 60 steps of
some ten operations each."""


def start() -> Array:
    return np.random.default_rng(0).standard_normal(SIZE)


def gradient(k: int, x: Array) -> Array:
    """Return that of ``½ mean (A_k (x - solution))²``."""
    solution = np.random.default_rng(1).standard_normal(SIZE)
    A = np.random.default_rng([2, k]).standard_normal((8, SIZE)) / SIZE**0.5
    found: Array = A.T @ (A @ (x - solution)) / 8
    return found


def schedule(name: str, lr: float) -> list[float]:
    return [lr * factor(name, k, STEPS, 0.0 if name == "constant" else 0.2) for k in range(STEPS)]


def oracle(name: str, h: Hyperparameters, lrs: list[float]) -> list[Array]:
    """Return the points of the oracle, which must know all that the entry uses."""
    values = {**asdict(h), "ends": ENDS, "base_lr": h.lr}
    known = inspect.signature(ORACLES[name]).parameters
    assert {*OPTIMIZERS[name].row.uses} - {"lr"} <= set(known)
    gradients = [lambda x, k=k: gradient(k, x) for k in range(STEPS)]
    given = {key: value for key, value in values.items() if key in known}
    return [start(), *ORACLES[name](start(), gradients, lrs, **given)]


def run(name: str, h: Hyperparameters, lrs: list[float]) -> tuple[list[Array], Array]:
    """Return the points of the optimizer, and the one at which it would be evaluated."""
    parts = zip(np.split(start(), ENDS), SHAPES, strict=True)
    params = [torch.nn.Parameter(torch.from_numpy(x.reshape(shape))) for x, shape in parts]
    optimizer: Any = find(name).build(params, h)
    modes, points = find(name).row.modes, [start()]
    if modes:
        optimizer.train()
    for k, lr in enumerate(lrs):
        for group in optimizer.param_groups:
            group["lr"] = lr
        for param, g in zip(params, np.split(gradient(k, points[-1]), ENDS), strict=True):
            param.grad = torch.from_numpy(g.reshape(param.shape).copy())
        optimizer.step()
        points.append(flat(params))
    if modes:
        optimizer.eval()
    return points, flat(params)


def flat(params: list[torch.nn.Parameter]) -> Array:
    return np.concatenate([p.detach().numpy().ravel() for p in params])


CHOICES: tuple[tuple[str, dict[str, float]], ...] = (
    ("constant", {}),
    ("cosine", {}),
    ("constant", {"weight_decay": 0.1}),
    ("cosine", {"weight_decay": 0.1, "beta": 0.7, "beta2": 0.99, "eps": 1e-6}),
    ("step", {"lr": 1.5, "weight_decay": 0.03, "beta": 0.8, "beta2": 0.95}),
)
"""A schedule, with a warm-up unless it is constant, and hyper-parameters; lr is a multiple."""
LONGER = {"dog": 3.0, "ldog": 2.0, "dadapt_sgd": 2.0}
"""Multiples of α with which these leave their first, tiny steps behind within sixty."""
NAMES = [entry.name for entry in BASELINES]


def compared(name: str, kind: str, given: dict[str, float]) -> tuple[list[Array], list[Array]]:
    """Return the points of a baseline and of its oracle."""
    own = find(name).row.defaults
    h = replace(own, **{**given, "lr": own.lr * LONGER.get(name, 1.0) * given.get("lr", 1.0)})
    lrs = schedule(kind, h.lr)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # in which Mechanic keeps its scales
    try:
        ours, _ = run(name, h, lrs)
    finally:
        torch.set_default_dtype(before)
    return ours, oracle(name, h, lrs)


def apart(ours: list[Array], theirs: list[Array]) -> float:
    """Return how far runs are apart, over the size of their points."""
    size = max(np.abs(x).max() for x in theirs)
    return float(max(np.abs(a - b).max() for a, b in zip(ours, theirs, strict=True)) / size)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("choice", range(len(CHOICES)))
def test_sixty_steps_are_those_of_the_source(name: str, choice: int) -> None:
    ours, theirs = compared(name, *CHOICES[choice])
    assert apart(ours, theirs) <= WITHIN
    assert np.isfinite(theirs[-1]).all()
    assert np.abs(theirs[-1] - theirs[0]).max() > 1e-3


@pytest.mark.parametrize("lr", [1e-3, 1e4])
def test_adabound_is_held_where_a_bound_is_reached(lr: float) -> None:
    """By nearly all steps: from below at α = 1e-6, from above at α = 10."""
    ours, theirs = compared("adabound", "cosine", {"lr": lr})
    assert apart(ours, theirs) <= WITHIN
    h = replace(find("adabound").row.defaults, lr=1e-3 * lr)
    without = oracle("adam", h, schedule("cosine", h.lr))
    assert apart(without, theirs) > 1e-3


def test_every_baseline_has_an_oracle() -> None:
    assert set(NAMES) == set(ORACLES)


@pytest.mark.parametrize("name", ["dog", "ldog"])
def test_dog_is_evaluated_at_its_average(name: str) -> None:
    h = replace(find(name).row.defaults, lr=LONGER[name])
    points, evaluated = run(name, h, schedule("constant", h.lr))
    expected = polynomial_average(points[1:])
    np.testing.assert_allclose(evaluated, expected, rtol=0, atol=WITHIN)
    assert np.abs(evaluated - points[-1]).max() > 1e-3


@pytest.mark.parametrize("name", ["schedule_free_sgd", "schedule_free_adam_w"])
def test_schedule_free_is_evaluated_at_x(name: str) -> None:
    """y = (1-β) z + β x, and x is the average of the z: one z after another is found from y."""
    h = find(name).row.defaults
    points, evaluated = run(name, h, schedule("constant", h.lr))
    x = z = start()
    for t, y in enumerate(points[1:], 1):
        # x_t = (1 - 1/t) x_{t-1} + z_t/t and y_t = (1-β) z_t + β x_t
        z = (y - h.beta * (1 - 1 / t) * x) / (1 - h.beta + h.beta / t)
        x = (1 - 1 / t) * x + z / t
    np.testing.assert_allclose(evaluated, x, rtol=0, atol=1e-12)
    assert np.abs(evaluated - points[-1]).max() > 1e-4
