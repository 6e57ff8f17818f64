"""MoMo in the metrics of AMSGrad, AdaGrad, AdaBelief, AdaFactor and SOAP, and with Lion's sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from momo.methods.paper import MOMO_ADAM
from momo.methods.row import Hyperparameters, Row, Shape, when_capped
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


def _row(
    name: str,
    title: str,
    optimizer: str,
    preconditioner: Callable[[Hyperparameters, Shape], Preconditioner],
    arguments: tuple[str, ...],
    defaults: Hyperparameters,
    source: str,
    averaging: Callable[[Hyperparameters], Any] = lambda h: FROM_ZERO,
    decay: Decay = PROXIMAL,
    **more: Any,
) -> Row:
    """Return the row of MoMo with another preconditioner."""

    def reference(h: Hyperparameters, shape: Shape) -> Method:
        return method(
            averaging(h),
            preconditioner(h, shape),
            Given(h.lb),
            h.lr,
            h.beta,
            h.weight_decay,
            decay,
        )

    return Row(
        name,
        title,
        reference,
        optimizer,
        arguments,
        when_capped(reference),
        defaults=defaults,
        source=source,
        **more,
    )


ROWS = (
    _row(
        "momo_amsgrad",
        "MoMo-AMSGrad",
        "MomoAmsGrad",
        lambda h, shape: AmsGradDiagonal(h.beta2, h.eps),
        MOMO_ADAM,
        Hyperparameters(lr=1e-2),
        "derived here; Reddi et al. 2018",
        broken=("growing_fejer",),
    ),
    _row(
        "momo_adagrad",
        "MoMo-AdaGrad",
        "MomoAdaGrad",
        lambda h, shape: AdaGradDiagonal(h.eps),
        ("lr", "weight_decay", "beta", "eps", "lb"),
        Hyperparameters(lr=1e-2, eps=1e-10),
        "derived here; Duchi, Hazan and Singer 2011",
        claims=("growing_fejer", "growing_rate", "growing_sharp_rate"),
    ),
    _row(
        "momo_adabelief",
        "MoMo-AdaBelief",
        "MomoAdaBelief",
        lambda h, shape: AdaBeliefDiagonal(h.beta2, h.eps),
        MOMO_ADAM,
        Hyperparameters(lr=1e-2, eps=1e-16),
        "derived here; Zhuang et al. 2020",
        broken=("growing_fejer",),
    ),
    _row(
        "momo_lion",
        "MoMo-Lion",
        "MomoLion",
        lambda h, shape: Sign(),
        ("lr", "weight_decay", "betas", "lb"),
        Hyperparameters(lr=1e-4, beta2=0.99),
        "derived here; Chen et al. 2023, arXiv 2302.06675",
        lambda h: LionAverage(h.beta2),
        DECOUPLED,
        broken=("fejer",),
    ),
    _row(
        "momo_adafactor",
        "MoMo-AdaFactor",
        "MomoAdaFactor",
        lambda h, shape: Factored(shape, eps=h.eps),
        ("lr", "weight_decay", "beta", "eps", "lb"),
        Hyperparameters(lr=1e-2, eps=1e-30),
        "derived here; Shazeer and Stern 2018",
        broken=("growing_fejer",),
    ),
    _row(
        "momo_soap",
        "MoMo-SOAP",
        "MomoSoap",
        lambda h, shape: Soap(shape, h.beta2, h.eps),
        MOMO_ADAM,
        Hyperparameters(lr=3e-3, beta=0.95, beta2=0.95, weight_decay=0.01),
        "derived here; Vyas et al. 2024, arXiv 2409.11321",
        decay=APPROXIMATE,
        broken=("growing_fejer",),
    ),
)
