# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The record of a method: every choice of the family, as a part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from momo.core.parts import PLAIN, PROXIMAL, TRUNCATION, averaged, ball, penalty
from momo.core.products import Product
from momo.core.step import Number

SHARED = ("averaging", "beta", "lower_bound", "step_rule", "iterates", "product", "linearisation")
"""What the groups of a method have to agree on: it belongs to the one model."""
PAPER = {
    "decay": PROXIMAL,
    "step_rule": TRUNCATION,
    "iterates": PLAIN,
    "linearisation": averaged,
}
"""The paper's parts."""


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
    bounded
        Whether no loss may lie below the bound. It may of a method without a model, that looks at
        none, and where it is the value at x of a line that touches the loss elsewhere (SAM).
    """

    averaging: Any
    preconditioner: Any
    lower_bound: Any
    lr: Number
    beta: Number = 0.0
    weight_decay: Number = 0.0
    # None is the paper's: torch.compile cannot trace other objects as defaults.
    decay: Any = None
    step_rule: Any = None
    iterates: Any = None
    product: Product | None = None
    linearisation: Any = None
    matrices: Any = None
    bounded: bool = True

    def __post_init__(self) -> None:
        """Choose the paper's parts where none was chosen."""
        for name, part in PAPER.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, part)

    def limit(self, unit: bool) -> Callable[[Number, Number], Number]:
        """Return what α means, for a direction of norm 1 (``unit``) or one of a metric."""
        return ball if unit and self.product is None else penalty
