# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Methods whose gradients are at an average of iterates; random scaling; adaptive momentum."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import inf
from typing import Any

from momo.methods.row import (
    MOMO,
    MOMO_ADAM,
    AdaptiveRow,
    Hyperparameters,
    Row,
    Shape,
    decades,
)
from momo.reference import (
    CAPPED,
    DECOUPLED,
    DECOUPLED_AT_X,
    FROM_FIRST,
    PROXIMAL,
    TRUNCATION,
    AdamDiagonal,
    AdaptiveHeavyBall,
    Displacement,
    Floored,
    Given,
    Identity,
    Method,
    method,
    newest,
)
from momo.reference.iterates import (
    AnytimeAveraging,
    IterateAveraging,
    RandomScaling,
    ScheduleFree,
)

newest_line = partial(method, FROM_FIRST)
"""A model of the newest line alone, at the base point."""


def _iam(h: Hyperparameters, shape: Shape) -> Method:
    iterates = IterateAveraging(h.beta)
    return newest_line(Identity(), Given(h.lb), h.lr, decay=DECOUPLED, iterates=iterates)


def _iam_anytime(h: Hyperparameters, shape: Shape) -> Method:
    iterates = AnytimeAveraging()
    return newest_line(Identity(), Given(h.lb), h.lr, decay=DECOUPLED, iterates=iterates)


def _iam_adam(h: Hyperparameters, shape: Shape, decay: str = "decoupled") -> Method:
    return newest_line(
        AdamDiagonal(h.beta2, h.eps),
        Given(h.lb),
        h.lr,
        weight_decay=h.weight_decay,
        decay=PROXIMAL if decay == "proximal" else DECOUPLED_AT_X,
        iterates=IterateAveraging(h.beta),
    )


def _ima_sps_safe(h: Hyperparameters, shape: Shape, floor: float = 1.0) -> Method:
    return newest_line(
        Identity(),
        Given(h.lb),
        h.lr,
        decay=DECOUPLED,
        step_rule=Floored(floor),
        iterates=IterateAveraging(h.beta),
    )


def _schedule_free(
    h: Hyperparameters,
    shape: Shape,
    power: float = 0.0,
    floor: float | None = 1.0,
    metric: Any = None,
) -> Method:
    return newest_line(
        Identity() if metric is None else metric,
        Given(h.lb),
        h.lr,
        decay=DECOUPLED,
        step_rule=TRUNCATION if floor is None else Floored(floor),
        iterates=ScheduleFree(h.beta, power),
    )


def _schedule_free_adam(
    h: Hyperparameters, shape: Shape, power: float = 0.0, floor: float | None = 1.0
) -> Method:
    return _schedule_free(h, shape, power, floor, AdamDiagonal(h.beta2, h.eps))


def _random_scaling(h: Hyperparameters, shape: Shape, seed: int = 0) -> Method:
    own = (FROM_FIRST, Identity(), Given(h.lb), h.lr, h.beta, h.weight_decay)
    return method(*own, iterates=RandomScaling(seed))


def _sgdm_random_scaling(
    h: Hyperparameters, shape: Shape, mu: float = 100.0, seed: int = 0
) -> Method:
    made = newest_line(
        Displacement(h.beta, mu),
        Given(),
        h.lr,
        decay=DECOUPLED,
        step_rule=CAPPED,
        iterates=RandomScaling(seed),
        linearisation=newest,
    )
    return replace(made, bounded=False)


def _nhb_adaptive(h: Hyperparameters, shape: Shape, delta: float = 1e-3) -> Method:
    made = newest_line(
        AdaptiveHeavyBall(shape, delta),
        Given(),
        h.lr,
        decay=DECOUPLED,
        step_rule=CAPPED,
        linearisation=newest,
    )
    return replace(made, bounded=False)


BROKEN = ("landing", "fejer")
FLOOR_HAS_UNITS = {
    "scaling": "M is in the units of ||g||²: where it is met, the scale of the loss matters"
}

