# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A momentum model by its definition, over layers that differ in all they may: the general oracle.

Nothing is averaged, and nothing is known of τ's formula: all samples are kept with their weights
ρ_j, the model's line is evaluated as ``Σ_j ρ_j (f_j + <g_j, y - x_j>)`` wherever it is needed, and
the step is found on the path ``y(τ)`` of the proximal points: where this line first meets the
bound. NumPy alone, and of the project the metrics of the literal oracles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from momo.reference.sources.adaptive import adabelief, adafactor, adagrad, adam, amsgrad, soap
from momo.reference.sources.sequences import exponential
from momo.reference.sources.spectral import adam_from_first, orthogonal

Array = NDArray[np.float64]
Layers = list[Array]


@dataclass(frozen=True)
class Parts:
    """What a method is made of, beside its numbers.

    ``average`` is "first", "zero", "lion" or "none"; ``metric`` the name of a direction, of
    matrices another if ``matrices`` has one; ``decay`` as in `momo.reference.sources.adaptive`, or
    "at x"; ``line`` "average" or "newest"; ``bound`` "given", "online" (MoMo*'s), "mean" or "mean
    by decrease"; ``rule``
    "truncation", "scaled" (of (1-β) ζ), "harmonic", "capped", "floored" (||d||² at least `FLOOR`),
    "safe" (at least 1), "floored by first" (at least the first), "growth" (at most `GROWTH` times
    the last step above 0) or "smooth" (at most ``2^{1/256}`` times, from 1/(1-β));
    ``follow`` how x follows z;
    ``norms`` how the norms of layers are joined: as balls, or by their largest ("max").
    """

    average: str = "zero"
    metric: str = "identity"
    matrices: str | None = None
    decay: str = "proximal"
    line: str = "average"
    bound: str = "given"
    rule: str = "truncation"
    follow: str = "plain"
    norms: str = "balls"


PARTS: dict[str, Parts] = {
    "momo": Parts("first"),
    "momo_bias_corrected": Parts(),
    "momo_star": Parts("first", bound="online"),
    "momo_adam": Parts(metric="adam"),
    "momo_adam_undivided": Parts(metric="adam", decay="approximate"),
    "momo_adam_star": Parts(metric="adam", bound="online"),
    "sps_max": Parts("none"),
    "prox_sps": Parts("none"),
    "mom_sps": Parts("none", decay="decoupled", line="newest", follow="average"),
    "mom_sps_smooth": Parts(
        "none", decay="decoupled", line="newest", rule="smooth", follow="average"
    ),
    "sps_safe": Parts("none", rule="safe"),
    "alr_smag": Parts(decay="decoupled", line="newest", rule="scaled"),
    "ngn": Parts("none", rule="harmonic"),
    "ngn_d": Parts("none", "ngn", rule="capped"),
    "ngn_m": Parts("none", decay="decoupled", line="newest", rule="harmonic", follow="average"),
    "ngn_md_v1": Parts(
        "none", "adam", decay="decoupled", line="newest", rule="harmonic", follow="average"
    ),
    "ngn_md_v2": Parts(
        "none", "ngn adam", decay="decoupled", line="newest", rule="capped", follow="average"
    ),
    "momo_amsgrad": Parts(metric="amsgrad"),
    "momo_adagrad": Parts(metric="adagrad"),
    "momo_adabelief": Parts(metric="adabelief"),
    "momo_lion": Parts("lion", "sign", decay="decoupled"),
    "momo_adafactor": Parts(metric="adafactor"),
    "momo_soap": Parts(metric="soap", decay="approximate"),
    "adalomo": Parts("none", metric="adalomo", decay="decoupled", rule="capped"),
    "momo_adalomo": Parts("first", metric="adalomo", decay="decoupled"),
    "muon_adam_momo": Parts("first", "adam_first", "muon", decay="decoupled"),
    "muon_max_momo": Parts("first", "adam_first", "muon", decay="decoupled", norms="max"),
    "scion_momo": Parts("first", "sign", "muon", decay="decoupled"),
    "iam": Parts("none", decay="decoupled", follow="average"),
    "iam_anytime": Parts("none", decay="decoupled", follow="anytime"),
    "iam_adam": Parts("none", metric="adam", decay="at x", follow="average"),
    "ima_sps_safe": Parts("none", decay="decoupled", rule="safe", follow="average"),
    "schedule_free_polyak": Parts("none", decay="decoupled", rule="safe", follow="schedule free"),
    "schedule_free_adam_polyak": Parts(
        "none", metric="adam", decay="decoupled", rule="safe", follow="schedule free"
    ),
    "momo_random_scaling": Parts("first", follow="random"),
    "sgdm_random_scaling": Parts(
        "none", metric="displacement", line="newest", rule="capped", follow="random"
    ),
    "nhb_adaptive": Parts("none", metric="heavy ball", line="newest", rule="capped"),
}
"""The parts of every row but those that take their samples elsewhere than at x: there the model is
another row's, of samples that the definition is not given."""
FAR = 2.0**30
"""A τ at which the line is so low that the rounding of its start does not matter."""
FLOOR, GROWTH = 1.5, 1.25
FLOORS = {"floored": FLOOR, "safe": 1.0}
GROWTHS = {"growth": GROWTH, "smooth": 2 ** (1 / 256)}
UNITS = ("sign", "muon")
"""Directions of norm 1."""


