# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What has moved, by how much, and since which step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from momo.conformance.regression.forms import COLUMNS
from momo.conformance.regression.problems import Array

DIGITS = 10
"""Of the numbers on record."""
HALF_A_DIGIT = 0.5 * 10.0 ** (1 - DIGITS)
"""By how much of itself a number on record is off, at most."""


@dataclass(frozen=True)
class Change:
    """What came of one form of a method on one problem.

    Attributes
    ----------
    method, form, problem
        Of which trajectory.
    state
        "same", "moved", "new" (nothing on record), "gone" (on record, and not in the table of
        methods) or "failed" (the method raised).
    by
        The largest change, as a part of the number on record.
    step, column
        Where it first was more than rounding; 0 and "" where nothing moved.
    detail
        The error of a method that raised.
    before, after
        The numbers there: the one on record, and the one that it is now.
    """

    method: str
    form: str
    problem: str
    state: str
    by: float = 0.0
    step: int = 0
    column: str = ""
    detail: str = ""
    before: float = 0.0
    after: float = 0.0

    @property
    def good(self) -> bool:
        """Whether a check passes."""
        return self.state == "same"


def differences(golden: Array, found: Array) -> Array:
    """Return ``|found - golden|`` as a part of golden, or as it is where golden is 0.

    Where just one of two numbers is not finite, or they are different ones, it is inf.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        part = np.abs(found - golden) / np.where(golden == 0, 1.0, np.abs(golden))
    same = (golden == found) | (np.isnan(golden) & np.isnan(found))
    return np.where(same, 0.0, np.nan_to_num(part, nan=np.inf))


def compared(
    method: str, form: str, problem: str, golden: Array, spread: Array, found: Array
) -> Change:
    """Return whether a trajectory is the one on record, up to rounding.

    Parameters
    ----------
    method, form, problem
        Of which trajectory.
    golden, found
        Shape (steps, columns).
    spread
        What rounding may do to each step, as a part of its numbers
        (`momo.conformance.regression.record`).
    """
    if golden.shape != found.shape:
        return Change(method, form, problem, "new", detail="another number of steps or columns")
    part = differences(golden, found)
    moved = part > (spread + HALF_A_DIGIT)[:, None]
    if not moved.any():
        return Change(method, form, problem, "same", float(part.max()))
    step = int(moved.any(axis=1).argmax())
    column = int(moved[step].argmax())
    numbers = (float(golden[step, column]), float(found[step, column]))
    by, where = float(part.max()), COLUMNS[column]
    return Change(method, form, problem, "moved", by, step + 1, where, "", *numbers)
