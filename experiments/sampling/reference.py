# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The samplers in NumPy, a function an equation: what torch's form is tested by.

*Score-based generative models with adaptive momentum*, arXiv 2405.13726. Arrays have the shape
(b, …), a sample a row; norms are over all but the first axis, and means over the batch, so that the
whole batch has one β. The score is a function of x and of what the process calls the level.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.sampling.processes import Process
from experiments.sampling.rules import Rule, Temperature, check

Array = NDArray[np.float64]
Score = Callable[[Array, float], Array]
Noise = Callable[[], Array]
"""Returns the next ξ ~ N(0, I), of the shape of x."""


class Memory(NamedTuple):
    """What a step leaves for the next: the score g, and the mean m; both of the shape of x."""

    g: Array
    m: Array


def mean_norm(v: Array) -> float:
    """Return the mean over the batch of the samples' norms, ``mean_b ‖v‖``."""
    return float(np.linalg.norm(v.reshape(len(v), -1), axis=1).mean())


def step_size(epsilon: float, sigma: float, last: float) -> float:
    """Return ``α = ε (σ_i/σ_L)²``, in squared units of x."""
    return epsilon * (sigma / last) ** 2


def ratio(g: Array, before: Memory) -> float:
    """Return ``r = mean_b ‖g_k - g_{k-1}‖ / mean_b ‖m_{k-1}‖``: curvature times step, seen."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.float64(mean_norm(g - before.g)) / mean_norm(before.m))


def ratio_of_moves(drift: float, g: Array, g_before: Array, move: Array) -> float:
    """Return the same from the last move ``Δ = α̃ m``: ``α̃ mean_b ‖g_k - g_{k-1}‖ / mean_b ‖Δ‖``."""
    return drift * mean_norm(g - g_before) / mean_norm(move)


def adapted(r: float, delta: float, guard: bool) -> float:
    """Return ``β = Proj_[0,1-δ](((1-r)/(1+r))²)``; with the guard 0 where r > 1.

    Where r says nothing, as m = 0, there is no momentum: 0.
    """
    if math.isnan(r) or math.isinf(r) or (guard and r > 1):
        return 0.0
    return min(max(((1 - r) / (1 + r)) ** 2, 0.0), 1 - delta)


def momentum(rule: Rule, g: Array, before: Memory | None) -> float:
    """Return β_k; β_0 = 0."""
    if before is None or rule.kind == "langevin":
        return 0.0
    if rule.kind == "fixed":
        return rule.beta
    return adapted(ratio(g, before), rule.delta, rule.guard)


def mean(beta: float, g: Array, before: Memory | None) -> Array:
    """Return ``m_k = β_k m_{k-1} + (1-β_k) g_k``; m_0 = g_0."""
    return g if before is None else beta * before.m + (1 - beta) * g


def drift_size(alpha: float, beta: float) -> float:
    """Return ``α̃_k = α (1+β_k)²``."""
    return alpha * (1 + beta) ** 2


def noise_size(alpha: float, drift: float, temperature: Temperature) -> float:
    """Return √(2α) as published, or √(2α̃), at which the temperature is right."""
    return math.sqrt(2 * (drift if temperature == "exact" else alpha))


def moved(x: Array, m: Array, alpha: float, beta: float, rule: Rule, xi: Array) -> Array:
    """Return ``x + α̃ m + noise ξ``."""
    drift = drift_size(alpha, beta)
    return x + drift * m + noise_size(alpha, drift, rule.temperature) * xi


def corrector_size(scale: float, snr: float, xi: Array, m: Array) -> float:
    """Return ``α = 2 α_t (snr ‖ξ‖/‖m‖)²``, with the batch's mean norms."""
    return 2 * scale * (snr * mean_norm(xi) / mean_norm(m)) ** 2


def denoised(score: Score, x: Array, sigma: float) -> Array:
    """Return ``x + σ² s(x, σ)``: the mean of what was noised to x (Tweedie's formula)."""
    return x + sigma**2 * score(x, sigma)


def annealed(
    score: Score,
    x: Any,
    sigmas: Sequence[float],
    steps: int,
    epsilon: float,
    rule: Rule,
    noise: Noise,
) -> Array:
    """Return samples by annealed Langevin dynamics with momentum.

    It evaluates the score ``len(sigmas) * steps + 1`` times.

    Parameters
    ----------
    score
        ``s(x, σ)``: the gradient of the log-density of data with noise of deviation σ.
    x
        The start, from the prior of σ_1.
    sigmas
        σ_1 > … > σ_L; g and m go on from one to the next.
    steps
        n, of each level.
    epsilon
        ε, the step at σ_L, in squared units of x.
    rule
        Momentum and temperature.
    noise
        Called once a step.

    Raises
    ------
    ValueError
        If levels, steps or ε are out of range.
    """
    check(sigmas, steps, epsilon, "epsilon")
    x, before = np.asarray(x, dtype=np.float64), None
    for sigma in sigmas:
        alpha = step_size(epsilon, sigma, sigmas[-1])
        for _ in range(steps):
            g = score(x, sigma)
            beta = momentum(rule, g, before)
            before = Memory(g, mean(beta, g, before))
            x = moved(x, before.m, alpha, beta, rule, noise())
    return denoised(score, x, sigmas[-1])


def predictor_corrector(
    score: Score,
    x: Any,
    process: Process,
    steps: int,
    snr: float,
    rule: Rule,
    noise: Noise,
) -> Array:
    """Return samples by a predictor with momentum in the corrector.

    At each level ``steps`` steps of the corrector, then one of the predictor: it evaluates the
    score ``len(process) * (steps + 1)`` times.

    Parameters
    ----------
    score
        ``s(x, level)``.
    x
        The start, from the prior of the first level.
    process
        Levels, and the predictor's steps.
    steps
        n, of the corrector at each level; its g and m go on from one to the next.
    snr
        How long the corrector's drift is beside its noise, dimensionless.
    rule
        Momentum and temperature.
    noise
        Called once a step.

    Raises
    ------
    ValueError
        If steps or snr are out of range.
    """
    check([1.0] * len(process), steps, snr, "snr")
    x, before = np.asarray(x, dtype=np.float64), None
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
