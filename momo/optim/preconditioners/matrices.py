# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

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

HALVED = 256
"""Rows from which on `symmetric` leaves out a quarter of the work: below it takes no less time."""


def folded(shape: Shape) -> tuple[int, int]:
    """Return rows and columns of a parameter."""
    return (shape[0] if shape else 1), prod(shape[1:])


def kept_sides(shape: Shape, max_size: int) -> tuple[bool, bool]:
    """Return whether a left and a right of a parameter are to be preconditioned.

    Neither of a vector or scalar, nor one that has more than ``max_size`` rows or columns.
    """
    rows, columns = folded(shape)
    matrix = len(shape) > 1
    return matrix and rows <= max_size, matrix and columns <= max_size


def symmetric(x: Tensor, y: Tensor) -> Tensor:
    """Return ``X Y``, which is known to be symmetric: matrices ``(..., n, m)``, ``(..., m, n)``.

    On the CPU three quarters of a large one are computed, and the fourth is copied: the lower left
    is the transpose of the upper right. On a device one product takes less time than three.
    """
    rows = x.shape[-2]
    if rows < HALVED or x.device.type != "cpu" or torch.compiler.is_compiling():
        return x @ y
    half, made = rows // 2, x.new_empty((*x.shape[:-1], rows))
    torch.matmul(x[..., :half, :], y, out=made[..., :half, :])
    torch.matmul(x[..., half:, :], y[..., half:], out=made[..., half:, half:])
    made[..., half:, :half] = made[..., :half, half:].mT
    return made


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
    """Return ``max(x, φ max x)``, in x: φ is `RESOLUTION`, the maximum that over some axes."""
    return x.clamp_(min=RESOLUTION * x.amax(axes, keepdim=True)) if axes else x


def turned(bases: Pair) -> tuple[int, ...]:
    """Return the axes along which a change of bases mixes coordinates."""
    return tuple(axis for axis, basis in zip((-2, -1), bases, strict=True) if basis is not None)
