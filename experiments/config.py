# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A run, fully said: the frozen dataclass whose hash names its record."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from experiments.parameter_groups import Decayed, Spectral
from experiments.scales import HELD_OUT
from momo.lookup import choices

if TYPE_CHECKING:
    from experiments.workload import Preset, Workload

Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Run:
    """What a training run is, apart from where it runs: equal runs give equal results.

    Attributes
    ----------
    workload, scale
        The learning problem, and all that its data and model depend on, as JSON values.
    method
        A name in `experiments.optimizers`.
    lr, beta, beta2, eps, weight_decay, lb
        Its hyper-parameters; None where the method has no such one.
    schedule, warmup
        A name in `experiments.schedules`; the share of all steps in which lr grows from 0.
    clip
        The largest norm of the gradient; None: any.
    epochs, batch_size
        How long, and how many samples make a step (over all ranks).
    seed
        Of what is drawn in training: the order of the samples, augmentation, dropout.
    init_seed
        Of the initialisation.
    precision
        "bfloat16" computes losses under autocast.
    svag
        ℓ of `experiments.svag`; 1: none.
    accumulate
        Into how many parts a batch is cut, whose gradients are added up before a step.
    drop_last
        Whether an epoch leaves out its last batch where that is smaller.
    rounding
        0, or the seed of one rounding: every initial parameter moves by at most one unit in its
        last place. What it changes in the end is what rounding alone changes.
    decayed
        Which parameters are decayed: "all", "matrices" (no biases and norms) or "weights" (neither
        these nor embeddings).
    spectral
        Which parameters are matrices to a method in a norm of matrices: "all" that have two axes,
        or "hidden" (neither embeddings nor the last layer).
    """

    workload: str
    scale: Mapping[str, Any]
    method: str
    lr: float
    beta: float | None
    beta2: float | None
    eps: float | None
    weight_decay: float
    lb: float | None
    schedule: str
    warmup: float
    clip: float | None
    epochs: int
    batch_size: int
    seed: int
    init_seed: int
    precision: Precision = "float32"
    svag: int = 1
    accumulate: int = 1
    drop_last: bool = False
    rounding: int = 0
    decayed: Decayed = "all"
    spectral: Spectral = "all"

    @property
    def id(self) -> str:
        """Return the first 16 hexadecimal digits of the SHA-256 of its fields; see `identity`."""
        return identity(asdict(self))


FIELDS = tuple(field.name for field in fields(Run))
LATER: Mapping[str, Any] = {
    "svag": 1,
    "accumulate": 1,
    "drop_last": False,
    "rounding": 0,
    "decayed": "all",
    "spectral": "all",
}
"""Fields that the first records do not have, and what their runs were in them."""


def identity(values: Mapping[str, Any]) -> str:
    """Return the id of the run with these fields; what is no field of a run does not count.

    It is made of all fields as JSON, those of `LATER` only where a run is different from what there
    was before: so the ids of records stay what they are.
    """
    given = {**LATER, **values}
    own = {n: given[n] for n in FIELDS if n not in LATER or given[n] != LATER[n]}
    text = json.dumps(own, sort_keys=True, ensure_ascii=True, allow_nan=True, default=dict)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Changes:
    """What differs from the preset's and the method's own settings; None: nothing."""

    beta: float | None = None
    """β; Adam's β1."""
    beta2: float | None = None
    """Adam's β2."""
    eps: float | None = None
    """Adam's ε."""
    weight_decay: float | None = None
    """λ."""
    lb: float | None = None
    """Lower bound f_* of the momentum models."""
    schedule: str | None = None
    """constant, cosine, linear, inverse_square_root, step."""
    warmup: float | None = None
    """The share of all steps in which lr grows from 0."""
    clip: float | None = None
    """The largest norm of the gradient; inf: no clipping, where the preset clips."""
    epochs: int | None = None
    """How often the training data are gone through."""
    batch_size: int | None = None
    """Samples of a step; of texts: tokens."""
    precision: Precision | None = None
    """bfloat16: losses are computed under autocast."""
    svag: int | None = None
    """ℓ > 1: as much noise in ℓ times as many steps of lr/ℓ, of two batches each (SVAG)."""
    accumulate: int | None = None
    """Into how many parts a batch is cut, whose gradients are added up before a step."""
    drop_last: bool | None = None
    """An epoch leaves out its last batch where that is smaller."""
    rounding: int | None = None
    """A seed of one rounding of the initial parameters; 0: none."""
    held_out: float | None = None
    """The share of the training samples that is held out, to choose rates by; 0: none."""
    decayed: Decayed | None = None
    """all, matrices (no biases and norms) or weights (neither these nor embeddings)."""
    spectral: Spectral | None = None
    """all, or hidden: to Muon and Scion embeddings and the last layer are no matrices."""
    same_init: bool | None = None
    """All seeds start at the same point, and differ in what is drawn in training alone."""


