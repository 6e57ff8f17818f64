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

import numpy as np
from numpy.typing import ArrayLike

from momo.reference import checks
from momo.reference.averaging import Averaging
from momo.reference.checks import Array
from momo.reference.lower_bounds import LowerBound
from momo.reference.methods import Method
from momo.reference.model import safe_divide, shrink_rate, truncation
from momo.reference.preconditioners import Metric, inner


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
    lower_bound
        The lower bound's memory.
    """

    step: int = 0
    loss_avg: Array | None = None
    inner_avg: Array | None = None
    grad_avg: tuple[Array | None, ...] = ()
    second_moment: tuple[Array | None, ...] = ()
    seen: tuple[int, ...] = ()
    lower_bound: Array | None = None


@dataclass(frozen=True)
class GroupedInfo:
    """The scalars of one step: h_k, s, ``τ_g = α_g s/ρ``, ``Σ_g τ_g ||d_g||²`` and f_*^k.

    The sum is over the groups that have a gradient; the others have ``τ_g = 0``.
    """

    value: Array
    fraction: Array
    step_sizes: tuple[Array, ...]
    decrease: Array
    lower_bound: Array


def grouped_fraction(
    decayed: Array,
    weight: Array,
    lower_bound: Array,
    lrs: Sequence[Array],
    weight_decays: Sequence[Array],
    dual_norms_sq: Sequence[Array],
) -> Array:
    """Return s, the fraction of the capped step that every group takes.

    ``s = min{1, ρ (f̄ - γ - ρ f_* + Σ_g <d_g,x_g>/(1+α_gλ_g))_+
    / Σ_g (α_g ||d_g||²_{D_g^{-1}} / (1+α_gλ_g))}``

    ``decayed`` is ``f̄ - γ + Σ_g <d_g,x_g>/(1+α_gλ_g)``. Where every d_g is 0, s is 0.
    """
    slope = _total(
        a * sq / (1 + a * w) for a, w, sq in zip(lrs, weight_decays, dual_norms_sq, strict=True)
    )
    gap = np.maximum(decayed - weight * lower_bound, 0)
    return np.minimum(1, safe_divide(weight * gap, slope))


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
        nothing = (None,) * len(self.groups)
        average, beta, k = self.averaging.update, self.beta, state.step + 1

        loss_avg = average(state.loss_avg, loss, beta)
        inner_k = _total(inner(g, a) for g, a in zip(grad, x, strict=True))
        inner_avg = average(state.inner_avg, inner_k, beta)
        d = tuple(
            average(old, new, beta[..., None])
            for old, new in zip(state.grad_avg or nothing, grad, strict=True)
        )
        weight = self.averaging.weight(k, beta)
        moments = list(state.second_moment or nothing)
        seen = [n + has for n, has in zip(state.seen or (0,) * len(x), present, strict=True)]
        metrics: dict[int, Metric] = {}
        for g, group in enumerate(self.groups):
            if present[g]:
                metrics[g], moments[g] = group.preconditioner.update(moments[g], grad[g], seen[g])
        memory = self.lower_bound.observe(
            state.lower_bound, sample, lambda previous, new: average(previous, new, beta)
        )

        moving = [self.groups[g] for g in metrics]
        lrs = [group.lr for group in moving]
        decays = [group.decay.rate_in_model(group.weight_decay) for group in moving]
        products = [inner(a, b) for a, b in zip(d, x, strict=True)]
        squares = [metric.dual_norm_sq(d[g]) for g, metric in metrics.items()]
        shrink = {g: 1 + shrink_rate(a, w) for g, a, w in zip(metrics, lrs, decays, strict=True)}
        decayed = (
            loss_avg - inner_avg + _total(p / shrink.get(g, 1) for g, p in enumerate(products))
        )
        bound = self.lower_bound.before(memory, decayed, weight)
        s = grouped_fraction(decayed, weight, bound, lrs, decays, squares)
        taus = [np.zeros_like(s)] * len(x)
        x_next = list(x)
        for g, metric in metrics.items():
            group = self.groups[g]
            taus[g] = group.lr * s / weight
            x_next[g] = group.decay.move(
                x[g], metric.direction(d[g]), taus[g], group.lr, group.weight_decay
            )

        value = loss_avg - inner_avg + _total(products)
        decrease = _total(taus[g] * sq for g, sq in zip(metrics, squares, strict=True))
        memory = self.lower_bound.after(memory, value, decrease, weight)
        new_state = GroupedState(k, loss_avg, inner_avg, d, tuple(moments), tuple(seen), memory)
        return tuple(x_next), new_state, GroupedInfo(value, s, tuple(taus), decrease, bound)


def grouped(*groups: Method) -> GroupedMethod:
    """Return the method over several groups, each given as a `Method`.

    The averaging, β and the lower bound are one for all, so the methods must agree on them.

    Raises
    ------
    ValueError
        If there is no group, the shared parts differ, a learning rate is infinite (the groups'
        steps are in the ratio of their α), or the step rule is not the truncation.
    """
    if not groups:
        raise ValueError("groups is empty; allowed: at least one Method")
    first = groups[0]
    for index, group in enumerate(groups):
        same = (
            group.averaging == first.averaging
            and np.array_equal(group.beta, first.beta)
            and _same_bound(group.lower_bound, first.lower_bound)
        )
        if not same:
            raise ValueError(
                f"groups[{index}] differs from groups[0] in averaging, beta or lower_bound;"
                " allowed: the same for all groups, which share one model"
            )
        if np.isinf(group.lr).any():
            raise ValueError(f"groups[{index}] has lr = inf; allowed: a finite lr in each group")
        if group.step_rule is not truncation:
            raise ValueError(
                f"groups[{index}] has a step rule of its own; allowed: the truncation, for which"
                " the joint step is known"
            )
    return GroupedMethod(tuple(groups), first.averaging, first.beta, first.lower_bound)


def _same_bound(a: LowerBound, b: LowerBound) -> bool:
    if type(a) is not type(b):
        return False
    ours, theirs = vars(a), vars(b)
    return all(np.array_equal(ours[name], theirs[name]) for name in ours)


def _total(terms: Iterable[Array]) -> Array:
    return sum(terms, start=np.zeros(()))