@dataclass(frozen=True)
class Numbers:
    """The hyper-parameters of a step: α and λ of each layer, and what all share."""

    lrs: Sequence[float]
    weight_decays: Sequence[float]
    beta: float
    beta2: float
    eps: float
    lb: float


@dataclass(frozen=True)
class Batch:
    """What a step sees: the loss, a gradient of each layer or None, and a bound or None."""

    loss: float
    grads: Sequence[Array | None]
    bound: float | None = None


@dataclass
class Model:
    """The run of a method: all that it has seen."""

    parts: Parts
    x: Layers
    k: int = 0
    kept: list[float] = field(default_factory=list)  # ρ_j of what is kept
    losses: list[float] = field(default_factory=list)  # f_j
    grads: list[Layers] = field(default_factory=list)  # g_j, 0 where there is none
    points: list[Layers] = field(default_factory=list)  # x_j
    bounds: list[float] = field(default_factory=list)  # ℓ_j
    own: list[tuple[Layers, Layers]] = field(default_factory=list)  # g_j, d_j of a layer that has
    f_star: float | None = None  # as estimated
    last: float = np.inf  # the last τ_j above 0
    floor: float = 0.0  # the first ||d_j||² above 0
    falls: list[tuple[float, ...]] = field(default_factory=list)  # τ_j, w_j, h_j, ρ_j
    random: Iterator[float] = field(default_factory=lambda: exponential(0))

    def __post_init__(self) -> None:
        self.z, self.mean = list(self.x), list(self.x)
        self.own = [([], []) for _ in self.x]
        self.rates: list[list[float]] = [[] for _ in self.x]  # α_j at the gradients of a layer

    def step(self, now: Numbers, batch: Batch) -> dict[str, float]:
        """Take a step, and return its scalars by name."""
        self.k += 1
        present = [g is not None for g in batch.grads]
        weights = self._weigh(now)
        self.losses.append(batch.loss)
        self.grads.append(
            [np.zeros_like(x) if g is None else g for x, g in zip(self.x, batch.grads, strict=True)]
        )
        self.points.append(list(self.x))
        self.bounds.append(now.lb if batch.bound is None else batch.bound)
        d = [weighted(weights, [g[layer] for g in self.grads]) for layer in range(len(self.x))]
        rho, line = sum(weights), self._line(weights)
        bounds = weighted(weights, self.bounds) / rho
        if self.parts.line == "newest":
            rho, line, bounds = 1.0, self._newest(d), self.bounds[-1]

        # The path: y(τ) = (z - τ m)/(1+αλ), m_l the direction times α_l over the largest.
        radii = [
            lr * rho if self._is_ball(x) else lr for lr, x in zip(now.lrs, self.x, strict=True)
        ]
        alpha = max(radii)
        u = self._directions(d, now, present)
        m = [v * (1.0 if r == alpha else r / alpha) for v, r in zip(u, radii, strict=True)]
        rates = [
            lr * lam if lam and has else 0.0
            for lr, lam, has in zip(now.lrs, now.weight_decays, present, strict=True)
        ]
        unseen = self.parts.decay in ("decoupled", "at x")
        modelled = [0.0 if unseen else rate for rate in rates]

        def path(tau: float) -> Layers:
            return [(z - tau * v) / (1 + r) for z, v, r in zip(self.z, m, modelled, strict=True)]

        start, value = line(path(0.0)), line(self.z)
        f_star = bounds
        if self.parts.bound != "given":
            f_star = now.lb if self.f_star is None else self.f_star
            if start < rho * f_star:
                f_star = max(start / (2 * rho), now.lb)
                if self.parts.bound == "mean":
                    f_star, self.falls = now.lb, []
        slope = (start - line(path(FAR))) / FAR
        zeta = 0.0
        if slope > 0 and any(v.any() for v in m):  # no metric: <d, direction> may be negative
            zeta = max(start - rho * f_star, 0.0) / slope
        cap = alpha / rho
        norm_sq = sum(float(np.sum(a * v)) for a, v in zip(d, m, strict=True))
        tau = self._rule(zeta, cap, now.beta, norm_sq)
        self._estimate(tau, value, tau * norm_sq, rho, f_star, now.lb)
        ends = path(tau)
        if self.parts.decay != "proximal":
            decays = self.x if self.parts.decay == "at x" else self.z
            each = zip(self.z, decays, m, rates, strict=True)
            ends = [z - r * self._size(z) * x - tau * v for z, x, v, r in each]
        self._follow(ends, tau, present, now.beta)
        return {
            "value": value,
            "adaptive": zeta,
            "cap": cap,
            "step_size": tau,
            "dual_norm_sq": norm_sq,
            "lower_bound": f_star,
            "loss_avg": weighted(weights, self.losses),
        }

    def _weigh(self, now: Numbers) -> list[float]:
        """Return ρ_j of the model, and keep those of the next."""
        model = kept = now.beta
        if self.parts.average == "lion":
            kept = now.beta2
        if self.parts.average == "none" or (self.parts.average == "first" and self.k == 1):
            model = kept = 0.0
        weights = [model * w for w in self.kept] + [1 - model]
        self.kept = [kept * w for w in self.kept] + [1 - kept]
        return weights

    def _line(self, weights: list[float]) -> Callable[[Layers], float]:
        """Return ``y -> Σ_j ρ_j (f_j + <g_j, y - x_j>)``."""

        def line(y: Layers) -> float:
            lines = [
                f + sum(float(np.sum(g * (b - a))) for g, b, a in zip(gs, y, xs, strict=True))
                for f, gs, xs in zip(self.losses, self.grads, self.points, strict=True)
            ]
            return float(weighted(weights, lines))

        return line

    def _newest(self, d: Layers) -> Callable[[Layers], float]:
        """Return ``y -> f_k + <d_k, y - z>``."""
        loss, z = self.losses[-1], list(self.z)
        return lambda y: (
            loss + sum(float(np.sum(a * (b - c))) for a, b, c in zip(d, y, z, strict=True))
        )

    def _kind(self, x: Array) -> str:
        return (x.ndim > 1 and self.parts.matrices) or self.parts.metric

    def _size(self, x: Array) -> float:
        """Return what AdaLomo multiplies steps and decay of a layer by."""
        return max(1e-3, rms(x)) if self.parts.metric == "adalomo" else 1.0

    def _is_ball(self, x: Array) -> bool:
        return self._kind(x) in UNITS and self.parts.norms == "balls"

    def _directions(self, d: Layers, now: Numbers, present: list[bool]) -> Layers:
        """Return the direction of every layer; 0 of one without a gradient, which stays."""
        found, gap = [], max(self.losses[-1] - self.bounds[-1], 0.0)
        for layer, has in enumerate(present):
            gs, ds = self.own[layer]
            if has:
                gs.append(self.grads[-1][layer])
                ds.append(d[layer])
                self.rates[layer].append(now.lrs[layer])
            direction = DIRECTIONS[self._kind(self.x[layer])]
            own = replace(now, lrs=self.rates[layer])
            u = direction(gs, ds, own) * self._size(self.x[layer]) if has else 0 * d[layer]
            if self.parts.metric.startswith("ngn"):  # γ_j/α of each number
                bend = now.lrs[layer] * np.square(d[layer]) / 2
                u = u * (gap / (gap + bend) if gap > 0 else 0.0)
            found.append(u)
        if self.parts.norms == "max":
            units = [i for i, x in enumerate(self.x) if self._kind(x) in UNITS]
            total = sum(float(np.sum(d[i] * found[i])) for i in units)
            found = [total * u if i in units else u for i, u in enumerate(found)]
        return found

    def _estimate(
        self, tau: float, value: float, fall: float, rho: float, f_star: float, floor: float
    ) -> None:
        """Estimate the next bound: halfway down the step, or a mean of these over the steps."""
        if self.parts.bound == "online":
            self.f_star = max((value - fall / 2) / rho, floor)
            return
        if self.parts.bound == "mean":
            self.falls, mean, mass = [*self.falls, (tau, fall, value, rho)], f_star, 0.0
            for t, w, h, weight in self.falls:  # the mean so far, clipped, counts as all before
                if t > 0:
                    mean = max((mass * mean + t * (h - w / 2)) / (mass + t * weight), floor)
                mass += t * weight
            self.f_star = mean
            return
        # The last known bound, not the one that is reset, says whether the mean starts anew.
        known = floor if self.f_star is None else self.f_star
        self.falls = [*(self.falls if value >= rho * known else []), (tau, fall, value, rho)]
        mass = sum(w * weight for _, w, _, weight in self.falls)
        self.f_star = known
        if mass > 0:
            self.f_star = max(sum(w * (h - w / 2) for _, w, h, _ in self.falls) / mass, floor)

    def _rule(self, zeta: float, cap: float, beta: float, norm_sq: float) -> float:
        if self.parts.rule in FLOORS:
            return min(cap, zeta * norm_sq / max(norm_sq, FLOORS[self.parts.rule]))
        if self.parts.rule == "floored by first":
            self.floor = self.floor or norm_sq
            return min(cap, zeta * norm_sq / max(norm_sq, self.floor) if norm_sq else 0.0)
        if self.parts.rule in ("growth", "smooth"):
            if self.parts.rule == "smooth" and np.isinf(self.last):
                self.last = 1 / (1 - beta)
            tau = min(cap, zeta, GROWTHS[self.parts.rule] * self.last)
            self.last = tau if tau > 0 else self.last
            return tau
        if self.parts.rule == "capped":
            return cap
        if self.parts.rule == "scaled":
            zeta *= 1 - beta
        if self.parts.rule == "harmonic":
            return 1 / (1 / cap + 1 / (2 * zeta)) if zeta > 0 else 0.0
        return min(zeta, cap)

    def _follow(self, ends: Layers, tau: float, present: list[bool], beta: float) -> None:
        """Move z to the ends, and x after it."""
        scale = next(self.random)
        for i in [i for i, has in enumerate(present) if has]:
            if self.parts.follow == "average":
                self.z[i], self.x[i] = ends[i], beta * self.x[i] + (1 - beta) * ends[i]
            elif self.parts.follow == "anytime":
                self.z[i], self.x[i] = ends[i], (self.k * self.x[i] + ends[i]) / (1 + self.k)
            elif self.parts.follow == "schedule free":
                self.mean[i] = ((self.k - 1) * self.mean[i] + ends[i]) / self.k
                self.z[i], self.x[i] = ends[i], (1 - beta) * ends[i] + beta * self.mean[i]
            else:
                by = scale if self.parts.follow == "random" else 1.0
                self.z[i] = self.x[i] = self.x[i] + by * (ends[i] - self.x[i])


