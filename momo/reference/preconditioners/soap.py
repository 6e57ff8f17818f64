# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""SOAP (Vyas et al. 2024, arXiv 2409.11321): Adam in the eigenbasis of Shampoo.

What differs from the source, so that one sequence of gradients gives one sequence of D_k:

* The bases start from the identity, by the same step that refines them later. The source starts
  with an eigendecomposition, which leaves the basis of the null space open, and moves nothing at
  its first gradient.
* The matrices are shifted by ``δ min{tr L, max_i Σ_j |L_ij|}``, δ = 1e-2, which keeps the
  eigenvectors. Both are at least the largest eigenvalue, so the condition of what is orthogonalised
  is at most ``1 + 1/δ``, also where L is singular; eigenvalues far below the shift are not told
  apart, and their directions hardly turn (derived here).
* In its bases a gradient of low rank has coordinates that are rounding of 0, and Adam makes steps
  of full length of them. So no entry of D is less than φ = 1e-3 of the largest (derived here;
  `momo.reference.preconditioners.matrices.RESOLUTION`): of all where both sides have a basis, of
  its row or column where one has, as no other is mixed with it.
* The bases are refined before the gradient is squared in them; in the source after the step, so
  that they lag by one gradient.
* The columns are not sorted by their eigenvalues, which the authors' code does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from momo.core.step import Number
from momo.reference.checks import Array, decay, positive, set_fields
from momo.reference.preconditioners.adam import adam_diagonal, second_moment
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
    resolved,
    to_bases,
    turned,
)

SHIFT = 1e-2
"""δ; the condition of what is orthogonalised is at most ``1 + 1/δ``."""

Memory = tuple[Pair, Pair, Array]
"""L and R, Q_L and Q_R, v."""


def orthogonal_iteration(moment: Array, basis: Array) -> Array:
    """Return the orthogonal factor of ``(L + δ l I) Q``, R's diagonal being positive.

    ``l = min{tr L, max_i Σ_j |L_ij|}`` is at least the largest eigenvalue. A fixed point is a basis
    of eigenvectors, by decreasing eigenvalue. Where ``L = 0`` the factor is Q.
    """
    trace = np.trace(moment, axis1=-2, axis2=-1)
    largest = np.minimum(trace, np.abs(moment).sum(axis=-1).max(axis=-1))[..., None, None]
    shift = np.where(largest > 0, SHIFT * largest, 1.0)
    q, r = np.linalg.qr(moment @ basis + shift * basis)
    signs = np.where(np.diagonal(r, axis1=-2, axis2=-1) < 0, -1.0, 1.0)
    return q * signs[..., None, :]


@dataclass(frozen=True)
class Soap:
    """``D = Q diag(max{a, φ max a}) Qᵀ``, ``a = ε + sqrt(v_k/(1-β2^k))``.

    v_k is the average of ``(Q_Lᵀ g Q_R)²``; L and R those of ``g gᵀ`` and ``gᵀ g``, with the same
    β2, the default of the source. At gradients 1, 1+F, 1+2F, … one step of orthogonal iteration
    moves Q_L and Q_R towards their eigenvectors; v is kept, as in the source, though its
    coordinates change. φ is `RESOLUTION`, and the inner maximum over what the bases mix. Vectors
    have no bases: D is Adam's.

    Attributes
    ----------
    shape
        The parameter's. Of more than two axes the first is held against the rest; the source has a
        basis for each axis.
    beta2, eps
        β2 in [0, 1) and ε > 0, as for Adam, shape (...).
    frequency
        F, at least 1: every how many gradients the bases are refined.
    max_size
        A side of more than that many rows or columns keeps the identity as its basis.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """

    shape: Shape
    beta2: Number = 0.95
    eps: Number = 1e-8
    frequency: int = 10
    max_size: int = 10000
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_whole("frequency", self.frequency)
        check_whole("max_size", self.max_size)
        beta2, eps = decay("beta2", self.beta2), positive("eps", self.eps)
        set_fields(self, shape=checked_shape(self.shape), beta2=beta2, eps=eps)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of β2 and ε."""
        return {"beta2": self.beta2.shape, "eps": self.eps.shape}

    def update(
        self, memory: Memory | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Rotated, Memory]:
        """Return D_k and what is kept."""
        g = as_matrices("grad", grad, self.shape)
        beta2, eps = self.beta2[..., None, None], self.eps[..., None, None]
        samples = gram_matrices(g, kept_sides(self.shape, self.max_size))
        if memory is None:
            start = on_both(lambda sample: np.eye(sample.shape[-1]), samples)
            memory = (on_both(np.zeros_like, samples), start, np.zeros_like(g))
        moments, bases, squares = memory
        moments = on_both(lambda s, moment: second_moment(moment, s, beta2), samples, moments)
        if (step - 1) % self.frequency == 0:
            bases = on_both(orthogonal_iteration, moments, bases)
        squares = second_moment(squares, to_bases(g, bases) ** 2, beta2)
        entries = resolved(adam_diagonal(squares, step, beta2, eps), turned(bases))
        return Rotated(self.shape, bases, entries), (moments, bases, squares)
