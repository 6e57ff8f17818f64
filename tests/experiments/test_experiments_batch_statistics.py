# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Methods that are evaluated at other parameters than they train at have BatchNorm's statistics."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch
from experiments_runs import CPU, quick, task, workload
from torch import nn

from experiments.batch_statistics import has_statistics, measure
from experiments.config import Run
from experiments.execution import training
from experiments.execution.training import train
from experiments.workload import Task


def network(features: int) -> nn.Sequential:
    """Return a linear model whose inputs a layer shifts before another one normalises them."""
    linear = nn.Linear(features, features)
    return nn.Sequential(linear, nn.BatchNorm1d(features), nn.Linear(features, 1))


def normalised() -> Task:
    found = task()
    features = next(found.train.batches(2, None))[0].shape[1]
    return replace(found, model=partial(network, features))


def mean_loss(model: nn.Module, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
    return model(batch[0]).square().mean()


def test_statistics_are_the_means_over_batches_at_these_parameters() -> None:
    torch.manual_seed(0)
    model = network(3)
    batches = [(3 * torch.randn(8, 3) + 1,) for _ in range(5)]
    before = [p.detach().clone() for p in model.parameters()]
    measure(model, mean_loss, batches)
    inner = [model[0](batch[0]) for batch in batches]
    norm: Any = model[1]
    torch.testing.assert_close(norm.running_mean, torch.stack([x.mean(0) for x in inner]).mean(0))
    torch.testing.assert_close(norm.running_var, torch.stack([x.var(0) for x in inner]).mean(0))
    assert not model.training
    assert norm.momentum == 0.1
    assert all(torch.equal(p, b) for p, b in zip(model.parameters(), before, strict=True))
    assert has_statistics(model)
    assert not has_statistics(
        nn.Sequential(nn.LayerNorm(3), nn.BatchNorm1d(3, track_running_stats=False))
    )


@pytest.mark.parametrize(("method", "lr"), [("schedule_free_sgd", 0.3), ("dog", 3.0)])
def test_a_run_is_evaluated_with_them_and_trains_as_before(
    method: str, lr: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = quick(method, lr)
    with_them = train(run, workload(), normalised(), CPU)
    monkeypatch.setattr(training, "has_statistics", lambda model: False)
    without = train(run, workload(), normalised(), CPU)
    assert losses(with_them) == losses(without)
    last, other = with_them.epochs[-1], without.epochs[-1]
    assert last["test_loss"] != other["test_loss"]


@pytest.mark.parametrize("method", ["momo", "adam", "sgd_m"])
def test_other_methods_keep_their_running_means(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any) -> None:
        raise AssertionError("measured")

    monkeypatch.setattr(training, "measure", refuse)
    run: Run = quick(method, 0.01)
    train(run, workload(), normalised(), CPU)
    with pytest.raises(AssertionError, match="measured"):
        train(quick("schedule_free_sgd", 0.01), workload(), normalised(), CPU)


def losses(record: Any) -> list[float]:
    return [row["loss"] for row in record.steps]
