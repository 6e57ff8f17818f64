"""AdaGrad's preconditioner (Duchi, Hazan and Singer 2011, diagonal form)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.checks import Array, positive
from momo.reference.preconditioners.base import Diagonal, Metric


@dataclass(frozen=True)
class AdaGradPreconditioner:
    """``D_k = diag(ε + sqrt(Σ_{j<=k} g_j∘g_j))``: never decreasing; made by `adagrad`.

    Attributes
    ----------
    eps
        ε, shape (...).
    """

    eps: Array

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of ε."""
        return {"eps": self.eps.shape}

    def update(
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, Array | None]:
        """Return D_k and the sum of squares."""
        total = grad * grad if memory is None else memory + grad * grad
        return Diagonal(self.eps[..., None] + np.sqrt(total)), total


def adagrad(eps: ArrayLike = 1e-10) -> AdaGradPreconditioner:
    """Return AdaGrad's preconditioner (Duchi, Hazan and Singer 2011, diagonal form).

    Parameters
    ----------
    eps
        ε > 0: with ε = 0 a coordinate that has seen no gradient would make D singular.

    Raises
    ------
    ValueError
        If ε is out of range.
    """
    return AdaGradPreconditioner(positive("eps", eps))
