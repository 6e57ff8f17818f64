# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether MoMo and SGD-M gain from a rate that decays in steps, on the deepest residual network."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Changes, Run, product
from experiments.studies.base import Study

METHODS = ("momo", "sgd_m")


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    workload = find("cifar100_resnet110")
    return [
        run
        for schedule in ("constant", "step")
        for run in product(
            workload, "small", METHODS, seeds=seeds, changes=Changes(schedule=schedule)
        )
    ]


STEP_DECAY = Study("step_decay", "What does step decay give beside an adaptive rate?", _runs)
