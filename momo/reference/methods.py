"""The methods: a momentum model is a few independent choices, and one step carries them out.

``x, state, info = method.step(state, x, loss, grad)`` is one step; ``State()`` comes before the
first. Everything broadcasts over leading axes: x of shape (..., n) and a loss of shape (...)
advance a batch of independent runs, each with its own α, β and λ if these have shape (...).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from momo.reference import checks
from momo.reference.averaging import EMA_FROM_FIRST, EMA_FROM_ZERO, NO_AVERAGE, Averaging
from momo.reference.checks import Array
from momo.reference.iterates import PLAIN, Iterates, Points, base_point
from momo.reference.lower_bounds import LowerBound, constant, online
from momo.reference.model import (
    PROXIMAL,
    Decay,
    MomentumModel,
    adaptive_term,
    decayed_value,
    linear_value,
    shrink_rate,
)
from momo.reference.preconditioners import (
    IdentityPreconditioner,
    Preconditioner,
    adam_preconditioner,
    inner,
)
from momo.reference.products import Product, scales
from momo.reference.step_rules import CAPPED, TRUNCATION, StepRule


@dataclass(frozen=True)
class State:
    """What a method keeps between steps; None stands for "no sample yet".

    Attributes
    ----------
    step
        k, the number of samples seen.
    loss_avg, grad_avg, inner_avg
        f̄_k, d_k, γ_k.
    second_moment
        The preconditioner's memory (Adam's v_k).
    lower_bound
        The lower bound's memory (online: f_*^{k+1}; per batch: ``ρ_k f_*^k``).
    step_rule
        The step rule's memory.
    points, total
        The points beside x, and what the wrapper of the sequence counts; empty and None for the
        plain sequence.
    """

    step: int = 0
    loss_avg: Array | None = None
    grad_avg: Array | None = None
    inner_avg: Array | None = None
    second_moment: Any = None
    lower_bound: Any = None
    step_rule: Any = None
    points: Points | None = None
    total: Array | None = None


@dataclass(frozen=True)
class Info:
    """The scalars of one step, each of shape (...).

    Attributes
    ----------
    value
        h_k, or f_k of a method that looks at the current loss.
    adaptive
        ζ_k.
    cap
        ``α_k/ρ_k``.
    step_size
        τ_k.
    dual_norm_sq
        ``||d_k||²_{D_k^{-1}}``.
    lower_bound
        f_*^k, as used.
    loss_avg
        f̄_k.
    """

    value: Array
    adaptive: Array
    cap: Array
    step_size: Array
    dual_norm_sq: Array
    lower_bound: Array
    loss_avg: Array


@dataclass(frozen=True)
class Method:
    """A momentum model: every choice of the paper's family, as a part.

    ``x^{k+1} = argmin_x max{ρ^{-1}(f̄_k + <d_k,x> - γ_k), f_*^k} + (λ/2)||x||²_{D_k}
    + (1/(2α))||x - x^k||²_{D_k}``

    Attributes
    ----------
    averaging
        The weights ρ_{j,k}.
    preconditioner
        D_k.
    lower_bound
        f_*^k.
    lr, beta, weight_decay
        α > 0 (``inf``: no cap), β in [0, 1), λ >= 0; scalars, or one value a run, shape (...).
    decay
        How λ enters: `PROXIMAL` (the paper's), `DECOUPLED` or `APPROXIMATE`.
    step_rule
        τ_k of cap and ζ; the paper's is `TRUNCATION`.
    iterates
        Where gradients are taken and where steps go from; the paper's is `PLAIN`.
    product
        How the norm of the whole comes from those of its parts, `momo.reference.products`; None for
        a metric, and for the constrained form of a norm, in which the cap is α, not α/ρ: the radius
        of the ball.
    current_loss
        Whether the step is Polyak's for the newest loss, ``f_k - f_*`` over ``||d_k||²``, instead
        of the model's; then nothing is averaged but d, and the cap is α.
    """

    averaging: Averaging
    preconditioner: Preconditioner
    lower_bound: LowerBound
    lr: Array
    beta: Array
    weight_decay: Array
    decay: Decay = PROXIMAL
    step_rule: StepRule = TRUNCATION
    iterates: Iterates = PLAIN
    product: Product | None = None
    current_loss: bool = False

    def step(
        self,
        state: State,
        x: ArrayLike,
        loss: ArrayLike,
        grad: ArrayLike,
        lower_bound: ArrayLike | None = None,
        lr: ArrayLike | None = None,
    ) -> tuple[Array, State, Info]:
        """Return ``x^{k+1}``, the state and the scalars of step k.

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
            ℓ_k, the bound of this batch; for methods whose bound is per batch, and only these.
        lr
            α_k, where a schedule changes it; default: the method's.

        Raises
        ------
        ValueError
            If an argument is not finite, out of range, or of a shape that does not match.
        """
        x, loss, grad = (
            checks.finite("x", x),
            checks.finite("loss", loss),
            checks.finite("grad", grad),
        )
        checks.same_event(x, grad=grad)
        alpha = self.lr if lr is None else checks.learning_rate("lr", lr)
        lam = checks.weight_decay(alpha, self.weight_decay)
        beta, beta_n = self.beta, self.beta[..., None]
        sample = None if lower_bound is None else checks.as_float("lower_bound", lower_bound)
        checks.broadcasts(
            {
                "x": x.shape[:-1],
                "loss": loss.shape,
                "grad": grad.shape[:-1],
                "lr": alpha.shape,
                "beta": beta.shape,
                "weight_decay": lam.shape,
                "state": () if state.grad_avg is None else state.grad_avg.shape[:-1],
                **self.preconditioner.shapes,
                **self.lower_bound.shapes,
                **({} if sample is None else {"lower_bound": sample.shape}),
            }
        )
        k = state.step + 1

        def average(previous: Array | None, sample: Array, beta: Array) -> Array:
            return self.averaging.update(previous, sample, beta, k)

        def shown(previous: Array | None, sample: Array, beta: Array) -> Array:
            return self.averaging.model(previous, sample, beta, k)

        points = self.iterates.start(x) if state.points is None else state.points
        z = base_point(points, x)
        product = inner(grad, x)
        model = MomentumModel(
            loss_avg=shown(state.loss_avg, loss, beta),
            grad_avg=shown(state.grad_avg, grad, beta_n),
            inner_avg=shown(state.inner_avg, product, beta),
            weight=self.averaging.weight(k, beta),
        )
        metric, second_moment = self.preconditioner.update(
            state.second_moment, grad, k, model.grad_avg
        )
        dual = metric.dual_norm_sq(model.grad_avg)
        (scale,) = scales(self.product, [dual], [metric.unit])
        norm_sq = scale * dual
        memory = self.lower_bound.observe(
            state.lower_bound,
            sample,
            lambda previous, new: (
                (new, new)
                if self.current_loss
                else (average(previous, new, beta), shown(previous, new, beta))
            ),
        )

        lam_model = self.decay.rate_in_model(lam)
        weight, value = model.weight, linear_value(model, z)
        decayed = decayed_value(model, z, alpha, lam_model)
        if self.current_loss:
            weight, value, decayed = np.ones_like(weight), loss, loss
            lam_model = np.zeros_like(lam)
        bound = self.lower_bound.before(memory, decayed, weight)
        rate = shrink_rate(alpha, lam_model)
        zeta = adaptive_term(decayed - weight * bound, norm_sq, rate)
        cap = alpha / (1.0 if metric.unit and self.product is None else weight)
        tau, rule_memory = self.step_rule(cap, zeta, norm_sq, state.step_rule, k)
        direction = scale[..., None] * metric.direction(model.grad_avg)
        z_next = self.decay.move(z, direction, tau, alpha, lam)
        share, total = self.iterates.share(state.total, tau, k)
        x_next, points = self.iterates.move(points, x, z_next, share[..., None])

        new = State(
            step=k,
            loss_avg=average(state.loss_avg, loss, beta),
            grad_avg=average(state.grad_avg, grad, beta_n),
            inner_avg=average(state.inner_avg, product, beta),
            second_moment=second_moment,
            lower_bound=self.lower_bound.after(memory, value, tau * norm_sq, weight),
            step_rule=rule_memory,
            points=points,
            total=total,
        )
        return x_next, new, Info(value, zeta, cap, tau, norm_sq, bound, model.loss_avg)


def method(
    averaging: Averaging,
    preconditioner: Preconditioner,
    lower_bound: LowerBound,
    lr: ArrayLike,
    beta: ArrayLike = 0.0,
    weight_decay: ArrayLike = 0.0,
    decay: Decay = PROXIMAL,
    step_rule: StepRule = TRUNCATION,
    iterates: Iterates = PLAIN,
    product: Product | None = None,
    current_loss: bool = False,
) -> Method:
    """Return a `Method` whose hyper-parameters are checked; the arguments are its attributes.

    Raises
    ------
    ValueError
        If lr <= 0, beta is outside [0, 1), weight_decay < 0, or weight_decay > 0 with lr = inf.
    """
    alpha, average_beta = checks.learning_rate("lr", lr), checks.decay("beta", beta)
    lam = checks.weight_decay(alpha, weight_decay)
    return Method(
        averaging,
        preconditioner,
        lower_bound,
        alpha,
        average_beta,
        lam,
        decay,
        step_rule,
        iterates,
        product,
        current_loss,
    )


def momo(
    lr: ArrayLike = 1.0,
    beta: ArrayLike = 0.9,
    weight_decay: ArrayLike = 0.0,
    lower_bound: LowerBound | None = None,
    decay: Decay = PROXIMAL,
) -> Method:
    """Return MoMo (the paper's): the average starts at the first sample, D = I, f_* = 0.

    With λ = 0: ``τ_k = min{α_k, (h_k - f_*)_+ / ||d_k||²}``, ``x^{k+1} = x^k - τ_k d_k``.
    """
    bound = constant(0.0) if lower_bound is None else lower_bound
    return method(EMA_FROM_FIRST, IdentityPreconditioner(), bound, lr, beta, weight_decay, decay)


def momo_star(
    lr: ArrayLike = 1.0,
    beta: ArrayLike = 0.9,
    weight_decay: ArrayLike = 0.0,
    lb: ArrayLike = 0.0,
    decay: Decay = PROXIMAL,
) -> Method:
    """Return MoMo* (the paper's): MoMo with the online lower bound, started at ``lb``."""
    return momo(lr, beta, weight_decay, online(lb), decay)


def momo_adam(
    lr: ArrayLike = 1e-2,
    betas: tuple[ArrayLike, ArrayLike] = (0.9, 0.999),
    eps: ArrayLike = 1e-8,
    weight_decay: ArrayLike = 0.0,
    lower_bound: LowerBound | None = None,
    decay: Decay = PROXIMAL,
) -> Method:
    """Return MoMo-Adam (the paper's): the average starts at zero, D_k is Adam's, f_* = 0."""
    beta1, beta2 = betas
    bound = constant(0.0) if lower_bound is None else lower_bound
    return method(
        EMA_FROM_ZERO, adam_preconditioner(beta2, eps), bound, lr, beta1, weight_decay, decay
    )


def momo_adam_star(
    lr: ArrayLike = 1e-2,
    betas: tuple[ArrayLike, ArrayLike] = (0.9, 0.999),
    eps: ArrayLike = 1e-8,
    weight_decay: ArrayLike = 0.0,
    lb: ArrayLike = 0.0,
    decay: Decay = PROXIMAL,
) -> Method:
    """Return MoMo-Adam* (the paper's): MoMo-Adam with the online bound, started at ``lb``."""
    return momo_adam(lr, betas, eps, weight_decay, online(lb), decay)


def prox_sps(
    lr: ArrayLike = 1.0, weight_decay: ArrayLike = 0.0, lower_bound: LowerBound | None = None
) -> Method:
    """Return ProxSPS (SPS_max without decay): the truncated model of the current batch alone."""
    bound = constant(0.0) if lower_bound is None else lower_bound
    return method(NO_AVERAGE, IdentityPreconditioner(), bound, lr, 0.0, weight_decay)


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
