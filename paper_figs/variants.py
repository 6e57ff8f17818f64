# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Records in which a setting was varied: workloads with more than one value of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from experiments.records import Records
from paper_figs.results import Problem, problems, varied


def studied(
    records: Records, setting: str, methods: Sequence[str] = ()
) -> Iterator[tuple[Problem, Records]]:
    """Yield workloads and scales with their plain runs, and those with another ``setting``.

    Parameters
    ----------
    setting
        One of `experiments.summary.scores.SETTINGS`.
    methods
        Which; empty: all. Only methods with several values of the setting remain, and only values
        with a curve: at several learning rates, if any value is.
    """
    chosen = records.of(pl.col("method").is_in(methods)) if methods else records
    for problem, own in problems(chosen):
        found = varied(own, setting)
        rates = pl.col("lr").n_unique().over("method", setting)
        found = kept_runs(found, (rates > 1) | (rates.max().over("method") == 1))
        found = kept_runs(found, pl.col(setting).n_unique().over("method") > 1)
        if found.runs.height:
            yield problem, found


def kept_runs(records: Records, condition: pl.Expr) -> Records:
    """Return the records of the runs for which a condition, which may look at others, holds."""
    kept = records.runs.filter(condition).get_column("run")
    return records.of(pl.col("run").is_in(kept.implode()))
