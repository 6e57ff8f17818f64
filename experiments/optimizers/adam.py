# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Adam (arXiv 1412.6980): ``torch.optim.Adam``."""

from __future__ import annotations

from torch.optim import Adam

from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


def build(params: Params, h: Hyperparameters) -> Adam:
    """Return ``x ← x - α m̂/(sqrt(v̂) + ε)``, with λx added to the gradient."""
    return Adam(params, lr=h.lr, betas=(h.beta, h.beta2), eps=h.eps, weight_decay=h.weight_decay)
