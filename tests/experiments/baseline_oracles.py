# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The baselines, letter by letter from their sources, in NumPy: one function each, nothing shared.

Each yields the points at which gradients are taken, one after every step, and is read beside its
source. Where a package does something else than its paper, the package is held, since it is what
runs; what differs is said. Arguments: where it starts, the gradients as functions of the point, one
a step, α of every step, and the hyper-parameters by name. Those of a whole method (γ, d_0, ...) are
the sources' own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Gradients = Sequence[Callable[[Array], Array]]
Lrs = Sequence[float]


def sgd_m(
    x: Array, gradients: Gradients, lrs: Lrs, beta: float, weight_decay: float
) -> Iterator[Array]:
    """torch.optim.SGD with dampening β: the buffer begins with the first gradient."""
    d = None
    for gradient, lr in zip(gradients, lrs, strict=True):
        g = gradient(x) + weight_decay * x
        d = g if d is None else beta * d + (1 - beta) * g
        x = x - lr * d
        yield x


def sgd_m_undampened(
    x: Array, gradients: Gradients, lrs: Lrs, beta: float, weight_decay: float
) -> Iterator[Array]:
    """Polyak 1964 in the form of torch.optim.SGD, where α is outside of the buffer."""
    b = np.zeros_like(x)
    for gradient, lr in zip(gradients, lrs, strict=True):
        b = beta * b + gradient(x) + weight_decay * x
        x = x - lr * b
        yield x


