# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The table of interoperability has a test for each of its cells."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
from readme_pages import PAGES, ROOT

from momo.methods import METHODS

PATH = "docs/optimizers/interoperability.md"
PAGE = PAGES[PATH]
HEADER = re.compile(r"^\| (with|torch) \| Momo \| MomoAdam \| other methods \| shown by \|$")
LINK = re.compile(r"\[`(test_\w+)`\]\(([\w./]+)\)")
STATUS = re.compile(r"(works|refused|not tested here: )")


def rows() -> list[list[str]]:
    """Return the cells of all rows of all tables."""
    found = [line for line in PAGE.splitlines() if line.startswith("|") and line[1] != "-"]
    return [
        [cell.strip() for cell in line.strip("|").split(" |")]
        for line in found
        if not HEADER.match(line)
    ]


@cache
def functions_of(path: Path) -> dict[str, str]:
    """Return the source of each test of a file, by name, with what stands above it."""
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_source_segment(text, node) or "" for node in functions}


def linked(cell: str) -> list[tuple[Path, str]]:
    """Return the file and the name of each test that a cell links to."""
    return [((ROOT / PATH).parent / target, name) for name, target in LINK.findall(cell)]


ROWS = rows()


def test_the_page_has_all_its_tables() -> None:
    assert len(ROWS) > 45
    assert f"[other {len(METHODS) - 2}](../methods.md)" in PAGE
    assert sum(bool(HEADER.match(line)) for line in PAGE.splitlines()) == PAGE.count("\n## ")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_cell_is_shown_by_a_test(row: list[str]) -> None:
    _, *cells, shown = row
    assert len(cells) == 3
    for cell in cells:
        assert STATUS.match(cell), cell
    untested = [cell for cell in cells if cell.startswith("not tested here: ")]
    assert linked(shown) or len(untested) == 3
    assert len(LINK.findall(shown)) == len([*filter(None, shown.split(", "))])


@pytest.mark.parametrize(
    ("path", "name"), sorted({*linked(PAGE)}), ids=lambda value: getattr(value, "name", value)
)
def test_every_named_test_is_one(path: Path, name: str) -> None:
    assert name in functions_of(path.resolve()), path


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "refused" in "".join(row)], ids=lambda row: row[0]
)
def test_what_is_refused_has_a_test_that_asks_for_the_error(row: list[str]) -> None:
    """The error that a cell names is asked for in one of its tests, or in what they run."""
    *cells, shown = row
    for error in {*re.findall(r"refused[^`|]*: `(\w+)`", "".join(cells))}:
        asked = "".join(source(path.resolve(), name) for path, name in linked(shown))
        assert re.search(rf"\b{error}\b", asked), error
        assert re.search(r"pytest\.raises|refus", asked)


def source(path: Path, name: str) -> str:
    """Return a test's source; of one that runs scripts, theirs and of what is under test there."""
    text = functions_of(path)[name]
    if path.parent.name == "integrations":
        text += "".join(
            p.read_text(encoding="utf-8") for p in (path.parent / "scripts").glob("*.py")
        )
    return text


def test_all_of_this_page_was_run_with_the_pinned_torch() -> None:
    """The page names the version that is installed here, which is the one that is pinned."""
    (pinned,) = re.findall(
        r"^torch==(.*)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert version("torch").partition("+")[0] == pinned
    assert PAGE.count(pinned) == 2
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["optional-dependencies"]["torch"] == ["torch>=2.4"]
    assert "| 2.4, the oldest that is allowed" in PAGE
