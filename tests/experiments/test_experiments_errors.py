# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Errors say whose they are: the workload's, the disk's or the command's; none is a divergence."""

from __future__ import annotations

import math
import re
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from experiments_runs import place, quick, task, trained
from torch import Tensor, nn

from experiments.__main__ import main
from experiments.batches import FileSource, TensorSource
from experiments.execution import building, locks
from experiments.execution.building import check_finite
from experiments.execution.processes import carry_out
from experiments.files import UnwritableError, write
from experiments.logging_to import csv, folder_of
from experiments.records import load
from experiments.workload import Batch, Scores, Task, WorkloadError
from experiments.workloads import WORKLOADS, find

ROOT = Path(__file__).parents[2]


# ---- data and losses that are not finite --------------------------------------------------------


def spoilt(which: int, samples: int, value: float) -> TensorSource:
    """Return the test part with a number in the inputs (0) or targets (1) of its last samples."""
    source = task().test
    assert isinstance(source, TensorSource)
    tensors = [tensor.clone() for tensor in source.tensors]
    tensors[which][-samples:] = value
    return replace(source, tensors=tuple(tensors))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("which", [0, 1])
def test_data_that_are_not_finite_are_named_with_their_part(which: int, value: float) -> None:
    given = replace(task(), validation=spoilt(which, 3, value), test=spoilt(which, 1, value))
    with pytest.raises(
        WorkloadError,
        match="data of here: NaN or infinity in 3 of 200 samples of the validation part, 1 of 200"
        " samples of the test part",
    ):
        check_finite("here", given)


def test_images_that_are_read_when_needed_are_known_by_their_normalisation() -> None:
    def read(index: int) -> Tensor:
        assert index < 64  # no more of them are read
        return torch.zeros(3, 2, 2, dtype=torch.uint8)

    def divided(batch: Batch) -> Batch:
        return (batch[0].float() / 0, *batch[1:])

    fine = FileSource(read, (torch.zeros(1000, dtype=torch.int64),))
    check_finite("here", replace(task(), train=fine))
    with pytest.raises(WorkloadError, match="64 of 1000 samples of the training part"):
        check_finite("here", replace(task(), train=replace(fine, transform=divided)))


def test_integers_are_not_gone_through() -> None:
    class Endless(TensorSource):
        def batches(self, *arguments: Any) -> Any:
            yield (torch.zeros(4, dtype=torch.int64),)
            raise AssertionError

    check_finite("here", replace(task(), train=Endless((torch.zeros(9),))))


@pytest.mark.parametrize(
    "name", sorted({*WORKLOADS} - {"iwslt14_transformer"})
)  # slow, and of integers
def test_the_data_of_the_project_are_finite(name: str) -> None:
    workload = find(name)
    check_finite(name, workload.presets["smoke"].build(None))


def test_a_task_with_bad_data_is_not_built_and_no_run_of_it_diverges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = replace(task(), test=spoilt(0, 2, math.nan))
    runs = [quick(lr=0.1 + 0.01 * i) for i in range(4)]
    building._task.cache_clear()
    preset = Built(given)
    monkeypatch.setattr("experiments.execution.building.preset_of", lambda *_: preset)
    outcomes = list(carry_out(runs, place(tmp_path), 1))
    assert [outcome.status for outcome in outcomes] == ["failed", *["skipped"] * 3]
    assert outcomes[0].said.startswith("data of synthetic_least_squares: NaN or infinity in 2 of")
    assert outcomes[0].trace == ""
    assert preset.times == 1
    assert not list(tmp_path.glob("*.parquet"))


class Built:
    """A preset whose task there is already."""

    def __init__(self, given: Task) -> None:
        self.given, self.times = given, 0

    def at(self, scale: Any) -> Built:
        return self

    def build(self, root: Path | None) -> Task:
        self.times += 1
        return self.given


def test_a_loss_that_is_not_finite_before_any_update_is_the_workloads() -> None:
    given = task()

    def loss(model: nn.Module, batch: Batch) -> Tensor:
        return given.loss(model, batch) * math.nan

    with pytest.raises(WorkloadError, match="loss of the first batch is nan, before any update"):
        trained(quick("sgd_m"), task=replace(given, loss=loss))


