# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A constant in the loss does not matter."""

from __future__ import annotations

from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import compare
from momo.conformance.draw import problems
from momo.conformance.law import Law
from momo.conformance.problem import Problem
from momo.conformance.run import run, steps
from momo.conformance.subject import Subject

CONSTANT = -8.0
"""Negative, so that losses and bounds are, too."""


def body(subject: Subject, problem: Problem) -> int:
    """Add a constant to losses and bounds."""
    moved = problem.shifted(CONSTANT)
    return compare(lambda noise: run(subject, problem, noise), steps(subject, moved), scalars=False)


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems that can be shifted."""
    return problems(subject, lrs=(100.0, 1.0))


def objection(subject: Subject) -> str:
    """Return why the law says nothing."""
    if not subject.takes("lb"):
        return "no argument lb"
    estimated = "the bound is estimated: its reset halves the model's value"
    return estimated if subject.row.online else ""


LAW = Law("shift", "for f + c and f_* + c all points are the same", draw, body, objection)
