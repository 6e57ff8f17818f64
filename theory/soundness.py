# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether a problem is what it says: sampled checks, before any claim is checked on it.

A problem with a wrong slope, a loss that is not convex, or a constant that is too small would
violate true theorems. These checks find it first, and blame the problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from theory import declared
from theory.optimum import Optimum
from theory.problems.base import Array, Constants, Indices, Problem, gamma

POINTS = 4
"""How many points of each kind are sampled: in the ball, near x*, near the start."""

MOST_SAMPLES = 64
"""At most so many of the f_i are checked, drawn at random."""


@dataclass(frozen=True)
class Sampled:
    """Values and gradients of some f_i at some points of the ball.

    Attributes
    ----------
    points
        x, shape (P, n); the first is the start, the second x*.
    index
        Which f_i, shape (S,).
    values, grads
        f_i(x), shape (P, S), and the gradients, shape (P, S, n).
    """

    points: Array
    index: Indices
    values: Array
    grads: Array

    @property
    def excess(self) -> Array:
        """``f_i(x) + <g_i(x), y - x> - f_i(y)`` for all x and y, shape (P, P, S)."""
        linear = np.einsum("psn,qn->pqs", self.grads, self.points)
        own = np.einsum("psn,pn->ps", self.grads, self.points)
        return (self.values - own)[:, None] + linear - self.values


def sample(problem: Problem, optimum: Optimum, seed: int, count: int = POINTS) -> Sampled:
    """Evaluate some f_i at points of the ball about x* with radius D.

    Besides the start and x*: points at random in the ball, nearer to either, and one small step
    along a gradient from each of these, where a wrong curvature shows.
    """
    rng = np.random.default_rng([seed, problem.samples])
    solution, start, radius = optimum.solution, problem.start, optimum.distance
    index = np.sort(rng.permutation(problem.samples)[:MOST_SAMPLES])
    directions = rng.standard_normal((3 * count, len(start)))
    directions *= radius / np.linalg.norm(directions, axis=1, keepdims=True)
    lengths = np.repeat([1.0, 0.1, 0.1], count) * rng.uniform(0, 1, 3 * count)
    centres = np.repeat([solution, solution, solution + 0.9 * (start - solution)], count, axis=0)
    points = np.vstack([start, solution, centres + lengths[:, None] * directions])
    _, grads = problem.loss_and_grad(points, rng.choice(index, len(points)))
    sizes = np.linalg.norm(grads, axis=1, keepdims=True)
    along = np.divide(grads, sizes, out=np.zeros_like(grads), where=sizes > 0)
    points = np.vstack([points, _into(points - 0.1 * radius * along, solution, radius)])
    values, grads = problem.loss_and_grad(points[:, None, :], index)
    return Sampled(points, index, values, grads)


def _into(points: Array, centre: Array, radius: float) -> Array:
    """Return the points, those outside a ball moved to its surface."""
    away = points - centre
    sizes = np.linalg.norm(away, axis=1, keepdims=True)
    return centre + away * np.minimum(1, radius / np.maximum(sizes, radius))


def faults(
    problem: Problem, optimum: Optimum, constants: Constants, seed: int = 0, count: int = POINTS
) -> tuple[str, ...]:
    """Return what a problem is not, of what it says; empty if nothing was found.

    The allowed rounding is `Constants.rounding` at x and at y, hence twice that (as x* there, y
    lies in the ball); a gradient's own counts twice more in a difference of two.

    Parameters
    ----------
    problem, optimum, constants
        The problem, and its constants on the ball about x* with radius D.
    seed
        Of the points, and of the f_i that are checked.
    count
        How many points of each kind.
    """
    taken = sample(problem, optimum, seed, count)
    shape = (len(taken.points), len(taken.index))
    if taken.values.shape != shape or taken.grads.shape != (*shape, len(problem.start)):
        found = f"{taken.values.shape} and {taken.grads.shape}"
        return (f"loss_and_grad returns shapes {found}; allowed: {shape} and {shape} + (n,)",)
    if not (np.isfinite(taken.values).all() and np.isfinite(taken.grads).all()):
        return ("loss_and_grad returns numbers that are not finite",)
    rounding = 2 * constants.rounding
    return (
        *_consistent(problem, taken, rounding),
        *_convex(taken, rounding),
        *_bounded(problem, taken, constants),
        *_smooth(taken, constants, rounding),
        *declared.faults(problem, optimum, constants, seed),
    )


