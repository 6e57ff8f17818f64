# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A zero gradient makes no step, and never 0/0."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import lags
from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Array, Problem
from momo.conformance.run import optimizer, parameters, take, told, values_of
from momo.conformance.subject import Subject

U = 2.0**-53


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems in which every other gradient will be zero.

    Under a bound above the losses the gap is zero, too: 0/0 is NaN, where 1/0 would be the cap.
    """
    return problems(subject, steps=(1, 4), betas=(0.0, 0.5), lbs=(20.0, 0.0), bounds=False)


def body(subject: Subject, problem: Problem) -> int:
    """Take steps whose gradients are zero at the first step, and then at every other.

    The points may shrink towards 0 by weight decay, all of a group at one rate. Later steps stay
    put where d is zero again: the dual norm shows it, and β = 0, without which a sequence may go on
    towards its base point. A few roundings may lie in between where a sequence moves x.
    """
    climbing = replace(problem, losses=tuple(1.0 + k + f for k, f in enumerate(problem.losses)))
    still = replace(climbing, scale=0.0)
    params = parameters(problem)
    made = optimizer(subject, problem, params)
    owners = [group for group, _ in problem.parameters]
    for k in range(len(problem.losses)):
        before = [values_of([p]) for p in params]
        take(climbing if k % 2 else still, made, params, k)
        numbers = told(made)
        for i, (p, x) in enumerate(zip(params, before, strict=True)):
            if not bool(torch.isfinite(p).all()):
                raise Found(f"parameter {i}", "finite", values_of([p]).tolist(), step=k)
            stays = problem.beta == 0 and k % 2 == 0 and numbers.get("dual_norm_sq") == 0
            stays = stays and not lags(subject, problem)
            if k == 0 or stays:
                decayed = owners[i].weight_decay > 0
                _check_still(f"parameter {i}, after a zero gradient", x, values_of([p]), decayed, k)
        for name, value in _state(made):
            if bool(torch.isnan(value).any()):
                raise Found(f"state {name}", "no NaN", "NaN", step=k)
    return 1


def _check_still(name: str, x: Array, y: Array, decayed: bool, step: int) -> None:
    rate = float(x @ y) / float(x @ x) if decayed and x @ x else 1.0
    tolerance = 8 * U * (1 + abs(rate)) if decayed or step else 0.0
    off = np.abs(y - rate * x) > tolerance * np.abs(x)
    if rate > 1 + 8 * U or off.any():
        raise Found(name, f"{x.tolist()}, or nearer to 0", y.tolist(), step=step)


def _state(made: object) -> list[tuple[str, torch.Tensor]]:
    entries = getattr(made, "state", {}).values()
    return [
        (name, value)
        for entry in entries
        for name, value in entry.items()
        if isinstance(value, torch.Tensor) and value.is_floating_point()
    ]


LAW = Law(
    "zero_gradient",
    "where d is zero nothing moves but by weight decay, and nothing becomes NaN",
    draw,
    body,
)
