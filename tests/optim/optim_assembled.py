# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""An optimizer of given parts, which no class of the project has to combine."""

from __future__ import annotations

from typing import Any

from momo.core.method import Method
from momo.optim import MomentumModelOptimizer
from momo.optim.hyperparameters import Lr, WeightDecay


class Assembled(MomentumModelOptimizer):
    """An optimizer of given parts."""

    def __init__(
        self, params: Any, lr: Lr = 0.1, weight_decay: WeightDecay = 0.0, **parts: Any
    ) -> None:
        self.parts = parts
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay})

    def method(self, h: dict[str, Any]) -> Method:  # type: ignore[override]
        return Method(lr=h["lr"], weight_decay=h["weight_decay"], **self.parts)
