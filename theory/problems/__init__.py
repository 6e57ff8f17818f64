"""The problem families, by name; a new one is one file and one line here."""

from collections.abc import Callable

from theory.problems.absolute_regression import absolute_regression
from theory.problems.base import Problem

FAMILIES: dict[str, Callable[[], Problem]] = {
    "absolute_regression": absolute_regression,
}
"""Families with interpolation: every claim must hold on each of them."""

BROKEN: dict[str, Callable[[], Problem]] = {}
"""Families that break an assumption of the theorem: the checks must object to each of them."""
