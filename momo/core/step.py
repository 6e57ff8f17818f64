# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The general equation: one step of a momentum model over parameter groups, in scalars.

    x⁺ = argmin_x max{ρ⁻¹(f̄ + <d,x> - γ), f_*} + Σ_g (λ_g/2)||x_g||²_g + ||x_g - z_g||²_g/(2α_g)

(paper, Lemma 3.1, for one group; for several, with α = max_g α_g, derived here). `step` is a pure
function of numbers. It knows no vectors, devices, ranks or files, nor whether a number is a Python
float, an array with one entry a run, or a 0-dim tensor (`momo.core.ops`). The vectors around it
give it their inner products, and move as it says.

Names are those of the glossary (`docs/glossary.md`): one word for each symbol, in both trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce
from operator import add
from typing import Any, NamedTuple, Protocol

from momo.core.ops import TINY, Ops

Number = Any
"""A number of a step: a float, an array of shape (...), or a 0-dim tensor."""


ROUNDING = 2.0**-23
"""Of a loss that is a sum of terms of size 1, or its own, in single precision."""

total: Callable[[Iterable[Number]], Number] = partial(reduce, add)
"""The sum of at least one number, from left to right."""


class Inner(NamedTuple):
    """The inner products of a group; z is where the step goes from: x, unless the iterates say.

    Attributes
    ----------
    before
        ``<d_{k-1}, z>``, d as it is kept.
    now
        ``<d_k, z>``, d as the model sees it.
    dual_norm_sq
        ``||d_k||² = <d_k, direction>``, times the scale of a product of norms.
    shift
        ``<g_k, z - x>``.
    kept
        ``<d_k, z>``, d as it is kept.
    slope
        ``<d_k, direction>``, d as it is kept, times the same scale as ``dual_norm_sq``.
    """

    before: Number
    now: Number
    dual_norm_sq: Number
    shift: Number
    kept: Number
    slope: Number


class Hyper(NamedTuple):
    """The hyper-parameters of a group that the equation sees.

    Attributes
    ----------
    lr
        α_g; may be inf.
    shrink
        ``α_g λ_g``; 0 without decay.
    decay
        How λ_g enters (`momo.core.parts.Decay`).
    limit
        What α_g means (`momo.core.parts.penalty`, `ball`).
    """

    lr: Number
    shrink: Number
    decay: Any
    limit: Callable[[Number, Number], Number]


class Line(NamedTuple):
    """What is truncated at the bound.

    Attributes
    ----------
    value
        At z: h_k of the average of all lines, f_k of the newest loss.
    weight
        ρ_k, or 1.
    betas
        The weights of the past in what is averaged with it, the bounds of the batches: in the model
        and in what is kept; 0 for the newest loss.
    """

    value: Number
    weight: Number
    betas: tuple[Number, Number]


class Sample(NamedTuple):
    """What a step brings.

    Attributes
    ----------
    loss
        f_k.
    betas
        β_k in the model, and in what is kept: the same object, unless the average has two rates.
    lb
        ℓ_k, the bound of this batch; None: that of the method.
    """

    loss: Number
    betas: tuple[Number, Number]
    lb: Number | None = None


class State(NamedTuple):
    """The numbers kept between steps; all are 0 before the first.

    Attributes
    ----------
    k
        The samples seen.
    loss_avg, weight, inner_avg
        f̄_k, ρ_k, and γ_k, all of what is kept.
    lower_bound, step_rule, iterates
        What these parts keep.
    """

    k: Number
    loss_avg: Number
    weight: Number
    inner_avg: Number
    lower_bound: tuple[Number, ...]
    step_rule: Number
    iterates: Number


class Move(NamedTuple):
    """What a group does: ``z ← keep z - size direction``.

    Of a decay at x (`momo.core.parts.Decay`): ``z ← z - (1 - keep) x - size direction``.
    """

    keep: Number
    size: Number


class StepInfo(NamedTuple):
    """What a step says of itself.

    With several groups ``cap`` and ``step_size`` are those of the group with the largest α, and
    ``dual_norm_sq`` weighs each by its α over the largest.

    Attributes
    ----------
    value
        h_k, or f_k of a method that looks at the newest loss.
    adaptive
        ζ_k.
    cap
        ``α/ρ_k``.
    step_size
        τ_k.
    dual_norm_sq
        ``Σ_g (α_g/α) ||d_g||²``.
    lower_bound
        f_*^k, as used.
    loss_avg
        f̄_k.
    below
        1 where f_k lies below the bound that it was given, by more than rounding: that is none
        then, and steps become too short, or 0. Else 0, as for a method that is not ``bounded``
        (`momo.core.method.Method`).
    """

    value: Number
    adaptive: Number
    cap: Number
    step_size: Number
    dual_norm_sq: Number
    lower_bound: Number
    loss_avg: Number
    below: Number = 0.0


