# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Other methods beyond MNIST: on one network of convolutions, and on a language model.

Three learning rates each, decades as in all grids, about where the method is at its best on MNIST.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from experiments.config import Run, product
from experiments.studies.base import Study

LRS = {
    "cifar10_resnet20": {
        "adabelief": (1e-3, 1e-2, 1e-1),
        "adabound": (1e-3, 1e-2, 1e-1),
        "lion": (1e-4, 1e-3, 1e-2),
        "prox_sps": (1e-1, 1.0, 1e1),
    },
    "lm_transformer": {
        "adabelief": (1e-4, 1e-3, 1e-2),
        "lion": (1e-4, 1e-3, 1e-2),
        "prodigy": (1e-1, 1.0, 1e1),
        "schedule_free_adam_w": (1e-3, 1e-2, 1e-1),
    },
}
"""By workload and method."""


def _runs(workload: str, seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    return [
        run
        for method, lrs in LRS[workload].items()
        for run in product(find(workload), "small", (method,), lrs, seeds)
    ]


BASELINES_IMAGES = Study(
    "baselines_images",
    "How do other methods compare on a residual network?",
    partial(_runs, "cifar10_resnet20"),
)
BASELINES_TEXT = Study(
    "baselines_text",
    "How do other methods compare on a language model?",
    partial(_runs, "lm_transformer"),
)
