"""Statements over real numbers, written once and read by every tool.

A statement is a function of `Scalars`: ``lambda v: le(v.a * v.a, v.b)``. Called with the solver's
variables it is a formula, with those of computer algebra a polynomial, and with numbers it can be
evaluated. So it may use ``+ - * /`` and integers only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from theory.proofs.hypotheses import assumed, definition


class Scalars:
    """Values by name, as attributes; ``suffix`` is put behind a name where that name exists."""

    def __init__(self, values: Mapping[str, Any], suffix: str = "") -> None:
        self._values, self._suffix = values, suffix

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        later = name + self._suffix
        try:
            return self._values[later] if later in self._values else self._values[name]
        except KeyError:
            allowed = ", ".join(self._values)
            raise AttributeError(f"scalar {name!r} is not declared; allowed: {allowed}") from None

    @property
    def names(self) -> frozenset[str]:
        """The names that there are."""
        return frozenset(self._values)

    @property
    def next(self) -> Scalars:
        """The same names one step later: ``v.next.S`` is ``S_next`` if there is one, else S."""
        return Scalars(self._values, "_next")


@dataclass(frozen=True)
class Relation:
    """``left <= right``, ``left < right`` or ``left == right``."""

    left: Any
    sense: str
    right: Any

    @property
    def violation(self) -> Any:
        """By how much it is violated: positive where an inequality is false."""
        return self.left - self.right

    def off(self) -> float:
        """By how much it is violated, as a number: 0 or less where it holds."""
        value = float(self.violation)
        return abs(value) if self.sense == "==" else value


Statement = Callable[[Any], "Mapping[str, Relation]"]
"""Relations of `Scalars`, by what they say."""


def le(left: Any, right: Any) -> Relation:
    """Return ``left <= right``."""
    return Relation(left, "<=", right)


def ge(left: Any, right: Any) -> Relation:
    """Return ``left >= right``."""
    return Relation(right, "<=", left)


def lt(left: Any, right: Any) -> Relation:
    """Return ``left < right``."""
    return Relation(left, "<", right)


def gt(left: Any, right: Any) -> Relation:
    """Return ``left > right``."""
    return Relation(right, "<", left)


def eq(left: Any, right: Any) -> Relation:
    """Return ``left == right``; an equation with a scalar alone on its left defines it."""
    return Relation(left, "==", right)


def unit(value: Any, name: str, of: str = "beta") -> dict[str, Relation]:
    """Return ``0 <= value < 1``, as the assumption ``of`` says it of β."""
    return {assumed(of, f"{name} ≥ 0"): ge(value, 0), assumed(of, f"{name} < 1"): lt(value, 1)}


def maximum(value: Any, name: str, *of: Any) -> dict[str, Relation]:
    """Return ``value = max(of)``, as polynomial relations."""
    product: Any = 1
    for one in of:
        product = product * (value - one)
    bounds: dict[str, Relation] = {
        definition(f"{name}: at least the {i}. entry"): ge(value, one)
        for i, one in enumerate(of, 1)
    }
    return {**bounds, definition(f"{name}: one of the entries"): eq(product, 0)}


def minimum(value: Any, name: str, *of: Any) -> dict[str, Relation]:
    """Return ``value = min(of)``, as polynomial relations."""
    product: Any = 1
    for one in of:
        product = product * (value - one)
    bounds: dict[str, Relation] = {
        definition(f"{name}: at most the {i}. entry"): le(value, one) for i, one in enumerate(of, 1)
    }
    return {**bounds, definition(f"{name}: one of the entries"): eq(product, 0)}


def gram(*rows: Iterable[Any]) -> dict[str, Relation]:
    """Return that a symmetric matrix of at most 3 rows is positive semidefinite.

    Then, and only then, are its entries the inner products of vectors. All principal minors.
    """
    a = [list(row) for row in rows]
    found = {}
    for i in range(len(a)):
        found[f"Gram: {i}"] = ge(a[i][i], 0)
        for j in range(i):
            found[f"Gram: {j}{i}"] = ge(a[i][i] * a[j][j], a[i][j] * a[i][j])
    if len(a) == 3:
        (p, q, r), (_, s, t), (_, _, u) = a
        minor = p * s * u + 2 * q * t * r - r * s * r - p * t * t - u * q * q
        found["Gram: determinant"] = ge(minor, 0)
    return found
