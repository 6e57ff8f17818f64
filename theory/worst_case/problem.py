# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases and traps as problems: functions that are made to be hard, with x* and f* known.

A worst case is points, gradients and values (`theory.worst_case.instance`). The functions through
them are problems like any other: every claim that applies has to hold on them, and a wrong bound
is refuted there first. No solver is needed for the optimum: all functions are moved, by what the
semidefinite program left (some 1e-9), so that x* minimises each, in float64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from theory.problems.base import Array, Constants, Indices, fingerprint, gamma
from theory.worst_case.function import simplex_minimiser
from theory.worst_case.instance import Instance
from theory.worst_case.replay import allowance

GAP = 1e-11
"""How far below f(x) a smooth function's linearisation may start: what the simplex's minimiser
lacks. It was seen to be below 1e-13."""


class Piece(Protocol):
    """One convex function of a worst case, with infimum f* at x*."""

    @property
    def largest(self) -> float:
        """A bound on its gradients in the ball."""

    def below(self, x: Array) -> tuple[float, Array]:
        """Return a value and a gradient at x whose linearisation lies below the function."""


@dataclass(frozen=True, eq=False)
class Kinked:
    """``f(x) = max{f*, max_i b_i + <g_i, x>}``, with the points at which each piece is needed.

    At a kink every active piece gives a subgradient. The worst case names the one that it needs by
    the point: the active piece whose point is nearest to x. Its own value is returned, at most
    ``tie`` below f(x), so that its linearisation is the piece itself.
    """

    points: Array
    slopes: Array
    offsets: Array
    level: float
    tie: float

    @property
    def largest(self) -> float:
        """The longest slope."""
        return float(np.sqrt(np.vecdot(self.slopes, self.slopes)).max())

    def below(self, x: Array) -> tuple[float, Array]:
        """Return value and slope of the piece."""
        pieces = self.slopes @ x + self.offsets
        top = pieces.max()
        if top <= self.level + self.tie:
            return self.level, np.zeros_like(x)
        active = np.flatnonzero(pieces >= top - self.tie)
        away = x - self.points[active]
        nearest = active[int(np.vecdot(away, away).argmin())]
        return float(pieces[nearest]), self.slopes[nearest]


@dataclass(frozen=True, eq=False)
class Curved:
    """``f(x) = min_{w in simplex} ½||x - Σ w_i z_i||² + Σ w_i c_i``, 1-smooth.

    See `theory.worst_case.function.SmoothInterpolant`. For whatever w in the simplex and
    ``g = x - Σ w_i z_i``, f lies above ``<g, y> - ½||g||² + min_i (c_i - <g, z_i>)`` at every y,
    because ``½||y - z||² >= <g, y - z> - ½||g||²``: that is what is returned, so that an inexact w
    makes a gradient inexact, and no inequality wrong.
    """

    centres: Array
    constants: Array
    radius: float

    @property
    def largest(self) -> float:
        """``L D``: the gradient at x* is 0."""
        return self.radius

    def below(self, x: Array) -> tuple[float, Array]:
        """Return value and gradient."""
        weights = simplex_minimiser(
            self.centres @ self.centres.T, self.constants - self.centres @ x
        )
        grad = x - weights @ self.centres
        least = float((self.constants - self.centres @ grad).min())
        return float(grad @ x - grad @ grad / 2) + least, grad


