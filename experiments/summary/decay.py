"""Weight decay with lower bounds: the best score of each method under each pair of them."""

from __future__ import annotations

import polars as pl

from experiments.summary.best import best
from experiments.summary.curve import curve
from experiments.summary.scores import KEY, variants
from experiments.summary.sheet import Sheet, rate, spread


def decay(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the best score of each method for each weight decay and lower bound.

    Parameters
    ----------
    ends
        As `finals` returns, with runs that differ from plain ones in weight decay and f_*. Methods
        with one weight decay are left out, and so are learning rates that not all pairs have.

    Returns
    -------
    DataFrame
        The columns of `best`, for each workload, preset, method, ``weight_decay`` and ``lb``.
    """
    by = ("weight_decay", "lb")
    several = pl.col("weight_decay").n_unique().over(KEY) > 1
    found = variants(ends, *by).filter(several)
    pairs = pl.struct(by).n_unique()
    shared = pairs.over([*KEY, "lr"]) == pairs.over(KEY)
    return best(curve(found.filter(shared), by), by)


def decay_sheet(title: str, names: dict[str, str], ends: pl.DataFrame) -> Sheet:
    """Return the table of one workload; no rows: there is one weight decay alone.

    Parameters
    ----------
    title, names
        Of the workload, and of its methods by name.
    ends
        As `finals` returns; the runs of one workload and preset.
    """
    rows = tuple(
        (
            names[row["method"]],
            f"{row['weight_decay']:g}",
            "–" if row["lb"] is None else f"{row['lb']:g}",
            rate(row["lr"]) + (" (edge)" if row["at_edge"] else ""),
            spread(row["score"], row["sd"], row["point"]),
            str(row["n"]),
        )
        for row in decay(ends).iter_rows(named=True)
    )
    headers = ("method", "decay", "f_*", "best lr", str(ends["score_name"][0]), "n")
    return Sheet(f"{title}: weight decay and lower bound", headers, rows)
