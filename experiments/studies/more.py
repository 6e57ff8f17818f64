# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The tables beside those of the summary: studies, the gallery of failures, samplers."""

from __future__ import annotations

from experiments.records import Records
from experiments.sampling import record, tables
from experiments.studies.gallery import gallery_sheet
from experiments.studies.recorded import recorded_sheet
from experiments.summary.sheet import Sheet


def more_sheets(records: Records, project: bool = True) -> tuple[Sheet, ...]:
    """Return these tables as far as there are records.

    Parameters
    ----------
    records
        Of runs.
    project
        Whether they are the project's, all of them; without, the gallery alone.
    """
    found = [gallery_sheet(records)]
    if project:
        found.append(recorded_sheet(records))
        if any(path.exists() for path in record.PLACES):
            found += tables.sheets(record.found())
    return tuple(sheet for sheet in found if sheet.rows)
