# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""An objective for Optuna: one run a trial, its validation score after every epoch.

from experiments.adapters.tuning import objective, study

search = study("mnist_mlp")
search.optimize(objective("mnist_mlp", "momo"), n_trials=20)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.adapters.trainers import train_epoch, trainer_of
from experiments.config import HYPERPARAMETERS, UNCHANGED, Changes, grid, preset_of
from experiments.workloads import find
from momo.installed import needed

LOGARITHMIC = ("weight_decay", "eps")
"""Hyper-parameters whose logarithm is drawn, as that of lr is."""


def study(workload: str, preset: str = "small", **options: Any) -> Any:
    """Return ``optuna.create_study`` in the direction of the workload's score, with its options.

    Raises
    ------
    ModuleNotFoundError
        If Optuna is not installed.
    """
    with needed("study", "adapters"):
        import optuna
    found = find(workload)
    score = preset_of(found, preset).score or found.score
    direction: Any = "maximize" if score.higher_is_better else "minimize"
    return optuna.create_study(direction=direction, **options)


def objective(
    workload: str,
    method: str,
    preset: str = "small",
    lr: tuple[float, float] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    seed: int = 0,
    changes: Changes = UNCHANGED,
    data: Path | None = None,
    device: str = "auto",
) -> Callable[[Any], float]:
    """Return ``trial -> the last validation score``; of a run that diverges, the worst there is.

    Parameters
    ----------
    lr
        From where to where it is drawn, its logarithm uniformly; None: the range of the grid.
    ranges
        The same of other hyper-parameters: beta, beta2, eps, weight_decay, lb. Those of
        `LOGARITHMIC` as lr, the others uniformly.
    changes
        Settings that are the same in all trials.

    Raises
    ------
    ValueError
        If a name or a range is not allowed; in a trial, if the workload holds nothing out to
        choose by.
    ModuleNotFoundError
        In a trial, if Optuna is not installed.
    """
    found = find(workload)
    score = preset_of(found, preset).score or found.score
    rates = grid(found, preset, method)
    bounds = {"lr": (min(rates), max(rates)) if lr is None else lr, **(ranges or {})}
    _check(bounds)

    def value(trial: Any) -> float:
        with needed("objective", "adapters"):
            import optuna
        drawn = {
            name: trial.suggest_float(name, low, high, log=name in ("lr", *LOGARITHMIC))
            for name, (low, high) in bounds.items()
        }
        rate, settings = drawn.pop("lr"), Changes(**{**asdict(changes), **drawn})
        trainer = trainer_of(workload, preset, method, rate, seed, settings, data, device)
        _check_held_out(trainer.validation, workload, preset)
        trainer.begin()
        last = score.worst
        while trainer.goes_on():
            row = train_epoch(trainer)
            if trainer.progress.diverged_at is not None:
                return score.worst
            last = row["validation_score"]
            trial.report(last, trainer.progress.epoch)
            if trial.should_prune():
                raise optuna.TrialPruned
        return last

    return value


def _check_held_out(validation: object, workload: str, preset: str) -> None:
    if validation is None:
        raise ValueError(
            f"{workload} at preset = {preset!r} holds nothing out to choose by; allowed: a"
            " share, as changes=Changes(held_out=0.1)"
        )


def _check(bounds: Mapping[str, tuple[float, float]]) -> None:
    for name, (low, high) in bounds.items():
        if name not in ("lr", *HYPERPARAMETERS):
            allowed = ", ".join(HYPERPARAMETERS)
            raise ValueError(f"ranges of {name!r}; allowed: {allowed}")
        least = 0 if name in ("lr", *LOGARITHMIC) else float("-inf")
        if not least < low <= high < float("inf"):
            raise ValueError(f"range of {name} = {low}, {high}; allowed: above {least}, in order")
