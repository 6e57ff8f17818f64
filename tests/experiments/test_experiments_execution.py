# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sweeps: no run twice, none lost but the one in flight, several sweeps in one folder."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import torch
from experiments_runs import WORKLOAD, place, quick, task, trained, workload
from torch import nn

from experiments import records
from experiments.__main__ import main
from experiments.config import product
from experiments.execution import locks, processes
from experiments.execution.processes import carry_out, pending, perform
from experiments.records import finished, load, path_of

ROOT = Path(__file__).parents[2]
GRID = ["--methods", "momo", "sgd_m", "--lrs", "0.01", "0.1", "--seeds", "0", "1", "2"]


def arguments(folder: Path, *more: str) -> list[str]:
    """Return the arguments of a sweep of 12 runs."""
    command = ["run", "synthetic_least_squares", "--preset", "smoke", *GRID]
    return [*command, "--records", str(folder), "--device", "cpu", *more]


def sweep(folder: Path, *more: str, **options: Any) -> subprocess.Popen[str]:
    """Start a sweep of 12 runs in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "experiments", *arguments(folder, *more)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def wait_for_records(folder: Path, process: subprocess.Popen[str], count: int = 1) -> None:
    deadline = time.monotonic() + 120
    while len(list(folder.glob("*.parquet"))) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)


def all_gone(group: int) -> bool:
    """Return whether all processes of a group end within ten seconds."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_finished_runs_are_not_repeated(tmp_path: Path) -> None:
    runs = product(workload(), "smoke", ("momo",), (0.1,), (0, 1))
    assert pending([*runs, *runs], tmp_path) == runs
    (outcome,) = carry_out(runs[:1], place(tmp_path), 1)
    assert outcome.status == "done"
    assert pending(runs, tmp_path) == runs[1:]
    written = path_of(tmp_path, runs[0].id).stat().st_mtime_ns
    assert perform(runs[0], place(tmp_path)).status == "found"
    assert path_of(tmp_path, runs[0].id).stat().st_mtime_ns == written


def test_packed_runs_are_not_repeated(tmp_path: Path) -> None:
    runs = product(workload(), "smoke", ("momo",), (0.1,), (0, 1))
    list(carry_out(runs, place(tmp_path / "a"), 1))
    records.pack([tmp_path / "a"], tmp_path / "b" / "all.parquet")
    assert pending(runs, tmp_path / "b") == []


def test_processes_give_the_same_records_as_one(tmp_path: Path) -> None:
    runs = product(workload(), "smoke", ("momo", "adam"), (0.01, 0.1), (0,))
    for folder, jobs in ((tmp_path / "one", 1), (tmp_path / "two", 2)):
        assert {outcome.status for outcome in carry_out(runs, place(folder), jobs)} == {"done"}
    one, two = load(tmp_path / "one"), load(tmp_path / "two")
    assert one.epochs.drop("time").equals(two.epochs.drop("time"))
    assert one.steps.equals(two.steps)


def test_a_run_that_another_process_is_doing_is_left_to_it(tmp_path: Path) -> None:
    run = quick()
    with locks.claimed(tmp_path, run.id, wait=False) as report:
        report(0.25)
        (sign,) = locks.in_flight(tmp_path)
        assert (sign.run, sign.share) == (run.id, 0.25)
        assert locks.shares(tmp_path, {run.id}) == 0.25
        assert locks.shares(tmp_path, {"of another sweep"}) == 0
        code = (
            "import sys; from pathlib import Path; from experiments.execution import locks\n"
            "try:\n"
            "    with locks.claimed(Path(sys.argv[1]), sys.argv[2], wait=False): pass\n"
            "except locks.BusyError: sys.exit(7)"
        )
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path), run.id], cwd=ROOT)
        assert done.returncode == 7
    assert locks.in_flight(tmp_path) == []
    assert list((tmp_path / ".running").iterdir()) == []
    assert perform(run, place(tmp_path)).status == "done"


def test_a_sign_of_a_process_that_is_gone_is_not_believed(tmp_path: Path) -> None:
    run = quick()
    with locks.claimed(tmp_path, run.id, wait=False) as report:
        report(0.5)
        sign = (tmp_path / ".running" / f"{run.id}.json").read_text()
    (tmp_path / ".running" / f"{run.id}.json").write_text(sign)
    (tmp_path / ".running" / f"{run.id}.lock").touch()
    assert locks.in_flight(tmp_path) == []


