# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a problem is: a family of convex functions f(·, s), s = 0 … N-1, drawn uniformly.

A problem is any object with the attributes of `Problem`. Everything about it that the claims rely
on is here: losses and gradients for batches of points, the cvxpy model whose optimum is certified,
affine minorants (the dual side of the certificate), and constants with their derivations.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

UNIT_ROUNDOFF = float(np.finfo(np.float64).eps) / 2
"""u: a rounded operation is exact times (1 + δ) with |δ| <= u."""


def gamma(operations: int) -> float:
    """Return ``γ_m = m u / (1 - m u)``: the relative error of m rounded operations in a row.

    A dot product of length n has error at most ``γ_n ||a|| ||b||``, in any order of summation
    (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1).
    """
    return operations * UNIT_ROUNDOFF / (1 - operations * UNIT_ROUNDOFF)


MOST_HELD = 0.02
"""The part of a run's steps that may be held, where the problem has no ``most_held`` of its own.

A step is held where only rounding would decide it (`theory.audit.RESOLUTION`), and nothing is
claimed of it. In runs of 1000 to 2000 steps that was at most 0.6 % of them, but where a problem is
solved in finitely many: 3 to 12 % on half-spaces, 23 to 27 % on balls.
"""

SOLVED = 2000
"""Runs longer than this may spend all further steps at a solution: there, only steps whose samples
have a gradient are not to be held."""


def most_held(problem: object, iterations: int) -> float:
    """Return the part of a run's steps that may be held on a problem."""
    return float(getattr(problem, "most_held", MOST_HELD)) if iterations <= SOLVED else 1.0


def fingerprint(kind: str, *arrays: NDArray[Any]) -> bytes:
    """Return a hash of the shapes and bytes of the arrays, and of a text."""
    digest = hashlib.sha256(kind.encode())
    for array in arrays:
        digest.update(f"{array.shape} {array.dtype.str}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


def smallest_singular_value(matrix: Array) -> float:
    """Return the least of the min{rows, columns} singular values, less their rounding, or 0.

    The computed ones are those of a matrix off by at most ``4 m u σ_max`` in norm, m its entries,
    and by Weyl's inequality singular values move by no more. Where the result σ is positive the
    rank is full, so that ``||Av|| >= σ ||v||`` for every v in the span of the rows.
    """
    values = np.linalg.svd(matrix, compute_uv=False)
    return max(float(values[-1] - 4 * matrix.size * UNIT_ROUNDOFF * values[0]), 0.0)


@dataclass(frozen=True)
class ConvexModel:
    """A problem in cvxpy.

    Attributes
    ----------
    point
        The variable x, shape (n,).
    objective
        f(x), a convex cvxpy expression.
    constraints
        What the objective needs; the first is the link, whose dual value `Problem.minorants` takes.
    solution_set
        Constraints on the variable that say ``f_i(x) = inf f_i`` for all i. They should meet a
        constraint qualification (affine, or an interior point): otherwise the multipliers of the
        projection blow up, and the certificate is refused. Empty without interpolation: then x* is
        the minimiser that the solver finds.
    """

    point: Any
    objective: Any
    constraints: list[Any]
    solution_set: list[Any]


@dataclass(frozen=True)
class Minorants:
    """Affine functions below the f_i everywhere: ``f_i(x) >= offsets[i] + <slopes[i], x>``."""

    offsets: Array
    slopes: Array


@dataclass(frozen=True)
class Constants:
    """Bounds that hold on the ball ``||x - x*|| <= D``, unless they say where.

    What is not known is left at its default, and claims that need it object.

    Attributes
    ----------
    gradient
        G: ``E||∇f(x,s)||² <= G²`` on the ball (the paper's G, or an upper bound of it).
    gradient_max
        ``||∇f(x,s)|| <= gradient_max`` on the ball for every s.
    smoothness
        L such that every f(·,s) is L-smooth, or None.
    rounding
        ``f_s(x) + <g_s(x), y - x> <= f_s(y) + rounding`` as computed in float64, for x in the ball
        and y = x*: how far rounding can push a subgradient inequality.
    gradient_everywhere
        G everywhere: ``E||∇f(x,s)||² <= G²`` for all x; inf if there is none.
    gradient_everywhere_max
        The same for every sample: ``||∇f(x,s)|| <= gradient_everywhere_max`` for all x and s.
    sharpness
        s such that ``f(x) - f(x*) >= s ||x - x*||`` on the part of the ball that a method can
        reach, which moves along gradients only: ``x - x^1`` in the span of all ``∇f_i``. None if
        none is known.
    growth
        μ such that ``f(x) - f(x*) >= (μ/2) ||x - x*||²`` for all x with ``x - x^1`` in that span,
        in the ball and outside. None if none is known.
    generalized_smoothness
        (L0, L1) such that every f(·,s) is (L0, L1)-smooth, ``||∇²f|| <= L0 + L1 ||∇f||``; None
        where it is not known, or ``smoothness`` says more.
    """

    gradient: float
    gradient_max: float
    smoothness: float | None
    rounding: float
    gradient_everywhere: float = math.inf
    gradient_everywhere_max: float = math.inf
    sharpness: float | None = None
    growth: float | None = None
    generalized_smoothness: tuple[float, float] | None = None


class Problem(Protocol):
    """A finite family of convex functions f_0 … f_{N-1} on R^n, and a start.

    A family is a function from sizes, condition numbers and a seed to such an object.
    """

    @property
    def name(self) -> str:
        """A short identifier."""

    @property
    def samples(self) -> int:
        """N."""

    @property
    def start(self) -> Array:
        """``x^1``, shape (n,)."""

    @property
    def infima(self) -> Array:
        """``inf f_i``, shape (N,), known exactly (the family's docstring says why)."""

    @property
    def interpolation(self) -> bool:
        """Whether the family says that one x* minimises every f_i; the certificate checks it."""

    def loss_and_grad(self, x: Array, index: Indices) -> tuple[Array, Array]:
        """Return f_i(x) and a subgradient: x (..., n), index broadcasting with (...)."""

    def losses(self, x: Array) -> Array:
        """Return all f_i(x): (..., n) to (..., N)."""

    def grad_norms_sq(self, x: Array) -> Array:
        """Return all ``||g_i(x)||²``: (..., n) to (..., N)."""

    def model(self) -> ConvexModel:
        """Return the problem in cvxpy."""

    def minorants(self, dual: Array) -> Minorants:
        """Return minorants made from the link's dual value; valid whatever its value."""

    def constants(self, solution: Array, radius: float) -> Constants:
        """Return the constants on the ball of this radius about a solution."""

    def fingerprint(self) -> bytes:
        """Return bytes that determine the problem: the key of the cache."""
