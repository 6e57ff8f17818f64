"""Two rates: the newest sample weighs more in the model than in what is kept."""

from __future__ import annotations

from functools import cache

from momo.reference import checks
from momo.reference.averaging.base import Averaging
from momo.reference.averaging.ema import decay_from_zero
from momo.reference.checks import Array


@cache
def lion_average(beta2: float = 0.99) -> Averaging:
    """Return Lion's average (arXiv 2302.06675, algorithm 2): β in the model, β2 in memory.

    ``m_k = β2 m_{k-1} + (1-β2) s_k`` from ``m_0 = 0`` is kept, and the model sees
    ``a_k = β m_{k-1} + (1-β) s_k``. Its weights are non-negative, and sum to
    ``ρ_k = β (1 - β2^{k-1}) + (1-β)`` (derived here as a model).
    """
    checks.decay("beta2", beta2)

    def decay(step: int, beta: Array) -> Array:
        return 0 * beta + beta2

    def weight(step: int, beta: Array) -> Array:
        return beta * (1 - decay(step, beta) ** (step - 1)) + (1 - beta)

    return Averaging(decay, weight, decay_from_zero)
