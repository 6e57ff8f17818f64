# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The Trainer: accumulation, clipping by default, tokens, label smoothing, evaluation, resuming."""

from __future__ import annotations

import tempfile
from functools import partial
from typing import Any

import hand
import torch
from torch import Tensor, nn
from transformers import GPT2Config, GPT2LMHeadModel, Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_pt_utils import LabelSmoother

from momo import Momo, MomoAdam
from momo.integrations.transformers import MomoCallback

mse, cross_entropy = nn.functional.mse_loss, nn.functional.cross_entropy

SINGLE = 1e-5
"""Of a loss in float32, which decides a few steps."""


# ---- models, data, and the loop by hand ----------------------------------------------------


class Regression(nn.Module):
    """A model of one's own, which returns the mean over its batch."""

    def __init__(self, dtype: torch.dtype = torch.float64) -> None:
        super().__init__()
        self.net = hand.network(dtype)

    def forward(self, x: Tensor, y: Tensor) -> dict[str, Tensor]:
        out = self.net(x)
        return {"loss": mse(out, y), "logits": out}


def rows(count: int = 64, dtype: torch.dtype = torch.float64) -> list[dict[str, Tensor]]:
    return [{"x": x, "y": y} for x, y in zip(*hand.data(count, dtype), strict=True)]


