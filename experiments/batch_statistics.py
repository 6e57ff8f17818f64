# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What BatchNorm normalises by, of parameters that were not trained at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from experiments.workload import Batch

BATCHES = 100
"""Of how many batches they are the mean, at most."""


def has_statistics(model: nn.Module) -> bool:
    """Return whether a layer keeps them."""
    return any(_keeps(module) for module in model.modules())


@torch.no_grad()
def measure(
    model: nn.Module, loss: Callable[[nn.Module, Batch], Tensor], batches: Iterable[Batch]
) -> None:
    """Replace the statistics of every layer by the means over batches, at the present parameters.

    Nothing else changes, and in training BatchNorm does not use them. The model is in evaluation
    mode afterwards.
    """
    layers: list[Any] = [module for module in model.modules() if _keeps(module)]
    usual = [layer.momentum for layer in layers]
    model.train()
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # a mean in which all batches count the same
    for batch in batches:
        loss(model, batch)
    for layer, momentum in zip(layers, usual, strict=True):
        layer.momentum = momentum
    model.eval()


def _keeps(module: nn.Module) -> bool:
    return isinstance(module, _BatchNorm) and module.track_running_stats
