# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The Python code's runs of problems in fractions.

`momo/reference/paper.py` is run as it stands, on arrays of objects: of fractions, which gives what
exact arithmetic gives; of `Rounded`, which also says how far float64 may be from it; and on
float64. So is the general equation, `momo/core/step.py`, and `momo/reference` around it.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

import momo.reference
from momo.core import step
from momo.core.ops import FLOATS
from momo.core.parts import (
    FROM_FIRST,
    FROM_ZERO,
    PLAIN,
    PROXIMAL,
    TRUNCATION,
    Given,
    averaged,
    penalty,
)
from momo.reference import paper
from theory.kernel.problems import Numbers, Problem, State, evaluate

ROUNDING = 2.0**-50
"""What an operation of float64 may add, of the size of its result: eight times half a unit in the
last place. One would do for an operation alone. ``a @ b`` adds its terms in an order of its own, in
which each of four terms is in three sums, whatever that order is; the rest pays for the bounds
themselves, which are computed in float64."""


class UndecidedError(Exception):
    """Whether a number is below another depends on rounding: float64 may take the other branch."""


@dataclass(frozen=True)
class Rounded:
    """A number of a run, and how far that of the same run in float64 may be from it.

    Attributes
    ----------
    value
        What exact arithmetic gives.
    error
        A bound on the distance of float64 from it.
    size
        Of a sum: of the absolute values of its terms.
    """

    value: Fraction
    error: float
    size: float

    @staticmethod
    def of(value: Fraction) -> Rounded:
        """Return a number that float64 has but for its last digit."""
        return Rounded(value, ROUNDING * abs(float(value)), abs(float(value)))

    def __add__(self, other: Number) -> Rounded:
        b = lifted(other)
        error, size = self.error + b.error, self.size + b.size
        return Rounded(self.value + b.value, error + ROUNDING * (size + error), size)

    def __mul__(self, other: Number) -> Rounded:
        if isinstance(other, np.ndarray):
            return NotImplemented  # a vector multiplies its coordinates
        b = lifted(other)
        value = self.value * b.value
        error = abs(float(self.value)) * b.error + abs(float(b.value)) * self.error
        error += self.error * b.error
        return Rounded(value, error + ROUNDING * (abs(float(value)) + error), abs(float(value)))

    def __truediv__(self, other: Number) -> Rounded:
        b = lifted(other)
        value, low = self.value / b.value, abs(float(b.value)) - b.error
        if low <= 0:
            raise UndecidedError
        error = (self.error + abs(float(value)) * b.error) / low
        return Rounded(value, error + ROUNDING * (abs(float(value)) + error), abs(float(value)))

    def __neg__(self) -> Rounded:
        return Rounded(-self.value, self.error, self.size)

    def __abs__(self) -> Rounded:
        return Rounded(abs(self.value), self.error, self.size)

    def __sub__(self, other: Number) -> Rounded:
        return self + -lifted(other)

    def __radd__(self, other: Number) -> Rounded:
        return lifted(other) + self

    def __rsub__(self, other: Number) -> Rounded:
        return lifted(other) - self

    def __rmul__(self, other: Number) -> Rounded:
        return lifted(other) * self

    def __rtruediv__(self, other: Number) -> Rounded | float:
        return math.inf if other == math.inf else lifted(other) / self

    def above(self, other: Number) -> Fraction:
        """Return how far it is above another, if their order is certain."""
        b = lifted(other)
        apart = self.value - b.value
        if abs(apart) <= self.error + b.error and (self.error or b.error):
            raise UndecidedError
        return apart

    def __lt__(self, other: Number) -> bool:
        return other == math.inf or self.above(other) < 0

    def __le__(self, other: Number) -> bool:
        return other == math.inf or self.above(other) <= 0

    def __gt__(self, other: Number) -> bool:
        return other != math.inf and self.above(other) > 0

    def __ge__(self, other: Number) -> bool:
        return other != math.inf and self.above(other) >= 0

    def __bool__(self) -> bool:
        return self.above(0) != 0


Number = Rounded | float


def lifted(number: Number) -> Rounded:
    """Return a number that stands in the code itself, such as 0 or 1: it is exact."""
    if isinstance(number, Rounded):
        return number
    return Rounded(Fraction(number), 0.0, abs(float(number)))


def array(numbers: Any) -> Any:
    """Return an array of objects."""
    return np.array(list(numbers), dtype=object)


# ---- the literal algorithm -----------------------------------------------------------------------


def paper_run(
    problem: Problem, number: Callable[[Fraction], Any], module: Any = paper
) -> Iterator[tuple[Any, ...]]:
    """Yield x, d, f̄ and γ of the literal algorithm: what `State` has, in numbers of a kind.

    It yields x alone; the others are read from its frame. The samples are evaluated in fractions.
    """

    def batch(index: int) -> Callable[[Any], tuple[Any, Any]]:
        def at(x: Any) -> tuple[Any, Any]:
            exact = [getattr(q, "value", q) for q in x]
            f, g = evaluate(problem.samples[index], exact)
            return number(f), array(map(number, g))

        return at

    x = array(map(number, problem.start))
    lr = math.inf if problem.lr is None else number(problem.lr)
    batches = map(batch, problem.order)
    run = module.momo(x, batches, lr, number(problem.beta), number(problem.bound))
    yield x, 0 * x, number(Fraction(0)), number(Fraction(0))
    for x in run:
        kept = inspect.getgeneratorlocals(run)
        yield x, kept["d"], kept["f_avg"], kept["gamma"]


