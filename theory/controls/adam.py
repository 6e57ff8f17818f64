# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is wrong with the broken methods with a metric, and with another norm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from momo.reference import (
    SUM,
    AdamDiagonal,
    Diagonal,
    Given,
)
from momo.reference.preconditioners import Metric, Preconditioner, Sign, inner
from theory.case import Case
from theory.engine import Stepper
from theory.methods import (
    exact_momo,
    exact_momo_adam,
    frozen_momo_adam,
    growing_momo_adam,
    online_momo,
)
from theory.problems.base import Array


@dataclass(frozen=True)
class NoCorrection(AdamDiagonal):
    """Adam's preconditioner without the bias correction of v."""

    def update(
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, Array]:
        """Return ``diag(ε + sqrt(v_k))``."""
        _, moment = super().update(memory, grad, step, grad_avg)
        return Diagonal(self.eps[..., None] + np.sqrt(moment)), moment


def no_bias_correction(case: Case) -> Stepper:
    """D_k of MoMo-Adam without the division of v_k by ``1 - β2^k``."""
    right = exact_momo_adam(case)
    assert isinstance(right.preconditioner, AdamDiagonal)
    broken = NoCorrection(right.preconditioner.beta2, right.preconditioner.eps)
    return replace(right, preconditioner=broken)


@dataclass(frozen=True)
class OtherNorm(Metric):
    """The norm of ``D = I``, but the direction of another metric."""

    metric: Metric

    def direction(self, d: Array) -> Array:
        """Return ``D^{-1} d``."""
        return self.metric.direction(d)

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``||d||²``."""
        return inner(d, d)

    def norm_sq(self, x: Array) -> Array:
        """Return ``||x||²_D``."""
        return self.metric.norm_sq(x)


@dataclass(frozen=True)
class OtherNormPreconditioner:
    """A preconditioner whose norm is not its own."""

    base: Preconditioner
    unit: ClassVar[bool] = False

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Those of the base."""
        return self.base.shapes

    def update(
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, Array | None]:
        """Return the base's metric with another norm."""
        metric, memory = self.base.update(memory, grad, step, grad_avg)
        return OtherNorm(metric), memory


def other_norm(case: Case) -> Stepper:
    """``||d||²`` in the step's length, ``P^{-1} d`` for its direction (frozen metric)."""
    right = frozen_momo_adam(case)
    return replace(right, preconditioner=OtherNormPreconditioner(right.preconditioner))


def other_norm_growing(case: Case) -> Stepper:
    """``||d||²`` in the step's length, ``P_k^{-1} d`` for its direction (growing metric)."""
    right = growing_momo_adam(case)
    return replace(right, preconditioner=OtherNormPreconditioner(right.preconditioner))


def maximum_norm(case: Case) -> Stepper:
    """In the maximum norm, not Euclid's: ``x - τ ||d||_1 sign(d)``, with ``||d||_1²`` in τ.

    It is the step of another method, and a right one: to the zero of the model that is nearest in
    the maximum norm. But the Fejér step expands a square, which only the norm of an inner product
    has. On ``max{|3x + y|, |x + 3y|}`` it goes round between two points for ever.
    """
    return replace(exact_momo(case), preconditioner=Sign(), product=SUM)


def maximum_norm_star(case: Case) -> Stepper:
    """In the maximum norm, not Euclid's, with the online bound."""
    return replace(online_momo(case), preconditioner=Sign(), product=SUM)


def frozen_bound_too_high(case: Case) -> Stepper:
    """f_* lies above f* by most of the initial suboptimality (frozen metric)."""
    bound = Given(case.optimum.value + 0.8 * case.initial_gap)
    return replace(frozen_momo_adam(case), lower_bound=bound)


def growing_bound_too_high(case: Case) -> Stepper:
    """f_* lies above f* by most of the initial suboptimality (growing metric)."""
    bound = Given(case.optimum.value + 0.8 * case.initial_gap)
    return replace(growing_momo_adam(case), lower_bound=bound)
