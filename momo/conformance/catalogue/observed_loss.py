# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The loss that is heard from the backward passes is the loss that would be given."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from hypothesis.strategies import SearchStrategy
from torch import Tensor

from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Problem
from momo.conformance.run import optimizer, parameters, same_bits, take
from momo.conformance.subject import Subject


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems whose steps bring no bounds."""
    return problems(subject, bounds=False)


def loss_of(problem: Problem, params: list[torch.nn.Parameter], step: int) -> Tensor:
    """Return a loss of the problem's value whose gradients are the problem's."""
    loss = torch.full((), problem.losses[step], dtype=torch.float64)
    for p, gradient in zip(params, problem.gradients(step), strict=True):
        if gradient is not None:
            loss = loss + (torch.from_numpy(np.asarray(gradient)) * (p - p.detach())).sum()
    return loss


def listen(problem: Problem, made: Any, params: list[torch.nn.Parameter], step: int) -> bool:
    """Take a step whose gradients come in two halves; return whether there are any."""
    made.zero_grad()
    loss = loss_of(problem, params, step)
    if not loss.requires_grad:
        return False
    for _ in range(2):
        (made.observe(loss_of(problem, params, step)) / 2).backward()
    made.step()
    return True


def body(subject: Subject, problem: Problem) -> int:
    """Halves are exact, so the run is, bit for bit, the one whose losses are given."""
    given, heard = parameters(problem), parameters(problem)
    one, other = optimizer(subject, problem, given), optimizer(subject, problem, heard)
    compared = 0
    for k in range(len(problem.losses)):
        take(problem, one, given, k)
        for group, own in zip(other.param_groups, one.param_groups, strict=True):
            group["lr"] = own["lr"]
        if not listen(problem, other, heard, k):
            continue
        compared += 1
        for p, q in zip(heard, given, strict=True):
            if not same_bits(p.detach(), q.detach()):
                raise Found("the parameters", q.tolist(), p.tolist(), 0.0, k)
    return compared


def objection(subject: Subject) -> str:
    """Return why the law says nothing."""
    if subject.needs_closure:
        return "its step takes a closure alone, and hears what that observes"
    return "" if hasattr(subject.optimizer, "observe") else "it has no observe()"


LAW = Law(
    "observed_loss",
    "a step that hears its loss from the backward passes is the one that is given it",
    draw,
    body,
    objection,
    as_drawn=True,
)
