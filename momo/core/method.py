"""The record of a method: every choice of the family, as a part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from momo.core.parts import PLAIN, PROXIMAL, TRUNCATION, Decay, averaged, ball, penalty
from momo.core.products import Product
from momo.core.step import Line, Number

SHARED = ("averaging", "beta", "lower_bound", "step_rule", "iterates", "product", "linearisation")
"""What the groups of a method have to agree on: it belongs to the one model."""


@dataclass(frozen=True)
class Method:
    """A momentum model: what one parameter group chooses.

    ``x⁺ = argmin_x max{ρ⁻¹(f̄ + <d,x> - γ), f_*} + (λ/2)||x||²_D + ||x - z||²_D/(2α)``

    Attributes
    ----------
    averaging
        The weights of the samples in f̄, d and γ.
    preconditioner
        D_k, or a norm.
    lower_bound
        f_*^k.
    lr, beta, weight_decay
        α >= 0 (inf: no cap), β in [0, 1), λ >= 0.
    decay
        How λ enters; the paper's is `PROXIMAL`.
    step_rule
        τ_k of cap and ζ_k; the paper's is `TRUNCATION`.
    iterates
        Where gradients are taken and where steps go from; the paper's is `PLAIN`.
    product
        How the norm of the whole comes from those of its layers (`momo.core.products`). None: for a
        metric, and for the constrained form of a norm, in which α is the radius of a ball.
    linearisation
        What is truncated: the average of all lines (`averaged`, the paper's), or the `newest` loss.
    matrices
        The preconditioner of parameters with two or more axes; None: the same. In NumPy, where
        every x is flat, None.
    """

    averaging: Any
    preconditioner: Any
    lower_bound: Any
    lr: Number
    beta: Number = 0.0
    weight_decay: Number = 0.0
    decay: Decay = PROXIMAL
    step_rule: Any = TRUNCATION
    iterates: Any = PLAIN
    product: Product | None = None
    linearisation: Callable[[Number, Line], Line] = averaged
    matrices: Any = None

    def limit(self, unit: bool) -> Callable[[Number, Number], Number]:
        """Return what α means, for a direction of norm 1 (``unit``) or one of a metric."""
        return ball if unit and self.product is None else penalty
