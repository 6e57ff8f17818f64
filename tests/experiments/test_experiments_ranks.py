# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Several ranks train one model as one process does; jobs do what the command does."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from experiments_runs import place, quick, workload

from experiments import records
from experiments.commands.options import Execution
from experiments.config import product
from experiments.execution import locks
from experiments.execution.jobs import carry_out_in_jobs, packed
from experiments.execution.processes import carry_out
from experiments.records import Records, load

ROOT = Path(__file__).parents[2]


def start_torchrun(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    options = ["--records", str(folder), "--device", "cpu", "--seeds", "0"]
    return subprocess.Popen(
        [*command, "-m", "experiments", "run", "synthetic_least_squares", "--preset", "smoke",
         *arguments, *options],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


METHODS = ("momo", "momo_adam", "iam_adam", "schedule_free_polyak", "muon_max_momo", "sgd_m")


HELD = ("sgd_m", 0.1)
"""The run that another sweep is doing at first."""


@pytest.fixture(scope="module")
def by_two(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """Records of two ranks: of lr 0.1, and of 1e6, where SGD diverges.

    All is done but the run that is held, and then that one: without, this ends with an error.
    """
    folder = tmp_path_factory.mktemp("two")
    runs = product(workload(), "smoke", METHODS, (0.1, 1e6), (0,))
    (held,) = (run.id for run in runs if (run.method, run.lr) == HELD)
    with locks.claimed(folder, held, wait=False):
        process = start_torchrun(folder, "--methods", *METHODS, "--lrs", "0.1", "1e6")
        deadline = time.monotonic() + 120
        while records.finished(folder) != {run.id for run in runs} - {held}:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.05)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return load(folder)


def test_two_ranks_do_what_one_process_does(tmp_path: Path, by_two: Records) -> None:
    """The sums are in another order: single precision over 50 steps of a contraction."""
    runs = product(workload(), "smoke", METHODS, (0.1,), (0,))
    list(carry_out(runs, place(tmp_path / "one"), 1))
    one, two = load(tmp_path / "one"), by_two.of(pl.col("lr") == 0.1)
    assert two.runs.get_column("ranks").to_list() == [2] * len(METHODS)
    for column in ("train_loss", "validation_loss", "test_loss"):
        expected = one.epochs.get_column(column).drop_nulls().to_list()
        found = two.epochs.get_column(column).drop_nulls().to_list()
        assert found == pytest.approx(expected, rel=1e-3, abs=1e-6)
    sizes = one.steps.get_column("step_size").drop_nulls().to_list()
    assert two.steps.get_column("step_size").drop_nulls().to_list() == pytest.approx(
        sizes, rel=1e-2
    )


def test_ranks_diverge_together(by_two: Records) -> None:
    far = (pl.col("lr") == 1e6) & (pl.col("method") == "sgd_m")
    (about,) = by_two.of(far).runs.to_dicts()
    assert about["status"] == "diverged"
    assert about["ranks"] == 2


def test_ranks_wait_together_for_a_run_of_another_sweep(by_two: Records) -> None:
    """Which `by_two` lets go when all else is done."""
    method, lr = HELD
    assert by_two.of((pl.col("method") == method) & (pl.col("lr") == lr)).runs.height == 1


def test_jobs_leave_the_records_of_the_command_and_tell_what_fails(tmp_path: Path) -> None:
    runs = product(workload(), "smoke", ("momo", "adam"), (0.1,), (0, 1))
    bad = replace(quick(seed=2), scale={"of": "a preset that was changed"})
    execution = Execution(tmp_path / "jobs", device="cpu", executor="local-jobs", runs_per_job=3)
    said: list[str] = []
    outcomes = list(carry_out_in_jobs([*runs, bad], execution.place(), execution, said.append))
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    assert sorted(outcome.status for outcome in outcomes) == ["done"] * 4 + ["failed"], outcomes
    assert "preset = 'other'" in failed[0].said
    assert "2 jobs for 5 runs" in said[0]
    list(carry_out(runs, place(tmp_path / "here"), 1))
    jobs, here = load(tmp_path / "jobs"), load(tmp_path / "here")
    assert jobs.epochs.drop("time").equals(here.epochs.drop("time"))


def test_a_killed_job_is_told_with_its_signal_its_run_and_its_log(tmp_path: Path) -> None:
    """The process that trains is killed once the run is in flight, and has a sign of life."""
    run = quick(epochs=100_000)
    execution = Execution(tmp_path, device="cpu", executor="local-jobs")

    def kill() -> None:
        deadline = time.monotonic() + 120
        while not (signs := list((tmp_path / ".running").glob("*.json"))):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process = json.loads(signs[0].read_text())["process"].split()[0]
        os.kill(int(process), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    (outcome,) = carry_out_in_jobs([run], execution.place(), execution, lambda text: None)
    killer.join()
    assert outcome.status == "failed"
    assert re.search(
        r"its job \d+ ended: killed by SIGKILL, perhaps for want of memory, in this run; its log: ",
        outcome.said,
    ), outcome.said
    assert Path(outcome.said.rpartition("its log: ")[2]).exists()


def test_packs_hold_every_run_once_and_few_workloads() -> None:
    runs = [replace(quick(seed=i), workload="ab"[i % 2]) for i in range(10)]
    packs = packed(runs, 3)
    assert sorted(run.id for pack in packs for run in pack) == sorted(run.id for run in runs)
    assert max(map(len, packs)) == 3
    assert sum(len({run.workload for run in pack}) for pack in packs) == len(packs) + 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"jobs": 0}, "jobs = 0; allowed: at least 1"),
        ({"threads": 0}, "threads = 0"),
        ({"runs_per_job": 0}, "runs_per_job = 0"),
        ({"hours": 0.0}, "hours = 0"),
        ({"gpus_per_job": -1}, "gpus_per_job = -1"),
        ({"ranks_per_run": 2}, "torchrun --nproc-per-node"),
    ],
)
def test_wrong_options_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Execution(**wrong).check()


def test_ranks_do_one_run_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ValueError, match="jobs = 2 under torchrun; allowed: 1"):
        Execution(jobs=2, device="cpu").check()


def test_without_slurm_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    execution = Execution(tmp_path, device="cpu", executor="slurm")
    with pytest.raises(ValueError, match="executor = slurm cannot be used"):
        list(carry_out_in_jobs([quick()], execution.place(), execution, lambda text: None))
