# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Weight decay and lower bound together, as for ResNet-18 on ImageNet32 in arXiv 2305.07583.

It has λ = 0 and 1e-4, f_* = 0 and 0.9. At the small scale training takes 270 steps, in which 1e-4
does nothing, and ends at losses from 0.1 to 0.3; hence `DECAYS` and `BOUNDS`.
"""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Changes, Run, product
from experiments.studies.base import Study

LRS = {"momo": (1e-1, 1.0), "momo_adam": (1e-3, 1e-2)}
DECAYS = (0.0, 1e-2)
BOUNDS = (0.0, 0.1)


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    workload = find("imagenet32_resnet18")
    return [
        run
        for weight_decay in DECAYS
        for lb in BOUNDS
        for method, lrs in LRS.items()
        for run in product(
            workload, "small", (method,), lrs, seeds, Changes(weight_decay=weight_decay, lb=lb)
        )
    ]


DECAY = Study("decay", "How do weight decay and the lower bound act together?", _runs)
