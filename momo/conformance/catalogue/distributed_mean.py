# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Replicas take the step of the mean loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import compare
from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Problem
from momo.conformance.ranks import on_ranks
from momo.conformance.run import run
from momo.conformance.subject import Subject

APART = 0.25
"""How far the loss of each rank is from the mean."""


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems with one loss a step."""
    return problems(subject, steps=(2, 4), bounds=False)


def body(subject: Subject, problem: Problem) -> int:
    """Run two ranks on the same gradients, as data parallelism leaves them, with other losses."""
    each = [
        replace(problem, losses=tuple(f + sign * APART for f in problem.losses)) for sign in (-1, 1)
    ]
    first, second = on_ranks(subject, each)
    for k, (ours, theirs) in enumerate(zip(first, second, strict=True)):
        if not np.array_equal(ours.x, theirs.x):
            raise Found("the parameters of rank 1", ours.x.tolist(), theirs.x.tolist(), 0.0, k)
    return compare(lambda noise: run(subject, problem, noise), first, scalars=False)


LAW = Law(
    "distributed_mean",
    "ranks with different losses take the same step, that of the mean loss",
    draw,
    body,
    slow=True,
    most=5,
)
