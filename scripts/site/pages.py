# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which file of the checkout is which page of the site, and links between them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from posixpath import normpath, relpath

ROOT = Path(__file__).parents[2]
"""The checkout."""
OUTSIDE = {
    "README.md": "about.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "experiments/RESULTS.md": "experiments/results.md",
    "experiments/TABLES.md": "experiments/tables.md",
    "tests/mutants/RESULTS.md": "mutants.md",
    "theory/README.md": "theory/review.md",
    "theory/rocq/README.md": "theory/kernel.md",
    "theory/rocq/statements.md": "theory/kernel_statements.md",
}
"""Pages outside of `docs`, and where they are in the site."""
TEXTS = (".c", ".cfg", ".cff", ".json", ".md", ".py", ".sh", ".toml", ".txt", ".v", ".yml", "")
"""Suffixes of files that are shown as source."""
PICTURES = (".png", ".svg", ".webp")
LINK = re.compile(r"(?P<before>\]\()(?P<target>[^()\s]+)(?P<after>(?:\s+\"[^\"]*\")?\))")
CODE = re.compile(
    r"^(?P<fence> *(?:```+|~~~+)).*?^(?P=fence)`*~* *$|(?P<ticks>`+).+?(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return a Markdown text, changed everywhere but in its blocks and spans of code."""
    done, at = [], 0
    for code in CODE.finditer(text):
        done += [change(text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*done, change(text[at:])])


def uri_of(path: str, root: Path = ROOT) -> str | None:
    """Return where a file of the checkout is in the site; None: nowhere.

    Parameters
    ----------
    path
        From the root of the checkout, as ``momo/core/step.py``.
    root
        The checkout.
    """
    if path in OUTSIDE:
        return OUTSIDE[path]
    if path.startswith("docs/"):
        # A notebook is a script in the checkout, and a page of the site.
        return re.sub(r"^(notebooks/\w+)\.py$", r"\1.md", path.removeprefix("docs/"))
    file = root / path
    if file.is_dir():
        inside = next((f"{path}/{name}" for name in ("README.md",)), "")
        return OUTSIDE.get(inside)
    if not file.is_file():
        return None
    if file.suffix in PICTURES:
        return f"pictures/{path}"
    return f"source/{path}.html" if file.suffix in TEXTS else None


def origin_of(uri: str) -> str:
    """Return the file of the checkout that a page of the site is made of."""
    outside = {there: here for here, there in OUTSIDE.items()}
    return outside.get(uri, f"docs/{uri}")


def relinked(text: str, uri: str, root: Path = ROOT) -> tuple[str, list[str]]:
    """Return a page with its links as the site needs them, and the files that they lead to.

    Parameters
    ----------
    text
        The page, in Markdown; its links lead to files of the checkout, relative to its own.
    uri
        Where it is in the site.
    root
        The checkout.

    Raises
    ------
    ValueError
        If a link leads nowhere in the site; the message names all of these.
    """
    origin, files, lost = origin_of(uri), [], []

    def changed(link: re.Match[str]) -> str:
        target, _, anchor = link["target"].partition("#")
        if re.match(r"[a-z]+:", target) or not target:
            return link[0]
        path = normpath(f"{origin}/../{target}")
        there = uri_of(path, root)
        if there is None:
            lost.append(link["target"])
            return link[0]
        files.append(path)
        new = relpath(there, normpath(f"{uri}/..")) + (f"#{anchor}" if anchor else "")
        return link["before"] + new + link["after"]

    new = outside_code(text, lambda part: LINK.sub(changed, part))
    if lost:
        raise ValueError(f"{origin}: these links lead nowhere in the site: {', '.join(lost)}")
    return new, files
