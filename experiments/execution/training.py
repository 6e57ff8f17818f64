# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The training loop: one run of one method on one workload, and the record it leaves."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from experiments import ranks
from experiments.batch_statistics import BATCHES, has_statistics, measure
from experiments.batches import cut
from experiments.config import Run
from experiments.environment import facts
from experiments.execution import checkpoints
from experiments.execution.clocks import Timer
from experiments.execution.compiling import compiled
from experiments.execution.diagnostics import Layers
from experiments.execution.draws import draw, round_once
from experiments.execution.progress import Progress, record_of
from experiments.execution.verdict import check_first, has_diverged, scalar
from experiments.optimizers import find, resolve
from experiments.parameter_groups import parameter_groups
from experiments.records import Record
from experiments.schedules import factor
from experiments.svag import weights
from experiments.workload import Batch, Scores, Source, Task, Workload
from momo.optim import MomentumModelOptimizer, clip_grad_norm_

STEP_ROWS = 200
"""About how many steps of a run are recorded."""
CHECK_EVERY = 10
"""In how many steps the losses are looked at: to do so waits for the device."""


def train(
    run: Run,
    workload: Workload,
    task: Task,
    device: torch.device,
    checkpoint: Path | None = None,
    report: Callable[[float], None] = lambda share: None,
    watch: Callable[[Progress], None] = lambda progress: None,
    diagnostics: bool = False,
    compile: bool = False,
) -> Record:
    """Train, and return the record.

    All that is drawn in an epoch (the order of the samples, augmentation, dropout) comes from the
    seed and the number of the epoch, so that a run which goes on from a checkpoint is the one that
    was not interrupted, and ranks see the same samples as one process would. A run whose loss is
    NaN or infinite ends there, as diverged.

    If ``torch.distributed`` is initialised, all ranks call this together, and the record of the
    first is complete.

    Parameters
    ----------
    run, workload, task
        What to train; the task has been built at the run's scale.
    device
        Where.
    checkpoint
        A file to go on from if it is there, written after every epoch and deleted at the end.
    report
        Called after every step with the share of the run that is done.
    watch
        Called after every epoch, and before the first of this call, with what there is so far.
    diagnostics, compile
        See `experiments.execution.processes.Place`.
    """
    trainer = Trainer(run, task, device, diagnostics=diagnostics, compile=compile)
    if checkpoint is not None and checkpoint.exists():
        trainer.restore(checkpoint)
    trainer.run_through(checkpoint, report, watch)
    record = trainer.record(workload)
    if checkpoint is not None and trainer.rank == 0:
        checkpoint.unlink(missing_ok=True)
    return record