def test_two_sweeps_share_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One of them here, from when the other has begun."""
    other = sweep(tmp_path, "--jobs", "1", "--epochs", "20")
    wait_for_records(tmp_path, other)
    assert main(arguments(tmp_path, "--jobs", "1", "--epochs", "20")) == 0
    out, error = other.communicate(timeout=300)
    assert other.returncode == 0, error
    assert len(finished(tmp_path)) == 12
    lines = [line for line in (out + capsys.readouterr().out).splitlines() if " lr " in line]
    assert sum("done" in line for line in lines) == 12


# One process is killed in the test of checkpoints, too.
@pytest.mark.parametrize("jobs", [pytest.param("1", marks=pytest.mark.slow), "2"])
def test_after_kill_nine_the_rest_is_done(
    tmp_path: Path, jobs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By one process, however many were killed."""
    process = sweep(tmp_path, "--jobs", jobs, "--epochs", "20", start_new_session=True)
    wait_for_records(tmp_path, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = finished(tmp_path)
    assert 0 < len(before) < 12
    times = {run: path_of(tmp_path, run).stat().st_mtime_ns for run in before}
    assert main(arguments(tmp_path, "--jobs", "1", "--epochs", "20")) == 0
    assert f"{len(before)} of 12" in capsys.readouterr().out
    assert len(finished(tmp_path)) == 12
    assert times == {run: path_of(tmp_path, run).stat().st_mtime_ns for run in before}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_all_processes_and_leaves_whole_records(tmp_path: Path, jobs: str) -> None:
    process = sweep(tmp_path, "--jobs", jobs, "--epochs", "20", start_new_session=True)
    wait_for_records(tmp_path, process)
    os.killpg(process.pid, signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130, (out, error)
    assert "Traceback" not in error
    assert re.search(r"\b\d+ of 12 runs have a record in .* kept", error), error
    assert f"to go on: python -m experiments run {WORKLOAD} --preset smoke" in error
    assert all_gone(process.pid)
    assert 0 < len(load(tmp_path).runs) < 12


def test_a_process_that_is_killed_is_told(tmp_path: Path) -> None:
    process = sweep(tmp_path, "--jobs", "2", "--epochs", "200", start_new_session=True)
    wait_for_records(tmp_path, process)
    deadline = time.monotonic() + 60
    while not (signs := locks.in_flight(tmp_path)):  # between two runs a process is in none
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(int(signs[0].process.split()[0]), signal.SIGKILL)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "a process was killed by SIGKILL in" in error
    assert "synthetic_least_squares" in error.partition("a process was killed")[2]
    assert "Traceback" not in error
    assert 0 < len(load(tmp_path).runs) < 12


def test_with_checkpoints_not_even_the_run_in_flight_is_lost(tmp_path: Path) -> None:
    command = ("--jobs", "1", "--epochs", "400", "--checkpoint")
    process = sweep(tmp_path, *command, start_new_session=True)
    deadline = time.monotonic() + 120
    while not list((tmp_path / "checkpoints").glob("*.pt")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    (checkpoint,) = (tmp_path / "checkpoints").glob("*.pt")
    run = quick("momo", 0.01, epochs=400)
    assert checkpoint.stem == run.id

    class GoesOnError(Exception):
        """As far as is looked at here."""

    def report(share: float) -> None:
        assert share > 1 / 400
        raise GoesOnError

    with pytest.raises(GoesOnError):
        trained(run, checkpoint=checkpoint, report=report)


def test_an_error_of_a_run_is_told_and_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = product(workload(), "smoke", ("momo", "adam"), (0.1,), (0,))
    given = task()

    def loss(model: nn.Module, batch: Any) -> torch.Tensor:
        monkeypatch.setattr(processes, "task_of", lambda run, data: given)
        raise RuntimeError("out of [memory]")

    broken = replace(given, loss=loss)
    monkeypatch.setattr(processes, "task_of", lambda run, data: broken)
    outcomes = list(carry_out(runs, place(tmp_path), 1))
    assert [outcome.status for outcome in outcomes] == ["failed", "done"]
    assert outcomes[0].said == "RuntimeError: out of [memory]"
    # from where the loss is called
    assert outcomes[0].trace.count("File ") == 1
    assert "in loss" in outcomes[0].trace


def test_a_full_disk_is_a_clear_error(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk."""
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
    code = limited + "from experiments.__main__ import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments(tmp_path, "--jobs", "1")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert re.search(r"File too large: .*\.parquet", done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("*.parquet")) == []
    assert list(tmp_path.glob(".*.part")) == []


def test_a_damaged_record_is_set_aside_and_its_run_is_done_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = arguments(tmp_path, "--methods", "momo", "--lrs", "0.1", "--jobs", "1")
    assert main(command) == 0
    whole = load(tmp_path)
    path = path_of(tmp_path, whole.runs["run"][0])
    bad = path.read_bytes().replace(b"momo", b"nono", 1)
    path.write_bytes(bad)
    capsys.readouterr()
    assert main(command) == 0
    out, error = capsys.readouterr()
    assert f"{path} is no readable record" in error
    assert f"set aside as {path.name}.damaged, its runs are repeated" in error
    assert "2 of 3 runs have a record already" in out
    assert path.with_name(f"{path.name}.damaged").read_bytes() == bad
    assert load(tmp_path).epochs.drop("time").equals(whole.epochs.drop("time"))


def test_the_runs_of_a_diverging_method_have_a_line_and_a_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, "--lrs", "1e6", "--jobs", "1")) == 0
    assert "diverged" in capsys.readouterr().out
    runs = load(tmp_path).of(pl.col("method") == "sgd_m").runs
    assert set(runs.get_column("status")) == {"diverged"}
