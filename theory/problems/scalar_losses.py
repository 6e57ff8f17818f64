# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Convex losses of one variable: value, subgradient, cvxpy form and conjugate."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from theory.problems.arguments import positive
from theory.problems.base import Array


@dataclass(frozen=True)
class ScalarLoss:
    """A convex φ: R -> [0, inf) with inf φ = 0.

    Attributes
    ----------
    name
        Its name, which determines it.
    value, slope
        φ(z) and a subgradient φ'(z), elementwise.
    expression
        φ in cvxpy, elementwise.
    argmin
        cvxpy constraints that say ``φ(z) = 0``.
    conjugate
        ``u -> (v, φ*(v))`` with v the point of the domain of φ* nearest to u.
    lipschitz
        ``sup |φ'|``, may be inf.
    curvature
        The Lipschitz constant of φ', or None where φ has kinks, or φ'' is not bounded.
    sharpness
        The largest s with ``φ(z) >= s |z|``.
    convexity
        The largest μ such that ``φ(z) - μz²/2`` is convex.
    generalized_smoothness
        (L0, L1) such that ``φ'' <= L0 + L1 |φ'|``, or None: what takes the place of the curvature
        of losses that grow faster than squares.
    """

    name: str
    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    expression: Callable[[Any], Any]
    argmin: Callable[[Any], list[Any]]
    conjugate: Callable[[Array], tuple[Array, Array]]
    lipschitz: float
    curvature: float | None
    sharpness: float = 0.0
    convexity: float = 0.0
    generalized_smoothness: tuple[float, float] | None = None


def _is_zero(z: Any) -> list[Any]:
    return [z == 0]


def _is_non_negative(z: Any) -> list[Any]:
    return [z >= 0]


def _indicator_conjugate(low: float, high: float, u: Array) -> tuple[Array, Array]:
    v = np.clip(u, low, high)
    return v, np.zeros_like(v)


def _square_conjugate(low: float, high: float, u: Array) -> tuple[Array, Array]:
    v = np.clip(u, low, high)
    return v, v**2 / 2


def _absolute_expression(z: Any) -> Any:
    import cvxpy as cp

    return cp.abs(z)


ABSOLUTE = ScalarLoss(
    "absolute",
    value=np.abs,
    slope=np.sign,
    expression=_absolute_expression,
    argmin=_is_zero,
    conjugate=partial(_indicator_conjugate, -1.0, 1.0),
    lipschitz=1.0,
    curvature=None,
    sharpness=1.0,
)
"""``φ(z) = |z|``; ``φ*(v) = 0`` for ``|v| <= 1``."""


def _squared_value(z: Array) -> Array:
    return z**2 / 2


def _identity(z: Array) -> Array:
    return z


def _squared_expression(z: Any) -> Any:
    import cvxpy as cp

    return cp.square(z) / 2


SQUARED = ScalarLoss(
    "squared",
    value=_squared_value,
    slope=_identity,
    expression=_squared_expression,
    argmin=_is_zero,
    conjugate=partial(_square_conjugate, -math.inf, math.inf),
    lipschitz=math.inf,
    curvature=1.0,
    convexity=1.0,
)
"""``φ(z) = z²/2``; ``φ*(v) = v²/2``."""


STRAIGHT = 100.0
"""From here on the exponential loss is a straight line: products of its values stay in float64."""


def _exponential_value(z: Array) -> Array:
    size = np.abs(z)
    bent = np.minimum(size, STRAIGHT)
    return np.asarray(np.expm1(bent) - bent + np.expm1(bent) * (size - bent))


def _exponential_slope(z: Array) -> Array:
    return np.asarray(np.sign(z) * np.expm1(np.minimum(np.abs(z), STRAIGHT)))


def _exponential_expression(z: Any) -> Any:
    import cvxpy as cp

    # The larger of the two branches: exp(|z|) - |z| is convex, but its terms are not.
    return cp.maximum(cp.exp(z) - z, cp.exp(-z) + z) - 1


def _exponential_conjugate(u: Array) -> tuple[Array, Array]:
    size = np.abs(u)
    return u, np.asarray((1 + size) * np.log1p(size) - size)


