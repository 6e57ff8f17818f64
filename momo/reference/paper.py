# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""MoMo and MoMo-Adam, literally as in the paper: the first thing to read.

Schaipp, Ohana, Eickenberg, Defazio and Gower, *MoMo: Momentum Models for Adaptive Learning Rates*,
arXiv 2305.07583: Algorithm 1 (MoMo), Algorithm 2 (MoMo-Adam), and their starred forms, which
estimate the lower bound on the way. A line of code is a line of the paper, whose symbol stands
beside it; nothing of the project is imported. These functions are for reading, and for everything
else to be compared with: the tests hold each method of the project against them, step by step.

How to read them
----------------
A batch is a function: ``sample(x)`` returns its loss f(x, s_k) and its gradient ∇f(x, s_k). A
method is given the start x^1, a vector, and the batches in their order, and yields x^2, x^3, …

Each step has three parts. The averages f̄_k, d_k, γ_k sum up all batches seen as one line,
``f̄_k + <d_k, y> - γ_k``. No loss is below f_*, so the model of the loss is this line cut off at
f_*. And x^{k+1} is where model, decay and distance together are least,

    argmin_y  max{ρ_k^{-1}(f̄_k + <d_k, y> - γ_k), f_*} + (λ/2)||y||²_{D_k} + ||y - x^k||²_{D_k}/(2α)

(Lemma 3.1): along -d_k until the line is down at f_*, but never further than the learning rate α
allows. In MoMo the weights of the average sum to ρ_k = 1, and D_k is the identity.

Where to go next
----------------
`momo/core/step.py` has the same lines in the same order as one general equation, of which every
method of the project is a case; `momo/reference/methods.py` the vectors around the equation. The
other methods, as their own sources write them, are in `momo/reference/sources/`. MoMo is proven
about in `theory/rocq`, and compared with what is proven in fractions, exactly: given arrays of
fractions, `momo` computes with them, since no line of it makes a number a float.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Sample = Callable[[Array], tuple[float, Array]]
"""s_k: ``x -> f(x, s_k), ∇f(x, s_k)``."""


def inner(a: Array, b: Array) -> float:
    """Return ``<a, b>``."""
    return a.dot(b)


# The paper's symbols stand in a column of their own.
# fmt: off


def momo(
    x: Array, samples: Iterable[Sample],
    lr: float = 1.0, beta: float = 0.9, lb: float = 0.0, weight_decay: float = 0.0,
) -> Iterator[Array]:
    """MoMo (Algorithm 1): α = lr, β = beta, f_* = lb, λ = weight_decay."""
    shrink = 1 + lr * weight_decay if weight_decay else 1                 # 1 + αλ, also for α = ∞
    for k, sample in enumerate(samples, start=1):
        f, g = sample(x)                                                  # f_k, g_k
        if k == 1:
            f_avg, d, gamma = f, g, inner(g, x)                           # f̄_0, d_0, γ_0

        f_avg = beta * f_avg + (1 - beta) * f                             # f̄_k
        d = beta * d + (1 - beta) * g                                     # d_k
        gamma = beta * gamma + (1 - beta) * inner(g, x)                   # γ_k

        gap = max(shrink * (f_avg - gamma - lb) + inner(d, x), 0)         # ( · )_+
        tau = min(lr, gap / inner(d, d)) if d.any() else 0                # τ_k
        x = (x - tau * d) / shrink                                        # x^{k+1}
        yield x


def momo_star(
    x: Array, samples: Iterable[Sample],
    lr: float = 1.0, beta: float = 0.9, lb: float = 0.0, weight_decay: float = 0.0,
) -> Iterator[Array]:
    """MoMo*: MoMo, with the bound estimated on the way; f_*^1 = lb, and no f_*^k is below it."""
    shrink = 1 + lr * weight_decay if weight_decay else 1                 # 1 + αλ, also for α = ∞
    f_star = lb                                                           # f_*^1
    for k, sample in enumerate(samples, start=1):
        f, g = sample(x)                                                  # f_k, g_k
        if k == 1:
            f_avg, d, gamma = f, g, inner(g, x)                           # f̄_0, d_0, γ_0

        f_avg = beta * f_avg + (1 - beta) * f                             # f̄_k
        d = beta * d + (1 - beta) * g                                     # d_k
        gamma = beta * gamma + (1 - beta) * inner(g, x)                   # γ_k

        c = shrink * (f_avg - gamma) + inner(d, x)                        # c_k
        if c < shrink * f_star:                                           # f_*^k is above the line:
            f_star = max(c / (2 * shrink), lb)                            # it is reset
        gap = max(c - shrink * f_star, 0)                                 # ( · )_+
        tau = min(lr, gap / inner(d, d)) if d.any() else 0                # τ_k
        h = f_avg + inner(d, x) - gamma                                   # h_k
        f_star = max(h - tau * inner(d, d) / 2, lb)                       # f_*^{k+1}
        x = (x - tau * d) / shrink                                        # x^{k+1}
        yield x


