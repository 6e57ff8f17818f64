# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What theory/README.md says of theorems and numbers is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from theory import bounds, traps
from theory.kernel import sources
from theory.proofs.outcomes import Outcome
from theory.theorems import THEOREMS
from theory.worst_case.setting import Setting
from theory.worst_case.store import Store

HEADER = "| theorem | statement | kernel | by | tightness |"
TEXT = (Path(__file__).parents[2] / "theory" / "README.md").read_text(encoding="utf-8")


def rows(header: str) -> list[list[str]]:
    """Return the cells of the table that has this header."""
    table = TEXT.partition(header)[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    assert lines
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_theorem_is_there_with_who_proves_it(proven: tuple[Outcome, ...]) -> None:
    said: dict[str, str] = {}
    for name, _, _, by, _ in rows(HEADER):
        said |= dict(zip(re.findall(r"`(\w+)`", name), by.split(", "), strict=True))
    assert set(said) == set(THEOREMS)
    for outcome in proven:
        count = " + ".join(str(outcome.count(who)) for who in ("solver", "algebra", "hand"))
        assert said[outcome.theorem] == count, outcome.theorem


def test_where_the_kernel_has_it() -> None:
    paths = {item.full_name: file.path for file in sources.read() for item in file.stated}
    for name, _, kernel, _, _ in rows(HEADER):
        theorems = [THEOREMS[word] for word in re.findall(r"`(\w+)`", name)]
        stated = {paths[statement] for theorem in theorems for statement in theorem.kernel}
        assert set(re.findall(r"`([\w/]+)`", kernel)) == stated


def test_what_the_kernel_alone_has() -> None:
    """Each statement is where the table says."""
    files = sources.read()
    for names, _, where in rows("| theorem | statement | where |"):
        places = tuple(re.findall(r"`([\w/]+)`", where))
        for name in re.findall(r"`(\w+)`", names):
            (path,) = (f.path for f in files for item in f.stated if item.name == name)
            assert path.startswith(places), name


def test_all_that_is_argued_by_hand_is_named() -> None:
    from theory.theorems import LEMMAS

    for name, lemma in LEMMAS.items():
        if lemma.by.who == "hand":
            assert f"`{name}`" in TEXT


@pytest.mark.parametrize("row", rows("| trap, from zero |"), ids=lambda row: "-".join(row[:2]))
def test_the_bounds_are_those_of_the_formulas(row: list[str]) -> None:
    beta, count = float(row[0]), int(row[1])
    expected = [bounds.paper(beta, count), bounds.two_ends(beta, count)]
    for averaging in ("from_first", "from_zero"):
        last = traps.least_rest(beta, count, averaging)
        made = traps.one_function(beta, count, averaging, last)
        expected += [bounds.sharp(beta, count, averaging), 1 / made.distance]
    assert row[2:] == [f"{float(value):.4f}" for value in expected]


def test_the_worst_cases_are_those_that_are_stored() -> None:
    header = "| K | β = 0 | 0.3 | 0.5 | 0.7 | 0.9 | 0.99 |"
    stored = Store().found
    for count, *cells in rows(header):
        for beta, cell in zip((0.0, 0.3, 0.5, 0.7, 0.9, 0.99), cells, strict=True):
            value = stored[Setting(beta, int(count))].value
            # a longer search may raise what is stored a little
            assert float(cell) == pytest.approx(value, abs=2e-4)


def test_the_order_that_is_quoted() -> None:
    for text, value in (
        ("0.2655 at K = 1000", bounds.given_order_construction(0.9, 1000)),
        ("0.2889 and", bounds.two_ends(0.9, 1000)),
    ):
        assert text in TEXT
        assert float(text.split()[0]) == pytest.approx(float(value), abs=6e-5)


def test_what_is_in_words_is_counted(proven: tuple[Outcome, ...]) -> None:
    lemmas = {lemma.name: lemma for outcome in proven for lemma in outcome.lemmas}
    by_hand = sum(lemma.who == "hand" for lemma in lemmas.values())
    cited = [one for lemma in lemmas.values() for one in lemma.citations]
    listed = sum(not one.source for one in cited)
    said = f"{by_hand} of {len(lemmas)} lemmas are, {listed} of {len(cited)} citations"
    assert said in TEXT
