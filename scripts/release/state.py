# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a release has to agree on: one version, in all places, and all that belongs to it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from packaging.version import InvalidVersion, Version

from scripts.release.build import ReleaseError, call
from scripts.release.contents import check_all, version
from scripts.release.targets import DIST, ROOT, TARGETS, built

HEADING = re.compile(r"^## (\S+), (\S+)$", re.MULTILINE)
UNRELEASED = "unreleased"
STATES = Path("tests/data/released")
"""The state dicts of each version, a folder each."""


def field(text: str, name: str) -> str:
    """Return the value of a field of CITATION.cff itself, not of the paper; "": there is none."""
    found = re.search(rf"^{name}: *\"?([^\s\"]+)", text, re.MULTILINE)
    return found.group(1) if found else ""


def day(text: str) -> date | None:
    """Return a date; None: it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def disagreements(root: Path = ROOT) -> list[str]:
    """Return what does not go together, at any time between releases: version, changelog, citation.

    The version stands in ``momo/__init__.py``, and all else is compared with it.
    """
    own = version(root)
    wrong = []
    try:
        Version(own)
    except InvalidVersion:
        return [f"__version__ = {own!r} of momo/__init__.py is no version"]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    if field(citation, "version") != own:
        wrong.append(f"CITATION.cff has version {field(citation, 'version')}; allowed: {own}")
    headings = HEADING.findall((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    if not headings or headings[0][0] != own:
        newest = headings[0][0] if headings else "nothing"
        return [*wrong, f"CHANGELOG.md begins with {newest}; allowed: ## {own}, DATE"]
    versions = [Version(name) for name, _ in headings]
    if sorted(set(versions), reverse=True) != versions:
        wrong.append(f"versions in CHANGELOG.md: {', '.join(map(str, versions))}; newest first")
    for n, (name, when) in enumerate(headings):
        if not day(when) and (n or when != UNRELEASED):
            also = f", or {UNRELEASED}" if n == 0 else ""
            wrong.append(f"CHANGELOG.md: ## {name}, {when}; allowed: a date YYYY-MM-DD{also}")
    released, cited = headings[0][1], field(citation, "date-released")
    if cited != (released if day(released) else ""):
        wrong.append(
            f"CITATION.cff has date-released {cited or 'nowhere'}; CHANGELOG.md says {released}"
        )
    return wrong


def left_to_do(root: Path = ROOT, dist: Path = DIST) -> list[str]:
    """Return what keeps the files in a folder from being given to others."""
    own, left = version(root), disagreements(root)
    headings = dict(HEADING.findall((root / "CHANGELOG.md").read_text(encoding="utf-8")))
    if headings.get(own) == UNRELEASED:
        left.append(f"CHANGELOG.md: ## {own}, {UNRELEASED}; allowed: the date of the release")
    for name in [name for name in headings if not (root / STATES / name).is_dir()]:
        left.append(f"{STATES / name} is not there: the state dicts of that version")
    changed = call("git", "status", "--porcelain", cwd=root).strip()
    if changed:
        left.append(f"changes that are not committed:\n{changed}")
    tags = call("git", "tag", "--points-at", "HEAD", cwd=root).split()
    if f"v{own}" not in tags and call("git", "tag", "--list", f"v{own}", cwd=root).strip():
        left.append(f"the tag v{own} is on another commit")
    for target in TARGETS:
        if built(target, dist) is None:
            left.append(
                f"{dist.name}: no wheel {target.file}; make wheels builds it, or says why not"
            )
    if not left:
        try:
            check_all(dist)
        except (ReleaseError, FileNotFoundError) as error:
            left.append(f"{dist.name} is not of this checkout: {error}")
    return left