class Words(nn.Module):
    """A language model of one's own that is told how many words a batch has in all."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.table, self.head = nn.Embedding(13, 8).double(), nn.Linear(8, 13).double()

    def forward(
        self, input_ids: Tensor, labels: Tensor | None = None, **keywords: Any
    ) -> dict[str, Tensor]:
        out = {"logits": self.head(self.table(input_ids).cumsum(1).tanh())}
        if labels is not None:
            out["loss"] = word_loss(out, labels, **keywords)
        return out


def word_loss(outputs: dict[str, Tensor], labels: Tensor, num_items_in_batch: Any = None) -> Tensor:
    """The mean over the words that count, of which the trainer may count those of the batch."""
    total = cross_entropy(outputs["logits"].flatten(0, 1), labels.flatten(), reduction="sum")
    return total / ((labels != -100).sum() if num_items_in_batch is None else num_items_in_batch)


def word_mean(model: nn.Module, batch: dict[str, Tensor]) -> Tensor:
    return word_loss(model(batch["input_ids"]), batch["labels"])


def language_model() -> GPT2LMHeadModel:
    """One of the library; its loss is in float32."""
    torch.manual_seed(1)
    dropout = dict.fromkeys(("resid_pdrop", "embd_pdrop", "attn_pdrop"), 0.0)
    sizes = {"n_embd": 8, "n_layer": 1, "n_head": 2, "n_positions": 8, "vocab_size": 13}
    model = GPT2LMHeadModel(GPT2Config(**sizes, **dropout, bos_token_id=0, eos_token_id=0))
    model.loss_type = "ForCausalLM"  # else the trainer counts the first word, which has no loss
    return model.double()


def sentences(count: int = 16) -> list[dict[str, Tensor]]:
    """Sentences of which some, and most of all the last, have few words that count."""
    torch.manual_seed(2)
    words = torch.randint(13, (count, 8))
    labels = words.clone()
    for k in range(count):
        labels[k, 2 + k * 5 % 7 :] = -100
    return [{"input_ids": i, "labels": j} for i, j in zip(words, labels, strict=True)]


def token_mean(model: nn.Module, batch: dict[str, Tensor]) -> Tensor:
    """The mean over all words of a batch that count."""
    logits = model(input_ids=batch["input_ids"]).logits[:, :-1]
    return cross_entropy(logits.reshape(-1, 13), batch["labels"][:, 1:].reshape(-1))


def joined(data: list[dict[str, Tensor]], size: int) -> list[dict[str, Tensor]]:
    parts = [data[k : k + size] for k in range(0, len(data), size)]
    return [{name: torch.stack([row[name] for row in p]) for name in p[0]} for p in parts]


def by_hand(
    model: nn.Module,
    loss_of: Any,
    batches: list[dict[str, Tensor]],
    max_norm: float | None = 1.0,
    make: Any = hand.made,
    **options: Any,
) -> hand.Trace:
    pairs = [(batch, None) for batch in batches]
    return hand.train(
        model, make(model, **options), pairs, max_norm, loss_of=lambda b, _: loss_of(model, b)
    )


def regression_loss(model: nn.Module, batch: dict[str, Tensor]) -> Tensor:
    return model(**batch)["loss"]


class Traced(TrainerCallback):
    """Begins a trace as soon as the optimizer has all its state."""

    def on_train_begin(self, args: Any, state: Any, control: Any, **keywords: Any) -> None:
        self.trace = hand.Trace(keywords["optimizer"].optimizer)


def arguments(folder: str, **options: Any) -> TrainingArguments:
    quiet = {"report_to": [], "disable_tqdm": True, "save_strategy": "no", "logging_steps": 1000}
    common = {"use_cpu": True, "num_train_epochs": 2, "lr_scheduler_type": "constant", **quiet}
    common |= {"train_sampling_strategy": "sequential", "remove_unused_columns": False}
    return TrainingArguments(folder, **{**common, **options})


def trained(
    model: nn.Module,
    data: list[dict[str, Tensor]],
    size: int,
    *,
    own: bool = True,
    kind: type[Trainer] = Trainer,
    optimizer: Any = None,
    keywords: dict[str, Any] | None = None,
    resume: str | None = None,
    folder: str | None = None,
    **options: Any,
) -> hand.Trace:
    """Train as a user would, who adds one callback."""
    with tempfile.TemporaryDirectory() as new:
        args = arguments(folder or new, per_device_train_batch_size=size, **options)
        optimizer, traced = optimizer or hand.made(model), Traced()
        trainer = kind(
            model=model,
            args=args,
            train_dataset=data,
            optimizers=(optimizer, None),
            callbacks=[traced],
            **(keywords or {}),
        )
        if own:
            trainer.add_callback(MomoCallback(trainer))
        trainer.train(resume_from_checkpoint=resume)
    return traced.trace


# ---- a model of one's own ------------------------------------------------------------------


@hand.case
def clipped_by_default() -> None:
    """The trainer clips at norm 1 unless told otherwise."""
    mine = by_hand(Regression(), regression_loss, joined(rows(), 16) * 2)
    mine.check(trained(Regression(), rows(), 16))


@hand.case
def accumulated() -> None:
    for max_norm in (None, 1.0, 0.5):
        trace = trained(
            Regression(), rows(), 8, gradient_accumulation_steps=4, max_grad_norm=max_norm or 0.0
        )
        by_hand(Regression(), regression_loss, joined(rows(), 32) * 2, max_norm).check(trace)


@hand.case
def accumulated_over_the_rest_of_an_epoch() -> None:
    """Seven batches of 8 in fours: the trainer divides the last three by three."""
    trace = trained(Regression(), rows(56), 8, gradient_accumulation_steps=4)
    by_hand(Regression(), regression_loss, joined(rows(56), 32) * 2).check(trace)


@hand.case
def evaluated() -> None:
    """Evaluation between steps, of another loss, changes none of them."""
    by_hand(Regression(), regression_loss, joined(rows(), 16) * 2).check(
        trained(
            Regression(),
            rows(),
            8,
            gradient_accumulation_steps=2,
            keywords={"eval_dataset": rows(24)},
            eval_strategy="steps",
            eval_steps=1,
        )
    )


class Doubles(Trainer):
    """A trainer with a loss of its own, which it changes in place."""

    def compute_loss(self, model: Any, inputs: Any, *args: Any, **keywords: Any) -> Tensor:
        loss = super().compute_loss(model, inputs, **keywords)
        loss *= 2
        return loss


@hand.case
def a_trainer_of_ones_own() -> None:
    trace = trained(Regression(), rows(), 8, kind=Doubles, gradient_accumulation_steps=4)
    twice = lambda model, batch: 2 * regression_loss(model, batch)  # noqa: E731
    by_hand(Regression(), twice, joined(rows(), 32) * 2).check(trace)


@hand.case
def mixed_precision() -> None:
    data = rows(dtype=torch.float32)
    options = {"gradient_accumulation_steps": 4, "bf16": True, "max_grad_norm": 0.5}
    trace = trained(Regression(torch.float32), data, 8, **options)
    parts = [(b["x"], b["y"]) for b in joined(data, 8)] * 2
    mine = hand.train_mixed(parts, 4, torch.bfloat16, False, max_norm=0.5)
    mine.check(trace, tolerance=1e-5)


# ---- a language model, whose losses are weighed by tokens ------------------------------------


@hand.case
def tokens() -> None:
    """The batch's loss is the mean over its words, not that of the means of its parts."""
    data = sentences()
    trace = trained(Words(), data, 2, gradient_accumulation_steps=4)
    by_hand(Words(), word_mean, joined(data, 8) * 2).check(trace)
    trace = trained(language_model(), data, 2, gradient_accumulation_steps=4)
    by_hand(language_model(), token_mean, joined(data, 8) * 2).check(trace, SINGLE)


