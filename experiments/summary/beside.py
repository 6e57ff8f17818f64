# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Our scores at the paper's scale beside published ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from experiments.published import PUBLISHED, Published
from experiments.summary.best import best
from experiments.summary.curve import curve
from experiments.summary.sheet import Sheet, rate, spread

NOTE = (
    "The best lr is chosen on the score itself, on both sides. 95 %: of the difference, by Welch's"
    " t; seeds are not shared."
)


def beside(ends: pl.DataFrame, published: tuple[Published, ...] = PUBLISHED) -> pl.DataFrame:
    """Return the best score of each method of the preset "paper" that has a published one.

    Parameters
    ----------
    ends
        As `finals` returns, of all presets.
    published
        What to compare with.

    Returns
    -------
    DataFrame
        The columns of `best`, with ``published``, ``published_sd``, ``published_n`` and ``source``;
        ``difference``, ours less theirs; and ``error``, the standard error of that, null unless
        both sides have a standard deviation. The seeds of the two sides are not the same.
    """
    plain = ends.filter("plain", preset="paper")
    theirs = pl.DataFrame(
        list(published),
        {
            "workload": pl.String,
            "method": pl.String,
            "published": pl.Float64,
            "published_sd": pl.Float64,
            "published_n": pl.Int64,
            "source": pl.String,
        },
        orient="row",
    )
    found = best(curve(plain)).join(theirs, on=["workload", "method"], maintain_order="left")
    variance = pl.col("sd") ** 2 / pl.col("n") + pl.col("published_sd") ** 2 / pl.col("published_n")
    return found.with_columns(
        difference=pl.col("score") - pl.col("published"), error=variance.sqrt()
    )


def interval(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the 95 % interval of the difference by Welch's t, or None without deviations.

    Parameters
    ----------
    row
        With the columns ``difference``, ``error``, ``sd``, ``n``, ``published_sd``,
        ``published_n``.
    """
    from scipy.stats import t

    if row["error"] is None or row["error"] == 0:
        return None
    parts = ((row["sd"], row["n"]), (row["published_sd"], row["published_n"]))
    # Welch and Satterthwaite: degrees of freedom of a sum of two estimated variances.
    freedom = row["error"] ** 4 / math.fsum((sd**2 / n) ** 2 / (n - 1) for sd, n in parts)
    half = row["error"] * float(t.ppf(0.975, freedom))
    return row["difference"] - half, row["difference"] + half


def beside_sheet(ends: pl.DataFrame, names: dict[str, str]) -> Sheet:
    """Return the table of what there is to compare; no rows: nothing.

    Parameters
    ----------
    ends
        As `finals` returns, of all presets.
    names
        Of the methods.
    """
    rows = []
    for row in beside(ends).iter_rows(named=True):
        between = interval(row)
        rows.append(
            (
                row["workload"],
                names[row["method"]],
                rate(row["lr"]) + (" (edge)" if row["at_edge"] else ""),
                spread(row["score"], row["sd"], row["point"]),
                str(row["n"]),
                spread(row["published"], row["published_sd"], row["point"]),
                str(row["published_n"]),
                f"{row['difference']:+.2f}",
                "–" if between is None else " … ".join(f"{value:+.2f}" for value in between),
                row["source"],
            )
        )
    headers = ("best lr", "here", "n", "published", "n", "difference", "95 %", "source")
    return Sheet("Beside the published", ("workload", "method", *headers), tuple(rows), 2, NOTE)
