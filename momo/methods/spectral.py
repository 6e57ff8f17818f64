"""Muon, MuonMax and Scion with the model's step."""

from __future__ import annotations

from momo.methods.row import MOMO, MOMO_ADAM, AdaptiveRow, Hyperparameters, Shape, given
from momo.reference import DECOUPLED, EMA_FROM_ZERO, Method, adam_preconditioner, method
from momo.reference.lower_bounds import LowerBound
from momo.reference.preconditioners import Preconditioner, SignPreconditioner, spectral
from momo.reference.products import MAX, Product

SOURCE = "Crawshaw et al. 2025, arXiv 2510.09827"
NOT_EXACT = "Newton-Schulz divides by the norm plus a constant"
MIXED = "norms of matrices scale with the loss, Adam's metric of vectors with its root"
MUON = Hyperparameters(lr=1e-2, beta=0.95, beta2=0.95)


def _in_norm(
    norm: Preconditioner,
    h: Hyperparameters,
    bound: LowerBound | None,
    product: Product | None = None,
) -> Method:
    parts = (EMA_FROM_ZERO, norm, given(h, bound), h.lr, h.beta, h.weight_decay, DECOUPLED)
    return method(*parts, product=product)


def _muon(h: Hyperparameters, shape: Shape) -> Preconditioner:
    if len(shape) >= 2:
        return spectral(shape, radius="shape")
    return adam_preconditioner(h.beta2, h.eps)


def _muon_adam(h: Hyperparameters, bound: LowerBound | None, shape: Shape) -> Method:
    return _in_norm(_muon(h, shape), h, bound)


def _muon_max(h: Hyperparameters, bound: LowerBound | None, shape: Shape) -> Method:
    return _in_norm(_muon(h, shape), h, bound, MAX)


def _scion(h: Hyperparameters, bound: LowerBound | None, shape: Shape) -> Method:
    matrix = len(shape) >= 2
    norm = spectral(shape, radius="scion") if matrix else SignPreconditioner()
    return _in_norm(norm, h, bound)


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
