# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Studies: sets of runs that answer a question, one file each and a line here."""

from __future__ import annotations

from experiments.studies.base import Study
from experiments.studies.baselines import BASELINES
from experiments.studies.baselines_elsewhere import BASELINES_IMAGES, BASELINES_TEXT
from experiments.studies.decay import DECAY
from experiments.studies.dropout import DROPOUT
from experiments.studies.failures import FAILURES
from experiments.studies.lomo import LOMO
from experiments.studies.lower_bounds import LOWER_BOUNDS
from experiments.studies.momentum import MOMENTUM
from experiments.studies.random_scaling import RANDOM_SCALING
from experiments.studies.rounding import ROUNDING
from experiments.studies.schedules import SCHEDULES
from experiments.studies.starred import STARRED
from experiments.studies.step_decay import STEP_DECAY
from experiments.studies.svag import SVAG
from experiments.studies.variants import VARIANTS

STUDIES: dict[str, Study] = {
    study.name: study
    for study in (
        BASELINES,
        BASELINES_IMAGES,
        BASELINES_TEXT,
        MOMENTUM,
        SCHEDULES,
        STEP_DECAY,
        LOWER_BOUNDS,
        STARRED,
        DECAY,
        DROPOUT,
        FAILURES,
        VARIANTS,
        LOMO,
        RANDOM_SCALING,
        SVAG,
        ROUNDING,
    )
}
"""Every study by its name."""
