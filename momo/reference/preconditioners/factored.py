"""AdaFactor's preconditioner: the second moment of a matrix, kept as its rows' and columns' means.

Shazeer and Stern 2018 (arXiv 1804.04235, algorithms 4 and 5); AdaLomo (Lv et al. 2023, arXiv
2310.10195) keeps the same factors. Two parts of AdaFactor are left out, since they are no metric:
the step relative to the size of the parameter, and the clipping of the direction by its root mean
square. With them ``<d, direction>`` would no longer be what the model falls by. What limits the
step here is the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.checks import Array, positive
from momo.reference.preconditioners.adam import second_moment
from momo.reference.preconditioners.base import Diagonal, Metric

Factors = tuple[Array, Array]
"""R and C: the means of rows, shape (..., *batch, m), and of columns, shape (..., *batch, n)."""


@dataclass(frozen=True)
class FactoredPreconditioner:
    """``D_k = diag(sqrt(v_k))``, v_k the product of two averages; made by `factored`.

    With ``β2_k = 1 - k^{-c}`` and ``s_k = g_k∘g_k + ε``, for each matrix of the parameter
    ``R_k = β2_k R_{k-1} + (1-β2_k) s_k 1/n``, ``C_k = β2_k C_{k-1} + (1-β2_k) 1^T s_k/m`` and
    ``v_k = R_k C_k / mean(R_k)``. A parameter that is no matrix keeps the average of s_k itself.
    The first β2_k is 0, so there is nothing to correct; ε stands inside the root alone.

    Attributes
    ----------
    shape
        The parameter's. The last two axes are the matrix, those before are a batch of matrices.
    exponent
        c, shape (...).
    eps
        ε, the source's ε_1, shape (...).
    """

    shape: tuple[int, ...]
    exponent: Array
    eps: Array

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
        shares = rows / rows.mean(axis=-1, keepdims=True)
        moment = shares[..., :, None] * columns[..., None, :]
        flat = moment.reshape(*moment.shape[: -len(self.shape)], n)
        return Diagonal(np.sqrt(flat)), (rows, columns)


def factored(
    shape: tuple[int, ...], exponent: ArrayLike = 0.8, eps: ArrayLike = 1e-30
) -> FactoredPreconditioner:
    """Return AdaFactor's preconditioner, with the source's c and ε_1.

    Parameters
    ----------
    shape
        The parameter's shape; x is flat, of as many numbers.
    exponent
        c > 0; a scalar or one value a run.
    eps
        ε > 0; with ε = 0 a row that has seen no gradient would make D singular.

    Raises
    ------
    ValueError
        If an axis is empty, or c or ε is out of range.
    """
    if any(size < 1 for size in shape):
        raise ValueError(f"shape = {shape} is out of range; allowed: axes of at least 1")
    return FactoredPreconditioner(
        tuple(shape), positive("exponent", exponent), positive("eps", eps)
    )
