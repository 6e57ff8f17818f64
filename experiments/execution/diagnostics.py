# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Diagnostics of each parameter tensor: norms of x, g and d, and the cosine between d and g."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

AVERAGES = ("grad_avg", "exp_avg", "momentum_buffer", "m")
"""How optimizers call their average of gradients: ours, torch's, and the baselines' here."""
COLUMNS = ("x_norm", "g_norm", "d_norm", "cosine")


class Layers:
    """Measures a run's parameter tensors when told to, and reads the numbers when asked.

    Parameters
    ----------
    model, optimizer
        Of the run.
    on
        If false it does nothing.
    """

    def __init__(self, model: nn.Module, optimizer: Any, on: bool) -> None:
        self.model, self.optimizer, self.on = model, optimizer, on
        self.names = [name for name, _ in model.named_parameters()]
        self.found: list[tuple[int, Tensor]] = []

    def look(self, step: int) -> None:
        """Measure, after a step."""
        if self.on:
            self.found.append((step, measured(self.model, self.optimizer)))

    def taken(self, end: int) -> list[dict[str, Any]]:
        """Return the rows of the steps before ``end``, and forget all."""
        found, self.found = self.found, []
        return [r for step, n in found if step < end for r in layer_rows(step, self.names, n)]


@torch.no_grad()
def measured(model: nn.Module, optimizer: Any) -> Tensor:
    """Return the numbers of every parameter tensor after a step, float32 of shape (tensors, 4).

    They stay on the device: nothing waits for it. NaN stands for what there is not.
    """
    return torch.stack([_numbers(param, optimizer) for param in model.parameters()])


def layer_rows(step: int, names: Iterable[str], numbers: Tensor) -> list[dict[str, Any]]:
    """Return the rows of a step, a parameter tensor each; NaN is null."""
    return [
        {
            "step": step,
            "layer": name,
            **{c: None if v != v else v for c, v in zip(COLUMNS, values, strict=True)},
        }
        for name, values in zip(names, numbers.tolist(), strict=True)
    ]


def _numbers(param: Tensor, optimizer: Any) -> Tensor:
    state = optimizer.state.get(param, {})
    average = next((state[name] for name in AVERAGES if name in state), None)
    none = param.new_full((), torch.nan, dtype=torch.float32)
    vectors = [none if v is None else v.reshape(-1).float() for v in (param, param.grad, average)]
    norms = [v if v is none else torch.linalg.vector_norm(v) for v in vectors]
    # Each is divided before, so that no product of the two under- or overflows.
    cosine = none
    if vectors[1] is not none and vectors[2] is not none:
        cosine = torch.dot(vectors[1] / norms[1], vectors[2] / norms[2])
    return torch.stack([*norms, cosine])
