"""Norms, duals and maximisers, and the truncated steps in them against a solver."""

from collections.abc import Callable
from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_problems import REGIMES, assert_regime, fractions
from reference_strategies import (
    EPS,
    Array,
    Shape,
    batch_shapes,
    dimensions,
    numbers,
    sub_shapes,
    vectors,
)

from momo.reference import EUCLIDEAN, LINF, SPECTRAL, constrained_step, regularised_step
from momo.reference.norms import Norm, constrained_step_size, regularised_step_size

NORMS = {"euclidean": EUCLIDEAN, "linf": LINF, "spectral": SPECTRAL}
SOLVER_NORMS = {"euclidean": cp.norm2, "linf": cp.norm_inf, "spectral": cp.sigma_max}
STEPS = {"regularised": regularised_step, "constrained": constrained_step}

CONES = {"solver": cp.CLARABEL, "tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9}

every_norm = pytest.mark.parametrize("name", NORMS)
both_forms = pytest.mark.parametrize("form", STEPS)

# A singular value decomposition or a sum of at most 25 terms: a few dozen ulps of the norm.
RTOL = 1e-13


def elements(name: str) -> st.SearchStrategy[Shape]:
    sizes = st.integers(1, 3)
    return st.tuples(sizes, sizes) if name == "spectral" else st.tuples(dimensions)


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
    """One step's data; h is the value of the averaged linearisation at x, ρ its weight."""

    name: str
    x: Array
    d: Array
    value: float
    lr: float
    weight: float
    lower_bound: float

    @property
    def norm(self) -> Norm:
        return NORMS[self.name]

    @property
    def cap(self) -> float:
        return self.lr / self.weight

    def take(self, form: str) -> Array:
        return STEPS[form](
            self.x, self.value, self.d, self.norm, self.lower_bound, self.lr, self.weight
        )

    def step_size(self, form: str) -> float:
        rule = regularised_step_size if form == "regularised" else constrained_step_size
        dual = np.array(textbook_dual(self.name, self.d))
        return rule(np.array(self.value), dual, self.lower_bound, self.lr, self.weight)

    def model(self, y: Array) -> float:
        return float((self.value + np.sum(self.d * (y - self.x))) / self.weight)

    def truncated(self, y: Array) -> float:
        return max(self.model(y), self.lower_bound)


@st.composite
def norm_steps(
    draw: st.DrawFn, name: str, form: str, regime: str, smallest: float = 0.004
) -> NormStep:
    """f_* is where the model lies after the given fraction of the capped step."""
    shape = draw(elements(name))
    x, d = draw(vectors(shape)), draw(vectors(shape).filter(lambda d: np.abs(d).max() >= smallest))
    value, lr, weight = draw(numbers(-1, 6)), draw(numbers(smallest, 5)), draw(numbers(0.1, 1))
    dual = textbook_dual(name, d)
    slope = dual**2 if form == "regularised" else dual
    fall = draw(fractions(regime)) * lr / weight * slope
    return NormStep(name, x, d, value, lr, weight, (value - fall) / weight)


@every_norm
@both_forms
@pytest.mark.parametrize("regime", REGIMES)
@settings(max_examples=12)
@given(data=st.data())
def test_a_step_matches_the_solver(name: str, form: str, regime: str, data: st.DataObject) -> None:
    """The solver's gap is 1e-9 relative, its point is feasible to as much: 1e-8 covers both.

    Constrained: among all minimisers of the truncated model the step is the shortest, which a
    second solve finds with the optimal value as a constraint; an error in that value is an error
    in length once it is divided by the slope of the model.
    """
    step = data.draw(norm_steps(name, form, regime, smallest=0.5))
    assert_regime(regime, step.step_size(form), step.cap)
    y, length = step.take(form), SOLVER_NORMS[name]
    tol = 1e-8 * (1 + abs(step.value) / step.weight + abs(step.lower_bound))

    move = cp.Variable(step.x.shape)
    model = (step.value + cp.sum(cp.multiply(step.d, move))) / step.weight
    truncated = cp.maximum(model, step.lower_bound)
    if form == "regularised":
        objective = truncated + cp.square(length(move)) / (2 * step.lr)
        cp.Problem(cp.Minimize(objective)).solve(**CONES)
        ours = step.truncated(y) + textbook_norm(name, y - step.x) ** 2 / (2 * step.lr)
        assert abs(ours - float(objective.value)) <= tol
        return
    constraints = [length(move) <= step.cap]
    cp.Problem(cp.Minimize(truncated), constraints).solve(**CONES)
    assert abs(step.truncated(y) - float(truncated.value)) <= tol
    assert textbook_norm(name, y - step.x) <= step.cap * (1 + RTOL) + 8 * EPS * np.abs(y).max()
    shortest = cp.Problem(
        cp.Minimize(length(move)), [model <= max(float(truncated.value), step.lower_bound)]
    )
    shortest.solve(**CONES)
    slope = textbook_dual(name, step.d) / step.weight
    assert abs(textbook_norm(name, y - step.x) - shortest.value) <= 2 * tol * (1 + 1 / slope)


@every_norm
@both_forms
@pytest.mark.parametrize("regime", REGIMES)
@given(data=st.data())
def test_a_step_satisfies_the_optimality_conditions(
    name: str, form: str, regime: str, data: st.DataObject
) -> None:
    """Steepest in its norm; cap and truncation complementary; no step if below the bound."""
    step = data.draw(norm_steps(name, form, regime))
    y = step.take(form)
    dual, moved = textbook_dual(name, step.d), textbook_norm(name, y - step.x)
    # y - x is rounded at the size of x and y, and <d, y - x> with it; x and y have at most 9
    # entries. Squares of singular values (textbook norm) lose half the digits only near 0.
    loss = 64 * EPS * (np.abs(step.x).max() + np.abs(y).max())
    assert abs(np.sum(step.d * (y - step.x)) + dual * moved) <= dual * (loss + RTOL * moved)
    full = step.lr * dual / step.weight if form == "regularised" else step.cap
    assert moved <= full * (1 + RTOL) + loss
    above = step.model(y) - step.lower_bound
    tol = (dual * (loss + RTOL * moved) + 16 * EPS * abs(step.value)) / step.weight
    tol += 16 * EPS * abs(step.lower_bound)
    if regime == "no step":
        assert np.array_equal(y, step.x)
        assert above <= 0
    elif regime == "adaptive":
        assert abs(above) <= tol
    else:
        assert abs(moved - full) <= RTOL * full + loss
        assert above > 0


@every_norm
@given(data=st.data())
def test_norm_and_dual_are_the_textbooks(name: str, data: st.DataObject) -> None:
    x = data.draw(elements(name).flatmap(vectors))
    norm = NORMS[name]
    # The textbook spectral norm squares the matrix: half the digits are lost near 0 only.
    np.testing.assert_allclose(norm.norm(x), textbook_norm(name, x), rtol=RTOL)
    np.testing.assert_allclose(norm.dual_norm(x), textbook_dual(name, x), rtol=RTOL)


@every_norm
@given(data=st.data())
def test_the_maximiser_attains_the_dual_norm_inside_the_unit_ball(
    name: str, data: st.DataObject
) -> None:
    norm, d = NORMS[name], data.draw(elements(name).flatmap(vectors))
    u = norm.maximiser(d)
    assert u.shape == d.shape
    np.testing.assert_allclose(np.sum(d * u), textbook_dual(name, d), rtol=RTOL)
    assert textbook_norm(name, u) <= 1 + RTOL


@every_norm
@given(data=st.data())
def test_cauchy_schwarz(name: str, data: st.DataObject) -> None:
    shape = data.draw(elements(name))
    d, u = data.draw(vectors(shape)), data.draw(vectors(shape))
    norm = NORMS[name]
    assert np.sum(d * u) <= norm.dual_norm(d) * norm.norm(u) * (1 + RTOL)


@every_norm
@given(data=st.data())
def test_the_maximiser_of_zero_is_zero(name: str, data: st.DataObject) -> None:
    shape = data.draw(elements(name))
    assert np.array_equal(NORMS[name].maximiser(np.zeros(shape)), np.zeros(shape))


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
    u = SPECTRAL.maximiser(scale * left @ right)
    np.testing.assert_allclose(u, expected, rtol=0, atol=1e-13)


@every_norm
@both_forms
@given(data=st.data())
def test_without_cap_the_model_meets_the_bound(name: str, form: str, data: st.DataObject) -> None:
    shape = data.draw(elements(name))
    x, d = data.draw(vectors(shape)), data.draw(vectors(shape))
    value, bound = data.draw(numbers(-1, 6)), data.draw(numbers(-3, 3))
    y = STEPS[form](x, value, d, NORMS[name], bound, np.inf)
    if value <= bound or not d.any():
        assert np.array_equal(y, x)
    else:
        tol = 64 * EPS * (abs(value) + np.abs(d).sum() * (np.abs(x).max() + np.abs(y).max()))
        assert abs(value + np.sum(d * (y - x)) - bound) <= tol


@both_forms
@given(data=st.data(), n=dimensions)
def test_defaults_are_bound_zero_cap_one_and_weight_one(
    form: str, data: st.DataObject, n: int
) -> None:
    x, d = data.draw(vectors((n,))), data.draw(vectors((n,)))
    value = data.draw(numbers(-1, 6))
    take = STEPS[form]
    assert np.array_equal(take(x, value, d, LINF), take(x, value, d, LINF, 0.0, 1.0, 1.0))


@every_norm
@both_forms
@settings(max_examples=50)
@given(data=st.data())
def test_a_batched_step_is_the_loop_over_its_runs(
    name: str, form: str, data: st.DataObject
) -> None:
    """Bit for bit: NumPy's reductions over the last axes and LAPACK work run by run."""
    batch, shape = data.draw(batch_shapes), data.draw(elements(name))

    def draw(element: Callable[[Shape], st.SearchStrategy[Array]], *tail: int) -> Array:
        return data.draw(element((*data.draw(sub_shapes(batch)), *tail)))

    def positive(shape: Shape) -> st.SearchStrategy[Array]:
        return vectors(shape).map(lambda a: np.abs(a) + 0.1)

    x, d = draw(vectors, *shape), draw(vectors, *shape)
    value, bound = draw(vectors), draw(vectors)
    lr, weight = draw(positive), draw(positive)
    together = STEPS[form](x, value, d, NORMS[name], bound, lr, weight)
    together = np.broadcast_to(together, (*batch, *shape))
    x, d = (np.broadcast_to(a, (*batch, *shape)) for a in (x, d))
    value, bound, lr, weight = (np.broadcast_to(a, batch) for a in (value, bound, lr, weight))
    for i in np.ndindex(batch):
        alone = STEPS[form](x[i], value[i], d[i], NORMS[name], bound[i], lr[i], weight[i])
        assert np.array_equal(together[i], alone)
