# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A run that is saved, copied or pickled goes on as if nothing had happened."""

from __future__ import annotations

import copy
import io
import pickle
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


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems with steps before and after the copy."""
    return problems(subject, steps=(2, 5))


def started(subject: Subject, problem: Problem) -> Running:
    """Return a new run."""
    params = parameters(problem)
    return params, optimizer(subject, problem, params)


def by_state_dict(subject: Subject, problem: Problem, old: Running, saved: bool) -> Running:
    """Return a new run that has loaded the state of another, as it is or from a file."""
    params, made = started(subject, problem)
    with torch.no_grad():
        for p, q in zip(params, old[0], strict=True):
            p.copy_(q)
    state = old[1].state_dict()
    if saved:
        file = io.BytesIO()
        torch.save(state, file)
        file.seek(0)
        state = torch.load(file, weights_only=True)
    made.load_state_dict(state)
    return params, made


def restored(way: str, subject: Subject, problem: Problem, old: Running) -> Running:
    """Return a run that goes on from another."""
    if way == "deepcopy":
        return copy.deepcopy(old)
    if way == "pickle":
        found: Running = pickle.loads(pickle.dumps(old))
        return found
    return by_state_dict(subject, problem, old, way == "torch.save")


def body(subject: Subject, problem: Problem) -> int:
    """Let the run and its copy go on in turns: each is, bit for bit, the run without a copy.

    In turns, so that what the two should not share shows.
    """
    whole = started(subject, problem)
    path = []
    for k in range(len(problem.losses)):
        take(problem, whole[1], whole[0], k)
        path.append([p.detach().clone() for p in whole[0]])
    half = len(problem.losses) // 2
    ways = ["state_dict", "torch.save", "deepcopy", "pickle"]
    if "<locals>" in subject.optimizer.__qualname__:
        ways.remove("pickle")  # no class that a function defines can be pickled
    for way in ways:
        old = started(subject, problem)
        for k in range(half):
            take(problem, old[1], old[0], k)
        try:
            new = restored(way, subject, problem, old)
        except Exception as error:
            raise Found(f"{way} raised {type(error).__name__}: {error}", step=half - 1) from error
        for k in range(half, len(problem.losses)):
            for title, (params, made) in {f"the copy by {way}": new, "the original": old}.items():
                take(problem, made, params, k)
                for i, (p, q) in enumerate(zip(params, path[k], strict=True)):
                    if not same_bits(p.detach(), q):
                        what = f"parameter {i} of {title}, made after step {half}"
                        raise Found(what, q.tolist(), p.tolist(), 0.0, k)
    return 1


LAW = Law(
    "state_round_trip",
    "saved, loaded, copied or pickled, a run and its copy both go on bit for bit",
    draw,
    body,
    as_drawn=True,
)
