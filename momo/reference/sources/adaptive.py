# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""MoMo in other metrics than Adam's, and with Lion's sign (derived here; metrics: their sources).

A metric is a function of all gradients so far, ``(g_1, …, g_k), (d_1, …, d_k) -> D_k^{-1} d_k``:
its definition, so that nothing is kept between steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import prod

import numpy as np

from momo.reference.paper import Array, Sample, inner
from momo.reference.sources.polyak import polyak_step

History = Sequence[Array]
Metric = Callable[[History, History], Array]
Shapes = Sequence[tuple[int, ...]]
DECAYS = {True: "proximal", False: "approximate"}
"""By ``divide``."""


def momo_in(
    metric: Metric,
    x: Array,
    samples: Iterable[Sample],
    lr: float,
    beta: float,
    lb: float,
    weight_decay: float,
    decay: str = "proximal",
    use_fstar: bool = False,
) -> Iterator[Array]:
    """MoMo-Adam with another D_k.

    The decay is "proximal", the paper's; "decoupled", as in AdamW and unknown to the model; or
    "approximate", which moves as the decoupled one, with the τ_k of the proximal one. With
    ``use_fstar`` the bound is MoMo-Adam*'s.
    """
    rate = lr * weight_decay if weight_decay else 0.0  # αλ
    shrink = 1.0 if decay == "decoupled" else 1 + rate
    f_avg, d, gamma, f_star = 0.0, np.zeros_like(x), 0.0, lb
    gs: list[Array] = []
    ds: list[Array] = []
    for k, sample in enumerate(samples, start=1):
        f, g = sample(x)
        f_avg = beta * f_avg + (1 - beta) * f
        d = beta * d + (1 - beta) * g
        gamma = beta * gamma + (1 - beta) * inner(g, x)
        rho = 1 - beta**k
        gs, ds = [*gs, g], [*ds, d]
        u = metric(gs, ds)  # D_k^{-1} d_k
        c = shrink * (f_avg - gamma) + inner(d, x)
        if use_fstar and c < shrink * rho * f_star:
            f_star = max(c / (2 * shrink * rho), lb)
        tau = polyak_step(c - shrink * rho * f_star, inner(d, u), lr / rho)
        if use_fstar:
            h = f_avg + inner(d, x) - gamma
            f_star = max((h - tau * inner(d, u) / 2) / rho, lb)
        x = (x - tau * u) / (1 + rate) if decay == "proximal" else (1 - rate) * x - tau * u
        yield x


# ---- methods -------------------------------------------------------------------------------------


def momo_bias_corrected(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1.0,
    beta: float = 0.9,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    use_fstar: bool = False,
) -> Iterator[Array]:
    """MoMo with averages from zero, as MoMo-Adam's (arXiv 2305.07583)."""
    numbers = (lr, beta, lb, weight_decay)
    return momo_in(lambda gs, ds: ds[-1], x, samples, *numbers, use_fstar=use_fstar)


def momo_adam_undivided(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1e-2,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    use_fstar: bool = False,
) -> Iterator[Array]:
    """MoMo-Adam with AdamW's decay: ``divide=False`` of the authors' package."""
    metric = adam(betas[1], eps)
    return momo_in(metric, x, samples, lr, betas[0], lb, weight_decay, "approximate", use_fstar)


def momo_amsgrad(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1e-2,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    divide: bool = True,
    use_fstar: bool = False,
) -> Iterator[Array]:
    """MoMo-AMSGrad."""
    metric, decay = amsgrad(betas[1], eps), DECAYS[divide]
    return momo_in(metric, x, samples, lr, betas[0], lb, weight_decay, decay, use_fstar)


def momo_adagrad(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1e-2,
    beta: float = 0.9,
    eps: float = 1e-10,
    lb: float = 0.0,
    weight_decay: float = 0.0,
) -> Iterator[Array]:
    """MoMo-AdaGrad."""
    return momo_in(adagrad(eps), x, samples, lr, beta, lb, weight_decay)


