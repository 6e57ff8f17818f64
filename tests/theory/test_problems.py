# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What every problem family promises, whatever it is: run over the registry."""

from __future__ import annotations

import inspect
import subprocess
import sys
import warnings
from dataclasses import dataclass
from functools import cache

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.problems import BROKEN, FAMILIES, INTERPOLATING, WITHOUT_INTERPOLATION
from theory.problems.balls import Balls
from theory.problems.base import UNIT_ROUNDOFF, Array, Problem, gamma
from theory.problems.linear_model import LinearModel
from theory.problems.piecewise_linear import PiecewiseLinear
from theory.problems.resisting import MaxAffine
from theory.problems.semidefinite import Semidefinite

EVERY = {**FAMILIES, **BROKEN}
SMOOTH = [
    name for name, family in EVERY.items() if family().constants(family().start, 1).smoothness
]
GROWING = [
    name
    for name, family in EVERY.items()
    if family().constants(family().start, 1).generalized_smoothness
]
SOLVER = {"tol_gap_abs": 1e-11, "tol_gap_rel": 1e-11, "tol_feas": 1e-11}

each = pytest.mark.parametrize("name", EVERY)
few = settings(deadline=None, derandomize=True, database=None, max_examples=20)
seeds = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Case:
    """A problem, the centre and radius of the ball where it is tested, and the constants there."""

    problem: Problem
    centre: Array
    radius: float

    def point(self, rng: np.random.Generator, scale: float, *batch: int) -> Array:
        direction = rng.standard_normal((*batch, len(self.centre)))
        direction /= np.linalg.norm(direction, axis=-1, keepdims=True)
        return self.centre + scale * self.radius * direction


def solve(objective: object, constraints: list[object]) -> None:
    problem = cp.Problem(cp.Minimize(objective), constraints)
    with warnings.catch_warnings():
        # At 1e-11 the solver may stop at its last digit and say so; what it returns is checked.
        warnings.filterwarnings("ignore", "Solution may be inaccurate")
        problem.solve(solver="CLARABEL", **SOLVER)
    assert problem.status in {"optimal", "optimal_inaccurate"}


@cache
def project(name: str) -> Array:
    """Return the point of the solution set nearest to the start, or without one the minimiser."""
    problem = EVERY[name]()
    model = problem.model()
    if name in WITHOUT_INTERPOLATION:
        solve(model.objective, model.constraints)
    else:
        solve(cp.sum_squares(model.point - problem.start), model.solution_set)
    return np.array(model.point.value)


@cache
def case(name: str) -> Case:
    """Return the ball about x* through the start, or, where there is no x*, about the start."""
    problem = EVERY[name]()
    if name in FAMILIES:
        centre = project(name)
        return Case(problem, centre, float(np.linalg.norm(problem.start - centre)))
    return Case(problem, problem.start, 3.0)


def everything(problem: Problem, x: Array) -> tuple[Array, Array]:
    """Return all f_i(x) and g_i(x), from `loss_and_grad`: shapes (..., N) and (..., N, n)."""
    return problem.loss_and_grad(x[..., None, :], np.arange(problem.samples))


# The shapes and names of the protocol.


@each
def test_protocol(name):
    problem = case(name).problem
    assert problem.name == name
    assert problem.samples >= 1
    assert problem.start.ndim == 1
    assert problem.start.dtype == problem.infima.dtype == np.float64
    assert problem.infima.shape == (problem.samples,)
    model = problem.model()
    assert model.point.shape == problem.start.shape
    assert model.constraints
    assert problem.interpolation == (name not in WITHOUT_INTERPOLATION)
    assert bool(model.solution_set) == problem.interpolation
    assert model.objective.is_convex()
    assert all(constraint.is_dcp() for constraint in model.constraints + model.solution_set)


@each
def test_start_is_not_a_solution(name):
    problem = case(name).problem
    # Methods must have something to do, well above rounding.
    least = problem.infima if problem.interpolation else problem.losses(project(name))
    assert problem.losses(problem.start).mean() > least.mean() + 1e-2


def test_import_needs_neither_cvxpy_nor_scikit_learn():
    code = "import sys, theory.problems; print('cvxpy' in sys.modules, 'sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


# Losses and subgradients.


