"""Truncated steps in a general norm (derived here; cf. arXiv 2510.09827).

With a norm, its dual, and ``u(d)`` a maximiser of ``<d, u>`` over ``||u|| <= 1``, the step
minimises the truncated model ``max{(h + <d, y - x>)/ρ, f_*}`` over y, either

* regularised, with ``(1/(2α)) ||y - x||²`` added, or
* constrained, to ``||y - x|| <= α/ρ``, taking the shortest of the minimisers.

A norm acts on the last `axes` axes: 1 for vectors, 2 for matrices.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from momo.reference import checks
from momo.reference.checks import Array
from momo.reference.model import safe_divide
from momo.reference.preconditioners.spectral import polar


class Norm(Protocol):
    """A norm, its dual and the dual's maximiser; the law is ``<d, u(d)> == ||d||_*``."""

    @property
    def axes(self) -> int:
        """How many trailing axes make one element."""

    def norm(self, x: Array) -> Array:
        """Return ``||x||``, shape (...)."""

    def dual_norm(self, d: Array) -> Array:
        """Return ``||d||_* = max{<d, u> : ||u|| <= 1}``, shape (...)."""

    def maximiser(self, d: Array) -> Array:
        """Return ``u(d)``, of the shape of d; 0 where d is 0."""


class Euclidean:
    """The 2-norm of vectors, its own dual: the gradient direction."""

    axes = 1

    def norm(self, x: Array) -> Array:
        """Return ``sqrt(<x, x>)``."""
        return np.linalg.norm(x, axis=-1)

    def dual_norm(self, d: Array) -> Array:
        """Return ``sqrt(<d, d>)``."""
        return self.norm(d)

    def maximiser(self, d: Array) -> Array:
        """Return ``d / ||d||``."""
        return safe_divide(d, self.norm(d)[..., None])


class LInf:
    """The ℓ∞ norm of vectors; the dual is ℓ1, the direction the sign (Signum, Lion)."""

    axes = 1

    def norm(self, x: Array) -> Array:
        """Return ``max_i |x_i|``."""
        return np.abs(x).max(axis=-1)

    def dual_norm(self, d: Array) -> Array:
        """Return ``Σ_i |d_i|``."""
        return np.abs(d).sum(axis=-1)

    def maximiser(self, d: Array) -> Array:
        """Return ``sign(d)``."""
        return np.sign(d)


class Spectral:
    """The largest singular value of matrices; the dual is the nuclear norm (Muon, Scion)."""

    axes = 2

    def norm(self, x: Array) -> Array:
        """Return ``σ_max(x)``."""
        return np.linalg.norm(x, ord=2, axis=(-2, -1))

    def dual_norm(self, d: Array) -> Array:
        """Return ``Σ_i σ_i(d)``."""
        return np.linalg.svd(d, compute_uv=False).sum(axis=-1)

    def maximiser(self, d: Array) -> Array:
        """Return the polar factor ``U V^T`` over the singular values that are not rounding."""
        return polar(d)


EUCLIDEAN = Euclidean()
LINF = LInf()
SPECTRAL = Spectral()


def regularised_step_size(
    value: Array, dual_norm: Array, lower_bound: Array, lr: Array, weight: Array
) -> Array:
    """Return ``τ = min{α/ρ, (h - ρ f_*)_+ / ||d||_*²}``."""
    gap = np.maximum(value - weight * lower_bound, 0)
    return np.minimum(lr / weight, safe_divide(gap, dual_norm**2))


def constrained_step_size(
    value: Array, dual_norm: Array, lower_bound: Array, lr: Array, weight: Array
) -> Array:
    """Return ``τ = min{α/ρ, (h - ρ f_*)_+ / ||d||_*}``.

    The positive part is essential: without it the step climbs where the model lies below f_*.
    """
    gap = np.maximum(value - weight * lower_bound, 0)
    return np.minimum(lr / weight, safe_divide(gap, dual_norm))


def regularised_step(
    x: ArrayLike,
    value: ArrayLike,
    grad_avg: ArrayLike,
    norm: Norm,
    lower_bound: ArrayLike = 0.0,
    lr: ArrayLike = 1.0,
    weight: ArrayLike = 1.0,
) -> Array:
    """Return ``x - τ ||d||_* u(d)``, τ from `regularised_step_size`.

    Parameters
    ----------
    x, grad_avg
        ``x^k`` and d_k; shape (..., n), or (..., m, n) for a norm of matrices.
    value
        h_k, shape (...).
    norm
        `EUCLIDEAN`, `LINF`, `SPECTRAL`, or any `Norm`.
    lower_bound, lr, weight
        f_* (default 0), α > 0 (default 1, may be inf), ρ > 0 (default 1); shape (...).

    Raises
    ------
    ValueError
        If an argument is not finite, out of range, or of a shape that does not match.
    """
    x, value, grad_avg, lower_bound, lr, weight = _checked(
        x, value, grad_avg, norm, lower_bound, lr, weight
    )
    dual = norm.dual_norm(grad_avg)
    tau = regularised_step_size(value, dual, lower_bound, lr, weight)
    return x - _expand(tau * dual, norm) * norm.maximiser(grad_avg)


def constrained_step(
    x: ArrayLike,
    value: ArrayLike,
    grad_avg: ArrayLike,
    norm: Norm,
    lower_bound: ArrayLike = 0.0,
    lr: ArrayLike = 1.0,
    weight: ArrayLike = 1.0,
) -> Array:
    """Return ``x - τ u(d)``, τ from `constrained_step_size`; arguments as `regularised_step`."""
    x, value, grad_avg, lower_bound, lr, weight = _checked(
        x, value, grad_avg, norm, lower_bound, lr, weight
    )
    tau = constrained_step_size(value, norm.dual_norm(grad_avg), lower_bound, lr, weight)
    return x - _expand(tau, norm) * norm.maximiser(grad_avg)


def _expand(scalar: Array, norm: Norm) -> Array:
    return scalar.reshape(scalar.shape + (1,) * norm.axes)


def _checked(
    x: ArrayLike,
    value: ArrayLike,
    grad_avg: ArrayLike,
    norm: Norm,
    lower_bound: ArrayLike,
    lr: ArrayLike,
    weight: ArrayLike,
) -> tuple[Array, Array, Array, Array, Array, Array]:
    x, grad_avg = checks.finite("x", x), checks.finite("grad_avg", grad_avg)
    axes = norm.axes
    if x.ndim < axes or grad_avg.ndim < axes or x.shape[-axes:] != grad_avg.shape[-axes:]:
        raise ValueError(
            f"grad_avg has shape {grad_avg.shape}, x has {x.shape}; the last {axes} axes must"
            " exist and be equal"
        )
    value, lower_bound = checks.finite("value", value), checks.finite("lower_bound", lower_bound)
    lr, weight = checks.learning_rate("lr", lr), checks.positive("weight", weight)
    checks.broadcasts(
        {
            "x": x.shape[:-axes],
            "grad_avg": grad_avg.shape[:-axes],
            "value": value.shape,
            "lower_bound": lower_bound.shape,
            "lr": lr.shape,
            "weight": weight.shape,
        }
    )
    return x, value, grad_avg, lower_bound, lr, weight
