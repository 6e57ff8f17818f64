# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Schedulers that cycle β find it, and the method follows."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch.optim.lr_scheduler import CyclicLR, LRScheduler, OneCycleLR

from momo.conformance.law import Found, Law
from momo.conformance.problem import Group, Problem
from momo.conformance.run import optimizer, parameters, same_bits, set_gradients, take, told
from momo.conformance.subject import DECAYS, Subject
from momo.methods.row import step_with

LOSSES = (2.0, 1.0, 3.0, 1.5, 0.5, 2.5, 1.0, 0.75)
PROBLEM = Problem((Group(((3,), (2, 2)), 0.05), Group(((2, 3),), 0.02)), LOSSES, eps=1e-3)
CYCLES: dict[str, Callable[..., LRScheduler]] = {
    "OneCycleLR": lambda made, **given: OneCycleLR(made, 0.1, len(LOSSES), **given),
    "CyclicLR": lambda made, **given: CyclicLR(made, 0.01, 0.1, len(LOSSES) // 2, **given),
}
"""A full cycle, with the arguments for β that torch takes where none are given."""
IMPOSSIBLE = (1.0, 1.2, -0.1, math.nan)

Step = tuple[list[torch.Tensor], dict[str, float]]
"""The parameters, and the scalars that are told, after a step."""


def body(subject: Subject) -> int:
    """Compare a cycle with optimizers made anew for each step, with the cycle's β and α."""
    for title, cycle in CYCLES.items():
        params = parameters(PROBLEM)
        made = optimizer(subject, PROBLEM, params)
        scheduler = cycle(made)
        cycled, problems = [], []
        for k in range(len(LOSSES)):
            problems.append(_now(made))
            take(PROBLEM, made, params, k)
            cycled.append(_after(made, params))
            scheduler.step()
        if len({problem.beta for problem in problems}) < 2:
            raise Found(f"β under {title}", "goes through a cycle", "stays as it is")
        for k, (ours, own) in enumerate(zip(cycled, _by_hand(subject, problems), strict=True)):
            if not _same(ours, own):
                raise Found(f"the step under {title}", "that with its β and lr", "another", step=k)
        still = [replace(problem, beta=PROBLEM.beta) for problem in problems]
        if all(map(_same, cycled, _by_hand(subject, still))):
            raise Found(f"the steps under {title}", "follow β", "those of a β that stays")
        for value in IMPOSSIBLE:
            _refused(subject, title, value)
    return 1


def _now(made: Any) -> Problem:
    """Return the problem with the β and the learning rates that groups have now."""
    group = made.param_groups[0]
    beta = group["betas"][0] if "betas" in group else group["momentum"]
    rates = [float(group["lr"]) for group in made.param_groups]
    groups = tuple(replace(g, lr=lr) for g, lr in zip(PROBLEM.groups, rates, strict=True))
    return replace(PROBLEM, groups=groups, beta=float(beta))


def _after(made: Any, params: list[Any]) -> Step:
    return [p.detach().clone() for p in params], told(made)


def _same(ours: Step, theirs: Step) -> bool:
    numbers = (torch.tensor(list(step[1].values()), dtype=torch.float64) for step in (ours, theirs))
    return same_bits(*numbers) and all(map(same_bits, ours[0], theirs[0]))


def _by_hand(subject: Subject, problems: list[Problem]) -> list[Step]:
    """Return the steps of optimizers that are made with the arguments of a problem each."""
    params, state, found = parameters(PROBLEM), None, []
    for k, problem in enumerate(problems):
        made = optimizer(subject, problem, params)
        if state is not None:
            made.load_state_dict({**made.state_dict(), "state": state})
        take(problem, made, params, k)
        state = copy.deepcopy(made.state_dict()["state"])
        found.append(_after(made, params))
    return found


def _refused(subject: Subject, title: str, value: float) -> None:
    """Cycle β to a value that it cannot have: the next step must say so, and change nothing."""
    params, untouched = parameters(PROBLEM), parameters(PROBLEM)
    made, exact = (optimizer(subject, PROBLEM, each) for each in (params, untouched))
    for one, own in ((made, params), (exact, untouched)):
        take(PROBLEM, one, own, 0)
    given = f"{title} with max_momentum = {value:g}"
    kept = [dict(group) for group in made.param_groups]
    set_gradients(PROBLEM, params, 1)
    try:
        CYCLES[title](made, max_momentum=value, base_momentum=value)
        step_with(made, LOSSES[1])
    except (ValueError, TypeError) as error:
        if f"{value:g}" not in str(error):
            raise Found(f"the error for {given}", "names the value", str(error)) from error
    else:
        raise Found(given, "ValueError or TypeError", "no error")
    for group, before in zip(made.param_groups, kept, strict=True):
        group.update(before)
    for k in (1, 2):
        for one, own in ((made, params), (exact, untouched)):
            take(PROBLEM, one, own, k)
        if not _same(_after(made, params), _after(exact, untouched)):
            raise Found(f"the steps after {given}", "as if it had not been", "others", step=k)


def objection(subject: Subject) -> str:
    """Return that there is no β, where there is none."""
    return "" if any(map(subject.accepts, DECAYS)) else "it has no β"


LAW = Law(
    "cycled_momentum",
    "OneCycleLR and CyclicLR cycle β, as if it were set at each step; an impossible β is refused",
    None,
    body,
    objection,
)
