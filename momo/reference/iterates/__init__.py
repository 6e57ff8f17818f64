# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sequences of points around a step; a new one is one file, and one line here.

`momo.core.parts.PLAIN`, which has no other point than x, needs none.
"""

from momo.reference.iterates.base import Iterates, Points, base_point
from momo.reference.iterates.iterate_averaging import AnytimeAveraging, IterateAveraging
from momo.reference.iterates.random_scaling import RandomScaling
from momo.reference.iterates.schedule_free import ScheduleFree

__all__ = [
    "AnytimeAveraging",
    "IterateAveraging",
    "Iterates",
    "Points",
    "RandomScaling",
    "ScheduleFree",
    "base_point",
]
