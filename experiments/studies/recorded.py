# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which studies there are records of: how many seeds, and how many runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from experiments.config import Run, product
from experiments.records import Records
from experiments.studies import STUDIES
from experiments.summary.sheet import Sheet
from experiments.workload import Workload
from experiments.workloads import WORKLOADS, find

NOTE = (
    "Seeds: those for which every run of the study has a record; in brackets how many runs others"
    " have besides. Runs: with a record, of all seeds. A run may belong to several studies."
)


def recorded_sheet(records: Records) -> Sheet:
    """Return a row for each study and each workload's main sweep that there are runs of."""
    known = {*records.runs.get_column("run")}
    seeds = records.runs.get_column("seed").unique().sort().to_list()
    rows = []
    for name, runs in _sets():
        there = {seed: [run.id for run in runs((seed,))] for seed in seeds}
        complete = {seed for seed, ids in there.items() if ids and known.issuperset(ids)}
        found = {seed: known.intersection(ids) for seed, ids in there.items()}
        if ids := set().union(*found.values()):
            rest = len(ids) - len(set().union(*(found[seed] for seed in complete)))
            besides = f" (+ {rest} runs)" if rest else ""
            rows.append((name, f"{len(complete)}{besides}", str(len(ids))))
    return Sheet("Studies", ("study", "seeds", "runs"), tuple(rows), note=NOTE)


def _sweep(workload: Workload, seeds: Sequence[int]) -> list[Run]:
    return product(workload, "small", seeds=seeds)


def _sets() -> Iterator[tuple[str, Callable[[Sequence[int]], list[Run]]]]:
    for name in WORKLOADS:
        workload = find(name)
        yield name, partial(_sweep, workload)
    yield from ((study.name, study.runs) for study in STUDIES.values())
