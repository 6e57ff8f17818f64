"""Muon, MuonMax and Scion with the model's step."""

from __future__ import annotations

from collections.abc import Callable

from momo.core.products import Product
from momo.methods.paper import MOMO_ADAM
from momo.methods.row import Hyperparameters, Row, Shape, when_capped
from momo.reference import DECOUPLED, FROM_ZERO, MAX, AdamDiagonal, Given, Method, method
from momo.reference.preconditioners import Preconditioner, Sign, Spectral

SOURCE = "Crawshaw et al. 2025, arXiv 2510.09827"
NOT_EXACT = "Newton-Schulz divides by the norm plus a constant"
MIXED = "norms of matrices scale with the loss, Adam's metric of vectors with its root"


def _muon_adam(h: Hyperparameters, shape: Shape) -> Preconditioner:
    if len(shape) >= 2:
        return Spectral(shape, radius="shape")
    return AdamDiagonal(h.beta2, h.eps)


def _scion(h: Hyperparameters, shape: Shape) -> Preconditioner:
    return Spectral(shape, radius="scion") if len(shape) >= 2 else Sign()


def _row(
    name: str,
    title: str,
    optimizer: str,
    preconditioner: Callable[[Hyperparameters, Shape], Preconditioner],
    arguments: tuple[str, ...],
    defaults: Hyperparameters,
    product: Product | None = None,
    scaling: str = NOT_EXACT,
) -> Row:
    def reference(h: Hyperparameters, shape: Shape) -> Method:
        return method(
            FROM_ZERO,
            preconditioner(h, shape),
            Given(h.lb),
            h.lr,
            h.beta,
            h.weight_decay,
            DECOUPLED,
            product=product,
        )

    return Row(
        name,
        title,
        reference,
        optimizer,
        arguments,
        when_capped(reference),
        defaults=defaults,
        source=SOURCE,
        broken=("fejer",),
        exempt={"scaling": scaling},
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
        MIXED,
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