def made_adam(model: nn.Module, **options: Any) -> MomoAdam:
    return MomoAdam(model.parameters(), lr=1.0, eps=1e-3, **options)


@hand.case
def made_by_the_trainer() -> None:
    """From a class and arguments, in two groups, of which one decays."""
    data = sentences()
    model, reference = language_model(), language_model()
    with tempfile.TemporaryDirectory() as folder:
        args = arguments(folder, per_device_train_batch_size=8, weight_decay=0.1)
        traced = Traced()
        given = (MomoAdam, {"lr": 1.0, "eps": 1e-3})
        trainer = Trainer(model, args, train_dataset=data, optimizer_cls_and_kwargs=given)
        trainer.add_callback(traced)
        trainer.add_callback(MomoCallback(trainer))
        names = {*trainer.get_decay_parameter_names(reference)}
        trainer.train()
    parameters = [*reference.named_parameters()]
    groups = [
        {"params": [p for n, p in parameters if n in names], "weight_decay": 0.1},
        {"params": [p for n, p in parameters if n not in names], "weight_decay": 0.0},
    ]
    make = lambda _: MomoAdam(groups, lr=1.0, eps=1e-3)  # noqa: E731
    mine = by_hand(reference, token_mean, joined(data, 8) * 2, make=make)
    mine.check(traced.trace, SINGLE)


@hand.case
def smoothed_labels() -> None:
    data = sentences()
    trace = trained(
        language_model(), data, 2, gradient_accumulation_steps=4, label_smoothing_factor=0.1
    )

    def loss_of(model: nn.Module, batch: dict[str, Tensor]) -> Tensor:
        out, smoother = model(input_ids=batch["input_ids"]), LabelSmoother(0.1)
        return smoother(out, batch["labels"], shift_labels=True)

    by_hand(language_model(), loss_of, joined(data, 8) * 2).check(trace, SINGLE)


@hand.case
def a_loss_function_of_ones_own() -> None:
    data = sentences()
    keywords = {"compute_loss_func": word_loss}
    options = {"gradient_accumulation_steps": 4, "keywords": keywords}
    trace = trained(Words(), data, 2, **options)
    by_hand(Words(), word_mean, joined(data, 8) * 2).check(trace)


# ---- saving and resuming -------------------------------------------------------------------


@hand.case
def resumed() -> None:
    """From a checkpoint in the middle of an epoch, in a new trainer: bit for bit."""
    data, common = sentences(), {"gradient_accumulation_steps": 2, "lr_scheduler_type": "linear"}
    with tempfile.TemporaryDirectory() as folder:
        common |= {"folder": folder, "save_strategy": "steps", "save_steps": 3}
        model = language_model()
        whole = trained(model, data, 2, optimizer=made_adam(model), **common)
        model = language_model()
        last = f"{folder}/checkpoint-3"
        rest = trained(model, data, 2, optimizer=made_adam(model), resume=last, **common)
    assert len(whole.rows) == 8
    assert len(rest.rows) == 5
    assert all(map(torch.equal, rest.rows, whole.rows[3:]))


# ---- what is refused -----------------------------------------------------------------------


@hand.case
def refusals() -> None:
    def attempt(own: bool = True, optimizer: Any = None, **options: Any) -> Any:
        model = Regression()
        optimizer = optimizer(model.parameters()) if optimizer else None
        return lambda: trained(model, rows(), 16, own=own, optimizer=optimizer, **options)

    refuse = hand.refused
    refuse(attempt(own=False), "step()", "observe", "framework")
    refuse(attempt(optimizer=torch.optim.AdamW), "AdamW", "momentum model")
    other = partial(Momo, max_norm=2.0)
    refuse(attempt(optimizer=other), "max_grad_norm = 1.0", "max_norm = 2.0")
    attempt(optimizer=other, max_grad_norm=2.0, max_steps=1)()


# ---- two processes -------------------------------------------------------------------------


@hand.in_two_processes
def two_processes() -> None:
    """The ranks' words are counted together, though one has more of them."""
    data = sentences()
    options = {"gradient_accumulation_steps": 2, "ddp_backend": "gloo"}
    trace = trained(Words(), data, 2, **options)
    mine = by_hand(Words(), word_mean, joined(data, 8) * 2, process_group=False)
    mine.check(trace)


if __name__ == "__main__":
    hand.run()
