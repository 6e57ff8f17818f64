"""Muon, MuonMax and Scion with the model's step."""

from __future__ import annotations

from momo.core.products import Product
from momo.methods.row import MOMO, MOMO_ADAM, AdaptiveRow, Hyperparameters, Shape
from momo.reference import (
    DECOUPLED,
    FROM_ZERO,
    MAX,
    AdamDiagonal,
    Given,
    Method,
    method,
)
from momo.reference.preconditioners import Preconditioner, Sign, Spectral

SOURCE = "Crawshaw et al. 2025, arXiv 2510.09827"
NOT_EXACT = "Newton-Schulz divides by the norm plus a constant"
MIXED = "norms of matrices scale with the loss, Adam's metric of vectors with its root"
MUON = Hyperparameters(lr=1e-2, beta=0.95, beta2=0.95)


def _in_norm(
    norm: Preconditioner,
    h: Hyperparameters,
    product: Product | None = None,
) -> Method:
    parts = (FROM_ZERO, norm, Given(h.lb), h.lr, h.beta, h.weight_decay, DECOUPLED)
    return method(*parts, product=product)


def _muon(h: Hyperparameters, shape: Shape) -> Preconditioner:
    if len(shape) >= 2:
        return Spectral(shape, radius="shape")
    return AdamDiagonal(h.beta2, h.eps)


def _muon_adam(h: Hyperparameters, shape: Shape) -> Method:
    return _in_norm(_muon(h, shape), h)


def _muon_max(h: Hyperparameters, shape: Shape) -> Method:
    return _in_norm(_muon(h, shape), h, MAX)


def _scion(h: Hyperparameters, shape: Shape) -> Method:
    matrix = len(shape) >= 2
    norm = Spectral(shape, radius="scion") if matrix else Sign()
    return _in_norm(norm, h)


ROWS = (
    AdaptiveRow(
        "muon_adam_momo",
        "MuonAdam-MoMo",
        MOMO_ADAM,
        _muon_adam,
        "MuonAdamMomo",
        defaults=MUON,
        source=SOURCE,
        broken=("fejer",),
        exempt={"scaling": NOT_EXACT},
    ),
    AdaptiveRow(
        "muon_max_momo",
        "MuonMax-MoMo",
        MOMO_ADAM,
        _muon_max,
        "MuonMaxMomo",
        defaults=MUON,
        source=SOURCE,
        broken=("fejer",),
        exempt={"scaling": MIXED},
    ),
    AdaptiveRow(
        "scion_momo",
        "Scion-MoMo",
        MOMO,
        _scion,
        "ScionMomo",
        defaults=Hyperparameters(lr=1e-3),
        source=SOURCE,
        broken=("fejer",),
        exempt={"scaling": NOT_EXACT},
    ),
)
