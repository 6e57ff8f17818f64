"""Shampoo (Gupta, Koren and Singer 2018, arXiv 1802.09568): a Kronecker product of two roots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.averaging.ema import weight_from_zero
from momo.reference.checks import Array, decay, positive
from momo.reference.preconditioners.adam import second_moment
from momo.reference.preconditioners.matrices import (
    Pair,
    Rotated,
    Shape,
    as_matrices,
    check_whole,
    checked_shape,
    gram_matrices,
    kept_sides,
    on_both,
)

Moments = tuple[Pair, Array | None]
"""L and R, and the squares of a parameter that has neither."""


@dataclass(frozen=True)
class ShampooPreconditioner:
    """``D X = (L+εI)^{1/4} X (R+εI)^{1/4}``, L and R sums of ``g gᵀ`` and ``gᵀ g``.

    Where only one of the two is kept its power is 1/2; where none is, of vectors, D is the diagonal
    ``(s + ε)^{1/2}`` of the squares' sums s (AdaGrad's). Made by `shampoo`.

    Attributes
    ----------
    shape
        The parameter's.
    beta2
        β2 of exponential averages with bias correction, shape (...); None for sums.
    eps
        ε, shape (...).
    max_size
        A side of more than that many rows or columns is left out.
    """

    shape: Shape
    beta2: Array | None
    eps: Array
    max_size: int

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of β2 and ε."""
        own = {} if self.beta2 is None else {"beta2": self.beta2.shape}
        return {**own, "eps": self.eps.shape}

    def update(
        self, memory: Moments | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Rotated, Moments]:
        """Return D_k and the moments."""
        g = as_matrices("grad", grad, self.shape)
        sides = kept_sides(self.shape, self.max_size)
        pair, squares = ((None, None), None) if memory is None else memory
        if any(sides):
            left, right = gram_matrices(g, sides)
            pair = self._added(left, pair[0]), self._added(right, pair[1])
        else:
            squares = self._added(g * g, squares)
        return self._metric(pair, squares, step), (pair, squares)

    def _added(self, sample: Array | None, previous: Array | None) -> Array | None:
        if sample is None:
            return None
        if self.beta2 is not None:
            return second_moment(previous, sample, self.beta2[..., None, None])
        return sample if previous is None else previous + sample

    def _metric(self, pair: Pair, squares: Array | None, step: int) -> Rotated:
        weight = np.ones(()) if self.beta2 is None else weight_from_zero(step, self.beta2)
        weight = weight[..., None, None]
        if squares is not None:
            return Rotated(
                self.shape, (None, None), np.sqrt(squares / weight + self.eps[..., None, None])
            )
        left, right = on_both(lambda moment: moment / weight, pair)
        power = 0.5 if left is None or right is None else 0.25
        rows, left_basis = _root(left, self.eps, power)
        columns, right_basis = _root(right, self.eps, power)
        entries = rows[..., :, None] * columns[..., None, :]
        return Rotated(self.shape, (left_basis, right_basis), entries)


def _root(moment: Array | None, eps: Array, power: float) -> tuple[Array, Array | None]:
    """Return the eigenvalues of ``(L+εI)^power``, and the basis; 1 and None where there is no L."""
    if moment is None:
        return np.ones(1), None
    values, basis = np.linalg.eigh(moment)
    # Eigenvalues that are 0 come out as rounding of either sign.
    return (np.maximum(values, 0) + eps[..., None]) ** power, basis


def shampoo(
    shape: Shape, beta2: ArrayLike | None = None, eps: ArrayLike = 1e-4, max_size: int = 10000
) -> ShampooPreconditioner:
    """Return Shampoo's preconditioner.

    Parameters
    ----------
    shape
        The parameter's. Of more than two axes the first is held against the rest; the source has a
        matrix for each axis.
    beta2
        None for sums, as in the source; β2 in [0, 1) for averages.
    eps
        ε > 0. The source leaves it open; 1e-4 could not be confirmed from it, and is well above the
        rounding of single precision for gradients of size 1.
    max_size
        A side of more rows or columns is left out, so that its matrix need not be kept. Not in the
        source, where it is in SOAP's.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    check_whole("max_size", max_size)
    average = None if beta2 is None else decay("beta2", beta2)
    return ShampooPreconditioner(checked_shape(shape), average, positive("eps", eps), max_size)
