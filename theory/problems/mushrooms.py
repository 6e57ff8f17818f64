# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The squared hinge loss on the mushroom data: edible or not, from 125 binary features."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np

from theory.problems.arguments import finite, whole
from theory.problems.base import Array
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import SQUARED_HINGE

DATA = Path(__file__).parent / "data" / "mushrooms.npz"
SHA256 = "7bff783884df2e7b281eb52cb03cc6078fef05b841e88ae81610eead6035b562"
SAMPLES = 4062


def load_mushrooms(path: Path = DATA) -> tuple[Array, Array]:
    """Return the features, 0 or 1, of shape (4062, 125), and the labels ±1.

    ``scripts/make_mushrooms.py`` made the file; ``data/NOTICE`` says from what.

    Raises
    ------
    ValueError
        If the file is not the one this module was written for.
    """
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise ValueError(f"{path.name} has SHA-256 {digest}; allowed: {SHA256}")
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        count, dim = (int(size) for size in stored["shape"])
        features = np.unpackbits(stored["features"], axis=1, count=dim)
        labels = np.unpackbits(stored["labels"], count=count)
    return features.astype(np.float64), 2.0 * labels.astype(np.float64) - 1.0


def mushrooms(samples: int = 400, level: float = 0.0, seed: int = 0) -> LinearModel:
    """Return ``f_i(x) = ½ (1 - y_i <(p_i, 1), x>)_+² + level`` on some of the mushrooms.

    Interpolation: all 4062 samples are linearly separable with a bias (a linear program says so, in
    the tests), hence every subset, and at a multiple of the separating vector every f_i equals
    level, its infimum. Solutions form a polyhedron with interior. Smooth, ``L = max ||p_i||² + 1``,
    about 23.

    Parameters
    ----------
    samples
        N, at most 4062; n = 126.
    level
        f*.
    seed
        Of the choice of samples.
    """
    whole(1, SAMPLES, samples=samples)
    whole(0, seed=seed)
    finite(level=level)
    features, labels = load_mushrooms()
    chosen = np.random.default_rng(seed).choice(SAMPLES, samples, replace=False)
    rows = labels[chosen, None] * np.column_stack([features[chosen], np.ones(samples)])
    return LinearModel(
        "mushrooms", rows, np.ones(samples), SQUARED_HINGE, np.zeros(rows.shape[1]), level
    )
