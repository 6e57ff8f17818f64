# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""NGN-M on the line: the energy of the theorem falls along runs of the reference."""

from __future__ import annotations

import numpy as np
import pytest

from momo.reference.sources.ngn import ngn_m
from theory.problems.base import Array

STEPS = 300


def quartic(x: Array) -> tuple[float, Array]:
    """Return ``x²(1+x²)`` and its derivative."""
    return float(x[0] ** 2 * (1 + x[0] ** 2)), 2 * x + 4 * x**3


def force(x: Array, c: float) -> Array:
    """Return ``N = f'/(1/c + f'²/(2f))``; ``x (1+u)(1+2u)/((1+u)/(2c) + (1+2u)²)``, u = x²."""
    u = x * x
    return np.asarray(x * (1 + u) * (1 + 2 * u) / ((1 + u) / (2 * c) + (1 + 2 * u) ** 2))


def potential(x: Array, c: float) -> Array:
    """Return ``∫_0^x N``: Gauss and Legendre's rule on pieces of length 1/16 or less."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    found = []
    for end in np.abs(x):
        edges = np.linspace(0, end, int(np.ceil(16 * end)) + 2)
        middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
        values = force(middle[:, None] + half[:, None] * nodes, c)
        found.append(float((values @ weights) @ half))
    return np.array(found)


def energies(c: float, beta: float, start: float, factor: float = 1.0) -> tuple[Array, Array]:
    """Return ``E_k`` and the points, for a step that is ``factor`` times as long."""
    x = np.array([start])
    # Without a cap γ = 2f/f'²: a larger loss makes a longer step.
    samples = ((lambda y: (factor * quartic(y)[0], quartic(y)[1])) for _ in range(STEPS))
    points = np.concatenate([x, *ngn_m(x, samples, c, beta)])
    moves = np.diff(points, prepend=start)
    return (1 - beta) * potential(points, c) + beta / 2 * moves**2, points


@pytest.mark.parametrize("c", [0.05, 0.5, 5.0, np.inf])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("start", [-0.3, 1.0, 4.0])
def test_the_energy_falls_as_the_theorem_says(c: float, beta: float, start: float) -> None:
    energy, points = energies(c, beta, start)
    moves = np.diff(points)
    before = np.concatenate([[0.0], moves[:-1]])
    fall = beta / 2 * (moves - before) ** 2 + (1 - beta) / 2 * moves**2  # s = 1/2
    # Some 20 roundings of numbers no larger than the energy at the start, and than x².
    rounding = 40 * np.finfo(float).eps * (energy[0] + start**2)
    assert (np.diff(energy) + fall <= rounding).all()


def test_the_mean_square_of_the_forces_is_within_the_bound() -> None:
    from theory.theorems.ngn_m.statement import LINE

    beta, start = 0.9, 4.0
    _, points = energies(np.inf, beta, start)
    work = float(potential(np.array([start]), np.inf)[0])
    bound = LINE.bound(beta=beta, K=STEPS, s=0.5, W=work)
    assert np.mean(force(points[:STEPS], np.inf) ** 2) <= float(bound)


def test_a_step_four_times_as_long_gains_energy() -> None:
    energy, _ = energies(np.inf, 0.1, 4.0, factor=4.0)
    assert np.diff(energy).max() > 1e-2


def test_spectral_radii_say_nothing_of_products() -> None:
    """Each matrix has the radius √β < 1, and a product of them grows."""

    def matrix(t: float) -> Array:
        return np.array([[1.9 - 0.1 * t, -0.9], [1.0, 0.0]])

    def radius(m: Array) -> float:
        return float(np.abs(np.linalg.eigvals(m)).max())

    assert radius(matrix(2.0)) == pytest.approx(0.9**0.5)
    assert radius(matrix(0.25)) == pytest.approx(0.9**0.5)
    power = np.linalg.matrix_power
    product = power(matrix(2.0), 4) @ power(matrix(0.25), 6)
    assert radius(product) ** 0.1 == pytest.approx(1.040, abs=5e-4)
