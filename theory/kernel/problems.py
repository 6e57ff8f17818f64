"""Problems in fractions: what both the proof kernel and the Python code can be run on.

The samples are those of `theory/rocq/samples.v`, where they are proven to be convex: weighted squares
of affine functions, and maxima of affine functions. Half squares of residuals, hinges and absolute
values are among them. ``evaluate`` is written anew, and knows nothing of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Numbers = tuple[Fraction, ...]


@dataclass(frozen=True)
class Row:
    """The affine function ``<slope, x> + offset``."""

    slope: Numbers
    offset: Fraction

    def at(self, x: Any) -> Any:
        """Return its value."""
        return sum(a * b for a, b in zip(self.slope, x, strict=True)) + self.offset


@dataclass(frozen=True)
class Square:
    """``weight * row(x)²``; convex if the weight is not negative."""

    weight: Fraction
    row: Row


@dataclass(frozen=True)
class Largest:
    """``max_j rows[j](x)``; its slope at a kink is that of the first of the largest rows."""

    rows: tuple[Row, ...]


Sample = Square | Largest


@dataclass(frozen=True)
class Problem:
    """A problem, and how MoMo runs on it.

    Attributes
    ----------
    samples
        The functions f(·,s).
    beta, bound, lr
        β, f_* and α; None is no cap.
    start
        x^1.
    order
        The samples s_1, s_2, … by their index.
    """

    samples: tuple[Sample, ...]
    beta: Fraction
    bound: Fraction
    lr: Fraction | None
    start: Numbers
    order: tuple[int, ...]


@dataclass(frozen=True)
class State:
    """What is kept before step k: x^k, and d, f̄ and γ up to k-1; all of these are 0 at first."""

    x: Numbers
    d: Numbers
    f_avg: Fraction
    gamma: Fraction


def evaluate(sample: Sample, x: Any) -> tuple[Any, list[Any]]:
    """Return ``f(x, s), ∇f(x, s)``."""
    if isinstance(sample, Square):
        residual = sample.row.at(x)
        value = sample.weight * residual * residual
        return value, [2 * sample.weight * residual * a for a in sample.row.slope]
    best = max(sample.rows, key=lambda row: row.at(x))  # of several, Python's max is the first
    return best.at(x), list(best.slope)
