"""The notebooks run as scripts, warnings as errors, and become pages in which all is said."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
import torch
from readme_pages import ROOT

from paper_figs import style

FOLDER = ROOT / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.py"))
CELL = re.compile(r"^# %%(?P<header>.*)\n(?P<source>(?:(?!# %%).*\n)*)", re.MULTILINE)


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def ran(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """The names of a notebook after it has run as a script; what it claims, it asserts itself."""
    with mpl.rc_context(fname=FOLDER / "matplotlibrc"), torch.random.fork_rng():
        plt.switch_backend("agg")
        try:
            return request.param.stem, runpy.run_path(str(request.param), run_name="__main__")
        finally:
            plt.close("all")


def test_there_are_four() -> None:
    assert len(NOTEBOOKS) == 4


def test_a_notebook_runs_as_a_script(ran: tuple[str, dict[str, Any]]) -> None:
    name, after = ran
    assert after["__name__"] == "__main__"
    if name == "the_model":
        moving_pictures(after)


def moving_pictures(after: dict[str, Any]) -> None:
    """Every frame of a picture has the same shapes, with numbers only, and a page stays small."""
    picture = after["Moving"]("name", "title", (4, 3), "", after["SHAPES"], after["frames"])
    shown = picture._repr_html_()
    assert "$" not in shown
    assert "nan" not in shown
    assert len(shown) < 60_000
    for frame in after["frames"]:
        assert frame.keys() == {"text", *after["SHAPES"]}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_made_of_cells(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    cells = [(cell["header"], cell["source"]) for cell in CELL.finditer(text)]
    assert "".join(f"# %%{header}\n{source}" for header, source in cells) == text
    assert cells[0][1].startswith("# # ")
    for header, source in cells:
        assert ("plt.show()" in source) == ("alt=" in header), source
        if "[markdown]" in header:
            assert re.fullmatch(r"(#.*\n|\n)*", source), source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    prose = "".join(re.findall(r"^#.*\n", path.read_text(encoding="utf-8"), re.MULTILINE))
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", prose):
        assert (FOLDER / target).exists(), target


def test_colours_are_those_of_the_figures() -> None:
    known = {value for value in vars(style).values() if isinstance(value, str)}
    used = {
        colour
        for path in NOTEBOOKS
        for colour in re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8"))
    }
    assert used
    assert used <= known
