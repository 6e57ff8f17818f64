# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is proven of the worst case of a setting: bounds from above, and from below."""

from __future__ import annotations

import math

import numpy as np

from theory import beyond, bounds, traps
from theory.worst_case.construction import one_function
from theory.worst_case.setting import Setting

ROUNDING = 1e-9
"""What the conditions of an explicit function may be violated by: sums of some hundred terms."""


def upper_bounds(setting: Setting) -> dict[str, float]:
    """Return the proven upper bounds on a setting's worst case, by name, in its units.

    Empty where the theory says nothing. What is proven on every path of a given order holds for the
    expectation over independent samples, too.
    """
    b, k, lr, averaging = setting.beta, setting.iterations, setting.lr, setting.averaging
    wrong, capped = setting.lower_bound, math.isfinite(setting.lr)
    found: dict[str, float | np.ndarray] = {}
    if averaging == "from_zero":
        if not (setting.measure == "best" and setting.kind == "lipschitz"):
            return {}
        return {} if capped or wrong else _uncapped(setting)
    if setting.kind == "smooth":
        if setting.measure == "weighted":
            found["smooth, weighted"] = beyond.smooth_weighted(lr)
        if setting.measure == "best":
            capped_bound = beyond.smooth_capped(b, k, lr)
            found["smooth"] = capped_bound if capped else bounds.smooth(b, k)
    elif setting.interpolation and not wrong:
        if setting.measure == "best" and not capped:
            return _uncapped(setting)
        if setting.measure in ("best", "mean"):
            found["any cap"] = beyond.capped(b, k, lr)
        if setting.measure == "best":
            found["any cap, first term"] = beyond.capped_first_term(b, k, lr)
    elif setting.interpolation and setting.measure == "best" and not capped:
        found["wrong bound"] = beyond.wrong_bound(b, k, wrong)
    if capped and wrong <= 0 and setting.kind == "lipschitz" and _as_if_drawn(setting):
        if setting.measure == "balanced":
            found["any bound"] = beyond.any_bound(b, k, lr)
        if setting.measure in ("best", "mean"):
            found["any bound, mean"] = beyond.any_bound_mean(b, k, lr)
    return {name: float(bound) for name, bound in found.items()}


def _as_if_drawn(setting: Setting) -> bool:
    """Return whether samples are independent, as those of one function are, too."""
    return setting.sampling == "independent" or setting.functions == 1


def _uncapped(setting: Setting) -> dict[str, float]:
    b, k, averaging = setting.beta, setting.iterations, setting.averaging
    found = {
        "paper": bounds.paper(b, k),
        "first term": bounds.first_term(b, k, averaging),
        "two ends": bounds.two_ends(b, k, averaging),
    }
    if setting.functions == 1:
        found["sharp"] = bounds.sharp(b, k, averaging)
    return {name: float(bound) for name, bound in found.items()}


def lower_bounds(setting: Setting) -> dict[str, float]:
    """Return the lower bounds on a setting's worst case, by name, in its units.

    Of functions that are known; several functions may all be the same.
    """
    b, k, averaging = setting.beta, setting.iterations, setting.averaging
    if setting.kind == "smooth" or math.isfinite(setting.lr) or setting.lower_bound:
        return {}
    found = {
        "orthogonal": bounds.orthogonal(k),
        "trap, proven": bounds.construction(b, k, averaging),
    }
    if setting.measure == "best" or k == 1:
        instance = one_function(b, k, averaging, traps.least_rest(b, k, averaging))
        if max(instance.violations().values()) < ROUNDING:
            found["trap"] = np.asarray(instance.value)
    return {name: float(bound) for name, bound in found.items()}
