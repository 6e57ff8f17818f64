# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaLomo, and MoMo in its metric."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from momo.methods.row import AdaptiveRow, Hyperparameters, Shape
from momo.reference import CAPPED, DECOUPLED, FROM_FIRST, TRUNCATION, Given, Method, method
from momo.reference.preconditioners import AdaLomoDiagonal


def _in_its_metric(
    h: Hyperparameters, shape: Shape, beta: float, lb: float, step_rule: Any, **options: float
) -> Method:
    metric, bound = AdaLomoDiagonal(shape, eps=h.eps, **options), Given(lb)
    return method(FROM_FIRST, metric, bound, h.lr, beta, h.weight_decay, DECOUPLED, step_rule)


def _adalomo(h: Hyperparameters, shape: Shape, **options: float) -> Method:
    made = _in_its_metric(h, shape, 0.0, 0.0, CAPPED, **options)
    return replace(made, bounded=False)


def _momo_adalomo(h: Hyperparameters, shape: Shape, **options: float) -> Method:
    return _in_its_metric(h, shape, h.beta, h.lb, TRUNCATION, **options)


CHOICES = ({"exponent": 0.5}, {"eps2": 2.0}, {"clip_threshold": 0.5})
"""Each further argument once, so far from its default that it counts."""

ROWS = (
    AdaptiveRow(
        "adalomo",
        "AdaLomo",
        ("lr", "weight_decay", "eps"),
        _adalomo,
        "AdaLomo",
        defaults=Hyperparameters(lr=1e-3, beta=0.0, eps=1e-30),
        source="Lv et al. 2023, arXiv 2310.10195",
        equation="s = max{ε_2, RMS(x)}, x ← (1 - ηλs)x - ηs U/max{1, RMS(U)/d}, U = g/√V̂",
        ours="the default of lr; of parameters of more than two axes the last two are the matrix",
        options=CHOICES,
    ),
    AdaptiveRow(
        "momo_adalomo",
        "MoMo-AdaLomo",
        ("lr", "weight_decay", "beta", "eps", "lb"),
        _momo_adalomo,
        "MomoAdaLomo",
        defaults=Hyperparameters(lr=1e-2, eps=1e-30),
        source="derived here; Lv et al. 2023, arXiv 2310.10195",
        ours="the model, and with β > 0 that U is of d_k; with β = 0 a capped step is AdaLomo's",
        options=CHOICES,
        broken=("growing_fejer",),
    ),
)
