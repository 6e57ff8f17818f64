# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Adam's preconditioner (paper, MoMo-Adam; Kingma and Ba 2015)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from momo.core.step import Number
from momo.reference.checks import Array, decay, positive, set_fields
from momo.reference.preconditioners.base import Diagonal, Metric


def second_moment(previous: Array | None, sample: Array, beta2: Array) -> Array:
    """Return ``v_k = β2 v_{k-1} + (1-β2) s_k`` from ``v_0 = 0``."""
    if previous is None:
        return (1 - beta2) * sample
    return beta2 * previous + (1 - beta2) * sample


def adam_diagonal(moment: Array, step: int, beta2: Array, eps: Array) -> Array:
    """Return the diagonal of ``D_k = diag(ε + sqrt(v_k / (1 - β2^k)))`` (paper, MoMo-Adam)."""
    return eps + np.sqrt(moment / (1 - beta2**step))


@dataclass(frozen=True)
class AdamDiagonal:
    """``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k`` and `adam_diagonal`.

    Attributes
    ----------
    beta2
        β2 in [0, 1); a scalar or one value a run, shape (...).
    eps
        ε > 0, likewise: with ε = 0 a coordinate that has seen no gradient would make D singular.

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
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, Array]:
        """Return Adam's D_k and v_k."""
        beta2 = self.beta2[..., None]
        moment = second_moment(memory, grad * grad, beta2)
        entries = adam_diagonal(moment, step, beta2, self.eps[..., None])
        return Diagonal(entries), moment


@dataclass(frozen=True)
class AdamFromFirst:
    """``D_k = diag(ε + sqrt(v_k))``, ``v_1 = g_1∘g_1``, ``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k``.

    The average starts at the first gradient, so there is nothing to correct (Crawshaw et al. 2025,
    arXiv 2510.09827).

    Attributes
    ----------
    decay
        β2 in [0, 1); a scalar or one value a run, shape (...).
    eps
        ε > 0, likewise.

    Raises
    ------
    ValueError
        If β2 or ε is out of range.
    """

    decay: Number = 0.95
    eps: Number = 1e-8
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        set_fields(self, decay=decay("decay", self.decay), eps=positive("eps", self.eps))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of β2 and ε."""
        return {"decay": self.decay.shape, "eps": self.eps.shape}

    def update(
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, Array]:
        """Return D_k and v_k."""
        moment = (
            grad * grad
            if memory is None
            else second_moment(memory, grad * grad, self.decay[..., None])
        )
        return Diagonal(self.eps[..., None] + np.sqrt(moment)), moment
