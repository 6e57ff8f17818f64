"""Averages of losses and gradients; a new one is one file, and one line here."""

from momo.reference.averaging.base import Averaging
from momo.reference.averaging.ema import (
    EMA_FROM_FIRST,
    EMA_FROM_ZERO,
    NO_AVERAGE,
    decay_from_zero,
    decay_of_first,
    weight_from_zero,
    weight_one,
)
from momo.reference.averaging.two_rate import lion_average

__all__ = [
    "EMA_FROM_FIRST",
    "EMA_FROM_ZERO",
    "NO_AVERAGE",
    "Averaging",
    "decay_from_zero",
    "decay_of_first",
    "lion_average",
    "weight_from_zero",
    "weight_one",
]
