# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The hinge loss on two classes of handwritten digits."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import HINGE


def digits_hinge(
    first: int = 1, second: int = 8, samples: int = 300, level: float = 1.0, seed: int = 0
) -> LinearModel:
    """Return ``f_i(x) = (1 - y_i <(p_i, 1), x>)_+ + level`` on scikit-learn's 8×8 digits.

    p_i holds the 64 grey values, scaled to [0, 1]; y_i is 1 for the first digit, -1 for the second.

    Interpolation: each of the 45 pairs of digits is linearly separable with a bias, as linear
    programs say (the default pair has the smallest margin); at a multiple of a separating vector
    every f_i equals level, its infimum. Solutions form a polyhedron with interior. Nonsmooth,
    ``||(p_i, 1)||``-Lipschitz.

    Parameters
    ----------
    first, second
        Two different digits.
    samples
        N, at most the number of images of the two digits, about 360; n = 65.
    level
        f*.
    seed
        Of the choice of samples.
    """
    whole(0, 9, first=first, second=second)
    if first == second:
        raise ValueError(f"second = {second!r}; allowed: a digit other than first = {first!r}")
    whole(0, seed=seed)
    finite(level=level)
    from sklearn.datasets import load_digits

    images, digits = load_digits(return_X_y=True)
    pair = np.flatnonzero((digits == first) | (digits == second))
    whole(1, len(pair), samples=samples)
    chosen = np.random.default_rng(seed).choice(pair, samples, replace=False)
    labels = np.where(digits[chosen] == first, 1.0, -1.0)
    rows = labels[:, None] * np.column_stack([images[chosen] / 16, np.ones(samples)])
    return LinearModel("digits_hinge", rows, np.ones(samples), HINGE, np.zeros(65), level)
