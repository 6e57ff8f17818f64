"""Replays: vectors with given inner products, on which the reference takes its step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from momo.core.ops import Ops
from momo.core.step import Number
from momo.reference import (
    FROM_FIRST,
    FROM_ZERO,
    TRUNCATION,
    Given,
    Method,
    State,
    StepInfo,
    method,
)
from momo.reference.checks import Array
from momo.reference.preconditioners import Diagonal, Metric

ENTRIES = np.array([0.5, 2.0, 1.25, 0.8, 3.0, 1.5])
"""The diagonal of the metric of the replays, as far as it is long enough: nothing special."""


def vectors(gram: Array | Sequence[Sequence[float]]) -> Array:
    """Return rows with these inner products, and one more coordinate, in which all are 0."""
    matrix = np.array(gram, dtype=float)
    eigenvalues, basis = np.linalg.eigh((matrix + matrix.T) / 2)
    if eigenvalues[0] < -1e-9 * max(1.0, eigenvalues[-1]):
        raise ValueError(f"gram has the eigenvalue {eigenvalues[0]:.3g}; allowed: none below 0")
    rows = basis * np.sqrt(np.maximum(eigenvalues, 0))
    return np.hstack([rows, np.zeros((len(rows), 1))])


@dataclass(frozen=True)
class Scheduled:
    """A diagonal preconditioner, given for every step."""

    diagonals: tuple[Array, ...]
    unit: ClassVar[bool] = False

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Nothing of its own."""
        return {}

    def update(
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, Array | None]:
        """Return the metric of this step; the last one stays."""
        return Diagonal(self.diagonals[min(step, len(self.diagonals)) - 1]), None


def identity(dim: int) -> Scheduled:
    """Return the Euclidean metric."""
    return Scheduled((np.ones(dim),))


def metric(dim: int) -> Scheduled:
    """Return a metric that is not Euclidean."""
    return Scheduled((np.resize(ENTRIES, dim),))


@dataclass(frozen=True)
class Taken:
    """A step of the reference.

    Attributes
    ----------
    x, x_next
        Where it began and where it ended.
    state, info
        What the method keeps, and its scalars.
    method
        The method.
    """

    x: Array
    x_next: Array
    state: State
    info: StepInfo
    method: Method

    def model(self, y: Array) -> float:
        """Return ``m_k(y) = f̄_k + <d_k, y> - γ_k``, from what the method keeps."""
        state = self.state
        return float(state.loss_avg + state.grad_avg @ y - state.inner_avg)

    def then(self, loss: float, grad: Array) -> Taken:
        """Take the next step."""
        x_next, state, info = self.method.step(self.state, self.x_next, loss, grad)
        return Taken(self.x_next, x_next, state, info, self.method)


@dataclass(frozen=True)
class Constantly:
    """A rule that has always the same step size."""

    tau: float

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> tuple[Number, Number]:
        """Return τ, and keep nothing."""
        return self.tau, memory


def made(
    beta: float,
    preconditioner: Scheduled,
    bound: Any,
    lr: float = np.inf,
    weight_decay: float = 0.0,
    from_zero: bool = False,
    tau: float | None = None,
) -> Method:
    """Return the reference's method; ``tau`` replaces its step size."""
    return method(
        FROM_ZERO if from_zero else FROM_FIRST,
        preconditioner,
        Given(bound) if isinstance(bound, int | float) else bound,
        lr,
        beta,
        weight_decay,
        step_rule=TRUNCATION if tau is None else Constantly(tau),
    )


def first_step(how: Method, x: Array, loss: float, grad: Array) -> Taken:
    """Take the first step."""
    x_next, state, info = how.step(State(), x, loss, grad)
    return Taken(x, x_next, state, info, how)


def step_from(
    how: Method,
    x: Array,
    d_before: Array,
    model_before: float,
    loss: float,
    grad: Array,
    k: int = 2,
    memory: float | None = None,
) -> Taken:
    """Take step k at x, after steps whose average is d_before and whose model is model_before at x.

    ``memory`` is what the lower bound remembers.
    """
    inner = 0.75  # γ_{k-1}: any number, as long as the model has its value
    before = State(
        k=k - 1,
        loss_avg=model_before - d_before @ x + inner,
        weight=1 - float(how.beta) ** (k - 1) if how.averaging == FROM_ZERO else 1.0,
        grad_avg=d_before,
        inner_avg=inner,
        lower_bound=() if memory is None else (memory,),
    )
    x_next, state, info = how.step(before, x, loss, grad)
    return Taken(x, x_next, state, info, how)


def step_with(
    how: Method, x: Array, d: Array, value: float, k: int = 2, memory: float | None = None
) -> Taken:
    """Take step k at x, with the average d_k and the model's value h_k as given.

    The new gradient and the old average are made up: they differ in the last coordinate.
    """
    beta = float(how.beta)
    if beta == 0:
        return step_from(how, x, d, value, value, d, k, memory)
    apart = np.zeros_like(d)
    apart[-1] = 1.0
    grad, loss = d + beta * apart, value + beta
    before, model_before = d - (1 - beta) * apart, value - (1 - beta)
    return step_from(how, x, before, model_before, loss, grad, k, memory)
