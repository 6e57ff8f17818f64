"""What no method that moves along gradients seen can beat, in numbers, in units of G D."""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.attained.statement import STATEMENT


def orthogonal(iterations: ArrayLike) -> Array:
    """Return ``GD/√K``: what ``max_i G x_i`` leaves to any method that moves along gradients seen.

    The value is 0 while a coordinate was never touched, and f* = ``-GD/√K`` (known). At β = 0 it is
    the worst case.
    """
    return STATEMENT.bound("value", G=1, D=1, K=averaged(0.0, iterations)[1])
