"""What an average is: the share of the past in it, step by step, and its total weight ρ_k."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from momo.reference.checks import Array

Decay = Callable[[int, Array], Array]
"""``(k, β) -> β_k``, k counted from 1; β of any shape, which the result has too."""


@dataclass(frozen=True)
class Averaging:
    """An average ``a_k = β_k a_{k-1} + (1-β_k) s_k`` from ``a_0 = 0``, as kept and as shown.

    Attributes
    ----------
    decay
        β_k of what is kept.
    weight
        ``(k, β) -> ρ_k``, the total weight of the samples in the model.
    lookahead
        β_k of what the model sees, ``β'_k a_{k-1} + (1-β'_k) s_k``; None: it sees what is kept.
    """

    decay: Decay
    weight: Callable[[int, Array], Array]
    lookahead: Decay | None = None

    def update(self, previous: Array | None, sample: Array, beta: Array, step: int) -> Array:
        """Return a_k, to be kept; ``previous`` is None at the first sample.

        ``beta`` is β, of a shape that broadcasts with ``sample``.
        """
        return _mixed(previous, sample, self.decay(step, beta))

    def model(self, previous: Array | None, sample: Array, beta: Array, step: int) -> Array:
        """Return what the model sees at step k; arguments as of `update`."""
        return _mixed(previous, sample, (self.lookahead or self.decay)(step, beta))


def _mixed(previous: Array | None, sample: Array, decay: Array) -> Array:
    if previous is None:
        return (1 - decay) * sample
    return decay * previous + (1 - decay) * sample
