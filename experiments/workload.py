# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a workload is: data, model, loss and score, at one or more scales.

A workload is one file in `experiments.workloads` with a `Workload`, and a line in its registry. The
training loop (`experiments.execution.training`) knows nothing but what is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal, NamedTuple, Protocol

import torch
from torch import Tensor, nn

from experiments.parameter_groups import Decayed, Role, Spectral
from experiments.scales import HELD_OUT, scale_of, values_of

Batch = tuple[Tensor, ...]
"""What a source yields; the first dimension of every tensor counts the samples."""


class WorkloadError(Exception):
    """The workload is at fault: its data, its model at the start, its score. No method is."""


class Source(Protocol):
    """A part of the data (training, validation, test), from which batches come."""

    def __len__(self) -> int:
        """Return the number of samples."""
        ...

    def batches(
        self, size: int, order: Tensor | None, rank: int = 0, ranks: int = 1
    ) -> Iterator[Batch]:
        """Yield batches of ``size`` samples, on the CPU or the device the data is on.

        Parameters
        ----------
        size
            Samples in a batch over all ranks; the last batch may be smaller.
        order
            A permutation of the samples, int64 of shape (N,); with it come augmentations, drawn
            from torch's global generator. None: in order, without augmentation.
        rank, ranks
            This process takes every ``ranks``-th sample of each batch, from ``rank`` on.
        """
        ...

    def count(self, size: int) -> int:
        """Return how many batches an epoch has."""
        ...

    def to(self, device: torch.device) -> Source:
        """Return the same source with its data on a device; one that reads files stays as it is."""
        ...


def _no_roles(model: nn.Module) -> Mapping[str, Role]:
    return {}


@dataclass(frozen=True)
class Task:
    """A workload made concrete, at one scale.

    Attributes
    ----------
    train, validation, test
        The sources; no sample is in two of them, but that the test is of the samples trained on
        where a paper judges by the training loss. No validation part: nothing is held out, and
        rates are chosen by the test score.
    model
        Makes a new model, on the CPU; its random numbers come from torch's global generator.
    loss
        ``(model, batch) -> mean loss over the batch``, differentiable, a 0-dim tensor.
    evaluate
        ``(model, source, batch size) -> Scores``; the model is in evaluation mode, gradients off.
    quality
        Of a model that makes samples: ``(model, source) -> how far they are from the source``,
        measured once, on the test part, after training; it draws nothing from torch's global
        generator. None: the model makes none.
    roles
        ``(model) -> roles of parameters by name``, where they are not those that
        `experiments.parameter_groups.roles` finds by itself.
    """

    train: Source
    validation: Source | None
    test: Source
    model: Callable[[], nn.Module]
    loss: Callable[[nn.Module, Batch], Tensor]
    evaluate: Callable[[nn.Module, Source, int], Scores]
    quality: Callable[[nn.Module, Source], float] | None = None
    roles: Callable[[nn.Module], Mapping[str, Role]] = _no_roles


@dataclass(frozen=True)
class Scores:
    """The result on a source: the mean loss over its samples (no dropout), and the score."""

    loss: float
    score: float


@dataclass(frozen=True)
class Score:
    """How a workload is scored.

    Attributes
    ----------
    name
        For axes: "accuracy in %", "BLEU".
    higher_is_better
        False for a loss.
    worst
        The score of a model that learned nothing: what a diverged run counts as.
    point
        What counts as one point in "within one point of the best": 1 for percent and BLEU.
    """

    name: str
    higher_is_better: bool
    worst: float
    point: float = 1.0


