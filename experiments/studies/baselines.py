# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Other methods, over their own grids of learning rates."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Run, product
from experiments.studies.base import Study

METHODS = (
    "sgd_m_undampened",
    "adam_w",
    "adabelief",
    "adabound",
    "lion",
    "prox_sps",
    "prodigy",
    "dadapt_sgd",
    "dadapt_adam",
    "dog",
    "ldog",
    "mechanic_adam_w",
    "schedule_free_sgd",
    "schedule_free_adam_w",
)


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    return product(find("mnist_mlp"), "small", METHODS, seeds=seeds)


BASELINES = Study("baselines", "How do other methods compare on MNIST?", _runs)
