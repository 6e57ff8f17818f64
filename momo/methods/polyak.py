"""Stochastic Polyak steps: SPS_max, ProxSPS, MomSPS, ALR-SMAG, NGN-M."""

from __future__ import annotations

from typing import Any

from momo.methods.paper import PROOF
from momo.methods.row import Hyperparameters, Row, Shape
from momo.reference import (
    DECOUPLED,
    FROM_FIRST,
    FROM_ZERO,
    HARMONIC,
    TRUNCATION,
    Given,
    Identity,
    Method,
    Scaled,
    method,
    newest,
    prox_sps,
)
from momo.reference.iterates import IterateAveraging


def _heavy_ball(h: Hyperparameters, lr: float, rule: Any) -> Method:
    """Return a method whose step size is of the newest loss alone, with iterate averaging."""
    return method(
        FROM_FIRST,
        Identity(),
        Given(h.lb),
        lr,
        decay=DECOUPLED,
        step_rule=rule,
        iterates=IterateAveraging(h.beta),
        linearisation=newest,
    )


def _sps_max(h: Hyperparameters, shape: Shape) -> Method:
    return prox_sps(h.lr, 0.0, Given(h.lb))


def _prox_sps(h: Hyperparameters, shape: Shape) -> Method:
    return prox_sps(h.lr, h.weight_decay, Given(h.lb))


def _mom_sps(h: Hyperparameters, shape: Shape) -> Method:
    return _heavy_ball(h, h.lr / (1 - h.beta), TRUNCATION)


def _ngn_m(h: Hyperparameters, shape: Shape) -> Method:
    return _heavy_ball(h, h.lr, HARMONIC)


def _alr_smag(h: Hyperparameters, shape: Shape) -> Method:
    return method(
        FROM_ZERO,
        Identity(),
        Given(h.lb),
        h.lr / (1 - h.beta),
        h.beta,
        decay=DECOUPLED,
        step_rule=Scaled(TRUNCATION, 1 - h.beta),
        linearisation=newest,
    )


ROWS = (
    Row(
        "sps_max",
        "SPS_max",
        ("lr", "lb"),
        _sps_max,
        "SpsMax",
        defaults=Hyperparameters(beta=0.0),
        claims=PROOF,
        source="Loizou et al. 2021, arXiv 2002.10542",
    ),
    Row(
        "prox_sps",
        "ProxSPS",
        ("lr", "weight_decay", "lb"),
        _prox_sps,
        "ProxSps",
        defaults=Hyperparameters(beta=0.0),
        claims=PROOF,
        source="Schaipp, Gower and Ulbrich 2023, arXiv 2301.04935",
    ),
    Row(
        "mom_sps",
        "MomSPS_max",
        ("lr", "beta", "lb"),
        _mom_sps,
        "MomSps",
        source="Oikonomou and Loizou 2024, arXiv 2406.04142",
        broken=("landing", "fejer"),
    ),
    Row(
        "alr_smag",
        "ALR-SMAG",
        ("lr", "beta", "lb"),
        _alr_smag,
        "AlrSmag",
        defaults=Hyperparameters(lr=0.1),
        source="Wang, Johansson and Zhang 2023, arXiv 2305.12939",
        broken=("landing", "fejer"),
    ),
    Row(
        "ngn_m",
        "NGN-M",
        ("lr", "beta", "lb"),
        _ngn_m,
        "NgnM",
        source="arXiv 2508.15071",
        broken=("landing", "fejer"),
    ),
)
