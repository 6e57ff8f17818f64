# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaBelief's preconditioner (Zhuang et al. 2020, arXiv 2010.07468, algorithm 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from momo.core.step import Number
from momo.reference.checks import Array, decay, positive, set_fields
from momo.reference.preconditioners.adam import adam_diagonal, second_moment
from momo.reference.preconditioners.base import Diagonal, Metric


@dataclass(frozen=True)
class AdaBeliefDiagonal:
    """Adam's, with the gradient's distance from its average for the gradient.

    ``s_k = β2 s_{k-1} + (1-β2) (g_k - d_k)∘(g_k - d_k) + ε``, and
    ``D_k = diag(ε + sqrt(s_k / (1 - β2^k)))``. d_k is the average that the model sees, with g_k in
    it; in AdaBelief it starts at zero, and is not corrected. The ε within s adds up to
    ``ε/(1-β2)``.

    Attributes
    ----------
    beta2
        β2 in [0, 1); a scalar or one value a run, shape (...).
    eps
        ε > 0, likewise; much smaller than Adam's, whose place is outside the root alone. Default
        1e-16, that of the authors' code.

    Raises
    ------
    ValueError
        If β2 or ε is out of range.
    """

    beta2: Number = 0.999
    eps: Number = 1e-16
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        set_fields(self, beta2=decay("beta2", self.beta2), eps=positive("eps", self.eps))

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
