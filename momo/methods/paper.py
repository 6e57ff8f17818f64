"""The paper's methods (arXiv 2305.07583)."""

from __future__ import annotations

from dataclasses import replace

from momo.methods.row import Hyperparameters, Row, Shape
from momo.reference import (
    APPROXIMATE,
    CAPPED,
    FROM_ZERO,
    PROXIMAL,
    Given,
    Identity,
    Method,
    adam,
    method,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
    sgd_m,
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


def _sgd_m(h: Hyperparameters, shape: Shape) -> Method:
    return sgd_m(h.lr, h.beta, h.weight_decay)


def _sgd_m_bias_corrected(h: Hyperparameters, shape: Shape) -> Method:
    return replace(_momo_bias_corrected(h, shape), step_rule=CAPPED)


def _adam(h: Hyperparameters, shape: Shape) -> Method:
    return adam(h.lr, (h.beta, h.beta2), h.eps, h.weight_decay, PROXIMAL)


def _adam_w(h: Hyperparameters, shape: Shape) -> Method:
    return adam(h.lr, (h.beta, h.beta2), h.eps, h.weight_decay, APPROXIMATE)


MOMO = ("lr", "weight_decay", "beta", "lb")
MOMO_ADAM = ("lr", "weight_decay", "betas", "eps", "lb")
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
    Row("momo", "MoMo", _momo, "Momo", MOMO, _sgd_m, claims=PROOF),
    Row(
        "momo_bias_corrected",
        "MoMo, averages from zero",
        _momo_bias_corrected,
        "Momo",
        MOMO,
        _sgd_m_bias_corrected,
        {"bias_correction": True},
        claims=("rate",),
        broken=("landing", "fejer"),
    ),
    Row(
        "momo_star",
        "MoMo*",
        _momo_star,
        "Momo",
        MOMO,
        _sgd_m,
        {"use_fstar": True},
        True,
        claims=("online_bound",),
        broken=("landing", "fejer"),
    ),
    Row(
        "momo_adam",
        "MoMo-Adam",
        _momo_adam,
        "MomoAdam",
        MOMO_ADAM,
        _adam,
        defaults=ADAPTIVE,
        broken=("growing_fejer",),
    ),
    Row(
        "momo_adam_undivided",
        "MoMo-Adam with AdamW's decay",
        _momo_adam_undivided,
        "MomoAdam",
        MOMO_ADAM,
        _adam_w,
        defaults=ADAPTIVE,
        broken=("growing_fejer",),
        fixed={"divide": False},
    ),
    Row(
        "momo_adam_star",
        "MoMo-Adam*",
        _momo_adam_star,
        "MomoAdam",
        MOMO_ADAM,
        _adam,
        defaults=ADAPTIVE,
        broken=("growing_fejer",),
        fixed={"use_fstar": True},
        online=True,
    ),
)
