# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether a decaying schedule gives what an adaptive learning rate gives, or they add up."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Changes, Run, product
from experiments.studies.base import Study

METHODS = ("momo", "sgd_m", "momo_adam", "adam")
COMPARED = {"mnist_mlp": ("constant", "cosine", "step"), "diffusion_unet": ("constant", "cosine")}
"""Schedules by workload; the paper has both for diffusion."""


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    return [
        run
        for workload, schedules in COMPARED.items()
        for schedule in schedules
        for run in product(
            find(workload), "small", METHODS, seeds=seeds, changes=Changes(schedule=schedule)
        )
    ]


SCHEDULES = Study("schedules", "How do decaying schedules compare, and combine?", _runs)
