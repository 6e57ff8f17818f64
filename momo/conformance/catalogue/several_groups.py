# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Groups with equal hyper-parameters are one group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import compare
from momo.conformance.draw import problems
from momo.conformance.law import Law
from momo.conformance.problem import Problem
from momo.conformance.run import Record, optimizer, parameters, run, take, told, values_of
from momo.conformance.subject import Subject


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems with one group of some parameters."""
    return problems(subject, groups=(1, 1), parameters=4)


def body(subject: Subject, problem: Problem) -> int:
    """Give each parameter a group of its own, in the opposite order.

    So the model's numbers have another holder, too.
    """
    if len(problem.parameters) < 2:
        group = problem.groups[0]
        problem = replace(problem, groups=(replace(group, shapes=(*group.shapes, (2,))),))
    return compare(lambda noise: run(subject, problem, noise), _split(subject, problem))


def _split(subject: Subject, problem: Problem) -> Iterator[Record]:
    params = parameters(problem)
    group = problem.groups[0]
    made = optimizer(subject, problem, params, [(group, [p]) for p in reversed(params)])
    for k in range(len(problem.losses)):
        take(problem, made, params, k, scheduled=False)
        yield Record(values_of(params), told(made))


LAW = Law(
    "several_groups",
    "groups with equal hyper-parameters, in any order, are one group",
    draw,
    body,
)
