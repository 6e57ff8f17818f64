"""What a step rule does: it makes τ_k of the cap ``α/ρ`` and of the adaptive term ζ_k."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from momo.reference.checks import Array

Memory = Any
"""What a rule keeps between steps; None at the first."""


class StepRule(Protocol):
    """A rule for τ_k."""

    def __call__(
        self, cap: Array, adaptive: Array, dual_norm_sq: Array, memory: Memory, step: int
    ) -> tuple[Array, Memory]:
        """Return τ_k and what is kept for step k+1.

        Parameters
        ----------
        cap, adaptive
            ``α/ρ`` and ``ζ = gap/||d||²``, shape (...).
        dual_norm_sq
            ``||d||²_{D^{-1}}``.
        memory
            None at the first step.
        step
            k, counted from 1.
        """


@dataclass(frozen=True)
class Memoryless:
    """A rule that depends on cap and adaptive term alone.

    Attributes
    ----------
    rule
        ``(cap, ζ) -> τ``.
    """

    rule: Callable[[Array, Array], Array]

    def __call__(
        self, cap: Array, adaptive: Array, dual_norm_sq: Array, memory: Memory, step: int
    ) -> tuple[Array, Memory]:
        """Return τ, and keep nothing."""
        return self.rule(cap, adaptive), None


@dataclass(frozen=True)
class Scaled:
    """A rule that is given ``ζ/c``: the constant c of the stochastic Polyak methods.

    Attributes
    ----------
    rule
        The rule.
    factor
        ``1/c``, above 0.
    """

    rule: StepRule
    factor: float

    def __call__(
        self, cap: Array, adaptive: Array, dual_norm_sq: Array, memory: Memory, step: int
    ) -> tuple[Array, Memory]:
        """Return the rule's τ."""
        return self.rule(cap, self.factor * adaptive, dual_norm_sq, memory, step)