UNCHANGED = Changes()
HYPERPARAMETERS = ("beta", "beta2", "eps", "weight_decay", "lb")


def preset_of(workload: Workload, name: str) -> Preset:
    """Return a preset by its name.

    Raises
    ------
    ValueError
        If the workload has none of that name.
    """
    for known, preset in workload.presets.items():
        if known == name:
            return preset
    allowed = ", ".join(workload.presets)
    raise ValueError(f"preset = {name!r} of {workload.name}; allowed: {allowed}")


def preset_name(workload: Workload, run: Run) -> str:
    """Return the largest preset of this scale: "paper" where "small" is the same.

    If there are several, one of the same number of epochs and samples in a batch goes before. If
    there is none, it is one that differs in what is held out alone.
    """
    order = ("paper", "small", "smoke")
    ranked = sorted(workload.presets.items(), key=lambda item: order.index(item[0]))
    for but in ((), (HELD_OUT,)):
        scale = _without(run.scale, but)
        same = {name: preset for name, preset in ranked if _without(preset.scale, but) == scale}
        for name, preset in same.items():
            if (preset.epochs, preset.batch_size) == (run.epochs, run.batch_size):
                return name
        if same:
            return next(iter(same))
    return "other"


def _without(scale: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in scale.items() if name not in names}


def preset_for(workload: Workload, run: Run) -> Preset:
    """Return the preset of a run, at the run's own scale.

    Raises
    ------
    ValueError
        If it is that of no preset.
    """
    return preset_of(workload, preset_name(workload, run)).at(run.scale)


def plan(
    workload: Workload,
    preset: str,
    method: str,
    lr: float,
    seed: int = 0,
    changes: Changes = UNCHANGED,
) -> Run:
    """Return the run of a method on a workload.

    Raises
    ------
    ValueError
        If a value is out of range, or the method has no such hyper-parameter.
    """
    from experiments.optimizers import find, resolve

    _check(lr=lr, seed=seed, changes=changes)
    scale = _chosen_preset(workload, preset, changes)
    uses = find(method).row.uses
    resolved = resolve(method, lr=lr, **_hyperparameters(scale, method, changes))

    def chosen(name: str) -> Any:
        value = getattr(changes, name)
        return getattr(scale, name) if value is None else value

    schedule, clip = chosen("schedule"), chosen("clip")
    return Run(
        workload=workload.name,
        scale=dict(scale.scale),
        method=method,
        lr=float(lr),
        **{
            name: float(getattr(resolved, name)) if name in uses else None
            for name in ("beta", "beta2", "eps", "lb")
        },
        weight_decay=float(resolved.weight_decay),
        schedule=schedule,
        warmup=float(chosen("warmup")),
        clip=None if clip is None or clip == math.inf else float(clip),
        epochs=chosen("epochs"),
        batch_size=chosen("batch_size"),
        seed=seed,
        init_seed=0 if chosen("same_init") else seed,
        precision=changes.precision or "float32",
        svag=1 if changes.svag is None else changes.svag,
        accumulate=chosen("accumulate"),
        drop_last=chosen("drop_last"),
        rounding=changes.rounding or 0,
        decayed=chosen("decayed") if resolved.weight_decay else "all",
        spectral=_spectral(method, changes.spectral, scale.spectral),
    )


