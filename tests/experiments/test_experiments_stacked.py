# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs trained as one model: what each would be by itself, to rounding, and what cannot be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import torch
from experiments_runs import CPU, place, quick, task, trained, workload
from torch import Tensor, nn

from experiments.batches import FlipCrop, TensorSource
from experiments.commands.options import Execution
from experiments.config import Run
from experiments.execution import stacked
from experiments.execution.clocks import SharedClock
from experiments.execution.packs import packs, reason_against
from experiments.execution.processes import carry_out
from experiments.execution.stacked import Failure, NotStackableError, train_stacked
from experiments.optimizers.entry import Entry
from experiments.records import Record, load
from experiments.summary.overhead import overhead
from experiments.workload import Batch, Scores, Task
from experiments.workloads.common import Classification
from momo.methods import Hyperparameters, Listed

METHODS = ("momo", "momo_adam", "sgd_m", "schedule_free_sgd", "momo_soap")


class Moving(torch.optim.SGD):
    """Puts new tensors in the place of its parameters, as no method here does."""

    def step(self, closure: Any = None) -> Any:
        for group in self.param_groups:
            for param in group["params"]:
                param.data = param.data - group["lr"] * param.grad
        return None


ROW = Listed("moving", "Moving", ("lr",), defaults=Hyperparameters(lr=0.1), source="", grid=(0.1,))
MOVING = Entry(ROW, lambda params, h: Moving(params, lr=h.lr))


def network(dropout: float) -> nn.Module:
    # A bias before it has a gradient of nothing but rounding, which Adam blows up.
    layers = (
        nn.Linear(6, 8, False),
        nn.BatchNorm1d(8),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(8, 3),
    )
    return nn.Sequential(*layers).double()


def double(dropout: float = 0.0) -> Task:
    """Return a classification in double precision, of 12 batches an epoch with batches of 10."""
    generator = torch.Generator().manual_seed(3)
    inputs = torch.randn(160, 6, generator=generator, dtype=torch.float64)
    labels = (inputs[:, :3] + 0.3 * inputs[:, 3:]).argmax(1)
    parts = (slice(0, 120), slice(120, 140), slice(140, 160))
    sources = [TensorSource((inputs[part], labels[part])) for part in parts]
    score = Classification()
    return Task(*sources, lambda: network(dropout), score.loss, score.evaluate)


def small(method: str = "momo", lr: float = 0.1, seed: int = 0, **changes: Any) -> Run:
    return replace(quick(method, lr, seed, epochs=2, **changes), batch_size=10)


def together(runs: Sequence[Run], of: Task) -> list[Record]:
    found = train_stacked(runs, workload(), of, CPU)
    assert all(isinstance(each, Record) for each in found)
    return [each for each in found if isinstance(each, Record)]


def assert_same(one: Record, other: Record, rel: float) -> None:
    """Compare losses, scores and all that is known of the steps."""
    for name in ("run", "status", "diverged_at", "steps"):
        assert one.run[name] == other.run[name]
    for rows, others in ((one.epochs, other.epochs), (one.steps, other.steps)):
        assert len(rows) == len(others)
        for row, theirs in zip(rows, others, strict=True):
            assert row.keys() == theirs.keys()
            for name in row.keys() - {"time"}:
                expected = pytest.approx(number(theirs[name]), rel=rel, abs=rel, nan_ok=True)
                assert number(row[name]) == expected, name


def number(value: float | None) -> float:
    return math.nan if value is None else value


@pytest.mark.parametrize("changes", [{"svag": 2}, {"clip": 0.5, "drop_last": True}])
def test_a_stack_is_its_runs(changes: dict[str, Any]) -> None:
    """24 steps with batch statistics and dropout, rounded to 1e-16 of 1, of which each multiplies
    the error by at most 1.3: 600 roundings in all."""
    runs = [small(method, 0.02 * 2**i, **changes) for i, method in enumerate(METHODS)]
    for run, record in zip(runs, together(runs, double(0.2)), strict=True):
        assert record.run["stacked"] == 5
        alone = trained(run, task=double(0.2))
        assert alone.run["stacked"] == 1
        assert_same(record, alone, 1e-12)


