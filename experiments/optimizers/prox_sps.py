"""ProxSPS (arXiv 2301.04935): the model of one batch, without averaging."""

from __future__ import annotations

from momo.methods import Hyperparameters
from momo.optim import Momo
from momo.optim.base import Params


def build(params: Params, h: Hyperparameters) -> Momo:
    """Return MoMo with β = 0.

    ``τ = min{α, ((1+αλ)(f - f_*) - αλ<g,x>)_+/||g||²}``, ``x ← (x - τg)/(1+αλ)``.
    """
    return Momo(params, lr=h.lr, weight_decay=h.weight_decay, beta=0.0, lb=h.lb)
