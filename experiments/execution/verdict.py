# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a loss that is not finite means: that the run has diverged, or that the workload is wrong.

Before the first update no method has done anything, so there it is the workload. After it the data,
which were looked at (`experiments.execution.building`), and the model at its start are known to be
fine: a loss that is not finite then, on the training, validation or test part, is what training has
made of the model. A score that is not finite beside finite losses is not defined there, which is
the workload's to change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from experiments.workload import Scores, WorkloadError


def scalar(loss: Any) -> Tensor:
    """Return the loss of a workload, which is one number that has gradients.

    Raises
    ------
    WorkloadError
        If it is anything else.
    """
    if not isinstance(loss, Tensor):
        said = f"of type {type(loss).__name__}"
    elif loss.numel() != 1:
        said = f"of shape {tuple(loss.shape)}"
    else:
        return loss
    raise WorkloadError(f"the loss is {said}; allowed: a tensor of one element")


def check_first(loss: float) -> None:
    """Look at the loss of the first batch, before any update.

    Raises
    ------
    WorkloadError
        If it is not finite.
    """
    if not math.isfinite(loss):
        raise WorkloadError(f"the loss of the first batch is {loss}, before any update")


def has_diverged(epoch: int, found: Mapping[str, Scores]) -> bool:
    """Return whether a model whose training losses were finite has diverged all the same.

    Parameters
    ----------
    epoch
        After which it was evaluated; 0: before training.
    found
        By the name of the part.

    Raises
    ------
    WorkloadError
        If the workload is at fault; the message names the part.
    """
    diverged = False
    for part, scores in found.items():
        if math.isfinite(scores.loss) and math.isfinite(scores.score):
            continue
        said = f"loss {scores.loss}, score {scores.score}"
        if epoch == 0:
            raise WorkloadError(f"on the {part} part: {said}, before any update")
        if math.isfinite(scores.loss):
            raise WorkloadError(f"on the {part} part after epoch {epoch}: {said}; it has no score")
        diverged = True
    return diverged