ROWS = (
    Row(
        "iam",
        "IAM",
        ("lr", "beta", "lb"),
        _iam,
        "Iam",
        source="Gower et al. 2025, arXiv 2504.01898",
        equation="η = min{α, [f - ℓ + <g, z-x>]₊/‖g‖²}; z ← z - ηg; x ← (λx + z)/(1+λ)",
        broken=BROKEN,
    ),
    Row(
        "iam_anytime",
        "IAM, λ_t = t",
        ("lr", "lb"),
        _iam_anytime,
        "IamAnytime",
        source="Gower et al. 2025, arXiv 2504.01898",
        equation="η = min{α, [f - ℓ + <g, z-x>]₊/‖g‖²}; z ← z - ηg; x ← (tx + z)/(1+t)",
        broken=("fejer",),
    ),
    AdaptiveRow(
        "iam_adam",
        "IAM-Adam",
        MOMO_ADAM,
        _iam_adam,
        "IamAdam",
        defaults=Hyperparameters(lr=1e-2),
        source="Gower et al. 2025, arXiv 2504.01898",
        equation="D = ε + √(v/(1-β2^k)); η = [f - ℓ + <g, z-x>]₊/‖g‖²_D⁻¹; z ← z - ηD⁻¹g - αλ_w x;"
        " x ← (λx + z)/(1+λ)",
        ours="the cap, η ≤ lr; there lr is that of the decay alone",
        options=({"decay": "proximal"},),
        broken=BROKEN,
    ),
    Row(
        "ima_sps_safe",
        "IMA-SPS_safe",
        ("lr", "beta", "lb"),
        _ima_sps_safe,
        "ImaSpsSafe",
        defaults=Hyperparameters(lr=inf),
        source="Oikonomou and Loizou 2025, arXiv 2512.02342",
        equation="η = [f - ℓ + λ<g, x-x_prev>]₊/max{‖g‖², M}; z ← z - ηg; x ← (λx + z)/(1+λ)",
        ours="the default of λ, 9, as IAM's; the cap, where a finite lr is given",
        options=({"floor": 0.0}, {"floor": 0.01}),
        exempt=FLOOR_HAS_UNITS,
        broken=BROKEN,
    ),
    Row(
        "schedule_free_polyak",
        "schedule-free Polyak",
        ("lr", "beta", "lb"),
        _schedule_free,
        "ScheduleFreePolyak",
        defaults=Hyperparameters(lr=inf),
        source="arXiv 2511.07767, version 2",
        equation="y = (1-β)z + βθ; γ = [f(y) - ℓ + β<g, z-θ>]₊/max{‖g‖², M}; z ← z - γg;"
        " θ ← (1-c)θ + cz, c = 1/(t+1)",
        ours="M = 1, as that of SPS_safe: no value is known; the cap, where a finite lr is given",
        options=({"power": 1.0, "floor": None}, {"floor": 0.0}, {"power": 0.5, "floor": 0.01}),
        modes=True,
        exempt=FLOOR_HAS_UNITS,
        broken=BROKEN,
    ),
    AdaptiveRow(
        "schedule_free_adam_polyak",
        "schedule-free Adam-Polyak",
        ("lr", "betas", "eps", "lb"),
        _schedule_free_adam,
        "ScheduleFreeAdamPolyak",
        defaults=Hyperparameters(lr=inf),
        source="arXiv 2511.07767, version 2",
        equation="D = √(v/(1-β2^t)) + ε; y = (1-β)z + βθ;"
        " γ = [f(y) - ℓ + β<g, z-θ>]₊/max{‖g‖²_D⁻¹, M}; z ← z - γD⁻¹g; θ ← (1-c)θ + cz,"
        " c = 1/(t+1)",
        ours="M = 1, as that of SPS_safe: no value is known; the cap, where a finite lr is given",
        options=({"power": 1.0, "floor": None}, {"floor": 0.0}),
        modes=True,
        exempt=FLOOR_HAS_UNITS,
        broken=BROKEN,
    ),
    Row(
        "momo_random_scaling",
        "MoMo, Exp(1) scaled",
        MOMO,
        _random_scaling,
        "MomoRandomScaling",
        source="derived here; Zhang and Cutkosky 2024, arXiv 2405.09742",
        ours="all but the scaling; 37 % of the steps, those of s > 1, pass the model's zero",
        options=({"seed": 7},),
        broken=BROKEN,
    ),
    Row(
        "sgdm_random_scaling",
        "SGD-M, Exp(1) scaled",
        ("lr", "beta"),
        _sgdm_random_scaling,
        "SgdmRandomScaling",
        defaults=Hyperparameters(lr=1e-3, beta=0.99),
        source="Zhang and Cutkosky 2024, arXiv 2405.09742",
        equation="Δ ← β/(1+ημ)(Δ - ηg); x ← x + sΔ, s ~ Exp(1)",
        ours="the default of η",
        options=({"mu": 0.0}, {"mu": 10.0, "seed": 7}),
        grid=decades(-5, 1),
        broken=BROKEN,
    ),
    Row(
        "nhb_adaptive",
        "normalised heavy ball, adaptive",
        ("lr",),
        _nhb_adaptive,
        "AdaptiveNhb",
        defaults=Hyperparameters(lr=0.1, beta=0.0),
        source="the root of arXiv 2405.13726 (ECAI 2023)",
        ours="the defaults of α and of δ, that of the sampler; β = 0 where m = 0",
        options=({"delta": 1.0}, {"delta": 0.3}),
        broken=BROKEN,
    ),
)
