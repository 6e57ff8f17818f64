# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Problems that are not what they say, one thing wrong in each: the checks of problems find them.

Each is a right problem with one part replaced. A claim that runs on one of them says nothing: the
problem has to be blamed before (`theory.soundness`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from theory.problems.absolute_regression import absolute_regression
from theory.problems.base import Array, Constants, Problem
from theory.problems.huber_regression import huber_regression
from theory.problems.least_squares import least_squares
from theory.problems.linear_model import LinearModel
from theory.problems.noisy_regression import InconsistentLeastSquares, noisy_regression
from theory.problems.scalar_losses import ABSOLUTE, SQUARED


def _flipped(z: Array) -> Array:
    return -z


def flipped_slope() -> LinearModel:
    """Return least squares whose gradients point the wrong way."""
    return replace(least_squares(), loss=replace(SQUARED, slope=_flipped))


def _root(z: Array) -> Array:
    return np.sqrt(np.abs(z))


def not_convex() -> LinearModel:
    """Return ``f_i(x) = |<a_i, x> - b_i|^(1/2)``, said to be the absolute value."""
    return replace(absolute_regression(), loss=replace(ABSOLUTE, value=_root))


@dataclass(frozen=True, eq=False)
class Understated(LinearModel):
    """A linear model that divides its constants: G, the largest gradient, and L."""

    gradient: float = 1.0
    smoothness: float = 1.0

    def constants(self, solution: Array, radius: float) -> Constants:
        """Return the divided constants."""
        right = super().constants(solution, radius)
        return replace(
            right,
            gradient=right.gradient / self.gradient,
            gradient_max=right.gradient_max / self.gradient,
            smoothness=None if right.smoothness is None else right.smoothness / self.smoothness,
        )


def _understated(right: LinearModel, gradient: float, smoothness: float) -> Understated:
    parts = (right.name, right.features, right.targets, right.loss, right.start, right.level)
    return Understated(*parts, gradient=gradient, smoothness=smoothness)


def small_gradient() -> Understated:
    """Return absolute regression whose Lipschitz constant is said to be a tenth of what it is."""
    return _understated(absolute_regression(), 10.0, 1.0)


def small_smoothness() -> Understated:
    """Return Huber regression whose smoothness constant is said to be a tenth of what it is."""
    return _understated(huber_regression(), 1.0, 10.0)


@dataclass(frozen=True, eq=False)
class Raised(LinearModel):
    """A linear model that says of every f_i that it has a larger infimum."""

    by: float = 0.1

    @property
    def infima(self) -> Array:
        """``level + by``."""
        return super().infima + self.by


def high_infima() -> Raised:
    """Return least squares whose infima are said to be 0.1 larger than they are."""
    right = least_squares()
    parts = (right.name, right.features, right.targets, right.loss, right.start, right.level)
    return Raised(*parts)


def barely_noisy() -> InconsistentLeastSquares:
    """Return a regression with so little noise that interpolation fails by 30 tolerances."""
    return noisy_regression(noise=1e-3)


FAULTY: dict[str, Callable[[], Problem]] = {
    "flipped_slope": flipped_slope,
    "not_convex": not_convex,
    "small_gradient": small_gradient,
    "small_smoothness": small_smoothness,
    "high_infima": high_infima,
    "barely_noisy": barely_noisy,
}
"""Each has to be refused before any claim is checked on it."""

REFUSED_BY = dict.fromkeys(FAULTY, "soundness") | {"barely_noisy": "certificate"}
"""By what: the sampled checks, or the certificate of the optimum."""
