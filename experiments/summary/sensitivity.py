# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sensitivity: how far the training loss is from its best, over the learning rates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from experiments.summary.rectangle import Array, Rectangle, interval, rectangles, weights
from experiments.summary.scores import KEY


def expected(curve: Rectangle, share: Array) -> Array:
    """Return E[l - min l] for log lr uniform over the grid, for each weighting of the seeds.

    The curve is linear in log lr between grid points, so that it does not matter how close these
    are. Of one learning rate: 0.
    """
    losses = curve.losses @ share
    own = losses - losses.min(axis=0)
    steps = np.diff(np.log10(curve.lrs))
    if not len(steps):
        return own[0]
    return np.asarray(steps @ ((own[1:] + own[:-1]) / 2) / steps.sum())


def sensitivity(
    ends: pl.DataFrame, by: Sequence[str] = (), lowest: float = 0.0, highest: float = math.inf
) -> pl.DataFrame:
    """Return the expected excess of the training loss: the sensitivity of Wortsman et al.

    ``expected = E[min(l0, l) - l*]`` for log lr uniform in [a, b] (arXiv 2309.14322). l is the
    final training loss, averaged over the seeds after the minimum with l0, the loss of the first
    batch before any step (a run that diverged counts as l0); l* is the smallest such mean of the
    curve, and [a, b] what its grid has within the range that is given.

    Parameters
    ----------
    ends
        As `finals` returns.
    by
        Settings that make curves of their own.
    lowest, highest
        The range of learning rates; default: that of each grid. Rates of 0 and inf are left out.

    Returns
    -------
    DataFrame
        For each curve ``expected``; ``low`` and ``high``, its 95 % percentile bootstrap interval
        over the seeds; ``n``, over how many seeds; and ``grid``, how many rates it has.
    """
    within = ends.filter(pl.col("lr").is_between(lowest, highest))
    rows: list[dict[str, Any]] = []
    for key, curve in rectangles(within, by).items():
        n = len(curve.seeds)
        low, high = interval(expected(curve, weights(n)), n)
        row = {
            "expected": float(expected(curve, np.full((n, 1), 1 / n))[0]),
            "low": low,
            "high": high,
            "n": n,
            "grid": len(curve.lrs),
        }
        rows.append({**dict(zip((*KEY, *by), key, strict=True)), **row})
    schema: dict[str, Any] = {name: ends.schema[name] for name in (*KEY, *by)}
    numbers = dict.fromkeys(("expected", "low", "high"), pl.Float64)
    return pl.DataFrame(rows, schema=schema | numbers | {"n": pl.Int64, "grid": pl.Int64})
