# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""SGD with momentum as an average of gradients: ``torch.optim.SGD`` with dampening = momentum."""

from __future__ import annotations

from torch.optim import SGD

from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


def build(params: Params, h: Hyperparameters) -> SGD:
    """Return ``d_1 = g_1, d_k = β d_{k-1} + (1-β) g_k, x ← x - α d_k``, with λx added to g.

    MoMo takes these steps where the cap limits them (without decay), so one learning rate means
    the same for both; in the form without dampening it would be 1/(1-β) times as long a step.
    """
    return SGD(params, lr=h.lr, momentum=h.beta, dampening=h.beta, weight_decay=h.weight_decay)
