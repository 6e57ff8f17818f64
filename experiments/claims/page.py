# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The marked blocks of a page: what may be said of the records, and what each sentence rests on.

``<!-- claims: SECTION -->`` and ``<!-- end -->`` have the sentences of a section between them,
``<!-- claims -->`` and ``<!-- end -->`` the table of all claims.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

import polars as pl

from experiments.claims.base import Claim, Verdict, judge, number

BLOCK = re.compile(r"(<!-- claims(?:: (?P<section>[\w-]+))? -->\n).*?(<!-- end -->)", re.DOTALL)
HEADER = (
    "| claim | n | estimate | 95 % interval | p | ≈ | holds | one more |",
    "|---|---:|---:|---:|---:|---|---|---|",
)


def verdicts(claims: Iterable[Claim], ends: pl.DataFrame) -> list[Verdict]:
    """Return what the records make of each claim."""
    return [judge(claim, ends) for claim in claims]


def sentences(found: Sequence[Verdict], section: str) -> str:
    """Return the sentences of a section, a list item each."""
    own = [each.sentence for each in found if each.claim.section == section]
    return "".join(f"- {sentence}\n" for sentence in own if sentence)


def table(found: Sequence[Verdict]) -> str:
    """Return a row for each claim."""
    return "\n".join([*HEADER, *map(_row, found)]) + "\n"


def _row(verdict: Verdict) -> str:
    claim, estimates = verdict.claim, verdict.estimates
    if not estimates:
        return f"| {claim.name} | 0 | no records | | | | | |"
    values = [e.value for e in estimates]
    low, high = min(e.low for e in estimates), max(e.high for e in estimates)
    shown = [number(v, claim.digits) for v in (min(values), max(values), low, high)]
    p = max((e.p for e in estimates if not math.isnan(e.p)), default=math.nan)
    cells = (
        claim.name,
        str(verdict.n),
        shown[0] if len(values) == 1 else f"{shown[0]} … {shown[1]}",
        f"{shown[2]} … {shown[3]}",
        "" if math.isnan(p) else f"{p:.2g}",
        {True: "≈", False: "no", None: ""}[verdict.within_rounding],
        "yes" if verdict.holds else "no",
        "yes" if verdict.survives else "no",
    )
    return "| " + " | ".join(cells) + " |"


def check(page: str, claims: Iterable[Claim]) -> None:
    """See that a page has blocks, and each of them is of a section with claims.

    Raises
    ------
    ValueError
        If not.
    """
    named = [match["section"] for match in BLOCK.finditer(page)]
    if not named:
        raise ValueError("claims: the page has no block <!-- claims --> … <!-- end -->")
    sections = {claim.section for claim in claims}
    for section in named:
        if section is not None and section not in sections:
            allowed = ", ".join(sorted(sections))
            raise ValueError(f"claims: section {section!r} of the page; allowed: {allowed}")


def filled(page: str, found: Sequence[Verdict]) -> str:
    """Return a page with its blocks written anew; what has no records is not in its table.

    Raises
    ------
    ValueError
        As `check`.
    """
    check(page, (verdict.claim for verdict in found))

    def block(match: re.Match[str]) -> str:
        section = match["section"]
        known = [verdict for verdict in found if verdict.estimates]
        text = table(known) if section is None else sentences(known, section)
        return f"{match[1]}\n{text}\n{match[3]}" if text else match[1] + match[3]

    return BLOCK.sub(block, page)
