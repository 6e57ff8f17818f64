"""The construction of the lower bounds, in vectors, run through the reference."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from momo.reference import State
from momo.reference.checks import Array
from theory.proofs.replay import identity, made, vectors


def correlation(p: float, m: Array) -> Array:
    """Return ``c(m) = (1 - (1-p)m) p^m``."""
    return (1 - (1 - p) * m) * p**m


@dataclass(frozen=True)
class Construction:
    """Points, gradients and the solution, with all values at δ = 1 above f* = 0 and G = 1.

    Attributes
    ----------
    points, gradients
        ``x^1, …, x^K`` and ``g_1, …, g_K``, one a row.
    averages
        ``D_1, …, D_L``, one a row.
    solution
        x*.
    quadratic
        ``Q = D²N/δ²``.
    """

    points: Array
    gradients: Array
    averages: Array
    solution: Array
    quadratic: float


def construction(beta: float, p: float, iterations: int) -> Construction:
    """Return the construction of `theory.proofs.lower_bound` for ``√β <= p < 1``."""
    length = iterations - 1 + math.ceil(1 / (1 - p))
    index = np.arange(length)
    norm_sq = 1 / (1 + beta**2 - 2 * beta * p**2)
    D = vectors(norm_sq * correlation(p, np.abs(index[:, None] - index)))
    gradients = D - beta * np.vstack([D[:1], D[:-1]])  # the first is (1-β) D_1
    weights = np.where(index == 0, 1 / (1 - beta), 1.0)
    moves = -weights[:, None] * D / norm_sq
    path = np.vstack([np.zeros_like(D[:1]), np.cumsum(moves, axis=0)])
    return Construction(
        points=path[:iterations],
        gradients=gradients[:iterations],
        averages=D,
        solution=path[-1],
        quadratic=float(path[-1] @ path[-1]) * norm_sq,
    )


def scalars(beta: float, p: float, iterations: int) -> dict[str, float]:
    """Return the scalars of `lower_bound.end` as the construction has them."""
    built = construction(beta, p, iterations)
    share = 1 + beta**2 - 2 * beta * p**2
    room = math.ceil(1 / (1 - p)) - 2 + 1 / (1 - beta) ** 2
    room += 2 * p**2 / ((1 - beta) * (1 - p)) + 2 * p**2 / (1 - p) ** 2
    return {
        "beta": beta,
        "p": p,
        "K": float(iterations),
        "C": room,
        "Q": built.quadratic,
        "N": 1 / share,
        "G2": 1.0,
        "D2": float(built.solution @ built.solution),
        "delta": 1.0,
    }


def replayed(beta: float, p: float, iterations: int, own: bool) -> Construction:
    """Run the reference on the construction's function, and return what it went through.

    ``own``: one function a step. Otherwise the one function is the largest of the affine pieces,
    and the subgradient is that of piece k, which must be among the largest at the k-th iterate.
    """
    built = construction(beta, p, iterations)
    how, state, x = made(beta, identity(built.points.shape[1]), 0.0), State(), built.points[0]
    points, gradients = [], []
    for k in range(iterations):
        pieces = 1 + np.vecdot(built.gradients, x - built.points)
        value = float(pieces[k]) if own else float(pieces.max())
        if pieces[k] < value - 1e-9:
            raise ValueError(
                f"piece {k + 1} is at {pieces[k]:.6g}; allowed: the largest, {value:.6g}"
            )
        points.append(x)
        gradients.append(built.gradients[k])
        x, state, _ = how.step(state, x, value, built.gradients[k])
    return Construction(
        np.array(points), np.array(gradients), built.averages, built.solution, built.quadratic
    )


def measure(v: Any, own: bool) -> Mapping[str, float]:
    """Run the reference, and measure the smallest value, the distance and the largest gradient."""
    iterations = round(v.K)
    run = replayed(v.beta, v.p, iterations, own)
    start, built = run.points[0], construction(v.beta, v.p, iterations)
    pieces = 1 + np.vecdot(built.gradients[None], run.points[:, None] - built.points[None])
    values = np.diag(pieces) if own else pieces.max(axis=1)
    return {
        "delta": float(values.min()),
        "D2": float((start - run.solution) @ (start - run.solution)),
        "G2": float(np.vecdot(run.gradients, run.gradients).max()),
    }
