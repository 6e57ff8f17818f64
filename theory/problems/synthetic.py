"""Random data of a given size and condition number."""

from __future__ import annotations

import numpy as np

from theory.problems.base import Array


def conditioned_rows(rng: np.random.Generator, samples: int, dim: int, condition: float) -> Array:
    """Return a random (samples, dim) matrix of this condition number, its mean row norm² one.

    Singular vectors are uniform, singular values in geometric progression.

    Raises
    ------
    ValueError
        If a size is below 1 or the condition number below 1.
    """
    if samples < 1 or dim < 1:
        raise ValueError(f"samples = {samples}, dim = {dim}; allowed: at least 1")
    if not condition >= 1:
        raise ValueError(f"condition = {condition}; allowed: at least 1")
    rank = min(samples, dim)
    left, _ = np.linalg.qr(rng.standard_normal((samples, rank)))
    right, _ = np.linalg.qr(rng.standard_normal((dim, rank)))
    values = np.geomspace(1.0, 1.0 / condition, rank)
    rows = (left * values) @ right.T
    return np.asarray(rows * np.sqrt(samples / np.sum(values**2)))