@each
@few
@given(seed=seeds, scales=st.tuples(*[st.sampled_from([0.0, 1e-8, 0.01, 0.5, 1.0, 5.0])] * 2))
def test_convexity(name, seed, scales):
    """f_i(y) >= f_i(x) + <g_i(x), y - x>, up to the bound on rounding in a ball with both.

    y is a random point, or lies in the direction of a gradient, where a wrong length shows.
    """
    this, rng = case(name), np.random.default_rng(seed)
    x, y = (this.point(rng, scale) for scale in scales)
    loss, grad = everything(this.problem, x)
    along = grad[rng.integers(len(grad))]
    along = along * (scales[1] * this.radius / max(np.linalg.norm(along), 1e-300))
    # |y - x| <= 2 · 5 radii, which the bound for ten radii covers.
    allowed = this.problem.constants(this.centre, 10 * this.radius).rounding
    for other in (y, x + along, x - along):
        assert (loss + grad @ (other - x) - this.problem.losses(other)).max() <= allowed


@each
@few
@given(seed=seeds)
def test_shapes_agree(name, seed):
    """One index for all runs, one per run, and all at once give the same numbers."""
    this, rng = case(name), np.random.default_rng(seed)
    problem, dim = this.problem, len(this.centre)
    # Twice the bound on rounding: both sides are rounded, in different orders of summation.
    constants = problem.constants(this.centre, this.radius)
    loss_atol, grad_atol = 2 * constants.rounding, 1e-12 * constants.gradient_max**2
    for points, shape in [((), ()), ((), (6,)), ((4, 6), (6,)), ((4, 6), ()), ((4, 1), (6,))]:
        x = this.point(rng, 1.0, *points)
        index = rng.integers(0, problem.samples, shape)
        loss, grad = problem.loss_and_grad(x, index)
        batch = np.broadcast_shapes(points, shape)
        assert loss.shape == batch
        assert grad.shape == (*batch, dim)
        losses, norms = problem.losses(x), problem.grad_norms_sq(x)
        assert losses.shape == norms.shape == (*points, problem.samples)
        picked = np.broadcast_to(index, batch)[..., None]
        losses = np.take_along_axis(np.broadcast_to(losses, (*batch, problem.samples)), picked, -1)
        norms = np.take_along_axis(np.broadcast_to(norms, (*batch, problem.samples)), picked, -1)
        np.testing.assert_allclose(loss, losses[..., 0], rtol=0, atol=loss_atol)
        np.testing.assert_allclose(np.vecdot(grad, grad), norms[..., 0], rtol=1e-9, atol=grad_atol)
        alone = [
            problem.loss_and_grad(*pair)
            for pair in zip(
                np.broadcast_to(x, grad.shape).reshape(-1, dim), picked.ravel(), strict=True
            )
        ]
        np.testing.assert_allclose(loss.ravel(), [f for f, _ in alone], rtol=0, atol=loss_atol)
        np.testing.assert_allclose(
            grad.reshape(-1, dim),
            [g for _, g in alone],
            rtol=1e-9,
            atol=1e-12 * constants.gradient_max,
        )


@each
def test_arguments_are_not_changed(name):
    this = case(name)
    x, index = this.problem.start.copy(), np.arange(this.problem.samples)
    x.flags.writeable = index.flags.writeable = False
    loss, grad = this.problem.loss_and_grad(x, index)
    loss += 1  # what comes back is the caller's own
    grad = grad + 1
    np.testing.assert_array_equal(x, this.problem.start)
    assert everything(this.problem, x)[0].max() < loss.max()


@pytest.mark.parametrize("name", SMOOTH)
@few
@given(seed=seeds)
def test_gradients_are_derivatives(name, seed):
    this, rng = case(name), np.random.default_rng(seed)
    x = this.point(rng, rng.uniform())
    step = 1e-5 * rng.standard_normal(len(x))
    constants = this.problem.constants(this.centre, 2 * this.radius)
    slopes = everything(this.problem, x)[1] @ step
    difference = (this.problem.losses(x + step) - this.problem.losses(x - step)) / 2
    # L-smoothness: each one-sided difference is off by at most L |step|²/2.
    allowed = constants.smoothness * step @ step / 2 + constants.rounding
    assert np.abs(difference - slopes).max() <= allowed
    assert np.abs(slopes).max() > 10 * allowed


