# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The spectral norm of a matrix (Muon, Scion): the direction has all singular values equal.

The norm is ``||X|| = σ_max(X) / r``, its dual ``||d||_* = r Σ_i σ_i(d)``, and the maximiser of
``<d, u>`` over ``||u|| <= 1`` is ``u(d) = r U Vᵀ`` with ``d = U Σ Vᵀ`` (Bernstein and Newhouse
2024, arXiv 2409.20325). Parameters of other than two axes: see
`momo.reference.preconditioners.matrices`; of a vector the norm is ``||x||_2 / r``.

**The norm of the step before** (`Spectral.stale_norm`). With ``d' = d_{k-1}``, ``n' = ||d'||_*`` in
the place of ``n = ||d_k||_*``, and ``d_k = β d' + (1-β) g_k`` (derived here):

* ``|n - n'| <= ||d_k - d'||_* = (1-β) ||g_k - d'||_*``, as n is a norm; also
  ``β n' + (1-β) <u(d'), g_k> <= n <= β n' + (1-β) ||g_k||_*``, as it is convex. Of sums N over
  matrices likewise.
* Let ``e = (1-β) Σ_l ||g_l - d'_l||_* / N'``, so ``|N/N' - 1| <= e``, and let e < 1. τ of
  MuonMax, ``min{α/ρ, a/(N² + m)}`` with ``a = (h - ρ f_*)_+`` and m of the other parameters, is
  off by a factor between ``(1-e)²`` and ``(1-e)^-2``; the length ``τ N`` of the matrices' step,
  and the constrained ``τ = min{α, a/(N + m)}``, by one between ``1-e`` and ``1/(1-e)``. The
  directions are the same.
* Uncapped, with matrices alone, the line ends at ``ρ f_* + a (1 - N/N')`` in the place of
  ``ρ f_*``: by at most ``e a`` above or below.
* With "newton_schulz" ``<d, u(d)>`` is no norm, but changes by at most C times ``||d_k - d'||_*``:
  see `newton_schulz_slope`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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

"one" is 1, as in Crawshaw et al. 2025 (arXiv 2510.09827), who have one number for all matrices;
"shape" is Muon's (Jordan et al. 2024), "rms" makes the entries of the size of Adam's steps (Liu et
al. 2025, arXiv 2502.16982), "scion" is the operator norm between root-mean-square norms (Pethick et
al. 2025, arXiv 2502.07529).
"""

WAYS = ("polar", "newton_schulz")
Radius = str | float
"""A name of `RADII`, or r itself."""


def radius_of(radius: Radius, shape: Shape) -> float:
    """Return r of a parameter."""
    return RADII[radius](*folded(shape)) if isinstance(radius, str) else float(radius)


def checked_radius(radius: Radius) -> Radius:
    """Return a radius, or raise ``ValueError``."""
    number = isinstance(radius, int | float) and not isinstance(radius, bool)
    if radius not in tuple(RADII) and not (number and 0 < float(radius) < float("inf")):
        raise ValueError(
            f"radius = {radius!r}; allowed: {', '.join(map(repr, RADII))}, or a number above 0"
        )
    return radius


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


SLOPES = (7.76, 8.64)
"""At least the largest ``|p + s p'|`` and ``|s p'|`` over s in [0, 1], of 5 iterations (a grid)."""


def newton_schulz_slope(rank: int) -> float:
    """Return C with ``|<d, u(d)> - <d', u(d')>| <= C r ||d - d'||_*``, the nuclear norm's.

    ``<d, u(d)> = r Σ_i σ_i p(s_i)``, ``s_i = σ_i/(||d||_F + ε)``, changes with σ_i by
    ``p(s_i) + s_i p'(s_i) - (σ_i/||d||_F) Σ_j s_j² p'(s_j)`` times r, in absolute value at most
    ``max|p + s p'| + max|s p'| Σ_j s_j``, and ``Σ_j s_j <= sqrt(rank)`` (derived here; 5
    iterations). It is far above what is seen: of a d of no special kind p is near 1, and C near 1.

    Parameters
    ----------
    rank
        The smaller of rows and columns.
    """
    return SLOPES[0] + SLOPES[1] * sqrt(rank)


@dataclass(frozen=True)
class SpectralNorm:
    """``||X|| = σ_max(X) / r`` for parameters of one shape.

    With "newton_schulz" the direction is nearly the maximiser: its norm is between 0.68 and 1.14
    for a well-conditioned d. `dual_norm_sq` is ``<d, direction>`` all the same, the slope of the
    model along the step that is taken, so that the step length is right for that step.

    Attributes
    ----------
    shape, way, radius, eps, steps
        As in `Spectral`; r is a number.
    stale
        The dual norm of the step before, in the place of that of d; None: that of d.
    """

    shape: Shape
    way: str
    radius: float
    eps: Array
    steps: int
    stale: Array | None = None

    def direction(self, d: Array) -> Array:
        """Return ``u(d)``; 0 where d is 0."""
        matrices = as_matrices("d", d, self.shape)
        if self.way == "polar":
            return as_vectors(self.radius * polar(matrices))
        return as_vectors(self.radius * newton_schulz(matrices, self.eps, self.steps))

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``<d, u(d)>``: ``||d||_*``, not squared; of "newton_schulz" nearly."""
        return inner(d, self.direction(d)) if self.stale is None else self.stale

    def norm_sq(self, x: Array) -> Array:
        """Return ``||x||²``."""
        matrices = as_matrices("x", x, self.shape)
        return (np.linalg.norm(matrices, ord=2, axis=(-2, -1)) / self.radius) ** 2


@dataclass(frozen=True)
class Spectral:
    """The spectral norm of a parameter at every step; kept is at most its dual norm.

    Attributes
    ----------
    shape
        The parameter's.
    way
        "newton_schulz" (Muon's) or "polar", by singular value decomposition.
    radius
        r: a number above 0, or "one", "shape", "rms" or "scion", see `RADII`.
    eps, steps
        Of Newton-Schulz: ε >= 0 and the number of iterations, at least 1. With ε > 0 the direction
        of a d of that size is shorter than 1.
    stale_norm
        Whether the dual norm is that of the step before, as Crawshaw et al. 2025 have it; at the
        first gradient it is its own.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """

    shape: Shape
    way: str = "newton_schulz"
    radius: Radius = "one"
    eps: Number = 1e-7
    steps: int = 5
    stale_norm: bool = False
    unit: ClassVar[bool] = True

    def __post_init__(self) -> None:
        shape = checked_shape(self.shape)
        if self.way not in WAYS:
            raise ValueError(f"way = {self.way!r}; allowed: {', '.join(map(repr, WAYS))}")
        checked_radius(self.radius)
        check_whole("steps", self.steps)
        set_fields(self, shape=shape, eps=non_negative("eps", self.eps))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of ε."""
        return {"eps": self.eps.shape}

    def update(
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[SpectralNorm, Array | None]:
        """Return the norm, and the dual norm of d_k where it is kept.

        Raises
        ------
        ValueError
            If the dual norm is to be kept, and there is no d_k.
        """
        radius = radius_of(self.radius, self.shape)
        norm = SpectralNorm(self.shape, self.way, radius, self.eps, self.steps)
        if not self.stale_norm:
            return norm, None
        if grad_avg is None:
            raise ValueError("grad_avg is None; allowed: d_k, whose dual norm is kept")
        now = norm.dual_norm_sq(grad_avg)
        return replace(norm, stale=now if memory is None else memory), now
