# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether a step may read the value of a tensor; it reads none itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

PLAIN = (Tensor, torch.nn.Parameter)
"""Classes whose tensors have values, and no ranks."""


@dataclass
class Reading:
    """Whether values on the CPU are read."""

    allowed: bool = True


READING = Reading()


@contextmanager
def as_on_a_device() -> Iterator[None]:
    """Take the steps in it on the CPU as they are taken on a device: without reading a value.

    The numbers of the model are tensors then, and a step whose loss or gradient is not finite does
    take place, behind a gate (`momo.optim.gate`). What a preconditioner does there can be seen by
    tests and laws without a device; nothing else needs it.
    """
    before, READING.allowed = READING.allowed, False
    try:
        yield
    finally:
        READING.allowed = before


def readable(value: Tensor) -> bool:
    """Return whether reading a tensor waits for nothing: not on a device, nor in a graph."""
    if torch.compiler.is_compiling() or value.device.type != "cpu":
        return False
    return READING.allowed and type(value) in PLAIN
