# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What random scaling of the step is worth where no loss is smooth.

MoMo with it and without, and SGD-M without. With it SGD-M is that of arXiv 2405.09742, whose
damping μ = 100 keeps its rate ηκ/(1-κ) below β/μ: hence also `UNDAMPED`, with the rates of SGD-M.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from experiments.config import Run, product
from experiments.optimizers.entry import Entry
from experiments.studies.base import Study
from momo.methods import METHODS as ROWS
from momo.methods import Hyperparameters

if TYPE_CHECKING:
    from torch.optim import Optimizer

    from momo.optim.optimizer import Params

METHODS = ("momo", "momo_random_scaling", "sgd_m")
LRS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
BETA = 0.9


def _undamped(params: Params, h: Hyperparameters) -> Optimizer:
    from momo.optim import SgdmRandomScaling

    return SgdmRandomScaling(params, lr=h.lr, beta=h.beta, mu=0.0)


ROW = ROWS["sgdm_random_scaling"]
UNDAMPED = Entry(
    replace(
        ROW,
        name="sgdm_random_scaling_undamped",
        title=f"{ROW.title}, μ = 0",
        defaults=replace(ROW.defaults, beta=BETA),
    ),
    _undamped,
)
"""The paper's method without damping, μ = 0, and with SGD-M's β: its rate is ηβ/(1-β) = 9η."""


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    workload = find("image_completion")
    undamped = tuple(lr * (1 - BETA) / BETA for lr in LRS)
    return [
        *product(workload, "small", METHODS, LRS, seeds),
        *product(workload, "small", ("sgdm_random_scaling",), (), seeds),
        *product(workload, "small", (f"{__name__}:UNDAMPED",), undamped, seeds),
    ]


RANDOM_SCALING = Study(
    "random_scaling", "What is a random length of the step worth, with no smoothness?", _runs
)
