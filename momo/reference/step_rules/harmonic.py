"""NGN's rule: the harmonic mean in the place of the minimum."""

from __future__ import annotations

import numpy as np

from momo.reference.checks import Array
from momo.reference.model import safe_divide
from momo.reference.step_rules.base import Memoryless


def harmonic(cap: Array, adaptive: Array) -> Array:
    """Return ``τ = 1 / (1/cap + 1/(2ζ)) = 2ζ cap / (2ζ + cap)``, between min/2 and min of 2ζ, cap.

    With ``ζ = f/||g||²`` this is NGN's ``γ/(1 + γ||g||²/(2f))`` (Orvieto and Xiao 2024,
    arXiv 2407.04358), the step that minimises the Gauss-Newton model of ``f = (sqrt f)²`` along g,
    with a proximal term. An infinite cap leaves 2ζ, the minimum of that model.
    """
    twice = 2 * adaptive
    finite = np.where(np.isinf(cap), 1.0, cap)
    # cap · (2ζ/(2ζ+cap)): the product 2ζ·cap could overflow.
    mean = finite * safe_divide(twice, twice + finite)
    # An infinite ζ (d = 0 within rounding) leaves the cap.
    mean = np.where(np.isinf(twice), finite, mean)
    return np.where(np.isinf(cap), twice, mean)


HARMONIC = Memoryless(harmonic)
