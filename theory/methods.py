# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The methods that the claims speak of, as the theory runs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar

import numpy as np

from momo.reference import (
    DECOUPLED,
    FROM_FIRST,
    FROM_ZERO,
    HARMONIC,
    AdaGradDiagonal,
    Frozen,
    Given,
    Identity,
    IterateAveraging,
    Method,
    State,
    StepInfo,
    method,
    momo,
    momo_adam,
    momo_star,
    newest,
)
from theory.case import Case
from theory.engine import Stepper
from theory.problems.base import Array

EPS = 0.1
"""ε of the growing metric: large enough that a coordinate's first gradient is no accident."""


def exact_momo(case: Case) -> Method:
    """Return MoMo that knows f*: the method of the theorem."""
    return momo(lr=case.lr, beta=case.beta, lower_bound=Given(case.optimum.value))


def bounded_momo(case: Case) -> Method:
    """Return MoMo as people run it: with the case's caps, and told its lower bounds f_*."""
    return momo(lr=case.lr, beta=case.beta, lower_bound=Given(case.lower_bound))


@dataclass(frozen=True)
class Diminishing:
    """A method whose caps fall: ``α_k = α/√k``."""

    base: Method
    power: ClassVar[float] = 0.5

    def step(
        self, state: State, x: Array, loss: Array, grad: Array
    ) -> tuple[Array, State, StepInfo]:
        """Return the base method's step with the cap of this step."""
        lr = self.base.lr / (state.k + 1) ** self.power
        return replace(self.base, lr=lr).step(state, x, loss, grad)


def diminishing_momo(case: Case) -> Diminishing:
    """Return MoMo that knows f*, with caps that fall: ``α_k = α/√k``."""
    return Diminishing(exact_momo(case))


def online_momo(case: Case) -> Method:
    """Return MoMo*, its bound started below f*."""
    return momo_star(lr=case.lr, beta=case.beta, lb=case.floor)


def exact_momo_adam(case: Case) -> Method:
    """Return MoMo-Adam that knows f*."""
    bound = Given(case.optimum.value)
    return momo_adam(lr=case.lr, betas=(case.beta, 0.999), lower_bound=bound)


@cache
def frozen_entries(size: int) -> Array:
    """Return the diagonal of a metric with condition number 100, shape (n,), read-only."""
    entries = np.geomspace(0.1, 10.0, size)
    entries.setflags(write=False)
    return entries


def frozen_momo_adam(case: Case) -> Method:
    """Return MoMo-Adam that knows f*, its D_k fixed."""
    bound, metric = Given(case.optimum.value), Frozen(frozen_entries(len(case.problem.start)))
    return method(FROM_ZERO, metric, bound, case.lr, case.beta)


def growing_momo_adam(case: Case) -> Method:
    """Return MoMo-Adam that knows f*, with AdaGrad's D_k: it never decreases."""
    bound = Given(case.optimum.value)
    return method(FROM_ZERO, AdaGradDiagonal(EPS), bound, case.lr, case.beta)


def ngn_m(case: Case) -> Method:
    """Return NGN-M with the case's c, told its lower bounds, as the average of its base points."""
    return method(
        FROM_FIRST,
        Identity(),
        Given(case.lower_bound),
        case.lr,
        decay=DECOUPLED,
        step_rule=HARMONIC,
        iterates=IterateAveraging(case.beta),
        linearisation=newest,
    )


METHODS: dict[str, Callable[[Case], Stepper]] = {
    "momo": exact_momo,
    "momo_capped": bounded_momo,
    "momo_diminishing": diminishing_momo,
    "momo_any_bound": bounded_momo,
    "momo_wrong_bound": bounded_momo,
    "momo_star": online_momo,
    "momo_adam": exact_momo_adam,
    "momo_adam_frozen": frozen_momo_adam,
    "momo_adam_growing": growing_momo_adam,
    "ngn_m": ngn_m,
}
