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

STEP = "τ = min{α, (h-f_*)_+/‖d‖²}, x ← (x - τd)/(1+αλ)"
ADAM_STEP = "D = ε + √(v/(1-β2^k)), τ = min{α/ρ, (h-ρf_*)_+/‖d‖²_D⁻¹}, x ← (x - τD⁻¹d)/(1+αλ)"
STARRED = "f_* ← max{(h - ½τ‖d‖²)/ρ, f_*^1}, lowered where it lies above the line"
"""What the starred methods do beside."""
FSTAR = ({"use_fstar": True},)

ROWS = (
    Row("momo", "MoMo", MOMO, _momo, "Momo", equation=f"d_1 = g_1; {STEP}", claims=PROOF),
    Row(
        "momo_bias_corrected",
        "MoMo, averages from zero",
        MOMO,
        _momo_bias_corrected,
        "Momo",
        fixed={"bias_correction": True},
        equation="d_0 = 0, ρ = 1-β^k; τ = min{α/ρ, (h-ρf_*)_+/‖d‖²}, x ← (x - τd)/(1+αλ)",
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
        equation=f"d_1 = g_1; {STEP}; {STARRED}",
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
        equation=ADAM_STEP,
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
        equation="as momo_adam, but x ← (1-αλ)x - τD⁻¹d",
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
        equation=f"{ADAM_STEP}; {STARRED}",
        online=True,
    ),
)
