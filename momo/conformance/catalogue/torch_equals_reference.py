# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Torch equals the reference."""

from __future__ import annotations

from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import compare, reference_run
from momo.conformance.draw import problems
from momo.conformance.law import Law
from momo.conformance.problem import Problem
from momo.conformance.run import steps
from momo.conformance.subject import Subject


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems with all there is: groups, missing gradients, bounds, schedules."""
    return problems(subject, gaps=True, schedule=subject.takes("lr"))


def body(subject: Subject, problem: Problem) -> int:
    """Run both side by side in float64, each parameter a group of the reference."""
    return compare(lambda noise: reference_run(subject, problem, noise), steps(subject, problem))


LAW = Law(
    "torch_equals_reference",
    "after each step the points, and the scalars of the step, are those of the reference",
    draw,
    body,
    lambda subject: "" if subject.reference else "no reference",
    times=3,
    as_drawn=True,
)