# Infima and solutions.


@each
@few
@given(seed=seeds, scale=st.sampled_from([0.0, 1e-8, 0.1, 1.0, 100.0]))
def test_losses_are_above_infima(name, seed, scale):
    this = case(name)
    x = this.point(np.random.default_rng(seed), scale)
    allowed = (
        2 * UNIT_ROUNDOFF * np.abs(this.problem.infima)
    )  # φ >= 0 is exact, adding the level not
    for losses in (this.problem.losses(x), everything(this.problem, x)[0]):
        assert (losses >= this.problem.infima - allowed).all()


@each
def test_infima_are_infima(name):
    """Polyak's method on each f_i alone, which converges to the infimum even if not attained.

    With momentum where f has many pieces.
    """
    problem = case(name).problem
    beta, steps = (0.9, 3000) if isinstance(problem, PiecewiseLinear) else (0.0, 100)
    index = np.arange(problem.samples)
    x = np.tile(problem.start, (problem.samples, 1))
    average = np.zeros_like(x)
    for _ in range(steps):
        loss, grad = problem.loss_and_grad(x, index)
        average = beta * average + grad
        norms = np.vecdot(average, average)
        gap = np.maximum(loss - problem.infima, 0)
        x -= np.divide(gap, norms, out=np.zeros_like(gap), where=norms > 0)[:, None] * average
    # The slowest, the logistic loss, decays like e^{-k}; the resisting function needs one step for
    # each coordinate. 1e-12 is rounding on losses of order one.
    assert np.abs(problem.loss_and_grad(x, index)[0] - problem.infima).max() <= 1e-12


@pytest.mark.parametrize("name", INTERPOLATING)
def test_interpolation(name):
    this = case(name)
    problem = this.problem
    excess = problem.losses(this.centre) - problem.infima
    scale = problem.constants(this.centre, this.radius).gradient_max * np.linalg.norm(this.centre)
    assert excess.max() <= 1e-9 * scale
    assert this.radius > 0.1


def test_broken_families_do_not_interpolate():
    problem = case("noisy_regression").problem
    solution = project("noisy_regression")
    assert (problem.losses(solution) - problem.infima).max() > 0.1
    mean = problem.losses(solution).mean()
    grad = everything(problem, solution)[1].mean(axis=0)
    # The solution set says A^T(Ax - b) = 0, to the solver's tolerance times |A^T b| of order 100.
    assert np.linalg.norm(grad) <= 1e-9
    assert mean > problem.infima.mean() + 0.01

    problem = case("logistic_separable").problem
    rng = np.random.default_rng(0)
    for scale in (1.0, 10.0, 100.0):
        assert (problem.losses(scale * rng.standard_normal((50, 20))) > problem.infima).all()


# The cvxpy model and the minorants.


@each
@pytest.mark.parametrize("seed", [0, 1])
def test_model_and_dual_at_a_point(name, seed):
    """With x fixed the model's value is f(x), and the minorants of its dual touch each f_i at x.

    At the minimiser of an interpolation problem the duals vanish, and a wrong sign would not show.
    """
    this = case(name)
    problem, model = this.problem, this.problem.model()
    x = problem.start + this.point(np.random.default_rng(seed), 0.3) - this.centre
    solve(model.objective, [*model.constraints, model.point == x])
    losses = problem.losses(x)
    scale = np.abs(losses).max() + problem.constants(this.centre, this.radius).gradient_max
    # Solver tolerance 1e-11, which the duals of a nonsmooth f reach only to its square root where
    # a residual is near a kink: 1e-6 for the touching.
    assert abs(model.objective.value - losses.mean()) <= 1e-8 * scale
    minorants = problem.minorants(np.asarray(model.constraints[0].dual_value))
    touching = minorants.offsets + minorants.slopes @ x
    assert np.abs(touching - losses).max() <= 1e-6 * scale * problem.samples
    assert abs(touching.mean() - losses.mean()) <= 1e-7 * scale
    assert np.linalg.norm(minorants.slopes.mean(axis=0)) > 1e-2  # x is no minimiser