def momo_adabelief(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1e-2,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-16,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    divide: bool = True,
    use_fstar: bool = False,
) -> Iterator[Array]:
    """MoMo-AdaBelief."""
    metric, decay = adabelief(betas[1], eps), DECAYS[divide]
    return momo_in(metric, x, samples, lr, betas[0], lb, weight_decay, decay, use_fstar)


def momo_adafactor(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 1e-2,
    beta: float = 0.9,
    eps: float = 1e-30,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    exponent: float = 0.8,
) -> Iterator[Array]:
    """MoMo-AdaFactor."""
    metric = in_layers(adafactor(eps, exponent), shapes)
    return momo_in(metric, x, samples, lr, beta, lb, weight_decay)


def momo_soap(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 3e-3,
    betas: tuple[float, float] = (0.95, 0.95),
    eps: float = 1e-8,
    lb: float = 0.0,
    weight_decay: float = 0.01,
    frequency: int = 10,
) -> Iterator[Array]:
    """MoMo-SOAP, with AdamW's decay."""
    metric = in_layers(soap(betas[1], eps, frequency), shapes)
    return momo_in(metric, x, samples, lr, betas[0], lb, weight_decay, "approximate")


def momo_lion(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1e-4,
    betas: tuple[float, float] = (0.9, 0.99),
    lb: float = 0.0,
    weight_decay: float = 0.0,
) -> Iterator[Array]:
    """MoMo-Lion: the step is the sign of Lion's c_t (Chen et al. 2023, arXiv 2302.06675).

    ``c_t = β_1 m_{t-1} + (1-β_1) s_t`` and ``m_t = β_2 m_{t-1} + (1-β_2) s_t``, of the gradients
    and likewise of the losses, of ``<g_t, x^t>``, and of the weights.
    """
    beta1, beta2 = betas
    m = np.zeros(3 + x.size)
    for sample in samples:
        f, g = sample(x)
        s = np.hstack([f, inner(g, x), 1.0, g])
        c, m = beta1 * m + (1 - beta1) * s, beta2 * m + (1 - beta2) * s
        (f_avg, gamma, rho), d = c[:3], c[3:]
        tau = polyak_step(f_avg + inner(d, x) - gamma - rho * lb, np.abs(d).sum(), lr)
        x = x - tau * np.sign(d) - (lr * weight_decay * x if weight_decay else 0.0)
        yield x


# ---- metrics -------------------------------------------------------------------------------------


def adam(beta2: float, eps: float) -> Metric:
    """Adam (Kingma and Ba 2015): ``D = ε + sqrt(v/(1-β_2^k))``."""

    def metric(gs: History, ds: History) -> Array:
        v = np.zeros_like(gs[0])
        for g in gs:
            v = beta2 * v + (1 - beta2) * g**2
        return ds[-1] / (eps + np.sqrt(v / (1 - beta2 ** len(gs))))

    return metric


def amsgrad(beta2: float, eps: float) -> Metric:
    """AMSGrad (Reddi, Kale and Kumar 2018), with Adam's correction: v̂ is the largest v so far."""

    def metric(gs: History, ds: History) -> Array:
        v = v_hat = np.zeros_like(gs[0])
        for g in gs:
            v = beta2 * v + (1 - beta2) * g**2
            v_hat = np.maximum(v_hat, v)
        return ds[-1] / (eps + np.sqrt(v_hat / (1 - beta2 ** len(gs))))

    return metric


def adagrad(eps: float) -> Metric:
    """AdaGrad (Duchi, Hazan and Singer 2011), diagonal: ``D = ε + sqrt(Σ_j g_j²)``."""
    return lambda gs, ds: ds[-1] / (eps + np.sqrt(np.sum(np.square(gs), axis=0)))


def adabelief(beta2: float, eps: float) -> Metric:
    """AdaBelief (Zhuang et al. 2020, arXiv 2010.07468, algorithm 2): (g - m)² in place of g²."""

    def metric(gs: History, ds: History) -> Array:
        s = np.zeros_like(gs[0])
        for g, m in zip(gs, ds, strict=True):
            s = beta2 * s + (1 - beta2) * (g - m) ** 2 + eps
        return ds[-1] / (eps + np.sqrt(s / (1 - beta2 ** len(gs))))

    return metric