def adam(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    beta: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Iterator[Array]:
    """Algorithm 1 of arXiv 1412.6980, the decay in the gradient as torch.optim.Adam has it."""
    m, v = np.zeros_like(x), np.zeros_like(x)
    for t, (gradient, lr) in enumerate(zip(gradients, lrs, strict=True), 1):
        g = gradient(x) + weight_decay * x
        m = beta * m + (1 - beta) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = x - lr * (m / (1 - beta**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        yield x


def adam_w(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    beta: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Iterator[Array]:
    """Algorithm 2 of arXiv 1711.05101, with αλ for its ηλ, as torch.optim.AdamW has it."""
    m, v = np.zeros_like(x), np.zeros_like(x)
    for t, (gradient, lr) in enumerate(zip(gradients, lrs, strict=True), 1):
        g = gradient(x)
        m = beta * m + (1 - beta) * g
        v = beta2 * v + (1 - beta2) * g**2
        adapted = (m / (1 - beta**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        x = x - lr * (adapted + weight_decay * x)
        yield x


def adabelief(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    beta: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Iterator[Array]:
    """Algorithm 2 of arXiv 2010.07468: ε is added to s in every step, and to the root.

    Package adabelief-pytorch 0.2.1 is the same with rectify=False and its weight_decouple=True;
    rectification is not in the paper.
    """
    m, s = np.zeros_like(x), np.zeros_like(x)
    for t, (gradient, lr) in enumerate(zip(gradients, lrs, strict=True), 1):
        g = gradient(x)
        m = beta * m + (1 - beta) * g
        s = beta2 * s + (1 - beta2) * (g - m) ** 2 + eps
        x = x - lr * weight_decay * x
        x = x - lr * (m / (1 - beta**t)) / (np.sqrt(s / (1 - beta2**t)) + eps)
        yield x


def adabound(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    beta: float,
    beta2: float,
    eps: float,
    weight_decay: float,
    final_lr: float = 0.1,
    gamma: float = 1e-3,
    base_lr: float | None = None,
) -> Iterator[Array]:
    """Package adabound 0.0.5; algorithm 1 of arXiv 1902.09843 has α/sqrt(t) and no corrections.

    ``base_lr`` is the α that the optimizer is made with, before any schedule.
    """
    assert base_lr is not None
    m, v = np.zeros_like(x), np.zeros_like(x)
    for t, (gradient, lr) in enumerate(zip(gradients, lrs, strict=True), 1):
        g = gradient(x) + weight_decay * x
        m = beta * m + (1 - beta) * g
        v = beta2 * v + (1 - beta2) * g**2
        final = final_lr * lr / base_lr
        lower, upper = final * (1 - 1 / (gamma * t + 1)), final * (1 + 1 / (gamma * t))
        rate = lr * np.sqrt(1 - beta2**t) / (1 - beta**t) / (np.sqrt(v) + eps)
        x = x - np.minimum(np.maximum(rate, lower), upper) * m
        yield x


def lion(
    x: Array, gradients: Gradients, lrs: Lrs, beta: float, beta2: float, weight_decay: float
) -> Iterator[Array]:
    """Algorithm 2 of arXiv 2302.06675."""
    m = np.zeros_like(x)
    for gradient, lr in zip(gradients, lrs, strict=True):
        g = gradient(x)
        c = beta * m + (1 - beta) * g
        x = x - lr * (np.sign(c) + weight_decay * x)
        m = beta2 * m + (1 - beta2) * g
        yield x


def prodigy(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    beta: float,
    beta2: float,
    eps: float,
    weight_decay: float,
    d0: float = 1e-6,
) -> Iterator[Array]:
    """Package prodigyopt 1.1.2, algorithm 4 of arXiv 2306.06101 (Adam) but for two things.

    ε of the denominator is multiplied by the new d, where the paper has that of the step; and the
    first estimate above d_0 replaces it at once. There is no bias correction in either. r and s are
    both divided by d_0 and lack a factor 1-sqrt(β2), which their quotient does not see.
    """
    x0, d, root = x, d0, np.sqrt(beta2)
    r, largest, s = 0.0, d0, np.zeros_like(x)
    m, v = np.zeros_like(x), np.zeros_like(x)
    for gradient, lr in zip(gradients, lrs, strict=True):
        g = gradient(x)
        m = beta * m + (1 - beta) * d * g
        v = beta2 * v + (1 - beta2) * d**2 * g**2
        r = root * r + lr * d**2 / d0 * float(g @ (x0 - x))
        s = root * s + lr * d**2 / d0 * g
        estimate, before = r / np.abs(s).sum(), d
        largest = max(largest, estimate)
        d = largest
        x = x - weight_decay * lr * before * x
        x = x - lr * before * m / (np.sqrt(v) + d * eps)
        yield x


def dadapt_sgd(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    beta: float,
    weight_decay: float,
    d0: float = 1e-6,
) -> Iterator[Array]:
    """Package dadaptation 3.2, the SGD of arXiv 2301.07733 (its algorithm 4).

    α and d are divided by the norm of the first gradient, without its decay; the sum in the
    estimate has twice the paper's first term in place of the difference of squares.
    """
    x0, d, s, weighted = x, d0, np.zeros_like(x), 0.0
    first = None
    for gradient, lr in zip(gradients, lrs, strict=True):
        g = gradient(x)
        first = np.linalg.norm(g) if first is None else first
        g = g + weight_decay * x
        step = d * lr / first
        weighted = weighted + step * float(g @ s)
        s = s + step * g
        d = max(d, 2 * weighted / float(np.linalg.norm(s)))
        z = x0 - s
        x = beta * x + (1 - beta) * z
        yield x


def dadapt_adam(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    beta: float,
    beta2: float,
    eps: float,
    weight_decay: float,
    d0: float = 1e-6,
) -> Iterator[Array]:
    """Package dadaptation 3.2, algorithm 5 of arXiv 2301.07733, with decoupled decay.

    m has the step in it, so that a change of d or α acts on new gradients alone. The inner product
    is divided by the root of v before the gradient is in it. No bias correction.
    """
    d, root = d0, np.sqrt(beta2)
    m, v, s, weighted = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x), 0.0
    for gradient, lr in zip(gradients, lrs, strict=True):
        g = gradient(x)
        step = d * lr
        inner = step * float(g @ (s / (np.sqrt(v) + eps)))
        m = beta * m + (1 - beta) * step * g
        v = beta2 * v + (1 - beta2) * g**2
        s = root * s + (1 - root) * step * g
        weighted = root * weighted + (1 - root) * inner
        d = max(d, weighted / ((1 - root) * np.abs(s).sum()))
        x = x - weight_decay * step * x
        x = x - m / (np.sqrt(v) + eps)
        yield x


def dog(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    eps: float,
    weight_decay: float,
    reps_rel: float = 1e-6,
) -> Iterator[Array]:
    """Equation (DoG) of arXiv 2302.12022, with r_ε relative to x_0 as its authors have it."""
    x0, total, r = x, eps, reps_rel * (1 + np.linalg.norm(x))
    for gradient, lr in zip(gradients, lrs, strict=True):
        g = gradient(x) + weight_decay * x
        r = max(r, float(np.linalg.norm(x - x0)))
        total = total + float(g @ g)
        x = x - lr * r / np.sqrt(total) * g
        yield x


def ldog(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    eps: float,
    weight_decay: float,
    ends: Sequence[int],
    reps_rel: float = 1e-6,
) -> Iterator[Array]:
    """The same for every layer; ``ends``: where in x a layer ends and the next begins."""
    x0 = x
    layers = np.split(np.arange(x.size), ends)
    r = [reps_rel * (1 + np.linalg.norm(x[layer])) for layer in layers]
    total = [eps] * len(layers)
    for gradient, lr in zip(gradients, lrs, strict=True):
        g = gradient(x) + weight_decay * x
        after = x.copy()
        for k, layer in enumerate(layers):
            r[k] = max(r[k], float(np.linalg.norm(x[layer] - x0[layer])))
            total[k] = total[k] + float(g[layer] @ g[layer])
            after[layer] = x[layer] - lr * r[k] / np.sqrt(total[k]) * g[layer]
        x = after
        yield x


def polynomial_average(points: Sequence[Array], gamma: float = 8.0) -> Array:
    """Return the average of Shamir and Zhang 2013 that DoG's authors evaluate at."""
    average = np.zeros_like(points[0])
    for t, x in enumerate(points, 1):
        weight = (1 + gamma) / (t + gamma)
        average = (1 - weight) * average + weight * x
    return average


def mechanic_adam_w(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    beta: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Iterator[Array]:
    """Package mechanic-pytorch 0.0.1, algorithm 1 of arXiv 2306.00144, around AdamW.

    Its s_decay λ acts on the point to which AdamW alone would go, where the paper has x_t, and
    ``Δ_t`` is found from x_t again, so that ε is in it. The largest product begins at 1e-6.
    """
    betas = np.array([0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999])
    s_decay, s_init, small = 0.01, 1e-8, 1e-8
    x0, s = x, np.zeros(6)
    largest, squares, reward = np.full(6, 1e-6), np.zeros(6), np.zeros(6)
    m, v = np.zeros_like(x), np.zeros_like(x)
    for t, (gradient, lr) in enumerate(zip(gradients, lrs, strict=True), 1):
        g = gradient(x)
        m = beta * m + (1 - beta) * g
        v = beta2 * v + (1 - beta2) * g**2
        adapted = (m / (1 - beta**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        there = x - lr * (adapted + weight_decay * x)
        offset = (x - x0) / (s.sum() + small)
        norms = np.linalg.norm(g) / (np.linalg.norm(there) + small)
        h = float(offset @ (g + s_decay * s.sum() * norms * there))
        largest = np.maximum(betas * largest, abs(h))
        squares = betas**2 * squares + h**2
        reward = np.maximum(betas * reward - s * h, 0)
        s = (s_init / 6 * largest + reward) / (np.sqrt(squares) + small)
        x = x0 + s.sum() * (offset + there - x)
        yield x


def schedule_free_sgd(
    x: Array, gradients: Gradients, lrs: Lrs, beta: float, weight_decay: float
) -> Iterator[Array]:
    """Package schedulefree 1.4.1, arXiv 2405.15682, equations 1 to 3; the points are y.

    Weights are the squares of the largest α so far, where the paper has those of α itself: the same
    in a warm-up, and another once α falls. λy is added to the gradient at y.
    """
    z, weights, largest = x, 0.0, 0.0
    for gradient, lr in zip(gradients, lrs, strict=True):
        y = (1 - beta) * z + beta * x
        g = gradient(y) + weight_decay * y
        largest = max(largest, lr)
        weights = weights + largest**2
        c = largest**2 / weights
        z = z - lr * g
        x = (1 - c) * x + c * z
        yield (1 - beta) * z + beta * x


def schedule_free_adam_w(
    x: Array,
    gradients: Gradients,
    lrs: Lrs,
    beta: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Iterator[Array]:
    """Package schedulefree 1.4.1, algorithm 1 of arXiv 2405.15682, with the weights of the SGD.

    The bias correction is v's own; the paper has it in α, and so in the weights, too.
    """
    z, weights, largest, v = x, 0.0, 0.0, np.zeros_like(x)
    for t, (gradient, lr) in enumerate(zip(gradients, lrs, strict=True), 1):
        y = (1 - beta) * z + beta * x
        g = gradient(y)
        v = beta2 * v + (1 - beta2) * g**2
        largest = max(largest, lr)
        weights = weights + largest**2
        c = largest**2 / weights
        z = z - lr * (g / (np.sqrt(v / (1 - beta2**t)) + eps) + weight_decay * y)
        x = (1 - c) * x + c * z
        yield (1 - beta) * z + beta * x


ORACLES: dict[str, Any] = {
    each.__name__: each
    for each in (
        sgd_m,
        sgd_m_undampened,
        adam,
        adam_w,
        adabelief,
        adabound,
        lion,
        prodigy,
        dadapt_sgd,
        dadapt_adam,
        dog,
        ldog,
        mechanic_adam_w,
        schedule_free_sgd,
        schedule_free_adam_w,
    )
}
"""By the name of the baseline."""
