"""Lower bounds f_*^k on the loss; a new one is one file, and one line here."""

from momo.reference.lower_bounds.base import Average, LowerBound
from momo.reference.lower_bounds.constant import Constant, constant
from momo.reference.lower_bounds.online import Online, estimate, online, reset
from momo.reference.lower_bounds.per_batch import PerBatch
from momo.reference.lower_bounds.running_mean import RunningMean, running_mean

__all__ = [
    "Average",
    "Constant",
    "LowerBound",
    "Online",
    "PerBatch",
    "RunningMean",
    "constant",
    "estimate",
    "online",
    "reset",
    "running_mean",
]
