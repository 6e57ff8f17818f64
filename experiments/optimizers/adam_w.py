# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdamW (arXiv 1711.05101): ``torch.optim.AdamW``."""

from __future__ import annotations

from torch.optim import AdamW

from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


def build(params: Params, h: Hyperparameters) -> AdamW:
    """Return ``x ← (1 - αλ) x - α m̂/(sqrt(v̂) + ε)``."""
    return AdamW(params, lr=h.lr, betas=(h.beta, h.beta2), eps=h.eps, weight_decay=h.weight_decay)
