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


OWN = """
from paper_figs import style
from paper_figs.results import of_workload

NUMBER = 3


def draw(records):
    figure = style.new(3, 2)
    figure.subplots().plot([records.runs.height])
    return figure


def chosen(records, methods=("momo",)):
    of_workload(records, "mnist_mlp")
    return draw(records)


def two(records, more): ...


def nothing(records): ...


def broken(records):
    return records.runs["nonsense"]
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of records."""
    folder = tmp_path_factory.mktemp("recorded")
    saved(folder)
    return folder


@pytest.fixture
def own(folder: Path, recorded: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder, with figures of one's own and records."""
    (folder / "own_figures.py").write_text(OWN)
    monkeypatch.syspath_prepend(folder)
    (folder / "records").symlink_to(recorded)
    return folder


def test_figures_of_ones_own_are_called_as_their_module(own: Path) -> None:
    names = ("own_figures:draw", "own_figures:chosen", "model")
    options = ("--records", "records", "--formats", "svg", "--out", "out")
    assert command.run([*names, *options]) == 0
    found = {path.name for path in (own / "out").iterdir()}
    assert found == {"own_figures.svg", "own_figures_chosen.svg", "model.svg"}
    assert command.run(["own_figures:chosen", "--methods", "momo", *options]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["own_figures:drow"], "figure 'own_figures:drow' cannot be loaded: module 'own_figures'"),
        (["own_figures:NUMBER"], "figure 'own_figures:NUMBER' is of type int; allowed: a function"),
        (["own_figures:two"], "missing a required argument: 'more'; allowed: a function of rec"),
        (["own_figures:nothing"], "is drawn as NoneType; allowed: a matplotlib Figure"),
        (["own_figures:broken"], 'own_figures.py", line 26, in broken'),
        (["own_figures:draw", "--methods", "momo"], "methods of the figure own_figures:draw are"),
        (["own_figures:draw", "x.own_figures:draw"], "figure 'x.own_figures:draw' cannot be load"),
    ],
)
def test_what_is_wrong_with_a_figure_of_ones_own_is_said(
    own: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert command.run([*arguments, "--records", "records"]) == 2
    assert message in capsys.readouterr().err
    assert not (own / "build").exists()


def test_two_figures_of_one_name_are_refused(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "model.py").write_text(OWN)
    assert command.run(["model", "model:draw"]) == 2
    assert "names has model and model:draw, which are both called model" in capsys.readouterr().err


def test_what_has_no_records_goes_on_and_names_no_command_that_it_does_not_know(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved(own / "other", ("synthetic_least_squares",))
    options = ("--records", "other", "--formats", "png")
    assert command.run(["own_figures:chosen", "own_figures:draw", *options]) == 1
    assert "no records of runs of mnist_mlp; give their folder to --rec" in capsys.readouterr().err
    assert [path.name for path in (own / "build/figures").iterdir()] == ["own_figures.png"]