def adafactor(eps: float, exponent: float = 0.8) -> Metric:
    """AdaFactor (Shazeer and Stern 2018, arXiv 1804.04235): ``D = sqrt(V)``, V of rank one."""

    def metric(gs: History, ds: History) -> Array:
        V = np.zeros_like(gs[0])
        for t, g in enumerate(gs, start=1):
            beta2 = 1 - t**-exponent
            V = beta2 * V + (1 - beta2) * (g**2 + eps)
        if V.ndim > 1:  # averages of means are means of averages
            R, C = V.mean(axis=-1, keepdims=True), V.mean(axis=-2, keepdims=True)
            V = R * C / R.mean(axis=-2, keepdims=True)
        return ds[-1] / np.sqrt(V)

    return metric


def soap(beta2: float, eps: float, frequency: int = 10) -> Metric:
    """SOAP (Vyas et al. 2024, arXiv 2409.11321): Adam in bases that follow Shampoo's.

    The bases start from I, and are refined at gradients 1, 1 + frequency, …; what else differs from
    the source stands in `momo.reference.preconditioners.soap`.
    """

    def metric(gs: History, ds: History) -> Array:
        if gs[0].ndim < 2:
            return adam(beta2, eps)(gs, ds)
        d = as_matrix(ds[-1])
        (m, n), v = d.shape, np.zeros_like(d)
        L, R, Q_L, Q_R = np.zeros((m, m)), np.zeros((n, n)), np.eye(m), np.eye(n)
        for t, G in enumerate(map(as_matrix, gs)):
            L = beta2 * L + (1 - beta2) * G @ G.T
            R = beta2 * R + (1 - beta2) * G.T @ G
            if t % frequency == 0:
                Q_L, Q_R = refined(L, Q_L), refined(R, Q_R)
            v = beta2 * v + (1 - beta2) * (Q_L.T @ G @ Q_R) ** 2
        D = eps + np.sqrt(v / (1 - beta2 ** len(gs)))
        D = np.maximum(D, 1e-3 * D.max())  # what is less is rounding that Q_L and Q_R have mixed in
        return (Q_L @ (Q_L.T @ d @ Q_R / D) @ Q_R.T).reshape(ds[-1].shape)

    return metric


def refined(L: Array, Q: Array) -> Array:
    """Return the orthogonal factor of ``(L + δI) Q``, δ a hundredth of L's largest eigenvalue.

    Of a bound on it: of the trace and the largest row sum, the less.
    """
    delta = 1e-2 * min(np.trace(L), np.linalg.norm(L, np.inf)) if L.any() else 1.0
    q, r = np.linalg.qr(L @ Q + delta * Q)
    return q * np.where(np.diag(r) < 0, -1.0, 1.0)  # the factor with a positive diagonal of r


# ---- parameters ----------------------------------------------------------------------------------


def as_matrix(a: Array) -> Array:
    """Return a parameter as a matrix: its first axis against all others."""
    return a.reshape(len(a), -1)


def layers(x: Array, shapes: Shapes) -> list[Array]:
    """Return the parameters in their shapes."""
    ends = np.cumsum([prod(shape) for shape in shapes])[:-1]
    return [a.reshape(shape) for a, shape in zip(np.split(x, ends), shapes, strict=True)]


def joined(parameters: Iterable[Array]) -> Array:
    """Return the parameters as one vector."""
    return np.concatenate([a.reshape(-1) for a in parameters])


def in_layers(metric: Metric, shapes: Shapes) -> Metric:
    """Return the metric of each parameter on its own, in its shape."""

    def whole(gs: History, ds: History) -> Array:
        g_layers, d_layers = (
            zip(*(layers(a, shapes) for a in history), strict=True) for history in (gs, ds)
        )
        return joined(metric(g, d) for g, d in zip(g_layers, d_layers, strict=True))

    return whole
