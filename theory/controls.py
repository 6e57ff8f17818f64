"""Negative controls: methods with one thing wrong, which the checks must object to.

Each is the right method with one part replaced, or with what it is told, or does, changed. A new
control is one function and one line in `CONTROLS`.

The positive part of the step has no control here. With f_* = f* and interpolation it never acts,
capped or not: by induction ``h_k = β m_{k-1}(x^k) + (1-β) f_k >= f*``, because no step goes below
``m_{k-1} = f*``. The tests of `momo.reference` cover it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from momo.core.ops import Ops, arrays
from momo.core.parts import Harmonic, Truncation
from momo.core.step import Line, Number
from momo.reference import (
    FROM_ZERO,
    SUM,
    AdamDiagonal,
    Diagonal,
    Given,
    Method,
    Online,
    State,
    StepInfo,
    momo,
    momo_star,
    sgd_m,
)
from momo.reference.preconditioners import Metric, Preconditioner, Sign, inner
from theory.case import Case
from theory.controls_capped import (
    always_capped,
    bound_four_times_off,
    cap_falls_early,
    cap_hundredth,
    steep_cap,
    step_doubled,
    step_tenth,
)
from theory.engine import Stepper
from theory.methods import (
    METHODS,
    exact_momo,
    exact_momo_adam,
    frozen_momo_adam,
    growing_momo_adam,
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


def ngn_m_too_long(case: Case) -> Stepper:
    """γ of NGN-M is a billionth too long."""
    return replace(ngn_m(case), step_rule=StretchedHarmonic(1 + 1e-9))


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
        (early,) = self.after(memory, decayed, advance, line.weight, ops)
        return early, memory


def bound_updated_early(case: Case) -> Stepper:
    """f_*^{k+1} takes the place of f_*^k."""
    right = momo_star(lr=case.lr, beta=case.beta, lb=case.floor)
    return replace(right, lower_bound=Early(case.floor))


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


def frozen_bound_too_high(case: Case) -> Stepper:
    """f_* lies above f* by most of the initial suboptimality (frozen metric)."""
    bound = Given(case.optimum.value + 0.8 * case.initial_gap)
    return replace(frozen_momo_adam(case), lower_bound=bound)


def growing_bound_too_high(case: Case) -> Stepper:
    """f_* lies above f* by most of the initial suboptimality (growing metric)."""
    bound = Given(case.optimum.value + 0.8 * case.initial_gap)
    return replace(growing_momo_adam(case), lower_bound=bound)


@dataclass(frozen=True)
class Nudged:
    """The right method, its steps longer by a part, and every point moved away from x*.

    With parts little above the rounding that a claim allows this is caught; if more were allowed,
    it would pass.

    Attributes
    ----------
    base
        The right method.
    longer
        The part by which each step is longer.
    away
        The part of ``x^k - x*`` by which ``x^{k+1}`` is moved.
    solution
        x*.
    """

    base: Stepper
    longer: float
    away: float
    solution: Array

    def step(self, state: Any, x: Array, loss: Array, grad: Array) -> tuple[Array, Any, Any]:
        """Return the moved point, and what else the base method returns."""
        x_next, state, info = self.base.step(state, x, loss, grad)
        moved = self.longer * (x_next - x) + self.away * (x - self.solution)
        return x_next + moved, state, info


def nudged(method: str, longer: float = 0.0, away: float = 0.0) -> Callable[[Case], Stepper]:
    """Return what makes a nudged method."""

    def build(case: Case) -> Stepper:
        return Nudged(METHODS[method](case), longer, away, case.optimum.solution)

    what = f"Steps are {abs(longer):.0e} too {'long' if longer > 0 else 'short'}"
    build.__doc__ = f"{what if longer else f'Points are {away:.0e} too far from x*'} ({method})."
    return build


@dataclass(frozen=True)
class Control:
    """A broken method.

    Attributes
    ----------
    name, method
        Its name, and the method whose place it takes.
    build
        Makes it.
    by
        The claims that must catch it. Where it is off by little more than the rounding that these
        allow, this pins what they allow: more would let it pass.
    fine
        Whether it is off by so little: a few steps show that.
    """

    name: str
    method: str
    build: Callable[[Case], Stepper]
    by: tuple[str, ...] = ()
    fine: bool = False

    @property
    def what(self) -> str:
        """What is wrong: the function's docstring."""
        return (self.build.__doc__ or "").strip().splitlines()[0]