@pytest.mark.parametrize(
    ("wrong", "said"), [(lambda x: x.expand(3), "of shape (3,)"), (float, "of type float")]
)
def test_a_loss_is_one_number_with_gradients(wrong: Any, said: str) -> None:
    given = task()
    of = replace(given, loss=lambda model, batch: wrong(given.loss(model, batch).detach()))
    with pytest.raises(WorkloadError, match=re.escape(f"the loss is {said}; allowed: a tensor of")):
        trained(quick("sgd_m"), task=of)


def evaluating(at: int, scores: Scores) -> Task:
    """Return a task that gives these scores from its evaluation number ``at`` on."""
    given, calls = task(), 0

    def evaluate(*arguments: Any) -> Scores:
        nonlocal calls
        calls += 1
        return scores if calls > at else given.evaluate(*arguments)

    return replace(given, evaluate=evaluate)


@pytest.mark.parametrize("scores", [Scores(math.nan, 1.0), Scores(1.0, math.nan)])
@pytest.mark.parametrize(("at", "part"), [(0, "validation"), (1, "validation")])
def test_so_is_an_evaluation_before_training(scores: Scores, at: int, part: str) -> None:
    with pytest.raises(WorkloadError, match=rf"on the {part} part: loss .*, before any update"):
        trained(quick(), task=evaluating(at, scores))


def test_a_score_that_is_not_defined_beside_a_finite_loss_is_the_workloads() -> None:
    with pytest.raises(WorkloadError, match=r"part after epoch 2: loss 1\.0, score nan; it has no"):
        trained(quick(), task=evaluating(4, Scores(1.0, math.nan)))


def test_a_test_loss_that_is_not_finite_later_is_a_divergence() -> None:
    """Its data are finite, and so was its loss: training has done that. Only the test part here."""
    given, bad = task(), Scores(math.nan, math.nan)

    def evaluate(model: nn.Module, source: Any, size: int) -> Scores:
        found = given.evaluate(model, source, size)
        is_test = torch.equal(source.tensors[1], given.test.tensors[1])  # type: ignore[attr-defined]
        return bad if is_test and found.loss < start / 2 else found

    start = given.evaluate(given.model(), given.test, 512).loss
    record = trained(quick(lr=1.0, epochs=20), task=replace(given, evaluate=evaluate))
    assert record.run["status"] == "diverged"
    assert math.isnan(record.epochs[-1]["test_loss"])
    assert math.isfinite(record.epochs[-1]["validation_loss"])
    assert record.run["diverged_at"] == record.run["steps"] == record.epochs[-1]["step"]


# ---- errors in the files of users ---------------------------------------------------------------

GOOD = """
from dataclasses import replace
from experiments.workloads.synthetic_least_squares import WORKLOAD as OTHER
def build(root):
    {build}
    return OTHER.presets["smoke"].build(root)
def loss(model, batch):
    {loss}
    return task.loss(model, batch)
{top}
smoke = replace(OTHER.presets["smoke"], build=build)
WORKLOAD = replace(OTHER, presets=dict.fromkeys(OTHER.presets, smoke))
"""


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what writes a workload with an error, and gives its name."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)

    def written(name: str, **errors: str) -> str:
        given = {"build": "pass", "loss": "pass", "top": ""} | errors
        (tmp_path / f"{name}.py").write_text(GOOD.format(**given))
        return f"{name}:WORKLOAD"

    return written


def ran(name: str, *more: str) -> int:
    options = ["--preset", "smoke", "--device", "cpu", "--methods", "momo", "adam"]
    return main(["run", name, *options, "--lrs", "0.1", "1", "--seeds", "0", *more])


@pytest.mark.parametrize(
    ("top", "line"),
    [("def f(:", "SyntaxError: "), ("import nothing_at_all", "No module named 'nothing_at_all'"),
     ("1 / 0", "ZeroDivisionError: division by zero")],
)  # fmt: skip
@pytest.mark.parametrize("option", ["workload", "methods"])
def test_an_error_in_a_file_is_told_from_there(
    user: Any, capsys: pytest.CaptureFixture[str], top: str, line: str, option: str
) -> None:
    name = user(f"broken_{option}_{len(line)}", top=top)
    code = ran(name) if option == "workload" else ran(WORKLOAD, "--methods", name)
    error = capsys.readouterr().err
    assert code == 2
    assert f"{name!r} cannot be loaded:" in error
    assert line in error
    assert f"broken_{option}_{len(line)}.py" in error
    assert "importlib" not in error
    assert "lookup.py" not in error


