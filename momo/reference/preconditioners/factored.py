# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaFactor's preconditioner: the second moment of a matrix, kept as its rows' and columns' means.

Shazeer and Stern 2018 (arXiv 1804.04235, algorithms 4 and 5). Two parts of AdaFactor are left out
here: the step relative to the size of the parameter, and the limit on the root mean square of the
direction. Each is a positive factor of a parameter, so a metric may have them, and AdaLomo's does
(`momo.reference.preconditioners.adalomo`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

import numpy as np

from momo.core.step import Number
from momo.reference.checks import Array, positive, set_fields
from momo.reference.preconditioners.adam import second_moment
from momo.reference.preconditioners.base import Diagonal, Metric

Factors = tuple[Array, Array]
"""R and C: the means of rows, shape (..., *batch, m), and of columns, shape (..., *batch, n)."""


@dataclass(frozen=True)
class Factored:
    """``D_k = diag(sqrt(v_k))``, v_k the product of two averages.

    With ``β2_k = 1 - k^{-c}`` and ``s_k = g_k∘g_k + ε``, for each matrix of the parameter
    ``R_k = β2_k R_{k-1} + (1-β2_k) s_k 1/n``, ``C_k = β2_k C_{k-1} + (1-β2_k) 1^T s_k/m`` and
    ``v_k = R_k C_k / mean(R_k)``. A parameter that is no matrix keeps the average of s_k itself.
    The first β2_k is 0, so there is nothing to correct; ε stands inside the root alone.

    Attributes
    ----------
    shape
        The parameter's; x is flat, of as many numbers. The last two axes are the matrix, those
        before are a batch of matrices.
    exponent
        c > 0, shape (...).
    eps
        ε > 0, the source's ε_1, shape (...); with ε = 0 a row that has seen no gradient would make
        D singular.

    Raises
    ------
    ValueError
        If an axis is empty, or c or ε is out of range.
    """

    shape: tuple[int, ...]
    exponent: Number = 0.8
    eps: Number = 1e-30
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if any(size < 1 for size in self.shape):
            raise ValueError(f"shape = {self.shape} is out of range; allowed: axes of at least 1")
        exponent, eps = positive("exponent", self.exponent), positive("eps", self.eps)
        set_fields(self, shape=tuple(self.shape), exponent=exponent, eps=eps)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of c and ε."""
        return {"exponent": self.exponent.shape, "eps": self.eps.shape}

    def update(
        self,
        memory: Array | Factors | None,
        grad: Array,
        step: int,
        grad_avg: Array | None = None,
    ) -> tuple[Metric, Array | Factors]:
        """Return D_k, and v_k or its factors.

        Raises
        ------
        ValueError
            If the gradient does not have as many numbers as the parameter.
        """
        n = prod(self.shape)
        if grad.shape[-1] != n:
            raise ValueError(
                f"grad has {grad.shape[-1]} numbers in its last axis, shape = {self.shape};"
                f" allowed: {n}"
            )
        sample = grad * grad + self.eps[..., None]
        beta2 = 1 - float(step) ** -self.exponent
        if len(self.shape) < 2:
            assert not isinstance(memory, tuple)
            moment = second_moment(memory, sample, beta2[..., None])
            return Diagonal(np.sqrt(moment)), moment
        matrices = sample.reshape(*sample.shape[:-1], *self.shape)
        beta2 = beta2.reshape(*beta2.shape, *(1 for _ in self.shape[:-1]))
        previous = (None, None) if memory is None else memory
        rows = second_moment(previous[0], matrices.mean(axis=-1), beta2)
        columns = second_moment(previous[1], matrices.mean(axis=-2), beta2)
        relative = rows / rows.mean(axis=-1, keepdims=True)
        moment = relative[..., :, None] * columns[..., None, :]
        flat = moment.reshape(*moment.shape[: -len(self.shape)], n)
        return Diagonal(np.sqrt(flat)), (rows, columns)
