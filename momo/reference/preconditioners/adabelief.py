"""AdaBelief's preconditioner (Zhuang et al. 2020, arXiv 2010.07468, algorithm 2)."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from momo.reference.checks import Array, decay, positive
from momo.reference.preconditioners.adam import adam_diagonal, second_moment
from momo.reference.preconditioners.base import Diagonal, Metric


@dataclass(frozen=True)
class AdaBeliefPreconditioner:
    """Adam's, with the gradient's distance from its average for the gradient; see `adabelief`.

    ``s_k = β2 s_{k-1} + (1-β2) (g_k - d_k)∘(g_k - d_k) + ε``, and
    ``D_k = diag(ε + sqrt(s_k / (1 - β2^k)))``. d_k is the average that the model sees, with g_k in
    it; in AdaBelief it starts at zero, and is not corrected. The ε within s adds up to
    ``ε/(1-β2)``.

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
        """Return D_k and s_k.

        Raises
        ------
        ValueError
            If ``grad_avg`` is missing.
        """
        if grad_avg is None:
            raise ValueError("grad_avg = None; allowed: d_k, which AdaBelief compares with g_k")
        beta2, eps = self.beta2[..., None], self.eps[..., None]
        surprise = grad - grad_avg
        moment = second_moment(memory, surprise * surprise, beta2) + eps
        return Diagonal(adam_diagonal(moment, step, beta2, eps)), moment


def adabelief(beta2: ArrayLike = 0.999, eps: ArrayLike = 1e-16) -> AdaBeliefPreconditioner:
    """Return AdaBelief's preconditioner.

    Parameters
    ----------
    beta2
        β2 in [0, 1); a scalar or one value a run.
    eps
        ε > 0, much smaller than Adam's, whose place is outside the root alone. Default 1e-16, the
        authors' code's (could not be confirmed from the paper).

    Raises
    ------
    ValueError
        If β2 or ε is out of range.
    """
    return AdaBeliefPreconditioner(decay("beta2", beta2), positive("eps", eps))
