# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The training loop: the same as one by hand, deterministic, resumable, honest on divergence."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from experiments_runs import quick, task, trained, without_times, workload
from torch import nn

from experiments.config import Run
from experiments.execution.draws import draw
from experiments.execution.training import train
from experiments.optimizers import find, resolve
from experiments.schedules import factor
from experiments.sealed import without_seal
from experiments.workload import Scores, Source, Task
from momo.methods import METHODS
from momo.reference import Given, State, momo


def batches(epoch: int, seed: int = 0) -> list[torch.Tensor]:
    """Return the samples of every batch of an epoch."""
    generator = torch.Generator().manual_seed(draw(seed, epoch))
    return list(torch.randperm(200, generator=generator).split(20))


def start(seed: int = 0) -> nn.Module:
    torch.manual_seed(draw(seed))
    return task().model()


def losses(record: Any) -> list[float]:
    return [row["loss"] for row in record.steps]


@pytest.mark.parametrize("method", ["adam", "sgd_m"])
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_a_run_is_the_loop_that_one_writes_by_hand(method: str, schedule: str) -> None:
    run = quick(method, 0.05, schedule=schedule, warmup=0.1)
    record, model, data = trained(run), start(), task()
    optimizer: torch.optim.Optimizer = (
        torch.optim.Adam(model.parameters(), lr=0.05)
        if method == "adam"
        else torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, dampening=0.9)
    )
    expected, step = [], 0
    for epoch in range(5):
        for index in batches(epoch):
            batch = tuple(tensor[index] for tensor in data.train.tensors)  # type: ignore[attr-defined]
            optimizer.param_groups[0]["lr"] = 0.05 * factor(schedule, step, 50, 0.1)
            optimizer.zero_grad()
            loss = data.loss(model, batch)
            loss.backward()
            optimizer.step()
            expected.append(loss.item())
            step += 1
    assert losses(record) == expected
    model.eval()
    with torch.no_grad():
        assert record.epochs[-1]["test_loss"] == data.evaluate(model, data.test, 512).loss


