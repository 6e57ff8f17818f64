# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the integrations share: the optimizer in its wrappers, and its clipping.

Clipping behind the optimizer's back shortens the gradient and leaves the loss as it was, so that
steps below the cap become longer by as much. ``max_norm`` of the optimizer clips both.
"""

from __future__ import annotations

from typing import Any

from momo.installed import needed

with needed(__name__, "integrations"):
    from torch.optim import Optimizer

from momo.optim import MomentumModelOptimizer

TOGETHER = "clips gradient and loss together, within its step"


def unwrapped(optimizer: Any) -> Any:
    """Return the optimizer that a framework has wrapped, as it was made."""
    while not isinstance(optimizer, MomentumModelOptimizer) and hasattr(optimizer, "optimizer"):
        optimizer = optimizer.optimizer
    return optimizer


def clip_within(optimizer: Optimizer, max_norm: float, argument: str) -> None:
    """Have an optimizer clip at the norm that an argument of the framework says.

    Raises
    ------
    ValueError
        If the optimizer was made to clip at another.
    """
    own = optimizer.defaults["max_norm"]
    if own is not None and float(own) != float(max_norm):
        raise ValueError(
            f"{argument} = {max_norm}, and max_norm = {own} of the optimizer; allowed: one of them,"
            f" or twice the same ({argument} becomes the optimizer's max_norm)"
        )
    for group in optimizer.param_groups:
        group["max_norm"] = float(max_norm)


def refuse_other(optimizer: Optimizer, max_norm: float, call: str) -> None:
    """Raise unless an optimizer clips at this norm itself; ``call`` is what somebody wrote.

    Raises
    ------
    ValueError
        If it does not.
    """
    own = optimizer.param_groups[0]["max_norm"]
    if own is None or float(own) != float(max_norm):
        raise ValueError(
            f"{call} would shorten the gradient and not the loss that belongs to it (max_norm of"
            f" the optimizer is {own}); allowed: max_norm = {max_norm} as an argument of the"
            f" optimizer, which {TOGETHER}"
        )
