# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The traps of `theory.traps` as worst cases: lower bounds for any β and K (derived here)."""

from __future__ import annotations

import numpy as np

from theory import traps
from theory.worst_case.instance import Instance
from theory.worst_case.setting import Setting


def one_function(
    beta: float, iterations: int, averaging: str = "from_first", last: float | None = None
) -> Instance:
    """Return the trap of one function; whether it is one, `Instance.violations` says.

    Parameters
    ----------
    beta, iterations, averaging, last
        As in `theory.traps.one_function`: by default it is proven to be one function.
    """
    made = traps.one_function(beta, iterations, averaging, last)
    return _instance(Setting(beta, iterations, averaging), made)


def given_order(beta: float, iterations: int, averaging: str = "from_first") -> Instance:
    """Return the trap in which each step has a function of its own."""
    made = traps.own_functions(beta, iterations, averaging)
    return _instance(Setting(beta, iterations, averaging, functions=iterations), made)


def _instance(setting: Setting, made: traps.Trap) -> Instance:
    """Return a trap in units of D = 1, so that its values are ``1/||y_1||``."""
    value = 1 / made.distance
    return Instance(
        setting,
        points=value * made.to_solution,
        gradients=made.gradients,
        values=np.full(setting.iterations, value),
        steps=value * made.steps / (1 - setting.beta),
        solution=np.zeros(made.to_solution.shape[1]),
    )
