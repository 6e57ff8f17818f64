# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Accelerate: a loop of one's own, with accumulation, clipping, mixed precision and resuming."""

from __future__ import annotations

import tempfile
from types import SimpleNamespace
from typing import Any

import hand
import torch
from accelerate import Accelerator, DistributedType
from accelerate.state import AcceleratorState
from torch import nn
from torch.optim.lr_scheduler import LinearLR
from torch.utils.data import DataLoader, TensorDataset

from momo.integrations.accelerate import attach

mse = nn.functional.mse_loss


def loader(size: int, rows: int = 64, dtype: torch.dtype = torch.float64) -> DataLoader[Any]:
    return DataLoader(TensorDataset(*hand.data(rows, dtype)), batch_size=size)


class Loop:
    """The loop of Accelerate's documentation, with one line more."""

    def __init__(
        self,
        size: int,
        rows: int = 64,
        dtype: torch.dtype = torch.float64,
        attached: bool = True,
        scaler: Any = None,
        clip: float | None = None,
        **options: Any,
    ) -> None:
        AcceleratorState._reset_state(True)  # one accelerator after another in one process
        self.accelerator = Accelerator(cpu=True, **options)
        if scaler is not None:  # as with float16 on a GPU; on a CPU there is none
            self.accelerator.scaler, self.accelerator.native_amp = scaler, True
        self.net, self.clip = hand.network(dtype), clip
        self.own = hand.made(self.net, max_norm=clip)
        schedule = LinearLR(self.own, 1.0, 0.5, total_iters=8)
        self.model, self.optimizer, self.loader, self.schedule = self.accelerator.prepare(
            self.net, self.own, loader(size, rows, dtype), schedule
        )
        self.attached = attached
        if attached:
            attach(self.accelerator, self.optimizer)
        self.trace = hand.Trace(self.own)

    def epochs(self, count: int) -> hand.Trace:
        for _ in range(count):
            for x, y in self.loader:
                with self.accelerator.accumulate(self.model):
                    loss = mse(self.model(x), y)
                    self.accelerator.backward(loss if self.attached else self.own.observe(loss))
                    if self.accelerator.sync_gradients and self.clip is not None:
                        norm = self.accelerator.clip_grad_norm_(self.model.parameters(), self.clip)
                        assert norm >= 0 or self.accelerator.scaler is not None  # NaN: overflow
                    self.optimizer.step()
                    self.schedule.step()
                    self.optimizer.zero_grad()
        return self.trace


def by_hand(size: int, max_norm: float | None = None, **options: Any) -> hand.Trace:
    model = hand.network()
    optimizer = hand.made(model, **options)
    schedule = LinearLR(optimizer, 1.0, 0.5, total_iters=8)
    batches = [*loader(size)] * 2
    return hand.train(model, optimizer, batches, max_norm, after=schedule.step)


@hand.case
def plain() -> None:
    by_hand(16).check(Loop(16).epochs(2))
    by_hand(16).check(Loop(16, attached=False).epochs(2))


@hand.case
def accumulated() -> None:
    for attached in (True, False):
        by_hand(32).check(Loop(8, attached=attached, gradient_accumulation_steps=4).epochs(2))


@hand.case
def accumulated_over_the_rest_of_an_epoch() -> None:
    """Seven batches of 8 in fours: the last step has three of them, and a quarter of each."""
    trace = Loop(8, rows=56, gradient_accumulation_steps=4).epochs(1)
    model = hand.network()
    optimizer = hand.made(model)
    schedule = LinearLR(optimizer, 1.0, 0.5, total_iters=8)

    def share(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return mse(out, y) * len(y) / 32

    batches = loader(32, rows=56)
    hand.train(model, optimizer, batches, criterion=share, after=schedule.step).check(trace)


@hand.case
def clipped_and_accumulated() -> None:
    trace = Loop(8, clip=0.5, gradient_accumulation_steps=4).epochs(2)
    by_hand(32, max_norm=0.5).check(trace)


@hand.case
def mixed_precision() -> None:
    for name, dtype in (("bf16", torch.bfloat16), ("fp16", torch.float16)):
        scaled = name == "fp16"
        scaler = torch.amp.GradScaler("cpu") if scaled else None
        options = {"mixed_precision": name, "gradient_accumulation_steps": 4}
        loop = Loop(8, clip=0.5, dtype=torch.float32, scaler=scaler, **options)
        loop.schedule = SimpleNamespace(step=lambda: None)
        trace = loop.epochs(6)
        parts = [*loader(8, dtype=torch.float32)] * 6
        mine = hand.train_mixed(parts, 4, dtype, scaled, max_norm=0.5)
        mine.check(trace, tolerance=1e-5)
        assert len(mine.rows) < 12 if scaled else len(mine.rows) == 12, len(mine.rows)


@hand.case
def resumed() -> None:
    """Saved after an epoch, and loaded into another loop: bit for bit as in one go."""
    options = {"clip": 0.5, "gradient_accumulation_steps": 2}
    whole = Loop(8, **options).epochs(2)
    with tempfile.TemporaryDirectory() as folder:
        first = Loop(8, **options)
        first.epochs(1)
        first.accelerator.save_state(folder)
        second = Loop(8, **options)
        second.accelerator.load_state(folder)
        rest = second.epochs(1)
    assert len(rest.rows) == 4
    assert all(map(torch.equal, rest.rows, whole.rows[4:]))


@hand.case
def refusals() -> None:
    loop, refuse = Loop(16), hand.refused
    parameters = [*loop.model.parameters()]
    clip, clip_value = loop.accelerator.clip_grad_norm_, loop.accelerator.clip_grad_value_
    refuse(lambda: clip(parameters, 0.5), "clip_grad_norm_", "max_norm = 0.5")
    refuse(lambda: clip_value(parameters, 0.5), "clip_grad_value_", "max_norm")
    other = Loop(16, clip=0.5)
    clip = other.accelerator.clip_grad_norm_
    refuse(lambda: clip(parameters, 0.25), "max_norm = 0.25", "0.5")
    refuse(lambda: clip(parameters, 0.5, norm_type=1), "norm_type = 1")
    bare = Loop(16, attached=False)
    refuse(bare.optimizer.step, "step()", "observe")
    adam = torch.optim.AdamW(bare.net.parameters())
    refuse(lambda: attach(bare.accelerator, adam), "AdamW", "momentum model")
    loop.accelerator.prepare(torch.optim.AdamW(hand.network().parameters()))
    loss = mse(loop.model(torch.ones(1, 5).double()), torch.ones(1, 1).double())
    refuse(lambda: loop.accelerator.backward(loss), "2 optimizers", "observe")
    for kind, name in ((DistributedType.DEEPSPEED, "DEEPSPEED"), (DistributedType.FSDP, "FSDP1")):
        engine = SimpleNamespace(distributed_type=kind, is_fsdp2=False)
        refuse(lambda engine=engine: attach(engine, loop.own), name)


@hand.in_two_processes
def two_processes() -> None:
    """Each has every other batch of 8, two at a time; the joined batch has all four."""
    loop = Loop(8, clip=0.5, gradient_accumulation_steps=2)
    assert loop.accelerator.num_processes == 2
    loop.schedule = SimpleNamespace(step=lambda: None)
    model = hand.network()
    mine = hand.made(model, process_group=False)
    hand.train(model, mine, [*loader(32)] * 2, 0.5).check(loop.epochs(2))


if __name__ == "__main__":
    hand.run()
