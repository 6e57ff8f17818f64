"""Steps that are scaled by a random number (Zhang and Cutkosky 2024, arXiv 2405.09742)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array
from momo.reference.iterates.base import Points

MASK = (1 << 64) - 1


def uniform(seed: int, step: int) -> float:
    """Return a number in (0, 1) for step k: SplitMix64's output as a multiple of 2⁻⁵³, plus half.

    A function of seed and step alone, so that runs resume and ranks agree without keeping a
    generator (Steele, Lea and Flood 2014).
    """
    bits = (seed + step * 0x9E3779B97F4A7C15) & MASK
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
    bits ^= bits >> 31
    return ((bits >> 11) + 0.5) * 2.0**-53


@dataclass(frozen=True)
class RandomScaling:
    """``x^{k+1} = x^k + s_k (z^{k+1} - x^k)``, ``s_k ~ Exp(1)``, ``z^k = x^k``.

    In expectation over s the loss falls by the linear model of the step, exactly, without any
    smoothness.

    Attributes
    ----------
    seed
        Of the s_k.
    """

    seed: int = 0

    def start(self, x: Array) -> Points:
        """Keep nothing."""
        return ()

    def share(self, total: Array | None, step_size: Array, step: int) -> tuple[Array, Array | None]:
        """Return s_k."""
        return np.asarray(-np.log(uniform(self.seed, step))), None

    def move(self, points: Points, x: Array, z_next: Array, share: Array) -> tuple[Array, Points]:
        """Return ``x + s (z^{k+1} - x)``."""
        return x + share * (z_next - x), ()

    def evaluated(self, points: Points, x: Array) -> Array:
        """Return x."""
        return x
