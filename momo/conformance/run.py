# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs of a subject, in torch, on a problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from momo.installed import needed

with needed(__name__, "conformance"):
    import torch
    from torch import Tensor, nn

from momo.conformance.problem import Array, Group, Noise, Problem, exactly
from momo.conformance.subject import Subject
from momo.methods.row import step_with


@dataclass(frozen=True)
class Record:
    """What there is after a step.

    Attributes
    ----------
    x
        All parameters, flat, one after the other.
    numbers
        The scalars of the step, by name, as far as they are told.
    """

    x: Array
    numbers: dict[str, float] = field(default_factory=dict)


def parameters(
    problem: Problem, dtype: torch.dtype = torch.float64, device: str = "cpu"
) -> list[nn.Parameter]:
    """Return new parameters at the problem's first points."""
    return [nn.Parameter(torch.from_numpy(values).to(device, dtype)) for values in problem.points()]


def optimizer(
    subject: Subject,
    problem: Problem,
    params: Sequence[Tensor],
    split: Sequence[tuple[Group, Sequence[Tensor]]] | None = None,
    **arguments: Any,
) -> Any:
    """Return a new optimizer over parameters, in the problem's groups or those of ``split``.

    What groups share is given to the constructor; α and λ are given with each group.
    """
    if split is None:
        owners = [group for group, _ in problem.parameters]
        found: list[tuple[Group, list[Tensor]]] = []
        for owner, p in zip(owners, params, strict=True):
            if not found or found[-1][0] is not owner:
                found.append((owner, []))
            found[-1][1].append(p)
        split = found
    groups = []
    for group, own in split:
        given = {"lr": group.lr, "weight_decay": group.weight_decay}
        known = {name: value for name, value in given.items() if subject.takes(name)}
        groups.append({"params": list(own), **known})
    keywords = subject.row.torch_arguments(problem.hyperparameters(split[0][0]))
    made = subject.optimizer(groups, **{**keywords, **arguments})
    if callable(getattr(made, "train", None)):
        made.train()
    return made


def values_of(params: Sequence[Tensor]) -> Array:
    """Return all parameters, flat, in float64."""
    flat = [p.detach().to("cpu", torch.float64).reshape(-1).numpy() for p in params]
    return np.concatenate(flat) if flat else np.zeros(0)


def told(made: Any) -> dict[str, float]:
    """Return the scalars of the last step, by name; none if it does not show them."""
    last = getattr(made, "last", None)
    if last is None:
        return {}
    return {name: float(value) for name, value in last._asdict().items()}


def set_gradients(
    problem: Problem, params: Sequence[Tensor], step: int, noise: Noise | None = None
) -> None:
    """Give the parameters the gradients of a step (from 0), or none."""
    blurred = exactly if noise is None else noise.at(step)[0]
    for p, gradient in zip(params, problem.gradients(step), strict=True):
        p.grad = None
        if gradient is not None:
            p.grad = torch.from_numpy(np.asarray(blurred(gradient))).to(p.device, p.dtype)


def take(
    problem: Problem,
    made: Any,
    params: Sequence[Tensor],
    step: int,
    noise: Noise | None = None,
    scheduled: bool = True,
) -> None:
    """Take a step (from 0) with the problem's gradients, loss and bound."""
    set_gradients(problem, params, step, noise)
    blurred = exactly if noise is None else noise.at(step)[1]
    if noise is not None:
        with torch.no_grad():
            for p in params:
                p.copy_(torch.from_numpy(np.asarray(blurred(p.to(torch.float64).numpy()))))
    if scheduled and problem.schedule != (1.0,):
        for group, own in zip(made.param_groups, problem.groups, strict=True):
            group["lr"] = problem.lr(own, step)
    given: dict[str, Any] = {"loss": float(blurred(problem.losses[step]))}
    if problem.bounds is not None:
        given["lb"] = float(blurred(problem.bounds[step]))
    step_with(made, **given)


def steps(
    subject: Subject,
    problem: Problem,
    noise: Noise | None = None,
    dtype: torch.dtype = torch.float64,
) -> Iterator[Record]:
    """Run a subject on a problem, and yield what there is after each step."""
    params = parameters(problem, dtype)
    made = optimizer(subject, problem, params)
    for k in range(len(problem.losses)):
        take(problem, made, params, k, noise)
        yield Record(values_of(params), told(made))


def run(subject: Subject, problem: Problem, noise: Noise | None = None) -> list[Record]:
    """Return the records of all steps."""
    return list(steps(subject, problem, noise))


def same_bits(ours: Tensor, theirs: Tensor) -> bool:
    """Return whether two tensors have the same values, NaN counting as itself."""
    return torch.equal(ours, theirs) or bool(
        torch.isclose(ours, theirs, rtol=0, atol=0, equal_nan=True).all()
    )
