"""Gradients at an average of iterates: IAM, IAM-Adam, schedule-free; and random scaling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from momo.reference.paper import Array, Sample, inner
from momo.reference.sources.polyak import polyak_step


def iam(
    x: Array, samples: Iterable[Sample], lr: float = 1.0, beta: float = 0.9, lb: float = 0.0
) -> Iterator[Array]:
    """IAM (Gower et al. 2025, arXiv 2504.01898), λ = β/(1-β); the cap is SPS_max's."""
    z, lam = x, beta / (1 - beta)  # z_0, λ
    for sample in samples:
        f, g = sample(x)
        eta = polyak_step(f - lb + inner(g, z - x), inner(g, g), lr)  # η_t
        z = z - eta * g
        x = lam / (1 + lam) * x + 1 / (1 + lam) * z
        yield x


def iam_adam(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1e-2,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    lb: float = 0.0,
    weight_decay: float = 0.0,
) -> Iterator[Array]:
    """IAM-Adam (Gower et al. 2025, arXiv 2504.01898): IAM in Adam's metric D, with decay."""
    z, lam, v = x, betas[0] / (1 - betas[0]), np.zeros_like(x)
    shrink = 1 + lr * weight_decay if weight_decay else 1.0
    for k, sample in enumerate(samples, start=1):
        f, g = sample(x)
        v = betas[1] * v + (1 - betas[1]) * g * g
        D = eps + np.sqrt(v / (1 - betas[1] ** k))
        eta = polyak_step(shrink * (f - lb - inner(g, x)) + inner(g, z), inner(g, g / D), lr)
        z = (z - eta * g / D) / shrink
        x = lam / (1 + lam) * x + 1 / (1 + lam) * z
        yield x


def schedule_free_polyak(
    y: Array,
    samples: Iterable[Sample],
    lr: float = 1.0,
    beta: float = 0.9,
    lb: float = 0.0,
    power: float = 1.0,
) -> Iterator[Array]:
    """Schedule-free Polyak (arXiv 2511.07767; Defazio et al. 2024, arXiv 2405.15682).

    Gradients at y, steps of z, and the average x of the z's with weights τ^power.
    """
    z, x, total = y, y, 0.0
    for sample in samples:
        f, g = sample(y)
        tau = polyak_step(f - lb + inner(g, z - y), inner(g, g), lr)
        z = z - tau * g
        total += tau**power
        c = tau**power / total if total > 0 else 1.0
        x = (1 - c) * x + c * z
        y = (1 - beta) * z + beta * x
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
