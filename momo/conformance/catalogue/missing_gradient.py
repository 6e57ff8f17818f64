# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A parameter without a gradient stays where it is."""

from __future__ import annotations

from dataclasses import replace

import torch
from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import compare
from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Problem
from momo.conformance.run import (
    Record,
    optimizer,
    parameters,
    run,
    same_bits,
    take,
    told,
    values_of,
)
from momo.conformance.subject import Subject
from momo.methods.row import step_with

LATE = (3,)
"""The shape of the parameter that comes late."""


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems of one group."""
    return problems(subject, groups=(1, 1), bounds=False)


def body(subject: Subject, problem: Problem) -> int:
    """Add a parameter that has no gradient, then has one, and a step without any gradient."""
    own = problem.groups[0]
    # The seed draws the other parameters' numbers first, so that they are the same.
    wide = replace(problem, groups=(replace(own, shapes=(*own.shapes, LATE)),))
    count, last = len(own.shapes), len(problem.losses)
    params = parameters(wide)
    start = params[count].detach().clone()
    made = optimizer(subject, wide, params)
    missing = tuple((k, count) for k in range(last))
    quiet = replace(wide, missing=missing)
    records = []
    for k in range(last):
        take(quiet, made, params, k)
        if not same_bits(params[count].detach(), start):
            raise Found(
                "the parameter without a gradient", start.tolist(), params[count].tolist(), step=k
            )
        records.append(Record(values_of(params[:count]), told(made)))
    compared = compare(lambda noise: run(subject, problem, noise), records, scalars=False)

    before = [p.detach().clone() for p in params]
    for p in params:
        p.grad = None
    step_with(made, 1.0)
    if not all(map(same_bits, (p.detach() for p in params), before)):
        raise Found(
            "the parameters, in a step without any gradient", "unchanged", "moved", step=last
        )
    take(replace(wide, losses=(*wide.losses, 3.0)), made, params, last)
    if not all(bool(torch.isfinite(p).all()) for p in params):
        raise Found(
            "the parameters, when the gradient is there",
            "finite",
            values_of(params).tolist(),
            step=last + 1,
        )
    return compared


LAW = Law(
    "missing_gradient",
    "a parameter without a gradient stays, the others move as if it were not there",
    draw,
    body,
)
