# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Lightning: automatic and manual optimization, accumulation, clipping, precision, resuming."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
from types import SimpleNamespace
from typing import Any

import hand
import lightning
import torch
from lightning.pytorch.callbacks import StochasticWeightAveraging
from lightning.pytorch.plugins import MixedPrecision
from lightning.pytorch.strategies import FSDPStrategy, ModelParallelStrategy
from torch import Tensor, nn
from torch.distributed.fsdp import fully_shard
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from momo.integrations.lightning import MomoCallback

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
mse = nn.functional.mse_loss
Batch = tuple[Tensor, Tensor]


class Regression(lightning.LightningModule):
    def __init__(self, dtype: torch.dtype = torch.float64, **options: Any) -> None:
        super().__init__()
        self.net, self.options = hand.network(dtype), options

    def configure_optimizers(self) -> Any:
        return hand.made(self.net, **self.options)

    def training_step(self, batch: Batch, index: int) -> Tensor | None:
        x, y = batch
        return mse(self.net(x), y)


class Traced(lightning.Callback):
    """Begins a trace as soon as there is an optimizer."""

    def on_fit_start(self, trainer: lightning.Trainer, module: lightning.LightningModule) -> None:
        self.trace = hand.Trace(trainer.optimizers[0])


def loader(size: int, rows: int = 64, dtype: torch.dtype = torch.float64) -> DataLoader[Any]:
    return DataLoader(TensorDataset(*hand.data(rows, dtype)), batch_size=size)


def trainer(*callbacks: lightning.Callback, **options: Any) -> lightning.Trainer:
    quiet = ("logger", "enable_progress_bar", "enable_model_summary", "enable_checkpointing")
    common = {"max_epochs": 2, "accelerator": "cpu", **dict.fromkeys(quiet, False)}
    return lightning.Trainer(callbacks=[*callbacks], **{**common, **options})


def fit(
    module: lightning.LightningModule,
    batches: DataLoader[Any],
    *others: lightning.Callback,
    own: bool = True,
    ckpt_path: str | None = None,
    **options: Any,
) -> hand.Trace:
    """Train as a user would, who adds one callback."""
    traced = Traced()
    callbacks = [traced, *others, *[MomoCallback()] * own]
    trainer(*callbacks, **options).fit(module, batches, ckpt_path=ckpt_path)
    return traced.trace


def by_hand(size: int, max_norm: float | None = None, rows: int = 64) -> hand.Trace:
    model = hand.network()
    return hand.train(model, hand.made(model), [*loader(size, rows)] * 2, max_norm)


# ---- automatic optimization ----------------------------------------------------------------


@hand.case
def automatic() -> None:
    by_hand(16).check(fit(Regression(), loader(16)))


@hand.case
def automatic_without_the_callback() -> None:
    """The closure's value is the loss, as long as nothing is accumulated."""
    by_hand(16).check(fit(Regression(), loader(16), own=False))


@hand.case
def accumulated() -> None:
    by_hand(32).check(fit(Regression(), loader(8), accumulate_grad_batches=4))


@hand.case
def accumulated_over_the_rest_of_an_epoch() -> None:
    """Seven batches of 8 in fours: the last step has three of them, and a quarter of each."""
    trace = fit(Regression(), loader(8, rows=56), accumulate_grad_batches=4)
    model = hand.network()

    def share(out: Tensor, y: Tensor) -> Tensor:
        return mse(out, y) * len(y) / 32

    batches = [*loader(32, rows=56)] * 2
    hand.train(model, hand.made(model), batches, criterion=share).check(trace)


@hand.case
def clipped() -> None:
    by_hand(16, max_norm=0.5).check(fit(Regression(), loader(16), gradient_clip_val=0.5))


@hand.case
def clipped_and_accumulated() -> None:
    options = {"accumulate_grad_batches": 4, "gradient_clip_val": 0.5}
    by_hand(32, max_norm=0.5).check(fit(Regression(), loader(8), **options))


class LeavesOut(Regression):
    def training_step(self, batch: Batch, index: int) -> Tensor | None:
        return (
            None if index % 4 == self.options.get("which") else super().training_step(batch, index)
        )

    def configure_optimizers(self) -> Any:
        return hand.made(self.net)


@hand.case
def a_batch_left_out() -> None:
    model = hand.network()
    batches = [b for k, b in enumerate([*loader(16)] * 2) if k % 4 != 2]
    hand.train(model, hand.made(model), batches).check(fit(LeavesOut(which=2), loader(16)))


