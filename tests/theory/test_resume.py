# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""An interrupted run goes on where it stopped, and never with results of other code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from theory import resume
from theory import verify as module
from theory.__main__ import main
from theory.outcomes import Outcome
from theory.plan import Plan, Task
from theory.resume import Journal
from theory.verify import verify

TINY = Plan(
    problems=("absolute_regression", "balls", "hinge"),
    claims=("landing",),
    iterations=20,
    seeds=4,
    controls=False,
)
ARGUMENTS = [
    *("--problems", *TINY.problems, "--claims", "landing", "--no-controls", "--jobs", "1"),
    *("--iterations", "20", "--seeds", "4"),
]


def test_what_is_kept_is_what_was_found(tmp_path: Path) -> None:
    journal, outcomes = Journal(TINY, tmp_path), []
    whole = verify(TINY, on_outcome=outcomes.append)
    for outcome in outcomes:
        journal.add(outcome)
    again = verify(TINY, finished=journal.finished())
    assert repr([case.findings for case in again.cases]) == repr([c.findings for c in whole.cases])
    journal.clear()
    assert journal.finished() == []


def test_finished_tasks_are_not_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes: list[Outcome] = []
    verify(TINY, on_outcome=outcomes.append)
    done: list[str] = []
    honest = module.run_task

    def note(task: Task) -> Outcome:
        done.append(task.problem)
        return honest(task)

    monkeypatch.setattr(module, "run_task", note)
    verify(TINY, finished=outcomes[:2])
    assert done == [outcomes[2].task.problem]


def test_an_interrupted_command_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    honest, done = module.run_task, []

    def interrupted(task: Task) -> Outcome:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(task.problem)
        return honest(task)

    monkeypatch.setattr(module, "run_task", interrupted)
    assert main(ARGUMENTS) == 130
    assert "--resume" in capsys.readouterr().err
    assert len(done) == 2
    monkeypatch.setattr(module, "run_task", lambda task: done.append(task.problem) or honest(task))
    assert main([*ARGUMENTS, "--resume"]) == 0
    assert sorted(done) == sorted(TINY.problems)
    # a run that has ended leaves nothing, and one without --resume starts afresh
    assert main([*ARGUMENTS, "--resume"]) == 0
    assert len(done) == 6


def test_another_plan_or_other_code_finds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(TINY, on_outcome=Journal(TINY, tmp_path).add)
    assert len(Journal(TINY, tmp_path).finished()) == 3
    assert Journal(replace(TINY, seed=1), tmp_path).finished() == []
    copy = tmp_path / "code" / "resume.py"
    copy.parent.mkdir()
    copy.write_text("changed")
    monkeypatch.setattr(resume, "__file__", str(copy))
    assert Journal(TINY, tmp_path).finished() == []


def test_the_code_of_a_problem_from_outside_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outside.py").write_text("from theory.problems.balls import balls")
    monkeypatch.syspath_prepend(tmp_path)
    plan = replace(TINY, problems=("outside:balls(dim=5)",))
    before = resume.key(plan)
    assert resume.key(plan) == before
    (tmp_path / "outside.py").write_text("from theory.problems.balls import balls  # changed")
    assert resume.key(plan) != before


def test_a_damaged_outcome_is_reported_and_done_again(tmp_path: Path) -> None:
    journal = Journal(TINY, tmp_path)
    verify(TINY, on_outcome=journal.add)
    first, *_ = sorted(journal.folder.iterdir())
    first.write_bytes(first.read_bytes()[:-3])
    with pytest.warns(UserWarning, match="is damaged"):
        assert len(journal.finished()) == 2


def test_a_folder_that_cannot_be_written_costs_only_the_resuming(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("in the way")
    journal = Journal(TINY, tmp_path)
    with pytest.warns(UserWarning, match="not kept for resuming"):
        verify(replace(TINY, problems=("balls",)), on_outcome=journal.add)
    assert journal.finished() == []
