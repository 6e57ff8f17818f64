# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every statement in full on the page of the report: its quantities, assumptions and source."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from theory.claims.base import Claim
from theory.proofs.base import Theorem
from theory.report.links import heading, link, mark
from theory.report.markup import indexed, mathematics, paper
from theory.statement import Statement
from theory.theorems import THEOREMS, theorems_of


def section(claims: Iterable[Claim]) -> str:
    """Return the section: the statements of claims, and of all theorems, each once."""
    spoken = {claim.name: claim for claim in claims}
    formal = {name: claim.formal for name, claim in spoken.items()}
    formal |= {name: theorem.formal for name, theorem in THEOREMS.items()}
    parts = [_statement(each, spoken.get(name)) for name, each in formal.items()]
    return f"{heading(2, 'Statements in full', 'statements')}\n{ABOUT}\n" + "\n".join(parts)


ABOUT = """<p>Each is written once, in a <code>statement.py</code> of <code>theory/theorems</code>:
what the runs measure, the bounds in figures and what the last lemma of a proof has to conclude come
from there. <code>theory/README.md</code> puts them into context.</p>"""


def _statement(formal: Statement, claim: Claim | None) -> str:
    theorem = THEOREMS.get(formal.name)
    where = f"statement-{formal.name}"
    meanings = "".join(
        f"<dt>{mathematics(each.symbol)}</dt><dd>{indexed(each.meaning)}</dd>"
        for each in formal.quantities
    )
    assumed = "; ".join(map(indexed, formal.assumptions))
    return (
        f'<details class="statement"><summary><b>{escape(formal.title)}</b>'
        f"<code>{escape(formal.name)}</code></summary>\n"
        f'<p{mark("statement", formal.name)} class="said"><a href="#{where}">'
        f"{mathematics(formal.text)}</a></p>\n<p>{' · '.join(_places(formal, claim, theorem))}</p>"
        f"\n<dl>{meanings}</dl>\n<p>Assumed: {assumed}.</p></details>"
    )


def _places(formal: Statement, claim: Claim | None, theorem: Theorem | None) -> list[str]:
    """Return where it is from, and where it is measured, proven and checked by the kernel."""
    parts = [paper(formal.source)]
    if claim:
        parts.append(f"measured: {link('claim', formal.name)}")
    proving = [theorem] if theorem else list(theorems_of(formal.name))
    if proving:
        proven = ", ".join(link("theorem", each.name) for each in proving)
        parts.append(f"proven: {proven}")
    kernel = ", ".join(f"<code>{escape(name)}</code>" for each in proving for name in each.kernel)
    if kernel:
        parts.append(f"for the kernel: {kernel}")
    return parts
