# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which runs can be tried as one model (`experiments.execution.stacked`)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from json import dumps

from experiments.config import Run
from experiments.optimizers import find


def packs(runs: Sequence[Run], size: int) -> list[list[Run]]:
    """Return the runs in packs of at most ``size`` that can be tried as one model.

    Those of a pack have batches of the same shapes and as many steps, and one seed; but runs that
    would be alone with their seed make packs of several.
    """
    if size == 1:
        return [[run] for run in runs]
    alone = [[run] for run in runs if reason_against(run)]
    rest = sorted((run for run in runs if not reason_against(run)), key=_alike)
    found: list[list[Run]] = []
    for _, alike in groupby(rest, _alike):
        by_seed = [list(own) for _, own in groupby(sorted(alike, key=_seed), _seed)]
        single = [run for own in by_seed if len(own) == 1 for run in own]
        for own in (*(own for own in by_seed if len(own) > 1), single):
            found += [own[i : i + size] for i in range(0, len(own), size)]
    return found + alone


def reason_against(run: Run) -> str | None:
    """Return why a run cannot be in any stack, as far as it says itself; None: nothing is."""
    if find(run.method).needs_closure:
        return f"{run.method} asks for losses at points of its own"
    if run.accumulate > 1:
        return f"accumulate = {run.accumulate}"
    if run.precision != "float32":
        return f"precision = {run.precision}"
    return None


def _alike(run: Run) -> str:
    return dumps(
        [run.workload, dict(run.scale), run.batch_size, run.epochs, run.svag, run.drop_last]
    )


def _seed(run: Run) -> int:
    return run.seed