@hand.case
def a_batch_left_out_of_accumulated_ones() -> None:
    """First, in the middle, or last, when the closure of the step itself returns None."""
    for which in (0, 2, 3):
        trace = fit(LeavesOut(which=which), loader(8), accumulate_grad_batches=4)
        model = hand.network()

        def share(out: Tensor, y: Tensor) -> Tensor:
            return mse(out, y) * 3 / 4

        parts = [b for k, b in enumerate([*loader(8)] * 2) if k % 4 != which]
        batches = [
            tuple(map(torch.cat, zip(*parts[k : k + 3], strict=True)))
            for k in range(0, len(parts), 3)
        ]
        hand.train(model, hand.made(model), batches, criterion=share).check(trace)


@hand.case
def averaged_weights() -> None:
    """SWA: the mean of the iterates at the begin of each of its epochs."""
    module, swa = Regression(), StochasticWeightAveraging(swa_lrs=100.0, swa_epoch_start=2)
    trace = fit(module, loader(16), swa, max_epochs=5, accumulate_grad_batches=2)
    model = hand.network()
    mine = hand.train(model, hand.made(model), [*loader(32)] * 5)
    mine.check(trace)
    mean = torch.stack([mine.rows[k] for k in (1, 3, 5, 7)]).mean(0)[hand.NUMBERS :]
    torch.testing.assert_close(hand.flat(module.net), mean, rtol=1e-12, atol=1e-12)


# ---- manual optimization -------------------------------------------------------------------


class Manual(Regression):
    """``how`` says what stands between backward and step."""

    def __init__(self, how: str, **options: Any) -> None:
        super().__init__(**options)
        self.how, self.automatic_optimization = how, False

    def training_step(self, batch: Batch, index: int) -> None:
        x, y = batch
        optimizer = self.optimizers()
        loss = mse(self.net(x), y)
        if self.how == "accumulate":
            self.manual_backward(optimizer.observe(loss) / 4)
            if index % 4 == 3:
                optimizer.step()
                optimizer.zero_grad()
            return
        optimizer.zero_grad()
        if self.how in ("observe", "clip"):
            loss = optimizer.observe(loss)
        self.manual_backward(loss)
        if self.how == "clip":
            self.clip_gradients(optimizer, 0.5, "norm")
        if self.how == "loss":
            optimizer.step(loss=loss)
        elif self.how == "closure":
            optimizer.step(lambda: loss)
        else:
            optimizer.step()


@hand.case
def manual() -> None:
    for how in ("loss", "closure", "observe"):
        for own in (True, False):
            by_hand(16).check(fit(Manual(how), loader(16), own=own))


@hand.case
def manual_and_accumulated() -> None:
    by_hand(32).check(fit(Manual("accumulate"), loader(8)))


@hand.case
def manual_and_clipped() -> None:
    """``clip_gradients`` at the optimizer's own norm does nothing: the step does it."""
    by_hand(16, max_norm=0.5).check(fit(Manual("clip", max_norm=0.5), loader(16)))


class Two(Regression):
    """Two models with an optimizer each; one of them may be another's."""

    def __init__(self, other: str = "momo") -> None:
        super().__init__()
        self.second, self.other, self.automatic_optimization = hand.network(), other, False

    def configure_optimizers(self) -> Any:
        mine = hand.made(self.net)
        if self.other == "momo":
            return [mine, hand.made(self.second)]
        return [mine, torch.optim.AdamW(self.second.parameters())]

    def training_step(self, batch: Batch, index: int) -> None:
        x, y = batch
        first, second = self.optimizers()
        for optimizer, loss in ((first, mse(self.net(x), y)), (second, mse(self.second(x), -y))):
            optimizer.zero_grad()
            self.manual_backward(loss)
            if self.other == "adamw" and optimizer is second:
                self.clip_gradients(optimizer, 0.5, "norm")
                optimizer.step()
            else:
                optimizer.step(loss=loss)


@hand.case
def two_optimizers() -> None:
    for other in ("momo", "adamw"):
        by_hand(16).check(fit(Two(other), loader(16)))


# ---- precision -----------------------------------------------------------------------------


@hand.case
def mixed_precision() -> None:
    """By hand: autocast, a scaler, and the mean of the losses. Float16 leaves some steps out."""
    for precision, dtype in (("16-mixed", torch.float16), ("bf16-mixed", torch.bfloat16)):
        plugin = MixedPrecision(precision, "cpu")
        trace = fit(
            Regression(torch.float32),
            loader(8, dtype=torch.float32),
            plugins=[plugin],
            accumulate_grad_batches=4,
            gradient_clip_val=0.5,
            max_epochs=6,
        )
        scaled = dtype is torch.float16
        parts = [*loader(8, dtype=torch.float32)] * 6
        mine = hand.train_mixed(parts, 4, dtype, scaled, max_norm=0.5)
        mine.check(trace, tolerance=1e-5)
        assert len(mine.rows) < 12 if scaled else len(mine.rows) == 12, len(mine.rows)


