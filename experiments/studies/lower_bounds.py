# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a wrong lower bound costs: too low, too high, and estimated online.

On a language model, whose smallest loss is far above 0, and on MNIST, where 0 is nearly reached.
"""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import UNCHANGED, Changes, Run, product
from experiments.studies.base import Study

GIVEN = {"lm_transformer": (-10.0, 0.0, 1.0, 1.5, 2.5), "mnist_mlp": (-10.0, 0.0, 0.1, 1.0)}
"""f_* by workload: far too low, that of the preset, closer, and too high at the end."""
LRS = {"momo": (1e-2, 1e-1, 1.0, 1e1, 1e2), "momo_adam": (1e-3, 1e-2, 1e-1, 1.0)}
"""By method; its starred form has the same."""


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    found = []
    for name, bounds in GIVEN.items():
        for method, lrs in LRS.items():
            given = [(method, Changes(lb=bound)) for bound in bounds]
            for each, changes in (*given, (f"{method}_star", UNCHANGED)):
                found += product(find(name), "small", (each,), lrs, seeds, changes)
    return found


LOWER_BOUNDS = Study("lower_bounds", "What does a wrong lower bound cost, or an online one?", _runs)
