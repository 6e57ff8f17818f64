# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Stochastic Polyak steps: SPS_max, SPS_safe, ProxSPS, MomSPS, ALR-SMAG."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

from momo.methods.paper import PROOF
from momo.methods.row import Hyperparameters, Row, Shape
from momo.reference import (
    DECOUPLED,
    FROM_FIRST,
    FROM_ZERO,
    PROXIMAL,
    TRUNCATION,
    Floored,
    Given,
    GrowthLimited,
    Identity,
    Method,
    Scaled,
    method,
    newest,
    prox_sps,
)
from momo.reference.iterates import IterateAveraging


def heavy_ball(h: Hyperparameters, rule: Any, metric: Any = None, decay: str = "") -> Method:
    """Return a method whose step size is of the newest loss alone, with an average of its steps.

    ``metric`` is D, I by default; ``decay`` how λ enters: "decoupled", "proximal", or "", not.
    """
    return method(
        FROM_FIRST,
        metric or Identity(),
        Given(h.lb),
        h.lr,
        weight_decay=h.weight_decay if decay else 0.0,
        decay=PROXIMAL if decay == "proximal" else DECOUPLED,
        step_rule=rule,
        iterates=IterateAveraging(h.beta),
        linearisation=newest,
    )


def _sps_max(h: Hyperparameters, shape: Shape, c: float = 1.0) -> Method:
    return replace(prox_sps(h.lr, 0.0, Given(h.lb)), step_rule=Scaled(TRUNCATION, 1 / c))


def _sps_safe(h: Hyperparameters, shape: Shape, floor: float = 1.0) -> Method:
    return replace(prox_sps(h.lr, 0.0, Given(h.lb)), step_rule=Floored(floor))


def _prox_sps(h: Hyperparameters, shape: Shape) -> Method:
    return prox_sps(h.lr, h.weight_decay, Given(h.lb))


def _mom_sps(h: Hyperparameters, shape: Shape, c: float = 1.0) -> Method:
    return heavy_ball(h, Scaled(TRUNCATION, 1 / c))


def _mom_sps_smooth(
    h: Hyperparameters, shape: Shape, c: float = 1.0, first_step: float = 1.0, n: float = 256.0
) -> Method:
    # τ = γ/(1-β): so is τ_0.
    return heavy_ball(h, Scaled(GrowthLimited(2 ** (1 / n), first_step / (1 - h.beta)), 1 / c))


def _alr_smag(h: Hyperparameters, shape: Shape, c: float = 1.0) -> Method:
    return method(
        FROM_ZERO,
        Identity(),
        Given(h.lb),
        h.lr / (1 - h.beta),
        h.beta,
        decay=DECOUPLED,
        step_rule=Scaled(TRUNCATION, (1 - h.beta) / c),
        linearisation=newest,
    )


C = ({"c": 0.4},)
"""The c of MomSPS for networks; of the others another than 1."""

ROWS = (
    Row(
        "sps_max",
        "SPS_max",
        ("lr", "lb"),
        _sps_max,
        "SpsMax",
        defaults=Hyperparameters(beta=0.0),
        claims=PROOF,
        source="Loizou et al. 2021, arXiv 2002.10542",
        equation="γ = min{(f - ℓ)/(c‖g‖²), γ_b}; x ← x - γ g; γ_b = lr",
        ours="the default of γ_b",
        options=C,
    ),
    Row(
        "prox_sps",
        "ProxSPS",
        ("lr", "weight_decay", "lb"),
        _prox_sps,
        "ProxSps",
        defaults=Hyperparameters(beta=0.0),
        claims=PROOF,
        source="Schaipp, Gower and Ulbrich 2023, arXiv 2301.04935",
    ),
    Row(
        "mom_sps",
        "MomSPS_max",
        ("lr", "beta", "lb"),
        _mom_sps,
        "MomSps",
        defaults=Hyperparameters(lr=10.0),
        source="Oikonomou and Loizou 2024, arXiv 2406.04142",
        equation="γ = (1-β) min{(f - ℓ)/(c‖g‖²), γ_b}; x ← x - γ g + β(x - x_prev); γ_b = lr",
        options=C,
        broken=("landing", "fejer"),
    ),
    Row(
        "mom_sps_smooth",
        "MomSPS_smooth",
        ("lr", "beta", "lb"),
        _mom_sps_smooth,
        "MomSpsSmooth",
        defaults=Hyperparameters(lr=inf),
        source="Oikonomou and Loizou 2024, arXiv 2406.04142",
        equation="γ_t = min{(1-β)(f - ℓ)/(c‖g‖²), 2^{1/n} γ_{t-1}}; x ← x - γ g + β(x - x_prev);"
        " above γ = (1-β)τ, q = 2^{1/n}",
        ours="a cap, lr = inf by default; a step of 0 does not make all later ones 0",
        options=(*C, {"first_step": 0.05, "n": 8.0}),
        exempt={"scaling": "γ_0 has the units of a step size"},
        broken=("landing", "fejer"),
    ),
    Row(
        "sps_safe",
        "SPS_safe",
        ("lr", "lb"),
        _sps_safe,
        "SpsSafe",
        defaults=Hyperparameters(lr=inf, beta=0.0),
        source="Oikonomou and Loizou 2025, arXiv 2512.02342",
        equation="γ = (f - ℓ)/max{‖g‖², M}; x ← x - γ g; M ≤ 0: M = ‖g_1‖²",
        ours="a cap, lr = inf by default; M of the first gradient is that of the first above 0",
        options=({"floor": 0.0}, {"floor": 0.01}),
        exempt={"scaling": "M has the units of ‖g‖²"},
    ),
    Row(
        "alr_smag",
        "ALR-SMAG",
        ("lr", "beta", "lb"),
        _alr_smag,
        "AlrSmag",
        defaults=Hyperparameters(lr=0.1),
        source="Wang, Johansson and Zhang 2023, arXiv 2305.12939",
        equation="d ← β d + g; τ = min{α, (f - ℓ)/(c‖d‖²)}; x ← x - τ d;"
        " above d is 1-β times that, and α and c are 1/(1-β) times these",
        options=C,
        broken=("landing", "fejer"),
    ),
)
