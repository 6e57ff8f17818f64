# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which momentum a sampler has, at which temperature: plain numbers, for both forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["langevin", "fixed", "adaptive"]
Temperature = Literal["published", "exact"]


@dataclass(frozen=True)
class Rule:
    """How the mean m of the scores is made, how far a step goes, and how much noise it has.

    Attributes
    ----------
    kind
        "langevin": m is the score, β = 0. "fixed": β is given, and 0 in the first step.
        "adaptive": β_k = Proj_[0,1-δ](((1-r)/(1+r))²) (arXiv 2405.13726).
    temperature
        The noise of a step: "published" √(2α), as the paper has it, while the drift is
        ``α̃ = α(1+β)²``; "exact" √(2α̃), derived here, whose stationary distribution tends to the
        one that the score belongs to as α falls. Without momentum they are the same.
    beta
        β of "fixed", dimensionless.
    delta
        δ of "adaptive": β is at most 1 - δ; 1e-3 in the annealed form and 1e-4 in that with a
        predictor, in the paper. With δ = 1 it is "langevin".
    guard
        Of "adaptive", ours, not in the paper: β = 0 where r > 1. Without it, β, which falls to 0 at
        r = 1, rises again beyond, so that the stiffest field gets the most momentum.

    Raises
    ------
    ValueError
        If an attribute is out of range; the message says what is allowed.
    """

    kind: Kind = "adaptive"
    temperature: Temperature = "published"
    beta: float = 0.9
    delta: float = 1e-3
    guard: bool = False

    def __post_init__(self) -> None:
        for name, allowed in (("kind", get_args(Kind)), ("temperature", get_args(Temperature))):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} = {getattr(self, name)!r}; allowed: {', '.join(allowed)}")
        if not 0.0 <= self.beta < 1.0:
            raise ValueError(f"beta = {self.beta}; allowed: from 0 to below 1")
        if not 0.0 < self.delta <= 1.0:
            raise ValueError(f"delta = {self.delta}; allowed: above 0, up to 1")


def geometric(first: float, last: float, count: int) -> tuple[float, ...]:
    """Return ``count`` levels from σ_1 = ``first`` down to σ_L = ``last``, with equal ratios.

    Raises
    ------
    ValueError
        If there are less than two, or they do not fall to a positive one.
    """
    if count < 2:
        raise ValueError(f"count = {count}; allowed: at least 2")
    if not first > last > 0:
        raise ValueError(f"first = {first}, last = {last}; allowed: first > last > 0")
    ratio = (last / first) ** (1 / (count - 1))
    return (*(first * ratio**i for i in range(count - 1)), last)


def check(sigmas: Sequence[float], steps: int, size: float, name: str) -> None:
    """See that a sampler's numbers can be worked with; ``name`` is that of its step size.

    Raises
    ------
    ValueError
        If one cannot; the message says what is allowed.
    """
    if not sigmas or not all(sigma > 0 for sigma in sigmas):
        raise ValueError(f"levels = {tuple(sigmas)}; allowed: at least one, all above 0")
    if steps < 1:
        raise ValueError(f"steps = {steps}; allowed: at least 1")
    if not size > 0:
        raise ValueError(f"{name} = {size}; allowed: above 0")