def momo_adam(
    x: Array, samples: Iterable[Sample],
    lr: float = 1e-2, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
    lb: float = 0.0, weight_decay: float = 0.0,
) -> Iterator[Array]:
    """MoMo-Adam (Algorithm 2): β_1, β_2 = betas, ε = eps; D_k is a diagonal, kept as a vector."""
    beta1, beta2 = betas                                                  # β_1, β_2
    shrink = 1 + lr * weight_decay if weight_decay else 1                 # 1 + αλ, also for α = ∞
    f_avg, d, gamma, v = 0.0, 0 * x, 0.0, 0 * x                           # f̄_0, d_0, γ_0, v_0
    for k, sample in enumerate(samples, start=1):
        f, g = sample(x)                                                  # f_k, g_k

        f_avg = beta1 * f_avg + (1 - beta1) * f                           # f̄_k
        d = beta1 * d + (1 - beta1) * g                                   # d_k
        gamma = beta1 * gamma + (1 - beta1) * inner(g, x)                 # γ_k
        v = beta2 * v + (1 - beta2) * g * g                               # v_k
        D = eps + np.sqrt(v / (1 - beta2**k))                             # D_k
        rho = 1 - beta1**k                                                # ρ_k

        gap = max(shrink * (f_avg - gamma - rho * lb) + inner(d, x), 0)   # ( · )_+
        tau = min(lr / rho, gap / inner(d, d / D)) if d.any() else 0      # τ_k
        x = (x - tau * d / D) / shrink                                    # x^{k+1}
        yield x


def momo_adam_star(
    x: Array, samples: Iterable[Sample],
    lr: float = 1e-2, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
    lb: float = 0.0, weight_decay: float = 0.0,
) -> Iterator[Array]:
    """MoMo-Adam*: MoMo-Adam, with the bound estimated on the way, as in MoMo*."""
    beta1, beta2 = betas                                                  # β_1, β_2
    shrink = 1 + lr * weight_decay if weight_decay else 1                 # 1 + αλ, also for α = ∞
    f_avg, d, gamma, v = 0.0, 0 * x, 0.0, 0 * x                           # f̄_0, d_0, γ_0, v_0
    f_star = lb                                                           # f_*^1
    for k, sample in enumerate(samples, start=1):
        f, g = sample(x)                                                  # f_k, g_k

        f_avg = beta1 * f_avg + (1 - beta1) * f                           # f̄_k
        d = beta1 * d + (1 - beta1) * g                                   # d_k
        gamma = beta1 * gamma + (1 - beta1) * inner(g, x)                 # γ_k
        v = beta2 * v + (1 - beta2) * g * g                               # v_k
        D = eps + np.sqrt(v / (1 - beta2**k))                             # D_k
        rho = 1 - beta1**k                                                # ρ_k

        c = shrink * (f_avg - gamma) + inner(d, x)                        # c_k
        if c < shrink * rho * f_star:                                     # f_*^k is above the line:
            f_star = max(c / (2 * shrink * rho), lb)                      # it is reset
        gap = max(c - shrink * rho * f_star, 0)                           # ( · )_+
        d_sq = inner(d, d / D)                                            # ||d_k||²_{D_k^{-1}}
        tau = min(lr / rho, gap / d_sq) if d.any() else 0                 # τ_k
        h = f_avg + inner(d, x) - gamma                                   # h_k
        f_star = max((h - tau * d_sq / 2) / rho, lb)                      # f_*^{k+1}
        x = (x - tau * d / D) / shrink                                    # x^{k+1}
        yield x