def weighted(weights: Sequence[float], values: Sequence[Any]) -> Any:
    """Return ``Σ_j ρ_j v_j``."""
    return sum(w * v for w, v in zip(weights, values, strict=True))


def rms(a: Array) -> float:
    """Return ``sqrt(mean a²)``."""
    return float(np.sqrt(np.mean(a**2)))


def within_one(u: Array) -> Array:
    """Return u, whose root mean square is at most 1."""
    return u / max(1.0, rms(u))


def heavy_ball(gs: Layers) -> Array:
    """Return m of the normalised heavy ball whose β is adaptive, δ = 1e-3."""
    m, before = gs[0], gs[0]
    for g in gs[1:]:
        beta = 0.0
        if m.any():
            r = float(np.linalg.norm(g - before) / np.linalg.norm(m))
            beta = min(((1 - r) / (1 + r)) ** 2, 1 - 1e-3)
        m, before = beta * m + (1 - beta) * g, g
    return m


def displacement(gs: Layers, now: Numbers) -> Array:
    """Return ``-Δ/α`` of SGD-M with random scaling, μ = 100."""
    kappas = [now.beta / (1 + 100 * alpha) for alpha in now.lrs]
    found = sum(
        np.prod(kappas[j:]) * alpha * g
        for j, (g, alpha) in enumerate(zip(gs, now.lrs, strict=True))
    )
    return np.asarray(found / now.lrs[-1])


