"""Whether a decaying schedule gives what an adaptive learning rate gives, or they add up."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Changes, Run, product
from experiments.studies.base import Study

METHODS = ("momo", "sgd_m", "momo_adam", "adam")
DECAYING = ("cosine", "step")


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    return [
        run
        for schedule in ("constant", *DECAYING)
        for run in product(
            find("mnist_mlp"), "paper", METHODS, seeds=seeds, changes=Changes(schedule=schedule)
        )
    ]


SCHEDULES = Study("schedules", "How do decaying schedules compare, and combine?", _runs)
