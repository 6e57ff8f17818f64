# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Pieces of HTML: formulas, tables, verdicts in their colours, pictures."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from html import escape

from theory.claims.base import UNCONFIRMED
from theory.report import summary

TONES = {
    summary.HOLDS: "good",
    summary.CAUGHT: "good",
    summary.CLEAN: "good",
    summary.FAILS: "bad",
    summary.MISSED: "bad",
    summary.OBJECTED: "bad",
    summary.PASSED: "open",
    summary.UNCHECKED: "open",
    summary.UNCHALLENGED: "bad",
    UNCONFIRMED: "open",
}


def indexed(text: str) -> str:
    """Return text with ``_k`` and ``^{k+1}`` set as indices, escaped."""
    return _indexed(escape(text).replace("||", "‖"))


def _indexed(text: str) -> str:
    for mark, tag in (("_", "sub"), (r"\^", "sup")):
        # An index may hold indices of its own, in braces: P_{k+1} below a norm.
        parts = re.split(mark + r"(?:\{((?:[^{}]|\{[^{}]*\})*)\}|([\w*+]))", text)
        text = parts[0]
        for braced, single, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            text += f"<{tag}>{_indexed(braced or single or '')}</{tag}>{after}"
    return text


def mathematics(text: str) -> str:
    """Return a formula in the paper's symbols, escaped."""
    return f'<span class="math">{indexed(text.replace("-", "−"))}</span>'


def literals(text: str) -> str:
    """Return a line of a docstring, with its ``literals`` as formulas, escaped."""
    parts = text.split("``")
    return "".join(mathematics(p) if i % 2 else indexed(p) for i, p in enumerate(parts))


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], kinds: Sequence[str] = ()) -> str:
    """Return a table of cells that are HTML already; ``kinds`` are the columns' classes."""
    kinds = [*kinds, *[""] * (len(headers) - len(kinds))]
    mark = [f' class="{kind}"' if kind else "" for kind in kinds]
    head = "".join(f'<th scope="col"{m}>{h}</th>' for m, h in zip(mark, headers, strict=True))
    body = "\n".join(
        "<tr>" + "".join(f"<td{m}>{c}</td>" for m, c in zip(mark, row, strict=True)) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def word(verdict: str) -> str:
    """Return a verdict in its colour."""
    return f'<span class="word {TONES[verdict]}">{escape(verdict)}</span>'


def picture(svg: bytes, about: str) -> str:
    """Return a figure as an image, so that its identifiers meet no other's."""
    data = base64.b64encode(svg).decode()
    return f'<img alt="{escape(about)}" src="data:image/svg+xml;base64,{data}">'
