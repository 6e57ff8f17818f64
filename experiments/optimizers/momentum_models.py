# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The momentum models: every row of the table of methods."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.optimizers.entry import Entry
from momo.methods import METHODS, Hyperparameters, Row

if TYPE_CHECKING:
    from torch.optim import Optimizer


def _build(row: Row, params: Any, h: Hyperparameters) -> Optimizer:
    # The base class is abstract and its signature another one than that of the methods.
    cls: Any = row.torch_class()
    return cls(params, **row.torch_arguments(h))


MOMENTUM_MODELS = tuple(Entry(row, partial(_build, row)) for row in METHODS.values())