@pytest.mark.parametrize("name", [*FAMILIES, "noisy_regression"])
def test_dual_bound_at_the_optimum(name):
    this = case(name)
    problem, model = this.problem, this.problem.model()
    solve(model.objective, model.constraints)
    primal = problem.losses(np.array(model.point.value)).mean()
    minorants = problem.minorants(np.asarray(model.constraints[0].dual_value))
    slope = minorants.slopes.mean(axis=0)
    gap = primal - minorants.offsets.mean() - slope @ model.point.value
    extent = np.linalg.norm(model.point.value)
    scale = problem.constants(this.centre, this.radius).gradient_max * (extent + this.radius)
    # The certificate wants 1e-10 · sqrt(N) · this scale; Clarabel is asked for 1e-11.
    assert abs(gap) <= 1e-9 * scale
    assert np.linalg.norm(slope) * this.radius <= 1e-9 * scale


@each
@few
@given(seed=seeds, size=st.sampled_from([0.0, 1e-3, 0.1, 1.0, 1e3, 1e12, 1e100]))
def test_minorants_are_minorants(name, seed, size):
    this, rng = case(name), np.random.default_rng(seed)
    problem = this.problem
    shape = problem.model().constraints[0].shape
    minorants = problem.minorants(size * rng.standard_normal(shape) / problem.samples)
    assert minorants.offsets.shape == (problem.samples,)
    assert minorants.slopes.shape == (problem.samples, len(this.centre))
    for scale in (0.0, 0.1, 1.0, 10.0):
        x = this.point(rng, scale)
        below = minorants.offsets + minorants.slopes @ x
        # Terms: <slope, x>, the offset, and what cancels in it, slope times targets (at most 10
        # times the solution's size, the balls' centres being the largest) and the level.
        reach = np.linalg.norm(x) + 10 * np.linalg.norm(this.centre) + 10
        terms = np.linalg.norm(minorants.slopes, axis=1) * reach + np.abs(minorants.offsets)
        allowed = gamma(4 * len(x)) * (terms + np.abs(problem.infima))
        assert (below <= problem.losses(x) + allowed).all()


# Constants.


def adversarial(this: Case, radius: float) -> Array:
    """Return points of the sphere where gradients are large, and random ones inside."""
    grads = everything(this.problem, this.problem.start)[1]
    norms = np.linalg.norm(grads, axis=1, keepdims=True)
    single = (grads / np.where(norms > 0, norms, 1))[:50]
    weighted = np.linalg.svd(grads * norms, full_matrices=False)[2]
    axes = np.concatenate([single, weighted, np.linalg.svd(grads, full_matrices=False)[2]])
    rng = np.random.default_rng(0)
    inside = np.concatenate([this.point(rng, s, 50) for s in (1e-9, 0.3, 1.0)])
    return np.concatenate([this.centre + radius * axes, this.centre - radius * axes, inside])


@each
def test_gradient_bounds(name):
    this = case(name)
    constants = this.problem.constants(this.centre, this.radius)
    squares = this.problem.grad_norms_sq(adversarial(this, this.radius))
    # The bounds are enlarged by their own rounding; computed norms have that of n operations.
    allowed = 1 + gamma(4 * len(this.centre) + 50)
    assert np.sqrt(squares.mean(axis=-1)).max() <= constants.gradient * allowed
    assert np.sqrt(squares.max()) <= constants.gradient_max * allowed
    assert constants.gradient <= constants.gradient_max * allowed
    # Not absurdly large: at the worst points tried each bound is reached within a factor.
    assert np.sqrt(squares.mean(axis=-1)).max() >= 0.25 * constants.gradient
    assert np.sqrt(squares.max()) >= 0.25 * constants.gradient_max


@pytest.mark.parametrize("name", SMOOTH)
@few
@given(seed=seeds, apart=st.sampled_from([1e-3, 0.1, 1.0]))
def test_smoothness(name, seed, apart):
    this, rng = case(name), np.random.default_rng(seed)
    constants = this.problem.constants(this.centre, 3 * this.radius)
    x = this.point(rng, rng.uniform())
    grads = everything(this.problem, this.problem.start)[1]
    direction = grads[rng.integers(len(grads))] if seed % 2 else rng.standard_normal(len(x))
    y = x + apart * this.radius * direction / np.linalg.norm(direction)
    difference = everything(this.problem, x)[1] - everything(this.problem, y)[1]
    # 1e-12: rounding of gradients of size gradient_max in some 100 operations.
    allowed = constants.smoothness * np.linalg.norm(x - y) + 1e-12 * constants.gradient_max
    assert np.linalg.norm(difference, axis=1).max() <= allowed