class Trainer:
    """A run on its way: model, optimizer, and how far it is.

    Parameters
    ----------
    run, task, device, diagnostics, compile
        As for `train`.
    clock
        ``() -> seconds``, by which the times of the record are measured.
    """

    stacked = 1
    """How many runs are trained together as one model (`experiments.execution.stacked`)."""

    def __init__(
        self,
        run: Run,
        task: Task,
        device: torch.device,
        clock: Callable[[], float] = time.perf_counter,
        diagnostics: bool = False,
        compile: bool = False,
    ) -> None:
        self.config, self.device, self.clock = run, device, clock
        self.rank, self.ranks = ranks.rank(), ranks.count()
        self.entry = find(run.method)
        self.task = task
        self.train, self.test = task.train.to(device), task.test.to(device)
        held_out = task.validation
        self.validation = None if held_out is None else held_out.to(device)
        torch.manual_seed(draw(run.init_seed))
        self.model: nn.Module = task.model().to(device)
        if run.rounding:
            round_once(self.model, run.rounding)
        settings = resolve(run.method, **{name: getattr(run, name) for name in self.entry.row.uses})
        roles = task.roles(self.model)
        groups = parameter_groups(self.model, roles, run.decayed, run.spectral)
        self.optimizer: Any = self.entry.build(groups, settings)
        if self.entry.needs_closure:  # nobody else can clip between its passes
            for group in self.optimizer.param_groups:
                group["max_norm"] = run.clip
        parallel, self.compiled = ranks.parallel(self.model, device), compile
        self.parallel = compiled(parallel) if compile else parallel
        self.layers = Layers(self.model, self.optimizer, diagnostics)
        if run.svag > 1 and self.ranks > 1:
            raise ValueError(f"svag = {run.svag} on {self.ranks} ranks; allowed: 1 on several")
        self.weights = weights(run.svag)
        self.total = run.epochs * run.svag * self.count()
        self.thin = math.ceil(self.total / STEP_ROWS)
        self.progress = Progress()

    # ---- checkpoints --------------------------------------------------------------------------

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint."""
        self.progress = checkpoints.read(path, self.model, self.optimizer, self.device)

    def save(self, path: Path) -> None:
        """Write a checkpoint."""
        checkpoints.save(path, self.model, self.optimizer, self.progress)

    # ---- the loop -----------------------------------------------------------------------------

    def run_through(
        self,
        checkpoint: Path | None,
        report: Callable[[float], None],
        watch: Callable[[Progress], None],
    ) -> None:
        """Train to the end."""
        self.begin()
        watch(self.progress)
        while self.goes_on():
            self.begin_epoch()
            for batches in self.steps():
                if not self.take(batches):
                    break
                report(self.progress.step / self.total)
            self.end_epoch()
            if checkpoint is not None and self.rank == 0:
                self.save(checkpoint)
            watch(self.progress)

    def begin(self) -> None:
        """Begin, or go on: evaluate the model before any step."""
        self.earlier, self.begun = self.progress.wall_time, self.clock()
        if self.progress.epoch == 0:
            self.evaluate(None)

    def goes_on(self) -> bool:
        """Return whether there is an epoch to do."""
        return self.progress.epoch < self.config.epochs and self.progress.diverged_at is None

    def begin_epoch(self) -> None:
        """Set what an epoch draws from, and begin its lists of losses and rows."""
        self.first, self.epoch_begun = self.progress.step, self.clock()
        self.losses: list[Tensor] = []
        self.rows: list[tuple[int, float, Tensor, Any]] = []
        torch.manual_seed(draw(self.config.seed, self.progress.epoch))
        self.parallel.train()
        if self.entry.row.modes:
            self.optimizer.train()

    def take(self, batches: tuple[Batch, ...]) -> bool:
        """Take a step; return false if a look at the last losses found one that is not finite."""
        progress, losses = self.progress, self.losses
        lr = self.set_lr()
        loss = self.step(batches)
        losses.append(loss)
        if progress.step % self.thin == 0:
            self.rows.append((progress.step, lr, loss, self.last()))
            self.layers.look(progress.step)
        progress.step += 1
        return len(losses) % CHECK_EVERY != 0 or self.finite(losses[-CHECK_EVERY:])

    def end_epoch(self) -> None:
        """Note losses, rows and times of the epoch, and evaluate."""
        progress = self.progress
        values = ranks.mean(torch.stack(self.losses)).tolist()
        bad = [i for i, value in enumerate(values) if not math.isfinite(value)]
        if self.first == 0:
            check_first(values[0])
        if bad:
            progress.diverged_at = self.first + bad[0]
            progress.step = self.first + bad[0] + 1
        if progress.initial_loss is None:
            progress.initial_loss = values[0]
        progress.steps += [_row(*row) for row in self.rows if row[0] < progress.step]
        progress.layers += self.layers.taken(progress.step)
        progress.training_time += self.clock() - self.epoch_begun
        progress.epoch += 1
        progress.wall_time = self.earlier + self.clock() - self.begun
        self.evaluate(math.nan if bad else math.fsum(values) / len(values))
        progress.wall_time = self.earlier + self.clock() - self.begun

    def steps(self) -> Iterator[tuple[Batch, ...]]:
        """Yield the batches of every step of an epoch: one, or two independent ones with SVAG."""
        if self.config.svag == 1:
            yield from ((batch,) for batch in self.batches())
            return
        for part in range(self.config.svag):
            yield from zip(self.batches(part, 1), self.batches(part, 2), strict=True)

    def batches(self, *which: int) -> Iterator[Batch]:
        """Yield all batches of the training data, in an order of this epoch's and ``which``."""
        run = self.config
        seed = draw(run.seed, self.progress.epoch, *which)
        order = torch.randperm(len(self.train), generator=torch.Generator().manual_seed(seed))
        found = self.train.batches(run.batch_size, order, self.rank, self.ranks)
        return islice(found, self.count())

    def count(self) -> int:
        """Return how many batches an epoch has."""
        run, all_samples = self.config, len(self.train)
        count = self.train.count(run.batch_size)
        if not run.drop_last:
            return count
        if count != math.ceil(all_samples / run.batch_size) or all_samples < run.batch_size:
            raise ValueError(
                f"drop_last = True with batches of {run.batch_size} of {all_samples} samples;"
                " allowed: where batches have a number of samples, and one of them is full"
            )
        return all_samples // run.batch_size

    def set_lr(self) -> float:
        """Set the learning rate of the next step, and return it."""
        run = self.config
        lr = run.lr * factor(run.schedule, self.progress.step, self.total, run.warmup) / run.svag
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        return lr

    def loss(self, batches: tuple[Batch, ...]) -> Tensor:
        """Return the loss of a step: that of its batch, or the combination of two."""
        if self.device.type == "cuda":
            batches = tuple(
                tuple(part.to(self.device, non_blocking=True) for part in batch)
                for batch in batches
            )
        half = self.config.precision == "bfloat16"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half):
            losses = [scalar(self.task.loss(self.parallel, batch)) for batch in batches]
        if len(losses) == 1:
            return losses[0]
        first, second = self.weights
        return first * losses[0] + second * losses[1]

    def step(self, batches: tuple[Batch, ...]) -> Tensor:
        """Take a step, and return the loss."""
        run = self.config
        if self.entry.needs_closure:  # whose time includes the passes that it asks for
            with self.timed():
                found: Tensor = self.optimizer.step(lambda: self.backward(batches))
            return found
        loss = self.backward(batches)
        given: Any = loss
        if run.clip is not None:
            given, _ = clip_grad_norm_(self.model.parameters(), run.clip, loss, run.lb or 0.0)
        with self.timed():
            if self.entry.takes_loss:
                self.optimizer.step(loss=given)
            else:
                self.optimizer.step()
        return loss

    def backward(self, batches: tuple[Batch, ...]) -> Tensor:
        """Compute the gradients, part by part, and return the loss."""
        self.optimizer.zero_grad()
        parts = cut(batches, self.config.accumulate)
        total = torch.zeros((), device=self.device)
        for index, (share, part) in enumerate(parts):
            # Ranks need to meet once a step, with the last part.
            alone: Any = getattr(self.parallel, "no_sync", nullcontext)
            with alone() if index + 1 < len(parts) else nullcontext():
                loss = self.loss(part) if share == 1 else share * self.loss(part)
                loss.backward()  # type: ignore[no-untyped-call]
            total = loss.detach() if len(parts) == 1 else total + loss.detach()
        return total

    def finite(self, losses: list[Tensor]) -> bool:
        """Return whether all losses of all ranks are finite, so that they stop together."""
        return bool(ranks.mean(torch.stack(losses)).isfinite().all())

    def timed(self) -> Timer:
        """Measure the optimizer: every step on the CPU, the recorded ones on other devices."""
        if self.device.type == "cpu":
            return Timer(self.progress, 1, lambda: None)
        chosen = self.progress.step % self.thin == 0
        wait = torch.cuda.synchronize if self.device.type == "cuda" and chosen else lambda: None
        return Timer(self.progress, self.thin if chosen else 0, wait)

    def last(self) -> Any:
        """Return what a momentum model says of its last step; None: it is none."""
        return self.optimizer.last if isinstance(self.optimizer, MomentumModelOptimizer) else None

    # ---- scores -------------------------------------------------------------------------------

    def evaluate(self, train_loss: float | None) -> None:
        """Add the row of an epoch; losses that are not finite mean that the run has diverged.

        Where there is no validation part, the row has null for it.
        """
        progress = self.progress
        validation = test = Scores(math.nan, math.nan)
        if progress.diverged_at is None and self.rank == 0:
            self.settle()
            test = self.scores(self.test)
            validation = test if self.validation is None else self.scores(self.validation)
        numbers = [validation.loss, validation.score, test.loss, test.score]
        numbers = ranks.from_first(numbers, self.device)
        found = {"validation": Scores(*numbers[:2]), "test": Scores(*numbers[2:])}
        if progress.diverged_at is None and has_diverged(progress.epoch, found):
            progress.diverged_at = progress.step
        progress.epochs.append(
            {
                "epoch": progress.epoch,
                "step": progress.step,
                "train_loss": train_loss,
                "validation_loss": None if self.validation is None else validation.loss,
                "validation_score": None if self.validation is None else validation.score,
                "test_loss": test.loss,
                "test_score": test.score,
                "time": progress.wall_time,
            }
        )

    def look(self) -> None:
        """Turn to the parameters that are evaluated, without dropout."""
        self.model.eval()
        if self.entry.row.modes:
            self.optimizer.eval()

    def settle(self) -> None:
        """Measure what BatchNorm normalises by, at parameters that no batch was seen with."""
        if self.entry.row.modes and has_statistics(self.model):
            self.look()
            batches = islice(self.batches(3), BATCHES)
            moved = (tuple(part.to(self.device) for part in batch) for batch in batches)
            measure(self.model, self.task.loss, moved)

    @torch.no_grad()
    def scores(self, source: Source) -> Scores:
        """Return the scores on a source."""
        self.look()
        return self.task.evaluate(self.model, source, max(self.config.batch_size, 512))

    @torch.no_grad()
    def quality(self) -> float | None:
        """Return how far samples of the trained model are from the test data, if it makes any."""
        if self.task.quality is None or self.progress.diverged_at is not None or self.rank > 0:
            return None
        self.look()
        return self.task.quality(self.model, self.test)

    def record(self, workload: Workload) -> Record:
        """Return the record of the run, which has ended."""
        return record_of(
            self.config,
            workload,
            self.progress,
            method_title=self.entry.row.title,
            sample_distance=self.quality(),
            stacked=self.stacked,
            compiled=self.compiled,
            **facts(self.device, self.ranks),
        )


def _row(step: int, lr: float, loss: Tensor, last: Any) -> dict[str, Any]:
    scalars = {} if last is None else {k: float(v) for k, v in last._asdict().items()}
    return {"step": step, "lr": lr, "loss": float(loss), **scalars}
