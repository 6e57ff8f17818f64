"""Replays: points and samples with given numbers, on which the reference's NGN-M takes its step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from momo.reference.sources.ngn import ngn_m
from theory.problems.base import Array
from theory.proofs.replay import vectors


def after(
    x_before: Array, x: Array, loss: float, grad: Array, c: float, beta: float
) -> tuple[Array, float]:
    """Return ``x^{k+1}`` and γ_k after a step of the reference from x, where it came from x_before.

    The step before is made up: with half of c as its step size, ``g = (x_before - x)/((1-β)c/2)``
    and ``f = c||g||²/2`` lead from x_before to x. γ_k is read off where the momentum is not.
    """
    way = x_before - x
    grad_before = way / ((1 - beta) * c / 2)
    loss_before = c * float(grad_before @ grad_before) / 2
    samples = [lambda _: (loss_before, grad_before), lambda _: (loss, grad)]
    arrived, x_next = ngn_m(x_before, samples, c, beta)
    momentum = arrived + beta * (arrived - x_before)
    gamma = float((momentum - x_next) @ grad) / ((1 - beta) * float(grad @ grad))
    return x_next, gamma


def measure_step_size(v: Any) -> Mapping[str, float]:
    """Take a step with ``||g||² = N`` and the loss f, and measure γ."""
    x, grad = np.array([1.0, 2.0]), np.sqrt(v.N) * np.array([0.6, 0.8])
    return {"gamma": after(x, x, v.f, grad, v.c, 0.5)[1]}


def measure_shift(v: Any) -> Mapping[str, float]:
    """Take a step on a line, from x with x_before before, and measure x_next.

    The loss that gives the step size γ with c = 2γ is ``c g²/2``.
    """
    x_before, x, grad = (np.array([float(each)]) for each in (v.x_before, v.x, v.g))
    c = 2 * float(v.gamma)
    x_next, gamma = after(x_before, x, c * float(v.g) ** 2 / 2, grad, c, float(v.beta))
    return {"x_next": float(x_next[0]), "gamma": gamma}


def measure_square(v: Any) -> Mapping[str, float]:
    """Take a step where z - x*, g and x - x_before have the given inner products, and measure.

    x* = 0, β = λ/(1+λ).
    """
    beta = float(v.lam) / (1 + float(v.lam))
    z, grad = vectors([[v.Z, v.p + v.lam * v.v], [v.p + v.lam * v.v, v.N]])
    way = float(v.v) / float(v.N) * grad
    x = z - float(v.lam) * way
    c = 2 * float(v.gamma)
    x_next, _ = after(x - way, x, c * float(v.N) / 2, grad, c, beta)
    z_next = x_next + float(v.lam) * (x_next - x)
    return {"Z_next": float(z_next @ z_next), "N": float(grad @ grad)}


def measure_move(v: Any) -> Mapping[str, float]:
    """Take a step on a line with the force N, where the last move was v, and measure Δ.

    With the slope ``f' = 2N`` and the loss ``cf'²/2`` the step size is c/2; c = 1.
    """
    x, grad = np.array([1.0]), np.array([2 * float(v.force)])
    x_before = x - float(v.v)
    x_next, _ = after(x_before, x, float(grad[0]) ** 2 / 2, grad, 1.0, float(v.beta))
    return {"move": float(x_next[0] - x[0])}
