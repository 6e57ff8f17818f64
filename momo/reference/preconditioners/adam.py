"""Adam's preconditioner (paper, MoMo-Adam; Kingma and Ba 2015)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.averaging.ema import weight_from_zero
from momo.reference.checks import Array, decay, positive
from momo.reference.preconditioners.base import Diagonal, Metric


def second_moment(previous: Array | None, sample: Array, beta2: Array) -> Array:
    """Return ``v_k = β2 v_{k-1} + (1-β2) s_k`` from ``v_0 = 0``."""
    if previous is None:
        return (1 - beta2) * sample
    return beta2 * previous + (1 - beta2) * sample


def adam_diagonal(moment: Array, step: int, beta2: Array, eps: Array) -> Array:
    """Return the diagonal of ``D_k = diag(ε + sqrt(v_k / (1 - β2^k)))`` (paper, MoMo-Adam)."""
    return eps + np.sqrt(moment / weight_from_zero(step, beta2))


@dataclass(frozen=True)
class AdamPreconditioner:
    """``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k`` and `adam_diagonal`; made by `adam_preconditioner`.

    Attributes
    ----------
    beta2
        β2, shape (...).
    eps
        ε, shape (...).
    """

    beta2: Array
    eps: Array

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of β2 and ε."""
        return {"beta2": self.beta2.shape, "eps": self.eps.shape}

    def update(
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, Array | None]:
        """Return Adam's D_k and v_k."""
        beta2 = self.beta2[..., None]
        moment = second_moment(memory, grad * grad, beta2)
        entries = adam_diagonal(moment, step, beta2, self.eps[..., None])
        return Diagonal(entries), moment


def adam_preconditioner(beta2: ArrayLike = 0.999, eps: ArrayLike = 1e-8) -> AdamPreconditioner:
    """Return Adam's preconditioner.

    Parameters
    ----------
    beta2
        β2 in [0, 1); a scalar or one value a run.
    eps
        ε > 0: with ε = 0 a coordinate that has seen no gradient would make D singular.

    Raises
    ------
    ValueError
        If β2 or ε is out of range.
    """
    return AdamPreconditioner(decay("beta2", beta2), positive("eps", eps))
