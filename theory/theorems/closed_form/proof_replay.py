"""Replays of the closed form: steps of the reference with one group, and with two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from momo.reference import GroupedState, grouped
from momo.reference.checks import Array
from momo.reference.model import MomentumModel, proximal_objective, truncated_value
from momo.reference.preconditioners import Diagonal
from theory.proofs.replay import ENTRIES, Scheduled, made, metric, step_with, vectors

WEIGHTS = ENTRIES[:4]
ROOT = np.sqrt(WEIGHTS)


def measure_group(v: Any) -> Mapping[str, float]:
    """Take a step of length ``αθ/ρ``, and measure what is linear and quadratic at its end and at y.

    x, y and ``p = D^{-1} d`` are vectors with the given products in the metric.
    """
    rows = vectors([[v.xx, v.xp, v.xy], [v.xp, v.pp, v.yp], [v.xy, v.yp, v.yy]])
    x, d, y = rows[0] / ROOT, rows[1] * ROOT, rows[2] / ROOT
    tau = v.alpha * v.theta / v.rho
    how = made(0.5, metric(4), 0.0, lr=v.alpha, weight_decay=v.lam, tau=tau)
    after = step_with(how, x, d, 1.0).x_next

    def value(z: Array) -> float:
        decay, near = v.lam / 2 * WEIGHTS @ z**2, WEIGHTS @ (z - x) ** 2 / (2 * v.alpha)
        return float(v.theta / v.rho * (d @ z) + decay + near)

    apart = float(WEIGHTS @ (y - after) ** 2)
    return {"here": value(y), "least": value(after), "apart": apart, "end": float(d @ after)}


def measure_objective(v: Any) -> Mapping[str, float]:
    """Take a capped step with α = 1 and λ = 0, and measure the objective there and at y.

    Then ``x^+ = x - D^{-1} d``: the vectors needed are ``D^{-1} d`` and ``y - x^+``.
    """
    root = ROOT[:3]
    p, apart = vectors([[2 * v.Qp, v.Ay - v.Ap], [v.Ay - v.Ap, 2 * v.R]]) / root
    d, x = p * root**2, np.array([0.5, -0.25, 1.0])
    taken = step_with(made(0.5, metric(3), v.bound, lr=1.0), x, d, v.Ap + d @ p)
    state, D = taken.state, Diagonal(root**2)
    model = MomentumModel(state.loss_avg, state.grad_avg, state.inner_avg, np.ones(()))
    bound, lr, no_decay = np.array(v.bound), np.ones(()), np.zeros(())

    def both(y: Array) -> tuple[float, float]:
        top = float(truncated_value(model, y, bound))
        return top, float(proximal_objective(model, y, x, bound, lr, no_decay, D)) - top

    y = taken.x_next + apart
    (here, quadratic), (least, quadratic_least) = both(y), both(taken.x_next)
    return {
        "My": here,
        "Qy": quadratic,
        "Mp": least,
        "Qp": quadratic_least,
        "Ay": taken.model(y),
        "Ap": taken.model(taken.x_next),
        "R": float(D.norm_sq(y - taken.x_next)) / 2,
    }


def measure_tau(v: Any) -> Mapping[str, float]:
    """Take the step of one group with the given gap, and measure τ and ζ."""
    p = np.array([np.sqrt(v.N), 0.0, 0.0, 0.0])
    d, x = p * ROOT, np.array([0.5, -0.25, 1.0, 0.0])
    shrink = 1 + v.alpha * v.lam
    value = v.positive - d @ x / shrink + d @ x  # the decayed value is the gap, for the bound 0
    how = made(0.5, metric(4), 0.0, lr=v.alpha, weight_decay=v.lam)
    info = step_with(how, x, d, float(value)).info
    return {
        "tau": float(info.step_size),
        "zeta": float(info.adaptive),
        "N": float(info.dual_norm_sq),
    }


def measure_groups(v: Any) -> Mapping[str, float]:
    """Take the joint step of two groups with the given C, X and W, and measure A at its end."""
    lrs, decays = np.array([1.0, 2.0]), np.array([0.5, 0.25])
    shrink = 1 + lrs * decays
    norms = np.sqrt(v.W / 2 * shrink / lrs)
    weights = ENTRIES[:2], ENTRIES[2:4]
    grads = [np.sqrt(w) * [norm, 0.0] for w, norm in zip(weights, norms, strict=True)]
    xs = [np.array([v.X * shrink[0] / grads[0][0], 0.5]), np.array([0.0, -0.25])]
    inner = sum(float(g @ x) for g, x in zip(grads, xs, strict=True))
    groups = [
        made(0.5, Scheduled((w,)), v.bound, lr=lr, weight_decay=lam)
        for w, lr, lam in zip(weights, lrs, decays, strict=True)
    ]
    first = grouped(*groups)
    after, state, info = first.step(GroupedState(), xs, v.C + inner, grads)
    ends = sum(float(g @ x) for g, x in zip(grads, after, strict=True))
    value = float(state.loss_avg - state.inner_avg) + ends
    return {"A": value, "M": max(value, v.bound), "theta": float(info.fraction), "E": ends}
