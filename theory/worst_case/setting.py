# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the worst case is taken over: a method, a class of functions, and a measure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from theory.problems.arguments import whole
from theory.problems.base import Array

AVERAGINGS = ("from_first", "from_zero")
KINDS = ("lipschitz", "smooth")
MEASURES = ("best", "last", "mean", "weighted", "balanced")
SAMPLINGS = ("in_turn", "independent")


@dataclass(frozen=True)
class Setting:
    """MoMo on convex functions, x* a minimiser of their mean, ``||x^1 - x*|| <= D``.

    A run is a tree: a point follows each evaluation that is not a last one. With m the number of
    functions seen at each point (1 where they come in turn), evaluation e is at point ``e // m``,
    and point p lies one step behind evaluation ``p - 1``; all are numbered from 0, level by level.

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
        Of ``δ_k``, which is f_k - f* of the function that step k sees where they come in turn, and
        ``E[f(x^k) - f*]`` of their mean f for independent samples. "best": ``min_{k<=K} δ_k``;
        "last": ``δ_K``; "mean": ``Σ_k δ_k/K``; "weighted": ``δ_1 + (1-β) Σ_{k>=2} δ_k``;
        "balanced": the mean minus ``β/((1-β)K) E[h_K - f_1]``, which a bound that knows nothing of
        f_* speaks of.
    functions
        How many.
    lr
        The cap α; inf for none.
    sampling
        "in_turn": step k sees function ``(k-1) mod functions``. "independent": each step draws one
        of them, all as likely; all ``functions^K`` orders of samples are in one program.
    interpolation
        Whether x* minimises every function, with value f*. Without it x* minimises their mean.
    lower_bound
        ``f_* - f*``: what the method takes for f*, less f*. Without interpolation f_* has to be at
        most every function.

    Raises
    ------
    ValueError
        If an argument is out of range, or there is no theory of a combination.
    """

    beta: float
    iterations: int
    averaging: str = "from_first"
    kind: str = "lipschitz"
    measure: str = "best"
    functions: int = 1
    lr: float = math.inf
    sampling: str = "in_turn"
    interpolation: bool = True
    lower_bound: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.beta < 1:
            raise ValueError(f"beta = {self.beta!r}; allowed: 0 <= beta < 1")
        whole(1, iterations=self.iterations, functions=self.functions)
        for name, allowed in (
            ("averaging", AVERAGINGS),
            ("kind", KINDS),
            ("measure", MEASURES),
            ("sampling", SAMPLINGS),
        ):
            if getattr(self, name) not in allowed:
                value = getattr(self, name)
                raise ValueError(f"{name} = {value!r}; allowed: {', '.join(allowed)}")
        if not self.lr > 0:
            raise ValueError(f"lr = {self.lr!r}; allowed: numbers > 0, or inf")

        if not math.isfinite(self.lower_bound):
            raise ValueError(f"lower_bound = {self.lower_bound!r}; allowed: finite numbers")
        if self.kind == "smooth" and (self.lower_bound or not self.interpolation):
            raise ValueError(
                f"kind = {self.kind!r}; allowed: lipschitz, with lower_bound ="
                f" {self.lower_bound!r} and interpolation = {self.interpolation!r}"
            )
        if not self.interpolation:
            several = self.functions > 1 and self.sampling == "independent"
            if not (several and self.lower_bound <= 0):
                raise ValueError(
                    "interpolation = False; allowed: with functions >= 2, sampling = independent,"
                    f" lower_bound <= 0, not {self.functions}, {self.sampling},"
                    f" {self.lower_bound!r}"
                )

    @property
    def label(self) -> str:
        """Return a short name, the same for equal settings only."""
        parts = [self.kind, self.measure, self.averaging]
        if self.functions > 1:
            parts.append(f"{self.functions} functions")
        parts += ["independent"] if self.sampling == "independent" else []
        parts += [] if self.interpolation else ["no interpolation"]
        if math.isfinite(self.lr):
            parts.append(f"α={self.lr:g}")
        if self.lower_bound:
            parts.append(f"f_*=f*{self.lower_bound:+g}")
        return f"{', '.join(parts)}, β={self.beta:g}, K={self.iterations}"

    @property
    def branches(self) -> int:
        """Return how many functions are seen at each point, m."""
        return self.functions if self.sampling == "independent" else 1

    @property
    def levels(self) -> NDArray[np.int_]:
        """Return k-1 of each evaluation, shape (E,): ``m^k`` of each level k."""
        return np.repeat(np.arange(self.iterations), self.branches**self._counts)

    @property
    def _counts(self) -> NDArray[np.int_]:
        return np.arange(1, self.iterations + 1)

    @property
    def evaluations(self) -> int:
        """Return how many evaluations there are, E."""
        return int(np.sum(self.branches**self._counts))

    @property
    def points(self) -> int:
        """Return how many points there are, P; P-1 steps lead to them."""
        return self.evaluations // self.branches

    @property
    def owners(self) -> tuple[int, ...]:
        """Return which function each evaluation sees."""
        return tuple(e % self.functions for e in range(self.evaluations))

    @property
    def places(self) -> NDArray[np.int_]:
        """Return the point of each evaluation, shape (E,)."""
        return np.arange(self.evaluations) // self.branches

    @property
    def shares(self) -> Array:
        """Return ``P(e)`` of each evaluation as row of its level, shape (K, E)."""
        shares = np.zeros((self.iterations, self.evaluations))
        shares[self.levels, np.arange(self.evaluations)] = self.branches ** -(self.levels + 1.0)
        return shares

    @property
    def order_weights(self) -> Array:
        """Return ``ρ_{j,k}`` as row k, column j, shape (K, K): ``d_k = Σ_j ρ_{j,k} g_j``."""
        k = np.arange(self.iterations)
        weights = np.tril((1 - self.beta) * self.beta ** np.maximum(k[:, None] - k, 0))
        if self.averaging == "from_first":
            weights[:, 0] = self.beta**k
        return weights

    @property
    def weights(self) -> Array:
        """Return the weight of evaluation j in the average of evaluation e, shape (E, E)."""
        by_order, levels = self.order_weights, self.levels
        if self.branches == 1:
            return by_order
        weights = np.zeros((len(levels), len(levels)))
        of = seen = np.arange(len(levels))
        for back in range(self.iterations):
            weights[of, seen] = by_order[levels[of], levels[of] - back]
            seen = seen // self.branches - 1
            of, seen = of[seen >= 0], seen[seen >= 0]
        return weights

    @property
    def caps(self) -> Array:
        """Return ``α/ρ_k`` of the P-1 steps."""
        totals = self.order_weights.sum(axis=1)
        return np.asarray(self.lr / totals[self.levels[: self.points - 1]])

    @property
    def measures(self) -> Array:
        """Return the weights of the δ_k in what is measured, shape (rows, K): the least row counts.

        Of "balanced" only the part that is made of δ_k, the mean.
        """
        count = self.iterations
        if self.measure == "best":
            return np.eye(count)
        if self.measure == "last":
            return np.eye(count)[-1:]
        if self.measure == "weighted":
            return np.append(1.0, np.full(count - 1, 1 - self.beta))[None]
        return np.full((1, count), 1 / count)

    @property
    def balance(self) -> float:
        """Return the weight of ``E[h_K - f_1]`` in what is measured, at most 0."""
        if self.measure != "balanced":
            return 0.0
        return -self.beta / ((1 - self.beta) * self.iterations)


def checked_steps(setting: Setting, steps: Array) -> Array:
    """Return the effective steps τ as an array: of all evaluations but the last level's.

    Raises
    ------
    ValueError
        If there are not P-1 of them (K-1 in a given order), or one is negative, not finite or above
        its cap.
    """
    steps = np.asarray(steps, dtype=np.float64)
    if steps.shape != (setting.points - 1,):
        name = "K-1" if setting.branches == 1 else "P-1"
        allowed = f"{name} = {setting.points - 1} numbers"
        raise ValueError(f"steps has shape {steps.shape}; allowed: {allowed}")
    if not (np.isfinite(steps).all() and (steps >= 0).all() and (steps <= setting.caps).all()):
        raise ValueError(f"steps = {steps.tolist()}; allowed: from 0 to the cap, finite")
    return steps
