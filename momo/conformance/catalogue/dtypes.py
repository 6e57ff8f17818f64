# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameters of low precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import FAR, TIMES, own_methods
from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Array, Noise, Problem
from momo.conformance.run import optimizer, parameters, set_gradients, told, values_of
from momo.conformance.subject import Subject
from momo.methods.row import step_with

DTYPES = (torch.float32, torch.bfloat16, torch.float16)
NAMES = ("value", "loss_avg", "dual_norm_sq", "step_size")
WORKING = 2.0**-19
"""32 times the unit roundoff of float32, the lowest precision to work in: for what it makes of the
few operations, or of a decomposition, that lie between the gradients and a direction."""


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems with large points and short steps: ``<d, x> - γ`` cancels."""
    return problems(
        subject,
        steps=(2, 4),
        groups=(1, 1),
        shapes=((24,), (5, 6), (4, 4)),
        epsilons=(1e-3,),
        lrs=(1.0, 0.1),
        sizes=(30.0, 1.0),
        betas=(0.9, 0.5),
    )


class Twin:
    """The run in float64 that starts every step at the points of another, with noise or without."""

    def __init__(self, subject: Subject, problem: Problem, noise: Noise | None) -> None:
        self.noise = noise
        self.params = parameters(problem)
        self.made = optimizer(subject, problem, self.params)

    @torch.no_grad()
    def take(self, others: list[torch.nn.Parameter], step: int, loss: float, bound: Any) -> Array:
        """Take the step of another run, and return the points."""
        for p, q in zip(self.params, others, strict=True):
            assert q.grad is not None
            p.copy_(q)
            p.grad = q.grad.to(p.dtype)
        if self.noise is not None:
            on_gradients, on_others = self.noise.at(step)
            loss = float(on_others(loss))
            for p in self.params:
                assert p.grad is not None
                p.copy_(torch.from_numpy(np.asarray(on_others(p.numpy()))))
                p.grad = torch.from_numpy(np.asarray(on_gradients(p.grad.numpy())))
        given = {} if bound is None else {"lb": bound}
        step_with(self.made, loss, **given)
        return values_of(self.params)


def body(subject: Subject, problem: Problem) -> int:
    """Compare each step with that of float64 from the same points, for the same gradients.

    d is stored in the parameters' dtype, whose unit roundoff is u, the rest of the arithmetic is in
    float32 at least: so the twin sees gradients off by 4u and all else by `WORKING`, and eight
    times what a few such runs make of it is allowed. The points that come out
    are rounded, as are those that a sequence keeps beside them, in each step.
    """
    return sum(_one(subject, problem, dtype) for dtype in DTYPES)


def _one(subject: Subject, problem: Problem, dtype: torch.dtype) -> int:
    u = torch.finfo(dtype).eps / 2
    others = WORKING
    if subject.reference is not None:
        kept = own_methods(subject, problem, 0)[0].iterates.points
        others = max(WORKING, 4 * u) if kept else WORKING
    params = parameters(problem, dtype)
    made = optimizer(subject, problem, params)
    noises = [None, *Noise.several(max(4 * u, WORKING), others)[:4]]
    twins = [Twin(subject, problem, noise) for noise in noises]
    title = str(dtype).removeprefix("torch.")
    count = 0
    for k, f in enumerate(problem.losses):
        set_gradients(problem, params, k)
        bound = None if problem.bounds is None else problem.bounds[k]
        want, *near = [twin.take(params, k, f, bound) for twin in twins]
        numbers = [told(twin.made) for twin in twins]
        step_with(made, f, **({} if bound is None else {"lb": bound}))
        size = float(np.abs(want).max())
        _check_types(title, made, params, dtype, size, k)
        spread = max(float(np.abs(x - want).max()) for x in near)
        tolerance = TIMES * spread + 4 * u * (k + 2) * size
        if not tolerance <= 0.5 * size or size > min(FAR, largest(dtype)):
            break
        count += 1
        got = values_of(params)
        if not (np.abs(got - want) <= tolerance).all():
            i = int((~(np.abs(got - want) <= tolerance)).argmax())
            what = f"element {i} of the parameters, {title}"
            raise Found(what, float(want[i]), float(got[i]), tolerance, k)
        _check_numbers(title, numbers, told(made), k)
    return count


def _check_numbers(
    title: str, runs: list[dict[str, float]], got: dict[str, float], step: int
) -> None:
    want, *near = runs
    for name in NAMES if got else ():
        spread = max(abs(one[name] - want[name]) for one in near)
        tolerance = TIMES * spread + 2 * WORKING * abs(want[name])
        if not abs(got[name] - want[name]) <= tolerance:
            raise Found(f"{name}, {title}", want[name], got[name], tolerance, step)


def largest(dtype: torch.dtype) -> float:
    """Return what points may be in a dtype: with decay or without, a step may multiply them."""
    return torch.finfo(dtype).max / 16


def _check_types(
    title: str,
    made: Any,
    params: list[torch.nn.Parameter],
    dtype: torch.dtype,
    size: float,
    step: int,
) -> None:
    for i, p in enumerate(params):
        if p.dtype is not dtype:
            raise Found(f"the dtype of parameter {i}", dtype, p.dtype, step=step)
        if size <= largest(dtype) and not bool(torch.isfinite(p).all()):
            raise Found(f"parameter {i}, {title}", "finite", values_of([p]).tolist(), step=step)
    for entry in made.state.values():
        for name, value in entry.items():
            if not isinstance(value, torch.Tensor) or not value.is_floating_point():
                continue
            if value.dim() == 0 and value.dtype.itemsize < 4:
                what = f"the dtype of the number {name} in the state, {title}"
                raise Found(what, "32 bits at least", value.dtype, step=step)
            if bool(torch.isnan(value).any()):
                raise Found(f"state {name}, {title}", "no NaN", "NaN", step=step)


LAW = Law(
    "dtypes",
    "with float32, bfloat16 and float16 parameters a step is float64's but for their rounding",
    draw,
    body,
)
