# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The page of the worst cases in the docs site: figures, and every value on record."""

from __future__ import annotations

from collections.abc import Sequence

from theory.report.worst_case_page import CAPTIONS
from theory.report.worst_cases import EXACT, lines, marked, title
from theory.typeset import prose
from theory.worst_case.certify import groups
from theory.worst_case.recorded import Recorded
from theory.worst_case.store import group_name

HEAD = """# Worst cases

How slow can MoMo be? For fixed steps the worst case over all convex functions of a class is a
semidefinite program; the steps are searched.
[The theory, for reviewers](../../theory/README.md#worst-cases) explains the programs and how each
value is certified, and [Statement by statement](statements.md) sets them beside the bounds. This
page is made of the records in `theory/worst_case/data`, by `python -m theory site`;
`python -m theory worst-case` certifies each of them again, runs its function through the reference,
and compares it with what is proven.

Units: $GD$ for $G$-Lipschitz functions, $LD^2$ for $L$-smooth ones, with $D$ the distance of the
start to a solution. The mark {mark} is on values that are exact worst cases: a proven bound agrees.
The others are the largest that were found. There are {count}, {exact} of them exact.
"""


def about(cases: Sequence[Recorded]) -> str:
    """Return the page."""
    exact = sum(case.closed for case in cases)
    parts = [HEAD.format(mark=f"`{EXACT}`", count=len(cases), exact=exact), "## Pictures\n"]
    for name, said in CAPTIONS.items():
        parts.append(f"![{said}](pictures/{name}.svg)\n\n{said}\n")
    for setting, own in groups(cases).items():
        headers, rows = lines(setting, own)
        parts.append(f"## {group_name(own[0].setting)}\n")
        parts.append(f"{prose(title(setting))}.\n")
        heads = [prose(header) for header in headers]
        table = [heads, ["--:"] * len(heads)]
        table += [[*names, *map(_value, cells)] for names, cells in rows]
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in table) + "\n")
    return "\n".join(parts)


def _value(case: object) -> str:
    return marked(case).strip() if isinstance(case, Recorded) else "–"
