# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdamW tuned by Mechanic (Cutkosky et al. 2023, arXiv 2306.00144): package mechanic-pytorch."""

from __future__ import annotations

from typing import Any

import torch
from mechanic_pytorch import mechanize
from torch.optim import AdamW, Optimizer

from experiments.optimizers.own import above_zero
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params

STATE = "_mechanic"
"""Where the package keeps its state, of which parameters are keys."""


class MechanicAdamW(mechanize(AdamW)):  # type: ignore[misc]
    """The package's optimizer, whose state dict can be stored and loaded.

    It has the offsets from the start by parameter, here by the number that a parameter has in state
    dicts.
    """

    def state_dict(self) -> dict[str, Any]:
        """Return the state, without parameters in it."""
        stored: dict[str, Any] = super().state_dict()
        if STATE in stored["state"]:
            numbers = {p: number for number, p in enumerate(self._parameters())}
            own = stored["state"][STATE]
            renamed = {numbers.get(key, key): value for key, value in own.items()}
            stored["state"] = {**stored["state"], STATE: renamed}
        return stored

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a state."""
        own = state_dict["state"].get(STATE)
        rest = {key: value for key, value in state_dict["state"].items() if key != STATE}
        super().load_state_dict({**state_dict, "state": rest})
        if own is not None:
            params = dict(enumerate(self._parameters()))
            self.state[STATE] = {params.get(key, key): _copied(value) for key, value in own.items()}

    def _parameters(self) -> list[torch.nn.Parameter]:
        return [p for group in self.param_groups for p in group["params"]]


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return value.clone() if isinstance(value, torch.Tensor) else value


def build(params: Params, h: Hyperparameters) -> Optimizer:
    """Return ``x = x_0 + s Δ``, where Δ is the sum of AdamW's steps of rate α and s is learned.

    Raises
    ------
    ValueError
        If α = 0.
    """
    above_zero("mechanic_adam_w", lr=h.lr)
    optimizer: Optimizer = MechanicAdamW(
        params, lr=h.lr, betas=(h.beta, h.beta2), eps=h.eps, weight_decay=h.weight_decay
    )
    return optimizer
