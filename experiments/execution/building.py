# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Building the task of a workload, once a process, and looking at its data before they are used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from torch import Tensor

from experiments.batches import FileSource
from experiments.config import Run, preset_name, preset_of
from experiments.workload import Batch, Source, Task, WorkloadError
from experiments.workloads import find

LOOK_AT = 1024
"""Samples that are looked at together."""


def problem(run: Run) -> str:
    """Return what the task of a run depends on: runs of one problem have one task."""
    return json.dumps([run.workload, run.scale], sort_keys=True, default=dict)


def task_of(run: Run, data: Path | None) -> Task:
    """Return the task of a run, whose data are finite.

    Raises
    ------
    WorkloadError
        If they are not.
    Exception
        Whatever the workload raises.
    """
    scale = json.dumps(run.scale, sort_keys=True, default=dict)
    return _task(run.workload, preset_name(find(run.workload), run), scale, data)


@lru_cache(maxsize=2)
def _task(workload: str, preset: str, scale: str, data: Path | None) -> Task:
    task = preset_of(find(workload), preset).at(json.loads(scale)).build(data)
    check_finite(workload, task)
    return task


def check_finite(workload: str, task: Task) -> None:
    """Raise if there is a NaN or an infinity in the data, as a model gets them.

    Of images that are decoded when they are needed only the first are looked at: their pixels are
    integers, so that all are finite if the normalisation is. So it is with other integers.

    Raises
    ------
    WorkloadError
        If there is one; it names the parts, and says how many of their samples have one.
    """
    parts = {"training": task.train, "validation": task.validation, "test": task.test}
    found = []
    for name, source in parts.items():
        if source is not None and (bad := _bad(source)):
            found.append(f"{bad} of {len(source)} samples of the {name} part")
    if found:
        raise WorkloadError(f"data of {workload}: NaN or infinity in {', '.join(found)}")


def _bad(source: Source) -> int:
    return sum(_bad_samples(batch) for batch in _looked_at(source))


def _looked_at(source: Source) -> Iterator[Batch]:
    if isinstance(source, FileSource):
        yield from islice(source.batches(64, None), 1)
        return
    for batch in source.batches(LOOK_AT, None):
        yield batch
        if not any(tensor.is_floating_point() for tensor in batch):
            return


def _bad_samples(batch: Iterable[Tensor]) -> int:
    """Return how many samples have a number that is not finite in any tensor."""
    rows = [
        tensor.flatten(1).isfinite().all(1) if tensor.ndim > 1 else tensor.isfinite()
        for tensor in batch
    ]
    whole = rows[0]
    for row in rows[1:]:
        whole = whole & row
    return int((~whole).sum())
