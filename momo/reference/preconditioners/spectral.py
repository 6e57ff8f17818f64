"""The spectral norm of a matrix (Muon, Scion): the direction has all singular values equal.

The norm is ``||X|| = σ_max(X) / r``, its dual ``||d||_* = r Σ_i σ_i(d)``, and the maximiser of
``<d, u>`` over ``||u|| <= 1`` is ``u(d) = r U Vᵀ`` with ``d = U Σ Vᵀ`` (Bernstein and Newhouse
2024, arXiv 2409.20325). Parameters of other than two axes: see
`momo.reference.preconditioners.matrices`; of a vector the norm is ``||x||_2 / r``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np

from momo.core.step import Number
from momo.reference.checks import Array, non_negative, set_fields
from momo.reference.preconditioners.base import inner
from momo.reference.preconditioners.matrices import (
    RESOLUTION,
    Shape,
    as_matrices,
    as_vectors,
    check_whole,
    checked_shape,
    folded,
)

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic ``a σ + b σ³ + c σ⁵``, which is positive for every σ > 0 (Jordan et al. 2024)."""

RADII: Mapping[str, Callable[[int, int], float]] = {
    "one": lambda rows, columns: 1.0,
    "shape": lambda rows, columns: sqrt(max(1.0, rows / columns)),
    "rms": lambda rows, columns: 0.2 * sqrt(max(rows, columns)),
    "scion": lambda rows, columns: sqrt(rows / columns),
}
"""r of a matrix, by name.

"shape" is Muon's (Jordan et al. 2024), "rms" makes the entries of the size of Adam's steps (Liu et
al. 2025, arXiv 2502.16982), "scion" is the operator norm between root-mean-square norms (Pethick et
al. 2025, arXiv 2502.07529).
"""

WAYS = ("polar", "newton_schulz")


def polar(d: Array) -> Array:
    """Return the polar factor ``U Vᵀ`` over the singular values that are not rounding.

    It is ``U diag(c) Vᵀ``, c = 1 for singular values from φ of the largest on, φ = `RESOLUTION`,
    and 0 for those below φ/2. In between it grows in proportion, so that the result is continuous
    in d, and multiplies the rounding of d by at most 2/φ. Directions of singular value 0 may take
    any value in the maximiser; they are left out, so that the result does not depend on an
    arbitrary basis: 0 where d is 0.
    """
    left, values, right = np.linalg.svd(d, full_matrices=False)
    largest = values.max(axis=-1, keepdims=True)
    parts = values / np.where(largest > 0, largest, 1.0)
    counted = np.clip(2 * parts / RESOLUTION - 1, 0.0, 1.0)
    return (left * counted[..., None, :]) @ right


def newton_schulz(d: Array, eps: Array, steps: int) -> Array:
    """Return ``U p(Σ / (||d||_F + ε)) Vᵀ``, p the quintic applied ``steps`` times; 0 where d is 0.

    ``X ← a X + (b X Xᵀ + c (X Xᵀ)²) X`` (Jordan et al. 2024), on Xᵀ where X has more rows than
    columns. After 5 steps p lies between 0.681 and 1.135 for singular values of at least 0.0075 of
    ||d||_F, and between 0 and 1.21 for all (seen on a grid). Jordan et al. compute in bfloat16,
    this in the working precision.
    """
    norm = np.linalg.norm(d, axis=(-2, -1), keepdims=True)
    tall = d.shape[-2] > d.shape[-1]
    x = d / np.where(norm > 0, norm + eps[..., None, None], 1.0)
    x = np.swapaxes(x, -1, -2) if tall else x
    a, b, c = COEFFICIENTS
    for _ in range(steps):
        gram = x @ np.swapaxes(x, -1, -2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return np.swapaxes(x, -1, -2) if tall else x


@dataclass(frozen=True)
class SpectralNorm:
    """``||X|| = σ_max(X) / r`` for parameters of one shape.

    With "newton_schulz" the direction is nearly the maximiser: its norm is between 0.68 and 1.14
    for a well-conditioned d. `dual_norm_sq` is ``<d, direction>`` all the same, the slope of the
    model along the step that is taken, so that the step length is right for that step.
    """

    shape: Shape
    way: str
    radius: float
    eps: Array
    steps: int

    def direction(self, d: Array) -> Array:
        """Return ``u(d)``; 0 where d is 0."""
        matrices = as_matrices("d", d, self.shape)
        if self.way == "polar":
            return as_vectors(self.radius * polar(matrices))
        return as_vectors(self.radius * newton_schulz(matrices, self.eps, self.steps))

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``<d, u(d)>``: ``||d||_*``, not squared; of "newton_schulz" nearly."""
        return inner(d, self.direction(d))

    def norm_sq(self, x: Array) -> Array:
        """Return ``||x||²``."""
        matrices = as_matrices("x", x, self.shape)
        return (np.linalg.norm(matrices, ord=2, axis=(-2, -1)) / self.radius) ** 2


@dataclass(frozen=True)
class Spectral:
    """The spectral norm of a parameter at every step, with nothing kept.

    Attributes
    ----------
    shape
        The parameter's.
    way
        "newton_schulz" (Muon's) or "polar", by singular value decomposition.
    radius
        r: "one", "shape", "rms" or "scion", see `RADII`.
    eps, steps
        Of Newton-Schulz: ε >= 0 and the number of iterations, at least 1. With ε > 0 the direction
        of a d of that size is shorter than 1.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """

    shape: Shape
    way: str = "newton_schulz"
    radius: str = "one"
    eps: Number = 1e-7
    steps: int = 5
    unit: ClassVar[bool] = True

    def __post_init__(self) -> None:
        shape = checked_shape(self.shape)
        for name, allowed in (("way", WAYS), ("radius", tuple(RADII))):
            value = getattr(self, name)
            if value not in allowed:
                raise ValueError(f"{name} = {value!r}; allowed: {', '.join(map(repr, allowed))}")
        check_whole("steps", self.steps)
        set_fields(self, shape=shape, eps=non_negative("eps", self.eps))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of ε."""
        return {"eps": self.eps.shape}

    def update(
        self, memory: None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[SpectralNorm, None]:
        """Return the norm."""
        radius = RADII[self.radius](*folded(self.shape))
        return SpectralNorm(self.shape, self.way, radius, self.eps, self.steps), None
