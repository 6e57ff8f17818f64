# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is drawn in a run: seeds made of several numbers, and a start one rounding away."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn


def draw(*parts: int) -> int:
    """Return a seed for torch made of several numbers."""
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0] >> 1)


@torch.no_grad()
def round_once(model: nn.Module, seed: int) -> None:
    """Move every parameter to a neighbouring number, up, down or not at all, by one draw each."""
    generator = torch.Generator().manual_seed(draw(seed, 1))
    for param in model.parameters():
        drawn = torch.randint(-1, 2, param.shape, generator=generator).to(param.device)
        towards = torch.where(drawn == 0, param, drawn * math.inf)
        param.copy_(torch.nextafter(param, towards.to(param.dtype)))
