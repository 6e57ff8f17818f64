# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The table of methods as it is printed, and what a row says beside what its parts are."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from momo.bench import table
from momo.bench.contestants import TIMED
from momo.conformance.subject import NAMES
from momo.methods import METHODS, Row
from momo.reference import AdaptiveHeavyBall, Displacement, Identity


def page(rows: list[Row], costs: list[str]) -> str:
    """Return a page with the table and the sections."""
    holds = [*table.HEADER, *map(table.line, rows, costs)]
    what = [table.BEGIN, "\n\n".join(map(table.section, rows)), "", table.END]
    return "\n".join(["# Page", "", *holds, "", "Between.", "", *what, "The end.", ""])


def test_the_table_measures_what_is_new_or_named_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {name: METHODS[name] for name in ("momo", "momo_star", "ngn_m")}
    monkeypatch.setattr(table, "METHODS", rows)
    monkeypatch.setattr(table, "costs", lambda names: dict.fromkeys(names, 5.0))
    two = ("momo", "momo_star")
    path = tmp_path / "page.md"
    path.write_text(page([rows[name] for name in two], ["3.0"] * 2))
    assert table.main(["momo_star", "--into", str(path)]) == 0
    assert "measured: momo_star, ngn_m;" in capsys.readouterr().out
    expected = page(list(rows.values()), ["3.0", "5.0", "5.0"])
    assert path.read_text() == expected
    assert table.main(["--into", str(path)]) == 0
    assert path.read_text() == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], "method 'nope' is unknown; allowed: momo,"),
        (["--into", "empty.md"], "a table is not there; allowed: a file with the line | name"),
        (["--into", "none.md"], "No such file"),
    ],
)
def test_the_table_refuses_what_it_cannot_write(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.md").touch()
    assert table.main(arguments) == 2
    assert said in capsys.readouterr().err


OF_SGD = (Identity, AdaptiveHeavyBall, Displacement)


def test_every_base_is_timed() -> None:
    """Methods whose metric is I, or that have none, are set against SGD-M; others against Adam."""
    for row in METHODS.values():
        metric = row.capped(row.defaults, (1,)).preconditioner
        assert row.base == ("sgd_m" if isinstance(metric, OF_SGD) else "adam")
    assert {row.base for row in METHODS.values()} == set(TIMED)


@pytest.mark.parametrize("row", METHODS.values(), ids=METHODS)
def test_a_row_says_what_of_it_is_ours(row: Row) -> None:
    """Of what is derived here, something is."""
    assert row.ours or "derived here" not in row.source


@pytest.mark.parametrize("row", METHODS.values(), ids=METHODS)
def test_a_section_says_what_a_method_is(row: Row) -> None:
    said = table.section(row)
    assert said.startswith(f"### `{row.name}`\n")
    assert f"`{row.optimizer}`" in said
    assert "x^{k+1} &= " in said or "X^{k+1} &= " in said
    assert said.count("$$") == 2


@pytest.mark.parametrize("row", METHODS.values(), ids=METHODS)
def test_a_row_names_all_hyper_parameters_of_its_class(row: Row) -> None:
    """The table reads no signature, for that would import torch; so it is held to them here."""
    known = inspect.signature(row.torch_class().__init__).parameters
    assert set(row.arguments) == set(known) & set(NAMES)
    assert set(row.fixed) <= set(known)
    assert {hasattr(row.torch_class(), mode) for mode in ("train", "eval")} == {row.modes}
