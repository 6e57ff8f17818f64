# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Argument checks of the families: a message names the argument, its value and what is allowed."""

from __future__ import annotations

import math

import numpy as np


def whole(minimum: int, maximum: int | None = None, **values: int) -> None:
    """Raise ``ValueError`` unless each value is an integer in [minimum, maximum]."""
    allowed = f">= {minimum}" if maximum is None else f"from {minimum} to {maximum}"
    for name, value in values.items():
        good = (
            isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= minimum
        )
        if not good or (maximum is not None and value > maximum):
            raise ValueError(f"{name} = {value!r}; allowed: integers {allowed}")


def positive(**values: float) -> None:
    """Raise ``ValueError`` unless each value is positive and finite."""
    for name, value in values.items():
        if not 0 < value < math.inf:
            raise ValueError(f"{name} = {value!r}; allowed: finite numbers > 0")


def finite(**values: float) -> None:
    """Raise ``ValueError`` unless each value is finite."""
    for name, value in values.items():
        if not math.isfinite(value):
            raise ValueError(f"{name} = {value!r}; allowed: finite numbers")


def within(low: float, high: float, **values: float) -> None:
    """Raise ``ValueError`` unless each value is in [low, high]."""
    for name, value in values.items():
        if not low <= value <= high:
            raise ValueError(f"{name} = {value!r}; allowed: from {low:g} to {high:g}")
