# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Several processes that train one model: torch.distributed, or nothing where there is one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn


def rank() -> int:
    """Return the number of this process, from 0."""
    return _distributed().get_rank() if _joined() else 0


def count() -> int:
    """Return how many processes train the model."""
    return _distributed().get_world_size() if _joined() else 1


@contextmanager
def joined() -> Iterator[None]:
    """Join the processes that ``torchrun`` started with this one; alone, do nothing."""
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield
        return
    import torch

    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
        backend = "nccl"
    else:
        backend = "gloo"
    _distributed().init_process_group(backend)
    try:
        yield
    finally:
        _distributed().destroy_process_group()


def parallel(model: nn.Module, device: torch.device) -> nn.Module:
    """Return the model with its gradients averaged over all processes."""
    if count() == 1:
        return model
    import torch
    from torch.nn.parallel import DistributedDataParallel

    devices = None if device.type == "cpu" else [torch.cuda.current_device()]
    return DistributedDataParallel(model, devices)


def mean(values: Tensor) -> Tensor:
    """Return the means over all processes, in double precision where the device has it."""
    values = values.float() if values.device.type == "mps" else values.double()
    if count() > 1:
        _distributed().all_reduce(values)
    return values / count()


def from_first(values: list[float], device: torch.device) -> list[float]:
    """Return the values of the first process."""
    if count() == 1:
        return values
    import torch

    shared = torch.tensor(values, device=device)
    _distributed().broadcast(shared, 0)
    return [float(value) for value in shared]


def agreed(word: str) -> str:
    """Return the word of the first process."""
    if count() == 1:
        return word
    words = [word]
    _distributed().broadcast_object_list(words, 0)
    return words[0]


def _joined() -> bool:
    # Whoever has not imported torch has not joined anything.
    return "torch" in sys.modules and (
        _distributed().is_available() and _distributed().is_initialized()
    )


def _distributed() -> Any:
    import torch.distributed

    return torch.distributed
