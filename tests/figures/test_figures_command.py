# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command: what it writes, what it says, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from figures_records import saved

from paper_figs import command
from paper_figs.registry import FIGURES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working folder, beside which no records are found."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.places.RESULTS", tmp_path / "results")
    return tmp_path


def test_figures_are_drawn_from_records_in_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved(folder / "own")
    arguments = ["stability_mnist", "--records", "own", "--out", "out", "--formats", "png"]
    assert command.run(arguments) == 0
    assert [path.name for path in (folder / "out").iterdir()] == ["stability_mnist.png"]
    assert "stability_mnist: out/stability_mnist.png" in capsys.readouterr().out


def test_the_projects_records_are_found_and_ones_own_only_when_asked_for(folder: Path) -> None:
    saved(folder / "records")
    assert command.run(["stability_mnist"]) == 1
    (folder / "records").rename(folder / "results")
    assert command.run(["stability_mnist"]) == 0
    assert (folder / "build/figures/stability_mnist.pdf").exists()


def test_a_damaged_record_is_named_and_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved(folder / "own")
    bad = folder / "own" / f"{'0' * 16}.parquet"
    bad.write_bytes(b"PAR1")
    arguments = ["stability_mnist", "--records", "own", "--formats", "png"]
    assert command.run(arguments) == 0
    assert f"own/{bad.name} is no readable record (it is cut short" in capsys.readouterr().err
    assert bad.exists()


def test_missing_records_do_not_stop_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(["stability_mnist", "model", "--formats", "png"]) == 1
    said = capsys.readouterr()
    assert "no records of plain runs of mnist_mlp" in said.err
    assert "`python -m experiments run mnist_mlp`" in said.err
    assert [path.name for path in (folder / "build/figures").iterdir()] == ["model.png"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["stabilty"], "figure 'stabilty' is unknown; did you mean stability"),
        (["zzz"], "allowed: model, stability"),
        (["model", "--records", "nowhere"], "no records at nowhere"),
        (["model", "--out", "a_file"], "out = a_file is a file; allowed: a folder"),
        (["model", "--records", "a_file"], "a_file is no readable record"),
    ],
)
def test_wrong_arguments_end_with_a_message(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (folder / "a_file").write_text("text")
    assert command.run(arguments) == 2
    assert message in capsys.readouterr().err
    assert not (folder / "build").exists()


def test_an_unknown_name_stops_before_anything_is_drawn(folder: Path) -> None:
    assert command.run(["model", "zzz"]) == 2
    assert not (folder / "build").exists()


def test_the_list_names_every_figure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["--list"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in FIGURES)
    assert not (folder / "build").exists()


def test_the_commands_that_make_records_exist() -> None:
    from experiments.studies import STUDIES
    from experiments.workloads import WORKLOADS

    for name, entry in FIGURES.items():
        verb, *names = entry.command.split() or ["run"]
        assert verb in ("run", "sweep"), name
        known = {*WORKLOADS, *STUDIES} if verb == "sweep" else set(WORKLOADS)
        assert set(names) <= known, name


def test_every_module_of_a_figure_is_registered() -> None:
    modules = (Path(command.__file__).parent / "figures").glob("*.py")
    assert {path.stem for path in modules} - {"__init__"} == set(FIGURES)