def test_runs_of_several_seeds_have_batches_of_their_own() -> None:
    runs = [small("momo", 0.1, seed) for seed in range(3)] + [small("sgd_m", 0.1, 2)]
    for run, record in zip(runs, together(runs, double()), strict=True):
        assert_same(record, trained(run, task=double()), 1e-12)


@pytest.mark.parametrize("seeds", [(0, 0, 0), (0, 1, 2)])
def test_a_run_that_diverges_leaves_the_others_as_they_are(seeds: tuple[int, ...]) -> None:
    """It leaves at the tenth step, when losses are looked at; the run after it moves up."""
    settings = (("momo", 0.1), ("sgd_m", 1e200), ("adam", 0.01))
    runs = [small(method, lr, seed) for (method, lr), seed in zip(settings, seeds, strict=True)]
    of = replace(double(), loss=squared, model=lambda: nn.Linear(6, 1).double())
    of = replace(of, evaluate=lambda *_: Scores(0.0, 0.0))
    first, second, third = together(runs, of)
    assert second.run["status"] == "diverged"
    assert second.run["diverged_at"] == trained(runs[1], task=of).run["diverged_at"] < 10
    for record, run in ((first, runs[0]), (third, runs[2])):
        assert record.run["status"] == "done"
        assert len(record.steps) == 24
        assert_same(record, trained(run, task=of), 1e-12)


def squared(model: nn.Module, batch: Batch) -> Tensor:
    return (model(batch[0])[:, 0] - batch[1]).square().mean()


def test_single_precision_is_the_same_to_rounding() -> None:
    """50 steps of least squares: 2^-24 a step and term, of 20 terms, is 6e-5; twice that."""
    runs = [quick(method, 0.01 * 4**i) for i, method in enumerate(METHODS)]
    for run, record in zip(runs, together(runs, task()), strict=True):
        losses = [row["test_loss"] for row in record.epochs]
        alone = [row["test_loss"] for row in trained(run).epochs]
        assert losses == pytest.approx(alone, rel=1.2e-4)


def test_a_shared_clock_is_as_much_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    clock = SharedClock(4)
    now[0] = 8.0
    assert clock() == 2.0
    clock.share(2)
    now[0] = 9.0
    assert clock() == 2.5


def test_times_are_shared() -> None:
    runs = [small(lr=lr) for lr in (0.1, 0.2, 0.3)]
    records = together(runs, double())
    for record in records:
        about = record.run
        assert about["optimizer_time"] > 0
        assert 0 < about["training_time"] < about["wall_time"]
    # Each has a third, but for what the last evaluations take after those of the others.
    walls = [record.run["wall_time"] for record in records]
    assert max(walls) < 2 * min(walls)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (double(0.2), "random"),
        (
            replace(double(), train=TensorSource((torch.ones(120, 1, 6, 6),), None, FlipCrop(6))),
            "augmentation is drawn",
        ),
    ],
    ids=["dropout", "augmentation"],
)
def test_of_several_seeds_nothing_else_may_be_drawn(of: Task, said: str) -> None:
    with pytest.raises(NotStackableError, match=said):
        train_stacked([small(seed=0), small(seed=1)], workload(), of, CPU)


def test_a_loss_that_is_another_in_a_stack_is_refused() -> None:
    calls = []

    def counting(model: nn.Module, batch: Batch) -> Tensor:
        calls.append(1)
        return len(calls) * Classification().loss(model, batch)

    with pytest.raises(NotStackableError, match=r"in a stack, and .* by itself"):
        train_stacked([small(), small("adam")], workload(), replace(double(), loss=counting), CPU)


def test_a_method_that_moves_its_parameters_is_refused() -> None:
    runs = [small(), replace(small("sgd_m"), method=f"{__name__}:MOVING")]
    with pytest.raises(RuntimeError, match="MOVING moves its parameters"):
        train_stacked(runs, workload(), double(), CPU)


def test_an_error_of_one_run_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    step = torch.optim.Adam.step

    def failing(self: Any, closure: Any = None) -> Any:
        if next(iter(self.state.values()), {}).get("step", 0) >= 3:
            raise ArithmeticError("no fourth step")
        return step(self, closure)

    monkeypatch.setattr(torch.optim.Adam, "step", failing)
    runs = [small("adam", 0.01), small("momo")]
    first, second = train_stacked(runs, workload(), double(), CPU)
    assert isinstance(first, Failure)
    assert str(first.error) == "no fourth step"
    assert isinstance(second, Record)
    assert_same(second, trained(runs[1], task=double()), 1e-12)


