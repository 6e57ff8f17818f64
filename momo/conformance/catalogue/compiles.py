# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""torch.compile makes one graph of a step."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import compare
from momo.conformance.draw import problems
from momo.conformance.law import Law
from momo.conformance.problem import Problem
from momo.conformance.run import Record, optimizer, parameters, run, set_gradients, told, values_of
from momo.conformance.subject import Subject
from momo.methods.row import step_with


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return small problems."""
    return problems(subject, steps=(3, 3), bounds=False, parameters=1)


def body(subject: Subject, problem: Problem) -> int:
    """Compile the step without a break, for a backend that needs no compiler, and compare."""
    torch.compiler.reset()
    try:
        return compare(lambda noise: run(subject, problem, noise), _compiled(subject, problem))
    finally:
        torch.compiler.reset()


def _compiled(subject: Subject, problem: Problem) -> Iterator[Record]:
    params = parameters(problem)
    made = optimizer(subject, problem, params)

    def step(loss: torch.Tensor) -> None:
        step_with(made, loss)

    compiled = torch.compile(step, backend="aot_eager", fullgraph=True)
    for k, f in enumerate(problem.losses):
        set_gradients(problem, params, k)
        compiled(torch.tensor(f, dtype=torch.float64))
        yield Record(values_of(params), told(made))


LAW = Law(
    "compiles",
    "torch.compile makes one graph of a step, and it is the same step",
    draw,
    body,
    slow=True,
    most=2,
)
