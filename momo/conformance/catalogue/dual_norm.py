# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The dual norm belongs to the direction."""

from __future__ import annotations

import numpy as np
from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import lags, own_methods, seen_loss
from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Problem
from momo.conformance.run import optimizer, parameters, take, told, values_of
from momo.conformance.subject import Subject
from momo.core.ops import FLOATS

U = 2.0**-53


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems without decay, with β = 0, and losses by which averages can be known."""
    return problems(subject, steps=(1, 3), decay=False, bounds=False, betas=(0.0, 0.5))


def body(subject: Subject, problem: Problem) -> int:
    """Compare ``<d_k, x^k - x^{k+1}>`` with ``τ_k ||d_k||²``, where d is known from outside.

    At the first step ``d_1 = ρ_1 g_1``, and ρ_1 is ``f̄_1/f_1``; later d_k is g_k for β = 0,
    where f̄_k is f_k. The inner product of n numbers, and the difference of the points, are off by
    at most ``(n + 16) u Σ |d_i| (|x_i| + |x_i'|)``.
    """
    losses = tuple(f + 1.0 + k / 3 for k, f in enumerate(problem.losses))
    problem = Problem(**{**vars(problem), "losses": losses})
    params = parameters(problem)
    made = optimizer(subject, problem, params)
    count = 0
    for k, f in enumerate(losses):
        x = values_of(params)
        take(problem, made, params, k)
        numbers, moved = told(made), x - values_of(params)
        whole = np.concatenate([g.reshape(-1) for g in problem.gradients(k) if g is not None])
        share = numbers["loss_avg"] / seen_loss(subject, [x], f, [whole])
        if k and (share != 1 or problem.beta != 0 or lags(subject, problem)):
            break
        d = share * whole
        part = _part(subject, problem, numbers["step_size"], k)
        expected = part * numbers["step_size"] * numbers["dual_norm_sq"]
        got = float(d @ moved)
        sizes = float(np.abs(d) @ (np.abs(x) + np.abs(x - moved)))
        tolerance = (len(d) + 16) * U * (sizes + 2 * abs(expected))
        if not abs(got - expected) <= tolerance:
            raise Found(
                "<d, x^k - x^{k+1}>, from step_size * dual_norm_sq", expected, got, tolerance, k
            )
        count += 1
    return count


def _part(subject: Subject, problem: Problem, step_size: float, step: int) -> float:
    """Return which part of the base point's move x makes, where a sequence lies between."""
    if subject.reference is None:
        return 1.0
    iterates = own_methods(subject, problem, step)[0].iterates
    # With β = 0 all sequences follow the base point at once, or scale its move; and at the first
    # step all points are the same.
    follow, _ = iterates.follow(0.0, step_size, step + 1, FLOATS)
    if iterates.plain:
        return float(follow)
    start, end = np.zeros(1), np.ones(1)
    moved, _ = iterates.move((start,) * len(iterates.points), start, end, follow)
    return float(moved[0])


LAW = Law(
    "dual_norm",
    "dual_norm_sq is <d, direction> of the direction in which x moves",
    draw,
    body,
    lambda subject: "" if subject.tells else "no attribute last",
)
