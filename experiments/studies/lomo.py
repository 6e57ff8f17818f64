# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What AdaLomo's metric, whose memory is rows and columns, costs in score beside Adam's.

On a language model; MoMo in it with its average of gradients, and without.
"""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Changes, Run, product
from experiments.studies.base import Study

ELEMENTWISE = (1e-3, 3e-3)
"""Learning rates where a step is a number of its own size."""
RELATIVE = (1e-2, 3e-2, 1e-1)
"""Where it is a part of the parameter's."""
LRS = {
    "adam": ELEMENTWISE,
    "momo_adam": ELEMENTWISE,
    "momo_adafactor": ELEMENTWISE,
    "adalomo": RELATIVE,
    "momo_adalomo": RELATIVE,
}


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    workload, found = find("lm_transformer"), []
    for method, lrs in LRS.items():
        found += product(workload, "small", (method,), lrs, seeds)
    return found + product(workload, "small", ("momo_adalomo",), RELATIVE, seeds, Changes(beta=0.0))


LOMO = Study("lomo", "What does a metric of rows and columns cost, with a momentum model?", _runs)
