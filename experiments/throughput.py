# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How fast a run would be here: steps per second and peak memory, over some of its steps.

From them follow the hours of a run, ``steps / (steps per second) / 3600``, without evaluation.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import nn

from experiments.config import Run, preset_for
from experiments.data import available
from experiments.data.made_up import SAMPLES, given, made_up
from experiments.execution.draws import draw
from experiments.optimizers import find as find_method
from experiments.optimizers import resolve
from experiments.parameter_groups import parameter_groups
from experiments.workload import Batch, Preset, Source, Task
from experiments.workloads import find
from momo.bench.records import device_title

WARM_UP = 3
"""Steps that are not timed: the first allocate, choose algorithms and compile."""


@dataclass(frozen=True)
class Throughput:
    """What was measured.

    Attributes
    ----------
    workload, method, precision, device
        Of what, and where.
    parameters
        Of the model.
    batch_size
        Samples of a step; of texts: tokens.
    steps_per_second
        With data loading and augmentation, without evaluation.
    peak_memory
        In bytes: of the GPU what torch had allocated, of the CPU the process.
    run_steps
        Steps of a whole run; None: the size of the real data set is not known.
    real_data
        Whether the data were the real ones, and not noise of their shape.
    """

    workload: str
    method: str
    precision: str
    device: str
    parameters: int
    batch_size: int
    steps_per_second: float
    peak_memory: int
    run_steps: int | None
    real_data: bool

    @property
    def hours(self) -> float | None:
        """Hours of a run on this device."""
        return None if self.run_steps is None else self.run_steps / self.steps_per_second / 3600


def measure(run: Run, device: torch.device, steps: int, data: Path | None = None) -> Throughput:
    """Time some steps of a run.

    Parameters
    ----------
    run
        Which.
    device
        Where.
    steps
        How many are timed, after `WARM_UP` others.
    data
        The folder of the data sets; what is not in it is made up.

    Raises
    ------
    ValueError
        If steps is below 1, or data are missing that cannot be made up.
    """
    if steps < 1:
        raise ValueError(f"steps = {steps}; allowed: at least 1")
    preset = preset_for(find(run.workload), run)
    missing = [name for name in preset.data if available(name, data) is not None]
    with ExitStack() as stack:
        for name in missing:
            stack.enter_context(given(name, made_up(name, _samples(name, run, steps))))
        task = preset.build(data)
        torch.manual_seed(draw(run.init_seed))
        model = task.model().to(device)
        seconds = _timed(run, task, model, device, steps)
    cuda = device.type == "cuda"
    # Kilobytes on Linux, bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    used = unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Throughput(
        workload=run.workload,
        method=run.method,
        precision=run.precision,
        device=device_title(device),
        parameters=sum(p.numel() for p in model.parameters()),
        batch_size=run.batch_size,
        steps_per_second=steps / seconds,
        peak_memory=torch.cuda.max_memory_allocated(device) if cuda else used,
        run_steps=run_steps(run, preset, task.train, missing),
        real_data=not missing,
    )


def _samples(name: str, run: Run, steps: int) -> int:
    """Return how many samples to make up: an epoch or so of what is timed, but never many."""
    wanted = 2 * run.batch_size * (steps + WARM_UP)
    if name == "iwslt14":  # a batch is of tokens, and a sentence has about 40 of them
        wanted = max(wanted // 40, 2000)
    elif name == "text":
        wanted = 300 * wanted
    elif name == "openwebtext":  # windows are drawn anywhere: more would be no other work
        wanted = 20_000
    return max(200, min(wanted, 200_000_000))


def run_steps(run: Run, preset: Preset, train: Source, missing: Sequence[str] = ()) -> int | None:
    """Return the steps of a run on the real data, or None if their number is not known.

    Parameters
    ----------
    train
        What there is to train on: the real samples, unless ``missing`` names the data set.
    """
    count = train.count(run.batch_size)
    held_out = float(preset.scale.get("validation", 0.0))
    if not missing:
        samples, known = len(train), len(train)
    elif missing[0] in SAMPLES:
        samples, known = len(train), round(SAMPLES[missing[0]] * (1 - held_out))
    else:
        return None
    if count != -(-samples // run.batch_size):  # batches of tokens: as many for each sentence
        return run.epochs * run.svag * round(count * known / samples)
    whole, rest = divmod(known, run.batch_size)
    return run.epochs * run.svag * (whole + (rest > 0 and not run.drop_last))


def _timed(run: Run, task: Task, model: nn.Module, device: torch.device, steps: int) -> float:
    entry = find_method(run.method)
    settings = resolve(run.method, **{name: getattr(run, name) for name in entry.row.uses})
    groups = parameter_groups(model, task.roles(model), run.decayed, run.spectral)
    optimizer: Any = entry.build(groups, settings)
    model.train()
    if entry.row.modes:
        optimizer.train()
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    batches = _batches(run, task, device)

    def step() -> None:
        batch = tuple(part.to(device, non_blocking=True) for part in next(batches))

        def closure() -> torch.Tensor:
            optimizer.zero_grad()
            half = run.precision == "bfloat16"
            with torch.autocast(device.type, torch.bfloat16, enabled=half):
                loss = task.loss(model, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            return loss.detach()

        if entry.needs_closure:
            optimizer.step(closure)
        elif entry.takes_loss:
            optimizer.step(loss=closure())
        else:
            closure()
            optimizer.step()

    for _ in range(WARM_UP):
        step()
    started = _now(device)
    for _ in range(steps):
        step()
    return _now(device) - started


def _now(device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def _batches(run: Run, task: Task, device: torch.device) -> Iterator[Batch]:
    source, epoch = task.train.to(device), 0
    count = source.count(run.batch_size)
    if run.drop_last and len(source) // run.batch_size > 0:
        count = len(source) // run.batch_size
    while True:
        torch.manual_seed(draw(run.seed, epoch))
        yield from islice(source.batches(run.batch_size, torch.randperm(len(source))), count)
        epoch += 1
