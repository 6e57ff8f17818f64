# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Accelerate: each backward pass tells the optimizer its loss, and clipping is the optimizer's."""

from __future__ import annotations

import math
from typing import Any

from momo.installed import needed

with needed(__name__, "integrations"):
    from accelerate import Accelerator, DistributedType
    from torch import Tensor
    from torch.optim import Optimizer

from momo.integrations.common import refuse_other, unwrapped
from momo.optim import MomentumModelOptimizer

ENGINES = (DistributedType.DEEPSPEED, DistributedType.MEGATRON_LM, DistributedType.XLA)
"""What takes steps, or sums gradients, in a way of its own."""


def attach(accelerator: Accelerator, optimizer: Optimizer) -> None:
    """Let an accelerator tell an optimizer the loss of each backward pass.

    ``accelerator.backward(loss)`` calls ``optimizer.observe(loss)`` first, so that the loss of a
    step is divided by the number of accumulated batches, and scaled, as its gradient is.
    ``accelerator.clip_grad_norm_`` returns the norm, and leaves the clipping to the optimizer.

    Parameters
    ----------
    accelerator
        Whose ``backward``, ``clip_grad_norm_`` and ``clip_grad_value_`` are replaced, of this one
        object. Attaching again replaces the optimizer.
    optimizer
        The only one of the training; as it was made, or as ``accelerator.prepare`` returned it.

    Raises
    ------
    TypeError
        If it is no momentum model.
    ValueError
        If something else takes the step: DeepSpeed, Megatron-LM, XLA, FSDP1. From then on, if
        gradients are clipped by another norm than the ``max_norm`` of the optimizer, or by value,
        or if a second optimizer is prepared.

    Examples
    --------
    ::

        optimizer = Momo(model.parameters(), lr=1.0, max_norm=1.0)
        model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
        attach(accelerator, optimizer)
    """
    own = unwrapped(optimizer)
    if not isinstance(own, MomentumModelOptimizer):
        raise TypeError(
            f"optimizer is of type {type(own).__name__}; allowed: a momentum model of momo.optim,"
            " or what accelerator.prepare made of one"
        )
    kind = accelerator.distributed_type
    if kind in ENGINES or (kind == DistributedType.FSDP and not accelerator.is_fsdp2):
        name = "FSDP1" if kind == DistributedType.FSDP else kind.value
        raise ValueError(
            f"the accelerator runs under {name}, which keeps gradients or steps of its own;"
            " allowed: one process, DDP (MULTI_CPU, MULTI_GPU, ...), FSDP2 (fsdp_version=2)"
        )
    Attached(accelerator, own)


class Attached:
    """The three methods of an accelerator that stand between the loss and the step."""

    def __init__(self, accelerator: Accelerator, optimizer: MomentumModelOptimizer) -> None:
        self.accelerator = accelerator
        self.optimizer = optimizer
        for name in ("backward", "clip_grad_norm_", "clip_grad_value_"):
            setattr(accelerator, name, getattr(self, name))

    def backward(self, loss: Tensor, **keywords: Any) -> None:
        """Observe the loss, and go backward."""
        others = len(self.accelerator._optimizers) - 1
        if others > 0:
            raise ValueError(
                f"{others + 1} optimizers are prepared, and which of them a loss belongs to cannot"
                " be seen; allowed: one, or, without attach(), optimizer.observe(loss) before"
                " accelerator.backward, on the optimizer as it was made"
            )
        whole = type(self.accelerator).backward
        whole(self.accelerator, self.optimizer.observe(loss), **keywords)

    def clip_grad_norm_(self, parameters: Any, max_norm: float, norm_type: float = 2) -> Any:
        """Return the norm of the gradients, at which the optimizer clips in its step."""
        if not math.isinf(max_norm):
            if norm_type != 2:
                raise ValueError(f"norm_type = {norm_type}; allowed: 2, the norm of max_norm")
            refuse_other(self.optimizer, max_norm, f"accelerator.clip_grad_norm_(..., {max_norm})")
        whole = type(self.accelerator).clip_grad_norm_
        return whole(self.accelerator, parameters, math.inf, norm_type)

    def clip_grad_value_(self, parameters: Any, clip_value: float) -> None:
        """Refuse: no loss belongs to a gradient that was clipped by value."""
        raise ValueError(
            f"accelerator.clip_grad_value_(parameters, {clip_value}) turns the gradient, so that no"
            " loss belongs to it; allowed: max_norm = ... as an argument of the optimizer"
        )
