# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Timings of the runner, in pairs."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from experiments.config import Changes, Run, plan
from experiments.data import available
from experiments.execution.processes import Place, carry_out, threads
from experiments.execution.training import train
from experiments.workload import Task, Workload
from experiments.workloads import find


@dataclass(frozen=True)
class Pair:
    """Medians of the two times, and of their ratio round by round."""

    ours: float
    other: float
    ratio: float


@dataclass(frozen=True)
class Setting:
    """What is trained: the task, and on which preset it stands."""

    workload: Workload
    preset: str
    task: Task
    epochs: int
    data: Path | None
    title: str

    def config(self, method: str, seed: int = 0, epochs: int | None = None) -> Run:
        """Return a run."""
        changes = Changes(epochs=self.epochs if epochs is None else epochs)
        return plan(self.workload, self.preset, method, 1e-3, seed, changes)


def mnist(data: Path | None, epochs: int) -> Setting:
    """Return the setting of the MNIST workload; the vendored slice where MNIST is missing."""
    workload = find("mnist_mlp")
    preset = "small" if available("mnist", data) is None else "smoke"
    task = workload.presets[preset].build(data)  # type: ignore[index]
    what = f"{len(task.train)} training images, {epochs} epochs, batches of 128, one thread"
    missing = "" if preset == "small" else " (MNIST is missing: the slice of Fashion-MNIST)"
    return Setting(workload, preset, task, epochs, data, what + missing)


def against_hand(setting: Setting, method: str, rounds: int) -> Pair:
    """Time a run of the runner beside the loop by hand."""
    config, cpu = setting.config(method), torch.device("cpu")
    arrays = [_arrays(source) for source in (setting.task.train, setting.task.validation)]
    test = _arrays(setting.task.test)
    with threads(1):
        return paired(
            lambda: train(config, setting.workload, setting.task, cpu),
            lambda: by_hand(arrays[0], [arrays[1], test], setting.epochs),
            rounds,
            time.process_time,  # one thread: less disturbed by what else the machine does
        )


def by_hand(train: list[Tensor], others: list[list[Tensor]], epochs: int) -> list[float]:
    """Train as one would without this package: torch's Adam, accuracy after every epoch."""
    torch.manual_seed(0)
    images, labels = train
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 100), nn.ReLU(),
        nn.Linear(100, 10),
    )  # fmt: skip
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    scores: list[float] = []
    for _ in range(epochs):
        total = 0.0
        for index in torch.split(torch.randperm(len(labels)), 128):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(_normal(images[index])), labels[index])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            total += loss.item()
        with torch.no_grad():
            for pictures, truth in others:
                right = model(_normal(pictures)).argmax(1) == truth
                scores.append(right.double().mean().item())
    return scores


def workers(setting: Setting, count: int, runs: int, rounds: int) -> Pair:
    """Time a sweep with ``count`` workers beside the same with one."""
    epochs = max(1, setting.epochs // 4)
    configs = [setting.config("adam", seed, epochs) for seed in range(runs)]

    def sweep(jobs: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder), setting.data, "cpu")
            for outcome in carry_out(configs, place, jobs):
                if outcome.status != "done":
                    raise RuntimeError(f"{outcome.status}: {outcome.said}")

    sweep(count)  # so that the workers are there, and have read the data
    return paired(lambda: sweep(count), lambda: sweep(1), rounds)


def paired(
    ours: Callable[[], object],
    other: Callable[[], object],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> Pair:
    """Time two things in turn."""
    times = [(_seconds(ours, clock), _seconds(other, clock)) for _ in range(rounds)]
    return Pair(
        statistics.median(time for time, _ in times),
        statistics.median(time for _, time in times),
        statistics.median(one / two for one, two in times),
    )


def _seconds(what: Callable[[], object], clock: Callable[[], float]) -> float:
    started = clock()
    what()
    return clock() - started


def _normal(images: Tensor) -> Tensor:
    return images.float().div_(255).sub_(0.1307).div_(0.3081)


def _arrays(source: object) -> list[Tensor]:
    tensors: tuple[Tensor, Tensor] = source.tensors  # type: ignore[attr-defined]
    return [tensors[0], tensors[1]]
