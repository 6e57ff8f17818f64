"""Parameters seen as matrices; names and conventions as in `momo.reference.preconditioners`.

A parameter of shape ``(m, ...)`` is the matrix of m rows that reshaping gives: the first axis
against all others. A vector is one column, a scalar is 1 × 1.
"""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from momo.optim.preconditioners.base import Shape

Pair = tuple[Tensor | None, Tensor | None]
"""A tensor for the left of a matrix and one for its right; None: nothing is done there."""


RESOLUTION = 1e-3
"""What is smaller than this part of the largest is not told from rounding."""


def folded(shape: Shape) -> tuple[int, int]:
    """Return rows and columns of a parameter."""
    return (shape[0] if shape else 1), prod(shape[1:])


def as_matrix(x: Tensor) -> Tensor:
    """Return a parameter as a matrix, a view where that is possible."""
    return x.reshape(folded(tuple(x.shape)))


def kept_sides(shape: Shape, max_size: int) -> tuple[bool, bool]:
    """Return whether a left and a right of a parameter are to be preconditioned.

    Neither of a vector or scalar, nor one that has more than ``max_size`` rows or columns.
    """
    rows, columns = folded(shape)
    matrix = len(shape) > 1
    return matrix and rows <= max_size, matrix and columns <= max_size


def to_bases(x: Tensor, bases: Pair) -> Tensor:
    """Return ``Q_Lᵀ X Q_R``: the coordinates of X."""
    left, right = bases
    x = x if left is None else left.mT @ x
    return x if right is None else x @ right


def from_bases(x: Tensor, bases: Pair) -> Tensor:
    """Return ``Q_L X Q_Rᵀ``."""
    left, right = bases
    x = x if left is None else left @ x
    return x if right is None else x @ right.mT


def resolved(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Return ``max(x, φ max x)``, φ = `RESOLUTION`, the inner maximum over some axes, if any."""
    return torch.maximum(x, RESOLUTION * x.amax(axes, keepdim=True)) if axes else x


def turned(bases: Pair) -> tuple[int, ...]:
    """Return the axes along which a change of bases mixes coordinates."""
    return tuple(axis for axis, basis in zip((-2, -1), bases, strict=True) if basis is not None)
