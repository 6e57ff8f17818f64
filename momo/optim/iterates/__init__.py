# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sequences of points around a step; a new one is one file, and one line here.

`momo.core.parts.PLAIN`, which has no other point than x, needs none.
"""

from momo.optim.iterates.base import Iterates
from momo.optim.iterates.iterate_averaging import AnytimeAveraging, IterateAveraging
from momo.optim.iterates.random_scaling import RandomScaling
from momo.optim.iterates.schedule_free import ScheduleFree

__all__ = [
    "AnytimeAveraging",
    "IterateAveraging",
    "Iterates",
    "RandomScaling",
    "ScheduleFree",
]
