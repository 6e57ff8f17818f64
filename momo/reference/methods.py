# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The methods: a momentum model is a few independent choices, and one step carries them out.

``x, state, info = method.step(state, x, loss, grad)`` is one step; ``State()`` comes before the
first. Everything broadcasts over leading axes: x of shape (..., n) and a loss of shape (...)
advance a batch of independent runs, each with its own α, β and λ if these have shape (...).

The equation is in `momo.core.step`, the vectors around it are in `momo.reference.vectors`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import ArrayLike

from momo.core import method as core
from momo.core.parts import (
    CAPPED,
    FROM_FIRST,
    FROM_ZERO,
    PLAIN,
    PROXIMAL,
    TRUNCATION,
    Decay,
    Given,
    LionAverage,
    Online,
    averaged,
)
from momo.core.products import Product
from momo.core.step import Line, Number, StepInfo
from momo.reference import checks
from momo.reference.checks import Array
from momo.reference.iterates import Points
from momo.reference.preconditioners import AdamDiagonal, Identity, Preconditioner
from momo.reference.vectors import Names, Numbers, Vector, advance, checked


@dataclass(frozen=True)
class State(Numbers):
    """What a method keeps between steps; all are 0, or None, before the first.

    Attributes
    ----------
    grad_avg
        d_k.
    second_moment
        The preconditioner's memory (Adam's v_k).
    points
        The points beside x; empty for the plain sequence.
    """

    grad_avg: Any = None
    second_moment: Any = None
    points: Points | None = None


@dataclass(frozen=True)
class Method(core.Method):
    """A momentum model: every choice of the paper's family, as a part; made by `method`.

    The attributes are those of `momo.core.method.Method`; α, β and λ are arrays, with one value for
    all runs or one a run, shape (...).
    """

    def step(
        self,
        state: State,
        x: ArrayLike,
        loss: ArrayLike,
        grad: ArrayLike,
        lower_bound: ArrayLike | None = None,
        lr: ArrayLike | None = None,
    ) -> tuple[Array, State, StepInfo]:
        """Return ``x^{k+1}``, the state and the scalars of step k, each of shape (...).

        Parameters
        ----------
        state
            The state after step k-1; ``State()`` before the first.
        x
            ``x^k``, shape (..., n).
        loss
            ``f_k = f(x^k, s_k)``, shape (...).
        grad
            ``g_k = ∇f(x^k, s_k)``, shape (..., n).
        lower_bound
            ℓ_k, the bound of this batch; None: that of the method. Not for one that is estimated.
        lr
            α_k, where a schedule changes it; default: the method's.

        Raises
        ------
        ValueError
            If an argument is not finite, out of range, or of a shape that does not match.
        """
        now = self
        if lr is not None:  # the method's own was checked when it was made
            alpha = checks.learning_rate("lr", lr)
            decay = checks.weight_decay(alpha, self.weight_decay)
            now = replace(self, lr=alpha, weight_decay=decay)
        xs, loss, grads, sample = checked(
            [now], [Names()], [state.grad_avg], [x], loss, [grad], lower_bound
        )
        vector = Vector(state.grad_avg, state.second_moment, state.k, state.points)
        scalars = state.scalars(self.lower_bound)
        (x_next,), scalars, (kept,), info, _ = advance(
            [now], scalars, [vector], xs, loss, grads, sample
        )
        new = State(*scalars, kept.grad_avg, kept.second_moment, kept.points)
        return x_next, new, info


def method(
    averaging: Any,
    preconditioner: Preconditioner,
    lower_bound: Any,
    lr: ArrayLike,
    beta: ArrayLike = 0.0,
    weight_decay: ArrayLike = 0.0,
    decay: Decay = PROXIMAL,
    step_rule: Any = TRUNCATION,
    iterates: Any = PLAIN,
    product: Product | None = None,
    linearisation: Callable[[Number, Line], Line] = averaged,
) -> Method:
    """Return a `Method` whose hyper-parameters are checked; the arguments are its attributes.

    Raises
    ------
    ValueError
        If lr <= 0, beta (or the second rate of an average) is outside [0, 1), weight_decay < 0,
        weight_decay > 0 with lr = inf, or lb is not finite.
    """
    alpha, average_beta = checks.learning_rate("lr", lr), checks.decay("beta", beta)
    if isinstance(averaging, LionAverage):
        averaging = replace(averaging, beta2=checks.decay("beta2", averaging.beta2))
    return Method(
        averaging,
        preconditioner,
        replace(lower_bound, lb=checks.frozen(checks.finite("lb", lower_bound.lb))),
        alpha,
        average_beta,
        checks.weight_decay(alpha, weight_decay),
        decay,
        step_rule,
        iterates,
        product,
        linearisation,
    )


