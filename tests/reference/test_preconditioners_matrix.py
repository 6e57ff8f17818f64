# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The spectral norm and SOAP: metrics of matrices, against textbook forms and laws."""

from collections.abc import Callable
from math import prod, sqrt
from typing import Any

import numpy as np
import pytest
from reference_strategies import EPS, Array, Shape

from momo.reference.preconditioners import (
    AdamDiagonal,
    Metric,
    Preconditioner,
    Soap,
    Spectral,
    inner,
)
from momo.reference.preconditioners.matrices import RESOLUTION, Rotated, as_matrices, folded
from momo.reference.preconditioners.soap import SHIFT, orthogonal_iteration
from momo.reference.preconditioners.spectral import COEFFICIENTS, newton_schulz, polar

SHAPES: list[Shape] = [(3, 4), (5, 2), (4, 3, 2), (1, 3), (4, 1), (5,), ()]
RULES: dict[str, Callable[[Shape], Preconditioner]] = {
    "newton_schulz": lambda shape: Spectral(shape, radius="scion"),
    "polar": lambda shape: Spectral(shape, "polar", "shape"),
    "soap": lambda shape: Soap(shape, eps=0.1, frequency=2),
    "soap_one_side": lambda shape: Soap(shape, eps=0.1, max_size=3),
}
every_rule = pytest.mark.parametrize("name", RULES)
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
STEPS = 4

# Products and decompositions of matrices of at most 5 rows: a few dozen ulps of the norms. SOAP
# divides by at least ε = 0.1 here: errors grow by at most 1e2.
TOL = 100 * 100 * EPS


