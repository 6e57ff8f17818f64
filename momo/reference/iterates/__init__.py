"""Sequences of points around a step; a new one is one file, and one line here."""

from momo.reference.iterates.base import Iterates, Points, base_point
from momo.reference.iterates.iterate_averaging import IterateAveraging
from momo.reference.iterates.plain import PLAIN, Plain
from momo.reference.iterates.random_scaling import RandomScaling
from momo.reference.iterates.schedule_free import ScheduleFree

__all__ = [
    "PLAIN",
    "IterateAveraging",
    "Iterates",
    "Plain",
    "Points",
    "RandomScaling",
    "ScheduleFree",
    "base_point",
]
