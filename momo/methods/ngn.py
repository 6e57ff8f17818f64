# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Steps of the Gauss-Newton model of ``f = (√f)²``: NGN, NGN-D, NGN-M, NGN-MDv1, NGN-MDv2."""

from __future__ import annotations

from typing import Any

from momo.methods.polyak import heavy_ball
from momo.methods.row import MOMO_ADAM, AdaptiveRow, Hyperparameters, Row, Shape
from momo.reference import (
    CAPPED,
    DECOUPLED,
    FROM_FIRST,
    HARMONIC,
    AdamDiagonal,
    Given,
    Identity,
    Method,
    NgnDiagonal,
    method,
)


def _ngn(h: Hyperparameters, shape: Shape) -> Method:
    return method(FROM_FIRST, Identity(), Given(h.lb), h.lr, decay=DECOUPLED, step_rule=HARMONIC)


def _ngn_d(h: Hyperparameters, shape: Shape) -> Method:
    metric: Any = NgnDiagonal(Identity())
    return method(FROM_FIRST, metric, Given(h.lb), h.lr, decay=DECOUPLED, step_rule=CAPPED)


def _ngn_m(h: Hyperparameters, shape: Shape) -> Method:
    return heavy_ball(h, HARMONIC)


def _ngn_md_v1(h: Hyperparameters, shape: Shape, decay: str = "decoupled") -> Method:
    return heavy_ball(h, HARMONIC, AdamDiagonal(h.beta2, h.eps), decay)


def _ngn_md_v2(h: Hyperparameters, shape: Shape, decay: str = "decoupled") -> Method:
    return heavy_ball(h, CAPPED, NgnDiagonal(AdamDiagonal(h.beta2, h.eps)), decay)


SOURCE = "arXiv 2508.15071"
DEFAULT = "lr = 1 by default: the source has no default of c"
DECAY = f"{DEFAULT}; the decay is of the base point"

ROWS = (
    Row(
        "ngn",
        "NGN",
        ("lr", "lb"),
        _ngn,
        "Ngn",
        defaults=Hyperparameters(beta=0.0),
        source="Orvieto and Xiao 2024, arXiv 2407.04358",
        equation="γ = c/(1 + c‖g‖²/(2(f - ℓ))); x ← x - γ g; c = lr",
        ours=DEFAULT,
        broken=("fejer",),
    ),
    Row(
        "ngn_d",
        "NGN-D",
        ("lr", "lb"),
        _ngn_d,
        "NgnD",
        defaults=Hyperparameters(beta=0.0),
        source=SOURCE,
        equation="γ_j = c/(1 + c g_j²/(2(f - ℓ))); x_j ← x_j - γ_j g_j; c = lr",
        ours=f"{DEFAULT}; one c for all coordinates of a group",
    ),
    Row(
        "ngn_m",
        "NGN-M",
        ("lr", "beta", "lb"),
        _ngn_m,
        "NgnM",
        source=SOURCE,
        equation="γ = c/(1 + c‖g‖²/(2(f - ℓ))); x ← x - (1-β)γ g + β(x - x_prev); c = lr",
        ours=DEFAULT,
        broken=("landing", "fejer"),
    ),
    AdaptiveRow(
        "ngn_md_v1",
        "NGN-MDv1",
        MOMO_ADAM,
        _ngn_md_v1,
        "NgnMdV1",
        source=SOURCE,
        equation="D = ε + √(v/(1-β2^k)); γ = c/(1 + c‖g‖²_{D^-1}/(2(f - ℓ)));"
        " x ← x - (1-β1)γ D^-1 g + β1(x - x_prev); c = lr",
        ours=DECAY,
        options=({"decay": "proximal"},),
        broken=("landing", "fejer"),
    ),
    AdaptiveRow(
        "ngn_md_v2",
        "NGN-MDv2",
        MOMO_ADAM,
        _ngn_md_v2,
        "NgnMdV2",
        source=SOURCE,
        equation="D as v1; γ_j = c/(1 + c g_j²/(2(f - ℓ)));"
        " x_j ← x_j - (1-β1)γ_j g_j/D_j + β1(x - x_prev)_j; c = lr",
        ours=f"{DECAY}; how γ_j and D_j are joined is our reading",
        options=({"decay": "proximal"},),
        exempt={"scaling": "as published: γ_j is in the units of D = I, what it multiplies is not"},
    ),
)
