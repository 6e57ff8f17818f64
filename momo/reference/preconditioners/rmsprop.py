"""RMSProp's preconditioner (Tieleman and Hinton 2012, lecture 6.5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.checks import Array, decay, positive
from momo.reference.preconditioners.adam import second_moment
from momo.reference.preconditioners.base import Diagonal, Metric


@dataclass(frozen=True)
class RmsPropPreconditioner:
    """``D_k = diag(ε + sqrt(v_k))``, ``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k``; made by `rmsprop`.

    Adam's without bias correction: v starts at 0, so that the first D_k are small, and capped steps
    long. ε stands outside the root, as in ``torch.optim.RMSprop``; where the lecture puts it could
    not be confirmed.

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
    ) -> tuple[Metric, Array]:
        """Return D_k and v_k."""
        moment = second_moment(memory, grad * grad, self.beta2[..., None])
        return Diagonal(self.eps[..., None] + np.sqrt(moment)), moment


def rmsprop(beta2: ArrayLike = 0.99, eps: ArrayLike = 1e-8) -> RmsPropPreconditioner:
    """Return RMSProp's preconditioner; the defaults are those of ``torch.optim.RMSprop``.

    Parameters
    ----------
    beta2
        β2 in [0, 1), torch's ``alpha``; a scalar or one value a run.
    eps
        ε > 0: with ε = 0 a coordinate that has seen no gradient would make D singular.

    Raises
    ------
    ValueError
        If β2 or ε is out of range.
    """
    return RmsPropPreconditioner(decay("beta2", beta2), positive("eps", eps))
