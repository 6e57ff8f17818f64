# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases run through the reference: its steps have to be those that were certified."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from momo.reference import (
    FROM_ZERO,
    Given,
    Identity,
    Method,
    State,
    method,
    momo,
)
from theory.problems.base import Array
from theory.worst_case.function import functions
from theory.worst_case.instance import Instance
from theory.worst_case.setting import Setting


@dataclass(frozen=True, eq=False)
class Replay:
    """What a run on the function of a worst case gave.

    Attributes
    ----------
    value
        The measure, as run.
    points
        x^k, as run, shape (P, r).
    point_error
        ``max_k ||x^k - certified x^k||`` in units of D, over all orders of samples.
    value_error
        ``max_k |f(x^k) - certified f_k|``.
    step_error
        ``max_k |τ_k - certified τ_k| ||d_k||``, in units of D.
    allowed
        What these may be, see `allowance`.
    """

    value: float
    points: Array
    point_error: float
    value_error: float
    step_error: float
    allowed: float

    @property
    def error(self) -> float:
        """Return the largest of the errors."""
        return float(np.max([self.point_error, self.value_error, self.step_error]))

    @property
    def good(self) -> bool:
        """Whether the certified run was reproduced."""
        return bool(self.error <= self.allowed)


def reference(setting: Setting, infimum: float = 0.0) -> Method:
    """Return the method of a setting: MoMo, or its form from zero with P = I, with f_* = f*."""
    bound = Given(infimum)
    if setting.averaging == "from_first":
        return momo(lr=setting.lr, beta=setting.beta, lower_bound=bound)
    identity = Identity()
    return method(FROM_ZERO, identity, bound, lr=setting.lr, beta=setting.beta)


def replay(instance: Instance, runs: Method | None = None) -> Replay:
    """Run the reference from x^1 on the functions of an instance.

    Parameters
    ----------
    instance
        The worst case.
    runs
        The method; default: that of the instance's setting.
    """
    setting, oracles = instance.setting, functions(instance)
    runs = reference(setting, instance.lower_bound) if runs is None else runs
    # A state and a point for each order of samples so far; states are never changed.
    begun = [(State(), instance.points[0])]
    values, steps, slopes = [], [], []
    for e, owner in enumerate(setting.owners):
        state, x = begun[setting.places[e]]
        loss, grad = oracles[owner].loss_and_grad(x)
        # Of a smooth function that is the value; where a piece stands for a kink it may be less.
        values.append(loss if setting.kind == "smooth" else oracles[owner].value(x))
        slopes.append(grad)
        if e < len(instance.steps):
            x, state, info = runs.step(state, x, loss, grad)
            begun.append((state, x))
            steps.append(float(info.step_size))
    points = np.array([x for _, x in begun])
    away = np.linalg.norm(points - instance.points, axis=1)
    lengths = np.linalg.norm(setting.weights @ instance.gradients, axis=1)[: len(steps)]
    off = np.abs(np.array(steps) - instance.steps) * lengths
    ran = replace(instance, points=points, gradients=np.array(slopes), values=np.array(values))
    return Replay(
        value=ran.value,
        points=points,
        point_error=float(away.max()),
        value_error=float(np.abs(values - instance.values).max()),
        step_error=float(np.max(off, initial=0.0)),
        allowed=allowance(instance),
    )


def allowance(instance: Instance) -> float:
    """Return what the errors of a replay may be, from the violations of the instance's conditions.

    Lipschitz: a bound. A run that is given the linearisations of the worst case has the same
    models m_k as linear functions, and ``x -> argmin max{m_k, f_*} + ||· - x||²/(2α)``, with a cap
    or without (a projection), is nonexpansive. So the error of x^k grows by what the instance
    itself is off: ``e_{k+1} = e_k + r/||d_k||``, r the violation of the rule, and f(x^k) is off
    by ``e_k + v``, v that of the interpolation. r and v hold 4 n units of rounding, too. All orders
    of samples are paid for at once.

    Smooth: an estimate. Two linearisations of a 1-smooth function that are v apart have gradients
    up to ``√(2v)`` apart, and no more is determined; a step τ_k carries this, and what it changes
    of h_k and ``||d_k||²``, into x^{k+1}: ``√(2v)(1 + 3 Σ_k τ_k)``, with a factor of 10 for how
    these errors add up in later steps. r is added as above.
    """
    setting, found = instance.setting, instance.violations()
    rounding = 4 * instance.points.shape[1] * np.finfo(float).eps
    violation = max(found["interpolation"], found["gradients"], 0.0) + rounding
    rule = max(found["rule"], found["steps"], 0.0) + rounding
    lengths = np.linalg.norm(setting.weights @ instance.gradients, axis=1)[: len(instance.steps)]
    allowed = float(np.sum(rule / lengths) + violation)
    if setting.kind == "smooth":
        allowed += float(10 * np.sqrt(2 * violation) * (1 + 3 * np.sum(instance.steps)))
    return allowed