@pytest.mark.parametrize("name", GROWING)
@few
@given(seed=seeds, apart=st.sampled_from([1e-3, 0.1, 1.0]))
def test_growth_of_gradients(name, seed, apart):
    """``||∇f(y) - ∇f(x)|| <= (L0 + L1 ||∇f(x)||) (e^{L1 ||y-x||} - 1)/L1``, by Grönwall's lemma."""
    this, rng = case(name), np.random.default_rng(seed)
    constants = this.problem.constants(this.centre, 3 * this.radius)
    zero, one = constants.generalized_smoothness
    x = this.point(rng, rng.uniform())
    at_x = everything(this.problem, x)[1]
    direction = at_x[rng.integers(len(at_x))] if seed % 2 else rng.standard_normal(len(x))
    y = x + apart * this.radius * direction / np.linalg.norm(direction)
    difference = np.linalg.norm(everything(this.problem, y)[1] - at_x, axis=1)
    reach = np.expm1(one * np.linalg.norm(y - x)) / one
    allowed = (zero + one * np.linalg.norm(at_x, axis=1)) * reach
    # 1e-12: rounding of gradients of size gradient_max in some 100 operations.
    assert (difference <= allowed + 1e-12 * constants.gradient_max).all()


@pytest.mark.parametrize("name", GROWING)
def test_no_smoothness_is_claimed_for_what_grows(name):
    """Ten radii away the curvature along some gradient is far above that at x*."""
    this = case(name)
    assert this.problem.constants(this.centre, 1.0).smoothness is None
    grads = everything(this.problem, this.problem.start)[1]
    unit = grads[0] / np.linalg.norm(grads[0])
    slopes = []
    for far in (0.0, 10 * this.radius):
        ends = [everything(this.problem, this.centre + (far + t) * unit)[1][0] for t in (0, 1e-3)]
        slopes.append(np.linalg.norm(ends[1] - ends[0]) / 1e-3)
    assert slopes[1] > 1e3 * slopes[0]


@pytest.mark.parametrize("name", [name for name in EVERY if name not in SMOOTH + GROWING])
def test_no_smoothness_is_claimed_for_kinks(name):
    """Some gradient jumps by more than 1e-3 between points 1e-9 apart."""
    this = case(name)
    # Past the centre as well, where the only kink may lie.
    x = np.linspace(2 * this.centre - this.problem.start, this.problem.start, 4001)
    grads = everything(this.problem, x)[1]
    jump = np.linalg.norm(np.diff(grads, axis=0), axis=-1)
    step, sample = np.unravel_index(jump.argmax(), jump.shape)
    low, high = x[step], x[step + 1]
    for _ in range(40):
        middle = (low + high) / 2
        here = [self_grad(this.problem, point, sample) for point in (low, middle, high)]
        if np.linalg.norm(here[0] - here[1]) > np.linalg.norm(here[1] - here[2]):
            high = middle
        else:
            low = middle
    assert np.linalg.norm(high - low) < 1e-9
    jump = self_grad(this.problem, low, sample) - self_grad(this.problem, high, sample)
    assert np.linalg.norm(jump) > 1e-3


def self_grad(problem: Problem, x: Array, sample: int) -> Array:
    return problem.loss_and_grad(x, np.asarray(sample))[1]


def long_losses(problem: Problem, x: Array) -> np.ndarray:
    """Return all f_i(x) in extended precision, where the platform has it."""
    x = x.astype(np.longdouble)
    if isinstance(problem, LinearModel):
        residuals = np.sum(problem.features * x[..., None, :], axis=-1) - problem.targets
        return problem.loss.value(residuals) + problem.level
    if isinstance(problem, Balls):
        lengths = np.sqrt(np.sum((x[..., None, :] - problem.centres) ** 2, axis=-1))
        return np.maximum(lengths - problem.radii, 0) + problem.level
    if isinstance(problem, MaxAffine):
        top = problem.slope * x.max(axis=-1, keepdims=True) + problem.shift
        return np.maximum(top, problem.level)
    if isinstance(problem, PiecewiseLinear):
        pieces = np.sum(problem.slopes * x[..., None, :], axis=-1) + problem.offsets
        return np.maximum(pieces.max(axis=-1, keepdims=True), problem.level)
    assert isinstance(problem, Semidefinite)
    planes = np.abs(np.sum(problem.planes * x[..., None, :], axis=-1) - problem.targets)
    cone = np.array([long_cone(point, problem.side) for point in x], dtype=np.longdouble)
    copies = np.repeat(cone[:, None], problem.copies, axis=1)
    return np.concatenate([planes, copies], axis=-1) + problem.level


