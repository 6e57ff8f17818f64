"""What a wrong lower bound costs: too low, too high, and estimated online.

On a language model, whose smallest loss is far above 0, and on MNIST, where 0 is nearly reached.
"""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Changes, Run, product
from experiments.studies.base import Study

GIVEN = {"lm_transformer": (-10.0, 0.0, 1.0, 1.5, 2.5), "mnist_mlp": (-10.0, 0.0, 0.1, 1.0)}
"""f_* by workload: far too low, that of the preset, closer, and too high at the end."""


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    found = []
    for workload, bounds in GIVEN.items():
        for bound in bounds:
            changes = Changes(lb=bound)
            methods = ("momo", "momo_adam")
            found += product(find(workload), "small", methods, seeds=seeds, changes=changes)
        starred = ("momo_star", "momo_adam_star")
        found += product(find(workload), "small", starred, seeds=seeds)
    return found


LOWER_BOUNDS = Study("lower_bounds", "What does a wrong lower bound cost, or an online one?", _runs)
