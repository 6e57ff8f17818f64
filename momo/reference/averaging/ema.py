"""Exponential averages, and none (paper, arXiv 2305.07583)."""

from __future__ import annotations

import numpy as np

from momo.reference.averaging.base import Averaging
from momo.reference.checks import Array


def decay_of_first(step: int, beta: Array) -> Array:
    """Return 0 at the first sample, then β: ``a_1 = s_1`` (paper, MoMo)."""
    return np.zeros_like(beta) if step == 1 else beta


def decay_from_zero(step: int, beta: Array) -> Array:
    """Return β always: Adam's average, from ``a_0 = 0``."""
    return beta


def no_decay(step: int, beta: Array) -> Array:
    """Return 0: the sample alone, whatever β is given."""
    return np.zeros_like(beta)


def weight_one(step: int, beta: Array) -> Array:
    """Return ``ρ_k = 1``: the weights of an average that starts at the first sample."""
    return np.ones_like(beta)


def weight_from_zero(step: int, beta: Array) -> Array:
    """Return ``ρ_k = 1 - β^k``, the total weight of `decay_from_zero` after k samples."""
    return 1 - beta**step


EMA_FROM_FIRST = Averaging(decay_of_first, weight_one)
"""MoMo's."""
EMA_FROM_ZERO = Averaging(decay_from_zero, weight_from_zero)
"""Adam's, with bias correction by ρ_k."""
NO_AVERAGE = Averaging(no_decay, weight_one)
"""The stochastic Polyak methods (β = 0)."""
