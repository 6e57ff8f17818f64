"""A momentum model by its definition, over layers that differ in all they may: the general oracle.

Nothing is averaged, and nothing is known of τ's formula: all samples are kept with their weights
ρ_j, the model's line is evaluated as ``Σ_j ρ_j (f_j + <g_j, y - x_j>)`` wherever it is needed, and
the step is found on the path ``y(τ)`` of the proximal points: where this line first meets the
bound. NumPy alone, and of the project the metrics of the literal oracles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
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
    matrices another if ``matrices`` has one; ``decay`` as in `momo.reference.sources.adaptive`;
    ``line`` "average" or "newest"; ``bound`` "given", "online" (MoMo*'s) or "mean"; ``rule``
    "truncation", "scaled" (of (1-β) ζ), "harmonic", "capped", "floored" (||d||² at least `FLOOR`²)
    or "growth" (at most `GROWTH` times the last step above 0); ``follow`` how x follows z;
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
    "alr_smag": Parts(decay="decoupled", line="newest", rule="scaled"),
    "ngn_m": Parts("none", decay="decoupled", line="newest", rule="harmonic", follow="average"),
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
    "iam_adam": Parts("none", metric="adam", follow="average"),
    "schedule_free_polyak": Parts("none", decay="decoupled", follow="schedule free"),
    "momo_random_scaling": Parts("first", follow="random"),
}
"""The parts of every row."""
FAR = 2.0**30
"""A τ at which the line is so low that the rounding of its start does not matter."""
FLOOR, GROWTH = 1.5, 1.25
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
    total: float = 0.0  # Σ_j τ_j
    last: float = np.inf  # the last τ_j above 0
    falls: list[tuple[float, float, float]] = field(default_factory=list)  # w_j, h_j, ρ_j
    random: Iterator[float] = field(default_factory=lambda: exponential(0))

    def __post_init__(self) -> None:
        self.z, self.mean = list(self.x), list(self.x)
        self.own = [([], []) for _ in self.x]

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
        modelled = [0.0 if self.parts.decay == "decoupled" else rate for rate in rates]

        def path(tau: float) -> Layers:
            return [(z - tau * v) / (1 + r) for z, v, r in zip(self.z, m, modelled, strict=True)]

        start, value = line(path(0.0)), line(self.z)
        f_star = bounds
        if self.parts.bound != "given":
            f_star = now.lb if self.f_star is None else self.f_star
            if start < rho * f_star:
                f_star = max(start / (2 * rho), now.lb)
        slope = (start - line(path(FAR))) / FAR
        zeta = max(start - rho * f_star, 0.0) / slope if any(v.any() for v in m) else 0.0
        cap = alpha / rho
        norm_sq = sum(float(np.sum(a * v)) for a, v in zip(d, m, strict=True))
        tau = self._rule(zeta, cap, now.beta, norm_sq)
        self._estimate(value, tau * norm_sq, rho, f_star, now.lb)
        ends = path(tau)
        if self.parts.decay != "proximal":
            ends = [
                (1 - r * self._size(z)) * z - tau * v
                for z, v, r in zip(self.z, m, rates, strict=True)
            ]
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
        found = []
        for layer, has in enumerate(present):
            gs, ds = self.own[layer]
            if has:
                gs.append(self.grads[-1][layer])
                ds.append(d[layer])
            direction = DIRECTIONS[self._kind(self.x[layer])]
            u = direction(gs, ds, now) * self._size(self.x[layer]) if has else 0 * d[layer]
            found.append(u)
        if self.parts.norms == "max":
            units = [i for i, x in enumerate(self.x) if self._kind(x) in UNITS]
            total = sum(float(np.sum(d[i] * found[i])) for i in units)
            found = [total * u if i in units else u for i, u in enumerate(found)]
        return found

    def _estimate(self, value: float, fall: float, rho: float, f_star: float, floor: float) -> None:
        """Estimate the next bound: halfway down the step, or the mean of these over the steps."""
        if self.parts.bound == "online":
            self.f_star = max((value - fall / 2) / rho, floor)
            return
        # The last known bound, not the one that is reset, says whether the mean starts anew.
        known = floor if self.f_star is None else self.f_star
        self.falls = [*(self.falls if value >= rho * known else []), (fall, value, rho)]
        mass = sum(w * weight for w, _, weight in self.falls)
        self.f_star = known
        if mass > 0:
            self.f_star = max(sum(w * (h - w / 2) for w, h, _ in self.falls) / mass, floor)

    def _rule(self, zeta: float, cap: float, beta: float, norm_sq: float) -> float:
        if self.parts.rule == "floored":
            return min(cap, zeta * norm_sq / max(norm_sq, FLOOR**2))
        if self.parts.rule == "growth":
            tau = min(cap, zeta, GROWTH * self.last)
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
        self.total += tau
        c = tau / self.total if self.total > 0 else 1.0
        for i in [i for i, has in enumerate(present) if has]:
            if self.parts.follow == "average":
                self.z[i], self.x[i] = ends[i], beta * self.x[i] + (1 - beta) * ends[i]
            elif self.parts.follow == "schedule free":
                self.mean[i] = (1 - c) * self.mean[i] + c * ends[i]
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


DIRECTIONS: dict[str, Callable[[Layers, Layers, Numbers], Array]] = {
    "identity": lambda gs, ds, now: ds[-1],
    "adam": lambda gs, ds, now: adam(now.beta2, now.eps)(gs, ds),
    "adam_first": lambda gs, ds, now: adam_from_first(now.beta2, now.eps)(gs, ds),
    "amsgrad": lambda gs, ds, now: amsgrad(now.beta2, now.eps)(gs, ds),
    "adagrad": lambda gs, ds, now: adagrad(now.eps)(gs, ds),
    "adabelief": lambda gs, ds, now: adabelief(now.beta2, now.eps)(gs, ds),
    "adafactor": lambda gs, ds, now: adafactor(now.eps)(gs, ds),
    "adalomo": lambda gs, ds, now: within_one(adafactor(now.eps)(gs, ds)),
    "soap": lambda gs, ds, now: soap(now.beta2, now.eps)(gs, ds),
    "sign": lambda gs, ds, now: np.sign(ds[-1]),
    "muon": lambda gs, ds, now: orthogonal(ds[-1]),
}
"""``(g_j of the layer, d_j, numbers) -> the direction of d_k``."""