def drawn(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def metric_of(name: str, shape: Shape, seed: int = 0, steps: int = STEPS) -> Metric:
    rule, memory = RULES[name](shape), None
    for k in range(1, steps + 1):
        metric, memory = rule.update(memory, drawn(seed + k, prod(shape)), k)
    return metric


def matrix_of(metric: Metric, n: int) -> Array:
    """``D^{-1}``, column by column."""
    return metric.direction(np.eye(n)).T


@every_rule
@every_shape
def test_dual_norm_and_direction_are_of_one_metric(name: str, shape: Shape) -> None:
    n = prod(shape)
    metric, d = metric_of(name, shape), drawn(99, 6, n)
    np.testing.assert_allclose(
        metric.dual_norm_sq(d), np.sum(d * metric.direction(d), axis=-1), rtol=64 * EPS
    )
    assert (metric.dual_norm_sq(d) > 0).all()
    zero = np.zeros((2, n))
    np.testing.assert_array_equal(metric.direction(zero), zero)
    np.testing.assert_array_equal(metric.dual_norm_sq(zero), 0)
    np.testing.assert_array_equal(metric.norm_sq(zero), 0)


@every_rule
@every_shape
def test_runs_side_by_side_are_runs_alone(name: str, shape: Shape) -> None:
    rule, n = RULES[name](shape), prod(shape)
    memory: Any = None
    alone: list[Any] = [None] * 6
    for k in range(1, STEPS + 1):
        grads, d = drawn(k, 2, 3, n), drawn(50 + k, 2, 3, n)
        metric, memory = rule.update(memory, grads, k)
        together = metric.direction(d).reshape(6, n)
        for run in range(6):
            one, alone[run] = rule.update(alone[run], grads.reshape(6, n)[run], k)
            np.testing.assert_allclose(
                one.direction(d.reshape(6, n)[run]), together[run], rtol=TOL, atol=TOL
            )


@pytest.mark.parametrize("name", [n for n in RULES if "soap" in n])
@every_shape
def test_a_metric_is_symmetric_and_positive_definite(name: str, shape: Shape) -> None:
    metric, n = metric_of(name, shape), prod(shape)
    assert not RULES[name](shape).unit
    inverse = matrix_of(metric, n)
    scale = np.abs(inverse).max()
    np.testing.assert_allclose(inverse, inverse.T, rtol=0, atol=TOL * scale)
    assert np.linalg.eigvalsh(inverse).min() > 0
    x = drawn(7, 6, n)
    np.testing.assert_allclose(
        metric.norm_sq(x), inner(x, np.linalg.solve(inverse, x.T).T), rtol=TOL
    )
    # The dual of the dual: ||D^{-1} d||_D = ||d||_{D^{-1}}.
    np.testing.assert_allclose(
        metric.norm_sq(metric.direction(x)), metric.dual_norm_sq(x), rtol=TOL
    )


# ---- the spectral norm ----------------------------------------------------------------------


RADII = {
    "one": lambda m, n: 1.0,
    "shape": lambda m, n: sqrt(m / n) if m > n else 1.0,
    "rms": lambda m, n: 0.2 * sqrt(m if m > n else n),
    "scion": lambda m, n: sqrt(m) / sqrt(n),
}


@pytest.mark.parametrize("radius", RADII)
@every_shape
def test_the_polar_direction_attains_the_dual_norm(radius: str, shape: Shape) -> None:
    """Norm 1, and ``<d, u>`` the nuclear norm times r; no matrix in the ball does better."""
    rule, n = Spectral(shape, "polar", radius), prod(shape)
    metric, memory = rule.update(None, np.zeros(n), 1)
    assert rule.unit
    assert memory is None
    r, d = RADII[radius](*folded(shape)), drawn(3, 8, n)
    nuclear = np.linalg.norm(d.reshape(8, *folded(shape)), "nuc", axis=(-2, -1))
    np.testing.assert_allclose(metric.dual_norm_sq(d), r * nuclear, rtol=TOL)
    np.testing.assert_allclose(metric.norm_sq(metric.direction(d)), 1, rtol=TOL)
    largest = np.linalg.norm(d.reshape(8, *folded(shape)), 2, axis=(-2, -1))
    np.testing.assert_allclose(metric.norm_sq(d), (largest / r) ** 2, rtol=TOL)
    others = drawn(4, 200, 1, n)
    others /= np.sqrt(metric.norm_sq(others))[..., None]
    assert (inner(others, d) <= metric.dual_norm_sq(d) * (1 + TOL)).all()


def test_the_polar_factor_leaves_out_what_is_rounding_of_0() -> None:
    """Here of 5 - 2 singular values, which come out as 1e-16 of the largest."""
    left, right = np.linalg.qr(drawn(1, 5, 2)).Q, np.linalg.qr(drawn(2, 6, 2)).Q
    d = (left * [3.0, 1.0]) @ right.T
    assert 0 < np.linalg.svd(d, compute_uv=False)[2] < 4 * EPS
    np.testing.assert_allclose(polar(d), left @ right.T, rtol=0, atol=64 * EPS)


@pytest.mark.parametrize(
    ("value", "count"), [(2.0, 1), (1.0, 1), (0.75, 0.5), (0.625, 0.25), (0.5, 0), (0.25, 0)]
)
def test_the_polar_factor_counts_small_singular_values_in_part(value: float, count: float) -> None:
    """In units of φ of the largest: 0 up to a half, and 1 from 1 on."""
    left, right = np.linalg.qr(drawn(1, 4, 2)).Q, np.linalg.qr(drawn(2, 3, 2)).Q
    d = (left * [5.0, 5.0 * value * RESOLUTION]) @ right.T
    expected = (left * [1.0, count]) @ right.T
    np.testing.assert_allclose(polar(d), expected, rtol=0, atol=64 * EPS * 2 / RESOLUTION)


@pytest.mark.parametrize("shape", [(4, 6), (6, 4), (5, 5)])
def test_newton_schulz_keeps_the_singular_vectors(shape: tuple[int, int]) -> None:
    """Singular values become ``p(σ/||d||_F)``, and p is in its band where d is well conditioned."""
    left, _, right = np.linalg.svd(drawn(5, *shape), full_matrices=False)
    values = np.geomspace(1, 0.02, 4 if 4 in shape else 5)
    found = newton_schulz((left * values) @ right, np.array(1e-7), 5)
    expected = values / (np.linalg.norm(values) + 1e-7)
    a, b, c = 3.4445, -4.7750, 2.0315
    for _ in range(5):
        expected = a * expected + b * expected**3 + c * expected**5
    # Five steps multiply an error in a small singular value by at most a^5 = 485.
    np.testing.assert_allclose(found, (left * expected) @ right, rtol=0, atol=485 * 32 * EPS)
    assert expected.min() > 0.68
    assert expected.max() < 1.14


def test_the_quintic_never_turns_a_singular_value_around() -> None:
    """Positive for σ > 0, so that ``<d, direction> > 0``; below 1.21; in the band from 0.0075."""
    a, b, c = COEFFICIENTS
    sigma = np.geomspace(1e-12, 1, 20000)
    p = sigma
    for _ in range(5):
        p = a * p + b * p**3 + c * p**5
    assert b**2 < 4 * a * c  # no positive root
    assert p.min() > 0
    assert p.max() < 1.21
    assert p[sigma >= 0.0075].min() > 0.681
    assert p[sigma >= 0.0075].max() < 1.135


@pytest.mark.parametrize("way", ["polar", "newton_schulz"])
@pytest.mark.parametrize("shape", [(3, 5), (5, 3)])
def test_the_spectral_direction_turns_with_the_matrix(way: str, shape: tuple[int, int]) -> None:
    """``u(P d Qᵀ) = P u(d) Qᵀ`` for orthogonal P, Q, and it does not depend on the scale of d."""
    metric, _ = Spectral(shape, way, eps=0.0).update(None, np.zeros(15), 1)
    d = drawn(1, *shape)
    p, q = (np.linalg.qr(drawn(2 + n, n, n)).Q for n in shape)
    u = metric.direction(d.reshape(-1)).reshape(shape)
    turned = metric.direction((p @ d @ q.T).reshape(-1)).reshape(shape)
    atol = 485 * 64 * EPS  # Newton-Schulz multiplies the rounding of P d Qᵀ, as above.
    np.testing.assert_allclose(turned, p @ u @ q.T, rtol=0, atol=atol)
    # Powers of 2 scale without rounding.
    np.testing.assert_array_equal(metric.direction(2.0**-40 * d.reshape(-1)), u.reshape(-1))


def turned_rule(rule: Preconditioner, shape: tuple[int, int], p: Array, q: Array) -> Array:
    """``Pᵀ u' Q`` for the direction u' of ``P d Qᵀ`` after gradients ``P g_j Qᵀ``."""
    memory: Any = None
    for k in range(1, STEPS + 1):
        g = p @ drawn(k, *shape) @ q.T
        metric, memory = rule.update(memory, g.reshape(-1), k)
    d = p @ drawn(9, *shape) @ q.T
    return p.T @ metric.direction(d.reshape(-1)).reshape(shape) @ q


def test_soap_turns_with_signs_and_not_with_rotations() -> None:
    """Its bases start from the identity, so they depend on the axes until they have converged."""
    rule = Soap((3, 4), frequency=2)
    signs = np.diag([1.0, -1.0, 1.0]), np.diag([-1.0, 1.0, 1.0, -1.0])
    straight = turned_rule(rule, (3, 4), np.eye(3), np.eye(4))
    np.testing.assert_allclose(turned_rule(rule, (3, 4), *signs), straight, rtol=0, atol=TOL)
    p, q = np.linalg.qr(drawn(1, 3, 3)).Q, np.linalg.qr(drawn(2, 4, 4)).Q
    assert np.abs(turned_rule(rule, (3, 4), p, q) - straight).max() > 1e-3


# ---- SOAP -----------------------------------------------------------------------------------


def test_orthogonal_iteration_finds_the_eigenvectors() -> None:
    basis = np.linalg.qr(drawn(1, 5, 5)).Q
    values = np.array([16.0, 8.0, 4.0, 2.0, 1.0])
    moment, found = (basis * values) @ basis.T, np.eye(5)
    for _ in range(60):
        found = orthogonal_iteration(moment, found)
    # Each step halves what is left, up to the shift, from 1 to below rounding.
    np.testing.assert_allclose(np.abs(found.T @ basis), np.eye(5), rtol=0, atol=1e-13)
    np.testing.assert_allclose(orthogonal_iteration(moment, found), found, rtol=0, atol=1e-13)


def test_orthogonal_iteration_is_well_posed_where_the_matrix_is_singular() -> None:
    """An error of the size of rounding in L moves the basis by its condition, ``1 + 1/δ``."""
    g, noise = drawn(1, 6, 1), drawn(2, 6, 6)
    moment = g @ g.T
    exact = orthogonal_iteration(moment, np.eye(6))
    np.testing.assert_allclose(exact.T @ exact, np.eye(6), rtol=0, atol=64 * EPS)
    size = 8 * EPS * np.linalg.norm(moment)
    moved = orthogonal_iteration(
        moment + size * (noise + noise.T) / np.linalg.norm(noise), np.eye(6)
    )
    np.testing.assert_allclose(moved, exact, rtol=0, atol=8 * 16 * EPS * (1 + 1 / SHIFT))


@pytest.mark.parametrize("kind", ["rank one", "aligned", "signs", "all equal"])
def test_the_shift_is_relative_to_a_bound_on_the_largest_eigenvalue(kind: str) -> None:
    """The trace of a matrix of rank one, the row sum of a flatter one: δ of it."""
    g, signs = drawn(1, 6, 1), np.array([1.0, -1, 1, 1, -1, -1])
    moment, bound = {
        "rank one": (g @ g.T, float(np.sum(g**2))),
        "aligned": (np.diag([4.0, 0, 0, 0, 0, 0]), 4.0),
        "signs": (0.5 * np.eye(6) + 0.5 * np.outer(signs, signs), 3.5),
        "all equal": (0.5 * np.eye(6) + 0.5, 3.5),
    }[kind]
    shifted = moment + SHIFT * bound * np.eye(6)
    q, r = np.linalg.qr(shifted)
    expected = q * np.sign(np.diagonal(r))
    tol = 64 * EPS * (1 + 1 / SHIFT)
    np.testing.assert_allclose(orthogonal_iteration(moment, np.eye(6)), expected, rtol=0, atol=tol)
    assert np.linalg.cond(shifted) <= (1 + 1 / SHIFT) * (1 + tol)


def test_orthogonal_iteration_keeps_its_sign() -> None:
    """``Qᵀ (L + sI) Q_before`` has a positive diagonal: it is the R of the factorisation."""
    for seed in range(4):
        basis, root = np.linalg.qr(drawn(seed, 4, 4)).Q, drawn(10 + seed, 4, 4)
        found = orthogonal_iteration(root @ root.T, basis)
        assert (np.diagonal(found.T @ (root @ root.T) @ basis) > 0).all()


def test_orthogonal_iteration_of_0_keeps_the_basis() -> None:
    basis = orthogonal_iteration(drawn(1, 4, 4) @ np.eye(4), np.eye(4))
    np.testing.assert_allclose(
        orthogonal_iteration(np.zeros((4, 4)), basis), basis, rtol=0, atol=32 * EPS
    )


@pytest.mark.parametrize("frequency", [1, 2, 3])
def test_soap_is_adam_in_its_bases(frequency: int) -> None:
    """The bases change at gradients 1, 1+F, …; v is averaged in the newest, and kept as it is."""
    shape, beta2, eps = (3, 4), 0.9, 0.1
    rule, memory, v = Soap(shape, beta2, eps, frequency), None, np.zeros(shape)
    left, right, l_avg, r_avg = np.eye(3), np.eye(4), np.zeros((3, 3)), np.zeros((4, 4))
    d = drawn(50, 12)
    for k in range(1, 6):
        g = drawn(k, *shape)
        metric, memory = rule.update(memory, g.reshape(-1), k)
        l_avg = beta2 * l_avg + (1 - beta2) * g @ g.T
        r_avg = beta2 * r_avg + (1 - beta2) * g.T @ g
        if k % frequency == 1 % frequency:
            left, right = orthogonal_iteration(l_avg, left), orthogonal_iteration(r_avg, right)
        v = beta2 * v + (1 - beta2) * (left.T @ g @ right) ** 2
        diagonal = eps + np.sqrt(v / (1 - beta2**k))
        expected = left @ ((left.T @ d.reshape(shape) @ right) / diagonal) @ right.T
        np.testing.assert_allclose(metric.direction(d), expected.reshape(-1), rtol=TOL, atol=TOL)


@pytest.mark.parametrize(("size", "axes"), [(9, (-2, -1)), (3, (-2,)), (2, ())])
def test_soap_divides_by_no_less_than_a_part_of_the_largest(size: int, axes: Any) -> None:
    """Of all that is mixed. The gradient is of one row and column, so most coordinates are 0."""
    rule, g = Soap((3, 4), 0.9, eps=1e-12, max_size=size), np.zeros((3, 4))
    g[1] = [1.0, -2.0, 1e-7, 0.0]
    metric, (_, bases, squares) = rule.update(None, g.reshape(-1), 1)
    assert isinstance(metric, Rotated)
    assert [basis is not None for basis in bases] == [-2 in axes, -1 in axes]
    adam = 1e-12 + np.sqrt(squares / 0.1)
    least = RESOLUTION * adam.max(axis=axes, keepdims=True) if axes else 0.0
    np.testing.assert_allclose(metric.entries, np.where(adam > least, adam, least), rtol=16 * EPS)
    low = adam < least
    assert low.any() == bool(axes)
    assert not low.all()


@pytest.mark.parametrize("rule", [Soap((5,), 0.9), Soap((3, 5), 0.9, max_size=2)])
def test_soap_of_what_has_no_sides_is_adam(rule: Preconditioner) -> None:
    adam, n = AdamDiagonal(0.9), prod(rule.shape)
    memory: Any = None
    other: Any = None
    d = drawn(9, n)
    for k in range(1, STEPS + 1):
        metric, memory = rule.update(memory, drawn(k, n), k)
        expected, other = adam.update(other, drawn(k, n), k)
        np.testing.assert_allclose(metric.direction(d), expected.direction(d), rtol=16 * EPS)


# ---- arguments ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Spectral((2, 3), "svd"), "way = 'svd'; allowed: 'polar', 'newton_schulz'"),
        (lambda: Spectral((2, 3), radius="big"), "radius = 'big'; allowed: 'one'"),
        (lambda: Spectral((2, 3), radius=0.0), "radius = 0.0; allowed: .*a number above 0"),
        (lambda: Spectral((2, 3), steps=0), "steps = 0; allowed: an integer, at least 1"),
        (lambda: Spectral((2, 3), eps=-1.0), "eps = -1.0 is out of range"),
        (lambda: Spectral((2, 0)), r"shape = \(2, 0\); allowed"),
        (lambda: Soap((2, 1.5)), "shape = .*allowed"),
        (lambda: Soap((2, 3), -0.1), "beta2 = -0.1 is out of range"),
        (lambda: Soap((2, 3), eps=0.0), "eps = 0.0 is out of range"),
        (lambda: Soap((2, 3), frequency=0), "frequency = 0; allowed"),
        (lambda: Soap((2, 3), max_size=1.5), "max_size = 1.5; allowed"),
    ],
)
def test_arguments_are_checked(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_gradient_of_another_size_is_named() -> None:
    with pytest.raises(ValueError, match=r"grad has 5 elements; allowed: 6, .* \(2, 3\)"):
        Soap((2, 3)).update(None, np.ones(5), 1)
    np.testing.assert_array_equal(as_matrices("x", np.arange(6.0), (2, 3))[1], [3, 4, 5])


def test_shapes_are_those_of_the_runs() -> None:
    assert Soap((2, 3), [0.9, 0.8]).shapes == {"beta2": (2,), "eps": ()}
    assert Spectral((2, 3), eps=[0.0, 0.1]).shapes == {"eps": (2,)}


@pytest.mark.parametrize("shape", [(2, 3), (4,)])
def test_each_run_may_have_its_own_constants(shape: Shape) -> None:
    grads, d = drawn(1, 2, prod(shape)), drawn(2, prod(shape))
    metric, _ = Soap(shape, [0.9, 0.5], [0.1, 0.2]).update(None, grads, 1)
    for run, (beta2, eps) in enumerate([(0.9, 0.1), (0.5, 0.2)]):
        alone, _ = Soap(shape, beta2, eps).update(None, grads[run], 1)
        np.testing.assert_allclose(metric.direction(d)[run], alone.direction(d), rtol=TOL, atol=TOL)