@hand.case
def manual_mixed_precision() -> None:
    module = Manual("loss", dtype=torch.float32)
    batches, plugin = loader(16, dtype=torch.float32), MixedPrecision("16-mixed", "cpu")
    trace = fit(module, batches, plugins=[plugin], max_epochs=3)
    hand.train_mixed([*batches] * 3, 1, torch.float16, True).check(trace, tolerance=1e-5)


# ---- saving and resuming -------------------------------------------------------------------


@hand.case
def resumed() -> None:
    """One epoch, and the others in a new trainer: bit for bit as in one go.

    The norm at which a trainer clips is its own, and not that of the checkpoint.
    """
    options = {"accumulate_grad_batches": 2, "gradient_clip_val": 0.5}
    whole = fit(Regression(), loader(8), max_epochs=3, **options)
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/first.ckpt"
        first = trainer(MomoCallback(), max_epochs=1, **options)
        first.fit(Regression(), loader(8))
        first.save_checkpoint(file)
        rest = fit(Regression(), loader(8), ckpt_path=file, max_epochs=3, **options)
        options["gradient_clip_val"] = 0.25
        other = trainer(MomoCallback(), max_epochs=2, **options)
        other.fit(Regression(), loader(8), ckpt_path=file)
    assert other.optimizers[0].param_groups[0]["max_norm"] == 0.25
    assert len(rest.rows) == 8
    assert all(map(torch.equal, rest.rows, whole.rows[4:]))


# ---- what is refused -----------------------------------------------------------------------


class Custom(Regression):
    def configure_gradient_clipping(self, optimizer: Any, *_: Any, **__: Any) -> None:
        self.clip_gradients(optimizer, 0.25, "norm")


class Torchs(Regression):
    def configure_optimizers(self) -> Any:
        return torch.optim.AdamW(self.net.parameters())


@hand.case
def refusals() -> None:
    def attempt(module: Any, **options: Any) -> Any:
        return lambda: fit(module, loader(16), **options)

    refuse = hand.refused
    refuse(attempt(Regression(), own=False, accumulate_grad_batches=2), "closure", "observe")
    by_value = {"gradient_clip_val": 0.5, "gradient_clip_algorithm": "value"}
    refuse(attempt(Regression(), **by_value), "gradient_clip_val = 0.5", "value")
    refuse(attempt(Regression(max_norm=1.0), gradient_clip_val=0.5), "max_norm = 1.0", "0.5")
    refuse(attempt(Custom()), "clip_gradients", "max_norm = 0.25")
    refuse(attempt(Manual("clip")), "clip_gradients", "max_norm = 0.5")
    refuse(attempt(Manual("step")), "step()", "observe")
    refuse(attempt(Torchs()), "AdamW", "momentum model")
    sharded = SimpleNamespace(optimizers=[hand.made(hand.network())], strategy=FSDPStrategy())
    refuse(lambda: MomoCallback().on_train_start(sharded, Regression()), "FSDPStrategy")


@hand.case
def the_trainer_gets_its_clipping_back() -> None:
    """After training, and after an error, the plugin clips others' gradients as before."""
    for module in (Regression(), Manual("clip")):
        mine = trainer(MomoCallback())
        with contextlib.suppress(ValueError):
            mine.fit(module, loader(16))
        assert "clip_gradients" not in vars(mine.precision_plugin)


# ---- two processes -------------------------------------------------------------------------


class Sharded(Regression):
    def configure_model(self) -> None:
        fully_shard(self.net, mesh=self.device_mesh["data_parallel"])


def of_two(module: lightning.LightningModule, strategy: Any) -> None:
    """Compare the training of every other row with that of all; clipped, and accumulated."""
    rows = TensorDataset(*hand.data())
    every_other = DistributedSampler(rows, 2, int(os.environ["RANK"]), shuffle=False)
    batches = DataLoader(rows, batch_size=8, sampler=every_other)
    options = {"strategy": strategy, "devices": 2, "use_distributed_sampler": False}
    trace = fit(module, batches, accumulate_grad_batches=2, gradient_clip_val=0.5, **options)
    model = hand.network()
    mine = hand.made(model, process_group=False)
    hand.train(model, mine, [*loader(32)] * 2, 0.5).check(trace)


@hand.in_two_processes
def data_parallel() -> None:
    of_two(Regression(), "ddp")


@hand.in_two_processes
def sharded() -> None:
    """FSDP2."""
    of_two(Sharded(), ModelParallelStrategy(data_parallel_size=2, tensor_parallel_size=1))


if __name__ == "__main__":
    hand.run()
