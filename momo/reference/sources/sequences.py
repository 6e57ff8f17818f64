# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Gradients at an average of iterates (IAM, schedule-free), random scaling, adaptive momentum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import prod

import numpy as np

from momo.reference.paper import Array, Sample, inner
from momo.reference.sources.polyak import polyak_step


def iam(
    x: Array, samples: Iterable[Sample], lr: float = 1.0, beta: float = 0.9, lb: float = 0.0
) -> Iterator[Array]:
    """IAM (Gower et al. 2025, arXiv 2504.01898), λ = β/(1-β)."""
    z, lam = x, beta / (1 - beta)  # z_0, λ
    for sample in samples:
        f, g = sample(x)
        eta = polyak_step(f - lb + inner(g, z - x), inner(g, g), lr)  # η_t
        z = z - eta * g
        x = (lam * x + z) / (1 + lam)
        yield x


def iam_anytime(
    x: Array, samples: Iterable[Sample], lr: float = 1.0, lb: float = 0.0
) -> Iterator[Array]:
    """IAM with λ_t = t (Gower et al. 2025, arXiv 2504.01898)."""
    z = x
    for t, sample in enumerate(samples, start=1):
        f, g = sample(x)
        eta = polyak_step(f - lb + inner(g, z - x), inner(g, g), lr)  # η_t
        z = z - eta * g
        x = (t * x + z) / (1 + t)
        yield x


def iam_adam(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1e-2,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    decay: str = "decoupled",
) -> Iterator[Array]:
    """IAM-Adam (Gower et al. 2025, arXiv 2504.01898): IAM in Adam's metric D, with decay at x.

    The cap α is ours, and so is the "proximal" decay: a term of the problem around z.
    """
    z, lam, v = x, betas[0] / (1 - betas[0]), np.zeros_like(x)
    shrink = 1 + lr * weight_decay if weight_decay and decay == "proximal" else 1.0
    for t, sample in enumerate(samples, start=1):
        f, g = sample(x)
        v = betas[1] * v + (1 - betas[1]) * g * g
        D = eps + np.sqrt(v / (1 - betas[1] ** t))
        eta = polyak_step(shrink * (f - lb - inner(g, x)) + inner(g, z), inner(g, g / D), lr)
        z = (z - eta * g / D) / shrink
        if weight_decay and decay == "decoupled":
            z = z - lr * weight_decay * x
        x = (lam * x + z) / (1 + lam)
        yield x


def ima_sps_safe(
    x: Array,
    samples: Iterable[Sample],
    lr: float = np.inf,
    beta: float = 0.9,
    lb: float = 0.0,
    floor: float = 1.0,
) -> Iterator[Array]:
    """IMA-SPS_safe (Oikonomou and Loizou, arXiv 2512.02342), λ = β/(1-β), M = floor; α is ours.

    ``M <= 0``: the first ``||g||²``; where that is 0, the next.
    """
    z, x_prev, lam, M = x, x, beta / (1 - beta), floor
    for sample in samples:
        f, g = sample(x)
        M = inner(g, g) if M <= 0 else M
        eta = polyak_step(f - lb + lam * inner(g, x - x_prev), max(inner(g, g), M), lr)
        z = z - eta * g
        x, x_prev = (lam * x + z) / (1 + lam), x
        yield x


def schedule_free_polyak(
    y: Array,
    samples: Iterable[Sample],
    lr: float = np.inf,
    beta: float = 0.9,
    lb: float = 0.0,
    power: float = 0.0,
    floor: float | None = 1.0,
) -> Iterator[Array]:
    """Schedule-free Polyak (arXiv 2511.07767, version 2; version 1: γ_b = 1, power 1, no M).

    Gradients at y, steps of z, and the average θ of the z's: with weights γ^power, for power 0
    ``c_t = 1/(t+1)``, t from 0.
    """
    return _schedule_free(y, samples, lr, beta, lb, power, floor, lambda g: np.ones_like(g))


