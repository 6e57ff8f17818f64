# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Scores from records: pure functions of the tables of runs and epochs, and tables to read.

Each quantity is a function in a module of its own, from DataFrame to DataFrame: `finals` (what a
run counts as), `curve`, `best`, `widths`, `width_differences`, `sensitivity`, `significance`,
`over_data_sets`, `overhead`, `rounding`, and for the readers' questions `momentum`, `svag`,
`random_scaling`, `schedules`, `lower_bounds`, `failures`. Whatever compares two things does so over
the seeds that both have (`experiments.summary.rectangle`).
"""

from __future__ import annotations

from experiments.summary.best import best
from experiments.summary.curve import curve
from experiments.summary.failures import failures
from experiments.summary.lower_bounds import lower_bounds
from experiments.summary.momentum import momentum
from experiments.summary.overhead import overhead
from experiments.summary.random_scaling import random_scaling
from experiments.summary.rounding import rounding
from experiments.summary.schedules import schedules
from experiments.summary.scores import finals, variants
from experiments.summary.sensitivity import sensitivity
from experiments.summary.significance import over_data_sets, significance
from experiments.summary.svag import svag
from experiments.summary.tables import Tables, show, to_markdown
from experiments.summary.width import width_differences, widths

__all__ = [
    "Tables",
    "best",
    "curve",
    "failures",
    "finals",
    "lower_bounds",
    "momentum",
    "over_data_sets",
    "overhead",
    "random_scaling",
    "rounding",
    "schedules",
    "sensitivity",
    "show",
    "significance",
    "svag",
    "to_markdown",
    "variants",
    "width_differences",
    "widths",
]
