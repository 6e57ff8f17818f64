# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is done with a sample that is too large, too low or not finite; it touches no vector."""

from __future__ import annotations

import warnings

import torch
from torch import Tensor

from momo.core.method import Method
from momo.core.step import Number, StepInfo
from momo.optim.gate import Gate
from momo.optim.numbers import Floats, Tensors
from momo.optim.state import INDEX, LAST


def clipped(
    losses: list[Number],
    norm_sq: Number,
    max_norm: float,
    method: Method,
    numbers: Floats | Tensors,
) -> Number | None:
    """Return c, by which the gradient is clipped, and make f_k the loss of which c g is that.

    ``c = min{1, max_norm/||g||}``, ``f_* + c (f - f_*)`` (`momo.optim.clip_grad_norm_`); None: it
    is known to be 1.
    """
    # torch's own coefficient
    share = numbers.ops.minimum(max_norm / (norm_sq**0.5 + 1e-6), 1.0)
    if not numbers.gated and share == 1:
        return None
    loss, floor = losses[0], losses[1] if len(losses) > 1 else method.lower_bound.lb
    losses[0] = loss - (1 - share) * (loss - floor)
    return share


def count_below_(
    low: Number,
    gate: Gate | None,
    loss: Number,
    method: Method,
    model: Tensor,
    stacklevel: int = 7,
) -> None:
    """Count a loss that lay below its bound; warn of the first, where that can be read.

    ``stacklevel`` leads the warning to who called ``step``.
    """
    below = model[INDEX["below"]]
    if gate is not None:
        below += gate.outcome(low, 0.0)
    elif isinstance(low, Tensor):
        below += low
    elif low:
        below += 1
        if below == 1:
            warnings.warn(
                f"a loss of {loss} lies below its lower bound (lb = {method.lower_bound.lb}): it is"
                " no bound, and steps become too short, or 0; pass an lb that no loss is below,"
                " as lb= of the optimizer or of step",
                stacklevel=stacklevel,
            )


def skip_(model: Tensor, nonfinite: str, loss: Number, norm_sq: Number) -> None:
    """Count a step that does not take place, or raise."""
    if nonfinite == "raise":
        raise FloatingPointError(
            f"loss = {float(loss)}, squared norm of the gradient = {float(norm_sq)};"
            ' allowed with nonfinite="raise": finite numbers'
        )
    model[INDEX["skipped"]] += 1
    model[LAST].fill_(torch.nan)
    model[LAST][StepInfo._fields.index("step_size")] = 0.0
