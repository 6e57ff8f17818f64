# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The notebooks run as scripts, warnings as errors, and become pages in which all is said."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import pytest
import torch
from readme_pages import ROOT

from paper_figs import style
from scripts.site import notebooks as site
from scripts.site.pages import relinked

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


def test_a_link_to_a_notebook_leads_to_its_page() -> None:
    text, files = relinked("[a](notebooks/the_model.py#b)", "index.md")
    assert text == "[a](notebooks/the_model.md#b)"
    assert files == ["docs/notebooks/the_model.py"]


def test_they_have_an_order() -> None:
    assert [path.stem for path in site.scripts()] == list(site.ORDER)
    assert site.scripts()[0].with_suffix(".md").name in str(site.uris()[0])


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


MADE = """# %% [markdown]
# # A title
#
# See [the model](the_model.py).

# %%
1 + 1

# %% tags=["folded"] alt='A "line"'
figure()
"""
SVG = """<?xml version="1.0"?>
<svg width="5"><metadata>today</metadata><path stroke="#000000" fill="#ffffff"/></svg>"""


def test_a_page_has_prose_code_and_outputs(tmp_path: Path) -> None:
    path = tmp_path / "made.py"
    path.write_text(MADE, encoding="utf-8")
    notebook = site.read(path)
    _, adds, draws = notebook.cells
    adds.outputs = [output("execute_result", {"text/plain": "2"}), output("stream", "  a  b\n")]
    draws.outputs = [
        output("display_data", {"image/svg+xml": SVG, "text/plain": "<Figure>"}),
        output("display_data", {"text/html": "<figure>moving</figure>", "text/plain": "<M>"}),
    ]
    page = site.page(path, notebook)
    assert page.startswith("# A title\n\n<small>")
    for file in ("made.ipynb", "made.py"):
        assert f'<a href="{file}" download>' in page
    assert "[the model](the_model.py)" in page
    assert "```python\n1 + 1\n```" in page
    assert "```text\n2\n```" in page
    assert "```text\n  a  b\n```" in page
    assert "<summary>Code</summary>\n\n```python\nfigure()\n```\n\n</details>" in page
    assert "<figure>moving</figure>" in page
    assert "<Figure>" not in page
    assert 'aria-label="A &quot;line&quot;"' in page
    assert 'stroke="var(--md-default-fg-color)" fill="var(--md-default-bg-color)"' in page
    assert not re.search("xml version|today|#000000|#ffffff", page)


def output(kind: str, said: Any) -> Any:
    made = nbformat.v4.new_output(kind)
    if kind == "stream":
        made.text = said
    else:
        made.data = nbformat.from_dict(said)
    return made


def test_a_digest_is_of_all_that_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "made.py"
    path.write_text(MADE, encoding="utf-8")
    (tmp_path / "package").mkdir()
    module = tmp_path / "package" / "module.py"
    module.write_text("", encoding="utf-8")
    monkeypatch.setattr(site, "IMPORTED", (str(tmp_path / "package"),))
    first = site.digest(path)
    assert site.digest(path) == first
    module.write_text("x = 1", encoding="utf-8")
    second = site.digest(path)
    path.write_text(MADE + "\n", encoding="utf-8")
    assert len({first, second, site.digest(path)}) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("assert 1 > 2, 'no'\n", r"bad\.py: a cell failed[\s\S]*AssertionError: no"),
        ("import warnings\nwarnings.warn('careful')\n", r"bad\.py: a cell warns[\s\S]*careful"),
    ],
)
def test_a_cell_that_fails_or_warns_fails_the_build(tmp_path: Path, source: str, what: str) -> None:
    path = tmp_path / "bad.py"
    path.write_text(f"# %%\n{source}", encoding="utf-8")
    call = "import sys, pathlib, scripts.site.notebooks as n; n.run(pathlib.Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", call, path], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert re.search(what, done.stderr)
