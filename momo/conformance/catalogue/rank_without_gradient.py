# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A rank without any gradient takes the same step as the others."""

from __future__ import annotations

from dataclasses import replace

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
    """Leave one of two ranks without gradients in a step: its loss counts, and nobody waits.

    The other has all its gradients, and takes the steps of the mean loss.
    """
    without = problem.seed % len(problem.losses)
    nothing = tuple((without, index) for index in range(len(problem.parameters)))
    ours, theirs = (
        replace(problem, losses=tuple(f + sign * APART for f in problem.losses)) for sign in (-1, 1)
    )
    ours = replace(ours, missing=(*problem.missing, *nothing))
    first, second = on_ranks(subject, [ours, theirs])
    for k, (one, other) in enumerate(zip(first, second, strict=True)):
        if one.numbers.get("loss_avg") != other.numbers.get("loss_avg"):
            expected, got = (step.numbers.get("loss_avg") for step in (other, one))
            raise Found("the loss average of the rank without gradients", expected, got, 0.0, k)
    return compare(lambda noise: run(subject, problem, noise), second, scalars=False)


LAW = Law(
    "rank_without_gradient",
    "a rank without any gradient takes the same step: its loss counts, and the others do not wait",
    draw,
    body,
    slow=True,
    most=5,
)
