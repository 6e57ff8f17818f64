# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A loss or gradient that is not finite is not taken in.

On the CPU such a step may end before anything happens. On a device it takes place, and all that it
does is masked out: so every problem is taken both ways, where a method has both.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from hypothesis.strategies import SearchStrategy

from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Problem
from momo.conformance.run import optimizer, parameters, same_bits, set_gradients, take
from momo.conformance.subject import Subject
from momo.methods.row import step_with

FAULTS = ("NaN loss", "inf loss", "-inf loss", "NaN gradient", "inf gradient")
LOSSES = {"NaN loss": math.nan, "inf loss": math.inf, "-inf loss": -math.inf}


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems with a step before and steps after the fault."""
    return problems(subject, steps=(1, 3), bounds=False)


def faulty_step(problem: Problem, made: Any, params: list[torch.nn.Parameter], fault: str) -> None:
    """Take a step whose loss or gradient is not finite."""
    set_gradients(problem, params, 0)
    if fault not in LOSSES:
        grad = params[-1].grad
        assert grad is not None
        grad.view(-1)[-1] = math.nan if fault == "NaN gradient" else math.inf
    step_with(made, LOSSES.get(fault, 1.0))


def body(subject: Subject, problem: Problem) -> int:
    """Put a faulty step before each other step: the run is, bit for bit, that without them."""
    whole = parameters(problem)
    exact = optimizer(subject, problem, whole)
    runs = [(fault, parameters(problem)) for fault in FAULTS]
    made = [optimizer(subject, problem, params) for _, params in runs]
    for k in range(len(problem.losses)):
        before = [p.detach().clone() for p in whole]
        take(problem, exact, whole, k)
        for (fault, params), one in zip(runs, made, strict=True):
            faulty_step(problem, one, params, fault)
            _compare(f"the parameters, in a step with {fault}", before, params, k)
            skipped = getattr(one, "skipped", None)
            if skipped is not None and int(skipped) != k + 1:
                raise Found(f"skipped, after {fault}", k + 1, int(skipped), step=k)
            take(problem, one, params, k)
            _compare(f"the parameters, in the step after {fault}", whole, params, k)
    if subject.accepts("nonfinite"):
        _raises(subject, problem)
    return 1


def _raises(subject: Subject, problem: Problem) -> None:
    for fault in FAULTS:
        params = parameters(problem)
        made = optimizer(subject, problem, params, nonfinite="raise")
        before = [p.detach().clone() for p in params]
        try:
            faulty_step(problem, made, params, fault)
        except FloatingPointError:
            _compare(f"the parameters, after an error for {fault}", before, params, 0)
        else:
            raise Found(f'nonfinite="raise", {fault}', "FloatingPointError", "no error", step=0)


def _compare(name: str, expected: Any, got: list[torch.nn.Parameter], step: int) -> None:
    for p, q in zip(got, expected, strict=True):
        if not same_bits(p.detach(), q.detach()):
            raise Found(name, q.tolist(), p.tolist(), 0.0, step)


LAW = Law(
    "nonfinite",
    "a loss or gradient that is NaN or infinite changes nothing, now or later, and is counted",
    draw,
    body,
    both=True,
)
