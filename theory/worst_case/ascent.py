# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The maximum over the steps: ascent by semidefinite programs, from many starts.

For fixed τ the worst case v(τ) is a semidefinite program, but it is neither concave nor smooth in
τ. Each iteration linearises the bilinear terms ``τ_l <A_i^l, Γ>`` in both factors at the current
pair, solves for the change of both at once in a trust region for τ, and accepts what raises v.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from momo.reference import State
from theory.problems.base import Array
from theory.problems.resisting import resisting
from theory.worst_case.construction import one_function
from theory.worst_case.program import ConicSolver, Family, Shifts
from theory.worst_case.replay import reference
from theory.worst_case.setting import Setting

LEAST, LARGEST = 1e-6, 100.0
"""Where the steps are looked for.

Some smooth worst cases of the last iterate grow as a step does, without end, and by very little;
longer steps would only cost digits.
"""

WIDEST, NARROWEST = 0.5, 1e-6
"""The trust region, as a part of each τ_l: its largest radius, and where the ascent ends."""


@dataclass(frozen=True, eq=False)
class Found:
    """Steps, and the worst case that they have."""

    steps: Array
    value: float


def ascend(
    family: Family, steps: Array, solver: ConicSolver, iterations: int = 60, radius: float = 0.2
) -> Found:
    """Climb from ``steps``; those at the cap stay there.

    Parameters
    ----------
    family
        The programs of the setting.
    steps
        Where to start, within the caps.
    solver
        Solves them.
    iterations
        At most so many.
    radius
        Of the trust region at the start: ``|change of τ_l| <= radius τ_l``.
    """
    caps = np.minimum(family.setting.caps, LARGEST)
    steps = np.where(family.at_cap, family.setting.caps, np.clip(steps, LEAST, caps))
    current = solver(family.program(steps))
    for _ in range(iterations):
        if radius < NARROWEST or not len(steps):
            break
        low = np.where(family.at_cap, 0.0, np.maximum(-radius, LEAST / steps - 1))
        high = np.where(family.at_cap, 0.0, np.minimum(radius, caps / steps - 1))
        columns = family.columns(current.gram) * steps
        model = solver(family.program(steps), Shifts(columns, low, np.maximum(high, low)))
        moved = steps * (1 + np.clip(model.shift, low, high))
        moved = np.where(family.at_cap, steps, np.clip(moved, LEAST, caps))
        if not np.isfinite(moved).all():
            break
        new = solver(family.program(moved))
        gain, expected = new.value - current.value, model.value - current.value
        if not gain > 0:
            radius /= 4
            continue
        if gain > 0.5 * expected:
            radius = min(2 * radius, WIDEST)
        elif gain < 0.1 * expected:
            radius /= 2
        steps, current = moved, new
    return Found(steps, current.value)


def candidates(setting: Setting) -> Iterator[Array]:
    """Return steps that are known to be bad, those of simple functions and of the traps.

    For independent samples: the same steps whatever is drawn, as if all functions were the same.

    * ``max_i x_i``, of whose value no method gets below ``GD/√K``;
    * `theory.traps.one_function` at its best, all values equal, and with the rest that is proven;
    * smooth: Huber's functions in one dimension.
    """
    levels = setting.levels[: setting.points - 1]
    yield from (steps[levels] for steps in _in_order(setting))


def _in_order(setting: Setting) -> Iterator[Array]:
    """Return the K-1 steps of `candidates`, for functions in a given order."""
    if setting.kind == "lipschitz":
        problem = resisting(setting.iterations, shift=1 / np.sqrt(setting.iterations))
        yield _steps_on(setting, partial(problem.loss_and_grad, index=np.array(0)), problem.start)
        for last in (1.0, None):
            yield one_function(setting.beta, setting.iterations, setting.averaging, last).steps
    else:
        for bend in (0.03, 0.1, 0.3):
            yield _steps_on(setting, partial(_huber, bend), np.ones(1))


def _steps_on(
    setting: Setting, oracle: Callable[[Array], tuple[ArrayLike, Array]], start: Array
) -> Array:
    """Return the effective steps of the reference's run on a function."""
    method, state, x = reference(setting, setting.lower_bound), State(), start
    steps = []
    for _ in range(setting.iterations - 1):
        x, state, info = method.step(state, x, *oracle(x))
        steps.append(float(info.step_size))
    return np.array(steps)


def _huber(bend: float, x: Array) -> tuple[float, Array]:
    """Return value and derivative of ``x²/2`` where ``|x| <= bend``, continued linearly."""
    size, inner = float(np.abs(x)[0]), float(np.minimum(np.abs(x), bend)[0])
    return inner * (size - inner / 2), np.clip(x, -bend, bend)


def stretched(steps: Array, count: int) -> list[Array]:
    """Return steps of another length made of these: cut, continued in some ways, or stretched."""
    if not len(steps) or not count:
        return [np.full(count, 0.5)]
    if len(steps) >= count:
        return [steps[:count]]
    missing = count - len(steps)
    made = [np.append(steps, np.full(missing, steps[-1] * factor)) for factor in (0.5, 1.0, 2.0)]
    where = np.linspace(0, 1, count), np.linspace(0, 1, len(steps))
    return [*made, np.interp(*where, steps)]


def search(
    setting: Setting, known: Sequence[Array], seed: int, starts: int = 4, iterations: int = 60
) -> Found:
    """Return the worst steps found from several starts.

    Parameters
    ----------
    setting
        What to look for.
    known
        Good steps of this setting or of neighbours (of any length); climbed from first.
    seed
        Of the random starts, and of the patterns of capped steps.
    starts
        How many random ones.
    iterations
        Of each ascent.
    """
    rng = np.random.default_rng([seed, setting.iterations, int(setting.beta * 1000)])
    count, solver = setting.points - 1, ConicSolver()
    begin = [part for steps in known for part in stretched(np.asarray(steps), count)]
    begin += list(candidates(setting))
    begin += [np.exp(rng.uniform(np.log(0.02), np.log(3), count)) for _ in range(starts)]
    best = Found(np.zeros(count), 0.0)
    for steps in begin:
        for at_cap in _patterns(setting, steps, rng):
            family = Family(setting, at_cap)
            found = ascend(family, steps, solver, iterations)
            if found.value > best.value:
                best = found
    return best


def polish(setting: Setting, found: Found, iterations: int = 200) -> Found:
    """Return the result of climbing on from what was found, with small steps."""
    family = Family(setting, found.steps >= setting.caps)
    better = ascend(family, found.steps, ConicSolver(), iterations, radius=0.01)
    return better if better.value > found.value else replace(found)


def _patterns(setting: Setting, steps: Array, rng: np.random.Generator) -> list[NDArray[np.bool_]]:
    none = np.zeros(setting.points - 1, dtype=bool)
    if np.isinf(setting.lr):
        return [none]
    return [none, ~none, steps >= setting.caps, rng.random(len(none)) < 0.5]
