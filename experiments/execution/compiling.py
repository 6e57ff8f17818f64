# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``--compile``: the model of a run by torch.compile."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import nn

# Dropout draws what it draws without compiling: else the result would be another one.
OPTIONS: dict[str, Any] = {"fallback_random": True}


def compiled(model: nn.Module) -> nn.Module:
    """Return the model compiled; its parameters are the same tensors.

    Raises
    ------
    ValueError
        If torch cannot compile here: no compiler, or a Python that it does not know.
    """
    reason = why_not(next(model.parameters()).device.type)
    if reason is not None:
        raise ValueError(f"compile = True cannot be used here: {reason}")
    made: Any = torch.compile(model, options=OPTIONS)
    assert isinstance(made, nn.Module)
    return made


@cache
def why_not(device: str) -> str | None:
    """Return None if torch can compile for this kind of device, else why not; it is tried."""
    tried = torch.compile(_small, options=OPTIONS)
    try:
        torch.autograd.backward(tried(torch.ones(4, device=device, requires_grad=True)))
    except Exception as error:  # of many kinds, by what is missing
        return f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
    return None


def _small(x: torch.Tensor) -> torch.Tensor:
    return (x.sin() * x).sum()
