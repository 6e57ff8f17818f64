# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How two runs are compared: as closely as the run itself says that it can be known.

How far rounding can drive two runs apart depends on the problem (a short d makes long steps, a
bound that is reached makes none, a sign flips), so further runs that see each number a little off
say it. The runs are in float64, whose rounding makes of a step's numbers a few hundred times 2⁻⁵³
of what is added up; the noise is 2⁻⁴⁰, so larger, and what it does is allowed eight times over,
because a few runs need not meet the worst noise. Where that comes to more than 2⁻²⁰ of the numbers
themselves, rounding decides, and nothing is compared from there on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from momo.conformance.law import Found
from momo.conformance.problem import Array, Noise, Problem, exactly
from momo.conformance.run import Record
from momo.conformance.subject import Subject
from momo.reference import GroupedState, Method, grouped

NOISE = 2.0**-40
TIMES = 8
UNDETERMINED = 2.0**-20
FAR = 1e100
"""A run that gets here has diverged, and is not followed further."""
NOISES = Noise.several(NOISE, NOISE)

Run = Callable[[Noise | None], list[Record]]
Build = Callable[[Subject, Problem, int], list[Method]]
"""``(subject, problem, step) -> one reference method a parameter``."""


def compare(exact: Run, ours: Iterable[Record], scalars: bool = True) -> int:
    """Compare a run with another that is known exactly, step by step.

    Parameters
    ----------
    exact
        Gives the run, with noise or without.
    ours
        The run to be tested.
    scalars
        Whether to compare the scalars of the steps, too, where both show them.

    Returns
    -------
    int
        How many steps were compared.

    Raises
    ------
    Found
        Where they differ.
    """
    nearby: list[list[Record]] = []
    count = 0
    for k, (want, got) in enumerate(zip(exact(None), ours, strict=False)):
        size = float(np.abs(want.x).max(initial=0.0))
        if size > FAR:
            break
        shared = list(comparable(want.numbers)) if scalars and got.numbers else []
        if not _close(want, got, shared):
            nearby = nearby or [exact(noise) for noise in NOISES]
            others = [run[k] for run in nearby if k < len(run)]
            if len(others) < len(NOISES) or not _check(want, got, others, shared, k):
                break
        count += 1
    return count


def comparable(numbers: dict[str, float]) -> dict[str, float]:
    """Return the scalars of a step without α, of which there is one too many.

    Where groups differ in α, or have no gradient, it is a convention whose α the cap is of; τ and ζ
    are proportional to it, and ``||d||²``, to which each group contributes ``α_g/α`` of its own, to
    its inverse.
    """
    if not numbers or math.isinf(numbers["cap"]) or not numbers["cap"]:
        return numbers
    cap = numbers["cap"]
    known = {name: numbers[name] for name in ("value", "loss_avg", "lower_bound")}
    return {
        **known,
        "adaptive / cap": numbers["adaptive"] / cap,
        "step_size / cap": numbers["step_size"] / cap,
        "dual_norm_sq * cap": numbers["dual_norm_sq"] * cap,
    }


def _floor(value: float) -> float:
    """Return what is nothing beside a number: they are of size 1, or of their own."""
    return NOISE * max(abs(value), 1.0)


def _close(want: Record, got: Record, names: Sequence[str]) -> bool:
    """Return whether two records agree so well that no noise has to be asked."""
    size = np.abs(want.x).max(initial=0.0)
    ours, theirs = comparable(got.numbers), comparable(want.numbers)
    return bool((np.abs(got.x - want.x) <= NOISE * size).all()) and all(
        ours[n] == theirs[n] or abs(ours[n] - theirs[n]) <= _floor(theirs[n]) for n in names
    )


def _check(
    want: Record, got: Record, others: Sequence[Record], names: Sequence[str], step: int
) -> bool:
    """Return whether the step can be compared; raise `Found` if it can, and they differ."""
    size = float(np.abs(want.x).max(initial=0.0))
    spread = max(float(np.abs(near.x - want.x).max(initial=0.0)) for near in others)
    tolerance = TIMES * spread + NOISE * size
    if not tolerance <= UNDETERMINED * max(size, 1.0):
        return False
    off = ~(np.abs(got.x - want.x) <= tolerance)
    if off.any():
        i = int(off.argmax())
        at, value = float(want.x[i]), float(got.x[i])
        raise Found(f"element {i} of the parameters", at, value, tolerance, step)
    ours, theirs = comparable(got.numbers), comparable(want.numbers)
    near = [comparable(other.numbers) for other in others]
    for name in names:
        at, value = theirs[name], ours[name]
        if at == value:  # also where both are infinite
            continue
        with np.errstate(invalid="ignore"):
            spread = max(abs(one[name] - at) for one in near)
        tolerance = TIMES * spread + _floor(at)
        determined = tolerance <= UNDETERMINED * max(abs(at), 1.0)
        if determined and not abs(value - at) <= tolerance:
            raise Found(name, at, value, tolerance, step)
    return True


def own_methods(subject: Subject, problem: Problem, step: int) -> list[Method]:
    """Return the subject's reference for each parameter at a step (from 0)."""
    assert subject.reference is not None
    return [
        subject.reference(problem.hyperparameters(group, step), shape)
        for group, shape in problem.parameters
    ]


def capped_methods(subject: Subject, problem: Problem, step: int) -> list[Method]:
    """Return the method that it is when capped, for each parameter at a step (from 0)."""
    assert subject.capped is not None
    return [
        subject.capped(problem.hyperparameters(group, step), shape)
        for group, shape in problem.parameters
    ]


def seen_loss(subject: Subject, x: list[Array], loss: Any, grads: list[Array | None]) -> Any:
    """Return the loss that the reference sees of a sample that is the same wherever it is taken."""
    whole = [np.zeros_like(a) if g is None else g for a, g in zip(x, grads, strict=True)]
    return subject.seen(lambda _: (loss, np.concatenate(whole)))(np.concatenate(x))[0]


def reference_run(
    subject: Subject, problem: Problem, noise: Noise | None, build: Build = own_methods
) -> list[Record]:
    """Run the reference, one group of it a parameter, and return the records of all steps.

    It ends early where the points leave the range of the numbers.
    """
    x = [values.reshape(-1) for values in problem.points()]
    state, records = GroupedState(), []
    for k, f in enumerate(problem.losses):
        on_gradients, on_others = (exactly, exactly) if noise is None else noise.at(k)
        grads = [None if g is None else on_gradients(g.reshape(-1)) for g in problem.gradients(k)]
        bound = None
        x = [on_others(values) for values in x]
        loss = on_others(f)
        if problem.bounds is not None and build is own_methods:
            bound = on_others(problem.bounds[k])
        loss = seen_loss(subject, x, loss, grads)
        moved, state, info = grouped(*build(subject, problem, k)).step(state, x, loss, grads, bound)
        x = list(moved)
        whole = np.concatenate(x)
        if not np.abs(whole).max(initial=0.0) < FAR:
            break
        names = ("value", "adaptive", "cap", "step_size", "dual_norm_sq", "lower_bound", "loss_avg")
        records.append(Record(whole, {name: float(getattr(info, name)) for name in names}))
    return records


def lags(subject: Subject, problem: Problem) -> bool:
    """Return whether x does not follow its base point at once, though β is 0: it does not use β."""
    if subject.reference is None or subject.takes("beta"):
        return False
    return bool(own_methods(subject, problem, 0)[0].iterates.points)
