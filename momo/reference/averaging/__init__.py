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
from momo.reference.averaging.scheduled import scheduled
from momo.reference.averaging.two_rate import NESTEROV, lion_average, two_rate
from momo.reference.averaging.uniform import UNIFORM

__all__ = [
    "EMA_FROM_FIRST",
    "EMA_FROM_ZERO",
    "NESTEROV",
    "NO_AVERAGE",
    "UNIFORM",
    "Averaging",
    "decay_from_zero",
    "decay_of_first",
    "lion_average",
    "scheduled",
    "two_rate",
    "weight_from_zero",
    "weight_one",
]
