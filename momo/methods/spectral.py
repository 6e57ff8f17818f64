"""Muon, MuonMax and Scion with the model's step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from momo.methods.paper import MOMO_ADAM, given
from momo.methods.row import Hyperparameters, Row, Shape
from momo.reference import DECOUPLED, EMA_FROM_ZERO, Method, adam_preconditioner, method
from momo.reference.lower_bounds import LowerBound
from momo.reference.preconditioners import Preconditioner, SignPreconditioner, spectral
from momo.reference.products import MAX, Product
from momo.reference.step_rules import CAPPED

SOURCE = "Crawshaw et al. 2025, arXiv 2510.09827"


def _muon_adam(h: Hyperparameters, shape: Shape) -> Preconditioner:
    if len(shape) >= 2:
        return spectral(shape, radius="shape")
    return adam_preconditioner(h.beta2, h.eps)


def _scion(h: Hyperparameters, shape: Shape) -> Preconditioner:
    return spectral(shape, radius="scion") if len(shape) >= 2 else SignPreconditioner()


def _row(
    name: str,
    title: str,
    optimizer: str,
    preconditioner: Callable[[Hyperparameters, Shape], Preconditioner],
    arguments: tuple[str, ...],
    defaults: Hyperparameters,
    product: Product | None = None,
) -> Row:
    def reference(h: Hyperparameters, bound: LowerBound | None, shape: Shape) -> Method:
        return method(
            EMA_FROM_ZERO,
            preconditioner(h, shape),
            given(h, bound),
            h.lr,
            h.beta,
            h.weight_decay,
            DECOUPLED,
            product=product,
        )

    def capped(h: Hyperparameters, shape: Shape) -> Method:
        return replace(reference(h, None, shape), step_rule=CAPPED)

    return Row(
        name,
        title,
        reference,
        optimizer,
        arguments,
        capped,
        defaults=defaults,
        source=SOURCE,
        broken=("fejer",),
    )


ROWS = (
    _row(
        "muon_adam_momo",
        "MuonAdam-MoMo",
        "MuonAdamMomo",
        _muon_adam,
        MOMO_ADAM,
        Hyperparameters(lr=1e-2, beta=0.95, beta2=0.95),
    ),
    _row(
        "muon_max_momo",
        "MuonMax-MoMo",
        "MuonMaxMomo",
        _muon_adam,
        MOMO_ADAM,
        Hyperparameters(lr=1e-2, beta=0.95, beta2=0.95),
        MAX,
    ),
    _row(
        "scion_momo",
        "Scion-MoMo",
        "ScionMomo",
        _scion,
        ("lr", "weight_decay", "beta", "lb"),
        Hyperparameters(lr=1e-3),
    ),
)
