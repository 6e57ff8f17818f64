# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Records that were made up: a few workloads, methods, learning rates, three seeds."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.config import Run
from experiments.records import EPOCHS, RUNS, STEPS, Record, Records, load, save

TITLES = {
    "momo": "MoMo",
    "momo_star": "MoMo*",
    "momo_adam": "MoMo-Adam",
    "momo_adam_star": "MoMo-Adam*",
    "sgd_m": "SGD-M",
    "adam": "Adam",
    "adam_w": "AdamW",
    "adabelief": "AdaBelief",
    "adabound": "AdaBound",
    "lion": "Lion",
    "prox_sps": "Prox-SPS",
    "prodigy": "Prodigy",
    "schedule_free_sgd": "Schedule-free SGD",
    "schedule_free_adam_w": "Schedule-free AdamW",
}
MAIN = ("momo", "momo_adam", "sgd_m", "adam")
STARRED = ("momo", "momo_star", "momo_adam", "momo_adam_star", "sgd_m", "adam")
SEEDS = (0, 1, 2)
METHODS = {
    "mnist_mlp": tuple(TITLES),
    "synthetic_least_squares": STARRED,
    "imagenet32_resnet18": ("momo",),
}
"""Of workloads that have others than the main ones."""

ACCURACY = ("accuracy in %", True, 10.0, 1.0, 97.0)
LOSS = ("loss", False, 5.0, 0.05, 1e-4)
WORKLOADS: dict[str, tuple[str, str, str, tuple[Any, ...]]] = {
    "mnist_mlp": ("MLP on MNIST", "paper", "mnist", ACCURACY),
    "cifar10_resnet20": ("ResNet-20 on CIFAR-10", "small", "fashion_slice", ACCURACY),
    "diffusion_unet": (
        "Diffusion, UNet",
        "small",
        "fashion_slice",
        ("loss", False, 1.0, 0.01, 0.05),
    ),
    "imagenet32_resnet18": ("ResNet-18 on ImageNet32", "small", "emoji_slice", ACCURACY),
    "synthetic_least_squares": ("Synthetic least squares", "paper", "generated", LOSS),
}


def lrs(method: str, every: int = 2) -> tuple[float, ...]:
    """Return a grid in steps of ``every`` decades, with rates at which runs diverge."""
    adam_like = ("adam" in method or method == "adabelief") and method != "schedule_free_sgd"
    low, high = (-4, 2) if adam_like else (-3, 3)
    return tuple(10.0**power for power in range(low, high + 1, every))


def run(workload: str, method: str, lr: float, seed: int, **changes: Any) -> Run:
    """Return a plain run with changes."""
    momentum_model = "momo" in method
    plain = Run(
        workload=workload,
        scale={"data": WORKLOADS[workload][2]},
        method=method,
        lr=lr,
        beta=0.9,
        beta2=0.999 if "adam" in method else None,
        eps=1e-8 if "adam" in method else None,
        weight_decay=0.0,
        lb=(-10.0 if workload == "synthetic_least_squares" else 0.0) if momentum_model else None,
        schedule="constant",
        warmup=0.0,
        clip=None,
        epochs=4,
        batch_size=128,
        seed=seed,
        init_seed=seed,
    )
    return replace(plain, **changes)


