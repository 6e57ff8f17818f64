# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is wrong with the broken versions of MoMo, MoMo* and NGN-M."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from momo.core.ops import Ops, arrays
from momo.core.parts import Harmonic, Truncation
from momo.core.step import Line, Number
from momo.reference import (
    FROM_ZERO,
    Given,
    Method,
    Online,
    State,
    StepInfo,
    momo,
    momo_star,
    sgd_m,
)
from theory.case import Case
from theory.engine import Stepper
from theory.methods import (
    exact_momo,
    ngn_m,
)
from theory.problems.base import Array


@dataclass(frozen=True)
class Restep:
    """The right method's averages, but a step size of one's own: ``x - τ' d`` with λ = 0, D = I."""

    base: Method
    step_size: Callable[[StepInfo], Array]

    def step(
        self, state: State, x: Array, loss: Array, grad: Array
    ) -> tuple[Array, State, StepInfo]:
        """Return the base method's state and the altered point."""
        _, state, info = self.base.step(state, x, loss, grad)
        return x - self.step_size(info)[..., None] * state.grad_avg, state, info


@dataclass(frozen=True)
class Mistold:
    """The right method, told another loss; ``tell(x, loss, grad, x_before, loss_before)``."""

    base: Method
    tell: Callable[[Array, Array, Array, Array, Array], Array]

    def step(self, state: Any, x: Array, loss: Array, grad: Array) -> tuple[Array, Any, StepInfo]:
        """Return the base method's step on the altered loss; keeps the previous sample."""
        inner, *before = state if isinstance(state, tuple) else (state, x, loss)
        told = self.tell(x, loss, grad, *before)
        x_next, inner, info = self.base.step(inner, x, told, grad)
        return x_next, (inner, x, loss), info


def polyak(value: Array, info: StepInfo) -> Array:
    """Return ``min{cap, (value - f_*)_+ / ||d||²}``."""
    gap = np.maximum(value - info.lower_bound, 0)
    return np.minimum(info.cap, arrays().quotient(gap, info.dual_norm_sq))


def wrong_sign(case: Case) -> Stepper:
    """``h_k = f̄_k - <d_k, x^k> + γ_k``."""
    return Restep(exact_momo(case), lambda info: polyak(2 * info.loss_avg - info.value, info))


def no_truncation(case: Case) -> Stepper:
    """No maximum with f_* in the model: SGD-M, at a constant step of D/G where none is set."""
    step = case.optimum.distance / case.constants.gradient
    return sgd_m(lr=np.where(np.isinf(case.lr), step, case.lr), beta=case.beta)


def late_loss(case: Case) -> Stepper:
    """β off by one step: the average of the losses lags one step behind that of the gradients."""
    return Mistold(exact_momo(case), lambda x, loss, grad, x_before, loss_before: loss_before)


def other_decay(case: Case) -> Stepper:
    """β is 0.01 larger than it should be."""
    return replace(exact_momo(case), beta=case.beta + 0.01 * (1 - case.beta))


@dataclass(frozen=True)
class Weightless:
    """The right method, told before every step that the weights so far sum to one."""

    base: Method

    def step(
        self, state: State, x: Array, loss: Array, grad: Array
    ) -> tuple[Array, State, StepInfo]:
        """Return the base method's step with ``ρ = 1``."""
        return self.base.step(replace(state, weight=1.0), x, loss, grad)


def no_weight(case: Case) -> Stepper:
    """Averages from zero, used as if their weights summed to one."""
    return Weightless(replace(exact_momo(case), averaging=FROM_ZERO))


def bound_too_high(case: Case) -> Stepper:
    """f_* lies above f* by a fifth of the initial suboptimality."""
    bound = Given(case.optimum.value + 0.2 * case.initial_gap)
    return momo(lr=case.lr, beta=case.beta, lower_bound=bound)


@dataclass(frozen=True)
class Stretched(Truncation):
    """``factor · min{cap, ζ}``."""

    factor: float

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> tuple[Number, Number]:
        """Return the step of another length."""
        right, memory = super().__call__(cap, adaptive, dual_norm_sq, memory, ops)
        return self.factor * right, memory


@dataclass(frozen=True)
class StretchedHarmonic(Harmonic):
    """``factor · γ``."""

    factor: float

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> tuple[Number, Number]:
        """Return the step of another length."""
        right, memory = super().__call__(cap, adaptive, dual_norm_sq, memory, ops)
        return self.factor * right, memory


def ngn_m_far_too_long(case: Case) -> Stepper:
    """γ of NGN-M is ten times as long."""
    return replace(ngn_m(case), step_rule=StretchedHarmonic(10.0))


def step_too_long(case: Case) -> Stepper:
    """τ is 1 % too long."""
    return replace(exact_momo(case), step_rule=Stretched(1.01))


def step_too_short(case: Case) -> Stepper:
    """τ is 1 % too short."""
    return replace(exact_momo(case), step_rule=Stretched(0.99))


def stale_point(case: Case) -> Stepper:
    """γ_k takes ``<g_k, x^{k-1}>``, the point before, for ``<g_k, x^k>``."""

    def tell(x: Array, loss: Array, grad: Array, x_before: Array, loss_before: Array) -> Array:
        return loss + np.vecdot(grad, x - x_before)

    return Mistold(exact_momo(case), tell)


@dataclass(frozen=True)
class Early(Online):
    """The online bound that is updated before the step uses it."""

    def before(
        self,
        memory: tuple[Number, ...],
        lb: Number,
        decayed: Number,
        line: Line,
        k: Number,
        ops: Ops,
    ) -> tuple[Number, tuple[Number, ...]]:
        """Return the estimate that should follow the step."""
        bound, memory = super().before(memory, lb, decayed, line, k, ops)
        advance = ops.maximum(decayed - line.weight * bound, 0.0)
        (early,) = self.after(memory, decayed, 0.0, advance, line.weight, ops)
        return early, memory


def bound_updated_early(case: Case) -> Stepper:
    """f_*^{k+1} takes the place of f_*^k."""
    right = momo_star(lr=case.lr, beta=case.beta, lb=case.floor)
    return replace(right, lower_bound=Early(case.floor))
