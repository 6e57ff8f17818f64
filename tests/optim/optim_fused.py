# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the tests of the fused path share: parameters, gradients, and the methods it covers."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from rows_with_loss import METHODS
from torch.nn import Parameter

from momo.methods import Row
from momo.optim.fused import library

native = pytest.mark.skipif(bool(library.unavailable()), reason=library.unavailable())
SHAPES = ((130, 257), (3,), (17, 1000), (), (1, 1))
"""More than two chunks of the kernels, with ends that fill no block; and small ones."""
COVERED = [
    row for row in METHODS.values() if not row.optimizer.startswith(("Muon", "Scion", "MomoSoap"))
]
UNKNOWN = (
    "MomoAdaFactor",
    "AdaLomo",
    "MomoAdaLomo",
    "SgdmRandomScaling",
    "AdaptiveNhb",
    "NgnD",
    "NgnMdV2",
)
"""Of preconditioners that are not in the kernels."""
COVERED = [row for row in COVERED if row.optimizer not in UNKNOWN]
each = pytest.mark.parametrize("row", COVERED, ids=lambda row: row.name)


def parameters(dtype: torch.dtype = torch.float32, shapes: Any = SHAPES) -> list[Parameter]:
    generator = torch.Generator().manual_seed(0)
    return [Parameter(torch.randn(shape, generator=generator).to(dtype)) for shape in shapes]


def backward(params: list[Parameter], k: int) -> float:
    """Set gradients near those of ``||x||²/20``, and return that loss."""
    generator = torch.Generator().manual_seed(k)
    for p in params:
        noise = torch.randn(p.shape, generator=generator)
        p.grad = (0.1 * p.detach().float() + 1e-2 * noise).to(p.dtype)
    return float(sum(p.detach().double().square().sum() for p in params)) / 20


def made(row: Row, params: list[Parameter], **changes: Any) -> Any:
    cls: Any = row.torch_class()
    return cls(params, **{**row.torch_arguments(row.defaults), "lr": 0.05, **changes})
