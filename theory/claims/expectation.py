"""Statements in expectation: what independent runs say of a mean, without any distribution."""

from __future__ import annotations

import numpy as np

from theory.problems.base import Array

FRACTIONS = np.linspace(0.05, 0.95, 19)
"""The bets that `upper_confidence` mixes, as fractions of the largest one allowed."""


def upper_confidence(samples: Array, upper: Array, error_probability: float) -> Array:
    """Return an upper confidence limit for the mean of variables in [0, upper].

    If the mean is at least m, then ``Π_i (1 + c (m - Y_i)/(upper - m))`` has expectation at most 1
    for every fixed c in (0, 1), and so has its average over several c. By Markov's inequality it
    reaches 1/p with probability at most p: every m at which it does is refuted, and the limit is
    the smallest of them. It is found by bisection, because the product grows with m.

    Parameters
    ----------
    samples
        Independent draws, shape (settings, m).
    upper
        The upper end of the range, shape (settings,).
    error_probability
        p: the limit lies below the true mean with at most this probability.
    """
    low, high = samples.mean(axis=1), np.array(upper)
    for _ in range(60):
        middle = (low + high) / 2
        stake = FRACTIONS / np.maximum(upper - middle, np.finfo(float).eps * upper)[:, None]
        gain = (middle[:, None] - samples)[:, :, None] * stake[:, None, :]
        wealth = np.log1p(np.maximum(gain, -1 + 1e-12)).sum(axis=1)
        refuted = np.logaddexp.reduce(wealth, axis=1) >= np.log(len(FRACTIONS) / error_probability)
        low, high = np.where(refuted, low, middle), np.where(refuted, middle, high)
    return high
