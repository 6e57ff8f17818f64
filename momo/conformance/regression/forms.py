# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A method's trajectory on a problem, in its NumPy form and in its torch form."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from momo.conformance.regression.problems import (
    CUTS,
    PROJECTION,
    SHAPES,
    START,
    STEPS,
    Array,
    Problem,
    Shape,
)
from momo.core.method import Method as Parts
from momo.methods import Hyperparameters, Row
from momo.methods.row import step_with
from momo.reference import CAPPED, GroupedState, Method, grouped

if TYPE_CHECKING:
    from torch.nn import Parameter

COLUMNS = ("h", "ζ", "τ", "f_*", *SHAPES)
"""What a step leaves: four scalars, and a projection of each parameter."""


def _projected(xs: tuple[Array, ...]) -> list[float]:
    weights = np.split(PROJECTION, CUTS)
    return [float((w * x).sum()) for w, x in zip(weights, xs, strict=True)]


CAPPED_LR = 1.0
"""The largest α of a method that is always capped: longer steps go where nothing is to be seen."""


def lr_of(problem: Problem, step: int, parts: Parts | None) -> float | None:
    """Return α_k, k counted from 1, of a method of such parts, if known; None: the default."""
    lr = problem.lr(step)
    capped = parts is not None and parts.step_rule is CAPPED
    return min(lr, CAPPED_LR) if capped and lr is not None else lr


def reference(row: Row, problem: Problem, noise: Callable[[Array], Array] | None = None) -> Array:
    """Return the trajectory of the NumPy form: one row a step, columns as `COLUMNS`.

    Parameters
    ----------
    row
        The method; every parameter is a group of it.
    problem
        The run.
    noise
        What changes the parameters, loss and gradients before every step. Default: nothing.
    """
    h = problem.hyperparameters(row.defaults)
    per_batch = problem.per_batch and not row.online
    changed = noise or (lambda array: array)
    parts = row.reference(h, SHAPES["matrix"])
    xs, state, steps = tuple(np.split(START, CUTS)), GroupedState(), []
    for k in range(1, STEPS + 1):
        lr = lr_of(problem, k, parts)
        now = h if lr is None else replace(h, lr=lr)
        methods = [row.reference(now, shape) for shape in SHAPES.values()]
        xs = tuple(changed(x) for x in xs)
        sample = problem.sample(xs, k)

        def seen(x: Array, k: int = k) -> tuple[float, Array]:
            found = problem.sample(tuple(np.split(x, CUTS)), k)
            grads = zip(found.grads, np.split(0 * x, CUTS), strict=True)
            return found.loss, np.concatenate([zero if g is None else g for g, zero in grads])

        loss, grad = row.seen(seen)(np.concatenate(xs))
        grads = zip(sample.grads, np.split(grad, CUTS), strict=True)
        xs, state, info = grouped(*methods).step(
            state,
            xs,
            changed(np.asarray(loss)),
            [None if absent is None else changed(g) for absent, g in grads],
            changed(np.asarray(sample.bound)) if per_batch else None,
        )
        scalars = (info.value, info.adaptive, info.step_size, info.lower_bound)
        steps.append([*map(float, scalars), *_projected(xs)])
    return np.array(steps)


def torch(row: Row, problem: Problem, noise: Callable[[Array], Array] | None = None) -> Array:
    """Return the trajectory of the torch form in float64; see `reference`.

    A problem that leaves all hyper-parameters alone leaves them to the class: its defaults are on
    record too. The scalars of a class that does not show them are NaN.
    """
    import torch

    from momo.optim import MomentumModelOptimizer

    parts = zip(np.split(START, CUTS), SHAPES.values(), strict=True)
    params = [torch.nn.Parameter(torch.tensor(x.reshape(shape))) for x, shape in parts]
    h = problem.hyperparameters(row.defaults)
    given = row.fixed if h == row.defaults else row.torch_arguments(h)
    optimizer = row.torch_class()(params, **given)
    if hasattr(optimizer, "train"):  # of methods that are evaluated elsewhere
        optimizer.train()
    ours = isinstance(optimizer, MomentumModelOptimizer)
    method = optimizer._method(optimizer.param_groups[0]) if ours else None
    takes_bounds = "lb" in inspect.signature(type(optimizer).step).parameters
    per_batch = problem.per_batch and not row.online and takes_bounds
    changed = noise or (lambda array: array)
    steps = []
    for k in range(1, STEPS + 1):
        lr = lr_of(problem, k, method)
        if lr is not None and "lr" in row.arguments:
            for group in optimizer.param_groups:
                group["lr"] = lr

        def closure(k: int = k) -> float:
            sample = problem.sample(_flat(params), k)
            for p, grad in zip(params, sample.grads, strict=True):
                p.grad = None
                if grad is not None:
                    p.grad = torch.from_numpy(changed(grad).reshape(p.shape).copy())
            return float(changed(np.asarray(sample.loss)))

        if noise is not None:
            for p in params:
                p.data.copy_(torch.from_numpy(np.asarray(changed(p.detach().numpy()))))
        bound = problem.sample(_flat(params), k).bound
        given = {"lb": float(changed(np.asarray(bound)))} if per_batch else {}
        if ours:
            optimizer.step(closure, **given)
        else:
            step_with(optimizer, closure(), **given)
        info = getattr(optimizer, "last", None)
        names = ("value", "adaptive", "step_size", "lower_bound")
        scalars = [np.nan if info is None else getattr(info, name) for name in names]
        steps.append([*map(float, scalars), *_projected(_flat(params))])
    return np.array(steps)


def _flat(params: list[Parameter]) -> tuple[Array, ...]:
    return tuple(p.detach().numpy().reshape(-1) for p in params)


def no_reference(h: Hyperparameters, shape: Shape) -> Method:
    """Stand for the NumPy form of a class of somebody else's that has none."""
    raise NotImplementedError("the class has no reference")


Form = Callable[[Row, Problem, Callable[[Array], Array] | None], Array]
FORMS: dict[str, Form] = {"reference": reference, "torch": torch}
"""The forms by name."""


def forms_of(row: Row) -> dict[str, Form]:
    """Return the forms that a method has."""
    return {"torch": torch} if row.reference is no_reference else FORMS
