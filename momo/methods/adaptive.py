# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""MoMo in the metrics of AMSGrad, AdaGrad, AdaBelief, AdaFactor and SOAP, and with Lion's sign."""

from __future__ import annotations

from momo.methods.row import (
    MOMO_ADAM,
    AdaptiveRow,
    Hyperparameters,
    Row,
    Shape,
    decades,
)
from momo.reference import (
    APPROXIMATE,
    DECOUPLED,
    FROM_ZERO,
    PROXIMAL,
    Decay,
    Given,
    LionAverage,
    Method,
    Online,
    method,
)
from momo.reference.preconditioners import (
    AdaBeliefDiagonal,
    AdaGradDiagonal,
    AmsGradDiagonal,
    Factored,
    Preconditioner,
    Sign,
    Soap,
)


def _in_metric(
    metric: Preconditioner, h: Hyperparameters, decay: Decay = PROXIMAL, use_fstar: bool = False
) -> Method:
    """Return MoMo-Adam with another preconditioner."""
    bound = Online(h.lb) if use_fstar else Given(h.lb)
    return method(FROM_ZERO, metric, bound, h.lr, h.beta, h.weight_decay, decay)


def _momo_amsgrad(
    h: Hyperparameters, shape: Shape, divide: bool = True, use_fstar: bool = False
) -> Method:
    decay = PROXIMAL if divide else APPROXIMATE
    return _in_metric(AmsGradDiagonal(h.beta2, h.eps), h, decay, use_fstar)


def _momo_adagrad(h: Hyperparameters, shape: Shape) -> Method:
    return _in_metric(AdaGradDiagonal(h.eps), h)


def _momo_adabelief(
    h: Hyperparameters, shape: Shape, divide: bool = True, use_fstar: bool = False
) -> Method:
    decay = PROXIMAL if divide else APPROXIMATE
    return _in_metric(AdaBeliefDiagonal(h.beta2, h.eps), h, decay, use_fstar)


def _momo_lion(h: Hyperparameters, shape: Shape) -> Method:
    average, sign = LionAverage(h.beta2), Sign()
    return method(average, sign, Given(h.lb), h.lr, h.beta, h.weight_decay, DECOUPLED)


def _momo_adafactor(h: Hyperparameters, shape: Shape, exponent: float = 0.8) -> Method:
    return _in_metric(Factored(shape, exponent, h.eps), h)


def _momo_soap(h: Hyperparameters, shape: Shape, frequency: int = 10) -> Method:
    return _in_metric(Soap(shape, h.beta2, h.eps, frequency), h, APPROXIMATE)


LIKE_MOMO_ADAM = (
    {"divide": False},
    {"use_fstar": True},
    {"divide": False, "use_fstar": True},
)
"""Choices that MoMo-Adam has rows for."""


ROWS = (
    AdaptiveRow(
        "momo_amsgrad",
        "MoMo-AMSGrad",
        MOMO_ADAM,
        _momo_amsgrad,
        "MomoAmsGrad",
        defaults=Hyperparameters(lr=1e-2),
        source="derived here; Reddi et al. 2018",
        ours="the model; a capped step is AMSGrad's, with Adam's bias correction",
        options=LIKE_MOMO_ADAM,
        broken=("growing_fejer",),
    ),
    AdaptiveRow(
        "momo_adagrad",
        "MoMo-AdaGrad",
        ("lr", "weight_decay", "beta", "eps", "lb"),
        _momo_adagrad,
        "MomoAdaGrad",
        defaults=Hyperparameters(lr=1e-2, eps=1e-10),
        source="derived here; Duchi, Hazan and Singer 2011",
        ours="the model, and its average of gradients; with β = 0 a capped step is AdaGrad's",
        claims=("growing_fejer", "growing_rate", "growing_sharp_rate"),
    ),
    AdaptiveRow(
        "momo_adabelief",
        "MoMo-AdaBelief",
        MOMO_ADAM,
        _momo_adabelief,
        "MomoAdaBelief",
        defaults=Hyperparameters(lr=1e-2, eps=1e-16),
        source="derived here; Zhuang et al. 2020",
        ours="the model; a capped step is AdaBelief's",
        options=LIKE_MOMO_ADAM,
        broken=("growing_fejer",),
    ),
    Row(
        "momo_lion",
        "MoMo-Lion",
        ("lr", "weight_decay", "betas", "lb"),
        _momo_lion,
        "MomoLion",
        defaults=Hyperparameters(lr=1e-4, beta2=0.99),
        base="adam",
        grid=decades(-5, 0),
        source="derived here; Chen et al. 2023, arXiv 2302.06675",
        ours="the model; a capped step is Lion's",
        broken=("fejer",),
    ),
    AdaptiveRow(
        "momo_adafactor",
        "MoMo-AdaFactor",
        ("lr", "weight_decay", "beta", "eps", "lb"),
        _momo_adafactor,
        "MomoAdaFactor",
        defaults=Hyperparameters(lr=1e-2, eps=1e-30),
        source="derived here; Shazeer and Stern 2018",
        ours="the model, its average of gradients, and that neither the relative step nor the limit"
        " on the update is there (momo_adalomo has both)",
        options=({"exponent": 0.5},),
        broken=("growing_fejer",),
    ),
    AdaptiveRow(
        "momo_soap",
        "MoMo-SOAP",
        MOMO_ADAM,
        _momo_soap,
        "MomoSoap",
        defaults=Hyperparameters(lr=3e-3, beta=0.95, beta2=0.95, weight_decay=0.01),
        source="derived here; Vyas et al. 2024, arXiv 2409.11321",
        ours="the model; bases that start from I, are refined before the gradient is squared in"
        " them, of shifted matrices, unsorted; no entry of D below a thousandth of the largest",
        options=({"frequency": 1}, {"frequency": 7}),
        broken=("growing_fejer",),
    ),
)
