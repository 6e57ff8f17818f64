"""Replays: vectors with given inner products, on which the reference takes its step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from momo.reference import Info, Method, State, constant, method
from momo.reference.averaging import EMA_FROM_FIRST, EMA_FROM_ZERO
from momo.reference.checks import Array
from momo.reference.lower_bounds import LowerBound
from momo.reference.preconditioners import Diagonal, Metric
from momo.reference.step_rules import TRUNCATION, Memoryless

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
    info: Info
    method: Method

    def model(self, y: Array) -> float:
        """Return ``m_k(y) = f̄_k + <d_k, y> - γ_k``, from what the method keeps."""
        state = self.state
        assert state.loss_avg is not None
        assert state.grad_avg is not None
        assert state.inner_avg is not None
        return float(state.loss_avg + state.grad_avg @ y - state.inner_avg)

    def then(self, loss: float, grad: Array) -> Taken:
        """Take the next step."""
        x_next, state, info = self.method.step(self.state, self.x_next, loss, grad)
        return Taken(self.x_next, x_next, state, info, self.method)


def made(
    beta: float,
    preconditioner: Scheduled,
    bound: LowerBound | float,
    lr: float = np.inf,
    weight_decay: float = 0.0,
    from_zero: bool = False,
    tau: float | None = None,
) -> Method:
    """Return the reference's method; ``tau`` replaces its step size."""
    return method(
        EMA_FROM_ZERO if from_zero else EMA_FROM_FIRST,
        preconditioner,
        constant(bound) if isinstance(bound, int | float) else bound,
        lr,
        beta,
        weight_decay,
        step_rule=TRUNCATION
        if tau is None
        else Memoryless(lambda cap, zeta: np.full_like(zeta, tau)),
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
    memory: ArrayLike | None = None,
) -> Taken:
    """Take step k at x, after steps whose average is d_before and whose model is model_before at x.

    ``memory`` is what the lower bound remembers.
    """
    inner = 0.75  # γ_{k-1}: any number, as long as the model has its value
    before = State(
        step=k - 1,
        loss_avg=np.array(model_before - d_before @ x + inner),
        grad_avg=d_before,
        inner_avg=np.array(inner),
        lower_bound=None if memory is None else np.array(memory, dtype=float),
    )
    x_next, state, info = how.step(before, x, loss, grad)
    return Taken(x, x_next, state, info, how)


def step_with(
    how: Method, x: Array, d: Array, value: float, k: int = 2, memory: ArrayLike | None = None
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
