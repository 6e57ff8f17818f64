# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is special to a family: the resisting function, real data, exact targets, limits."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from momo.reference import Given, State, momo
from theory import bounds
from theory.problems.absolute_regression import absolute_regression
from theory.problems.balls import balls
from theory.problems.base import UNIT_ROUNDOFF
from theory.problems.breast_cancer_features import breast_cancer_features
from theory.problems.digits_hinge import digits_hinge
from theory.problems.halfspaces import halfspaces
from theory.problems.huber_regression import huber_regression
from theory.problems.least_squares import least_squares
from theory.problems.matrix_sensing import matrix_sensing
from theory.problems.momentum_trap import momentum_trap
from theory.problems.mushrooms import DATA, load_mushrooms, mushrooms
from theory.problems.noisy_regression import noisy_regression
from theory.problems.resisting import resisting
from theory.problems.semidefinite import semidefinite
from theory.problems.synthetic import conditioned_rows, separable_rows

ROOT = Path(__file__).parents[2]
few = settings(deadline=None, derandomize=True, database=None, max_examples=30)
ZERO = np.array(0)


# The resisting function.


@pytest.mark.parametrize("iterations", [1, 2, 7, 50, 1000, 10_000])
@pytest.mark.parametrize(("gradient", "distance"), [(1.0, 1.0), (3.0, 0.7)])
def test_polyak_on_the_resisting_function(iterations, gradient, distance):
    problem = resisting(iterations=iterations, gradient=gradient, distance=distance)
    gap = gradient * distance / np.sqrt(iterations)
    x, best = problem.start.copy(), problem.infima[0]
    for _ in range(iterations):
        loss, grad = problem.loss_and_grad(x, ZERO)
        assert loss - best == gap  # exactly: f is 0 until then
        x -= (loss - best) / np.vecdot(grad, grad) * grad
    minimiser = np.full(iterations, -distance / np.sqrt(iterations))
    # Each coordinate moved once, by four rounded operations on gap, G and G².
    np.testing.assert_allclose(x, minimiser, rtol=8 * UNIT_ROUNDOFF)
    loss, _ = problem.loss_and_grad(x, ZERO)
    assert loss - best <= 8 * UNIT_ROUNDOFF * gap
    # A mean of equal squares, summed pairwise.
    np.testing.assert_allclose(np.linalg.norm(minimiser), distance, rtol=1e-13)


@few
@given(seed=st.integers(0, 2**32 - 1), iterations=st.integers(1, 12))
def test_no_method_in_the_span_beats_the_resisting_function(seed, iterations):
    rng = np.random.default_rng(seed)
    problem = resisting(iterations=iterations, shift=0.0)
    grads = [np.zeros(iterations)]
    for _ in range(iterations):
        x = rng.standard_normal(len(grads)) @ np.array(grads)
        loss, grad = problem.loss_and_grad(x, ZERO)
        assert loss - problem.infima[0] >= 1 / np.sqrt(iterations)
        grads.append(grad)


@few
@given(seed=st.integers(0, 2**32 - 1))
def test_ties_take_the_first_index(seed):
    rng = np.random.default_rng(seed)
    problem = resisting(iterations=6, gradient=2.0)
    x = rng.integers(0, 3, (5, 4, 6)).astype(np.float64)
    loss, grad = problem.loss_and_grad(x, np.zeros(4, dtype=np.int64))
    for point, f, g in zip(x.reshape(-1, 6), loss.ravel(), grad.reshape(-1, 6), strict=True):
        first = list(point).index(point.max())
        assert f == 2 * point.max()
        assert list(g) == [2.0 * (i == first) for i in range(6)]


def test_resisting_shift():
    problem = resisting(iterations=4, gradient=2.0, distance=3.0, shift=10.0)
    assert problem.losses(problem.start) == 10.0
    assert problem.infima == 10.0 - 3.0
    assert problem.losses(np.full(4, -1.5)) == problem.infima
    assert problem.losses(np.full(4, -9.0)) == problem.infima
    assert problem.grad_norms_sq(np.full(4, -9.0)) == 0


@few
@given(seed=st.integers(0, 2**32 - 1))
def test_resisting_rounding(seed):
    """Against rational arithmetic; the bound is met, and is no more than 1000 times too large."""
    rng = np.random.default_rng(seed)
    problem = resisting(iterations=5, gradient=1 / 3, distance=7.0, shift=0.1)
    allowed = problem.constants(np.full(5, -7 / np.sqrt(5)), 7.0).rounding
    slope, shift, level = (Fraction(v) for v in (problem.slope, problem.shift, problem.level))
    y = np.full(5, -7 / np.sqrt(5))
    worst = 0.0
    for _ in range(20):
        x = y + 7 * rng.uniform(-1, 1, 5) / np.sqrt(5)
        loss, grad = problem.loss_and_grad(x, ZERO)
        exact = max(slope * max(map(Fraction, x)) + shift, level)
        worst = max(worst, float(abs(Fraction(float(loss)) - exact)))
        assert loss + grad @ (y - x) <= problem.losses(y)[0] + allowed
    assert allowed / 1000 <= worst <= allowed