def test_the_recorded_steps_are_those_of_the_reference() -> None:
    """Rows are float32 computations of a float64 reference; the steps are close to 50 ulps."""
    run = quick("momo", 1.0, lb=-1.0)
    record, data = trained(run), task()
    features, targets = (t.double().numpy() for t in data.train.tensors)  # type: ignore[attr-defined]
    method, state = momo(lr=1.0, beta=0.9, lower_bound=Given(-1.0)), State()
    x = start().weight.detach().double().numpy()[0]  # type: ignore[union-attr, operator]
    for step, row in enumerate(record.steps[:10]):
        rows = batches(step // 10)[step % 10].numpy()
        a, b = features[rows], targets[rows]
        value, grad = _half_mean_square(a, b, x)
        x, state, info = method.step(state, x, value, grad)
        assert row["loss"] == pytest.approx(value, rel=1e-4)
        assert row["step_size"] == pytest.approx(float(info.step_size), rel=1e-3)
        assert row["lower_bound"] == -1.0
        assert row["cap"] == 1.0


def _half_mean_square(a: Any, b: Any, x: Any) -> tuple[float, Any]:
    residual = a @ x - b
    return float(np.mean(residual**2) / 2), a.T @ residual / len(b)


@pytest.mark.parametrize(
    "method", ["momo", "momo_adam_star", "momo_random_scaling", "adam", "schedule_free_sgd"]
)
def test_the_same_run_gives_the_same_record(method: str) -> None:
    run = quick(method, 0.1)
    assert without_times(trained(run)) == without_times(trained(run))


@pytest.mark.parametrize("name", METHODS)
def test_every_momentum_model_trains_with_all_that_a_run_can_ask_for(name: str) -> None:
    settings = {"schedule": "cosine", "warmup": 0.1, "clip": 1.0, "precision": "bfloat16"}
    row = find(name).row
    lr = min(row.defaults.lr, row.grid[-1])
    bound = {"lb": 0.0} if "lb" in row.uses else {}
    record = trained(quick(name, lr, epochs=2, **bound, **settings))
    assert record.run["status"] == "done"
    assert record.epochs[-1]["validation_loss"] < record.epochs[0]["validation_loss"]
    assert len(record.steps) == 20
    assert all(math.isfinite(row["step_size"]) and row["cap"] > 0 for row in record.steps[:-1])


@pytest.mark.parametrize(
    "method",
    [
        "momo",
        "momo_adam_star",
        "mom_sps",
        "iam_adam",
        "schedule_free_polyak",
        "momo_random_scaling",
        "muon_max_momo",
        "momo_soap",
        "adam",
        "schedule_free_adam_w",
    ],
)
def test_a_run_goes_on_from_a_checkpoint_bit_for_bit(method: str, tmp_path: Path) -> None:
    run, path = quick(method, 0.1), tmp_path / "checkpoint.pt"
    whole = trained(run)

    def interrupt(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(run, checkpoint=path, report=interrupt)
    assert path.exists()
    seen: list[float] = []
    resumed = trained(run, checkpoint=path, report=seen.append)
    assert min(seen) > 0.4
    assert without_times(resumed) == without_times(whole)
    assert not path.exists()


def test_a_damaged_checkpoint_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(b"nothing")
    with pytest.raises(
        ValueError, match=r"checkpoint\.pt is no readable checkpoint of this run.*delete it"
    ):
        trained(quick(), checkpoint=path)


def test_a_flipped_bit_of_a_checkpoint_is_seen(tmp_path: Path) -> None:
    """What is trained on from it would be another run than the record says."""
    path = tmp_path / "checkpoint.pt"

    def interrupt(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(quick(), checkpoint=path, report=interrupt)
    whole = path.read_bytes()
    for bit in np.random.default_rng(0).choice(8 * len(whole), 20, replace=False).tolist():
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)
        with pytest.raises(ValueError, match=r"no readable checkpoint of this run \(BrokenSeal"):
            trained(quick(), checkpoint=path)
    path.write_bytes(without_seal(whole))  # as they were before there were seals
    seen: list[float] = []
    trained(quick(), checkpoint=path, report=seen.append)
    assert min(seen) > 0.4


def test_seeds_change_the_start_and_the_order() -> None:
    one, other = quick(seed=0), quick(seed=1)
    shuffled = quick(seed=1, same_init=True)
    first = {losses(trained(run))[0] for run in (one, other, shuffled)}
    assert len(first) == 3
    start_of = [trained(run).epochs[0]["validation_loss"] for run in (one, other, shuffled)]
    assert start_of[0] == start_of[2] != start_of[1]


@pytest.mark.parametrize("method", ["sgd_m", "adam"])
def test_divergence_is_recorded_with_its_step(method: str) -> None:
    run, data = quick(method, 1e-2), task()
    bad = 23

    calls = 0

    def loss(model: nn.Module, batch: Any) -> torch.Tensor:
        nonlocal calls
        calls += 1
        return data.loss(model, batch) * (math.inf if calls == bad + 1 else 1.0)

    record = trained(run, task=replace(data, loss=loss))
    assert record.run["status"] == "diverged"
    assert record.run["diverged_at"] == bad
    assert record.run["steps"] == bad + 1
    assert record.steps[-1]["step"] == bad
    assert [row["epoch"] for row in record.epochs] == [0, 1, 2, 3]
    assert math.isnan(record.epochs[-1]["test_score"])
    assert math.isnan(record.epochs[-1]["train_loss"])


def test_an_infinite_validation_loss_is_a_divergence() -> None:
    data = task()
    evaluated = 0

    def evaluate(*arguments: Any) -> Scores:
        nonlocal evaluated
        evaluated += 1
        return Scores(math.inf, 0.0) if evaluated > 4 else data.evaluate(*arguments)

    record = trained(quick(), task=replace(data, evaluate=evaluate))
    assert record.run["status"] == "diverged"
    assert record.run["diverged_at"] == 20


@pytest.mark.parametrize("method", ["schedule_free_sgd", "schedule_free_polyak"])
def test_schedule_free_methods_are_scored_at_their_average(method: str) -> None:
    """In training mode the parameters are another point, whose loss is another one."""
    run, data, entry = quick(method, 0.1, epochs=1), task(), find(method)
    record, model = trained(run), start()
    optimizer: Any = entry.build(model.parameters(), resolve(method, lr=0.1, lb=run.lb))
    optimizer.train()
    for index in batches(0):
        optimizer.zero_grad()
        loss = data.loss(model, tuple(tensor[index] for tensor in data.train.tensors))  # type: ignore[attr-defined]
        loss.backward()
        optimizer.step(**({"loss": loss} if entry.takes_loss else {}))
    with torch.no_grad():
        before = data.evaluate(model, data.test, 512).loss
        optimizer.eval()
        after = data.evaluate(model, data.test, 512).loss
    assert record.epochs[-1]["test_loss"] == after != before


def test_what_is_drawn_in_training_depends_on_seed_and_epoch() -> None:
    data = task()

    def draws(run: Run) -> list[float]:
        found: list[float] = []

        def loss(model: nn.Module, batch: Any) -> torch.Tensor:
            found.append(torch.rand(()).item())
            return data.loss(model, batch)

        trained(run, task=replace(data, loss=loss))
        return found

    one = draws(quick(seed=0))
    assert len({*one}) == len(one) == 50
    assert draws(quick(seed=0, lr=1.0)) == one
    assert not {*draws(quick(seed=1, same_init=True))} & {*one}


def test_clipping_shrinks_loss_and_gradient_alike() -> None:
    """An uncapped step is that of the gradient as it was (`momo.optim.clip_grad_norm_`)."""
    free = trained(quick("momo", 1e9, beta=0.0, lb=0.0))
    clipped = trained(quick("momo", 1e9, beta=0.0, lb=0.0, clip=1e-2))
    # single precision, over five epochs of a contraction
    assert losses(clipped)[:20] == pytest.approx(losses(free)[:20], rel=1e-2)
    assert clipped.steps[0]["dual_norm_sq"] == pytest.approx(1e-4, rel=1e-3)
    assert free.steps[0]["dual_norm_sq"] > 1e-2  # ten times as long as what it was clipped to


def test_the_times_are_parts_of_each_other() -> None:
    about = trained(quick()).run
    assert 0 < about["optimizer_time"] < about["training_time"] < about["wall_time"]


def test_samples_are_judged_once_after_training_and_not_of_a_diverged_run() -> None:
    """On the test part, with the model in evaluation mode, without gradients."""
    seen: list[tuple[bool, bool, int]] = []

    def quality(model: nn.Module, source: Source) -> float:
        seen.append((model.training, torch.is_grad_enabled(), len(source)))
        return 0.25

    judged = replace(task(), quality=quality)
    assert trained(quick(), task=judged).run["sample_distance"] == 0.25
    assert seen == [(False, False, len(judged.test))]
    assert trained(quick("sgd_m", 1e6), task=judged).run["sample_distance"] is None
    assert len(seen) == 1
    assert trained(quick()).run["sample_distance"] is None


def test_long_runs_record_about_two_hundred_steps() -> None:
    steps = [row["step"] for row in trained(quick(epochs=90)).steps]
    assert steps == [*range(0, 900, 5)]


def test_the_number_of_seeds_is_no_coincidence() -> None:
    assert len({draw(seed, epoch) for seed in range(30) for epoch in range(30)}) == 900
    assert draw(1, 2) != draw(2, 1)


@pytest.mark.gpu
@pytest.mark.parametrize("method", ["momo", "momo_adam", "adam"])
def test_a_gpu_gives_the_losses_of_the_cpu(method: str) -> None:
    """Sums in another order: single precision, over the first steps of a contraction."""
    run = quick(method, 0.1)
    record = train(run, workload(), task(), torch.device("cuda"))
    assert losses(record)[:20] == pytest.approx(losses(trained(run))[:20], rel=1e-3)
    assert 0 < record.run["optimizer_time"] < record.run["training_time"]


def test_a_task_is_never_changed_by_a_run() -> None:
    data: Task = task()
    before = [tensor.clone() for tensor in data.train.tensors]  # type: ignore[attr-defined]
    trained(quick(), task=data)
    for old, new in zip(before, data.train.tensors, strict=True):  # type: ignore[attr-defined]
        assert torch.equal(old, new)
