# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A capped step is the base optimizer's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import torch
from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import capped_methods, compare, reference_run
from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Noise, Problem
from momo.conformance.run import Record, parameters, steps, take, values_of
from momo.conformance.subject import Subject

HUGE = 1e30
"""How far losses climb in each step, and lie above their bound: every adaptive term is larger than
every cap by so much that even a harmonic mean of the two rounds to the cap."""


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems whose steps bring no bound."""
    several = subject.capped is not None
    return problems(
        subject,
        groups=(1, 2 if several else 1),
        bounds=False,
        lbs=(0.0,),
        lrs=(1.0, 0.1, 0.01),
        betas=(0.5, 0.9, 0.0),
    )


def body(subject: Subject, problem: Problem) -> int:
    """Run the method on losses that climb, and the base optimizer."""
    climbing = replace(
        problem, lb=-HUGE, losses=tuple(HUGE * (k + 1.0) for k in range(len(problem.losses)))
    )
    ours = list(steps(subject, climbing))
    for k, record in enumerate(ours):
        numbers = record.numbers
        if numbers and numbers["step_size"] != numbers["cap"]:
            raise Found("step_size (the cap)", numbers["cap"], numbers["step_size"], 0.0, k)
    count = 0
    if subject.capped is not None:
        count += compare(
            lambda noise: reference_run(subject, problem, noise, capped_methods), ours, False
        )
    if subject.base is not None and len(problem.groups) == 1:
        count += compare(lambda noise: list(_base(subject, problem, noise)), ours, scalars=False)
    return count


def _base(subject: Subject, problem: Problem, noise: Noise | None) -> Iterator[Record]:
    assert subject.base is not None
    params = parameters(problem)
    made = subject.base(list(params), problem.hyperparameters(problem.groups[0]))
    # Bases of torch take a closure, not a loss.
    step = made.step
    made.step = lambda loss, **_: step(lambda: torch.tensor(loss))
    for k in range(len(problem.losses)):
        take(problem, made, params, k, noise)
        yield Record(values_of(params))


def objection(subject: Subject) -> str:
    """Return why the law says nothing."""
    if subject.capped is None and subject.base is None:
        return "no method named that it is when capped (attributes: capped, base)"
    return "" if subject.takes("lb") else "no argument lb"


LAW = Law(
    "capped_is_the_base",
    "with losses far above their bound every step is the base optimizer's",
    draw,
    body,
    objection,
)
