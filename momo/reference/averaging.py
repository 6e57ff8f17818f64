"""Averages of losses and gradients, and their total weight ρ_k (paper, the model's weights).

A new averaging is one update function, one weight function, and one `Averaging`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array


def ema_from_first(previous: Array | None, sample: Array, beta: Array) -> Array:
    """Return ``a_k = β a_{k-1} + (1-β) s_k`` with ``a_1 = s_1`` (paper, MoMo).

    Parameters
    ----------
    previous
        ``a_{k-1}``, or None at the first sample.
    sample
        ``s_k``.
    beta
        β, of a shape that broadcasts with ``sample``.
    """
    if previous is None:
        return np.array(sample)
    return beta * previous + (1 - beta) * sample


def ema_from_zero(previous: Array | None, sample: Array, beta: Array) -> Array:
    """Return ``a_k = β a_{k-1} + (1-β) s_k`` with ``a_0 = 0``: Adam's average."""
    if previous is None:
        return (1 - beta) * sample
    return beta * previous + (1 - beta) * sample


def no_average(previous: Array | None, sample: Array, beta: Array) -> Array:
    """Return ``a_k = s_k``: the stochastic Polyak methods (β = 0), whatever β is given."""
    return np.array(sample)


def weight_one(step: int, beta: Array) -> Array:
    """Return ``ρ_k = 1``: the weights of `ema_from_first` and `no_average` sum to one."""
    return np.ones_like(beta)


def weight_from_zero(step: int, beta: Array) -> Array:
    """Return ``ρ_k = 1 - β^k``, the total weight of `ema_from_zero` after k samples."""
    return 1 - beta**step


@dataclass(frozen=True)
class Averaging:
    """An average and its total weight.

    Attributes
    ----------
    update
        ``(a_{k-1} or None, s_k, β) -> a_k``.
    weight
        ``(k, β) -> ρ_k``, k counted from 1.
    """

    update: Callable[[Array | None, Array, Array], Array]
    weight: Callable[[int, Array], Array]


EMA_FROM_FIRST = Averaging(ema_from_first, weight_one)
EMA_FROM_ZERO = Averaging(ema_from_zero, weight_from_zero)
NO_AVERAGE = Averaging(no_average, weight_one)