def paper_states(problem: Problem, module: Any = paper) -> list[State]:
    """Return the states of the literal algorithm in fractions."""
    run = paper_run(problem, lambda q: q, module)
    return [State(tuple(x), tuple(d), f_avg, gamma) for x, d, f_avg, gamma in run]


def fixed_metric(text: str) -> ModuleType:
    """Return the literal algorithms, MoMo-Adam's with the metric ε instead of Adam's.

    A square root is no fraction. With this line and the start changed, all others are as they are.
    """
    changes = [
        ("D = eps + np.sqrt(v / (1 - beta2**k))", "D = eps"),
        ("f_avg, d, gamma, v = 0.0, 0 * x, 0.0, 0 * x", "f_avg, d, gamma, v = 0, 0 * x, 0, 0 * x"),
    ]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return module_of(text)


def paper_zero_states(problem: Problem, metric: Numbers, module: Any) -> list[State]:
    """Return the states of a literal MoMo-Adam whose metric is ε, in fractions."""

    def momo(x: Any, samples: Any, lr: Any, beta: Any, lb: Any) -> Any:
        return module.momo_adam(x, samples, lr, (beta, Fraction(0)), array(metric), lb)

    return paper_states(problem, SimpleNamespace(momo=momo))


def module_of(text: str) -> ModuleType:
    """Return a module with this text."""
    made = ModuleType("changed")
    exec(compile(text, "changed", "exec"), made.__dict__)
    return made


# ---- the general equation ------------------------------------------------------------------------


@dataclass(frozen=True)
class Shared:
    """The parts of MoMo, as `momo.core.step` wants them."""

    lower_bound: Any
    linearisation: Any
    step_rule: Any = TRUNCATION
    iterates: Any = PLAIN
    bounded: bool = True


def core_run(problem: Problem, metric: Numbers | None = None) -> Iterator[tuple[Any, ...]]:
    """Yield the same of the general equation, with the vectors around it as for one group.

    With a metric averages start at zero, as in MoMo-Adam.
    """
    averaging = FROM_FIRST if metric is None else FROM_ZERO
    weights = array([1] * len(problem.start) if metric is None else map(Rounded.of, metric))
    x, beta = array(map(Rounded.of, problem.start)), Rounded.of(problem.beta)
    lr = math.inf if problem.lr is None else Rounded.of(problem.lr)
    method = Shared(Given(Rounded.of(problem.bound)), averaged)
    hyper = step.Hyper(lr, 0.0, PROXIMAL, penalty)
    state, d = step.State(0, 0.0, 0.0, 0.0, (0.0,), 0.0, 0.0), 0 * x
    yield x, d, 0.0, 0.0
    for k, index in enumerate(problem.order, start=1):
        f, g = evaluate(problem.samples[index], [q.value for q in x])
        betas = averaging.betas(beta, k, FLOATS)
        before = d @ x
        d = betas[0] * d + (1 - betas[0]) * array(map(Rounded.of, g))
        norm = d @ (d / weights)
        inner = step.Inner(before, d @ x, norm, 0.0, d @ x, norm)
        sample = step.Sample(Rounded.of(f), betas)
        (move,), _, state, _ = step.step(method, [hyper], [inner], state, sample, FLOATS)
        x = move.keep * x - move.size * d / weights
        yield x, d, state.loss_avg, state.inner_avg


# ---- float64 -------------------------------------------------------------------------------------


def float_batches(problem: Problem, exact: Sequence[State]) -> list[tuple[float, Any]]:
    """Return each batch's loss and gradient at the exact x^k, rounded.

    Evaluated at the rounded x^k, a hinge may have the slope of its other side: the method would be
    told of another function, and no tolerance is wide enough for that.
    """
    points = (state.x for state in exact)
    told = [evaluate(problem.samples[i], x) for i, x in zip(problem.order, points, strict=False)]
    return [(float(f), np.array([float(a) for a in g])) for f, g in told]


def float_arguments(problem: Problem) -> tuple[Any, float, float, float]:
    """Return x^1, α, β and f_*."""
    lr = math.inf if problem.lr is None else float(problem.lr)
    return (
        np.array([float(q) for q in problem.start]),
        lr,
        float(problem.beta),
        float(problem.bound),
    )


def paper_floats(
    problem: Problem, exact: Sequence[State], module: Any = paper
) -> Iterator[tuple[Any, ...]]:
    """Yield what `paper_run` does, in float64."""
    x, lr, beta, bound = float_arguments(problem)
    batches = [(lambda _, told=told: told) for told in float_batches(problem, exact)]
    run = module.momo(x, batches, lr, beta, bound)
    yield x, 0 * x, 0.0, 0.0
    for x in run:
        kept = inspect.getgeneratorlocals(run)
        yield x, kept["d"], kept["f_avg"], kept["gamma"]


def reference_floats(problem: Problem, exact: Sequence[State]) -> Iterator[tuple[Any, ...]]:
    """Yield the same of `momo.reference`."""
    x, lr, beta, bound = float_arguments(problem)
    method, state = momo.reference.momo(lr, beta, 0.0, Given(bound)), momo.reference.State()
    yield x, 0 * x, 0.0, 0.0
    for loss, grad in float_batches(problem, exact):
        x, state, _ = method.step(state, x, loss, grad)
        yield x, state.grad_avg, state.loss_avg, state.inner_avg