@dataclass(frozen=True)
class Preset:
    """A scale of a workload, and how it is trained there.

    Attributes
    ----------
    build
        ``(data folder or None) -> Task``. Whatever is random in it (a split, a generated problem)
        has a fixed seed of its own: runs with other seeds see the same data.
    scale
        All that ``build`` depends on, as plain JSON values: names, widths, sizes, the data set. It
        is part of a run's identity.
    data
        The names of the data sets it needs (`experiments.data`).
    epochs, batch_size
        Of a run.
    lrs
        The grid of a method by its name, where it is not the method's own.
    schedule, warmup
        Of the learning rate: a name in `experiments.schedules`, and the share of all steps in which
        it grows from 0.
    weight_decay
        λ.
    beta2
        β2 of the methods whose own is Adam's, 0.999; None: that.
    lb
        f_* of the momentum models.
    clip
        The largest norm of the gradient; None: any.
    accumulate
        Into how many parts a batch is cut, whose gradients are added up before a step.
    drop_last
        Whether an epoch leaves out its last batch where that is smaller.
    decayed, spectral
        Which parameters are decayed, and which are matrices to a method in a norm of matrices; see
        `experiments.parameter_groups`.
    same_init
        Whether all seeds start at the same point, and differ in what is drawn in training alone.
    methods
        What is compared at this scale, where that is not what the workload compares.
    score
        How it is scored at this scale, where that is not the workload's score.
    kind
        Makes an object with ``build`` from the values of a scale: a dataclass. None: no other
        scale can be built.
    """

    build: Callable[[Any], Task]
    scale: Mapping[str, Any]
    data: tuple[str, ...]
    epochs: int
    batch_size: int
    lrs: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    schedule: str = "constant"
    warmup: float = 0.0
    weight_decay: float = 0.0
    beta2: float | None = None
    lb: float = 0.0
    clip: float | None = None
    accumulate: int = 1
    drop_last: bool = False
    decayed: Decayed = "all"
    spectral: Spectral = "all"
    same_init: bool = False
    methods: tuple[str, ...] = ()
    score: Score | None = None
    kind: Callable[..., Any] | None = None

    def at(self, scale: Mapping[str, Any]) -> Preset:
        """Return this preset at a scale with other values.

        Raises
        ------
        ValueError
            If it cannot be built.
        """
        if dict(scale) == dict(self.scale):
            return self
        if self.kind is None:
            raise ValueError(f"scale = {dict(scale)}; allowed: {dict(self.scale)}")
        made = scale_of(self.kind, scale)
        return replace(self, build=made.build, scale=values_of(made))

    def holding_out(self, share: float) -> Preset:
        """Return this preset with a share of the training samples held out; 0: none.

        Raises
        ------
        ValueError
            If the share is out of range, or is not its to choose.
        """
        if not 0 <= share < 1:
            raise ValueError(f"held_out = {share}; allowed: at least 0, below 1")
        names = {f.name for f in fields(self.kind)} if is_dataclass(self.kind) else set()
        if HELD_OUT not in names:
            raise ValueError(f"held_out = {share}; allowed: None, for these data come in parts")
        return self.at({**self.scale, HELD_OUT: float(share)})


class Difference(NamedTuple):
    """Something in which the preset "paper" is not, or may not be, the paper's experiment.

    Attributes
    ----------
    what
        It is about.
    here, paper
        How it is here, and there.
    reason
        Why it is so.
    """

    what: str
    here: str
    paper: str
    reason: str


PresetName = Literal["smoke", "small", "paper"]


@dataclass(frozen=True)
class Workload:
    """A learning problem.

    Attributes
    ----------
    name, title
        How it is called in commands, and in figures.
    source
        Where its set-up is from (paper, appendix), or what it stands in for.
    score
        How it is scored.
    presets
        "paper": as published. "small": at most 20 s a run on one CPU core, on real data. "smoke":
        seconds, on vendored data, for tests.
    methods
        What `run` compares if nothing else is said.
    differences
        In what the preset "paper" differs from the paper's experiment; None: the paper has none.
    """

    name: str
    title: str
    source: str
    score: Score
    presets: Mapping[PresetName, Preset]
    methods: tuple[str, ...] = ("momo", "momo_adam", "sgd_m", "adam")
    differences: tuple[Difference, ...] | None = None
