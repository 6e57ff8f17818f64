# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The gallery: every figure is on its page, with what it is made of, and is drawn for it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from figures_records import saved

from paper_figs import figures, gallery
from paper_figs.registry import FIGURES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "experiments" / "figures.md").read_text(encoding="utf-8")
RESULTS = ROOT / "experiments" / "RESULTS.md"
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))


def test_every_figure_is_in_the_gallery_once_and_no_other() -> None:
    assert sorted(gallery.MARK.findall(TEXT)) == sorted(FIGURES)
    assert {*SECTIONS} == {*FIGURES}


@pytest.mark.parametrize("name", FIGURES)
def test_a_section_says_what_its_figure_is_made_of(name: str) -> None:
    text, entry = " ".join(SECTIONS[name].split()), FIGURES[name]
    assert gallery.MARK.findall(SECTIONS[name]) == [name]
    assert f"`python -m paper_figs {name}`" in text
    assert ("`--methods`" in text) == entry.chosen
    made = re.findall(r"`python -m experiments ((?:run|sweep)[^`]*)`", text)
    assert made == [entry.command] * bool(entry.command)


def test_figures_that_stand_on_more_than_records_of_runs_name_no_command() -> None:
    """Whatever imports an equation, the theory or a study, at once or while it draws."""
    more = re.compile(
        r"^ *from (?:momo\.reference(?!\.checks)|theory|paper_figs\.rate_curves"
        r"|experiments\.sampling)\b",
        re.MULTILINE,
    )
    (folder,) = figures.__path__
    found = {path.stem for path in Path(folder).glob("*.py") if more.search(path.read_text())}
    assert found == {name for name, entry in FIGURES.items() if not entry.command}


def test_marks_become_pictures_that_lead_to_themselves() -> None:
    text = gallery.placed("before\n\n<!-- figure: model -->\n\nafter", "pictures")
    there = "(pictures/model.svg)"
    assert text == f"before\n\n[![{FIGURES['model'].what}]{there}]{there}\n\nafter"
    for page in (TEXT, RESULTS.read_text(encoding="utf-8")):
        assert gallery.MARK.search(page)
        assert not gallery.MARK.search(gallery.placed(page, "."))


def test_a_mark_that_names_no_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="figure 'modle' is unknown; did you mean model"):
        gallery.placed("<!-- figure: modle -->", ".")


def test_only_what_is_older_than_its_sources_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, folder = tmp_path / "records", tmp_path / "drawn"
    saved(source)
    monkeypatch.setattr("experiments.places.RESULTS", source)
    monkeypatch.setattr(gallery, "ROOT", tmp_path)
    monkeypatch.setattr(gallery, "MADE_OF", ("records",))
    names = ("model", "stability_mnist")
    monkeypatch.setattr(gallery, "FIGURES", {name: FIGURES[name] for name in names})
    paths = gallery.drawn(folder)
    assert paths == [folder / f"{name}.svg" for name in names]
    first = [path.read_bytes() for path in paths]
    for text in first:
        assert ElementTree.fromstring(text).tag.endswith("svg")
        assert b"<dc:date>" not in text
    for path in paths:
        path.write_text("changed")
    os.utime(paths[0], (0, 0))
    assert gallery.drawn(folder) == paths
    assert paths[0].read_bytes() == first[0]
    assert paths[1].read_text() == "changed"
