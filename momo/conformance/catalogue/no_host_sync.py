# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A step never waits for its device."""

from __future__ import annotations

import torch
from hypothesis.strategies import SearchStrategy

from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Problem
from momo.conformance.run import optimizer, parameters
from momo.conformance.subject import Subject
from momo.methods.row import step_with


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems of which only the shapes matter."""
    return problems(subject, steps=(2, 2))


def body(subject: Subject, problem: Problem) -> int:
    """Take steps on the meta device, which has no values: what reads one raises there."""
    for dtype in (torch.float32, torch.bfloat16):
        params = parameters(problem, dtype, "meta")
        made = optimizer(subject, problem, params)
        for k in range(len(problem.losses)):
            for p in params:
                p.grad = torch.empty_like(p)
            given = {"loss": torch.empty((), device="meta")}
            if problem.bounds is not None:
                given["lb"] = torch.empty((), device="meta")
            try:
                step_with(made, **given)
            except (RuntimeError, NotImplementedError) as error:
                what = f"a value is read, or {error}".splitlines()[0]
                raise Found(what, "a step without values", type(error).__name__, step=k) from error
    return 1


LAW = Law(
    "no_host_sync",
    "a step reads no value of a tensor, so it does not wait for the device",
    draw,
    body,
    most=5,
)