COARSE = (
    Control("wrong_sign", "momo", wrong_sign),
    Control("no_truncation", "momo", no_truncation),
    Control("late_loss", "momo", late_loss),
    Control("other_decay", "momo", other_decay),
    Control("no_weight", "momo", no_weight),
    Control("bound_too_high", "momo", bound_too_high),
    Control("step_too_long", "momo", step_too_long),
    Control("step_too_short", "momo", step_too_short),
    Control("stale_point", "momo", stale_point),
    Control("always_capped", "momo_capped", always_capped),
    Control("cap_hundredth", "momo_capped", cap_hundredth),
    Control("step_doubled", "momo_capped", step_doubled),
    Control("step_tenth", "momo_capped", step_tenth),
    Control("cap_falls_early", "momo_diminishing", cap_falls_early),
    Control("small_steps", "momo_any_bound", cap_hundredth),
    Control("steep_cap", "momo_any_bound", steep_cap),
    Control("bound_four_times_off", "momo_wrong_bound", bound_four_times_off),
    Control("maximum_norm", "momo", maximum_norm),
    Control("ngn_m_too_long", "ngn_m", ngn_m_too_long),
    Control("ngn_m_far_too_long", "ngn_m", ngn_m_far_too_long),
    Control("bound_updated_early", "momo_star", bound_updated_early),
    Control("no_bias_correction", "momo_adam", no_bias_correction),
    Control("other_norm", "momo_adam_frozen", other_norm),
    Control("frozen_bound_too_high", "momo_adam_frozen", frozen_bound_too_high),
    Control("other_norm_growing", "momo_adam_growing", other_norm_growing),
    Control("growing_bound_too_high", "momo_adam_growing", growing_bound_too_high),
)

RATES = ("summed", "rate", "rate_first_term", "rate_two_ends")
"""Reached on the resisting function, up to the solver's x*."""

FINE = (
    # Each is some 30 times what is allowed, where it is caught best: far enough from rounding that
    # it is caught for sure, and too near for an allowance 100 times as large. That of the rates is
    # as much above what the solver leaves of the distance to x*.
    Control("landing_nudged", "momo", nudged("momo", longer=1e-11), ("landing",), fine=True),
    Control("fejer_nudged", "momo", nudged("momo", away=2e-14), ("fejer",), fine=True),
    Control("summed_nudged", "momo", nudged("momo", away=1e-10), RATES, fine=True),
    Control("sps_nudged", "momo", nudged("momo", longer=3e-12), ("sps",), fine=True),
    Control("sgd_m_nudged", "momo", nudged("momo", longer=1e-13), ("sgd_m",), fine=True),
    Control("attained_nudged", "momo", nudged("momo", away=1e-13), ("attained",), fine=True),
    Control(
        "recursion_nudged", "momo", nudged("momo", longer=-5e-11), ("norm_recursion",), fine=True
    ),
    Control("trapped_nudged", "momo", nudged("momo", longer=-6e-9), ("trapped",), fine=True),
    Control(
        "online_nudged",
        "momo_star",
        nudged("momo_star", longer=3e-12),
        ("online_bound",),
        fine=True,
    ),
    Control("adam_nudged", "momo_adam", nudged("momo_adam", longer=1e-11), ("adam",), fine=True),
    Control(
        "frozen_nudged",
        "momo_adam_frozen",
        nudged("momo_adam_frozen", away=1e-13),
        ("frozen_fejer",),
        fine=True,
    ),
    Control(
        "growing_nudged",
        "momo_adam_growing",
        nudged("momo_adam_growing", away=1e-13),
        ("growing_fejer",),
        fine=True,
    ),
)

CONTROLS: dict[str, Control] = {control.name: control for control in (*COARSE, *FINE)}
