"""What a step rule does: it makes τ_k of the cap ``α/ρ`` and of the adaptive term ζ_k."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


class StepRule(Protocol):
    """A rule for τ_k."""

    def __call__(
        self, cap: Tensor, adaptive: Tensor, dual_norm_sq: Tensor, memory: Tensor, steps: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return τ_k and the number kept for step k+1; all are 0-dim tensors.

        Parameters
        ----------
        cap, adaptive
            ``α/ρ`` and ``ζ = gap/||d||²``.
        dual_norm_sq
            ``||d||²_{D^{-1}}``.
        memory
            0 before the first step.
        steps
            k - 1.
        """


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
        self, cap: Tensor, adaptive: Tensor, dual_norm_sq: Tensor, memory: Tensor, steps: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the rule's τ."""
        return self.rule(cap, self.factor * adaptive, dual_norm_sq, memory, steps)
