"""Sequences of points around a step; a new one is one file, and one line here."""

from momo.optim.iterates.base import AVERAGE_POINT, BASE_POINT, Iterates
from momo.optim.iterates.iterate_averaging import IterateAveraging
from momo.optim.iterates.plain import PLAIN, Plain
from momo.optim.iterates.random_scaling import RandomScaling
from momo.optim.iterates.schedule_free import ScheduleFree

__all__ = [
    "AVERAGE_POINT",
    "BASE_POINT",
    "PLAIN",
    "IterateAveraging",
    "Iterates",
    "Plain",
    "RandomScaling",
    "ScheduleFree",
]
