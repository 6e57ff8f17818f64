# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The truncated steps in a norm, regularised and constrained, against a solver."""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_problems import REGIMES, assert_regime, fractions
from reference_strategies import EPS, Array, Shape, betas, dimensions, numbers, vectors

from momo.reference import FROM_ZERO, SUM, Given, State, StepInfo, method
from momo.reference.preconditioners import (
    Identity,
    Preconditioner,
    Sign,
    Spectral,
)

SOLVER_NORMS = {"euclidean": cp.norm2, "linf": cp.norm_inf, "spectral": cp.sigma_max}
PRODUCTS = {"regularised": SUM, "constrained": None}
"""Of one layer."""

CONES = {"solver": cp.CLARABEL, "tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9}

every_form = pytest.mark.parametrize(
    ("name", "form"),
    [
        ("euclidean", "regularised"),  # a metric, which has no other
        ("linf", "regularised"),
        ("linf", "constrained"),
        ("spectral", "regularised"),
        ("spectral", "constrained"),
    ],
)
every_regime = pytest.mark.parametrize("regime", REGIMES)

# A singular value decomposition or a sum of at most 25 terms: a few dozen ulps of the norm.
RTOL = 1e-13


def elements(name: str) -> st.SearchStrategy[Shape]:
    sizes = st.integers(1, 3)
    return st.tuples(sizes, sizes) if name == "spectral" else st.tuples(dimensions)


def preconditioner(name: str, shape: Shape) -> Preconditioner:
    if name == "euclidean":
        return Identity()
    return Sign() if name == "linf" else Spectral(shape, "polar")


def textbook_norm(name: str, x: Array) -> float:
    if name == "euclidean":
        return float(np.sqrt(np.sum(x**2)))
    if name == "linf":
        return float(np.max(np.abs(x)))
    return float(np.sqrt(np.abs(np.linalg.eigvalsh(x.T @ x)).max()))


def textbook_dual(name: str, d: Array) -> float:
    if name == "euclidean":
        return float(np.sqrt(np.sum(d**2)))
    if name == "linf":
        return float(np.sum(np.abs(d)))
    return float(np.linalg.norm(d, "nuc"))


@dataclass(frozen=True)
class NormStep:
    """The first step from 0 of an average from zero: ``d = ρ g``, ``h = ρ f`` with ``ρ = 1-β``."""

    name: str
    grad: Array
    loss: float
    lr: float
    beta: float
    lower_bound: float

    def take(self, form: str) -> tuple[Array, StepInfo]:
        built = method(
            FROM_ZERO,
            preconditioner(self.name, self.grad.shape),
            Given(self.lower_bound),
            self.lr,
            self.beta,
            product=PRODUCTS[form],
        )
        y, _, info = built.step(State(), np.zeros(self.grad.size), self.loss, self.grad.reshape(-1))
        return y.reshape(self.grad.shape), info

    def model(self, y: Array) -> float:
        return float(self.loss + np.sum(self.grad * y))

    def truncated(self, y: Array) -> float:
        return max(self.model(y), self.lower_bound)

    def longest(self, form: str) -> float:
        """The length of a capped step: ``(α/ρ) ||d||_*``, or α."""
        dual = textbook_dual(self.name, self.grad)
        return self.lr * dual if form == "regularised" else self.lr


@st.composite
def norm_steps(
    draw: st.DrawFn, name: str, form: str, regime: str, smallest: float = 0.004
) -> NormStep:
    """f_* is where the model lies after the given fraction of the capped step."""
    shape = draw(elements(name))
    grad = draw(vectors(shape).filter(lambda d: np.abs(d).max() >= smallest))
    loss, lr, beta = draw(numbers(-1, 6)), draw(numbers(smallest, 5)), draw(betas)
    step = NormStep(name, grad, loss, lr, beta, 0.0)
    fall = draw(fractions(regime)) * step.longest(form) * textbook_dual(name, grad)
    return NormStep(name, grad, loss, lr, beta, loss - fall)


@every_form
@every_regime
@settings(max_examples=12)
@given(data=st.data())
def test_a_step_matches_the_solver(name: str, form: str, regime: str, data: st.DataObject) -> None:
    """The solver's gap is 1e-9 relative, its point is feasible to as much: 1e-8 covers both.

    Constrained: among all minimisers of the truncated model the step is the shortest, which a
    second solve finds with the optimal value as a constraint; an error in that value is an error
    in length once it is divided by the slope of the model.
    """
    step = data.draw(norm_steps(name, form, regime, smallest=0.5))
    (y, info), length = step.take(form), SOLVER_NORMS[name]
    assert_regime(regime, info.step_size, info.cap)
    tol = 1e-8 * (1 + abs(step.loss) + abs(step.lower_bound))

    move = cp.Variable(step.grad.shape)
    model = step.loss + cp.sum(cp.multiply(step.grad, move))
    truncated = cp.maximum(model, step.lower_bound)
    if form == "regularised":
        objective = truncated + cp.square(length(move)) / (2 * step.lr)
        cp.Problem(cp.Minimize(objective)).solve(**CONES)
        ours = step.truncated(y) + textbook_norm(name, y) ** 2 / (2 * step.lr)
        assert abs(ours - float(objective.value)) <= tol
        return
    cp.Problem(cp.Minimize(truncated), [length(move) <= step.lr]).solve(**CONES)
    assert abs(step.truncated(y) - float(truncated.value)) <= tol
    assert textbook_norm(name, y) <= step.lr * (1 + RTOL) + 8 * EPS * np.abs(y).max()
    shortest = cp.Problem(
        cp.Minimize(length(move)), [model <= max(float(truncated.value), step.lower_bound)]
    )
    shortest.solve(**CONES)
    slope = textbook_dual(name, step.grad)
    assert abs(textbook_norm(name, y) - shortest.value) <= 2 * tol * (1 + 1 / slope)


@every_form
@every_regime
@given(data=st.data())
def test_a_step_satisfies_the_optimality_conditions(
    name: str, form: str, regime: str, data: st.DataObject
) -> None:
    """Steepest in its norm; cap and truncation complementary; no step if below the bound."""
    step = data.draw(norm_steps(name, form, regime))
    y, _ = step.take(form)
    dual, moved = textbook_dual(name, step.grad), textbook_norm(name, y)
    # y has at most 9 entries. Squares of singular values (textbook norm) lose half the digits only
    # near 0.
    loss = 64 * EPS * np.abs(y).max()
    assert abs(np.sum(step.grad * y) + dual * moved) <= dual * (loss + RTOL * moved)
    full = step.longest(form)
    assert moved <= full * (1 + RTOL) + loss
    above = step.model(y) - step.lower_bound
    tol = dual * (loss + RTOL * moved) + 16 * EPS * (abs(step.loss) + abs(step.lower_bound))
    if regime == "no step":
        assert not y.any()
        assert above <= 0
    elif regime == "adaptive":
        assert abs(above) <= tol
    else:
        assert abs(moved - full) <= RTOL * full + loss
        assert above > 0


@every_form
@given(data=st.data())
def test_norm_and_dual_are_the_textbooks(name: str, form: str, data: st.DataObject) -> None:
    """The dual norm itself of a norm, its square of a metric; the norm is squared in both."""
    x = data.draw(elements(name).flatmap(vectors))
    flat = x.reshape(-1)
    rule = preconditioner(name, x.shape)
    metric, _ = rule.update(None, flat, 1)
    # The textbook spectral norm squares the matrix: half the digits are lost near 0 only.
    np.testing.assert_allclose(metric.norm_sq(flat), textbook_norm(name, x) ** 2, rtol=RTOL)
    dual = textbook_dual(name, x) ** (1 if rule.unit else 2)
    np.testing.assert_allclose(metric.dual_norm_sq(flat), dual, rtol=RTOL)


@every_form
@given(data=st.data())
def test_without_cap_the_model_meets_the_bound(name: str, form: str, data: st.DataObject) -> None:
    grad = data.draw(elements(name).flatmap(vectors))
    loss, bound = data.draw(numbers(-1, 6)), data.draw(numbers(-3, 3))
    step = NormStep(name, grad, loss, np.inf, 0.0, bound)
    y, _ = step.take(form)
    if loss <= bound or not grad.any():
        assert not y.any()
    else:
        tol = 64 * EPS * (abs(loss) + np.abs(grad).sum() * np.abs(y).max())
        assert abs(step.model(y) - bound) <= tol


@given(
    left=vectors((3, 1)).filter(np.any),
    right=vectors((1, 3)).filter(np.any),
    scale=st.sampled_from([1.0, 1e-100, 1e100]),
)
def test_the_spectral_maximiser_leaves_out_directions_of_rounding(
    left: Array, right: Array, scale: float
) -> None:
    """A rank-one matrix has the polar factor of its two vectors, at every scale."""
    expected = left @ right / (np.linalg.norm(left) * np.linalg.norm(right))
    metric, _ = Spectral((3, 3), "polar").update(None, np.zeros(9), 1)
    u = metric.direction((scale * left @ right).reshape(-1))
    np.testing.assert_allclose(u.reshape(3, 3), expected, rtol=0, atol=1e-13)
