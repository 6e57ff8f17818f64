# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a terminal shows while runs go on, and what `inspect` shows of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from experiments_runs import place, quick
from rich.console import Console

from experiments.__main__ import main
from experiments.commands.options import Execution
from experiments.commands.show import Lines
from experiments.execution import locks
from experiments.execution.processes import perform

COMMAND = [
    "run",
    "synthetic_least_squares",
    "--preset",
    "smoke",
    "--methods",
    "momo",
    "--jobs",
    "1",
]


def test_the_bar_tells_the_time_left_within_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "SIGN_EVERY", 0.0)
    run, seconds = quick(), iter([0.0, 10.0, 20.0])
    lines = Lines(Console(quiet=True), tmp_path, {run.id, "another"})
    task = lines.progress.tasks[0]
    lines.progress.get_time = lambda: next(seconds)
    with (
        locks.claimed(tmp_path, run.id, wait=False) as report,
        locks.claimed(tmp_path, "of another sweep", wait=False) as other,
    ):
        other(0.9)
        report(0.0)
        lines.progress.start_task(lines.task)
        for share in (0.25, 0.5):
            report(share)
            lines.look()
    assert task.completed == 0.5
    # A quarter of a run in ten seconds; the first look has nothing to compare with.
    assert task.speed == pytest.approx(0.025)
    assert task.time_remaining == 60


def test_a_single_run_has_a_line_an_epoch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, "--records", str(tmp_path), "--lrs", "0.1", "--seeds", "0"]) == 0
    assert capsys.readouterr().out.count("  epoch ") == 6


@pytest.mark.parametrize(
    ("lines", "one", "two"), [("auto", True, False), ("epochs", True, True), ("runs", False, False)]
)
def test_lines_are_as_chosen(lines: Any, one: bool, two: bool, tmp_path: Path) -> None:
    execution = Execution(tmp_path, lines=lines)
    assert [execution.place(runs).verbose for runs in (1, 2)] == [one, two]


def test_a_stack_is_followed_by_nobody(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stack = 2 with log, diagnostics; allowed: 1"):
        Execution(tmp_path, stack=2, log=("csv",), diagnostics=True).check()


def test_inspect_shows_a_run_and_its_layers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "150")
    run, plain = quick("momo", 10.0, epochs=3), quick("adam", 0.1)
    perform(run, place(tmp_path, diagnostics=True))
    perform(plain, place(tmp_path))
    where = ["--records", str(tmp_path)]
    assert main(["inspect", run.id[:8], *where]) == 0
    said = capsys.readouterr().out
    assert run.id in said
    capped = [line.split("│")[7].strip() for line in said.splitlines() if line.count("│") == 9]
    assert capped == ["-", "100%", "80%", "0%"]
    assert main(["inspect", run.id, "--layers", "--step", "19", *where]) == 0
    said = capsys.readouterr().out
    assert "step 19; capped, up to there: 90%" in said
    assert "weight" in said
    assert main(["inspect", run.id, "--layers", "--step", "99", *where]) == 2
    assert "step = 99 was not recorded; allowed: 0, 1" in capsys.readouterr().err
    assert main(["inspect", plain.id, "--layers", *where]) == 2
    assert "without --diagnostics" in capsys.readouterr().err
    assert main(["inspect", "", *where]) == 2
    assert "fits 2 of 2 runs" in capsys.readouterr().err