def _hyperparameters(scale: Preset, method: str, changes: Changes) -> dict[str, float | None]:
    """Return those that the changes say, or else the preset; None: the method's own."""
    from experiments.optimizers import find

    row = find(method).row
    given = {name: getattr(changes, name) for name in HYPERPARAMETERS}
    usual: dict[str, float | None] = {"weight_decay": scale.weight_decay, "lb": scale.lb}
    if row.defaults.beta2 == 0.999:
        usual["beta2"] = scale.beta2
    for name, value in usual.items():
        if given[name] is None and name in row.uses:
            given[name] = value
    return given


def _chosen_preset(workload: Workload, name: str, changes: Changes) -> Preset:
    """Return the preset, with what is to be held out; its schedule is one that there is."""
    from experiments.schedules import SCHEDULES

    preset = preset_of(workload, name)
    schedule = changes.schedule or preset.schedule
    if schedule not in SCHEDULES:
        raise ValueError(f"schedule = {schedule!r}; {choices(schedule, SCHEDULES)}")
    return preset if changes.held_out is None else preset.holding_out(changes.held_out)


def _spectral(method: str, given: Spectral | None, usual: Spectral) -> Spectral:
    """Return the setting, which is "all" where the method is in no norm of matrices."""
    from experiments.optimizers import find

    chosen = usual if given is None else given
    if chosen == "all" or find(method).takes_spectral:
        return chosen
    if given is not None:
        raise ValueError(
            f"spectral = {given!r} was given, but {method} is in no norm of matrices; allowed: all"
        )
    return "all"


def grid(workload: Workload, preset: str, method: str) -> tuple[float, ...]:
    """Return the learning rates of a method on a workload: the preset's, or the method's own."""
    from experiments.optimizers import find

    return preset_of(workload, preset).lrs.get(method, find(method).row.grid)


def is_plain(workload: Workload, run: Run) -> bool:
    """Return whether all hyper-parameters are the preset's and the method's own."""
    name = preset_name(workload, run)
    return name in workload.presets and (
        plan(workload, name, run.method, run.lr, run.seed).id == run.id
    )


def _check(lr: float, seed: int, changes: Changes) -> None:
    """Refuse what is out of range whatever the method is."""
    if not lr > 0:
        raise ValueError(f"lr = {lr}; allowed: above 0; inf of a momentum model: no cap")
    if seed < 0:
        raise ValueError(f"seed = {seed}; allowed: at least 0")
    for name in ("epochs", "batch_size", "svag", "accumulate"):
        value = getattr(changes, name)
        if value is not None and value < 1:
            raise ValueError(f"{name} = {value}; allowed: at least 1")
    if changes.rounding is not None and changes.rounding < 0:
        raise ValueError(f"rounding = {changes.rounding}; allowed: at least 0")
    if changes.warmup is not None and not 0 <= changes.warmup < 1:
        raise ValueError(f"warmup = {changes.warmup}; allowed: from 0 to below 1")
    if changes.clip is not None and not changes.clip > 0:
        raise ValueError(f"clip = {changes.clip}; allowed: above 0; inf takes it away")
    for name, kinds in (("precision", Precision), ("decayed", Decayed), ("spectral", Spectral)):
        value, allowed = getattr(changes, name), get_args(kinds)
        if value is not None and value not in allowed:
            raise ValueError(f"{name} = {value!r}; {choices(value, allowed)}")


def product(
    workload: Workload,
    preset: str,
    methods: Iterable[str] = (),
    lrs: Iterable[float] = (),
    seeds: Iterable[int] = (0, 1, 2),
    changes: Changes = UNCHANGED,
) -> list[Run]:
    """Return the product of methods, learning rates and seeds; seeds vary slowest.

    Parameters
    ----------
    methods, lrs
        Empty: those of the preset or else of the workload; the grid of each method.
    """
    usual = preset_of(workload, preset).methods or workload.methods
    methods, lrs, seeds = tuple(methods) or usual, tuple(lrs), tuple(seeds)
    return [
        plan(workload, preset, method, lr, seed, changes)
        for seed in seeds
        for method in methods
        for lr in (lrs or grid(workload, preset, method))
    ]