def test_resisting_model_of_many_iterations():
    problem = resisting(iterations=1000)
    model = problem.model()
    cp.Problem(cp.Minimize(model.objective), model.constraints).solve(solver="CLARABEL")
    # Clarabel's default tolerance is 1e-8.
    assert abs(model.objective.value - problem.infima[0]) <= 1e-7
    minorants = problem.minorants(np.asarray(model.constraints[0].dual_value))
    assert abs(minorants.offsets[0] - problem.infima[0]) <= 1e-7


# The trap.


def run_uncapped(problem, beta, steps):
    """Return the points and gradients of MoMo that knows f*."""
    method = momo(lr=np.inf, beta=beta, lower_bound=Given(problem.level))
    x, state, points, grads = problem.start, State(), [], []
    for _ in range(steps):
        loss, grad = problem.loss_and_grad(x, ZERO)
        points.append(x)
        grads.append(grad)
        x, state, _ = method.step(state, x, loss, grad)
    return np.array(points), np.array(grads)


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("iterations", [1, 2, 7, 150])
def test_the_trap_holds_momo(beta, iterations):
    problem = momentum_trap(beta, iterations, gradient=3.0, distance=0.7, shift=0.25)
    points, grads = run_uncapped(problem, beta, iterations)
    excess = problem.losses(points)[:, 0] - problem.level
    # K rounded steps, on numbers of the size of GD.
    np.testing.assert_allclose(excess, problem.excess, atol=1e-14 * iterations)
    assert problem.excess >= 2.1 * bounds.construction(beta, iterations) * (1 - 1e-12)
    np.testing.assert_allclose(grads, problem.slopes, atol=1e-11)
    np.testing.assert_allclose(np.linalg.norm(problem.slopes, axis=1), 3.0, rtol=1e-12)
    if beta < 0.5:
        equal = 2.1 * bounds.equal_values(beta, iterations)
        assert problem.excess == pytest.approx(equal, rel=1e-12)
    # x* of the construction, at the distance that is promised.
    assert problem.distance == 0.7
    minimiser = np.zeros(len(problem.start))
    minimiser[0] = -problem.distance
    np.testing.assert_allclose(problem.losses(minimiser), problem.level, rtol=0, atol=1e-12)


def test_a_piecewise_linear_function_at_its_level_and_its_data():
    problem = momentum_trap(0.5, 3)
    flat = replace(problem, offsets=problem.offsets - 10)
    at_level = replace(problem, level=float(problem.losses(problem.start)[0]))
    assert flat.fingerprint() != problem.fingerprint()
    for made in (flat, at_level):
        loss, grad = made.loss_and_grad(made.start, ZERO)
        assert loss == made.level
        assert not grad.any()


# Interpolation is not spoilt by rounding.


