# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The gallery of failures, with the scores that its runs had."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean
from typing import Any

from experiments.records import Records
from experiments.studies.failures import GALLERY
from experiments.summary import finals
from experiments.summary.sheet import Sheet, number

NOTE = "Mean final test scores: of the run that fails, and of the one that works."


def gallery_sheet(records: Records) -> Sheet:
    """Return the gallery as far as its runs have records, a row for a failure."""
    ends = finals(records.runs, records.epochs).to_dicts()
    known = {end["run"]: end for end in ends}
    seeds = sorted({end["seed"] for end in ends})
    rows = []
    for failure in GALLERY:
        failing, cured = zip(*map(failure.runs, seeds), strict=True) if seeds else ((), ())
        before = _mean(known[run.id] for run in failing if run.id in known)
        after = _mean(known[run.id] for run in cured if run.id in known)
        if before and after:
            where = f"{failure.workload}, {failure.method}, lr {failure.lr:g}"
            words = (failure.name, failure.symptom, failure.reason, failure.remedy)
            rows.append((*words, where, before, after))
    headers = ("failure", "what one sees", "why", "what to do", "run", "before", "after")
    return Sheet("Gallery of failures", headers, tuple(rows), left=5, note=NOTE)


def _mean(ends: Iterable[dict[str, Any]]) -> str:
    found = list(ends)
    scores = [end["test_score"] for end in found]
    return number(fmean(scores), found[0]["point"]) if found else ""