@dataclass(frozen=True, eq=False)
class Hard:
    """Functions that come in a given order, all with the minimiser x* and the value f*.

    Attributes
    ----------
    name
        What tables call it.
    pieces
        The functions.
    start, solution
        ``x^1`` and x*, shape (n,).
    level
        f*.
    order
        Which function each step sees: step k sees ``order[(k-1) % len(order)]``.
    smoothness
        L, or None.
    slack
        How far below f(x) a returned value may lie.
    """

    name: str
    pieces: tuple[Piece, ...]
    start: Array
    solution: Array
    level: float
    order: tuple[int, ...]
    smoothness: float | None
    slack: float
    interpolation: bool = True

    @property
    def samples(self) -> int:
        """N."""
        return len(self.pieces)

    @property
    def infima(self) -> Array:
        """``inf f_i = f*``: every piece lies above f*, and is f* at x*."""
        return np.full(self.samples, self.level)

    def loss_and_grad(self, x: Array, index: Indices) -> tuple[Array, Array]:
        """Return values and gradients of the functions ``index`` at x."""
        shape = np.broadcast_shapes(x.shape[:-1], np.shape(index))
        points = np.broadcast_to(x, (*shape, x.shape[-1])).reshape(-1, x.shape[-1])
        chosen = np.broadcast_to(index, shape).ravel()
        values, grads = np.empty(len(points)), np.empty(points.shape)
        for row, (point, which) in enumerate(zip(points, chosen, strict=True)):
            values[row], grads[row] = self.pieces[which].below(point)
        return values.reshape(shape), grads.reshape(*shape, x.shape[-1])

    def losses(self, x: Array) -> Array:
        """Return all f_i(x), up to ``slack``."""
        return self.loss_and_grad(x[..., None, :], np.arange(self.samples))[0]

    def grad_norms_sq(self, x: Array) -> Array:
        """Return all ``||g_i(x)||²``."""
        grads = self.loss_and_grad(x[..., None, :], np.arange(self.samples))[1]
        return np.vecdot(grads, grads)

    def constants(self, solution: Array, radius: float) -> Constants:
        """Return the constants.

        ``G = gradient_max``: in a given order no sample is drawn, and each may be the longest.
        rounding. A value takes a product with a rounded point, and so does the linearisation, each
        ``γ_{n+4}`` of terms of size ``G (||x|| + ||y|| + ...) + |f*|``; besides, values lie up to
        ``slack`` too low.
        """
        dim = len(solution)
        largest = max(piece.largest for piece in self.pieces) * (1 + gamma(dim + 2))
        terms = largest * (2 * float(np.linalg.norm(solution)) + 4 * radius) + abs(self.level)
        rounding = 4 * gamma(dim + 4) * terms + self.slack
        return Constants(largest, largest, self.smoothness, rounding)

    def fingerprint(self) -> bytes:
        """Return a hash of the data."""
        parts = [
            np.ravel(part)
            for piece in self.pieces
            for part in vars(piece).values()
            if isinstance(part, np.ndarray)
        ]
        return fingerprint(f"{self.name} {self.order}", self.start, self.solution, *parts)


def problem(name: str, instance: Instance, metric: Array | None = None) -> Hard:
    """Return the functions of an instance as a problem.

    Parameters
    ----------
    name
        Its name.
    instance
        A worst case, or a trap.
    metric
        The entries of a frozen P, shape (n,): then ``x -> f(P^{1/2} x)``, on which MoMo-Adam with
        this metric makes the steps of the instance, see `theory.worst_case.setting.Setting`.
    """
    setting = instance.setting
    root = np.ones(len(instance.solution)) if metric is None else np.sqrt(metric)
    owners = np.array(setting.owners)
    pieces = [_piece(instance, owners == which, root) for which in range(setting.functions)]
    smooth = setting.kind == "smooth"
    return Hard(
        name=name,
        pieces=tuple(pieces),
        start=instance.points[0] / root,
        solution=instance.solution / root,
        level=instance.infimum,
        order=setting.owners,
        smoothness=1.0 if smooth else None,
        slack=GAP if smooth else max(piece.tie for piece in pieces if isinstance(piece, Kinked)),
    )


def _piece(instance: Instance, own: Sequence[bool] | Array, root: Array) -> Kinked | Curved:
    """Return one function, moved so that x* minimises it: see the module."""
    points, grads = instance.points[own], instance.gradients[own]
    values, solution, level = instance.values[own], instance.solution, instance.infimum
    if instance.setting.kind == "smooth":
        values = np.maximum(values, level + np.vecdot(grads, grads) / 2)
        centres = np.vstack([points - grads, solution])
        constants = np.append(values - np.vecdot(grads, grads) / 2, level)
        return Curved(centres, constants, instance.distance)
    slopes = grads * root
    offsets = np.minimum(values - np.vecdot(grads, points), level - grads @ solution)
    moved = float((values - np.vecdot(grads, points) - offsets).max())
    return Kinked(points / root, slopes, offsets, level, 4 * (allowance(instance) + moved))
