# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command: what it prints, what it refuses, with which status it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from experiments_runs import place, quick

from experiments import records
from experiments.__main__ import main
from experiments.execution.processes import perform
from experiments.optimizers import OPTIMIZERS
from experiments.studies import STUDIES
from experiments.studies.failures import GALLERY
from experiments.workloads import WORKLOADS

ROOT = Path(__file__).parents[2]
QUICK = ["synthetic_least_squares", "--preset", "smoke", "--device", "cpu", "--jobs", "1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("records")
    for method in ("momo", "sgd_m"):
        for lr in (0.1, 1e6):
            for seed in (0, 1):
                perform(quick(method, lr, seed), place(where))
    return where


def said(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    out, error = capsys.readouterr()
    return " ".join(out.split()), error


def test_list_names_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    out, _ = said(capsys)
    for name in (*WORKLOADS, *STUDIES, *OPTIMIZERS):
        assert name in out


def test_run_makes_records_and_sums_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--methods", "momo", "--lrs", "0.1", "--seeds", "0", "1"]
    command = ["run", *QUICK, *options, "--records", str(tmp_path)]
    assert main(command) == 0
    out, _ = said(capsys)
    assert "2/2 done synthetic_least_squares momo lr 0.1 seed 1" in out
    assert "Best scores" in out
    assert len(records.finished(tmp_path)) == 2
    assert main(command) == 0
    assert "2 of 2 runs have a record already" in said(capsys)[0]


def test_status_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--records", str(folder)]) == 0
    out, _ = said(capsys)
    assert "synthetic_least_squares" in out
    assert "momo │ 4 │ 4 │ 0" in out
    assert "sgd_m │ 4 │ 2 │ 2" in out


def test_summary_prints_and_writes(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "summary.md"
    assert main(["summary", "--records", str(folder), "--markdown", str(target)]) == 0
    assert "SGD-M" in said(capsys)[0]
    assert "SGD-M" in target.read_text(encoding="utf-8")


def test_pack_wants_all_runs(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--preset", "smoke", "--methods", "momo", "--lrs", "0.1", "--records", str(folder)]
    command = ["pack", "synthetic_least_squares", *options, "--out", str(tmp_path)]
    assert main([*command, "--seeds", "0", "1"]) == 0
    assert "2 runs" in said(capsys)[0]
    packed = tmp_path / "synthetic_least_squares.parquet"
    assert records.finished(packed) == {quick("momo", 0.1, seed).id for seed in (0, 1)}
    assert main([*command, "--seeds", "0", "1", "7"]) == 2
    assert "1 of 3 runs of synthetic_least_squares have no record" in said(capsys)[1]


def test_missing_data_are_told_before_anything_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", "mnist_mlp", "--data", str(tmp_path), "--records", str(tmp_path / "records")]
    assert main([*command, "--device", "cpu"]) == 2
    assert "python -m experiments data mnist" in said(capsys)[1]
    assert not (tmp_path / "records").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "mnist_ml"], "mnist_mlp"),
        (["run", *QUICK, "--methods", "momoo"], "momo"),
        (["run", *QUICK, "--lrs", "0"], "lr = 0"),
        (["run", *QUICK, "--lb", "1", "--methods", "adam"], "does not use it"),
        (["run", *QUICK, "--device", "gpu"], "device = gpu cannot be used"),
        (["sweep", "everything"], "'everything' is unknown; allowed: mnist_mlp"),
        (["status", "--records", "/nowhere"], "records = /nowhere is no folder"),
        (["summary", "--records", "/nowhere"], "no records at /nowhere"),
        (["data", "mnists"], "mnist"),
        (["bench", "--rounds", "0"], "rounds = 0; allowed: at least 1"),
        (["pack", "nothing"], "nothing"),
    ],
)
def test_wrong_arguments_end_with_two(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if arguments[0] == "run":
        arguments = [*arguments, "--records", str(tmp_path)]
    assert main(arguments) == 2
    assert message in said(capsys)[1]


def test_help_is_there_at_once_and_needs_no_torch() -> None:
    code = (
        "import sys\n"
        "from experiments.__main__ import main\n"
        "try:\n    main(['run', '--help'])\n"
        "except SystemExit:\n    pass\n"
        "sys.exit({'torch', 'polars', 'joblib', 'matplotlib'} & set(sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--lrs" in done.stdout


def test_bench_prints_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["bench", "--epochs", "1", "--rounds", "1", "--methods", "momo", "--workers", "1"]
    assert main(command) == 0
    out, _ = said(capsys)
    assert "by hand, Adam" in out


def test_every_study_plans_runs_of_each_seed() -> None:
    for study in STUDIES.values():
        runs = study.runs((0, 1))
        assert {run.seed for run in runs} == {0, 1}
        # cures in the gallery may be the same run
        assert study.name == "failures" or len({run.id for run in runs}) == len(runs)


def test_a_cure_changes_what_it_says() -> None:
    for failure in GALLERY:
        failing, cured = failure.runs(0)
        assert failing.id != cured.id
        assert (failing.workload, failing.seed) == (cured.workload, cured.seed)