def test_an_error_in_the_scores_of_one_run_is_its_own() -> None:
    """It is the second that is evaluated in vain, after the first epoch."""
    calls = []

    def evaluate(model: nn.Module, source: Any, size: int) -> Scores:
        calls.append(1)
        if len(calls) == 7:  # two parts of two runs at the start, then two of the first
            raise ArithmeticError("no score")
        return Classification().evaluate(model, source, size)

    runs = [small("momo"), small("adam", 0.01)]
    first, second = train_stacked(runs, workload(), replace(double(), evaluate=evaluate), CPU)
    assert isinstance(first, Record)
    assert first.run["status"] == "done"
    assert isinstance(second, Failure)


def test_packs_are_of_runs_that_have_the_same_batches() -> None:
    runs = [quick("momo", lr, seed) for seed in (0, 1) for lr in (0.1, 0.2, 0.3)]
    others = [quick("momo", 0.1, epochs=2), quick("momo", 0.1, batch_size=7)]
    found = packs([*runs, *others], 2)
    assert sorted(run.id for pack in found for run in pack) == sorted(
        run.id for run in (*runs, *others)
    )
    assert sorted(map(len, found)) == [1, 1, 1, 1, 2, 2]
    for pack in found:
        assert len({(run.seed, run.epochs, run.batch_size) for run in pack}) == 1
    assert [len(pack) for pack in packs([quick(seed=seed) for seed in range(5)], 4)] == [4, 1]
    assert packs(runs, 1) == [[run] for run in runs]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (quick("sam_polyak"), "sam_polyak asks for losses"),
        (quick(accumulate=2), "accumulate = 2"),
        (quick(precision="bfloat16"), "precision = bfloat16"),
    ],
)
def test_what_cannot_be_stacked_makes_a_pack_of_its_own(run: Run, said: str) -> None:
    assert said in (reason_against(run) or "")
    assert [run] in packs([quick(), run, quick(lr=0.2)], 8)


def test_records_of_stacked_runs(tmp_path: Path) -> None:
    """They have the same names, and the times of stacked ones are in no table."""
    runs = [quick(method, lr) for method in ("momo", "sgd_m") for lr in (0.1, 1e30)]
    runs += [quick("sam_polyak"), quick("momo", seed=1)]
    outcomes = list(carry_out(runs, place(tmp_path / "stacked", stack=8), 1))
    list(carry_out(runs, place(tmp_path / "alone"), 1))
    one, other = (load(tmp_path / name).runs for name in ("stacked", "alone"))
    assert one["run"].to_list() == other["run"].to_list()
    assert one["status"].to_list() == other["status"].to_list()
    counts = dict(zip(one["run"], one["stacked"], strict=True))
    assert [counts[run.id] for run in runs] == [4, 4, 4, 4, 1, 1]
    assert other["stacked"].to_list() == [1] * 6
    said = {outcome.run.method: outcome.said for outcome in outcomes}
    assert said["sam_polyak"].startswith("by itself: sam_polyak asks for losses")
    assert set(overhead(one)["method"]) == {"momo", "sam_polyak"}
    assert {o.status for o in carry_out(runs, place(tmp_path / "stacked", stack=8), 1)} == {"found"}


def test_runs_that_cannot_be_stacked_are_done_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotStackableError("for a test")

    monkeypatch.setattr(stacked, "train_stacked", refuse)
    outcomes = list(carry_out([quick(), quick("adam")], place(tmp_path, stack=2), 1))
    assert [(o.status, o.said) for o in outcomes] == [("done", "by itself: for a test")] * 2
    assert load(tmp_path).runs.select(pl.col("stacked").unique()).item() == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"stack": 0}, "stack = 0; allowed: at least 1"),
        ({"stack": 2, "checkpoint": True}, "stack = 2 with checkpoint; allowed: 1"),
        ({"stack": 2, "ranks_per_run": 2}, "stack = 2 on several ranks; allowed: 1"),
    ],
)
def test_options(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Execution(**options).check()
    assert Execution(stack=2).place().stack == 2
