# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Stochastic Polyak steps: SPS_max, SPS_safe, ProxSPS, MomSPS, ALR-SMAG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf

import numpy as np

from momo.reference.paper import Array, Sample, inner


def polyak_step(gap: float, d_sq: float, lr: float) -> float:
    """Return ``min{α, (gap)_+ / ||d||²}``, and 0 where ``d = 0``."""
    return min(lr, max(gap, 0.0) / d_sq) if d_sq else 0.0


def sps_max(
    x: Array, samples: Iterable[Sample], lr: float = 1.0, lb: float = 0.0, c: float = 1.0
) -> Iterator[Array]:
    """SPS_max (Loizou et al. 2021, arXiv 2002.10542): ``min{(f_i - f_i*)/(c ||∇f_i||²), γ_b}``."""
    for sample in samples:
        f, g = sample(x)
        gamma = polyak_step((f - lb) / c, inner(g, g), lr)  # γ_k, at most γ_b
        x = x - gamma * g
        yield x


def prox_sps(
    x: Array, samples: Iterable[Sample], lr: float = 1.0, weight_decay: float = 0.0, lb: float = 0.0
) -> Iterator[Array]:
    """ProxSPS (Schaipp, Gower and Ulbrich 2023, arXiv 2301.04935), φ = (λ/2)||x||²."""
    shrink = 1 + lr * weight_decay if weight_decay else 1.0  # 1 + αλ
    for sample in samples:
        f, g = sample(x)
        tau = polyak_step(shrink * (f - lb) - (shrink - 1) * inner(g, x), inner(g, g), lr)
        x = (x - tau * g) / shrink
        yield x


def mom_sps(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 10.0,
    beta: float = 0.9,
    lb: float = 0.0,
    c: float = 1.0,
) -> Iterator[Array]:
    """MomSPS_max (Oikonomou and Loizou 2024, arXiv 2406.04142): the heavy ball, x^0 = x^1."""
    x_before = x
    for sample in samples:
        f, g = sample(x)
        gamma = (1 - beta) * polyak_step((f - lb) / c, inner(g, g), lr)  # γ_t, at most (1-β) γ_b
        x, x_before = x - gamma * g + beta * (x - x_before), x
        yield x


def mom_sps_smooth(
    x: Array,
    samples: Iterable[Sample],
    lr: float = inf,
    beta: float = 0.9,
    lb: float = 0.0,
    c: float = 1.0,
    first_step: float = 1.0,
    n: float = 256.0,
) -> Iterator[Array]:
    """MomSPS_smooth (arXiv 2406.04142): ``γ_t`` at most ``2^{1/n} γ_{t-1}``, from γ_0.

    Ours: a cap (1-β) lr, and that a step of 0 does not end all later ones.
    """
    x_before, gamma_before = x, first_step
    for sample in samples:
        f, g = sample(x)
        gamma = polyak_step((1 - beta) * (f - lb) / c, inner(g, g), 2 ** (1 / n) * gamma_before)
        gamma = min(gamma, (1 - beta) * lr)
        x, x_before = x - gamma * g + beta * (x - x_before), x
        gamma_before = gamma if gamma > 0 else gamma_before
        yield x


def sps_safe(
    x: Array, samples: Iterable[Sample], lr: float = inf, lb: float = 0.0, floor: float = 1.0
) -> Iterator[Array]:
    """SPS_safe (Oikonomou and Loizou, arXiv 2512.02342): ``γ = (f - ℓ)/max{||g||², M}``.

    ``floor`` is M; where it is 0 or less, M is the first ``||g||²`` above 0. Ours: the cap lr.
    """
    M = floor
    for sample in samples:
        f, g = sample(x)
        if M <= 0:
            M = inner(g, g)
        gamma = polyak_step(f - lb, max(inner(g, g), M), lr)  # γ_t
        x = x - gamma * g
        yield x


def alr_smag(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 0.1,
    beta: float = 0.9,
    lb: float = 0.0,
    c: float = 1.0,
) -> Iterator[Array]:
    """ALR-SMAG (Wang, Johansson and Zhang 2023, arXiv 2305.12939)."""
    d = np.zeros_like(x)
    for sample in samples:
        f, g = sample(x)
        d = beta * d + g  # d_k: the sum, not the average
        eta = polyak_step((f - lb) / c, inner(d, d), lr)  # η_k
        x = x - eta * d
        yield x
