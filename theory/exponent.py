# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The measured decay exponent of ``min_{k<=K} E[f(x^k) - f*]`` in K, with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.problems.base import Array

RESAMPLES = 400
FIRST_STEP = 10
"""The fit leaves out the first steps, where the starting point rules."""


@dataclass(frozen=True)
class Exponent:
    """A slope in log-log scale and its 95 % bootstrap interval over the seeds; NaN if unfit."""

    slope: float
    low: float
    high: float


def decay_exponent(steps: Array, suboptimality: Array, floor: float, seed: int = 0) -> Exponent:
    """Return the least-squares slope of ``log min_{k<=K} mean_seeds (f(x^k) - f*)`` over ``log K``.

    Parameters
    ----------
    steps
        Checkpoints, shape (C,).
    suboptimality
        f(x^k) - f*, shape (C, seeds).
    floor
        Values at or below it are rounding, and left out.
    seed
        Of the bootstrap, which resamples the seeds.
    """
    rng = np.random.default_rng(seed)
    count = suboptimality.shape[1]
    weights = np.ones((RESAMPLES + 1, count)) / count
    weights[1:] = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES) / count
    best = np.minimum.accumulate(weights @ suboptimality.T, axis=1)
    slopes = _slopes(steps, best, floor)
    if np.isnan(slopes).any():
        return Exponent(np.nan, np.nan, np.nan)
    low, high = np.quantile(slopes[1:], [0.025, 0.975])
    return Exponent(float(slopes[0]), float(low), float(high))


def _slopes(steps: Array, values: Array, floor: float) -> Array:
    """Return the `log_slope` of every row of ``values``, of what is used of it; NaN if too little.

    Values of shape (rows, C). Rows that use the same steps are fitted together.
    """
    use = (steps >= FIRST_STEP) & (values > floor)
    slopes = np.full(len(values), np.nan)
    for mask in np.unique(use, axis=0):
        if mask.sum() >= 4:
            rows = (use == mask).all(axis=1)
            slopes[rows] = log_slope(steps[mask], values[np.ix_(rows, mask)])
    return slopes


def log_slope(steps: Array, values: Array) -> Array:
    """Return the least-squares slope of ``log values`` over ``log steps``, for each row of values.

    Steps of shape (C,), values of shape (..., C). NaN if there are fewer than two different steps,
    or a value that is not positive.
    """
    shape = np.shape(values)[:-1]
    if len(np.unique(steps)) < 2 or not (np.asarray(values) > 0).all():
        return np.full(shape, np.nan)
    x, y = np.log(steps), np.log(values)
    x = x - x.mean()
    return np.asarray(y @ x / (x @ x))