def record(run: Run, *, plain: bool = True) -> Record:
    """Return what such a run might have left; far too large learning rates diverge."""
    title, preset, _, (score_name, higher, worst, point, good) = WORKLOADS[run.workload]
    draw = np.random.default_rng(run.seed)
    centre = -2.5 if "adam" in run.method and run.method != "momo_adam" else -0.5
    centre += 0.1 * (len(run.method) - 4)
    width = 3.0 if "momo" in run.method else 1.5
    off = abs(math.log10(run.lr) - centre) / width
    off += 0.02 * len(run.workload)
    off += 0.3 * (run.beta == 0) / run.svag
    off += 0.2 * (run.schedule != "constant") + 0.1 * bool(run.lb) + 0.3 * run.weight_decay
    off += 0.01 * run.rounding
    quality = float(np.exp(-(off**4)) * (1 - 0.03 * draw.random()))
    diverged = run.lr >= 10 and "momo" not in run.method and (run.seed > 0 or run.lr > 10)
    last = worst + (good - worst) * quality
    epochs = []
    for epoch in range(run.epochs + 1):
        if diverged and epoch == 3:
            break
        part = epoch / run.epochs
        loss = 2.3 * (1 - 0.98 * part * quality)
        score = worst + (last - worst) * part**0.5
        epochs.append(
            {
                "epoch": epoch,
                "step": 100 * epoch,
                "train_loss": None if epoch == 0 else loss,
                "validation_loss": loss * 1.1,
                "validation_score": score,
                "test_loss": loss * 1.2,
                "test_score": score - 0.01,
                "time": float(epoch),
            }
        )
    steps = []
    for step in range(0, 100 * run.epochs, 10):
        row: dict[str, Any] = {"step": step, "lr": run.lr, "loss": 2.3 * math.exp(-step / 100)}
        if "momo" in run.method:
            zeta = float(np.exp(draw.normal(0, 1.5)) * 10 ** (-step / 200))
            row |= {"adaptive": zeta, "cap": run.lr, "step_size": min(zeta, run.lr)}
            row |= {"value": row["loss"], "dual_norm_sq": 1.0, "loss_avg": row["loss"]}
            bound = -10.0 * math.exp(-step / 60) if "star" in run.method else run.lb
            row["lower_bound"] = bound
        steps.append(row)
    about = dict.fromkeys(RUNS) | asdict(run)
    about |= {
        "run": run.id,
        "workload_title": title,
        "preset": preset,
        "method_title": TITLES[run.method],
        "plain": plain,
        "score_name": score_name,
        "higher_is_better": higher,
        "worst": worst,
        "point": point,
        "status": "diverged" if diverged else "done",
        "diverged_at": 250 if diverged else None,
        "steps": 250 if diverged else 100 * run.epochs,
        "initial_loss": 2.3,
        "wall_time": 4.0,
        "training_time": 3.0,
        "optimizer_time": 1.0,
        "stacked": 1,
    }
    return Record(about, epochs, steps)


def all_runs(every: int = 2) -> Iterator[tuple[Run, bool]]:
    """Yield runs and whether they are plain: something for every figure."""
    for workload in WORKLOADS:
        for method in METHODS.get(workload, MAIN):
            for lr in lrs(method, every):
                for seed in SEEDS:
                    yield run(workload, method, lr, seed), True
                    if workload == "imagenet32_resnet18":
                        for decay, lb in ((0.0, 0.9), (0.1, 0.0), (0.1, 0.9)):
                            yield run(workload, method, lr, seed, weight_decay=decay, lb=lb), False
                    if workload != "mnist_mlp" or method not in MAIN:
                        continue
                    for rounding in (1, 2) if lr == 0.1 and seed < 2 else ():
                        yield run(workload, method, lr, seed, rounding=rounding), False
                    for schedule in ("cosine", "step"):
                        yield run(workload, method, lr, seed, schedule=schedule), False
                    if method in ("momo", "sgd_m"):
                        yield run(workload, method, lr, seed, beta=0.0), False
                        for beta, svag in itertools.product((0.0, 0.9), (2, 8)) if lr < 1 else ():
                            yield run(workload, method, lr, seed, beta=beta, svag=svag), False
                    if method == "momo":
                        for lb in (-1.0, 0.5):
                            yield run(workload, method, lr, seed, lb=lb), False


def records(every: int = 2) -> Records:
    """Return all of them as tables."""
    kept = [record(each, plain=plain) for each, plain in all_runs(every)]
    runs = [{**one.run, "scale": json.dumps(one.run["scale"])} for one in kept]
    epochs = [{**row, "run": one.run["run"]} for one in kept for row in one.epochs]
    steps = [{**row, "run": one.run["run"]} for one in kept for row in one.steps]
    tables = zip((runs, epochs, steps), (RUNS, EPOCHS, STEPS), strict=True)
    return Records(*(pl.DataFrame(rows, schema) for rows, schema in tables))


def saved(folder: Path, workloads: tuple[str, ...] = ("mnist_mlp",)) -> Records:
    """Write some of the plain runs as files, and return what is read again."""
    for each, plain in all_runs():
        if each.workload in workloads and plain and each.method in MAIN and each.seed == 0:
            save(folder, record(each))
    return load(folder)
