# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Formulas, written once and read in three ways: as numbers, as algebra, and as text.

A formula is a function of scalars that uses ``+ - * / **`` and the functions here. Called with
floats or arrays it is a number, with symbols of computer algebra an expression, and with `Written`
scalars the text as a paper has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.proofs.scalars import Scalars

SUM, PRODUCT, ATOM = 1, 2, 3
"""How tightly a text binds: a sum, a product or quotient, one symbol."""

MANY = 200_000
"""How many terms of a sum are added one by one; beyond them they must be the same number."""

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True)
class Written:
    """A formula as text; ``binds`` is how tightly, ``number`` whether it is a number."""

    text: str
    binds: int = ATOM
    number: bool = False

    def within(self, binds: int) -> str:
        """Return the text as a part of something that binds so tightly."""
        return self.text if self.binds >= binds else f"({_closed(self.text)})"

    def __add__(self, other: Any) -> Written:
        return Written(f"{self.text} + {written(other).text}", SUM)

    def __radd__(self, other: Any) -> Written:
        return written(other) + self

    def __sub__(self, other: Any) -> Written:
        return Written(f"{self.text} - {written(other).within(PRODUCT)}", SUM)

    def __rsub__(self, other: Any) -> Written:
        return written(other) - self

    def __neg__(self) -> Written:
        return Written(f"-{self.within(PRODUCT)}", SUM)

    def __mul__(self, other: Any) -> Written:
        right = written(other)
        text = right.within(PRODUCT)
        gap = "" if text.startswith("(") or (self.number and not right.number) else " "
        return Written(f"{self.within(PRODUCT)}{gap}{text}", PRODUCT)

    def __rmul__(self, other: Any) -> Written:
        return written(other) * self

    def __truediv__(self, other: Any) -> Written:
        return Written(f"{self.within(PRODUCT)}/{written(other).within(ATOM)}", PRODUCT)

    def __rtruediv__(self, other: Any) -> Written:
        return written(other) / self

    def __pow__(self, power: Any) -> Written:
        if isinstance(power, int):
            return Written(f"{self.within(ATOM)}{str(power).translate(SUPERSCRIPTS)}")
        exponent = _closed(written(power).text)
        return Written(
            f"{self.within(ATOM)}^{exponent if len(exponent) == 1 else f'{{{exponent}}}'}"
        )

    def root(self) -> Written:
        """Return its square root."""
        return Written(f"√{self.within(ATOM)}")

    @classmethod
    def log(cls, value: Any) -> Written:
        """Return the natural logarithm of a value."""
        number = written(value)
        return Written(
            f"log {number.text}" if number.number else f"log({_closed(number.text)})", PRODUCT
        )

    @classmethod
    def among(cls, name: str, values: Iterable[Any]) -> Written:
        """Return "min" or "max" of values."""
        return Written(f"{name}{{{', '.join(_closed(written(value).text) for value in values)}}}")

    @classmethod
    def total(cls, term: Callable[[Any], Any], first: int, last: Any) -> Written:
        """Return the sum of ``term(k)`` from the first k to the last."""
        limits = f"{first}≤k≤{_closed(written(last).text)}"
        return Written(f"Σ_{{{limits}}} {written(term(cls('k'))).within(PRODUCT)}", PRODUCT)


def _closed(text: str) -> str:
    """Return a text as it stands in brackets: without spaces about plus and minus."""
    return text.replace(" + ", "+").replace(" - ", "-")


def written(value: Any) -> Written:
    """Return a value as text."""
    if isinstance(value, Written):
        return value
    return Written(f"{value:g}" if isinstance(value, float) else str(value), number=True)


def _algebra(*values: Any) -> bool:
    return any(hasattr(value, "free_symbols") for value in values)


def _text(*values: Any) -> type[Written] | None:
    """Return how it is written, if one of the values is text."""
    return next((type(value) for value in values if isinstance(value, Written)), None)


def sqrt(value: Any) -> Any:
    """Return ``√value``."""
    if _text(value):
        return value.root()
    if _algebra(value):
        import sympy

        return sympy.sqrt(value)
    return np.sqrt(value)


def log(value: Any, like: Any = None) -> Any:
    """Return the natural logarithm; that of a number is read as ``like`` is."""
    if kind := _text(value, like):
        return kind.log(value)
    if _algebra(value, like):
        import sympy

        return sympy.log(value)
    return np.log(value)


def largest(*values: Any) -> Any:
    """Return the maximum."""
    if kind := _text(*values):
        return kind.among("max", values)
    if _algebra(*values):
        import sympy

        return sympy.Max(*values)
    return _reduced(np.maximum, values)


def least(*values: Any) -> Any:
    """Return the minimum."""
    if kind := _text(*values):
        return kind.among("min", values)
    if _algebra(*values):
        import sympy

        return sympy.Min(*values)
    return _reduced(np.minimum, values)


def _reduced(function: Callable[[Any, Any], Any], values: tuple[Any, ...]) -> Any:
    result = values[0]
    for value in values[1:]:
        result = function(result, value)
    return result


def total(v: Any, term: Callable[[Any, Any], Any], first: int, last: Any) -> Any:
    """Return ``Σ_{first<=k<=last} term(v, k)``; 0 where last < first.

    Parameters
    ----------
    v
        The scalars; ``term`` takes them from its first argument.
    term
        ``(v, k) -> term``.
    first, last
        The range of k, both included.

    Raises
    ------
    ValueError
        If there are more than `MANY` terms, and the later ones are not all the same number.
    """
    values = {name: getattr(v, name) for name in v.names}
    if kind := _text(*values.values()):
        return kind.total(lambda k: term(v, k), first, last)
    if _algebra(*values.values()):
        import sympy

        k = sympy.Symbol("k", integer=True, positive=True)
        return sympy.Sum(term(v, k), (k, first, last))
    ends = np.asarray(last, dtype=np.int64)
    steps = np.arange(first, max(min(int(ends.max(initial=first)), MANY), first) + 1)
    apart = Scalars({name: np.asarray(value)[..., None] for name, value in values.items()})
    terms = np.asarray(term(apart, steps), dtype=np.float64)
    sums = np.concatenate([np.zeros((*terms.shape[:-1], 1)), np.cumsum(terms, axis=-1)], axis=-1)
    shape = np.broadcast_shapes(sums.shape[:-1], ends.shape)
    wanted = np.broadcast_to(ends, shape)
    index = np.clip(wanted - first + 1, 0, len(steps))[..., None]
    near = np.take_along_axis(np.broadcast_to(sums, (*shape, sums.shape[-1])), index, axis=-1)
    beyond = np.maximum(wanted - steps[-1], 0)
    if beyond.any() and ((terms[..., -1] != term(v, np.maximum(ends, MANY))) & (beyond > 0)).any():
        raise ValueError(f"Σ up to {ends.max()}: terms beyond {MANY} still change")
    return near[..., 0] + beyond * terms[..., -1]
