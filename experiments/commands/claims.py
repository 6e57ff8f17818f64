# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``claims``: what the records bear out of what the project says of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.places import RESULTS


@dataclass(frozen=True)
class Claims:
    """Judge the project's claims by the records, and say them with their numbers."""

    records: tuple[Path, ...] = (RESULTS,)
    """Folders and files of records; default: those of the project."""
    into: Path | None = None
    """Write the sentences and their table into the marked blocks of this file."""

    def run(self) -> int:
        """Print the table, or write it."""
        from experiments import records
        from experiments.claims import CLAIMS
        from experiments.claims.page import check, filled, table, verdicts
        from experiments.files import write
        from experiments.summary import finals

        page = None if self.into is None else self.into.read_text(encoding="utf-8")
        if page is not None:
            check(page, CLAIMS)
        found = records.load(*self.records)
        judged = verdicts(CLAIMS, finals(found.runs, found.epochs))
        if self.into is None or page is None:
            print(table(judged), end="")
        else:
            write(self.into, filled(page, judged).encode())
        return 0
