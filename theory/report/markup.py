# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Pieces of HTML: formulas, tables, verdicts in their colours, pictures."""

from __future__ import annotations

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

PAPER = "https://arxiv.org/abs/2305.07583"
PAPERS = {"MoMo paper": PAPER, "arXiv 2508.15071": "https://arxiv.org/abs/2508.15071"}


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
    return f"<var>{indexed(text.replace('-', '−'))}</var>"


def literals(text: str) -> str:
    """Return a line of a docstring, with its ``literals`` as formulas, escaped."""
    parts = text.split("``")
    return "".join(mathematics(p) if i % 2 else indexed(p) for i, p in enumerate(parts))


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], kinds: Sequence[str] = ()) -> str:
    """Return a table of cells that are HTML already.

    ``kinds`` are those of the columns: "number", "name" (not broken), "wide", or nothing. The style
    sheet has a class for each kind and place (`column_rules`), so that no cell needs one.
    """
    classes = " ".join(f"{kind}{place}" for place, kind in enumerate(kinds, 1) if kind)
    head = "".join(f'<th scope="col">{header}</th>' for header in headers)
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return (
        f'<div class="scroll" tabindex="0"><table class="{classes}">\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


COLUMNS = 12
"""How many columns of a table may be of a kind."""

KINDS = {
    "number": "text-align: right; white-space: nowrap;",
    "name": "white-space: nowrap;",
    "wide": "min-width: 20rem;",
}


def column_rules() -> str:
    """Return what the style sheet says of the kinds of columns."""
    return "".join(
        f".{kind}{place} tr > :nth-child({place}) {{ {look} }}\n"
        for kind, look in KINDS.items()
        for place in range(1, COLUMNS + 1)
    )


def unclosed(page: str) -> str:
    """Return a page without the end tags that HTML does not ask for: of rows, cells and items."""
    return re.sub(r"</(?:t[dhr]|thead|tbody|li|d[dt])>", "", page)


def word(verdict: str) -> str:
    """Return a verdict in its colour."""
    return f'<b class="{TONES[verdict]}">{escape(verdict)}</b>'


def paper(source: str) -> str:
    """Return where a statement is from, escaped; the papers that it names are links."""
    text = escape(source)
    for name, address in PAPERS.items():
        text = text.replace(name, f'<a href="{address}">{name}</a>')
    return text


def drawing(svg: str, caption: str = "") -> str:
    """Return a figure (see `theory.report.svg.inline`) with what is said of it, as HTML."""
    words = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><div class="scroll" tabindex="0">{svg}</div>{words}</figure>'
