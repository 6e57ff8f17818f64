# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameters seen as matrices, and metrics that are diagonal in a pair of orthonormal bases.

x is flat, of n numbers a run; a parameter of shape ``(m, ...)`` is the matrix of m rows that
reshaping gives: the first axis against all others, as for convolution kernels. A vector is one
column, a scalar is 1 × 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np

from momo.reference.checks import Array
from momo.reference.preconditioners.base import inner

Shape = tuple[int, ...]
Pair = tuple[Array | None, Array | None]
"""An array for the left of a matrix and one for its right; None: nothing is done there."""


RESOLUTION = 1e-3
"""What is smaller than this part of the largest is not told from rounding, 6e-8 in float32.

What divides by numbers that come out of rotations divides by at least this part of the largest: so
it multiplies their rounding by at most its inverse.
"""


def folded(shape: Shape) -> tuple[int, int]:
    """Return rows and columns of a parameter."""
    return (shape[0] if shape else 1), prod(shape[1:])


def as_matrices(name: str, x: Array, shape: Shape) -> Array:
    """Return x of shape (..., n) as matrices, shape (..., rows, columns).

    Raises
    ------
    ValueError
        If n is not the number of elements of ``shape``.
    """
    if x.shape[-1] != prod(shape):
        raise ValueError(
            f"{name} has {x.shape[-1]} elements; allowed: {prod(shape)}, those of shape = {shape}"
        )
    return x.reshape(*x.shape[:-1], *folded(shape))


def as_vectors(x: Array) -> Array:
    """Return matrices of shape (..., rows, columns) as vectors, shape (..., n)."""
    return x.reshape(*x.shape[:-2], -1)


def checked_shape(shape: Shape) -> Shape:
    """Return the shape of a parameter that has elements, or raise ``ValueError``."""
    checked = tuple(shape)
    if not all(isinstance(size, int | np.integer) and size > 0 for size in checked):
        raise ValueError(f"shape = {shape}; allowed: a tuple of integers of at least 1")
    return tuple(int(size) for size in checked)


def check_whole(name: str, value: int) -> None:
    """Raise ``ValueError`` unless a value is an integer of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} = {value!r}; allowed: an integer, at least 1")


def kept_sides(shape: Shape, max_size: int) -> tuple[bool, bool]:
    """Return whether a left and a right of a parameter are to be preconditioned.

    Neither of a vector or scalar, nor one that has more than ``max_size`` rows or columns.
    """
    rows, columns = folded(shape)
    matrix = len(shape) > 1
    return matrix and rows <= max_size, matrix and columns <= max_size


def on_both(function: Callable[..., Array], *pairs: Pair) -> Pair:
    """Return the function of the left arrays and of the right ones; None where the first is."""
    left, right = zip(*pairs, strict=True)
    return (
        None if left[0] is None else function(*left),
        None if right[0] is None else function(*right),
    )


def gram_matrices(x: Array, sides: tuple[bool, bool]) -> Pair:
    """Return ``X Xᵀ`` and ``Xᵀ X``, of those sides that are kept."""
    turned = np.swapaxes(x, -1, -2)
    return (x @ turned if sides[0] else None), (turned @ x if sides[1] else None)


def to_bases(x: Array, bases: Pair) -> Array:
    """Return ``Q_Lᵀ X Q_R``: the coordinates of X."""
    left, right = bases
    x = x if left is None else np.swapaxes(left, -1, -2) @ x
    return x if right is None else x @ right


def from_bases(x: Array, bases: Pair) -> Array:
    """Return ``Q_L X Q_Rᵀ``."""
    left, right = bases
    x = x if left is None else left @ x
    return x if right is None else x @ np.swapaxes(right, -1, -2)


def resolved(x: Array, axes: tuple[int, ...]) -> Array:
    """Return ``max(x, φ max x)``, φ = `RESOLUTION`, the inner maximum over some axes, if any."""
    return np.maximum(x, RESOLUTION * x.max(axis=axes, keepdims=True)) if axes else x


def turned(bases: Pair) -> tuple[int, ...]:
    """Return the axes along which a change of bases mixes coordinates."""
    return tuple(axis for axis, basis in zip((-2, -1), bases, strict=True) if basis is not None)


@dataclass(frozen=True)
class Rotated:
    """``D = Q diag(entries) Qᵀ`` with ``Q = Q_L ⊗ Q_R``: ``D X = Q_L (E ∘ (Q_Lᵀ X Q_R)) Q_Rᵀ``.

    Attributes
    ----------
    shape
        The parameter's.
    bases
        Q_L and Q_R, orthogonal, shapes (..., rows, rows) and (..., columns, columns).
    entries
        E, positive, shape (..., rows, columns).
    """

    shape: Shape
    bases: Pair
    entries: Array

    def direction(self, d: Array) -> Array:
        """Return ``D^{-1} d``."""
        turned = to_bases(as_matrices("d", d, self.shape), self.bases)
        return as_vectors(from_bases(turned / self.entries, self.bases))

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``<d, D^{-1} d>``."""
        return inner(d, self.direction(d))

    def norm_sq(self, x: Array) -> Array:
        """Return ``<x, D x>``."""
        turned = to_bases(as_matrices("x", x, self.shape), self.bases)
        return np.sum(self.entries * turned**2, axis=(-2, -1))