def rank(matrix: list[list[Fraction]]) -> int:
    """Return the rank by exact elimination."""
    rows, found = [list(row) for row in matrix], 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            factor = rows[i][column] / rows[found][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


@pytest.mark.parametrize("family", [absolute_regression, huber_regression])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("options", [{}, {"condition": 1e4}])
def test_more_equations_than_unknowns_are_consistent_exactly(family, seed, options):
    problem = family(samples=9, dim=4, seed=seed, **options)
    rows = [[Fraction(a) for a in row] for row in problem.features]
    joined = [[*row, Fraction(b)] for row, b in zip(rows, problem.targets, strict=True)]
    assert rank(rows) == rank(joined) == 4


@pytest.mark.parametrize("scale", [1e-3, 0.3, 7.0])
def test_scaled_rows_are_consistent_exactly(scale):
    problem = huber_regression(samples=6, dim=3, scale=scale)
    joined = np.column_stack([problem.features, problem.targets])
    assert rank([[Fraction(a) for a in row] for row in joined]) == 3
    mean = np.sqrt(np.mean(np.linalg.norm(problem.features, axis=1) ** 2))
    assert mean == pytest.approx(scale, rel=1e-6)  # 24-bit entries


@pytest.mark.parametrize("condition", [1.0, 7.0, 1e3, 1e5])
@pytest.mark.parametrize("shape", [(30, 8), (8, 30), (5, 5)])
def test_conditioned_rows(condition, shape):
    rows = conditioned_rows(np.random.default_rng(0), *shape, condition)
    assert rows.shape == shape
    # 24-bit entries move singular values by about 1e-7 of the largest.
    assert np.linalg.cond(rows) == pytest.approx(condition, rel=1e-6 * condition)
    assert np.mean(np.sum(rows**2, axis=1)) == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("margin", [0.01, 0.5])
def test_separable_rows(margin):
    rows = separable_rows(np.random.default_rng(0), 200, 10, margin)
    # A generous lower bound on the margin in the 2-norm comes from the solution of a projection.
    w = cp.Variable(10)
    cp.Problem(cp.Minimize(cp.sum_squares(w)), [rows @ w >= 1]).solve(solver="CLARABEL")
    assert 1 / np.linalg.norm(w.value) >= margin * (1 - 1e-6)


# Sharp constants.


def test_least_squares_attains_its_gradient_bound():
    """At x* + D v, v the top eigenvector, the bound is an equality: G is the paper's G."""
    problem = least_squares()
    solution = np.linalg.pinv(problem.features) @ problem.targets
    weighted = problem.features * np.linalg.norm(problem.features, axis=1)[:, None]
    top = np.linalg.svd(weighted)[2][0]
    constants = problem.constants(solution, 2.0)
    mean = problem.grad_norms_sq(solution + 2 * top).mean()
    assert np.sqrt(mean) == pytest.approx(constants.gradient, rel=1e-10)
    largest = problem.features[np.linalg.norm(problem.features, axis=1).argmax()]
    assert constants.smoothness == pytest.approx(largest @ largest, rel=1e-10)
    far = solution + 2 * largest / np.linalg.norm(largest)
    reached = np.sqrt(problem.grad_norms_sq(far).max())
    assert reached == pytest.approx(constants.gradient_max, rel=1e-10)


# Points where a division by zero threatens.


def test_centre_of_a_ball():
    problem = balls()
    index = np.arange(problem.samples)
    loss, grad = problem.loss_and_grad(problem.centres, index)
    assert (loss == problem.level).all()
    assert (grad == 0).all()


def test_inside_the_cone():
    problem = semidefinite(level=0.0)
    cone = np.asarray(problem.samples - 1)
    for matrix in (np.zeros((6, 6)), np.eye(6), np.diag([1.0, 0, 0, 0, 0, 2])):
        loss, grad = problem.loss_and_grad(matrix.ravel(), cone)
        assert loss == 0
        assert (grad == 0).all()


def test_distance_to_the_cone():
    """Of the symmetric part: an antisymmetric one does not count."""
    problem = semidefinite(level=0.0)
    skew = np.triu(np.ones((6, 6)), 1)
    matrix = np.diag([-3.0, 4, 0, -4, 1, 2]) + skew - skew.T
    loss, grad = problem.loss_and_grad(matrix.ravel(), np.asarray(problem.samples - 1))
    assert loss == pytest.approx(5, rel=1e-14)
    expected = np.diag([-0.6, 0, 0, -0.8, 0, 0])
    np.testing.assert_allclose(grad.reshape(6, 6), expected, atol=1e-14)


def test_planes_are_unit_and_symmetric():
    problem = semidefinite()
    matrices = problem.planes.reshape(-1, 6, 6)
    np.testing.assert_array_equal(matrices, matrices.swapaxes(1, 2))
    np.testing.assert_allclose(np.linalg.norm(problem.planes, axis=1), 1, rtol=1e-14)


# Real data.


def margin(rows: np.ndarray) -> float:
    """Return ``min_i <row_i, w>`` for a w in [-1, 1]^n that a linear program found."""
    count, dim = rows.shape
    found = linprog(
        np.append(np.zeros(dim), -1.0),
        A_ub=np.column_stack([-rows, np.ones(count)]),
        b_ub=np.zeros(count),
        bounds=[(-1, 1)] * dim + [(None, None)],
    )
    return float((rows @ found.x[:-1]).min())  # whatever the solver says, w is what separates


def test_every_pair_of_digits_is_separable():
    from sklearn.datasets import load_digits

    digits = load_digits().target
    margins = {}
    for first, second in combinations(range(10), 2):
        count = int(np.sum((digits == first) | (digits == second)))
        problem = digits_hinge(first=first, second=second, samples=count)
        assert problem.features.shape == (count, 65)
        margins[first, second] = margin(problem.features)
    assert min(margins.values()) > 0.4
    assert min(margins, key=lambda pair: margins[pair]) == (1, 8)  # the default pair


def test_mushrooms_are_separable():
    features, labels = load_mushrooms()
    assert features.shape == (4062, 125)
    assert np.isin(features, [0, 1]).all()
    assert sorted(np.unique(labels)) == [-1, 1]
    rows = labels[:, None] * np.column_stack([features, np.ones(len(labels))])
    assert margin(rows) > 1
    chosen = mushrooms().features
    assert len(np.unique(rows, axis=0)) == 4062
    assert len(np.unique(chosen, axis=0)) == len(chosen) == 400
    both = np.concatenate([rows, chosen])
    assert len(np.unique(both, axis=0)) == 4062  # each chosen row is one of them


def test_breast_cancer_features_interpolate():
    problem = breast_cancer_features()
    solution = np.linalg.lstsq(problem.features, problem.targets)[0]
    assert np.isin(problem.targets, [-1, 1]).all()
    assert abs(problem.features @ solution - problem.targets).max() < 1e-12
    # A random vector of labels could be interpolated too, but these are the data's own.
    assert 10 < np.sum(problem.targets == 1) < 50


def test_changed_mushrooms_are_refused(tmp_path):
    content = bytearray(DATA.read_bytes())
    content[1000] ^= 1
    path = tmp_path / "mushrooms.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"mushrooms\.npz has SHA-256 \w+; allowed: 7bff7838"):
        load_mushrooms(path)


def test_script_packs_the_mushrooms(tmp_path, monkeypatch, capsys):
    """From the text that the vendored file stands for, the script makes the same arrays."""
    features, labels = load_mushrooms()
    lines = ["4062 125 2"]
    for row, label in zip(features.astype(int), labels, strict=True):
        lines += [" ".join(map(str, row)) + " ", "0 1 " if label > 0 else "1 0 "]
    source, target = tmp_path / "mushroom.train", tmp_path / "mushrooms.npz"
    source.write_text("\n".join(lines) + "\n")
    script = ROOT / "scripts" / "make_mushrooms.py"
    spec = importlib.util.spec_from_file_location("make_mushrooms", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr("sys.argv", [str(script), str(source), str(target)])
    module.main()
    assert len(capsys.readouterr().out.strip()) == 64
    with np.load(target) as made, np.load(DATA) as vendored:  # zip bytes depend on zlib
        assert sorted(made) == sorted(vendored)
        for name in made:
            np.testing.assert_array_equal(made[name], vendored[name])


def test_notice_lies_beside_the_data():
    names = {path.name for path in DATA.parent.iterdir()}
    assert names == {"mushrooms.npz", "NOTICE", "LGPL-2.1.txt"}
    assert "LGPL-2.1.txt" in (DATA.parent / "NOTICE").read_text()


# Limits that parameters set for one another.


@pytest.mark.parametrize(
    ("family", "options", "message"),
    [
        (least_squares, {"samples": 60}, "samples = 60; allowed: integers from 1 to 59"),
        (least_squares, {"condition": 1e6}, "condition = 1000000.0; allowed: from 1 to 100000"),
        (noisy_regression, {"samples": 30}, "samples = 30; allowed: integers >= 31"),
        (matrix_sensing, {"samples": 28}, "samples = 28; allowed: integers from 1 to 27"),
        (matrix_sensing, {"rank": 8}, "rank = 8; allowed: integers from 1 to 7"),
        (semidefinite, {"planes": 21}, "planes = 21; allowed: integers from 1 to 20"),
        (semidefinite, {"copies": 0}, "copies = 0; allowed: integers >= 1"),
        (digits_hinge, {"second": 1}, "second = 1; allowed: a digit other than first = 1"),
        (digits_hinge, {"first": 10}, "first = 10; allowed: integers from 0 to 9"),
        (digits_hinge, {"samples": 999}, "samples = 999; allowed: integers from 1 to 356"),
        (mushrooms, {"samples": 4063}, "samples = 4063; allowed: integers from 1 to 4062"),
        (
            breast_cancer_features,
            {"samples": 121},
            "samples = 121; allowed: integers from 1 to 120",
        ),
        (breast_cancer_features, {"bandwidth": 1e6}, "bandwidth = 1000000.0 makes .*; allowed: "),
        (halfspaces, {"inner": 100.0}, "inner = 100.0 leaves .*; allowed: below "),
        (balls, {"inner": 100.0}, "inner = 100.0 leaves .*; allowed: below "),
        (resisting, {"iterations": 0}, "iterations = 0; allowed: integers >= 1"),
        (resisting, {"iterations": True}, "iterations = True; allowed: integers >= 1"),
    ],
)
def test_limits(family, options, message):
    with pytest.raises(ValueError, match=message):
        family(**options)


@pytest.mark.parametrize(
    ("family", "largest"), [(least_squares, 59), (matrix_sensing, 27), (mushrooms, 4062)]
)
def test_limits_are_inclusive(family, largest):
    assert family(samples=largest).samples == largest


def test_numpy_integers_are_integers():
    assert resisting(iterations=np.int64(3)).start.shape == (3,)
