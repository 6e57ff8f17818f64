# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The samplers in torch, batched, on any device; equations are those of `reference`, in its order.

β and all that follows from norms stays on the device, as tensors of no dimension: nothing waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from experiments.sampling.processes import Process
from experiments.sampling.rules import Rule, Temperature, check

Score = Callable[[Tensor, float], Tensor]
Noise = Callable[[], Tensor]


class Memory(NamedTuple):
    """What a step leaves for the next: the score g, and the mean m; both of the shape of x."""

    g: Tensor
    m: Tensor


def gaussian(x: Tensor, generator: torch.Generator) -> Noise:
    """Return a source of ξ ~ N(0, I) like x, drawn on the generator's device, then moved to x's."""
    shape, drawn = x.shape, generator.device

    def noise() -> Tensor:
        return torch.randn(shape, generator=generator, device=drawn, dtype=x.dtype).to(x.device)

    return noise


def mean_norm(v: Tensor) -> Tensor:
    """Return ``mean_b ‖v‖``."""
    return torch.linalg.vector_norm(v.flatten(1), dim=1).mean()


def ratio(g: Tensor, before: Memory) -> Tensor:
    """Return ``r = mean_b ‖g_k - g_{k-1}‖ / mean_b ‖m_{k-1}‖``."""
    return mean_norm(g - before.g) / mean_norm(before.m)


def adapted(r: Tensor, delta: float, guard: bool) -> Tensor:
    """Return ``β = Proj_[0,1-δ](((1-r)/(1+r))²)``; 0 where r is not finite, or guarded."""
    beta = ((1 - r) / (1 + r)).square().clamp(0, 1 - delta)
    known = r.isfinite() & (r <= 1) if guard else r.isfinite()
    return torch.where(known, beta, torch.zeros_like(beta))


def momentum(rule: Rule, g: Tensor, before: Memory | None) -> Tensor:
    """Return β_k; β_0 = 0."""
    if before is None or rule.kind == "langevin":
        return g.new_zeros(())
    if rule.kind == "fixed":
        return g.new_full((), rule.beta)
    return adapted(ratio(g, before), rule.delta, rule.guard)


def mean(beta: Tensor, g: Tensor, before: Memory | None) -> Tensor:
    """Return ``m_k = β_k m_{k-1} + (1-β_k) g_k``; m_0 = g_0."""
    return g if before is None else beta * before.m + (1 - beta) * g


def noise_size(alpha: Tensor, drift: Tensor, temperature: Temperature) -> Tensor:
    """Return √(2α) as published, or √(2α̃)."""
    return (2 * (drift if temperature == "exact" else alpha)).sqrt()


def moved(x: Tensor, m: Tensor, alpha: Tensor, beta: Tensor, rule: Rule, xi: Tensor) -> Tensor:
    """Return ``x + α̃ m + noise ξ``, with ``α̃ = α (1+β)²``."""
    drift = alpha * (1 + beta).square()
    return x + drift * m + noise_size(alpha, drift, rule.temperature) * xi


def corrector_size(scale: float, snr: float, xi: Tensor, m: Tensor) -> Tensor:
    """Return ``α = 2 α_t (snr ‖ξ‖/‖m‖)²``, with the batch's mean norms."""
    return 2 * scale * (snr * mean_norm(xi) / mean_norm(m)).square()


def denoised(score: Score, x: Tensor, sigma: float) -> Tensor:
    """Return ``x + σ² s(x, σ)``."""
    return x + sigma**2 * score(x, sigma)


@torch.no_grad()
def annealed(
    score: Score,
    x: Tensor,
    sigmas: Sequence[float],
    steps: int,
    epsilon: float,
    rule: Rule,
    noise: Noise,
) -> Tensor:
    """Return samples by annealed Langevin dynamics with momentum; see `reference.annealed`.

    Parameters
    ----------
    score
        ``s(x, σ)``, with x and its value of shape (b, …).
    x
        The start; precision and device are those of all that follows.
    sigmas, steps, epsilon, rule
        As in `reference.annealed`.
    noise
        Called once a step; `gaussian` makes one of a seed.
    """
    check(sigmas, steps, epsilon, "epsilon")
    before: Memory | None = None
    for sigma in sigmas:
        alpha = x.new_full((), epsilon * (sigma / sigmas[-1]) ** 2)
        for _ in range(steps):
            g = score(x, sigma)
            beta = momentum(rule, g, before)
            before = Memory(g, mean(beta, g, before))
            x = moved(x, before.m, alpha, beta, rule, noise())
    return denoised(score, x, sigmas[-1])


@torch.no_grad()
def predictor_corrector(
    score: Score,
    x: Tensor,
    process: Process,
    steps: int,
    snr: float,
    rule: Rule,
    noise: Noise,
) -> Tensor:
    """Return samples by a predictor with momentum in the corrector; see `reference`."""
    check([1.0] * len(process), steps, snr, "snr")
    before: Memory | None = None
    for i in range(len(process)):
        level = process.level(i)
        for _ in range(steps):
            g, xi = score(x, level), noise()
            beta = momentum(rule, g, before)
            before = Memory(g, mean(beta, g, before))
            alpha = corrector_size(process.corrector_scale(i), snr, xi, before.m)
            x = moved(x, before.m, alpha, beta, rule, xi)
        keep, drift, spread = process.predict(i)
        x = keep * x + drift * score(x, level) + spread * noise()
    return x