def _worst(what: str, excess: Array, allowed: float, taken: Sampled) -> Iterator[str]:
    """Yield an objection if a number of shape (..., S) exceeds what is allowed, or is NaN."""
    if not excess.size or (excess <= allowed).all():
        return
    place = np.unravel_index(int(np.where(np.isnan(excess), np.inf, excess).argmax()), excess.shape)
    i = int(taken.index[place[-1]])
    yield f"{what.replace('f_i', f'f_{i}')} by {excess[place]:.3g}, where {allowed:.1e} is rounding"


def _consistent(problem: Problem, taken: Sampled, rounding: float) -> Iterator[str]:
    """Yield an objection where methods disagree, or a value lies below its infimum."""
    losses = problem.losses(taken.points)[:, taken.index]
    off = np.abs(losses - taken.values)
    yield from _worst("losses and loss_and_grad differ in f_i", off, rounding, taken)
    below = problem.infima[taken.index] - losses
    yield from _worst("a value of f_i lies below its infimum", below, rounding, taken)


def _convex(taken: Sampled, rounding: float) -> Iterator[str]:
    """Yield an objection where f_i(y) lies below the linearisation at x."""
    what = "f_i lies below its linearisation (it is not convex, or its gradient is wrong)"
    yield from _worst(what, taken.excess, rounding, taken)


def _bounded(problem: Problem, taken: Sampled, constants: Constants) -> Iterator[str]:
    """Yield an objection where gradients are longer than G, or than the norms that are returned.

    A norm, a mean and a root are rounded as in `theory.theorems.mean_square.claim`.
    """
    slack = 1 + gamma(len(problem.start) + problem.samples + 8)
    norms = np.sqrt(np.vecdot(taken.grads, taken.grads))
    most = constants.gradient_max * slack
    if not norms.max() <= most:
        yield f"a gradient has norm {norms.max():.6g}; gradient_max says at most {most:.6g}"
    squares = problem.grad_norms_sq(taken.points)
    root, most = float(np.sqrt(squares.mean(axis=-1)).max()), constants.gradient * slack
    if not root <= most:
        yield f"sqrt(E||∇f(x,s)||²) is {root:.6g}; G says at most {most:.6g}"
    off = float(np.abs(np.sqrt(squares[:, taken.index]) - norms).max())
    # A point that rounding moves across a kink has another subgradient: only a norm counts that
    # differs at most points.
    differs = np.abs(np.sqrt(squares[:, taken.index]) - norms) > 1e-6 * constants.gradient_max
    if differs.mean() > 0.5:
        yield f"grad_norms_sq and loss_and_grad differ by {off:.3g} in ||∇f_i(x)||"


def _smooth(taken: Sampled, constants: Constants, rounding: float) -> Iterator[str]:
    """Yield an objection where ``f(y) < f(x) + <g_x, y-x> + ||g_y-g_x||²/(2L)``.

    That is what convex and L-smooth functions obey. Their values to within ε determine a gradient
    to ``e = √(2Lε)``, no better: the difference of two may be off by 2e, its square by
    ``4e||g_y-g_x|| + 4e²``.
    """
    if constants.smoothness is None:
        return
    # ||g_x - g_y||², without an array of all differences.
    squares = np.vecdot(taken.grads, taken.grads)
    products = np.einsum("psn,qsn->pqs", taken.grads, taken.grads)
    apart = np.maximum(squares[:, None] + squares - 2 * products, 0)
    cancelled = gamma(taken.points.shape[1] + 4) * 4 * float(squares.max())
    off = np.sqrt(2 * constants.smoothness * rounding)
    cancelled += 8 * off * constants.gradient_max + 4 * off**2
    what = f"f_i is not smooth with L = {constants.smoothness:.6g}: it lies below the bound"
    excess = taken.excess + apart / (2 * constants.smoothness)
    allowed = rounding + cancelled / (2 * constants.smoothness)
    yield from _worst(what, excess, allowed, taken)
