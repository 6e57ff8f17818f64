# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What momentum is worth when steps get shorter and their noise does not: by ℓ of SVAG."""

from __future__ import annotations

from typing import Any

import polars as pl

from experiments.summary.rectangle import SEEDS
from experiments.summary.scores import DIVERGED, KEY, SETTINGS, SIGN
from experiments.summary.significance import PAIRED, paired

ALIKE = (*KEY, *(name for name in SETTINGS if name not in ("beta", "svag")), "lr")
"""What two runs have to agree in, for their difference to be that of β or ℓ."""
MEASURES = ("score", "loss")
ENDS = ("", "_without", "_worth")
"""Of columns: with momentum, without, and the difference in the direction of better."""


def worths(ends: pl.DataFrame) -> pl.DataFrame:
    """Return what momentum was worth in each seed, a row for each that `svag` takes means over.

    Parameters
    ----------
    ends
        As there.

    Returns
    -------
    DataFrame
        For each setting as there, β > 0, ``svag``, ``seed`` and ``init_seed``, both measures:
        ``score`` and ``loss`` with momentum, with the ending ``_without`` without, and with
        ``_worth`` the difference in the direction of better.
    """
    after = pl.when(pl.col("test_loss").is_finite() & ~DIVERGED).then("test_loss")
    table = ends.filter(pl.col("svag").n_unique().over(ALIKE) > 1).with_columns(
        score="test_score", loss=pl.min_horizontal(after, "initial_loss")
    )
    both = table.filter(pl.col("beta") > 0).join(
        table.filter(beta=0.0).select(*ALIKE, *SEEDS, "svag", *MEASURES),
        on=[*ALIKE, *SEEDS, "svag"],
        suffix="_without",
        nulls_equal=True,
    )
    columns = (*ALIKE, "beta", "svag", *SEEDS, *(f"{m}{end}" for m in MEASURES for end in ENDS))
    worth = both.with_columns(
        score_worth=SIGN * (pl.col("score") - pl.col("score_without")),
        loss_worth=pl.col("loss_without") - pl.col("loss"),
    ).select(columns)
    return pl.concat([worth, _over_batches(worth)])


def svag(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the worth of momentum at each ℓ, and how it changes from ℓ = 1, paired over seeds.

    Parameters
    ----------
    ends
        As `finals` returns, with runs with β > 0 and with β = 0, at several ℓ.

    Returns
    -------
    DataFrame
        For each setting that was run at several ℓ (`ALIKE`), β > 0, ``svag`` and ``measure``; and
        for means over batch sizes, if there are several, with null as batch size and epochs:

        ``without``, ``with``: the means of the measure, of the test score or of min(l0, l), the
        loss before training and that on the test set after it (l0 for a run that diverged);
        the columns of `Paired`, for the worth: with minus without, in the direction of better;
        ``change``, ``change_low``, ``change_high``, ``change_p``: the worth less that at ℓ = 1,
        over the same seeds; null at ℓ = 1.
    """
    every = worths(ends)
    rows = [
        row
        for _, part in every.sort("svag", *SEEDS).group_by(*ALIKE, "beta", maintain_order=True)
        for measure in MEASURES
        for row in _rows(part, measure)
    ]
    settings = {name: ends.schema[name] for name in (*ALIKE, "beta", "svag")}
    changes = dict.fromkeys(("change", "change_low", "change_high", "change_p"), pl.Float64)
    means = {"measure": pl.String, "without": pl.Float64, "with": pl.Float64}
    schema: dict[str, Any] = {**settings, **means, **PAIRED, **changes}
    order = (pl.col("measure") != MEASURES[0], *KEY, "batch_size", "lr", "beta", "svag")
    return pl.DataFrame(rows, schema=schema).sort(order, nulls_last=True, maintain_order=True)


def _over_batches(worth: pl.DataFrame) -> pl.DataFrame:
    """Return the means over batch sizes, of the seeds that were run with all of them."""
    sizes = ("batch_size", "epochs")
    key = [name for name in (*ALIKE, "beta") if name not in sizes]
    measured = [f"{measure}{end}" for measure in MEASURES for end in ENDS]
    found = (
        worth.with_columns(sizes=pl.col("batch_size").n_unique().over(key))
        .group_by([*key, "svag", *SEEDS, "sizes"], maintain_order=True)
        .agg(pl.col(measured).mean(), number=pl.len())
        .filter(pl.col("number") == pl.col("sizes"), pl.col("sizes") > 1)
    )
    empty = [pl.lit(None, worth.schema[name]).alias(name) for name in sizes]
    return found.with_columns(empty).select(worth.columns)


def _rows(part: pl.DataFrame, measure: str) -> list[dict[str, Any]]:
    """Return a row for each ℓ of one setting."""
    rows = []
    first = part.filter(svag=1)
    for (level,), own in part.group_by("svag", maintain_order=True):
        found = paired(own[f"{measure}_worth"].to_list(), [0.0] * len(own))
        row = {
            **{name: own[name][0] for name in (*ALIKE, "beta")},
            "svag": level,
            "measure": measure,
            "without": own[f"{measure}_without"].mean(),
            "with": own[measure].mean(),
            **found._asdict(),
        }
        shared = own.join(first, on=SEEDS, suffix="_first")
        if level != 1 and len(shared):
            change = paired(*(shared[f"{measure}_worth{end}"].to_list() for end in ("", "_first")))
            row |= {
                "change": change.difference,
                "change_low": change.low,
                "change_high": change.high,
                "change_p": change.p,
            }
        rows.append(row)
    return rows
