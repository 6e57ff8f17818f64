"""Several parameter groups: one model and one proximal problem over all of them.

Derived here. Group g has its own α_g, λ_g and D_g; the averages of the loss, the
weight ρ and the lower bound are shared. One group gives back `momo.reference.methods`.

A group that a batch does not touch has no gradient (None). The loss of that batch does not
depend on it, so its gradient counts as zero in the averages; the step minimises over the groups
that have one and leaves the others where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from momo.reference import checks
from momo.reference.averaging import Averaging
from momo.reference.checks import Array
from momo.reference.iterates import Points, base_point
from momo.reference.lower_bounds import LowerBound
from momo.reference.methods import Method
from momo.reference.model import adaptive_term, shrink_rate
from momo.reference.preconditioners import Metric, inner
from momo.reference.products import scales


@dataclass(frozen=True)
class GroupedState:
    """What is kept between steps; tuples have one entry a group.

    Attributes
    ----------
    step
        k.
    loss_avg, inner_avg
        f̄_k and ``γ_k = Σ_g γ_{g,k}``.
    grad_avg, second_moment
        d_{g,k} and the preconditioners' memories.
    seen
        How many gradients each group has had; the preconditioners count these.
    lower_bound, step_rule, total
        The memories of bound, step rule and sequence.
    points
        The points beside each x_g.
    """

    step: int = 0
    loss_avg: Array | None = None
    inner_avg: Array | None = None
    grad_avg: tuple[Array | None, ...] = ()
    second_moment: tuple[Any, ...] = ()
    seen: tuple[int, ...] = ()
    lower_bound: Any = None
    step_rule: Any = None
    points: tuple[Points, ...] = ()
    total: Array | None = None


@dataclass(frozen=True)
class GroupedInfo:
    """The scalars of one step, for α the largest of the α_g: as `momo.reference.methods.Info`.

    ``step_sizes`` are the ``τ_g = τ α_g/α``, 0 for groups without a gradient; ``dual_norm_sq`` is
    ``Σ_g (α_g/α) ||d_g||²`` over those that have one. `fraction` is the part of the capped step
    that every group takes, for the truncation

    ``s = min{1, ρ (f̄ - γ - ρ f_* + Σ_g <d_g,x_g>/(1+α_gλ_g))_+
    / Σ_g (α_g ||d_g||²_{D_g^{-1}} / (1+α_gλ_g))}``.
    """

    value: Array
    adaptive: Array
    cap: Array
    step_size: Array
    step_sizes: tuple[Array, ...]
    dual_norm_sq: Array
    lower_bound: Array
    loss_avg: Array

    @property
    def fraction(self) -> Array:
        """Return ``s = τρ/α``; 0 without a cap."""
        return self.step_size / self.cap

    @property
    def decrease(self) -> Array:
        """Return what the step lowers the model by, ``τ ||d||²``."""
        return self.step_size * self.dual_norm_sq


SHARED = ("step_rule", "iterates", "product", "current_loss")
"""What else the groups have to agree on."""


@dataclass(frozen=True)
class GroupedMethod:
    """One averaging, β and lower bound over groups with their own lr, decay and preconditioner.

    Attributes
    ----------
    groups
        One `Method` a group, which gives its α_g, λ_g and D_g.
    averaging, beta, lower_bound
        The shared parts.
    """

    groups: tuple[Method, ...]
    averaging: Averaging
    beta: Array
    lower_bound: LowerBound

    def step(
        self,
        state: GroupedState,
        xs: Sequence[ArrayLike],
        loss: ArrayLike,
        grads: Sequence[ArrayLike | None],
        lower_bound: ArrayLike | None = None,
    ) -> tuple[tuple[Array, ...], GroupedState, GroupedInfo]:
        """Return the new x_g, the state and the scalars of step k.

        Parameters
        ----------
        state
            The state after step k-1; ``GroupedState()`` before the first.
        xs
            One array a group, shape (..., n_g).
        grads
            Likewise; None for a group that the batch did not touch.
        loss
            f_k, shape (...).
        lower_bound
            The bound of this batch, for the bound that is per batch.

        Raises
        ------
        ValueError
            As `Method.step`, or if the number of groups is wrong, or no group has a gradient.
        """
        for name, given in (("xs", xs), ("grads", grads)):
            if len(given) != len(self.groups):
                raise ValueError(f"{name} has {len(given)} arrays; allowed: {len(self.groups)}")
        present = tuple(a is not None for a in grads)
        if not any(present):
            raise ValueError("grads has no array; allowed: a gradient for at least one group")
        x = tuple(checks.finite(f"xs[{g}]", a) for g, a in enumerate(xs))
        grad = tuple(
            np.zeros_like(x[g]) if a is None else checks.finite(f"grads[{g}]", a)
            for g, a in enumerate(grads)
        )
        loss = checks.finite("loss", loss)
        for a, b in zip(x, grad, strict=True):
            checks.same_event(a, grad=b)
        sample = None if lower_bound is None else checks.as_float("lower_bound", lower_bound)
        shapes: dict[str, tuple[int, ...]] = {
            "loss": loss.shape,
            "beta": self.beta.shape,
            **self.lower_bound.shapes,
            **({} if sample is None else {"lower_bound": sample.shape}),
        }
        for g, group in enumerate(self.groups):
            shapes |= {
                f"xs[{g}]": x[g].shape[:-1],
                f"grads[{g}]": grad[g].shape[:-1],
                f"lr of groups[{g}]": group.lr.shape,
                f"weight_decay of groups[{g}]": group.weight_decay.shape,
            }
            if state.grad_avg:
                average_g = state.grad_avg[g]
                assert average_g is not None  # only `GroupedState()` has no averages
                shapes[f"state of groups[{g}]"] = average_g.shape[:-1]
            own = group.preconditioner.shapes
            shapes |= {f"{name} of groups[{g}]": shape for name, shape in own.items()}
        checks.broadcasts(shapes)
        k, beta, first = state.step + 1, self.beta, self.groups[0]
        average = partial(self.averaging.update, step=k)
        shown = partial(self.averaging.model, step=k)
        nothing = (None,) * len(x)
        moments = list(state.second_moment or nothing)
        seen = [n + has for n, has in zip(state.seen or (0,) * len(x), present, strict=True)]
        points = [
            first.iterates.start(a) if p is None else p
            for a, p in zip(x, state.points or nothing, strict=True)
        ]
        z = [base_point(p, a) for p, a in zip(points, x, strict=True)]

        product = _total(inner(g, a) for g, a in zip(grad, x, strict=True))
        kept = state.grad_avg or nothing
        d = [shown(a, g, beta[..., None]) for a, g in zip(kept, grad, strict=True)]
        loss_avg = shown(state.loss_avg, loss, beta)
        linear = loss_avg - shown(state.inner_avg, product, beta)
        products = [inner(a, b) for a, b in zip(d, z, strict=True)]
        value, weight = linear + _total(products), self.averaging.weight(k, beta)

        moving = [g for g, has in enumerate(present) if has]
        metrics: dict[int, Metric] = {}
        for g in moving:
            metrics[g], moments[g] = self.groups[g].preconditioner.update(
                moments[g], grad[g], seen[g], d[g]
            )
        duals = [metrics[g].dual_norm_sq(d[g]) for g in moving]
        units = [metrics[g].unit for g in moving]
        share = scales(first.product, duals, units)
        # A ball of radius α is the proximal term whose α is ρα; for the newest loss alone ρ is 1.
        balls = first.product is None and not first.current_loss
        lrs = [
            self.groups[g].lr * (weight if unit and balls else 1.0)
            for g, unit in zip(moving, units, strict=True)
        ]
        alpha = lrs[0]
        for lr in lrs[1:]:
            alpha = np.maximum(alpha, lr)
        with np.errstate(invalid="ignore"):  # inf/inf, where all are infinite
            ratios = [np.where(lr == alpha, 1.0, lr / alpha) for lr in lrs]
        rates = [
            shrink_rate(one.lr, one.decay.rate_in_model(one.weight_decay))
            for one in (self.groups[g] for g in moving)
        ]
        if first.current_loss:
            rates = [np.zeros_like(rate) for rate in rates]
        shrunk = dict(zip(moving, rates, strict=True))
        decayed = linear + _total(
            p / (1 + shrunk[g]) if g in shrunk else p for g, p in enumerate(products)
        )
        if first.current_loss:
            weight, value, decayed = np.ones_like(weight), loss, loss

        memory = self.lower_bound.observe(
            state.lower_bound,
            sample,
            lambda previous, new: (
                (new, new)
                if first.current_loss
                else (average(previous, new, beta), shown(previous, new, beta))
            ),
        )
        bound = self.lower_bound.before(memory, decayed, weight)
        norms = [r * c * n for r, c, n in zip(ratios, share, duals, strict=True)]
        slope = _total(norm / (1 + rate) for norm, rate in zip(norms, rates, strict=True))
        zeta = adaptive_term(decayed - weight * bound, slope, np.zeros(()))
        cap, norm_sq = alpha / weight, _total(norms)
        tau, rule_memory = first.step_rule(cap, zeta, norm_sq, state.step_rule, k)
        fresh, total = first.iterates.share(state.total, tau, k)

        taus, x_next = [np.zeros_like(tau)] * len(x), list(x)
        for g, c, ratio in zip(moving, share, ratios, strict=True):
            one, taus[g] = self.groups[g], ratio * tau
            direction = c[..., None] * metrics[g].direction(d[g])
            z_next = one.decay.move(z[g], direction, taus[g], one.lr, one.weight_decay)
            x_next[g], points[g] = one.iterates.move(points[g], x[g], z_next, fresh[..., None])

        new = GroupedState(
            step=k,
            loss_avg=average(state.loss_avg, loss, beta),
            inner_avg=average(state.inner_avg, product, beta),
            grad_avg=tuple(average(a, g, beta[..., None]) for a, g in zip(kept, grad, strict=True)),
            second_moment=tuple(moments),
            seen=tuple(seen),
            lower_bound=self.lower_bound.after(memory, value, tau * norm_sq, weight),
            step_rule=rule_memory,
            points=tuple(points),
            total=total,
        )
        info = GroupedInfo(value, zeta, cap, tau, tuple(taus), norm_sq, bound, loss_avg)
        return tuple(x_next), new, info


def grouped(*groups: Method) -> GroupedMethod:
    """Return the method over several groups, each given as a `Method`.

    The averaging, β and the lower bound are one for all, so the methods must agree on them.

    Raises
    ------
    ValueError
        If there is no group, the shared parts differ, or one learning rate of several is infinite
        (the groups' steps are in the ratio of their α).
    """
    if not groups:
        raise ValueError("groups is empty; allowed: at least one Method")
    first = groups[0]
    for index, group in enumerate(groups):
        same = (
            group.averaging == first.averaging
            and np.array_equal(group.beta, first.beta)
            and _same_bound(group.lower_bound, first.lower_bound)
            and all(getattr(group, name) == getattr(first, name) for name in SHARED)
        )
        if not same:
            raise ValueError(
                f"groups[{index}] differs from groups[0] in averaging, beta, lower_bound or one of"
                f" {', '.join(SHARED)}; allowed: the same for all groups, which share one model"
            )
        if np.isinf(group.lr).any() != np.isinf(first.lr).any():
            which = index if np.isinf(group.lr).any() else 0
            raise ValueError(
                f"groups[{which}] has lr = inf; allowed: a finite lr in each group, or inf in all"
            )
    return GroupedMethod(tuple(groups), first.averaging, first.beta, first.lower_bound)


def _same_bound(a: LowerBound, b: LowerBound) -> bool:
    if type(a) is not type(b):
        return False
    ours, theirs = vars(a), vars(b)
    return all(np.array_equal(ours[name], theirs[name]) for name in ours)


def _total(terms: Iterable[Array]) -> Array:
    return sum(terms, start=np.zeros(()))
