# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a test says of a method of one's own that has moved from its record."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from momo.conformance.regression import record
from momo.conformance.regression.check import accept, checked
from momo.conformance.regression.compare import DIGITS, Change
from momo.conformance.regression.own import is_the_packages, row_of

COMMAND = ("python", "-m", "momo.conformance.regression")


def hold(method: str | type[Any], folder: Path, write: bool = False) -> str:
    """Return what is wrong; the empty string if a method moves as it is on record.

    Parameters
    ----------
    method
        A class that can be imported, or ``module:Class``, or a name in the table of methods.
    folder
        Of the records.
    write
        Whether to record how it moves, instead of comparing.

    Raises
    ------
    ValueError
        If there is no such method, the folder is the package's, or it cannot be recorded.
    """
    if is_the_packages(folder):
        raise ValueError(f"into = {folder} is the package's; allowed: a folder of your own")
    row = row_of(method)
    found = checked(row, record.read(row.name, folder))
    changes = [change for change in found.changes if not change.good]
    if not changes:
        return ""
    if write:
        accept(row.name, found, {row.name: row}, folder)
        return ""
    new = all(change.state == "new" for change in changes)
    words = ["record", row.name, "--into"] if new else ["accept", row.name, "--golden"]
    line = shlex.join([*COMMAND, *words, str(folder)])
    if new:
        said = f"{row.name} is not on record in {folder}; pytest --momo-record records it, or"
        return f"{said}\n{line}"
    lines = [_line(change) for change in changes]
    return "\n".join([f"{row.name} has moved:", *lines, f"if that is meant: {line}"])


def _line(change: Change) -> str:
    about = f"  {change.form}, {change.problem}: "
    if change.state != "moved":
        return f"{about}{change.state} {change.detail}".rstrip()
    where = f"{change.column} at step {change.step}"
    numbers = f"{change.before:.{DIGITS}g} before, {change.after:.{DIGITS}g} now"
    return f"{about}by {change.by:.1e}, first {where}: {numbers}"
