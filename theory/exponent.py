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
    slopes = np.array([_slope(steps, row, floor) for row in best])
    if np.isnan(slopes).any():
        return Exponent(np.nan, np.nan, np.nan)
    low, high = np.quantile(slopes[1:], [0.025, 0.975])
    return Exponent(float(slopes[0]), float(low), float(high))


def _slope(steps: Array, values: Array, floor: float) -> float:
    use = (steps >= FIRST_STEP) & (values > floor)
    return log_slope(steps[use], values[use]) if use.sum() >= 4 else np.nan


def log_slope(steps: Array, values: Array) -> float:
    """Return the least-squares slope of ``log values`` over ``log steps``.

    NaN if there are fewer than two different steps, or a value that is not positive.
    """
    if len(np.unique(steps)) < 2 or not (np.asarray(values) > 0).all():
        return np.nan
    x, y = np.log(steps), np.log(values)
    x = x - x.mean()
    return float(x @ y / (x @ x))
