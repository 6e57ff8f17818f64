# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Curves as arrays, a row for a learning rate and a column for a seed, and what may be compared.

Two curves are compared over the seeds that both have, and over no others: a difference of means
over different seeds is in part a difference of seeds. Where there is no shared seed there is no
comparison, and tables say so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.summary.scores import KEY, SIGN

Array = NDArray[np.float64]

SEEDS = ("seed", "init_seed")
"""What a seed is: of what is drawn in training, and of the initialisation."""
REFUSED = "no shared seeds"
"""What tables say instead of a difference over different seeds."""
DRAWS = 2000
"""Resamplings of the seeds, for an interval."""


@dataclass(frozen=True)
class Rectangle:
    """One curve at the seeds that all of its learning rates have.

    Attributes
    ----------
    lrs
        Ascending, finite, above 0; shape (L,).
    seeds
        Of the n columns, ascending.
    gains, validation, losses
        ± test score and ± validation score, larger is better, and min(l0, l) as in `curve`; (L, n).
    sign, point
        Of the score: 1 if larger is better, else -1; what counts as a point.
    data
        The name of the data set.
    """

    lrs: Array
    seeds: tuple[tuple[int, int], ...]
    gains: Array
    validation: Array
    losses: Array
    sign: float
    point: float
    data: str

    def at(self, seeds: Iterable[tuple[int, int]]) -> Rectangle:
        """Return the columns of these seeds, in this order; one may come twice."""
        place = {seed: column for column, seed in enumerate(self.seeds)}
        chosen = tuple(seeds)
        columns = [place[seed] for seed in chosen]
        return replace(
            self,
            seeds=chosen,
            gains=self.gains[:, columns],
            validation=self.validation[:, columns],
            losses=self.losses[:, columns],
        )

    def over(self, lrs: Iterable[float]) -> Rectangle:
        """Return the rows of these learning rates."""
        rows = np.isin(self.lrs, list(lrs))
        return replace(
            self,
            lrs=self.lrs[rows],
            gains=self.gains[rows],
            validation=self.validation[rows],
            losses=self.losses[rows],
        )

    @property
    def best(self) -> int:
        """Return the row with the best mean validation score; of equals, the smaller rate's."""
        return int(np.argmax(self.validation.mean(axis=1)))


def shared(*curves: Rectangle) -> tuple[tuple[int, int], ...]:
    """Return the seeds that all of these curves have, ascending."""
    return tuple(sorted(set.intersection(*(set(curve.seeds) for curve in curves))))


def rectangles(ends: pl.DataFrame, by: Sequence[str] = ()) -> dict[tuple[Any, ...], Rectangle]:
    """Return the curves of runs, by workload, preset, method and ``by``.

    A curve has the seeds that all of its learning rates have, so that none of its points is over
    other seeds than the rest. A learning rate with at most half as many seeds as another one of
    the curve is left out before, so that a single run does not narrow down the rest; so are rates
    of 0 and inf, which have no place on the axis. A curve that has no seed at all is not there.

    Parameters
    ----------
    ends
        As `finals` returns.
    by
        Settings that make curves of their own.
    """
    group = [*KEY, *by]
    usable = ends.filter((pl.col("lr") > 0) & pl.col("lr").is_finite()).with_columns(
        gain=SIGN * pl.col("test_score"),
        validated=SIGN * pl.col("validation_score"),
        loss=pl.min_horizontal("initial_loss", "train_loss"),
        sign=SIGN,
        covered=pl.struct(SEEDS).n_unique().over([*group, "lr"]),
    )
    kept = usable.filter(2 * pl.col("covered") > pl.col("covered").max().over(group))
    rates = pl.col("lr").n_unique()
    whole = kept.filter(rates.over([*group, *SEEDS]) == rates.over(group))
    cells: dict[tuple[Any, ...], dict[tuple[Any, ...], tuple[Any, ...]]] = {}
    # Row by row: a query for each of many small curves takes longer than all of them here.
    for row in whole.select(*group, "lr", *SEEDS, *_MEASURED).iter_rows():
        key, at = row[: len(group)], row[len(group) : len(group) + 3]
        if at in (own := cells.setdefault(key, {})):
            raise ValueError(f"curve of {key}: two runs at learning rate {at[0]:g}, seed {at[1]}")
        own[at] = row[len(group) + 3 :]
    return {key: _rectangle(own) for key, own in cells.items()}


_MEASURED = ("gain", "validated", "loss", "sign", "point", "data")


def _rectangle(cells: dict[tuple[Any, ...], tuple[Any, ...]]) -> Rectangle:
    """Return the curve whose values are at each (lr, seed, init_seed)."""
    lrs = sorted({at[0] for at in cells})
    seeds = tuple(sorted({at[1:] for at in cells}))
    table = [[cells[lr, *seed] for seed in seeds] for lr in lrs]
    values = np.array([[value[:3] for value in row] for row in table], dtype=np.float64)
    sign, point, data = table[0][0][3:]
    gains, validation, losses = (np.ascontiguousarray(values[..., i]) for i in range(3))
    return Rectangle(np.array(lrs), seeds, gains, validation, losses, sign, point, data)


@cache
def weights(n: int) -> Array:
    """Return what each of n seeds counts in each resampling of them; shape (n, `DRAWS`).

    It depends on n alone: curves over the same seeds are resampled together.
    """
    counts = np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), size=DRAWS)
    return np.ascontiguousarray(counts.T / n)


def interval(draws: Array, n: int) -> tuple[float, float]:
    """Return the middle 95 % of what came out of resamplings of n seeds; NaN of one seed.

    Of few seeds it is too narrow: resampled means spread by sqrt((n-1)/n) of what they should, and
    no draw is beyond the seeds that were seen.
    """
    if n < 2:
        return math.nan, math.nan
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(low), float(high)
