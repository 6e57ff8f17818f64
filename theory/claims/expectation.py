# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Statements in expectation: what independent runs say of a mean, without any distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.case import Case
from theory.claims.base import UNCONFIRMED, Result
from theory.problems.base import Array

FRACTIONS = np.linspace(0.05, 0.95, 19)
"""The bets that `upper_confidence` mixes, as fractions of the largest one allowed."""


def upper_confidence(samples: Array, upper: Array, error_probability: float) -> Array:
    """Return an upper confidence limit for the mean of variables that are at most ``upper``.

    If the mean is at least m, then ``Π_i (1 + c (m - Y_i)/(upper - m))`` has expectation at most 1
    for every fixed c in (0, 1), and so has its average over several c: no factor is negative, as
    ``Y_i <= upper``, whatever the Y_i are below. By Markov's inequality it reaches 1/p with
    probability at most p: every m at which it does is refuted, and the limit is the smallest of
    them. It is found by bisection, because the product grows with m.

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
        floor = np.finfo(float).eps * np.abs(upper)
        stake = FRACTIONS / np.maximum(upper - middle, floor)[:, None]
        gain = (middle[:, None] - samples)[:, :, None] * stake[:, None, :]
        wealth = np.log1p(np.maximum(gain, -1 + 1e-12)).sum(axis=1)
        with np.errstate(invalid="ignore"):
            grown = np.logaddexp.reduce(wealth, axis=1)
        refuted = grown >= np.log(len(FRACTIONS) / error_probability)
        low, high = np.where(refuted, low, middle), np.where(refuted, middle, high)
    # Draws that are no numbers refute nothing, and have no limit.
    return np.where(np.isnan(samples).any(axis=1), np.nan, high)


@dataclass(frozen=True)
class Curve:
    """What was measured of a setting, and the bound, at some K: each of shape (marks,).

    Attributes
    ----------
    steps, measured, bound
        K, the mean of the runs, and what the statement says it is at most.
    """

    steps: Array
    measured: Array
    bound: Array


class AtMarks:
    """Keeps, at some K, the upper confidence limit of a mean and the bound that it must keep.

    Parameters
    ----------
    case
        The case; where nothing is drawn nothing is random, and the value itself is compared.
    unit
        Both are divided by it in the report.
    geometric
        Whether the bound is a power of K: then the report has ``-log`` of both, the exponent that
        is claimed and the one that was seen, as all powers are about 1 at first and 0 at last.
    """

    def __init__(self, case: Case, unit: float, geometric: bool = False) -> None:
        self.case, self.unit, self.geometric = case, unit, geometric
        self.steps: list[int] = []
        self.means: list[Array] = []
        self.limits: list[Array] = []
        self.bounds: list[Array] = []

    def compare(self, k: int, values: Array, upper: Array, bound: Array) -> None:
        """Take in what the runs say at K = k.

        Parameters
        ----------
        k
            K.
        values
            One a run, shape (settings, seeds), at most ``upper`` on every path.
        upper, bound
            Shape (settings,), with the rounding that is allowed.
        """
        mean = limit = values.mean(axis=1)
        if self.case.drawn:
            limit = upper_confidence(values, upper, self.case.error_probability)
        self.steps.append(k)
        self.means.append(mean)
        self.limits.append(limit)
        self.bounds.append(bound)

    def results(self) -> list[Result]:
        """Return, for each setting, the K at which the limit came nearest to the bound."""
        if not self.steps:
            return [(None, np.nan, np.nan, 0, "no step to compare")] * len(self.case.settings)
        means, limits, bounds = map(np.array, (self.means, self.limits, self.bounds))
        results: list[Result] = []
        for row in range(len(self.case.settings)):
            limit, bound = limits[:, row] / self.unit, bounds[:, row] / self.unit
            pairs = self._pairs(limit, bound)
            with np.errstate(invalid="ignore", divide="ignore"):
                ratio = np.where(pairs[0] <= 0, 0.0, pairs[0] / np.maximum(pairs[1], 0))
            worst = int(np.where(np.isnan(ratio), np.inf, ratio).argmax())
            holds, note = bool((limit <= bound).all()), ""
            if not holds and (means[:, row] <= bounds[:, row]).all():
                note = f"{UNCONFIRMED}: {self.case.seeds} seeds are too few, their mean is within"
            pair = float(pairs[0][worst]), float(pairs[1][worst])
            results.append((holds, *pair, self.steps[worst], note))
        return results

    def _pairs(self, limit: Array, bound: Array) -> tuple[Array, Array]:
        """Return measured and allowed: the limit and the bound, or the exponents."""
        if not self.geometric:
            return limit, bound
        least = np.finfo(float).tiny
        return -np.log(np.maximum(bound, least)), -np.log(np.maximum(limit, least))

    def curves(self) -> list[Curve]:
        """Return what was measured, and the bound, one curve a setting."""
        steps = np.array(self.steps, dtype=float)
        means, bounds = np.array(self.means), np.array(self.bounds)
        return [
            Curve(steps, means[:, row], bounds[:, row]) for row in range(len(self.case.settings))
        ]