EXPONENTIAL = ScalarLoss(
    "exponential",
    value=_exponential_value,
    slope=_exponential_slope,
    expression=_exponential_expression,
    argmin=_is_zero,
    conjugate=_exponential_conjugate,
    lipschitz=math.inf,
    curvature=None,
    convexity=1.0,
    generalized_smoothness=(1.0, 1.0),
)
"""``φ(z) = e^{|z|} - |z| - 1``, for which ``φ'' = 1 + |φ'|``; ``φ*(v) = (1+|v|) log(1+|v|) - |v|``.

Beyond `STRAIGHT`, where no method that works comes, it goes on as its tangent, and is still convex
with ``φ'' <= 1 + |φ'|``; that its slopes are bounded by e^100 is of no use, and not said.
"""


def _huber_value(delta: float, z: Array) -> Array:
    inner = np.minimum(np.abs(z), delta)
    return inner * (np.abs(z) - inner / 2)


def _huber_slope(delta: float, z: Array) -> Array:
    return np.clip(z, -delta, delta)


def _huber_expression(delta: float, z: Any) -> Any:
    import cvxpy as cp

    return cp.huber(z, delta) / 2


def huber(delta: float) -> ScalarLoss:
    """Return ``φ(z) = z²/2`` for ``|z| <= δ``, else ``δ|z| - δ²/2``.

    ``φ*(v) = v²/2`` for ``|v| <= δ``.
    """
    positive(delta=delta)
    return ScalarLoss(
        f"huber({delta!r})",
        value=partial(_huber_value, delta),
        slope=partial(_huber_slope, delta),
        expression=partial(_huber_expression, delta),
        argmin=_is_zero,
        conjugate=partial(_square_conjugate, -delta, delta),
        lipschitz=delta,
        curvature=1.0,
    )


def _negative_part(z: Array) -> Array:
    return np.maximum(-z, 0)


def _hinge_slope(z: Array) -> Array:
    return np.where(z < 0, -1.0, 0.0)


def _hinge_expression(z: Any) -> Any:
    import cvxpy as cp

    return cp.pos(-z)


HINGE = ScalarLoss(
    "hinge",
    value=_negative_part,
    slope=_hinge_slope,
    expression=_hinge_expression,
    argmin=_is_non_negative,
    conjugate=partial(_indicator_conjugate, -1.0, 0.0),
    lipschitz=1.0,
    curvature=None,
)
"""``φ(z) = (-z)_+``; ``φ*(v) = 0`` for ``-1 <= v <= 0``."""


def _squared_hinge_value(z: Array) -> Array:
    return np.minimum(z, 0) ** 2 / 2


def _squared_hinge_slope(z: Array) -> Array:
    return np.minimum(z, 0)


def _squared_hinge_expression(z: Any) -> Any:
    import cvxpy as cp

    return cp.square(cp.pos(-z)) / 2


SQUARED_HINGE = ScalarLoss(
    "squared_hinge",
    value=_squared_hinge_value,
    slope=_squared_hinge_slope,
    expression=_squared_hinge_expression,
    argmin=_is_non_negative,
    conjugate=partial(_square_conjugate, -math.inf, 0.0),
    lipschitz=math.inf,
    curvature=1.0,
)
"""``φ(z) = (-z)_+²/2``; ``φ*(v) = v²/2`` for ``v <= 0``."""


def _logistic_value(z: Array) -> Array:
    return np.logaddexp(0, -z)


def _logistic_slope(z: Array) -> Array:
    return -np.exp(-np.logaddexp(0, z))


def _logistic_expression(z: Any) -> Any:
    import cvxpy as cp

    return cp.logistic(-z)


def _logistic_argmin(z: Any) -> list[Any]:
    return [_logistic_expression(z) <= 0]


def _logistic_conjugate(u: Array) -> tuple[Array, Array]:
    v = np.clip(u, -1, 0)
    p = np.clip(-v, np.finfo(float).tiny, 1)
    q = np.clip(1 + v, np.finfo(float).tiny, 1)
    return v, p * np.log(p) + q * np.log(q)


LOGISTIC = ScalarLoss(
    "logistic",
    value=_logistic_value,
    slope=_logistic_slope,
    expression=_logistic_expression,
    argmin=_logistic_argmin,
    conjugate=_logistic_conjugate,
    lipschitz=1.0,
    curvature=0.25,
)
"""``φ(z) = log(1 + e^{-z})``, whose infimum 0 is not attained.

``φ*(v) = -v log(-v) + (1+v) log(1+v)`` for ``-1 <= v <= 0``.
"""