DIRECTIONS: dict[str, Callable[[Layers, Layers, Numbers], Array]] = {
    "identity": lambda gs, ds, now: ds[-1],
    "adam": lambda gs, ds, now: adam(now.beta2, now.eps)(gs, ds),
    "adam_first": lambda gs, ds, now: adam_from_first(now.beta2, now.eps)(gs, ds),
    "ngn": lambda gs, ds, now: ds[-1],
    "ngn adam": lambda gs, ds, now: adam(now.beta2, now.eps)(gs, ds),
    "amsgrad": lambda gs, ds, now: amsgrad(now.beta2, now.eps)(gs, ds),
    "adagrad": lambda gs, ds, now: adagrad(now.eps)(gs, ds),
    "adabelief": lambda gs, ds, now: adabelief(now.beta2, now.eps)(gs, ds),
    "adafactor": lambda gs, ds, now: adafactor(now.eps)(gs, ds),
    "adalomo": lambda gs, ds, now: within_one(adafactor(now.eps)(gs, ds)),
    "soap": lambda gs, ds, now: soap(now.beta2, now.eps)(gs, ds),
    "sign": lambda gs, ds, now: np.sign(ds[-1]),
    "muon": lambda gs, ds, now: orthogonal(ds[-1]),
    "heavy ball": lambda gs, ds, now: heavy_ball(gs),
    "displacement": lambda gs, ds, now: displacement(gs, now),
}
"""``(g_j of the layer, d_j, numbers) -> the direction of d_k``; ``lrs`` are its α_j."""
