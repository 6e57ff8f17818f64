"""Two rates: the newest sample weighs more in the model than in what is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from momo.reference import checks
from momo.reference.averaging.base import Averaging, Decay
from momo.reference.averaging.ema import decay_from_zero
from momo.reference.checks import Array


def two_rate(kept: Callable[[Array], Array], shown: Decay = decay_from_zero) -> Averaging:
    """Return the average that keeps one rate and shows another (derived here as a model).

    ``m_k = β2 m_{k-1} + (1-β2) s_k`` from ``m_0 = 0`` is kept, and the model sees
    ``a_k = β1 m_{k-1} + (1-β1) s_k``. Its weights are non-negative, and sum to
    ``ρ_k = β1 (1 - β2^{k-1}) + (1-β1)``.

    Parameters
    ----------
    kept
        ``β -> β2``, elementwise.
    shown
        ``(k, β) -> β1``. Default: β itself.
    """

    def decay(step: int, beta: Array) -> Array:
        return kept(beta)

    def weight(step: int, beta: Array) -> Array:
        beta1 = shown(step, beta)
        return beta1 * (1 - kept(beta) ** (step - 1)) + (1 - beta1)

    return Averaging(decay, weight, shown)


@cache
def lion_average(beta2: float = 0.99) -> Averaging:
    """Return Lion's average (arXiv 2302.06675, algorithm 2): β in the model, β2 in memory."""
    checks.decay("beta2", beta2)
    return two_rate(lambda beta: 0 * beta + beta2)


def lookahead_squared(step: int, beta: Array) -> Array:
    """Return β²: Nesterov's model sees ``β m_k + (1-β) s_k``, and m_k has the sample in it."""
    return beta * beta


NESTEROV = two_rate(lambda beta: beta, lookahead_squared)
"""Nesterov's average, as in NAdam and in Muon (derived here as a model).

``m_k = β m_{k-1} + (1-β) s_k`` is kept, and the model sees
``β m_k + (1-β) s_k = β² m_{k-1} + (1-β²) s_k``.
"""
