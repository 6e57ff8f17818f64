# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What MkDocs calls while it builds the site."""

from __future__ import annotations

import logging
import re
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from posixpath import relpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from paper_figs import gallery
from scripts.site.mathml import font, rendered
from scripts.site.notebooks import uris
from scripts.site.pages import OUTSIDE, ROOT, origin_of, relinked, uri_of
from scripts.site.reference import navigation, pages
from scripts.site.sources import source_page, source_styles

log = logging.getLogger("mkdocs.site")
PATH = re.compile(
    r"(?<!<a>)<code>((?:momo|theory|experiments|paper_figs|scripts|tests|docs)/[\w./-]*\w)</code>"
)
DOTTED = re.compile(r"<code>((?:momo|theory|experiments)(?:\.\w+)+)</code>")
SOURCE = re.compile(r'href="source:([^"#]+)')
CELL = re.compile(r"<td\b.*?</td>", re.DOTALL)
LONG_NAME = re.compile(r"(?<=<code>)[\w./:-]{18,}(?=</code>)|(?<=>)\w{18,}(?=</a>)")
LONG = ("experiments/tables.md", "theory/kernel_statements.md")
"""Not in the index of words, which each page reads, and without colours: 67000 elements were not
to be scrolled on a phone."""
shown: set[str] = set()
"""The files that pages lead to."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages that are found when the site is built into the navigation."""
    assert config.nav is not None
    pictures()
    places = {"reference/": navigation(), "notebooks/": uris()}
    config.nav = resolved(list(config.nav), places)
    return config


def resolved(entry: Any, places: dict[str, list[object]]) -> Any:
    """Return an entry of the navigation with the pages of places in it."""
    if isinstance(entry, dict):
        return {title: resolved(inside, places) for title, inside in entry.items()}
    if isinstance(entry, list):
        return [resolved(inside, places) for inside in entry]
    return places.get(entry, entry)


@cache
def pictures() -> Future[list[Path]]:
    """Begin to draw the figures in a process of their own, while the notebooks run in theirs."""
    pool = ProcessPoolExecutor(1, get_context("spawn"))
    return pool.submit(gallery.drawn, ROOT / "build" / "gallery")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that are not in `docs`: of other folders, and the reference."""
    for path, uri in OUTSIDE.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        files.append(File.generated(config, uri, content=text))
    for uri, text in pages().items():
        files.append(File.generated(config, uri, content=text))
    for picture in pictures().result():
        uri = f"experiments/figures/{picture.name}"
        files.append(File.generated(config, uri, abs_src_path=str(picture)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make the links of a page those of the site, and add the files that they lead to."""
    uri = page.file.src_uri
    if uri.startswith("reference/"):
        page.meta["search"] = {"boost": 0.5}  # what a word is about is on the pages
        return markdown
    try:
        text, paths = relinked(markdown, uri)
    except ValueError as error:
        log.warning("%s", error)
        return markdown
    for path in paths:
        show(path, config, files)
    if uri in LONG:
        page.meta["search"] = {"exclude": True}
        text = text.replace("```coq", "```text")
    return gallery.placed(text, relpath("experiments/figures", f"{uri}/.."))


def show(path: str, config: MkDocsConfig, files: Files) -> str | None:
    """Return where a file of the checkout is in the site; add it, if it is not there."""
    there = uri_of(path)
    if there is None or path in shown:
        return there
    shown.add(path)
    if there.startswith("pictures/"):
        files.append(File.generated(config, there, abs_src_path=str(ROOT / path)))
    elif there.startswith("source/"):
        text = (ROOT / path).read_text(encoding="utf-8")
        files.append(File.generated(config, there, content=source_page(path, text)))
    return there


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Render formulas, and make links of paths, of names and of "source"."""
    try:
        html = rendered(html)
    except ValueError as error:
        log.warning("%s: %s", origin_of(page.file.src_uri), error)
    here = page.file.dest_uri + "/.."

    def link(path: str) -> str:
        there = show(path.removesuffix("/"), config, files)
        file = there and files.get_file_from_path(there)
        return relpath(file.dest_uri, here) if file else ""

    def path_linked(found: re.Match[str]) -> str:
        to = link(found[1])
        return f'<a href="{to}">{found[0]}</a>' if to else found[0]

    def name_linked(found: re.Match[str]) -> str:
        return f'<autoref identifier="{found[1]}" optional>{found[0]}</autoref>'

    # What is in a link, or in the heading that is one, stays as it is.
    parts = re.split(r"(<(?:a|autoref|h\d)\b.*?</(?:a|autoref|h\d)>)", html, flags=re.DOTALL)
    for i in range(0, len(parts), 2):
        parts[i] = DOTTED.sub(name_linked, PATH.sub(path_linked, parts[i]))
    html = SOURCE.sub(lambda found: f'href="{link(found[1])}', "".join(parts))
    return CELL.sub(lambda cell: LONG_NAME.sub(breaking, cell[0]), html)


def breaking(name: re.Match[str]) -> str:
    """Let a long name in a cell be broken where its words end: its table has less to scroll."""
    return re.sub(r"(?<=[_./])(?=[^_./])", "<wbr>", name[0])


def on_env(env: Any, *, config: MkDocsConfig, files: Files) -> Any:
    """Copy what was added since MkDocs copied the files; the colours of sources with them."""
    made: dict[str, str | bytes] = {
        "assets/fonts/math.woff": font(),
        "assets/stylesheets/source_colours.css": source_styles(),
    }
    for uri, content in made.items():
        files.append(File.generated(config, uri, content=content))
    return env
