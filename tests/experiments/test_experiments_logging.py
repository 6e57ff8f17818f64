# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Loggers are told every row once, of an interrupted run too; diagnostics are what they say."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
import torch
from experiments_runs import place, quick, task, trained, workload

from experiments import logging_to
from experiments.config import Run
from experiments.execution import training
from experiments.execution.draws import draw
from experiments.execution.processes import perform
from experiments.execution.watching import Watch, capped, watching
from experiments.logging_to import folder_of
from experiments.logging_to.lines import line
from experiments.records import Records, load
from momo.optim import MomentumModelOptimizer


def done(run: Run, folder: Path, *log: str, **changes: Any) -> Records:
    assert perform(run, place(folder, log=log, **changes)).status == "done"
    return load(folder)


def table(path: Path) -> list[dict[str, float | str | None]]:
    def read(text: str) -> float | str | None:
        try:
            return float(text) if text else None
        except ValueError:
            return text

    with path.open(newline="", encoding="utf-8") as file:
        return [{k: read(v) for k, v in row.items()} for row in csv.DictReader(file)]


# ---- csv -----------------------------------------------------------------------------------------


def test_csv_has_the_rows_of_the_record(tmp_path: Path) -> None:
    run = quick("momo", 10.0, epochs=3)  # 10, 8 and 0 steps are capped
    found = done(run, tmp_path, "csv", diagnostics=True)
    folder = folder_of("csv", tmp_path, run)
    assert run.id in folder.name
    epochs = table(folder / "epochs.csv")
    shares = [row.pop("capped") for row in epochs]
    assert epochs == found.epochs.drop("run").to_dicts()
    steps = found.steps.with_columns(epoch=pl.col("step") // 10)
    expected = steps.group_by("epoch", maintain_order=True).agg(
        (pl.col("adaptive") >= pl.col("cap")).mean()
    )
    assert shares == [None, *expected.get_column("adaptive")]
    assert shares == [None, 1.0, 0.8, 0.0]
    for kind, rows in (("step", found.steps), ("layer", found.layers)):
        written = table(folder / f"{kind}s.csv")
        assert len(written) == len(rows) == 30
        for a, b in zip(written, rows.drop("run").to_dicts(), strict=True):
            assert a.pop("layer", None) == b.pop("layer", None)
            assert a == pytest.approx(b, rel=2**-23)  # records are in single precision


def test_an_interrupted_run_has_no_row_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = quick("momo", 0.1, epochs=4)
    at = place(tmp_path, log=("csv",), checkpoint=True, diagnostics=True)
    save = training.Trainer.save

    def killed(self: Any, path: Path) -> None:
        """End the process in the third epoch, before its checkpoint is written."""
        if self.progress.epoch == 3:
            raise KeyboardInterrupt
        save(self, path)

    with monkeypatch.context() as patched:
        patched.setattr(training.Trainer, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            perform(run, at)
    folder = folder_of("csv", tmp_path, run)
    assert [row["epoch"] for row in table(folder / "epochs.csv")] == [0, 1, 2]
    assert perform(run, at).status == "done"
    assert [row["epoch"] for row in table(folder / "epochs.csv")] == [0, 1, 2, 3, 4]
    assert [row["step"] for row in table(folder / "steps.csv")] == list(range(40))
    assert [row["step"] for row in table(folder / "layers.csv")] == list(range(40))
    # once more, from the start, without its layers
    (tmp_path / f"{run.id}.parquet").unlink()
    assert perform(run, replace(at, diagnostics=False)).status == "done"
    assert [row["step"] for row in table(folder / "steps.csv")] == list(range(40))
    assert not (folder / "layers.csv").exists()


def test_a_diverged_run_is_told_to_its_end(tmp_path: Path) -> None:
    run = quick("sgd_m", 1e6)
    assert perform(run, place(tmp_path, log=("csv",))).status == "diverged"
    rows = table(folder_of("csv", tmp_path, run) / "epochs.csv")
    assert len(rows) == len(load(tmp_path).epochs)
    assert {row["capped"] for row in rows} == {None}


# ---- tensorboard ---------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tensorboard_reads_back_what_was_recorded(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run = quick("momo", 0.1, epochs=2)
    done(run, tmp_path, "tensorboard")
    (tmp_path / f"{run.id}.parquet").unlink()
    found = done(run, tmp_path, "tensorboard", diagnostics=True)  # anew, in the same folder
    events = EventAccumulator(str(folder_of("tensorboard", tmp_path, run)))
    events.Reload()
    for kind, rows in (("epoch", found.epochs), ("step", found.steps)):
        for name in set(rows.columns) - {"run", "step"}:
            read = [(event.step, event.value) for event in events.Scalars(f"{kind}/{name}")]
            column = rows.select("step", pl.col(name).cast(pl.Float32)).drop_nulls().rows()
            assert read == column
    for name in ("x_norm", "g_norm", "d_norm", "cosine"):
        read = [(event.step, event.value) for event in events.Scalars(f"layer/{name}/weight")]
        assert read == found.layers.select("step", name).rows()
    assert len(events.Scalars("epoch/capped")) == 2


# ---- wandb ---------------------------------------------------------------------------------------


class Stub:
    """The functions of wandb that are used here, and what they were given."""

    class CommError(Exception):
        pass

    def __init__(self, key: str | None, reachable: bool = True, resumed_at: int = 0) -> None:
        self.key, self.errors = key, SimpleNamespace(CommError=self.CommError)
        self.reachable, self.resumed, self.starting_step = reachable, resumed_at > 0, resumed_at
        self.given: list[dict[str, Any]] = []
        self.logged: list[tuple[int, dict[str, float]]] = []
        self.finished = 0

    def login(self, prompt: bool, verify: bool) -> bool:
        assert not prompt  # it would wait for an answer
        assert not verify  # it would wait for a server
        return self.key is not None

    def init(self, **given: Any) -> Stub:
        self.given.append(given)
        if given["mode"] == "online" and not self.reachable:
            raise self.CommError
        return self

    def log(self, values: dict[str, float], step: int) -> None:
        assert not self.logged or step >= self.logged[-1][0]  # others it drops
        self.logged.append((step, values))

    def finish(self) -> None:
        self.finished += 1


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WANDB_MODE", "WANDB_PROJECT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("key", "reachable", "modes"),
    [(None, True, ["offline"]), ("k", True, ["online"]), ("k", False, ["online", "offline"])],
)
def test_wandb_is_told_all(
    key: str | None,
    reachable: bool,
    modes: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stub, run = Stub(key, reachable), quick("momo", 0.1, epochs=2)
    monkeypatch.setitem(sys.modules, "wandb", stub)  # type: ignore[arg-type]
    found = done(run, tmp_path, "wandb")
    assert [given["mode"] for given in stub.given] == modes
    assert stub.given[-1]["id"] == run.id
    assert stub.given[-1]["config"]["lr"] == 0.1
    losses = [values["step/loss"] for _, values in stub.logged if "step/loss" in values]
    assert losses == pytest.approx(found.steps.get_column("loss").to_list(), rel=2**-23)
    scores = [(s, v["epoch/test_score"]) for s, v in stub.logged if "epoch/test_score" in v]
    assert scores == found.epochs.select("step", "test_score").rows()
    assert stub.finished == 1


def test_wandb_takes_no_step_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub, run = Stub("k", resumed_at=15), quick("momo", 0.1, epochs=2)
    monkeypatch.setitem(sys.modules, "wandb", stub)  # type: ignore[arg-type]
    done(run, tmp_path, "wandb")
    assert [step for step, values in stub.logged if "step/loss" in values] == list(range(15, 20))


# ---- names, lines, errors ------------------------------------------------------------------------


def test_a_line_says_how_far_a_run_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = quick("momo", 1.0, epochs=2)
    done(run, tmp_path, verbose=True)
    lines = capsys.readouterr().out.splitlines()
    assert [text.split("  ")[:2] for text in lines] == [
        ["momo lr 1 seed 0", f"epoch {epoch}/2"] for epoch in range(3)
    ]
    row = {
        "epoch": 1,
        "train_loss": 0.25,
        "validation_loss": 0.5,
        "validation_score": 97.5,
        "capped": 0.125,
        "time": 30.0,
    }
    assert line(quick("momo", 0.1, epochs=5), "accuracy in %", row) == (
        "momo lr 0.1 seed 0  epoch 1/5  train loss 0.25  validation loss 0.5  accuracy in % 97.5"
        "  capped 12%  30.0 s, 120 s left"
    )


def test_capped_is_the_share_of_steps_at_the_cap() -> None:
    rows = [{"adaptive": a, "cap": c} for a, c in ((1.0, 2.0), (2.0, 2.0), (3.0, 2.0), (1.0, 3.0))]
    assert capped(rows) == 0.5
    assert capped([{"loss": 1.0}]) is None


def test_loggers_are_closed_when_a_run_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = Stub(None)
    monkeypatch.setitem(sys.modules, "wandb", stub)  # type: ignore[arg-type]
    with (
        pytest.raises(ZeroDivisionError),
        watching(quick(), workload(), tmp_path, ["wandb"], False),
    ):
        raise ZeroDivisionError
    assert stub.finished == 1


@pytest.mark.parametrize("name", ["tensorboard", "wandb"])
def test_a_missing_library_is_named_with_its_extra(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr("momo.installed._there", lambda found: False)
    with pytest.raises(ModuleNotFoundError, match=rf"log = {name} needs {name}.*\[logging\]"):
        logging_to.check((name,))


@pytest.mark.parametrize("names", [("print",), ("csv", "csv")])
def test_unknown_loggers_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"log = .* each once: csv, tensorboard, wandb"):
        logging_to.check(names)


# ---- diagnostics ---------------------------------------------------------------------------------


def by_hand(run: Run, steps: int) -> Iterator[list[dict[str, float]]]:
    """Yield the numbers of a run's parameters, in float64, d being averaged from the gradients."""
    data = task()
    torch.manual_seed(draw(run.init_seed))
    model = data.model()
    from experiments.optimizers import find, resolve

    entry = find(run.method)
    settings = resolve(run.method, **{name: getattr(run, name) for name in entry.row.uses})
    optimizer: Any = entry.build(model.parameters(), settings)
    averages: list[Any] = [None for _ in model.parameters()]
    generator = torch.Generator().manual_seed(draw(run.seed, 0))
    order = torch.randperm(200, generator=generator).split(20)
    for index in order[:steps]:
        optimizer.zero_grad()
        loss = data.loss(model, tuple(t[index] for t in data.train.tensors))  # type: ignore[attr-defined]
        loss.backward()  # type: ignore[no-untyped-call]
        rows = []
        for i, param in enumerate(model.parameters()):
            assert param.grad is not None
            grad = param.grad.double()
            first = 0.1 * grad if "adam" in run.method else grad
            averages[i] = first if averages[i] is None else 0.9 * averages[i] + 0.1 * grad
            cosine = torch.cosine_similarity(averages[i].flatten(), grad.flatten(), 0)
            rows.append({"g_norm": grad.norm(), "d_norm": averages[i].norm(), "cosine": cosine})
        given = {"loss": loss} if isinstance(optimizer, MomentumModelOptimizer) else {}
        optimizer.step(**given)
        for row, param in zip(rows, model.parameters(), strict=True):
            row["x_norm"] = param.detach().double().norm()
        yield [{name: float(value) for name, value in row.items()} for row in rows]


@pytest.mark.parametrize("method", ["momo", "momo_adam", "adam", "sgd_m"])
def test_diagnostics_are_what_one_computes_by_hand(method: str) -> None:
    """Ten parameters in single precision: sums of ten products, averages of ten steps."""
    run = quick(method, 0.01, epochs=1)
    record = trained(run, diagnostics=True)
    assert [row["step"] for row in record.layers] == list(range(10))
    for row, (expected,) in zip(record.layers, by_hand(run, 10), strict=True):
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=40 * 2**-24)


def test_diagnostics_change_no_bit_of_a_run() -> None:
    run = quick("momo", 0.1)
    with_them, without = trained(run, diagnostics=True), trained(run)
    assert [row["loss"] for row in with_them.steps] == [row["loss"] for row in without.steps]
    assert not without.layers


def test_only_recorded_steps_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "STEP_ROWS", 5)
    record = trained(quick("momo", 0.1), diagnostics=True)
    steps = [row["step"] for row in record.layers]
    assert steps == [row["step"] for row in record.steps] == [0, 10, 20, 30, 40]


def test_what_a_method_does_not_keep_is_null(tmp_path: Path) -> None:
    found = done(quick("schedule_free_sgd", 0.1, epochs=1), tmp_path, diagnostics=True).layers
    assert found.get_column("d_norm").null_count() == found.get_column("cosine").null_count() == 10
    assert found.get_column("g_norm").null_count() == 0


def test_a_watch_without_loggers_does_nothing() -> None:
    trained(quick(epochs=1), watch=Watch())
