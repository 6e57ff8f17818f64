# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

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
    Online,
    method,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
)


def _momo(h: Hyperparameters, shape: Shape) -> Method:
    return momo(h.lr, h.beta, h.weight_decay, Given(h.lb))


def _bound(h: Hyperparameters, use_fstar: bool) -> Given | Online:
    return Online(h.lb) if use_fstar else Given(h.lb)


def _momo_bias_corrected(h: Hyperparameters, shape: Shape, use_fstar: bool = False) -> Method:
    bound = _bound(h, use_fstar)
    return method(FROM_ZERO, Identity(), bound, h.lr, h.beta, h.weight_decay)


def _momo_star(h: Hyperparameters, shape: Shape) -> Method:
    return momo_star(h.lr, h.beta, h.weight_decay, h.lb)


def _momo_adam(h: Hyperparameters, shape: Shape) -> Method:
    return momo_adam(h.lr, (h.beta, h.beta2), h.eps, h.weight_decay, Given(h.lb))


def _momo_adam_undivided(h: Hyperparameters, shape: Shape, use_fstar: bool = False) -> Method:
    betas, bound = (h.beta, h.beta2), _bound(h, use_fstar)
    return momo_adam(h.lr, betas, h.eps, h.weight_decay, bound, APPROXIMATE)


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

FSTAR = ({"use_fstar": True},)

ROWS = (
    Row("momo", "MoMo", MOMO, _momo, "Momo", claims=PROOF),
    Row(
        "momo_bias_corrected",
        "MoMo, averages from zero",
        MOMO,
        _momo_bias_corrected,
        "Momo",
        fixed={"bias_correction": True},
        options=FSTAR,
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
        source="the authors' package, momo-opt",
        options=FSTAR,
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
