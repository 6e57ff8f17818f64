# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Random data of a given size, condition number and margin."""

from __future__ import annotations

import math

import numpy as np

from theory.problems.arguments import positive, whole, within
from theory.problems.base import Array

MAX_CONDITION = 1e5
"""Above, rounding the entries to 24 bits would change the condition number of the rows."""


def conditioned_rows(
    rng: np.random.Generator, samples: int, dim: int, condition: float, scale: float = 1.0
) -> Array:
    """Return a random (samples, dim) matrix of this condition number, its mean row norm² scale².

    Singular vectors are uniform, singular values in geometric progression. The entries are
    multiples of 2^-24, times the power of two below scale, so that `exact_targets` are exact.
    """
    whole(1, samples=samples, dim=dim)
    within(1, MAX_CONDITION, condition=condition)
    positive(scale=scale)
    rank = min(samples, dim)
    left, _ = np.linalg.qr(rng.standard_normal((samples, rank)))
    right, _ = np.linalg.qr(rng.standard_normal((dim, rank)))
    values = np.geomspace(1.0, 1.0 / condition, rank)
    rows = (left * values) @ right.T
    unit = 2.0 ** (math.floor(math.log2(scale)) - 24)
    return _multiples(rows * (scale * np.sqrt(samples / np.sum(values**2))), unit)


def exact_targets(rng: np.random.Generator, rows: Array) -> Array:
    """Return ``b = A x*``, free of rounding, for a random x* whose entries are multiples of 2^-16.

    At scale 1 the products are multiples of 2^-40, and their sums are exact while they stay below
    2^13. With more samples than unknowns a rounded b would spoil interpolation.
    """
    return np.asarray(rows @ _multiples(rng.standard_normal((rows.shape[1],)), 2.0**-16))


def separable_rows(rng: np.random.Generator, samples: int, dim: int, margin: float) -> Array:
    """Return rows ``y_i p_i``, with points p_i of norm about one and labels y_i = ±1.

    Some unit vector w has ``y_i <p_i, w> >= margin`` for all i.
    """
    whole(1, samples=samples, dim=dim)
    positive(margin=margin)
    direction = unit_vectors(rng, 1, dim)[0]
    labels = rng.choice([-1.0, 1.0], samples)
    points = rng.standard_normal((samples, dim)) / np.sqrt(dim)
    along = points @ direction
    shifted = labels * (np.abs(along) + margin)
    points += (shifted - along)[:, None] * direction
    return np.asarray(labels[:, None] * points)


def unit_vectors(rng: np.random.Generator, count: int, dim: int) -> Array:
    """Return rows of norm one in uniform directions."""
    vectors = rng.standard_normal((count, dim))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _multiples(values: Array, unit: float) -> Array:
    return np.asarray(unit * np.round(values / unit), dtype=np.float64)