def schedule_free_adam_polyak(
    y: Array,
    samples: Iterable[Sample],
    lr: float = np.inf,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    lb: float = 0.0,
    power: float = 0.0,
    floor: float | None = 1.0,
) -> Iterator[Array]:
    """Schedule-free Polyak in Adam's metric, ``D = sqrt(v̂) + ε`` (arXiv 2511.07767, version 2)."""
    v, t = np.zeros_like(y), 0

    def metric(g: Array) -> Array:
        nonlocal v, t
        v, t = betas[1] * v + (1 - betas[1]) * g * g, t + 1
        D: Array = np.sqrt(v / (1 - betas[1] ** t)) + eps
        return D

    return _schedule_free(y, samples, lr, betas[0], lb, power, floor, metric)


def _schedule_free(
    y: Array,
    samples: Iterable[Sample],
    gamma_b: float,
    beta: float,
    lb: float,
    power: float,
    floor: float | None,
    metric: Callable[[Array], Array],
) -> Iterator[Array]:
    z, theta, total, M = y, y, 0.0, 0.0 if floor is None else floor
    for sample in samples:
        f, g = sample(y)
        D = metric(g)
        norm = inner(g, g / D)
        if floor is not None and M <= 0:
            M = norm
        gamma = polyak_step(f - lb + beta * inner(g, z - theta), max(norm, M), gamma_b)
        z = z - gamma * g / D
        weight = gamma**power
        total += weight
        c = weight / total if total > 0 else 1.0
        theta = (1 - c) * theta + c * z
        y = (1 - beta) * z + beta * theta
        yield y


def exponential(seed: int) -> Iterator[float]:
    """Yield numbers ~ Exp(1) from SplitMix64 (Steele, Lea and Flood 2014)."""
    state, wrap = seed, 2**64
    while True:
        state = (state + 0x9E3779B97F4A7C15) % wrap
        bits = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % wrap
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB % wrap
        bits = bits ^ (bits >> 31)
        yield -float(np.log(((bits >> 11) + 0.5) / 2**53))


def momo_random_scaling(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1.0,
    beta: float = 0.9,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    seed: int = 0,
) -> Iterator[Array]:
    """MoMo, its steps times s_k ~ Exp(1) (Zhang and Cutkosky 2024, arXiv 2405.09742)."""
    shrink = 1 + lr * weight_decay if weight_decay else 1.0
    f_avg, d, gamma = 0.0, np.zeros_like(x), 0.0
    for k, (sample, s) in enumerate(zip(samples, exponential(seed), strict=False)):
        (f, g), b = sample(x), beta if k else 0.0
        f_avg, d = b * f_avg + (1 - b) * f, b * d + (1 - b) * g
        gamma = b * gamma + (1 - b) * inner(g, x)
        tau = polyak_step(shrink * (f_avg - gamma - lb) + inner(d, x), inner(d, d), lr)
        x = x + s * ((x - tau * d) / shrink - x)  # s_k times the step of MoMo
        yield x


def sgdm_random_scaling(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1e-3,
    beta: float = 0.99,
    mu: float = 100.0,
    seed: int = 0,
) -> Iterator[Array]:
    """SGD-M with random scaling (Zhang and Cutkosky 2024, arXiv 2405.09742), η = lr."""
    delta = np.zeros_like(x)  # Δ_1
    for sample, s in zip(samples, exponential(seed), strict=False):
        _, g = sample(x)
        delta = beta / (1 + lr * mu) * (delta - lr * g)  # Δ_{t+1}
        x = x + s * delta
        yield x


def nhb_adaptive(
    x: Array,
    samples: Iterable[Sample],
    shapes: Sequence[tuple[int, ...]],
    lr: float = 0.1,
    delta: float = 1e-3,
) -> Iterator[Array]:
    """Normalised heavy ball whose β is adaptive, per parameter (the root of arXiv 2405.13726)."""
    ends = np.cumsum([prod(shape) for shape in shapes])[:-1]
    before: list[Array] = []
    ms: list[Array] = []
    for sample in samples:
        _, g = sample(x)
        gs = np.split(g, ends)
        if not ms:
            ms = gs
        else:
            for i, (m, g_i, g_before) in enumerate(zip(ms, gs, before, strict=True)):
                beta = 0.0  # nothing is known of r = 0/0, or of 1/0: ours
                if m.any():
                    r = float(np.linalg.norm(g_i - g_before) / np.linalg.norm(m))
                    beta = min(max(((1 - r) / (1 + r)) ** 2, 0.0), 1 - delta)
                ms[i] = beta * m + (1 - beta) * g_i
        before = gs
        x = x - lr * np.concatenate(ms)
        yield x
