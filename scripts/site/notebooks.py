# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Notebooks as pages of the site: scripts in percent format, run, with what they print and draw.

A hook of MkDocs (``hooks:`` in ``mkdocs.yml``). Each script of ``docs/notebooks`` is run by a
Jupyter kernel when the site is built; a cell that raises, or warns, fails the build. It becomes a
page, in Markdown, and a notebook to download. What was run is kept in ``build/notebooks`` until the
script, or anything that it may import, changes.

A cell with ``tags=["folded"]`` has its code behind a line to click on; the figure of a cell is told
to those who do not see it by its ``alt="…"``.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import jupytext
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import MarkdownExporter
from nbconvert.filters import strip_ansi
from traitlets.config import Config

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "notebooks"
KEPT = ROOT / "build" / "notebooks"
ORDER = ("momo_in_ten_minutes", "the_model", "your_own_variant", "reading_a_worst_case")
IMPORTED = ("momo", "theory", "scripts/site/notebooks.py", "constraints.txt")
"""What a run depends on beside its script and the style of the figures."""

KERNEL = (
    "--InlineBackend.figure_formats={'svg'}",
    "--InlineBackend.print_figure_kwargs={'bbox_inches': None}",
)
COLOURS = {
    "#ffffff": "var(--md-default-bg-color)",
    "#000000": "var(--md-default-fg-color)",
    "#666666": "var(--md-default-fg-color--light)",
    "#e4e4e4": "var(--md-default-fg-color--lightest)",
}
"""Of paper, ink, axes and grids in the style of the figures, as Material calls them: so a figure
follows the page when that turns dark."""

TEMPLATE = """
{%- extends 'markdown/index.md.j2' -%}
{%- block in_prompt %}{% endblock in_prompt -%}
{%- block input %}
{{ cell | code }}
{% endblock input -%}
{%- block stream %}
{{ output.text | printed }}
{% endblock stream -%}
{%- block data_text %}
{{ output.data['text/plain'] | printed }}
{% endblock data_text -%}
{%- block data_html %}
{{ output.data['text/html'] }}
{% endblock data_html -%}
{%- block data_svg %}
{{ output.data['image/svg+xml'] | themed(cell.metadata.alt) }}
{% endblock data_svg -%}
"""


def scripts() -> list[Path]:
    """Return the notebooks, in the order in which they are read; new ones last."""
    found = sorted(FOLDER.glob("*.py"))
    return sorted(found, key=lambda path: (*ORDER, path.stem).index(path.stem))


def uris() -> list[object]:
    """Return the pages."""
    return [f"notebooks/{path.stem}.md" for path in scripts()]


def read(path: Path) -> Any:
    """Return a script as a notebook that has not been run."""
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    return notebook


def run(path: Path) -> Any:
    """Return a script as a notebook with its outputs.

    Raises
    ------
    RuntimeError
        If a cell raises, or writes to the error output, as warnings do.
    """
    notebook = read(path)
    above = (str(ROOT), os.environ.get("PYTHONPATH", ""))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, above))}
    with TemporaryDirectory() as sockets:  # no ports
        manager = AsyncKernelManager(
            kernel_name="python3", transport="ipc", connection_file=f"{sockets}/kernel.json"
        )
        client = NotebookClient(
            notebook,
            km=manager,
            coalesce_streams=True,
            timeout=600,
            extra_arguments=list(KERNEL),
            resources={"metadata": {"path": str(path.parent)}},
        )
        try:
            client.execute(env=environment, cleanup_kc=True)
        except CellExecutionError as error:
            raise RuntimeError(f"{path.name}: a cell failed\n{strip_ansi(str(error))}") from error
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                raise RuntimeError(f"{path.name}: a cell warns\n{cell.source}\n{output.text}")
        cell.metadata.pop("execution", None)  # when it ran: else no two builds are the same
    return notebook


def digest(path: Path) -> str:
    """Return a digest of all that a run may depend on."""
    found = hashlib.sha256()
    for name in (*IMPORTED, FOLDER / "matplotlibrc", path):
        place = ROOT / name
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in inside:
            if file.suffix in ("", ".py", ".json", ".txt", ".so", ".npz"):
                found.update(file.read_bytes() if file.is_file() else b"")
    return found.hexdigest()[:16]


def kept(path: Path) -> Any:
    """Return the notebook of a script with its outputs: run now, or before and nothing changed."""
    file = KEPT / f"{path.stem}-{digest(path)}.ipynb"
    if file.exists():
        return nbformat.read(file, as_version=4)
    notebook = run(path)
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob(f"{path.stem}-*.ipynb"):
        old.unlink()
    nbformat.write(notebook, file)
    return notebook


def themed(svg: str, alt: str | None) -> str:
    """Return a figure of matplotlib's as a part of a page, in the page's colours."""
    picture = re.sub(r"^.*?(?=<svg)", "", svg, flags=re.DOTALL)
    picture = re.sub(r"\s*<metadata>.*?</metadata>", "", picture, flags=re.DOTALL)
    for colour, name in COLOURS.items():
        picture = picture.replace(colour, name)
    style = f"max-width:100%;width:36em;height:auto;fill:{COLOURS['#000000']}"
    label = (alt or "").replace('"', "&quot;")
    opening = f'<svg role="img" aria-label="{label}" style="{style}" '
    return f'<figure style="text-align:center">\n{picture.replace("<svg ", opening, 1)}</figure>'


def code(cell: Any) -> str:
    """Return the code of a cell: of one with the tag "folded" behind a line to click on."""
    block = f"```python\n{cell.source}\n```"
    if "folded" not in cell.metadata.get("tags", ()):
        return block
    return f'<details markdown="1">\n<summary>Code</summary>\n\n{block}\n\n</details>'


def printed(text: str) -> str:
    """Return what a cell printed, with a bar beside it."""
    bar = "border-left:.2rem solid var(--md-default-fg-color--lighter)"
    block = f"```text\n{strip_ansi(text).rstrip()}\n```"
    return f'<div markdown="1" style="{bar}">\n\n{block}\n\n</div>'


def page(path: Path, done: Any) -> str:
    """Return the page of a notebook that was run, with links to its files."""
    exporter = MarkdownExporter(
        config=Config({"ExtractOutputPreprocessor": {"enabled": False}}),
        raw_template=TEMPLATE,
        filters={"themed": themed, "code": code, "printed": printed},
    )
    text, _ = exporter.from_notebook_node(done)
    title, _, rest = text.strip().partition("\n")
    notebook, script = (
        f'<a href="{path.stem}.{kind}" download>{name}</a>'
        for kind, name in (("ipynb", "the notebook"), ("py", "the script"))
    )
    head = f"<small>Run when this page was built. To run it yourself: {notebook}, {script}</small>"
    return f"{title}\n\n{head}\n{rest}\n"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add each notebook as a page, and as a file to download."""
    from mkdocs.exceptions import PluginError
    from mkdocs.structure.files import File

    for path in scripts():
        try:
            notebook = kept(path)
        except RuntimeError as error:
            raise PluginError(str(error)) from error
        name = f"notebooks/{path.stem}"
        files.append(File.generated(config, f"{name}.md", content=page(path, notebook)))
        text = nbformat.writes(notebook)
        files.append(File.generated(config, f"{name}.ipynb", content=text))
    return files
