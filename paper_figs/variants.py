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
        Which; empty: all. Only methods with several values of the setting remain.
    """
    chosen = records.of(pl.col("method").is_in(methods)) if methods else records
    for problem, own in problems(chosen):
        found = varied(own, setting)
        several = pl.col(setting).n_unique().over("method") > 1
        kept = found.runs.filter(several).get_column("method").unique()
        if kept.len():
            yield problem, found.of(pl.col("method").is_in(kept.implode()))
