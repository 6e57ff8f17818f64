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


def _in_metric(metric: Preconditioner, h: Hyperparameters, decay: Decay = PROXIMAL) -> Method:
    """Return MoMo-Adam with another preconditioner."""
    return method(FROM_ZERO, metric, Given(h.lb), h.lr, h.beta, h.weight_decay, decay)


def _momo_amsgrad(h: Hyperparameters, shape: Shape) -> Method:
    return _in_metric(AmsGradDiagonal(h.beta2, h.eps), h)


def _momo_adagrad(h: Hyperparameters, shape: Shape) -> Method:
    return _in_metric(AdaGradDiagonal(h.eps), h)


def _momo_adabelief(h: Hyperparameters, shape: Shape) -> Method:
    return _in_metric(AdaBeliefDiagonal(h.beta2, h.eps), h)


def _momo_lion(h: Hyperparameters, shape: Shape) -> Method:
    average, sign = LionAverage(h.beta2), Sign()
    return method(average, sign, Given(h.lb), h.lr, h.beta, h.weight_decay, DECOUPLED)


def _momo_adafactor(h: Hyperparameters, shape: Shape) -> Method:
    return _in_metric(Factored(shape, eps=h.eps), h)


def _momo_soap(h: Hyperparameters, shape: Shape) -> Method:
    return _in_metric(Soap(shape, h.beta2, h.eps), h, APPROXIMATE)


ROWS = (
    AdaptiveRow(
        "momo_amsgrad",
        "MoMo-AMSGrad",
        MOMO_ADAM,
        _momo_amsgrad,
        "MomoAmsGrad",
        defaults=Hyperparameters(lr=1e-2),
        source="derived here; Reddi et al. 2018",
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
        broken=("growing_fejer",),
    ),
)
