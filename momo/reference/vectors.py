# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The vectors of a step, in NumPy, around the numbers of `momo.core.step`.

Gradients are taken in (`take_in`), their inner products make the step, and the points move as it
says (`advance`): for any number of groups, of which one is a case. The arguments are checked before
anything is computed (`checked`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from momo.core import step
from momo.core.method import Method
from momo.core.ops import arrays
from momo.core.parts import Capped
from momo.core.products import scales
from momo.core.step import Hyper, Inner, Move, Number, StepInfo
from momo.reference import checks
from momo.reference.checks import Array
from momo.reference.iterates import Points, base_point
from momo.reference.preconditioners import Metric, inner


@dataclass(frozen=True)
class Numbers:
    """The numbers that are kept between steps, as `momo.core.step.State` has them.

    Attributes
    ----------
    k
        The samples seen.
    loss_avg, weight, inner_avg
        f̄_k, ρ_k and γ_k, summed over the groups.
    lower_bound, step_rule, iterates
        The memories of bound, step rule and sequence.
    """

    k: int = 0
    loss_avg: Number = 0.0
    weight: Number = 0.0
    inner_avg: Number = 0.0
    lower_bound: tuple[Number, ...] = ()
    step_rule: Number = 0.0
    iterates: Number = 0.0

    def scalars(self, bound: Any) -> step.State:
        """Return them as the equation takes them, given what the bound wants to remember."""
        found = step.State(*(getattr(self, name) for name in step.State._fields))
        return found if found.lower_bound else found._replace(lower_bound=(0.0,) * bound.size)


class Vector(NamedTuple):
    """What is kept of a group: see `GroupedState`; None where there is nothing yet."""

    grad_avg: Array | None = None
    second_moment: Any = None
    seen: int = 0
    points: Points | None = None


class Taken(NamedTuple):
    """A group whose gradient is taken in.

    Attributes
    ----------
    z
        Where its step goes from.
    grad_avg
        d_k, as the model sees it.
    metric
        D_k; None without a gradient.
    inner
        Its inner products.
    kept
        What is kept of it.
    """

    z: Array
    grad_avg: Array
    metric: Metric | None
    inner: Inner
    kept: Vector


def take_in(
    group: Method,
    betas: tuple[Number, Number],
    kept: Vector,
    x: Array,
    grad: Array | None,
    gap: Number,
) -> Taken:
    """Take in the gradient of a group: d_k, D_k, and the inner products of the step.

    ``gap`` is ``(f_k - ℓ_k)_+``, for preconditioners that see it.
    """
    points = (x,) * len(group.iterates.points) if kept.points is None else kept.points
    z = base_point(points, x)
    sample = np.zeros_like(x) if grad is None else grad
    before = np.zeros_like(sample) if kept.grad_avg is None else kept.grad_avg

    def averaged(beta: Number) -> Array:
        past = np.asarray(beta)[..., None]
        return np.asarray(past * before + (1 - past) * sample)

    shown = averaged(betas[0])
    stored = shown if betas[1] is betas[0] else averaged(betas[1])
    metric, memory, dual = None, kept.second_moment, np.zeros(())
    if grad is not None:
        rule = group.preconditioner
        around = {"x": x, "gap": gap, "lr": group.lr}
        seen_too = {name: around[name] for name in getattr(rule, "sees", ())}
        metric, memory = rule.update(memory, grad, kept.seen + 1, shown, **seen_too)
        dual = metric.dual_norm_sq(shown)
    now = inner(shown, z)
    products = Inner(
        before=inner(before, z),
        now=now,
        dual_norm_sq=dual,
        shift=inner(sample, z - x) if points else np.zeros(()),
        kept=now if stored is shown else inner(stored, z),
        slope=dual if metric is None or stored is shown else inner(stored, metric.direction(shown)),
    )
    seen = kept.seen + (grad is not None)
    return Taken(z, shown, metric, products, Vector(stored, memory, seen, points))


def shrink_rate(lr: Array, weight_decay: Array) -> Array:
    """Return ``αλ``, and 0 without decay also where α is infinite."""
    out = np.zeros(np.broadcast_shapes(lr.shape, weight_decay.shape))
    return np.multiply(lr, weight_decay, where=weight_decay > 0, out=out)


def moved(group: Method, one: Taken, move: Move, x: Array) -> Array:
    """Return ``keep z - size direction``; of a decay at x ``z - (1-keep) x - size direction``.

    A preconditioner may scale the decay.
    """
    assert one.metric is not None
    keep, size = (np.asarray(a)[..., None] for a in move)
    if (scale := getattr(group.preconditioner, "decay_scale", None)) is not None:
        keep = 1 - scale(x) * (1 - keep)
    z = one.z - (1 - keep) * x if group.decay.at_x else keep * one.z
    return np.asarray(z - size * one.metric.direction(one.grad_avg))


def advance(
    groups: Sequence[Method],
    state: step.State,
    vectors: Sequence[Vector],
    xs: Sequence[Array],
    loss: Array,
    grads: Sequence[Array | None],
    lower_bound: Array | None,
) -> tuple[list[Array], step.State, list[Vector], StepInfo, list[Move]]:
    """Return the new x_g, what is kept, the scalars of the step and what each group did.

    The arguments are those of `GroupedMethod.step`, checked.
    """
    shared, ops = groups[0], arrays()
    betas = shared.averaging.betas(shared.beta, state.k + 1, ops)
    bound = shared.lower_bound.lb if lower_bound is None else lower_bound
    gap = np.maximum(loss - bound, 0.0)
    taken = [
        take_in(group, betas, vector, x, grad, gap)
        for group, vector, x, grad in zip(groups, vectors, xs, grads, strict=True)
    ]
    units = [
        one.metric is not None and group.preconditioner.unit
        for one, group in zip(taken, groups, strict=True)
    ]
    factors = scales(shared.product, [one.inner.dual_norm_sq for one in taken], units, ops)
    inners = [
        one.inner._replace(
            dual_norm_sq=factor * one.inner.dual_norm_sq, slope=factor * one.inner.slope
        )
        for one, factor in zip(taken, factors, strict=True)
    ]
    hypers = [
        Hyper(
            group.lr,
            np.zeros(()) if one.metric is None else shrink_rate(group.lr, group.weight_decay),
            group.decay,
            group.limit(group.preconditioner.unit),
        )
        for one, group in zip(taken, groups, strict=True)
    ]
    sample = step.Sample(loss, betas, lower_bound)
    moves, follow, state, info = step.step(shared, hypers, inners, state, sample, ops)
    # Nothing of what is returned shares memory with what was given, or with the hyper-parameters.
    info = StepInfo(*(np.array(number) for number in info))
    x_next, kept = list(xs), [one.kept for one in taken]
    for g, (group, one, factor, move) in enumerate(zip(groups, taken, factors, moves, strict=True)):
        if one.metric is None:
            moves[g] = Move(np.ones(()), np.zeros(()))
            continue
        z_next = moved(group, one, Move(move.keep, move.size * factor), xs[g])
        if group.iterates.plain:
            x_next[g] = z_next
            continue
        x_next[g], points = group.iterates.move(
            one.kept.points or (), xs[g], z_next, np.asarray(follow)[..., None]
        )
        kept[g] = one.kept._replace(points=points)
    return x_next, state, kept, info, moves


class Names(NamedTuple):
    """How the arguments of a step are called in messages; a group's own end in ``of``."""

    x: str = "x"
    grad: str = "grad"
    of: str = ""


def checked(
    groups: Sequence[Method],
    names: Sequence[Names],
    averages: Sequence[Array | None],
    xs: Sequence[ArrayLike],
    loss: ArrayLike,
    grads: Sequence[ArrayLike | None],
    lower_bound: ArrayLike | None,
) -> tuple[list[Array], Array, list[Array | None], Array | None]:
    """Return xs, loss, grads and the bound of the batch as arrays whose runs go together.

    Raises
    ------
    ValueError
        If an argument is not finite, of a shape that does not match, or not wanted.
    """
    shared = groups[0]
    x = [checks.finite(name.x, a) for name, a in zip(names, xs, strict=True)]
    loss = checks.finite("loss", loss)
    grad = [
        None if a is None else checks.finite(name.grad, a)
        for name, a in zip(names, grads, strict=True)
    ]
    shapes: dict[str, tuple[int, ...]] = {}
    for name, point, g in zip(names, x, grad, strict=True):
        checks.same_event(point, **({} if g is None else {"grad": g}))
        shapes[name.x] = point.shape[:-1]
    shapes["loss"] = loss.shape
    shapes |= {n.grad: g.shape[:-1] for n, g in zip(names, grad, strict=True) if g is not None}
    for name, group, average in zip(names, groups, averages, strict=True):
        own = {"lr": group.lr.shape, "weight_decay": group.weight_decay.shape}
        own |= {} if average is None else {"state": average.shape[:-1]}
        own |= group.preconditioner.shapes
        shapes |= {f"{what}{name.of}": shape for what, shape in own.items()}
    bound = shared.lower_bound
    shapes |= {"beta": shared.beta.shape, "lower_bound": np.shape(bound.lb)}
    sample = None if lower_bound is None else checks.finite("lower_bound", lower_bound)
    if sample is not None:
        if not bound.takes_lb:
            raise ValueError(
                f"lower_bound = {sample} was given with a step, but the bound is {bound.kind};"
                " allowed: None, or a method whose bound is Given()"
            )
        shapes["lower_bound of the batch"] = sample.shape
    checks.broadcasts(shapes)
    if isinstance(shared.step_rule, Capped) and any(np.isinf(group.lr).any() for group in groups):
        raise ValueError("lr = inf for a method that is always capped; allowed: a finite lr")
    return x, loss, grad, sample
