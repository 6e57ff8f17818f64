# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Samples that are taken up the hill from x: sharpness-aware minimisation (SAM).

A sample at ``e`` is a line of the loss as one at x is; a step from x needs its value there. So a
method steps as always, with another pair of loss and gradient (derived here).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array
from momo.reference.preconditioners import inner

Sample = Callable[[Array], tuple[float, Array]]
"""``x -> f(x, s_k), ∇f(x, s_k)``."""


@dataclass(frozen=True)
class Ascent:
    """``e = x + ρ (1-λ + λ/||g||) g``, g the gradient at x (arXiv 2606.01827).

    Attributes
    ----------
    rho
        ρ >= 0; with λ = 1 the distance from x to e.
    mix
        λ in [0, 1]: 1 is SAM's point (Foret et al. 2021, arXiv 2010.01412), 0 that of its form
        without a norm.
    """

    rho: float = 0.1
    mix: float = 1.0

    def point(self, x: Array, grad: Array) -> Array:
        """Return e; x, where the gradient is 0. Shapes (n,)."""
        norm = float(np.sqrt(inner(grad, grad)))
        return x + self.rho * (1 - self.mix + self.mix / norm) * grad if norm else x

    def seen(self, sample: Sample) -> Sample:
        """Return ``x -> (f(e) - <g_e, e - x>, g_e)``: the line at e, by its value at x."""

        def at(x: Array) -> tuple[float, Array]:
            e = self.point(x, sample(x)[1])
            loss, grad = sample(e)
            return loss - float(inner(grad, e - x)), grad

        return at
