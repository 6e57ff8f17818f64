# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Commands on folders of records that are damaged, empty, or somebody else's."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from experiments_runs import place, quick

from experiments.__main__ import main
from experiments.execution import locks
from experiments.execution.processes import perform
from experiments.records import load, pack, path_of
from experiments.sealed import version

WORKLOAD = "synthetic_least_squares"
BAD = quick("sgd_m", 0.1).id


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two records."""
    folder = tmp_path_factory.mktemp("made")
    for method in ("momo", "sgd_m"):
        perform(quick(method, 0.1), place(folder))
    return folder


@pytest.fixture
def damaged(made: Path, tmp_path: Path) -> Path:
    """Return a folder with two records, one of them with a flipped bit."""
    folder = tmp_path / "damaged"
    shutil.copytree(made, folder)
    path = path_of(folder, BAD)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return folder


@contextmanager
def unprivileged() -> Iterator[None]:
    """Let permissions hold for root, too."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def others(made: Path) -> Iterator[Path]:
    """Return a folder with two records and a run in flight, in which nothing can be written."""
    folder = Path(tempfile.mkdtemp()) / "others"
    shutil.copytree(made, folder)
    with locks.claimed(folder, "f" * 16, wait=False) as report:
        report(0.5)
        paths = [folder, *folder.rglob("*")]
        for path in (*paths, folder.parent):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield folder
        for path in (*paths, folder.parent):
            path.chmod(stat.S_IRWXU)
    shutil.rmtree(folder.parent)


def reading(folder: Path) -> dict[str, list[str]]:
    """Return the commands that only read, by what the outputs of all of them have to contain."""
    return {
        "status": ["status", "--records", str(folder)],
        "summary": ["summary", "--records", str(folder)],
        "inspect": ["inspect", quick("momo", 0.1).id[:8], "--records", str(folder)],
    }


@pytest.mark.parametrize("command", ["status", "summary", "inspect"])
def test_commands_that_read_name_a_damaged_record_and_go_on(
    damaged: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    before = sorted(damaged.iterdir())
    assert main(reading(damaged)[command]) == 0
    out, error = capsys.readouterr()
    assert "momo" in out.lower()
    assert f"{path_of(damaged, BAD)} is no readable record (its bytes are not those" in error
    assert error.count("\n") == 1
    assert sorted(damaged.iterdir()) == before


def test_status_shows_what_was_set_aside(damaged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", WORKLOAD, "--preset", "smoke", "--methods", "momo", "--lrs", "0.1"]
    options = ["--seeds", "0", "--device", "cpu", "--records", str(damaged)]
    assert main([*command, *options]) == 0
    assert f"set aside as {BAD}.parquet.damaged" in capsys.readouterr().err
    assert main(["status", "--records", str(damaged)]) == 0
    out, error = capsys.readouterr()
    assert f"set aside, since it is damaged: {BAD}.parquet.damaged" in out
    assert error == ""


def test_a_damaged_file_that_is_named_itself_is_an_error(
    damaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["summary", "--records", str(path_of(damaged, BAD))]) == 2
    error = capsys.readouterr().err
    assert "is no readable record" in error
    assert "left out" not in error


def test_packing_refuses_a_damaged_record(
    damaged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["pack", WORKLOAD, "--preset", "smoke", "--methods", "momo", "sgd_m", "--lrs", "0.1"]
    options = ["--seeds", "0", "--records", str(damaged), "--out", str(tmp_path / "packed")]
    assert main([*command, *options]) == 2
    assert f"{BAD}.parquet is no readable record" in capsys.readouterr().err
    assert not (tmp_path / "packed").exists()


def test_packing_a_packed_file_keeps_all_of_it(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever its version is, and however many steps it has."""
    import polars as pl

    target = tmp_path / "old.parquet"
    pack([made], target, steps=1000)
    pl.read_parquet(target).write_parquet(target)
    before = load(target)
    assert version(target.read_bytes()) == 1
    assert main(["pack", str(target), "--steps", "1"]) == 0
    assert "2 runs" in capsys.readouterr().out
    after = load(target)
    assert version(target.read_bytes()) == 2
    for name in ("runs", "epochs", "steps", "layers"):
        assert getattr(after, name).equals(getattr(before, name))


def test_an_empty_folder_has_no_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands = reading(tmp_path)
    assert main(commands["status"]) == 0
    said = " ".join(capsys.readouterr().out.split())  # a narrow terminal breaks the line
    assert f"no records in {tmp_path}" in said
    assert main(commands["summary"]) == 2
    assert f"no records in {tmp_path}" in capsys.readouterr().err
    assert main(commands["inspect"]) == 2
    assert f"fits 0 of 0 runs in {tmp_path}" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["status", "summary", "inspect"])
def test_commands_that_read_need_not_write(
    others: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    main(reading(others)[command])  # all modules are imported after that
    capsys.readouterr()
    with unprivileged():
        with pytest.raises(PermissionError):
            (others / "a").touch()
        assert main(reading(others)[command]) == 0
    out, error = capsys.readouterr()
    assert error == ""
    assert "momo" in out.lower()
    # Its lock cannot be tried: the sign is believed.
    assert command != "status" or "in flight: ffffffffffffffff  50%" in out


def test_a_run_where_nothing_can_be_written_says_where(
    others: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", WORKLOAD, "--preset", "smoke", "--methods", "momo", "--lrs", "0.2"]
    options = ["--seeds", "0", "--device", "cpu", "--records", str(others)]
    with unprivileged():
        assert main([*command, *options]) == 2
    error = capsys.readouterr().err
    assert f"Permission denied: '{others}" in error
    assert "Traceback" not in error


def test_the_summary_is_of_the_project_unless_others_are_named(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One's own runs in the working folder are pointed at, and do not count."""
    results = tmp_path / "results"
    results.mkdir()
    shutil.copy(path_of(made, BAD), results)
    shutil.copytree(made, tmp_path / "records")
    monkeypatch.setattr("experiments.commands.inspect.RESULTS", results)
    monkeypatch.chdir(tmp_path)
    assert main(["summary"]) == 0
    out, error = capsys.readouterr()
    assert "smoke)   SGD-M" in out
    assert "smoke)   MoMo" not in out
    assert "These are the project's records; for your own: --records records" in error
    assert main(["summary", "--records", "records"]) == 0
    out, error = capsys.readouterr()
    assert "smoke)   MoMo" in out
    assert error == ""
