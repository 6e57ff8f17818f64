# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AMSGrad's preconditioner (Reddi, Kale and Kumar 2018, algorithm 2), with bias correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from momo.core.step import Number
from momo.reference.checks import Array, decay, positive, set_fields
from momo.reference.preconditioners.adam import adam_diagonal, second_moment
from momo.reference.preconditioners.base import Diagonal, Metric


@dataclass(frozen=True)
class AmsGradDiagonal:
    """Adam's with the largest v so far, ``v̂_k = max(v̂_{k-1}, v_k)``.

    ``D_k = diag(ε + sqrt(v̂_k / (1 - β2^k)))``: the maximum is of the v that are not corrected, as
    in ``torch.optim.Adam(amsgrad=True)``. The source has no correction, and there D_k never
    decreases; here v̂_k never does, and D_k only by the correction, which tends to 1.

    Attributes
    ----------
    beta2
        β2 in [0, 1); a scalar or one value a run, shape (...).
    eps
        ε > 0, likewise.

    Raises
    ------
    ValueError
        If β2 or ε is out of range.
    """

    beta2: Number = 0.999
    eps: Number = 1e-8
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        set_fields(self, beta2=decay("beta2", self.beta2), eps=positive("eps", self.eps))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of β2 and ε."""
        return {"beta2": self.beta2.shape, "eps": self.eps.shape}

    def update(
        self,
        memory: tuple[Array, Array] | None,
        grad: Array,
        step: int,
        grad_avg: Array | None = None,
    ) -> tuple[Metric, tuple[Array, Array]]:
        """Return D_k, and v_k with v̂_k."""
        beta2 = self.beta2[..., None]
        previous, largest = (None, np.zeros(())) if memory is None else memory
        moment = second_moment(previous, grad * grad, beta2)
        largest = np.maximum(largest, moment)
        entries = adam_diagonal(largest, step, beta2, self.eps[..., None])
        return Diagonal(entries), (moment, largest)
