# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Translation with the other dropout: at the small scale 0.3, where the workload itself has 0.1.

In arXiv 2305.07583 it has both, 0.3 first.
"""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Run, product
from experiments.studies.base import Study

WORKLOAD = "experiments.workloads.iwslt14_transformer:OTHER_DROPOUT"
LRS = {
    "momo": (1e-1, 1.0, 1e1),
    "sgd_m": (1e-1, 1.0, 1e1),
    "momo_adam": (1e-3, 1e-2, 1e-1),
    "adam": (1e-3, 1e-2, 1e-1),
}


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    return [
        run
        for method, lrs in LRS.items()
        for run in product(find(WORKLOAD), "small", (method,), lrs, seeds)
    ]


DROPOUT = Study("dropout", "Does translation need another rate with more dropout?", _runs)
