# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The spectral norm of a matrix (Muon, Scion): the direction has all singular values equal.

``||X|| = σ_max(X) / r``, ``||d||_* = r Σ_i σ_i(d)``, ``u(d) = r U Vᵀ`` with ``d = U Σ Vᵀ``; what r
is, and from where, and what it costs to take the dual norm of the step before, is in
`momo.reference.preconditioners.spectral`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim import arguments
from momo.optim.preconditioners.base import Memory, Rate, Shape
from momo.optim.preconditioners.matrices import RESOLUTION, folded, symmetric

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic of Jordan et al. 2024."""

AT_ONCE = 3
"""How many iterations of a wide matrix are made of one ``X Xᵀ``, whose rounding they multiply.

At an eigenvalue λ of it the product of the P of n iterations is at most ``a^n`` and changes by less
than ``a^n |b/a| Σ_{i<n} a^{2i} |dλ|``: with n = 3 the rounding u of λ makes 9000 u of it, at
singular values ``sqrt(λ)`` below 0.07, where that counts for 600 u; with n = 5, for 30000 u. The
whole iteration multiplies errors in d by up to ``a^5 = 485`` (derived here).
"""

RADII: Mapping[str, Callable[[int, int], float]] = {
    "one": lambda rows, columns: 1.0,
    "shape": lambda rows, columns: sqrt(max(1.0, rows / columns)),
    "rms": lambda rows, columns: 0.2 * sqrt(max(rows, columns)),
    "scion": lambda rows, columns: sqrt(rows / columns),
}
"""r of a matrix, by name."""
DUAL_NORM = "dual_norm"
"""``<d_k, u(d_k)>`` of the last step, in the optimizer's state."""


def polar(d: Tensor) -> Tensor:
    """Return ``U Vᵀ`` over the singular values that are not rounding; 0 where d is 0.

    Those between φ/2 and φ of the largest, φ = `RESOLUTION`, count in part: it is continuous in d.
    torch's singular value decomposition waits for a CUDA device: `newton_schulz` does not.
    """
    left, values, right = torch.linalg.svd(d, full_matrices=False)
    largest = values.amax(-1, keepdim=True)
    parts = values / torch.where(largest > 0, largest, 1.0)
    return (left * (2 * parts / RESOLUTION - 1).clamp(0, 1).unsqueeze(-2)) @ right


def newton_schulz(d: Tensor, eps: float, steps: int) -> Tensor:
    """Return nearly ``U Vᵀ``, by the quintic iteration on ``d / (||d||_F + ε)``; 0 where d is 0.

    In the dtype of d, where Jordan et al. 2024 use bfloat16. Singular values that are at least
    0.0075 of ||d||_F come out between 0.68 and 1.14.
    """
    norm = torch.linalg.vector_norm(d, dim=(-2, -1), keepdim=True)
    x = d / torch.where(norm > 0, norm + eps, 1.0)
    rows, columns = d.shape[-2:]
    x = x.mT if rows > columns else x
    once = AT_ONCE if 2 * min(rows, columns) <= max(rows, columns) else 1
    for count in (steps % once, *[once] * (steps // once)):
        x = iterated(x, count) if count else x
    return x.mT if rows > columns else x


def iterated(x: Tensor, count: int) -> Tensor:
    """Return X after iterations ``X ← P X``, ``P = a I + b G + c G²``, ``G = X Xᵀ``.

    The matrices P are polynomials of the first G, so they commute, are symmetric, and
    ``G ← P G P``. So all but the first and last product are of small square matrices, where there
    are many more columns than rows.
    """
    gram = symmetric(x, x.mT)
    factor = product = polynomial(gram)
    for _ in range(count - 1):
        gram = symmetric(factor @ gram, factor)
        factor = polynomial(gram)
        product = symmetric(factor, product)
    return product @ x


def polynomial(gram: Tensor) -> Tensor:
    """Return ``a I + b G + c G²`` of symmetric matrices G."""
    a, b, c = COEFFICIENTS
    made = symmetric(gram, gram).mul_(c).add_(gram, alpha=b)
    made.diagonal(dim1=-2, dim2=-1).add_(a)
    return made


@dataclass(frozen=True)
class Spectral:
    """The norm ``σ_max(X) / r``; a parameter of other than two axes is folded, first axis first.

    With "newton_schulz" the direction is nearly the maximiser, and ``<d, direction>`` nearly the
    dual norm: it is the slope along the step that is taken, which the step length needs.

    Attributes
    ----------
    way
        "newton_schulz" (Muon's) or "polar", by singular value decomposition.
    radius
        r: a number above 0, "one" (Crawshaw et al. 2025), "shape" (Muon's), "rms" (Liu et al.
        2025) or "scion" (Pethick et al. 2025).
    eps, steps
        Of Newton-Schulz: ε >= 0 and the number of iterations.
    stale_norm
        Whether the dual norm is that of the step before; at the first gradient it is its own.

    Raises
    ------
    ValueError, TypeError
        If an attribute is out of range.
    """

    way: str = "newton_schulz"
    radius: str | float = "one"
    eps: float = 1e-7
    steps: int = 5
    stale_norm: bool = False
    elementwise: ClassVar[bool] = False
    dear: ClassVar[bool] = True
    unit: ClassVar[bool] = True
    beta2: ClassVar[None] = None

    def __post_init__(self) -> None:
        """Check the attributes."""
        if self.way not in ("newton_schulz", "polar"):
            raise ValueError(f"way = {self.way!r}; allowed: 'newton_schulz', 'polar'")
        checked_radius("radius", self.radius)
        arguments.non_negative("eps", self.eps)
        arguments.whole("steps", self.steps)
        arguments.flag("stale_norm", self.stale_norm)

    def seen(self, shape: Shape) -> Shape:
        """See matrices."""
        return folded(shape)

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep the dual norm, if that of the step before is wanted."""
        return {DUAL_NORM: (1,)} if self.stale_norm else {}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Keep what there is: the dual norm is known after the direction."""
        return memory

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``u(d)``; 0 where d is 0."""
        unit = polar(d) if self.way == "polar" else newton_schulz(d, self.eps, self.steps)
        radius = self.radius
        if isinstance(radius, str):
            radius = RADII[radius](*d.shape[-2:])
        return unit if radius == 1 else unit.mul_(radius)

    def dual_norms(self, found: Tensor, memory: Memory, weight: Any) -> tuple[Tensor, Memory]:
        """Return the dual norm of the step before, and what is kept: that of this one.

        At the first gradient, of weight 1, it is its own.
        """
        before = memory[0].reshape(found.shape)
        if isinstance(weight, Tensor):
            used = torch.where(weight.reshape(-1, 1) <= 1, found, before)
        else:
            used = found if weight <= 1 else before.clone()
        return used, (found.reshape(memory[0].shape),)


def checked_radius(name: str, value: Any) -> str | float:
    """Return a name of `RADII`, or a number above 0.

    Raises
    ------
    ValueError, TypeError
        If it is neither.
    """
    if isinstance(value, str):
        if value in RADII:
            return value
        raise ValueError(
            f"{name} = {value!r}; allowed: {', '.join(map(repr, RADII))}, or a number above 0"
        )
    return arguments.positive(name, value)
