# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What momentum is worth: β = 0 against β = 0.9 at equal learning rates, small and large."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Changes, Run, product
from experiments.studies.base import Study

METHODS = ("momo", "sgd_m", "momo_adam", "adam")


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    return [
        run
        for beta in (0.0, 0.9)
        for run in product(
            find("mnist_mlp"), "small", METHODS, seeds=seeds, changes=Changes(beta=beta)
        )
    ]


MOMENTUM = Study("momentum", "What is momentum worth, at small and at large α?", _runs)
