# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Products of norms: every row of the table of `momo.core.products` against a solver."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cvxpy as cp
import numpy as np
import pytest
from reference_strategies import EPS, Array, Shape

from momo.core.ops import FLOATS, arrays
from momo.core.products import L2, MAX, SUM, Product, scales
from momo.reference import FROM_FIRST, FROM_ZERO, Given, GroupedState, grouped, method
from momo.reference.preconditioners import Frozen, Spectral

Lengths = list[Any]  # numbers, or expressions of the solver

CONES = {"solver": cp.CLARABEL, "tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9}
RTOL = 1e-13  # singular value decompositions of matrices of at most 4 rows: a few dozen ulps

SHAPES: list[Shape] = [(2, 3), (4, 2), (3,)]
ENTRIES = np.array([0.5, 2.0, 4.0])
"""The diagonal of D, of the layer that has a metric."""


@dataclass(frozen=True)
class Table:
    """A row: the norm of the whole, as number and for the solver, and the dual norm."""

    product: Product | None
    norm: Callable[[Lengths], float]
    solver_norm: Callable[[Lengths], Any]
    dual: Callable[[Lengths], float]


TABLE = {
    "none": Table(None, max, cp.maximum, sum),
    "max": Table(MAX, max, cp.maximum, sum),
    "sum": Table(SUM, sum, sum, max),
    "l2": Table(L2, np.linalg.norm, lambda n: cp.norm2(cp.hstack(n)), np.linalg.norm),
}
every_row = pytest.mark.parametrize("name", TABLE)
regularised_rows = pytest.mark.parametrize("name", ["max", "sum", "l2"])
with_metric = pytest.mark.parametrize("metric", [False, True], ids=["norms", "hybrid"])


def layers(seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in SHAPES]


def solver_norm(name: str, moves: list[Any], metric: bool) -> Any:
    """The norm of the whole; with a metric the last layer joins the others by the 2-norm."""
    row = TABLE[name]
    *matrices, vector = moves
    lengths = [cp.sigma_max(m) for m in matrices]
    if not metric:
        lengths.append(cp.norm2(vector))
    whole = row.solver_norm(*lengths) if row.solver_norm is cp.maximum else row.solver_norm(lengths)
    if not metric:
        return whole
    rest = cp.norm2(cp.multiply(np.sqrt(ENTRIES), vector))
    return cp.norm2(cp.hstack([whole, rest]))


def norm_of(name: str, moves: list[Array], metric: bool) -> float:
    *matrices, vector = moves
    lengths = [np.linalg.norm(m, 2) for m in matrices]
    if not metric:
        return float(TABLE[name].norm([*lengths, np.linalg.norm(vector)]))
    return float(np.hypot(TABLE[name].norm(lengths), np.sqrt(np.sum(ENTRIES * vector**2))))


def preconditioners(metric: bool) -> list[Any]:
    found: list[Any] = [Spectral(shape, "polar") for shape in SHAPES]
    return [*found[:-1], Frozen(ENTRIES)] if metric else found


def directions(name: str, d: list[Array], metric: bool) -> tuple[list[Array], list[float]]:
    """Return c_l u_l, and the c_l."""
    rules = preconditioners(metric)
    metrics = [rule.update(None, g.reshape(-1), 1)[0] for rule, g in zip(rules, d, strict=True)]
    duals = [m.dual_norm_sq(g.reshape(-1)) for m, g in zip(metrics, d, strict=True)]
    shares = scales(TABLE[name].product, duals, [rule.unit for rule in rules], arrays())
    found = [
        c * m.direction(g.reshape(-1)).reshape(g.shape)
        for c, m, g in zip(shares, metrics, d, strict=True)
    ]
    return found, [float(c) for c in shares]


def total(a: list[Array], b: list[Array]) -> float:
    return float(sum(np.sum(x * y) for x, y in zip(a, b, strict=True)))


@every_row
@pytest.mark.parametrize("seed", [1, 2])
def test_the_direction_is_the_maximiser_of_the_product(name: str, seed: int) -> None:
    """Of norm 1 constrained, of norm ``||d||_*`` regularised: ``<d, direction>`` says which."""
    row, d = TABLE[name], layers(seed)
    duals = [*(np.linalg.norm(m, "nuc") for m in d[:-1]), np.linalg.norm(d[-1])]
    found, _ = directions(name, d, metric=False)
    dual = float(row.dual(duals))
    size = 1.0 if row.product is None else dual
    assert norm_of(name, found, False) == pytest.approx(size, rel=RTOL)
    assert total(d, found) == pytest.approx(size * dual, rel=RTOL)


@pytest.mark.parametrize(
    ("name", "metric"),
    [(n, m) for n in TABLE for m in (False, True) if not (n == "none" and m)],
)
def test_the_dual_norm_is_the_solvers(name: str, metric: bool) -> None:
    """The solver's gap is 1e-9 relative; 1e-7 leaves room for its feasibility.

    A ball and a metric have no common norm.
    """
    d = layers(3)
    moves = [cp.Variable(shape) for shape in SHAPES]
    slope = sum(cp.sum(cp.multiply(g, m)) for g, m in zip(d, moves, strict=True))
    problem = cp.Problem(cp.Maximize(slope), [solver_norm(name, moves, metric) <= 1])
    best = float(problem.solve(**CONES))
    found, _ = directions(name, d, metric)
    power = 1 if name == "none" else 2
    assert total(d, found) == pytest.approx(best**power, rel=1e-7)
    assert norm_of(name, found, metric) == pytest.approx(best ** (power - 1), rel=1e-7)


@regularised_rows
@with_metric
@pytest.mark.parametrize("lower_bound", [-100.0, 1.5], ids=["capped", "truncated"])
def test_a_grouped_step_is_the_proximal_step_of_the_product(
    name: str, metric: bool, lower_bound: float
) -> None:
    """``max{f + <g, y>, f_*} + ||y||²/(2α)`` from x = 0, against the solver."""
    d, loss, lr = layers(4), 2.0, 0.1
    parts = [
        method(FROM_FIRST, rule, Given(lower_bound), lr, product=TABLE[name].product)
        for rule in preconditioners(metric)
    ]
    flat = [g.reshape(-1) for g in d]
    xs, _, info = grouped(*parts).step(GroupedState(), [0 * g for g in flat], loss, flat)
    assert (info.step_size < info.cap) == (lower_bound == 1.5)
    ours = [x.reshape(shape) for x, shape in zip(xs, SHAPES, strict=True)]

    moves = [cp.Variable(shape) for shape in SHAPES]
    model = loss + sum(cp.sum(cp.multiply(g, m)) for g, m in zip(d, moves, strict=True))
    proximal = cp.square(solver_norm(name, moves, metric)) / (2 * lr)
    problem = cp.Problem(cp.Minimize(cp.maximum(model, lower_bound) + proximal))
    best = float(problem.solve(**CONES))
    value = max(loss + total(d, ours), lower_bound) + norm_of(name, ours, metric) ** 2 / (2 * lr)
    assert value == pytest.approx(best, rel=1e-7)


@with_metric
def test_a_grouped_step_in_the_constrained_form_stays_in_the_ball(metric: bool) -> None:
    """Every layer moves by ``τ u_l``, and a capped one by α whatever ρ is; a metric by ``τ d``."""
    d = layers(5)
    flat = [g.reshape(-1) for g in d]
    parts = [method(FROM_ZERO, rule, Given(-100.0), 0.1, 0.9) for rule in preconditioners(metric)]
    xs, _, _ = grouped(*parts).step(GroupedState(), [0 * g for g in flat], 2.0, flat)
    for x, shape in list(zip(xs, SHAPES, strict=True))[: 2 if metric else 3]:
        matrix = x.reshape(shape[0], -1)
        assert np.linalg.norm(matrix, 2) == pytest.approx(0.1, rel=RTOL)
    if metric:
        # d_1/ρ_1 is the gradient, so this is α D^{-1} g.
        np.testing.assert_allclose(xs[-1], -0.1 * d[-1] / ENTRIES, rtol=RTOL)


def test_scales() -> None:
    n = [np.array([3.0, 1.0]), np.array([9.0, 9.0]), np.array([3.0, 2.0])]
    units = [True, False, True]
    one = 1.0
    expected = {
        "none": [one, one, one],
        "max": [[6, 3], one, [6, 3]],
        "sum": [[3, 0], one, [0, 2]],  # of equal ones the first
        "l2": [[3, 1], one, [3, 2]],
    }
    for name, wanted in expected.items():
        found = scales(TABLE[name].product, n, units, arrays())
        for ours, theirs in zip(found, wanted, strict=True):
            np.testing.assert_array_equal(ours, theirs)


@every_row
def test_scales_without_a_norm_are_1(name: str) -> None:
    n = [np.array(3.0), np.array(4.0)]
    np.testing.assert_array_equal(scales(TABLE[name].product, n, [False, False], arrays()), [1, 1])


@regularised_rows
def test_one_layer_is_its_own_product(name: str) -> None:
    n = [np.array([3.0, 0.0])]
    np.testing.assert_array_equal(scales(TABLE[name].product, n, [True], arrays()), n)


@regularised_rows
def test_a_product_returns_a_list_of_its_own(name: str) -> None:
    product, n = TABLE[name].product, [3.0, 4.0]
    assert product is not None
    shares = product(n, FLOATS)
    shares[0] += 1
    assert n == [3.0, 4.0]


@every_row
def test_a_gradient_of_0_moves_nothing(name: str) -> None:
    d = [0 * g for g in layers(1)]
    found, _ = directions(name, d, metric=False)
    assert total(found, found) == 0


def test_groups_share_the_product() -> None:
    base = method(FROM_FIRST, Spectral((2, 3)), Given(0.0), 1.0, product=MAX)
    with pytest.raises(ValueError, match="product"):
        grouped(base, replace(base, product=L2))


def test_the_largest_layer_alone_moves_in_the_sum() -> None:
    """To within rounding: n_l of the others is smaller by far more than that."""
    d = layers(1)
    d[1] *= 10
    found, shares = directions("sum", d, metric=False)
    assert [c > 0 for c in shares] == [False, True, False]
    assert shares[1] == pytest.approx(np.linalg.norm(d[1], "nuc"), rel=64 * EPS)
    assert not found[0].any()
