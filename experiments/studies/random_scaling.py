"""What random scaling of the step is worth where no loss is smooth."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Run, product
from experiments.studies.base import Study

METHODS = ("momo", "momo_random_scaling", "sgd_m")
LRS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    return product(find("image_completion"), "small", METHODS, LRS, seeds)


RANDOM_SCALING = Study(
    "random_scaling", "What is a random length of the step worth, with no smoothness?", _runs
)
