# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The functions of a submission, for any method of `experiments.optimizers`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import torch
import torch.distributed as dist

from experiments.optimizers import find, resolve

NAMES = {
    "learning_rate": "lr",
    "one_minus_beta1": "beta",
    "beta2": "beta2",
    "epsilon": "eps",
    "weight_decay": "weight_decay",
    "lower_bound": "lb",
}
"""AlgoPerf's names of hyper-parameters in a tuning file, and those here."""
BATCH_SIZES = {
    "criteo1tb": 262_144,
    "fastmri": 32,
    "imagenet_resnet": 1024,
    "imagenet_vit": 1024,
    "librispeech_conformer": 256,
    "librispeech_deepspeech": 256,
    "ogbg": 512,
    "wmt": 128,
    "mnist": 16,
}
"""By the name of the workload, those that AlgoPerf's own baselines take."""
PACKAGES = ("algoperf", "algorithmic_efficiency")
"""What AlgoPerf's package is and was called."""


class Submission:
    """What AlgoPerf calls: a momentum model's step also gets the loss.

    Parameters
    ----------
    method
        A name in `experiments.optimizers`; not one that needs a closure.
    """

    def __init__(self, method: str) -> None:
        self.entry = find(method)
        if self.entry.needs_closure:
            raise ValueError(f"method = {method} needs a closure, which AlgoPerf does not give")

    def get_batch_size(self, workload_name: str) -> int:
        """Return the number of samples in a batch over all devices."""
        if workload_name not in BATCH_SIZES:
            allowed = ", ".join(BATCH_SIZES)
            raise ValueError(f"workload_name = {workload_name!r}; allowed: {allowed}")
        return BATCH_SIZES[workload_name]

    def init_optimizer_state(
        self,
        workload: Any,
        model_params: torch.nn.Module,
        model_state: Any,
        hyperparameters: Any,
        rng: Any,
    ) -> dict[str, Any]:
        """Return the optimizer; hyper-parameters that a tuning file does not name are its own."""
        given = {}
        for theirs, name in NAMES.items():
            value = getattr(hyperparameters, theirs, None)
            if value is not None and name in self.entry.row.uses:
                given[name] = 1 - value if theirs.startswith("one_minus") else value
        settings = resolve(self.entry.name, **given)
        return {"optimizer": self.entry.build(model_params.parameters(), settings)}

    def update_params(
        self,
        workload: Any,
        current_param_container: torch.nn.Module,
        current_params_types: Any,
        model_state: Any,
        hyperparameters: Any,
        batch: Mapping[str, Any],
        loss_type: Any,
        optimizer_state: dict[str, Any],
        eval_results: Any,
        global_step: int,
        rng: Any,
        train_state: Any = None,
    ) -> tuple[dict[str, Any], torch.nn.Module, Any]:
        """Take a step of the mean loss over the valid samples of all devices."""
        model, optimizer = current_param_container, optimizer_state["optimizer"]
        model.train()
        if self.entry.row.modes:
            optimizer.train()
        optimizer.zero_grad()
        logits, new_state = workload.model_fn(
            params=model,
            augmented_and_preprocessed_input_batch=batch,
            model_state=model_state,
            mode=_training(),
            rng=rng,
            update_batch_norm=True,
        )
        found = workload.loss_fn(
            label_batch=batch["targets"],
            logits_batch=logits,
            mask_batch=batch.get("weights"),
            label_smoothing=getattr(hyperparameters, "label_smoothing", 0.0),
        )
        total, count = found["summed"], found["n_valid_examples"]
        if dist.is_available() and dist.is_initialized():
            # Sums through which gradients go: DDP's mean over the ranks is then that of this loss.
            summed: Any = import_module("torch.distributed.nn")
            total, count = summed.all_reduce(total), summed.all_reduce(count)
        loss = total / count
        loss.backward()
        if self.entry.takes_loss:
            optimizer.step(loss=loss.detach())
        else:
            optimizer.step()
        return optimizer_state, model, new_state

    def prepare_for_eval(
        self, workload: Any, current_param_container: Any, *rest: Any, **named: Any
    ) -> tuple[Any, Any, Any]:
        """Turn to the parameters that are evaluated."""
        names = ("current_params_types", "model_state", "hyperparameters", "loss_type")
        given = {**dict(zip((*names, "optimizer_state"), rest, strict=False)), **named}
        if self.entry.row.modes:
            given["optimizer_state"]["optimizer"].eval()
        return given["optimizer_state"], current_param_container, given["model_state"]

    def data_selection(
        self,
        workload: Any,
        input_queue: Iterator[Mapping[str, Any]],
        optimizer_state: Any,
        current_param_container: Any,
        model_state: Any,
        hyperparameters: Any,
        global_step: int,
        rng: Any,
    ) -> Mapping[str, Any]:
        """Return the next batch."""
        return next(input_queue)


def _training() -> Any:
    for package in PACKAGES:
        try:
            return import_module(f"{package}.spec").ForwardPassMode.TRAIN
        except ModuleNotFoundError:
            continue
    raise ModuleNotFoundError(
        "AlgoPerf is not installed: see github.com/mlcommons/algorithmic-efficiency",
        name=PACKAGES[0],
    )
