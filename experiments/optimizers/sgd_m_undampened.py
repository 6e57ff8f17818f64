# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""SGD with momentum as a sum of gradients: ``torch.optim.SGD`` as it is by default."""

from __future__ import annotations

from torch.optim import SGD

from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


def build(params: Params, h: Hyperparameters) -> SGD:
    """Return ``d_k = β d_{k-1} + g_k, x ← x - α d_k``, with λx added to g.

    A step is 1/(1-β) times as long as one of `sgd_m` at the same α, but for the first: that one
    starts its average at the first gradient, so that it counts 1/(1-β) times as much there.
    """
    return SGD(params, lr=h.lr, momentum=h.beta, weight_decay=h.weight_decay)
