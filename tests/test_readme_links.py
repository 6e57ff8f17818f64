# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The README is short, and what it and the other pages point to exists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name

import pytest
from readme_pages import PAGES, ROOT, commands, prose, quoted

OTHERS = (
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    "theory/README.md",
    "experiments/RESULTS.md",
    "experiments/TABLES.md",
    "tests/mutants/RESULTS.md",
)
"""Pages elsewhere, whose links count as well."""
LINKED = [*PAGES, *OTHERS]
OURS = ("momo", "theory", "experiments", "paper_figs", "scripts", "tests", "docs")
"""Where a path or a dotted name in backticks begins, if it is one of ours."""


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    found: set[str] = set()
    headings = re.findall(r"^#+ (.+)$", prose(path.read_text(encoding="utf-8")), re.MULTILINE)
    for heading in headings:
        shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")
        again = sum(1 for anchor in found if re.fullmatch(rf"{re.escape(slug)}(-\d+)?", anchor))
        found.add(f"{slug}-{again}" if again else slug)
    return found


def links(page: str) -> Iterator[tuple[Path, str]]:
    """Yield where the relative links of a page lead: a path, and an anchor or nothing."""
    text = prose((ROOT / page).read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"https?:", target):
            name, _, anchor = target.partition("#")
            yield (ROOT / page).parent / name if name else ROOT / page, anchor


def test_the_readme_is_short() -> None:
    assert len(PAGES["README.md"].splitlines()) <= 150


@pytest.mark.parametrize("page", LINKED)
def test_every_link_leads_somewhere(page: str) -> None:
    for path, anchor in links(page):
        assert path.exists(), path
        assert not anchor or anchor in anchors(path), f"{path}#{anchor}"


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    behind = {f"docs/{page}" for page in re.findall(r"[\w/]+\.md$", site, re.MULTILINE)}
    assert {*PAGES} - behind == {"README.md"}


def test_every_page_is_two_links_from_the_readme() -> None:
    first = {path.resolve() for path, _ in links("README.md")}
    pages = {(ROOT / page).resolve(): page for page in PAGES}
    there = [page for path, page in pages.items() if path in first]
    second = {path.resolve() for page in there for path, _ in links(page)}
    assert pages.keys() - first - second <= {ROOT / "README.md"}


def test_every_path_exists() -> None:
    paths = [name for name in quoted() if re.fullmatch(rf"(?:{'|'.join(OURS)})/[\w./]*", name)]
    assert len(paths) > 20
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_dotted_name_is_one() -> None:
    names = [n for n in quoted() if re.fullmatch(rf"(?:{'|'.join(OURS)})\.[\w.]+(?::\w+)?", n)]
    assert len(names) > 2
    for name in names:
        resolve_name(name)


def test_every_command_is_one() -> None:
    modules = {name for line in commands() for name in re.findall(r"-m ([a-z_.]+)", line)}
    assert len(modules) > 5
    for module in modules:
        assert find_spec(module), module
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {*re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE)}
    made = {line.split()[1] for line in commands() if re.match(r"make [a-z]", line)}
    # the page for maintainers has them all
    assert made == targets - {"help"}


def test_every_extra_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [
        extras.split(",") for line in commands() for extras in re.findall(r"\.\[(.*?)\]", line)
    ]
    assert named
    for extras in named:
        assert {*extras} <= {*project["optional-dependencies"]}
