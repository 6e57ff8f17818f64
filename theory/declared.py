# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether what a family need not say, but does, is true: sharpness, growth, G everywhere.

Sampled, as in `theory.soundness`, before any claim that would be blamed for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from theory.optimum import Optimum
from theory.problems.base import Array, Constants, Problem, gamma

MOST_SAMPLES = 200
"""Gradients of at most so many of the f_i make the directions."""

NEGLIGIBLE = 1e-9
"""Axes of gradients with a singular value below this part of the largest are rounding."""

FAR = 100.0
"""How far from x* what is said of all x is checked, in units of D."""


def reachable(problem: Problem, optimum: Optimum, rng: np.random.Generator, count: int) -> Array:
    """Return directions of length 1 along which methods can leave x*, shape (≥ count, n).

    Methods move along gradients. The directions are the way to the start, some gradients, random
    sums of them, and their principal axes, of which the last ones are where f grows least.
    """
    total = max(4 * count, min(problem.samples, MOST_SAMPLES))
    dim = len(problem.start)
    points = optimum.solution + optimum.distance * rng.standard_normal((total, dim)) / dim**0.5
    _, grads = problem.loss_and_grad(points, rng.permutation(total) % problem.samples)
    _, values, axes = np.linalg.svd(grads, full_matrices=False)
    axes = axes[values > NEGLIGIBLE * values[0]]
    sums = rng.standard_normal((count, total)) @ grads
    away = np.vstack([problem.start - optimum.solution, grads[:count], sums, axes, -axes])
    lengths = np.linalg.norm(away, axis=1, keepdims=True)
    return np.asarray((away / np.where(lengths > 0, lengths, 1))[lengths[:, 0] > 0])


def faults(
    problem: Problem, optimum: Optimum, constants: Constants, seed: int = 0, count: int = 20
) -> tuple[str, ...]:
    """Return what is wrong with the constants; empty if nothing was found.

    Allowed are `Constants.rounding` at both points, and the tolerance to which f* is known.

    Parameters
    ----------
    problem, optimum, constants
        The problem, and its constants on the ball about x* with radius D.
    seed
        Of the points.
    count
        How many of each kind.
    """
    said = constants.sharpness, constants.growth, constants.gradient_everywhere
    if said == (None, None, np.inf):
        return ()
    rng = np.random.default_rng([seed, problem.samples, 1])
    away = reachable(problem, optimum, rng, count)
    near = optimum.distance * rng.uniform(1e-3, 1, (len(away), 1))
    return (
        *_sharp(problem, optimum, constants, near * away),
        *_grows(problem, optimum, constants, near * away),
        *_grows(problem, optimum, constants, FAR * near * away),
        *_everywhere(problem, constants, optimum.solution + FAR * near * away),
    )


def _excess(problem: Problem, optimum: Optimum, away: Array) -> tuple[Array, Array]:
    """Return ``f(x* + away) - f*``, and how far it may be off."""
    value = problem.losses(optimum.solution + away).mean(axis=-1) - optimum.value
    radius = float(np.linalg.norm(away, axis=1).max())
    # Exponential losses may leave the range of float64 far away: then nothing is compared there.
    with np.errstate(over="ignore"):
        rounding = problem.constants(optimum.solution, radius).rounding
    return value, np.full_like(value, 2 * rounding + optimum.tolerance)


def _sharp(problem: Problem, optimum: Optimum, constants: Constants, away: Array) -> Iterator[str]:
    """Yield an objection where ``f(x) - f* < s ||x - x*||``."""
    if constants.sharpness is None:
        return
    lengths = np.linalg.norm(away, axis=1)
    value, error = _excess(problem, optimum, away)
    if not (value + error >= constants.sharpness * lengths).all():
        least = float((value / lengths).min())
        said = constants.sharpness
        yield f"(f - f*)/||x - x*|| is {least:.6g}; sharpness says at least {said:.6g}"


def _grows(problem: Problem, optimum: Optimum, constants: Constants, away: Array) -> Iterator[str]:
    """Yield an objection where ``f(x) - f* < (μ/2)||x - x*||²``."""
    if constants.growth is None:
        return
    squares = np.vecdot(away, away)
    value, error = _excess(problem, optimum, away)
    if not (value + error >= constants.growth / 2 * squares).all():
        least = float((2 * value / squares).min())
        yield f"2(f - f*)/||x - x*||² is {least:.6g}; growth says at least {constants.growth:.6g}"


def _everywhere(problem: Problem, constants: Constants, points: Array) -> Iterator[str]:
    """Yield an objection where gradients are longer than G everywhere; norms are rounded."""
    root = float(np.sqrt(problem.grad_norms_sq(points).mean(axis=-1)).max())
    slack = 1 + gamma(points.shape[1] + problem.samples + 8)
    most = constants.gradient_everywhere
    if not root <= most * slack:
        yield f"sqrt(E||∇f(x,s)||²) is {root:.6g}; gradient_everywhere says at most {most:.6g}"
