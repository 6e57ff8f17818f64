# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Noising processes in numbers: levels, and the step of a predictor from each to the next.

A predictor moves a sample from level i to level i + 1 by one evaluation of the score s:
``x ← keep x + drift s + spread ξ``. It is ancestral sampling (Ho et al., arXiv 2006.11239, eqs. 6
and 7; Song et al., arXiv 2011.13456, appendix F): the mean and the deviation of the posterior of
the next level, had the denoised sample been known. After the last level there is no noise: that
step denoises, ``x + σ_L² s`` or its equal under other scaling.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol


class Prediction(NamedTuple):
    """Of a step of the predictor: ``x ← keep x + drift s + spread ξ``."""

    keep: float
    drift: float
    spread: float


class Process(Protocol):
    """Levels from the noisiest on, and what a sampler has to know of each."""

    def __len__(self) -> int:
        """Return how many levels there are, L."""
        ...

    def level(self, i: int) -> float:
        """Return what the score is told of the level: σ_i, or the time."""
        ...

    def corrector_scale(self, i: int) -> float:
        """Return α_t of the corrector's step."""
        ...

    def predict(self, i: int) -> Prediction:
        """Return the step from level i to the next one, or from the last to no noise."""
        ...


@dataclass(frozen=True)
class Exploding:
    """Noise is added, the sample stays: ``x_i = x_0 + σ_i ξ`` ("variance exploding").

    Attributes
    ----------
    sigmas
        σ_1 > … > σ_L > 0, in units of x.
    """

    sigmas: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_falling("sigmas", self.sigmas)

    def __len__(self) -> int:
        """Return L."""
        return len(self.sigmas)

    def level(self, i: int) -> float:
        """Return σ_i."""
        return self.sigmas[i]

    def corrector_scale(self, i: int) -> float:
        """Return 1."""
        return 1.0

    def predict(self, i: int) -> Prediction:
        """Return the ancestral step: drift ``σ_i² - σ_{i+1}²``, σ_{L+1} = 0."""
        now, after = self.sigmas[i], (*self.sigmas, 0.0)[i + 1]
        drift = now**2 - after**2
        return Prediction(1.0, drift, after / now * math.sqrt(drift))


@dataclass(frozen=True)
class Preserving:
    """The sample shrinks as noise is added ("variance preserving").

    ``x_i = √a_i x_0 + √(1-a_i) ξ``; from one level back to the next, ``b_i = 1 - a_i/a_{i+1}``.

    Attributes
    ----------
    times
        What the network calls the levels, from the noisiest on.
    kept
        a_i of each, ascending, between 0 and 1.
    """

    times: tuple[float, ...]
    kept: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.times) != len(self.kept):
            raise ValueError(
                f"times are {len(self.times)}, kept {len(self.kept)}; allowed: as many"
            )
        _check_falling("1 - kept", tuple(1 - a for a in self.kept))
        if not min(self.kept) > 0:
            raise ValueError(f"kept = {self.kept}; allowed: above 0")

    def __len__(self) -> int:
        """Return L."""
        return len(self.times)

    def level(self, i: int) -> float:
        """Return the time."""
        return self.times[i]

    def corrector_scale(self, i: int) -> float:
        """Return the discrete ``1 - b_i``."""
        return self.kept[i] / (*self.kept, 1.0)[i + 1]

    def predict(self, i: int) -> Prediction:
        """Return the ancestral step of denoising diffusion; a_{L+1} = 1.

        ``x ← (x + b s)/√(1-b) + √(b (1-a_{i+1})/(1-a_i)) ξ``.
        """
        now, after = self.kept[i], (*self.kept, 1.0)[i + 1]
        b = 1 - now / after
        root = math.sqrt(1 - b)
        return Prediction(1 / root, b / root, math.sqrt(b * (1 - after) / (1 - now)))


def _check_falling(name: str, values: Sequence[float]) -> None:
    falling = all(now > after for now, after in pairwise(values))
    if not values or not falling or not values[-1] > 0:
        raise ValueError(f"{name} = {tuple(values)}; allowed: falling, all above 0")
