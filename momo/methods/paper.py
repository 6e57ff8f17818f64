"""The paper's methods (arXiv 2305.07583)."""

from __future__ import annotations

from momo.methods.row import (
    MOMO,
    MOMO_ADAM,
    AdaptiveRow,
    Hyperparameters,
    Row,
    Shape,
)
from momo.reference import (
    APPROXIMATE,
    FROM_ZERO,
    Given,
    Identity,
    Method,
    method,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
)


def _momo(h: Hyperparameters, shape: Shape) -> Method:
    return momo(h.lr, h.beta, h.weight_decay, Given(h.lb))


def _momo_bias_corrected(h: Hyperparameters, shape: Shape) -> Method:
    identity = Identity()
    return method(FROM_ZERO, identity, Given(h.lb), h.lr, h.beta, h.weight_decay)


def _momo_star(h: Hyperparameters, shape: Shape) -> Method:
    return momo_star(h.lr, h.beta, h.weight_decay, h.lb)


def _momo_adam(h: Hyperparameters, shape: Shape) -> Method:
    return momo_adam(h.lr, (h.beta, h.beta2), h.eps, h.weight_decay, Given(h.lb))


def _momo_adam_undivided(h: Hyperparameters, shape: Shape) -> Method:
    betas, limit = (h.beta, h.beta2), Given(h.lb)
    return momo_adam(h.lr, betas, h.eps, h.weight_decay, limit, APPROXIMATE)


def _momo_adam_star(h: Hyperparameters, shape: Shape) -> Method:
    return momo_adam_star(h.lr, (h.beta, h.beta2), h.eps, h.weight_decay, h.lb)


ADAPTIVE = Hyperparameters(lr=1e-2)
PROOF = (
    "landing",
    "fejer",
    "summed",
    "gradient_bound",
    "rate",
    "rate_first_term",
    "rate_two_ends",
    "norm_recursion",
    "sharp_rate",
    "smooth",
    "smooth_linear",
)
"""The theorem, the steps of its proof, and what follows from them."""

ROWS = (
    Row("momo", "MoMo", MOMO, _momo, "Momo", claims=PROOF),
    Row(
        "momo_bias_corrected",
        "MoMo, averages from zero",
        MOMO,
        _momo_bias_corrected,
        "Momo",
        fixed={"bias_correction": True},
        claims=("rate",),
        broken=("landing", "fejer"),
    ),
    Row(
        "momo_star",
        "MoMo*",
        MOMO,
        _momo_star,
        "Momo",
        fixed={"use_fstar": True},
        online=True,
        claims=("online_bound",),
        broken=("landing", "fejer"),
    ),
    AdaptiveRow(
        "momo_adam",
        "MoMo-Adam",
        MOMO_ADAM,
        _momo_adam,
        "MomoAdam",
        defaults=ADAPTIVE,
        broken=("growing_fejer",),
    ),
    AdaptiveRow(
        "momo_adam_undivided",
        "MoMo-Adam with AdamW's decay",
        MOMO_ADAM,
        _momo_adam_undivided,
        "MomoAdam",
        defaults=ADAPTIVE,
        broken=("growing_fejer",),
        fixed={"divide": False},
    ),
    AdaptiveRow(
        "momo_adam_star",
        "MoMo-Adam*",
        MOMO_ADAM,
        _momo_adam_star,
        "MomoAdam",
        defaults=ADAPTIVE,
        broken=("growing_fejer",),
        fixed={"use_fstar": True},
        online=True,
    ),
)
