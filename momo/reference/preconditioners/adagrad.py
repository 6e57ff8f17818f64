# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaGrad's preconditioner (Duchi, Hazan and Singer 2011, diagonal form)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from momo.core.step import Number
from momo.reference.checks import Array, positive, set_fields
from momo.reference.preconditioners.base import Diagonal, Metric


@dataclass(frozen=True)
class AdaGradDiagonal:
    """``D_k = diag(ε + sqrt(Σ_{j<=k} g_j∘g_j))``: never decreasing.

    Attributes
    ----------
    eps
        ε > 0, shape (...): with ε = 0 a coordinate that has seen no gradient would make D singular.

    Raises
    ------
    ValueError
        If ε is out of range.
    """

    eps: Number = 1e-10
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        set_fields(self, eps=positive("eps", self.eps))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of ε."""
        return {"eps": self.eps.shape}

    def update(
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, Array]:
        """Return D_k and the sum of squares."""
        total = grad * grad if memory is None else memory + grad * grad
        return Diagonal(self.eps[..., None] + np.sqrt(total)), total
