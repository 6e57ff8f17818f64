# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Several parameter groups: one model and one proximal problem over all of them.

Derived here. Group g has its own α_g, λ_g and D_g; the averages of the loss, the weight ρ and the
lower bound are shared. One group gives back `momo.reference.methods`.

A group that a batch does not touch has no gradient (None). The loss of that batch does not
depend on it, so its gradient counts as zero in the averages; the step minimises over the groups
that have one and leaves the others where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from momo.core.method import SHARED, Method
from momo.core.step import Move
from momo.reference.checks import Array
from momo.reference.iterates import Points
from momo.reference.vectors import Names, Numbers, Vector, advance, checked


@dataclass(frozen=True)
class GroupedState(Numbers):
    """What is kept between steps; tuples have one entry a group, and are empty before the first.

    Attributes
    ----------
    grad_avg, second_moment
        d_{g,k} and the preconditioners' memories.
    seen
        How many gradients each group has had; the preconditioners count these.
    points
        The points beside each x_g.
    """

    grad_avg: tuple[Array, ...] = ()
    second_moment: tuple[Any, ...] = ()
    seen: tuple[int, ...] = ()
    points: tuple[Points, ...] = ()


@dataclass(frozen=True)
class GroupedInfo:
    """The scalars of one step, as `momo.core.step.StepInfo`, and what the groups do.

    ``moves`` say ``z_g ← keep z_g - size direction_g``; groups without a gradient stay. `fraction`
    is the part of the capped step that every group takes, for the truncation

    ``s = min{1, ρ (f̄ - γ - ρ f_* + Σ_g <d_g,x_g>/(1+α_gλ_g))_+
    / Σ_g (α_g ||d_g||²_{D_g^{-1}} / (1+α_gλ_g))}``.
    """

    value: Array
    adaptive: Array
    cap: Array
    step_size: Array
    dual_norm_sq: Array
    lower_bound: Array
    loss_avg: Array
    below: Array
    moves: tuple[Move, ...]

    @property
    def fraction(self) -> Array:
        """Return ``s = τρ/α``; 0 without a cap."""
        return self.step_size / self.cap

    @property
    def decrease(self) -> Array:
        """Return what the step lowers the model by, ``τ ||d||²``."""
        return self.step_size * self.dual_norm_sq


@dataclass(frozen=True)
class GroupedMethod:
    """One model over groups with their own lr, decay and preconditioner; made by `grouped`.

    Attributes
    ----------
    groups
        One `Method` a group, which gives its α_g, λ_g and D_g; all else is the same in all.
    """

    groups: tuple[Method, ...]

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
            ℓ_k, the bound of this batch; None: that of the method.

        Raises
        ------
        ValueError
            As `momo.reference.methods.Method.step`, or if the number of groups is wrong, or no
            group has a gradient.
        """
        count, groups = len(self.groups), self.groups
        for name, given in (("xs", xs), ("grads", grads)):
            if len(given) != count:
                raise ValueError(f"{name} has {len(given)} arrays; allowed: {count}")
        if all(a is None for a in grads):
            raise ValueError("grads has no array; allowed: a gradient for at least one group")
        names = [Names(f"xs[{g}]", f"grads[{g}]", f" of groups[{g}]") for g in range(count)]
        averages = state.grad_avg or (None,) * count
        x, loss, grad, sample = checked(groups, names, averages, xs, loss, grads, lower_bound)
        kept = (state.grad_avg, state.second_moment, state.seen, state.points)
        vectors = [Vector()] * count
        if state.grad_avg:
            nothing = ([new] * count for new in Vector())
            columns = (a or b for a, b in zip(kept, nothing, strict=True))
            vectors = [Vector(*own) for own in zip(*columns, strict=True)]
        numbers = state.scalars(groups[0].lower_bound)
        x, numbers, vectors, info, moves = advance(groups, numbers, vectors, x, loss, grad, sample)
        grad_avg, second_moment, seen, points = zip(*vectors, strict=True)
        new = GroupedState(*numbers, grad_avg, second_moment, seen, points)
        return tuple(x), new, GroupedInfo(*info, tuple(moves))


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
        if not all(_same(getattr(group, name), getattr(first, name)) for name in SHARED):
            raise ValueError(
                f"groups[{index}] differs from groups[0] in one of {', '.join(SHARED)};"
                " allowed: the same for all groups, which share one model"
            )
        if np.isinf(group.lr).any() != np.isinf(first.lr).any():
            which = index if np.isinf(group.lr).any() else 0
            raise ValueError(
                f"groups[{which}] has lr = inf; allowed: a finite lr in each group, or inf in all"
            )
    return GroupedMethod(tuple(groups))


def _same(a: Any, b: Any) -> bool:
    """Return whether two parts are the same, arrays within them compared by value."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.array_equal(a, b)
    if type(a) is not type(b) or not hasattr(a, "__dataclass_fields__"):
        return bool(a == b)
    ours, theirs = vars(a), vars(b)
    return ours.keys() == theirs.keys() and all(_same(ours[name], theirs[name]) for name in ours)
