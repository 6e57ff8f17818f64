# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The loss against α where the given bound is far too low, where it is right, and estimated.

On least squares, whose f* is 0; -10 is given, which the starred methods start from.
"""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import UNCHANGED, Changes, Run, product
from experiments.studies.base import Study

METHODS = ("momo", "momo_adam")


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    workload = find("synthetic_least_squares")
    return [
        run
        for method in METHODS
        for each, changes in (
            (method, UNCHANGED),
            (method, Changes(lb=0.0)),
            (f"{method}_star", UNCHANGED),
        )
        for run in product(workload, "small", (each,), seeds=seeds, changes=changes)
    ]


STARRED = Study("starred", "What does an online bound give, against α, on least squares?", _runs)