def momo(
    lr: ArrayLike = 1.0,
    beta: ArrayLike = 0.9,
    weight_decay: ArrayLike = 0.0,
    lower_bound: Any = None,
    decay: Decay = PROXIMAL,
) -> Method:
    """Return MoMo (the paper's): the average starts at the first sample, D = I, f_* = 0.

    With λ = 0: ``τ_k = min{α_k, (h_k - f_*)_+ / ||d_k||²}``, ``x^{k+1} = x^k - τ_k d_k``.
    """
    bound = Given() if lower_bound is None else lower_bound
    return method(FROM_FIRST, Identity(), bound, lr, beta, weight_decay, decay)


def momo_star(
    lr: ArrayLike = 1.0,
    beta: ArrayLike = 0.9,
    weight_decay: ArrayLike = 0.0,
    lb: ArrayLike = 0.0,
    decay: Decay = PROXIMAL,
) -> Method:
    """Return MoMo* (the paper's): MoMo with the online lower bound, started at ``lb``."""
    return momo(lr, beta, weight_decay, Online(lb), decay)


def momo_adam(
    lr: ArrayLike = 1e-2,
    betas: tuple[ArrayLike, ArrayLike] = (0.9, 0.999),
    eps: ArrayLike = 1e-8,
    weight_decay: ArrayLike = 0.0,
    lower_bound: Any = None,
    decay: Decay = PROXIMAL,
) -> Method:
    """Return MoMo-Adam (the paper's): the average starts at zero, D_k is Adam's, f_* = 0."""
    beta1, beta2 = betas
    bound = Given() if lower_bound is None else lower_bound
    return method(FROM_ZERO, AdamDiagonal(beta2, eps), bound, lr, beta1, weight_decay, decay)


def momo_adam_star(
    lr: ArrayLike = 1e-2,
    betas: tuple[ArrayLike, ArrayLike] = (0.9, 0.999),
    eps: ArrayLike = 1e-8,
    weight_decay: ArrayLike = 0.0,
    lb: ArrayLike = 0.0,
    decay: Decay = PROXIMAL,
) -> Method:
    """Return MoMo-Adam* (the paper's): MoMo-Adam with the online bound, started at ``lb``."""
    return momo_adam(lr, betas, eps, weight_decay, Online(lb), decay)


def prox_sps(lr: ArrayLike = 1.0, weight_decay: ArrayLike = 0.0, lower_bound: Any = None) -> Method:
    """Return ProxSPS (SPS_max without decay): the truncated model of the current batch alone."""
    bound = Given() if lower_bound is None else lower_bound
    return method(FROM_FIRST, Identity(), bound, lr, 0.0, weight_decay)


def sgd_m(
    lr: ArrayLike, beta: ArrayLike = 0.9, weight_decay: ArrayLike = 0.0, decay: Decay = PROXIMAL
) -> Method:
    """Return SGD-M with ``dampening = momentum``: MoMo whose every step is capped.

    Raises
    ------
    ValueError
        As `method`; a step with an infinite lr raises it too.
    """
    return replace(momo(lr, beta, weight_decay, decay=decay), step_rule=CAPPED)


def adam(
    lr: ArrayLike = 1e-3,
    betas: tuple[ArrayLike, ArrayLike] = (0.9, 0.999),
    eps: ArrayLike = 1e-8,
    weight_decay: ArrayLike = 0.0,
    decay: Decay = PROXIMAL,
) -> Method:
    """Return Adam: MoMo-Adam whose every step is capped; AdamW where the decay is decoupled.

    Raises
    ------
    ValueError
        As `method`; a step with an infinite lr raises it too.
    """
    full = momo_adam(lr, betas, eps, weight_decay, decay=decay)
    return replace(full, step_rule=CAPPED)