class Shared(Protocol):
    """The parts that all groups of a method share (`momo.core.parts`)."""

    @property
    def linearisation(self) -> Callable[[Number, Line], Line]:
        """What is truncated: the average of all lines, or the newest."""

    @property
    def lower_bound(self) -> Any:
        """How f_* is chosen."""

    @property
    def step_rule(self) -> Any:
        """How τ follows from the cap and ζ."""

    @property
    def iterates(self) -> Any:
        """How x follows the base point."""

    @property
    def bounded(self) -> bool:
        """Whether no loss may lie below the bound."""


def step(
    method: Shared,
    hypers: Sequence[Hyper],
    inners: Sequence[Inner],
    state: State,
    sample: Sample,
    ops: Ops,
    tiny: float = TINY,
) -> tuple[list[Move], Number, State, StepInfo]:
    """Return the groups' moves, how far x follows z, the new state, and what to report.

    Parameters without a gradient are a group that counts in the line and stays where it is: its
    shrink and ``dual_norm_sq`` are 0. Norms squared below ``tiny`` count as 0.
    """
    # 1. The averages f̄_k, ρ_k, and q_k = <d_k,z> - γ_k, which is free of the rounding of d_k.
    k, betas = state.k + 1, sample.betas
    sums = inners[0] if len(inners) == 1 else Inner(*map(total, zip(*inners, strict=True)))
    loss_avg, weight, offset = kept = averages(betas[0], state, sums, sample.loss)
    if betas[1] is not betas[0]:
        kept = averages(betas[1], state, sums, sample.loss)

    # 2. The line: the averaged one, h_k = f̄_k + q_k of weight ρ_k, or that of the newest loss.
    line = method.linearisation(sample.loss, Line(loss_avg + offset, weight, betas))

    # 3. One problem over all groups: α = max_g α_g, and the ratios α_g/α.
    lrs = [hyper.limit(hyper.lr, line.weight) for hyper in hypers]
    lr = reduce(ops.maximum, lrs)
    ratios = [1.0 if one is lr else ops.where(one == lr, 1.0, ops.quotient(one, lr)) for one in lrs]

    # 4. The line where decay alone would lead: its value less Σ_g <d_g,z_g> α_gλ_g/(1+α_gλ_g).
    shrinks = [hyper.shrink if hyper.decay.in_model else 0.0 for hyper in hypers]
    decayed = line.value
    for inner, shrink in zip(inners, shrinks, strict=True):
        if type(shrink) is not float or shrink != 0:  # known to be 0: nothing, were <d,z> infinite
            decayed = decayed - inner.now * (shrink / (1 + shrink))

    # 5. The bound f_*^k; the starred methods lower one that lies above the line.
    bound = method.lower_bound
    lower_bound, memory = bound.before(state.lower_bound, sample.lb, decayed, line, k, ops)

    # 6. ζ_k reaches the bound, the cap is α/ρ_k, and τ_k the rule's choice (the paper's: the
    # smaller of the two).
    norms = [ratio * inner.dual_norm_sq for ratio, inner in zip(ratios, inners, strict=True)]
    slope = total([n / (1 + s) for n, s in zip(norms, shrinks, strict=True)])
    dual_norm_sq, cap = total(norms), ops.quotient(lr, line.weight)
    adaptive = ops.quotient(ops.maximum(decayed - line.weight * lower_bound, 0.0), slope, tiny)
    step_size, rule = method.step_rule(cap, adaptive, dual_norm_sq, state.step_rule, ops)

    # 7. Each group's move, and how far x follows the base point.
    sizes = [ratio * step_size for ratio in ratios]
    moves = [Move(*h.decay.move(size, h.shrink)) for h, size in zip(hypers, sizes, strict=True)]
    follow, iterates = method.iterates.follow(state.iterates, step_size, k, ops)

    # 8. What is kept: γ_k such that <d_k,z> - γ_k is q_k with the d_k that is stored.
    memory = bound.after(memory, line.value, step_size, step_size * dual_norm_sq, line.weight, ops)
    new = State(k, kept[0], kept[1], sums.kept - kept[2], memory, rule, iterates)
    lb = bound.lb if sample.lb is None else sample.lb
    low = lies_below(sample.loss, lb, ops) if method.bounded else 0.0
    info = StepInfo(line.value, adaptive, cap, step_size, dual_norm_sq, lower_bound, loss_avg, low)
    return moves, follow, new, info


def lies_below(loss: Number, lb: Number, ops: Ops) -> Number:
    """Return 1 where a loss lies below a bound, by more than `ROUNDING`, else 0."""
    return ops.where(loss - lb < -ROUNDING * (1 + abs(loss) + abs(lb)), 1.0, 0.0)


def averages(beta: Number, state: State, sums: Inner, loss: Number) -> tuple[Number, ...]:
    """Return ``f̄_k``, ``ρ_k`` and ``q_k``, where the share of the past is β.

    ``q_k = β (<d_{k-1},z> - γ_{k-1}) + (1-β) <g_k, z - x>``: where z is x the new sample adds
    ``(1-β) <g_k,x>`` to <d_k,z> and to γ_k, so it cancels (derived here).
    """
    rate = 1 - beta
    return (
        beta * state.loss_avg + rate * loss,
        beta * state.weight + rate,
        beta * (sums.before - state.inner_avg) + rate * sums.shift,
    )
