"""An average whose β changes from step to step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from momo.reference import checks
from momo.reference.averaging.base import Averaging
from momo.reference.averaging.ema import weight_one
from momo.reference.checks import Array


def scheduled(schedule: Callable[[int], float]) -> Averaging:
    """Return ``a_k = β_k a_{k-1} + (1-β_k) s_k``, ``a_1 = s_1`` (the paper allows any weights).

    The weights of an average that starts at its first sample sum to one whatever the β_k are.

    Parameters
    ----------
    schedule
        ``k -> β_k`` in [0, 1), for k = 2, 3, …; the method's own β is not used.

    Raises
    ------
    ValueError
        At a step whose β_k is out of range.
    """

    def decay(step: int, beta: Array) -> Array:
        value = 0.0 if step == 1 else float(checks.decay("beta", schedule(step)))
        return np.full_like(beta, value)

    return Averaging(decay, weight_one)