WORKLOAD = "synthetic_least_squares"


@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_an_error_in_build_is_told_once_and_the_other_runs_are_counted(
    user: Any, capsys: pytest.CaptureFixture[str], jobs: str
) -> None:
    name = user("unbuilt", build="open('/nowhere')")
    assert ran(name, "--jobs", jobs) == 1
    out, _ = capsys.readouterr()
    assert out.count("failed") == 1
    assert out.count("unbuilt.py") == 1
    assert "in build\n    open('/nowhere')" in out
    assert out.count("Traceback") == 1
    assert "processes.py" not in out
    assert f"3 more runs of {name} not tried: its task cannot be built" in out


def test_an_error_in_the_loss_is_told_once(
    user: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    top = "import torch\nOTHER = replace(OTHER)\n"
    name = user("lossless", top=top, loss="batch[7]")
    path = Path("lossless.py")
    text = path.read_text().replace(
        'return OTHER.presets["smoke"].build(root)',
        'return replace(OTHER.presets["smoke"].build(root), loss=loss)',
    )
    path.write_text(text)
    assert ran(name, "--jobs", "1") == 1
    out, _ = capsys.readouterr()
    assert out.count("failed") == 4
    assert out.count("IndexError: tuple index out of range\n  File") == 0
    assert out.count("Traceback") == 1
    assert "in loss\n    batch[7]" in out
    assert "training.py" not in out


# ---- the disk -----------------------------------------------------------------------------------


@pytest.fixture
def full(tmp_path: Path) -> Any:
    """Return a folder on a disk of its own, of which 8 kB are free."""
    folder = tmp_path / "full"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        (folder / "filler").write_bytes(bytes(56 * 1024))
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_what_cannot_be_written_names_its_path_and_leaves_the_old(full: Path) -> None:
    path = full / "a"
    write(path, b"old")
    with pytest.raises(UnwritableError, match=rf"No space left on device: '{path}'"):
        write(path, bytes(100_000))
    assert path.read_bytes() == b"old"
    assert sorted(found.name for found in full.iterdir()) == ["a", "filler"]


def test_a_full_disk_ends_a_sweep_with_its_path(
    full: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its locks need no space; signs of life are left out where there is none."""
    with (full / "rest").open("wb") as rest, suppress(OSError):
        rest.write(bytes(2**20))
    with locks.claimed(full, "a" * 16, wait=False) as report:
        report(0.5)
        assert not list((full / ".running").glob("*.json"))
    assert ran(WORKLOAD, "--records", str(full), "--jobs", "1") == 2
    error = capsys.readouterr().err
    assert f"No space left on device: '{full}" in error
    assert "0 of 4 runs have a record" in error
    assert load(full).runs.is_empty()


@pytest.mark.parametrize("at", ["open_logger", "write", "flush", "close"])
def test_a_log_that_cannot_be_written_names_its_folder_and_ends_the_sweep(
    at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner: Any = csv if at == "open_logger" else csv.CsvLogger
    done = getattr(owner, at)

    def fail(*arguments: Any) -> None:
        done(*arguments)
        raise OSError(28, "No space left on device")  # libraries do not say where

    monkeypatch.setattr(owner, at, fail)
    run = quick()
    folder = re.escape(str(folder_of("csv", tmp_path, run)))
    with pytest.raises(UnwritableError, match=f"No space left on device: '{folder}'"):
        list(carry_out([run], place(tmp_path, log=("csv",)), 1))
    assert not list(tmp_path.glob("*.parquet"))


def test_files_are_on_the_disk_before_they_are_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    def fsync(number: int) -> None:
        happened.append("folder" if Path(f"/proc/self/fd/{number}").resolve().is_dir() else "file")

    def rename(self: Path, target: Path) -> None:
        happened.append("rename")

    monkeypatch.setattr("os.fsync", fsync)
    monkeypatch.setattr(Path, "replace", rename)
    write(tmp_path / "a", b"data")
    assert happened == ["file", "rename", "folder"]
    write(tmp_path / "a", b"data", lasting=False)
    assert happened[3:] == ["rename"]
