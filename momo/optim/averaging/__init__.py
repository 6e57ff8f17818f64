"""Averages of losses and gradients; a new one is one file, and one line here."""

from momo.optim.averaging.base import Averaging, Decays, average
from momo.optim.averaging.ema import FROM_FIRST, FROM_ZERO, FromFirst, FromZero
from momo.optim.averaging.two_rate import LionAverage

__all__ = [
    "FROM_FIRST",
    "FROM_ZERO",
    "Averaging",
    "Decays",
    "FromFirst",
    "FromZero",
    "LionAverage",
    "average",
]
