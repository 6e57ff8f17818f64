"""What the worst case is taken over: a method, a class of functions, and a measure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from theory.problems.arguments import whole
from theory.problems.base import Array

AVERAGINGS = ("from_first", "from_zero")
KINDS = ("lipschitz", "smooth")
MEASURES = ("best", "last")


@dataclass(frozen=True)
class Setting:
    """MoMo with f_* = f* on convex functions with a common minimiser x*, ``||x^1 - x*|| <= D``.

    Units: D = 1, and G = 1 (Lipschitz functions) or L = 1 (smooth ones). A worst case in other
    units is G D times as large, or L D² times.

    Attributes
    ----------
    beta
        β in [0, 1).
    iterations
        K: x^1, …, x^K are evaluated, so there are K-1 steps.
    averaging
        "from_first" is MoMo; "from_zero" is MoMo-Adam with a frozen preconditioner P. There the
        metric drops out: in ``y = P^{1/2} x`` the function ``y -> f(P^{-1/2} y)`` has gradients
        ``P^{-1/2} g``, the steps are those with the identity, and G, L and D are in P's norms.
    kind
        "lipschitz" (G = 1) or "smooth" (L = 1).
    measure
        "best": ``min_{k<=K} f(x^k) - f*``; "last": ``f(x^K) - f*``. Of the function that step k
        sees, if there are several.
    functions
        How many; step k sees function ``(k-1) mod functions``. All are minimal at x*, with value
        f*.
    lr
        The cap α; inf for none.
    """

    beta: float
    iterations: int
    averaging: str = "from_first"
    kind: str = "lipschitz"
    measure: str = "best"
    functions: int = 1
    lr: float = math.inf

    def __post_init__(self) -> None:
        if not 0 <= self.beta < 1:
            raise ValueError(f"beta = {self.beta!r}; allowed: 0 <= beta < 1")
        whole(1, iterations=self.iterations, functions=self.functions)
        for name, allowed in (
            ("averaging", AVERAGINGS),
            ("kind", KINDS),
            ("measure", MEASURES),
        ):
            if getattr(self, name) not in allowed:
                value = getattr(self, name)
                raise ValueError(f"{name} = {value!r}; allowed: {', '.join(allowed)}")
        if not self.lr > 0:
            raise ValueError(f"lr = {self.lr!r}; allowed: numbers > 0, or inf")

    @property
    def label(self) -> str:
        """Return a short name, the same for equal settings only."""
        parts = [self.kind, self.measure, self.averaging]
        if self.functions > 1:
            parts.append(f"{self.functions} functions")
        if math.isfinite(self.lr):
            parts.append(f"α={self.lr:g}")
        return f"{', '.join(parts)}, β={self.beta:g}, K={self.iterations}"

    @property
    def owners(self) -> tuple[int, ...]:
        """Return which function each step sees."""
        return tuple(k % self.functions for k in range(self.iterations))

    @property
    def weights(self) -> Array:
        """Return ``ρ_{j,k}`` as row k, column j, shape (K, K): ``d_k = Σ_j ρ_{j,k} g_j``."""
        k = np.arange(self.iterations)
        weights = np.tril((1 - self.beta) * self.beta ** np.maximum(k[:, None] - k, 0))
        if self.averaging == "from_first":
            weights[:, 0] = self.beta**k
        return weights

    @property
    def caps(self) -> Array:
        """Return ``α/ρ_k`` of the K-1 steps."""
        return np.asarray(self.lr / self.weights.sum(axis=1)[:-1])


def checked_steps(setting: Setting, steps: Array) -> Array:
    """Return the effective steps τ_1, …, τ_{K-1} as an array.

    Raises
    ------
    ValueError
        If there are not K-1 of them, or one is negative, not finite or above its cap.
    """
    steps = np.asarray(steps, dtype=np.float64)
    if steps.shape != (setting.iterations - 1,):
        allowed = f"K-1 = {setting.iterations - 1} numbers"
        raise ValueError(f"steps has shape {steps.shape}; allowed: {allowed}")
    if not (np.isfinite(steps).all() and (steps >= 0).all() and (steps <= setting.caps).all()):
        raise ValueError(f"steps = {steps.tolist()}; allowed: from 0 to the cap, finite")
    return steps
