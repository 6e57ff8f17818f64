# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Directions that are momentum, for methods without a model: they are no metric.

The step of such a method is always capped (`momo.core.parts.CAPPED`), so that nothing depends on
``<d, direction>``, which may be negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

import numpy as np

from momo.core.step import Number
from momo.reference.checks import Array, decay, non_negative, positive, set_fields
from momo.reference.preconditioners.base import Along, Metric


@dataclass(frozen=True)
class AdaptiveHeavyBall:
    """``m_k = β_k m_{k-1} + (1-β_k) g_k`` in the place of d, one β_k for the whole parameter.

    ``β_k = min{((1-r)/(1+r))², 1-δ}``, ``r = ||g_k - g_{k-1}|| / ||m_{k-1}||``: with
    ``x ← x - α m`` that r is ``α ||Δg|| / ||Δx||``, α times an estimate of the curvature, and β_k
    what is best for it on a quadratic (the normalised heavy ball behind arXiv 2405.13726). Where
    m_{k-1} is 0, as at the first gradient, ``β_k = 0``. β falls to 0 at r = 1, and rises again for
    r > 1, as in the source.

    Attributes
    ----------
    shape
        The parameter's; x is flat, of as many numbers.
    delta
        δ in (0, 1], shape (...); 1: ``m = g``.

    Raises
    ------
    ValueError
        If δ is out of range.
    """

    shape: tuple[int, ...]
    delta: Number = 1e-3
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        delta = positive("delta", self.delta)
        if np.any(delta > 1):
            raise ValueError(f"delta = {delta} is out of range; allowed: in (0, 1]")
        set_fields(self, shape=tuple(self.shape), delta=delta)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of δ."""
        return {"delta": self.delta.shape}

    def update(
        self,
        memory: tuple[Array, Array] | None,
        grad: Array,
        step: int,
        grad_avg: Array | None = None,
    ) -> tuple[Metric, tuple[Array, Array]]:
        """Return m_k as the direction; it and g_k are kept.

        Raises
        ------
        ValueError
            If the gradient does not have as many numbers as the parameter.
        """
        if grad.shape[-1] != prod(self.shape):
            raise ValueError(
                f"grad has {grad.shape[-1]} numbers in its last axis, shape = {self.shape};"
                f" allowed: {prod(self.shape)}"
            )
        m, before = (np.zeros_like(grad), grad) if memory is None else memory
        length = np.linalg.norm(m, axis=-1, keepdims=True)
        change = np.linalg.norm(grad - before, axis=-1, keepdims=True)
        # ((1-r)/(1+r))² without the quotient r
        root = np.divide(
            length - change, length + change, out=np.zeros_like(length), where=length > 0
        )
        beta = np.minimum(root * root, 1 - self.delta[..., None])
        m = beta * m + (1 - beta) * grad
        return Along(m), (m, grad)


@dataclass(frozen=True)
class Displacement:
    """``Δ_k = κ_k (Δ_{k-1} - α_k g_k)``, ``κ_k = β/(1 + α_k μ)``; the direction is ``-Δ_k/α_k``.

    So ``x + Δ_k`` is a step of size α_k. It is what is added to x that is kept, and not the average
    of the gradients: each has the α of its time. Where α_k is 0 nothing moves.
    (Zhang and Cutkosky 2024, arXiv 2405.09742.)

    Attributes
    ----------
    beta
        β in [0, 1), shape (...).
    mu
        ``μ >= 0``, shape (...).

    Raises
    ------
    ValueError
        If β or μ is out of range.
    """

    beta: Number = 0.99
    mu: Number = 100.0
    unit: ClassVar[bool] = False
    sees: ClassVar[tuple[str, ...]] = ("lr",)

    def __post_init__(self) -> None:
        set_fields(self, beta=decay("beta", self.beta), mu=non_negative("mu", self.mu))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of β and μ."""
        return {"beta": self.beta.shape, "mu": self.mu.shape}

    def update(
        self,
        memory: Array | None,
        grad: Array,
        step: int,
        grad_avg: Array | None = None,
        lr: Number = 1.0,
    ) -> tuple[Metric, Array]:
        """Return ``-Δ_k/α_k`` as the direction; Δ_k is kept."""
        alpha = np.asarray(lr)[..., None]
        kappa = self.beta[..., None] / (1 + alpha * self.mu[..., None])
        delta = kappa * ((0.0 if memory is None else memory) - alpha * grad)
        moves = np.zeros(np.broadcast_shapes(delta.shape, alpha.shape))
        return Along(np.divide(-delta, alpha, out=moves, where=alpha > 0)), delta
