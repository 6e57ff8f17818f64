# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs a method on a problem for many settings and seeds at once, and has every step audited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from momo.reference import State
from theory.audit import Audit, Full, Step
from theory.case import Case
from theory.problems.base import Array

NEGLIGIBLE = 1e-6
"""A gradient is, if it is at most this part of the longest: rounding decides a step where d_k is
some 1e-10 of it, and d_k holds at least 1-β of g_k."""


class Stepper(Protocol):
    """A method: `momo.reference.Method`, or a broken one."""

    def step(self, state: Any, x: Array, loss: Array, grad: Array) -> tuple[Array, Any, Any]:
        """Return the next point, state and information."""


class Monitor(Protocol):
    """Watches the steps of one case for one claim."""

    def observe(self, step: Step) -> None:
        """Take in a step."""


@dataclass(frozen=True)
class Curves:
    """What is kept of a case for plots, at the checkpoints; shape (settings, checkpoints).

    Attributes
    ----------
    steps
        The checkpoints k, shape (checkpoints,).
    suboptimality
        f(x^k) - f* of every run, shape (settings, checkpoints, seeds).
    distance
        ``||x^k - x*||``: mean over seeds.
    step_size
        ``||x^{k+1} - x^k|| / ||d_k||``, the effective step: median over the seeds that move, NaN
        if none does.
    held, unexcused
        How many steps were held (`theory.audit.RESOLUTION`), and how many of these although their
        sample's gradient was not `NEGLIGIBLE`: shape (settings,).
    """

    steps: Array
    suboptimality: Array
    distance: Array
    step_size: Array
    held: NDArray[np.int64]
    unexcused: NDArray[np.int64]


def checkpoints(iterations: int, per_decade: int = 12) -> frozenset[int]:
    """Return log-spaced steps from 1 to ``iterations``, both included."""
    decades = np.log10(max(iterations, 1))
    points = np.logspace(0, decades, int(per_decade * decades) + 2)
    return frozenset({1, iterations} | {round(float(point)) for point in points})


def simulate(
    case: Case,
    stepper: Stepper,
    monitors: Iterable[Monitor],
) -> Curves:
    """Run all settings and seeds of a case together, and show every step to the monitors.

    All settings see the same samples (common random numbers): sample indices have shape (seeds,).
    They are drawn, or come in the order that the problem says.
    A run that leaves the range of float64 stops the simulation; `FloatingPointError` says when.
    """
    rng = np.random.default_rng([case.seed, case.iterations, case.seeds])
    shape = (len(case.settings), case.seeds)
    x = np.broadcast_to(case.problem.start, (*shape, len(case.problem.start))).copy()
    state: Any = State()
    audit, marks = Audit(case), checkpoints(case.iterations)
    steps, excess, distances, sizes = [], [], [], []
    held, unexcused = np.zeros((2, len(case.settings)), dtype=np.int64)
    watching = tuple(monitors)
    block = 256
    for k in range(1, case.iterations + 1):
        within = (k - 1) % block
        if within == 0:
            samples = rng.integers(case.problem.samples, size=(block, case.seeds))
        chosen = samples[within]
        if case.order is not None:
            chosen = np.full(case.seeds, case.order[(k - 1) % len(case.order)])
        loss, grad = case.problem.loss_and_grad(x, chosen)
        try:
            x_next, state, _ = stepper.step(state, x, loss, grad)
        except ValueError as error:
            raise FloatingPointError(f"step {k}: {error}") from error
        full = None
        if k in marks:
            full = Full(
                case.problem.losses(x).mean(axis=-1), case.problem.grad_norms_sq(x).mean(axis=-1)
            )
        step = audit.observe(k, chosen, x, loss, grad, x_next, full)
        x_next = step.x_next
        if not step.live.all():
            held += np.count_nonzero(~step.live, axis=1)
            long = np.vecdot(grad, grad) > (NEGLIGIBLE * case.constants.gradient_max) ** 2
            unexcused += np.count_nonzero(~step.live & long, axis=1)
        for monitor in watching:
            monitor.observe(step)
        if full is not None:
            steps.append(k)
            excess.append(full.objective - case.optimum.value)
            distances.append(np.sqrt(step.distance_sq).mean(axis=1))
            sizes.append(_median_step(step))
        x = x_next
    return Curves(
        np.array(steps, dtype=np.float64),
        np.stack(excess, axis=1),
        np.stack(distances, axis=1),
        np.stack(sizes, axis=1),
        held,
        unexcused,
    )


def _median_step(step: Step) -> Array:
    sizes, norms = np.full(len(step.move), np.nan), np.sqrt(step.norm_sq)
    for row, moves in enumerate((step.move > 0) & (norms > 0)):
        if moves.any():
            sizes[row] = np.median(step.move[row, moves] / norms[row, moves])
    return sizes
