# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Muon, MuonMax and Scion with the model's step."""

from __future__ import annotations

from momo.core.products import Product
from momo.methods.row import MOMO, MOMO_ADAM, AdaptiveRow, Hyperparameters, Shape
from momo.reference import (
    DECOUPLED,
    FROM_FIRST,
    FROM_ZERO,
    MAX,
    AdamDiagonal,
    Given,
    Method,
    method,
)
from momo.reference.preconditioners import AdamFromFirst, Preconditioner, Sign, Spectral

SOURCE = "Crawshaw et al. 2025, arXiv 2510.09827"
OURS = "the positive part of h - f_*, without which a step climbs where the model lies below f_*"
NOT_EXACT = "Newton-Schulz divides by the norm plus a constant"
MIXED = "norms of matrices scale with the loss, Adam's metric of vectors with its root"
MUON = Hyperparameters(lr=1e-2, beta=0.95, beta2=0.95)
OPTIONS = (
    {"start": "zero"},
    {"start": "zero", "radius": "shape"},
    {"start": "zero", "radius": "scion"},
    {"radius": "rms"},
    {"radius": 0.3},
    {"stale_norm": True},
    {"stale_norm": True, "start": "zero", "radius": 2.0},
)


def _in_norm(
    rest: Preconditioner,
    h: Hyperparameters,
    shape: Shape,
    start: str,
    radius: str | float,
    stale_norm: bool,
    product: Product | None = None,
) -> Method:
    """Return the method in the spectral norm, if it is a matrix, or else in another."""
    matrix = len(shape) >= 2
    norm = Spectral(shape, radius=radius, stale_norm=stale_norm) if matrix else rest
    averaging = FROM_FIRST if start == "first" else FROM_ZERO
    parts = (averaging, norm, Given(h.lb), h.lr, h.beta, h.weight_decay, DECOUPLED)
    return method(*parts, product=product)


def _adam(h: Hyperparameters, start: str) -> Preconditioner:
    return (AdamFromFirst if start == "first" else AdamDiagonal)(h.beta2, h.eps)


def _muon_adam(
    h: Hyperparameters,
    shape: Shape,
    start: str = "first",
    radius: str | float = 1.0,
    stale_norm: bool = False,
) -> Method:
    return _in_norm(_adam(h, start), h, shape, start, radius, stale_norm)


def _muon_max(
    h: Hyperparameters,
    shape: Shape,
    start: str = "first",
    radius: str | float = 1.0,
    stale_norm: bool = False,
) -> Method:
    return _in_norm(_adam(h, start), h, shape, start, radius, stale_norm, MAX)


def _scion(
    h: Hyperparameters,
    shape: Shape,
    start: str = "first",
    radius: str | float = 1.0,
    stale_norm: bool = False,
) -> Method:
    return _in_norm(Sign(), h, shape, start, radius, stale_norm)


ROWS = (
    AdaptiveRow(
        "muon_adam_momo",
        "MuonAdam-MoMo",
        MOMO_ADAM,
        _muon_adam,
        "MuonAdamMomo",
        defaults=MUON,
        source=SOURCE,
        ours=OURS,
        options=OPTIONS,
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
        ours=OURS,
        options=OPTIONS,
        broken=("fejer",),
        exempt={"scaling": MIXED},
    ),
    AdaptiveRow(
        "scion_momo",
        "Scion-MoMo",
        MOMO,
        _scion,
        "ScionMomo",
        defaults=Hyperparameters(lr=1e-3, beta=0.95),
        source=SOURCE,
        ours=OURS,
        options=OPTIONS,
        broken=("fejer",),
        exempt={"scaling": NOT_EXACT},
    ),
)
