# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is left of momentum's worth when steps get shorter and their noise does not (SVAG).

β = 0.9 against 0 at equal lr, on networks so small that ℓ = 8 takes seconds. As averages are
``d = βd + (1-β)g``, all weights of a gradient add up to 1, and equal lr is the matched
``η = γ/(1-β)`` of the form ``v = βv + g``. (But for the first: d starts at it, and not at 0, in
SGD-M as in MoMo, so that it counts 1/(1-β) times.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from experiments.config import Changes, Run, product
from experiments.studies.base import Study

METHODS = ("sgd_m", "momo")
BETAS = (0.0, 0.9)


class Setting(NamedTuple):
    """Where momentum is tried.

    Attributes
    ----------
    workload
        At its smoke scale.
    lrs
        A small one, and one at which SGD without momentum is near its end.
    batches
        Samples in a batch, and epochs.
    levels
        ℓ; first of all 1, no SVAG.
    """

    workload: str
    lrs: tuple[float, float]
    batches: tuple[tuple[int, int], ...]
    levels: tuple[int, ...]


SETTINGS = (
    Setting("mnist_mlp", (0.03, 0.3), ((16, 1), (64, 2), (256, 4)), (1, 2, 4, 8)),
    Setting("cifar10_vgg16", (0.1, 1.0), ((32, 1), (64, 1)), (1, 8)),
)
"""225, 114 and 60 steps at ℓ = 1, and 113 and 57."""


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    found = []
    for workload, lrs, batches, levels in SETTINGS:
        for batch_size, epochs in batches:
            for level in levels:
                for beta in BETAS:
                    changes = Changes(beta, svag=level, epochs=epochs, batch_size=batch_size)
                    found += product(find(workload), "smoke", METHODS, lrs, seeds, changes)
    return found


SVAG = Study("svag", "Is momentum worth more than the curvature that it averages over?", _runs)
