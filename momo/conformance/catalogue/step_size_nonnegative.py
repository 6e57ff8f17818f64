# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The positive part, and the cap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis.strategies import SearchStrategy

from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Problem
from momo.conformance.run import steps
from momo.conformance.subject import Subject


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems whose bound lies above many of the losses."""
    return problems(subject, lbs=(11.0, 5.0, 0.0, 1.0), bounds=False)


def body(subject: Subject, problem: Problem) -> int:
    """Look at τ where it is told; where it is not, at the points: f_1 < f_* moves nothing."""
    for k, record in enumerate(steps(subject, problem)):
        if not record.numbers:
            break
        size, cap = record.numbers["step_size"], record.numbers["cap"]
        if not 0 <= size <= cap * (1 + 2.0**-50):
            raise Found("step_size", f"between 0 and the cap, {cap:.17g}", size, step=k)
    if subject.takes("lb"):
        plain = tuple(replace(group, weight_decay=0.0) for group in problem.groups)
        below = replace(problem, groups=plain, lb=11.0, losses=problem.losses[:1])
        (record,) = steps(subject, below)
        start = np.concatenate([values.reshape(-1) for values in below.points()])
        if not np.array_equal(record.x, start):
            i = int((record.x != start).argmax())
            what = f"element {i} of the parameters, for lb = 11 above the loss"
            raise Found(what, float(start[i]), float(record.x[i]), 0.0, 0)
    return 1


def objection(subject: Subject) -> str:
    """Return why the law says nothing."""
    return "" if subject.tells or subject.takes("lb") else "no attribute last, no argument lb"


LAW = Law(
    "step_size_nonnegative",
    "0 <= step_size <= cap: a model below its bound makes no step, and none goes up",
    draw,
    body,
    objection,
    as_drawn=True,
)