def long_cone(x: np.ndarray, side: int) -> np.longdouble:
    """Return the distance to the cone by Jacobi's eigenvalue method."""
    matrix = x.reshape(side, side)
    matrix = (matrix + matrix.T) / 2
    for _ in range(12):
        for p in range(side):
            for q in range(p + 1, side):
                angle = np.arctan2(2 * matrix[p, q], matrix[q, q] - matrix[p, p]) / 2
                rotation = np.eye(side, dtype=np.longdouble)
                rotation[p, p] = rotation[q, q] = np.cos(angle)
                rotation[p, q], rotation[q, p] = np.sin(angle), -np.sin(angle)
                matrix = rotation.T @ matrix @ rotation
    return np.sqrt(np.sum(np.minimum(np.diag(matrix), 0) ** 2))


@each
def test_rounding(name):
    """Against extended precision: losses, and linearisations at x*, are within the bound."""
    this = case(name)
    problem, rng = this.problem, np.random.default_rng(0)
    allowed = problem.constants(this.centre, this.radius).rounding
    x = np.concatenate([this.point(rng, s, 4) for s in (0.0, 1e-12, 1e-6, 1e-2, 1.0)])
    exact = long_losses(problem, x)
    loss, grad = everything(problem, x)
    assert np.abs(loss - exact).max() <= allowed
    assert np.abs(problem.losses(x) - exact).max() <= allowed
    computed = loss + np.vecdot(grad, (this.centre - x)[:, None, :])
    long_grad = grad.astype(np.longdouble)
    precise = loss + np.sum(long_grad * (this.centre - x)[:, None, :], axis=-1)
    for linearised in (computed, precise):
        assert (linearised - problem.losses(this.centre)).max() <= allowed
        assert (linearised - long_losses(problem, this.centre[None])).max() <= allowed
    # Useful: far below what a step in the objective could be.
    assert allowed <= 1e-10


# Parameters.


def parameters(name: str) -> dict[str, int | float]:
    return {key: p.default for key, p in inspect.signature(EVERY[name]).parameters.items()}


def changed(value: int | float) -> int | float:
    return value + 1 if isinstance(value, int) else value + 0.015625


@each
def test_fingerprint(name):
    family = EVERY[name]
    assert family().fingerprint() == family().fingerprint()
    known = {"": family().fingerprint()}
    for key, value in parameters(name).items():
        if (name, key) != ("resisting", "seed"):  # not random
            known[key] = family(**{key: changed(value)}).fingerprint()
    assert len(set(known.values())) == len(known), known


def test_fingerprints_of_families_differ():
    assert len({case(name).problem.fingerprint() for name in EVERY}) == len(EVERY)


@each
def test_parameters_are_checked(name):
    for key, value in parameters(name).items():
        wrong: list[float] = [float("nan"), float("inf"), float("-inf")]
        if isinstance(value, int):
            wrong = [-1, 1.5]
        elif key == "beta":
            wrong += [-1.0, 1.0]
        elif key not in {"level", "shift"}:
            wrong += [0.0, -1.0]
        for bad in wrong:
            with pytest.raises(ValueError, match=rf"{key} = {bad!r}; allowed: "):
                EVERY[name](**{key: bad})


@pytest.mark.parametrize("name", [name for name in EVERY if "level" in parameters(name)])
def test_level_is_added(name):
    low, high = (EVERY[name](level=level) for level in (0.0, 8.0))
    x = case(name).point(np.random.default_rng(0), 1.0)
    # One rounding of a sum of size |loss| + 8.
    np.testing.assert_allclose(high.losses(x), low.losses(x) + 8, rtol=4 * UNIT_ROUNDOFF)
    np.testing.assert_allclose(high.infima, low.infima + 8, rtol=0)
