# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The pages that are written for readers: the README and `docs`, and what they consist of."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]

PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
}
"""By their paths from the root."""

TEXT = "\n\n".join(PAGES.values())
"""All of them, to look for what may stand on any."""


def blocks(language: str) -> list[str]:
    """Return the code blocks in a language, of all pages."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def prose(text: str) -> str:
    """Return a page without its code blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def quoted() -> list[str]:
    """Return what stands in backticks in the prose of all pages."""
    return re.findall(r"`([^`\n]+)`", prose(TEXT))


def commands() -> list[str]:
    """Return all commands, without comments: the lines of shell blocks, and those in backticks."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line.partition(" #")[0].strip() for line in (*lines, *quoted())]


def table(header: str) -> list[str]:
    """Return the rows, below its rule, of the one table whose header begins so."""
    assert TEXT.count(header) == 1, header
    return TEXT.partition(header)[2].partition("\n\n")[0].splitlines()[2:]
