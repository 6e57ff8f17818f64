"""Preconditioners D_k: each gives the dual norm and the direction, so that they cannot disagree.

The law ``dual_norm_sq(d) == <d, direction(d)>`` holds for every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.averaging import ema_from_zero, weight_from_zero
from momo.reference.checks import Array, decay, positive


def inner(a: Array, b: Array) -> Array:
    """Return ``<a, b>`` over the last axis: shapes (..., n), (..., n) to (...)."""
    return np.vecdot(a, b)


class Metric(Protocol):
    """A positive definite matrix D."""

    def direction(self, d: Array) -> Array:
        """Return ``D^{-1} d``."""

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``||d||²_{D^{-1}} = <d, D^{-1} d>``."""

    def norm_sq(self, x: Array) -> Array:
        """Return ``||x||²_D = <x, D x>``."""


@dataclass(frozen=True)
class Identity:
    """``D = I``: MoMo, SGD-M."""

    def direction(self, d: Array) -> Array:
        """Return ``d``."""
        return d

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``||d||²``."""
        return inner(d, d)

    def norm_sq(self, x: Array) -> Array:
        """Return ``||x||²``."""
        return inner(x, x)


@dataclass(frozen=True)
class Diagonal:
    """``D = diag(entries)``, entries positive, of shape (..., n)."""

    entries: Array

    def direction(self, d: Array) -> Array:
        """Return ``d / entries``."""
        return d / self.entries

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``Σ d_i² / entries_i``."""
        return inner(d, self.direction(d))

    def norm_sq(self, x: Array) -> Array:
        """Return ``Σ entries_i x_i²``."""
        return inner(x, self.entries * x)


class Preconditioner(Protocol):
    """A rule that turns the gradients seen so far into D_k."""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of its own arrays, by argument: they must broadcast with the runs."""

    def update(self, memory: Array | None, grad: Array, step: int) -> tuple[Metric, Array | None]:
        """Return D_k and what is kept for step k+1; ``memory`` is None at the first step."""


@dataclass(frozen=True)
class IdentityPreconditioner:
    """``D_k = I`` for all k, with nothing kept."""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Nothing of its own."""
        return {}

    def update(self, memory: Array | None, grad: Array, step: int) -> tuple[Metric, Array | None]:
        """Return the identity."""
        return Identity(), None


def adam_diagonal(second_moment: Array, step: int, beta2: Array, eps: Array) -> Array:
    """Return the diagonal of ``D_k = diag(ε + sqrt(v_k / (1 - β2^k)))`` (paper, MoMo-Adam)."""
    return eps + np.sqrt(second_moment / weight_from_zero(step, beta2))


@dataclass(frozen=True)
class AdamPreconditioner:
    """``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k`` and `adam_diagonal`; made by `adam_preconditioner`.

    Attributes
    ----------
    beta2
        β2, shape (...).
    eps
        ε, shape (...).
    """

    beta2: Array
    eps: Array

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of β2 and ε."""
        return {"beta2": self.beta2.shape, "eps": self.eps.shape}

    def update(self, memory: Array | None, grad: Array, step: int) -> tuple[Metric, Array | None]:
        """Return Adam's D_k and v_k."""
        beta2 = self.beta2[..., None]
        second_moment = ema_from_zero(memory, grad * grad, beta2)
        entries = adam_diagonal(second_moment, step, beta2, self.eps[..., None])
        return Diagonal(entries), second_moment


def adam_preconditioner(beta2: ArrayLike = 0.999, eps: ArrayLike = 1e-8) -> AdamPreconditioner:
    """Return Adam's preconditioner.

    Parameters
    ----------
    beta2
        β2 in [0, 1); a scalar or one value a run.
    eps
        ε > 0: with ε = 0 a coordinate that has seen no gradient would make D singular.

    Raises
    ------
    ValueError
        If β2 or ε is out of range.
    """
    return AdamPreconditioner(decay("beta2", beta2), positive("eps", eps))


@dataclass(frozen=True)
class FrozenPreconditioner:
    """``D_k = P`` for all k: what Adam's becomes when v no longer moves; made by `frozen`.

    In the coordinates ``y = P^{1/2} x`` it is the identity, so that all that holds for ``D = I``
    holds in this metric.
    """

    metric: Metric

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of the runs that P belongs to."""
        entries = self.metric.entries if isinstance(self.metric, Diagonal) else np.zeros(1)
        return {"entries": entries.shape[:-1]}

    def update(self, memory: Array | None, grad: Array, step: int) -> tuple[Metric, Array | None]:
        """Return P."""
        return self.metric, None


def frozen(entries: ArrayLike) -> FrozenPreconditioner:
    """Return the preconditioner ``D_k = diag(entries)``.

    Parameters
    ----------
    entries
        Positive, shape (..., n).

    Raises
    ------
    ValueError
        If an entry is not positive and finite.
    """
    return FrozenPreconditioner(Diagonal(positive("entries", entries)))


@dataclass(frozen=True)
class AdaGradPreconditioner:
    """``D_k = diag(ε + sqrt(Σ_{j<=k} g_j∘g_j))``: never decreasing; made by `adagrad`.

    Attributes
    ----------
    eps
        ε, shape (...).
    """

    eps: Array

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of ε."""
        return {"eps": self.eps.shape}

    def update(self, memory: Array | None, grad: Array, step: int) -> tuple[Metric, Array | None]:
        """Return D_k and the sum of squares."""
        total = grad * grad if memory is None else memory + grad * grad
        return Diagonal(self.eps[..., None] + np.sqrt(total)), total


def adagrad(eps: ArrayLike = 1e-10) -> AdaGradPreconditioner:
    """Return AdaGrad's preconditioner (Duchi, Hazan and Singer 2011, diagonal form).

    Parameters
    ----------
    eps
        ε > 0: with ε = 0 a coordinate that has seen no gradient would make D singular.

    Raises
    ------
    ValueError
        If ε is out of range.
    """
    return AdaGradPreconditioner(positive("eps", eps))
