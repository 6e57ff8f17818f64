# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A frozen parameter changes nothing of resuming, though its state is not loaded."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from hypothesis.strategies import SearchStrategy
from torch import nn

from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Problem
from momo.conformance.run import optimizer, parameters, same_bits, take
from momo.conformance.subject import Subject

Running = tuple[list[nn.Parameter], Any]
"""Parameters and their optimizer."""

WHEN: dict[str, Callable[[int], int]] = {
    "from the start": lambda half: 0,
    "from step 2 on": lambda half: 1,
    "when it is loaded": lambda half: half,
}
"""From which step on a parameter is frozen, of a run that is saved after half of them."""


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems with steps before and after the copy."""
    return problems(subject, steps=(2, 6))


def resumed(subject: Subject, problem: Problem, old: Running, frozen: int) -> Running:
    """Return a run that goes on from a file, as torch.distributed.checkpoint would have loaded it.

    That keeps no state of parameters that do not require gradients.
    """
    params = parameters(problem)
    with torch.no_grad():
        for p, q in zip(params, old[0], strict=True):
            p.copy_(q)
    params[frozen].requires_grad_(False)
    made, file = optimizer(subject, problem, params), io.BytesIO()
    torch.save(old[1].state_dict(), file)
    file.seek(0)
    state = torch.load(file, weights_only=True)
    state["state"].pop(frozen, None)
    made.load_state_dict(state)
    return params, made


def body(subject: Subject, problem: Problem) -> int:
    """Freeze the first parameter and the last, at different times; the copy is the original."""
    count, steps, compared = len(problem.parameters), len(problem.losses), 0
    half = steps // 2
    if count < 2:
        return 0
    for frozen in (0, count - 1):
        for when, start in WHEN.items():
            since = min(start(half), half)
            missing = tuple((k, frozen) for k in range(since, steps))
            own = replace(problem, missing=missing)
            params = parameters(own)
            old = params, optimizer(subject, own, params)
            for k in range(half):
                params[frozen].requires_grad_(k < since)
                take(own, old[1], params, k)
            what = f"parameter {frozen} frozen {when}, resumed after step {half}"
            try:
                new = resumed(subject, own, old, frozen)
            except Exception as error:
                raise Found(f"{what}: {type(error).__name__}: {error}", step=half) from error
            params[frozen].requires_grad_(False)
            for k in range(half, steps):
                for each, made in (old, new):
                    take(own, made, each, k)
                for i, (p, q) in enumerate(zip(*(run[0] for run in (old, new)), strict=True)):
                    if not same_bits(p.detach(), q.detach()):
                        raise Found(f"{what}: parameter {i}", p.tolist(), q.tolist(), 0.0, k)
            compared += 1
    return compared


LAW = Law(
    "frozen_parameter",
    "a frozen parameter changes nothing of resuming, though its state is not loaded",
    draw,
    body,
)
