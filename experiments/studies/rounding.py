# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What rounding alone changes: the same run from starts that differ in the last bit.

Each method at its best learning rate on the workload, the models at a large one as well. Rounding 0
is the plain run; it is a rounding like the others, as a machine with other instructions is.
"""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Changes, Run, product
from experiments.studies.base import Study

LRS: dict[str, dict[str, tuple[float, ...]]] = {
    "mnist_mlp": {"momo": (1.0, 10.0), "sgd_m": (0.1,), "momo_adam": (0.1, 1.0), "adam": (1e-3,)},
    "cifar10_vit": {
        "momo": (0.1, 10.0),
        "sgd_m": (0.1,),
        "momo_adam": (1e-2, 1.0),
        "adam": (1e-3,),
    },
    "lm_transformer": {
        "momo": (1.0, 10.0),
        "sgd_m": (1.0,),
        "momo_adam": (3e-3, 0.1),
        "adam": (3e-3,),
    },
    "cifar10_resnet20": {
        "momo": (1.0, 10.0),
        "sgd_m": (1.0,),
        "momo_adam": (1e-2, 1.0),
        "adam": (1e-2,),
    },
}
"""Learning rates by workload and method."""
ROUNDINGS = (0, 1, 2, 3)


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    return [
        run
        for workload, methods in LRS.items()
        for method, lrs in methods.items()
        for rounding in ROUNDINGS
        for run in product(
            find(workload), "small", (method,), lrs, seeds, Changes(rounding=rounding)
        )
    ]


ROUNDING = Study("rounding", "How much of the spread over seeds is rounding?", _runs)
"""Two seeds are enough: it is the roundings of a seed that are compared."""
