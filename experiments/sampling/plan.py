# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the study of samplers compares, said in full: plain values, no torch."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from typing import Literal

from experiments.sampling.rules import Rule


@dataclass(frozen=True)
class Sampler:
    """A sampler of the study.

    Attributes
    ----------
    title
        How it is called in tables and figures.
    form
        "annealed": one step a level, so that N evaluations are N - 1 levels and the denoising.
        "corrected": a predictor with one step of the corrector a level: N/2 levels.
    rule
        Momentum and temperature.
    """

    title: str
    form: Literal["annealed", "corrected"]
    rule: Rule


CORRECTOR_DELTA = 1e-4
"""δ of the form with a predictor, in the paper."""

SAMPLERS: dict[str, Sampler] = {
    "langevin": Sampler("Langevin", "annealed", Rule("langevin")),
    "fixed_published": Sampler("fixed, published", "annealed", Rule("fixed", "published")),
    "fixed_exact": Sampler("fixed, exact", "annealed", Rule("fixed", "exact")),
    "adaptive_published": Sampler("adaptive, published", "annealed", Rule("adaptive", "published")),
    "adaptive_exact": Sampler("adaptive, exact", "annealed", Rule("adaptive", "exact")),
    "corrected_langevin": Sampler("corrector, Langevin", "corrected", Rule("langevin")),
    "corrected_published": Sampler(
        "corrector, published",
        "corrected",
        Rule("adaptive", "published", delta=CORRECTOR_DELTA),
    ),
    "corrected_exact": Sampler(
        "corrector, exact",
        "corrected",
        Rule("adaptive", "exact", delta=CORRECTOR_DELTA),
    ),
}


@dataclass(frozen=True)
class Config:
    """The network, its training, and what is sampled and compared.

    Attributes
    ----------
    data, size
        A data set of images in memory, and the side to which averages bring them, in pixels;
        values are scaled to [-1, 1], the unit of all distances.
    widths, groups
        Of the network, see `experiments.models.unet.Unet`.
    epochs, batch_size, lr
        Of its training with MoMo-Adam, cosine schedule.
    sigmas
        σ_1 and σ_L.
    evaluations
        How often a sampler may evaluate the network; even.
    corrected_up_to
        With a predictor only up to so many.
    epsilons, snrs
        The step sizes that are tried: ε/σ_L² of the annealed form, snr of the corrector.
    samples
        In a set of samples, and of the real images that it is compared with.
    tuning_samples
        The same, where step sizes are compared.
    directions
        Of the sliced Wasserstein distance.
    seeds
        Of samples: start, noise, and which real images.
    tuning_seed
        Of those by which the step size is chosen, against images held out from the training.
    network_seed, directions_seed
        Of the network and its training; of the directions.
    shown
        How many samples are kept for the figure, of the first seed.
    """

    data: str = "fashion_slice"
    size: int = 14
    widths: tuple[int, ...] = (8, 16)
    groups: int = 4
    epochs: int = 40
    batch_size: int = 64
    lr: float = 3e-3
    sigmas: tuple[float, float] = (10.0, 0.05)
    evaluations: tuple[int, ...] = (12, 24, 48, 96)
    corrected_up_to: int = 48
    epsilons: tuple[float, ...] = (0.2, 0.4, 0.8, 1.2, 1.6)
    snrs: tuple[float, ...] = (0.05, 0.1, 0.2, 0.3, 0.4)
    samples: int = 160
    tuning_samples: int = 80
    directions: int = 256
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    tuning_seed: int = 100
    network_seed: int = 0
    directions_seed: int = 0
    shown: int = 8

    def __post_init__(self) -> None:
        for name in ("samples", "tuning_samples", "epochs", "directions", "shown"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} = {getattr(self, name)}; allowed: at least 1")
        if not self.seeds:
            raise ValueError("seeds is empty; allowed: at least one")
        if not self.evaluations or any(n < 4 or n % 2 for n in self.evaluations):
            raise ValueError(f"evaluations = {self.evaluations}; allowed: even, at least 4")

    @property
    def id(self) -> str:
        """Return a hash of all fields."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]

    def counts(self, sampler: Sampler) -> tuple[int, ...]:
        """Return at how many evaluations a sampler is judged."""
        most = math.inf if sampler.form == "annealed" else self.corrected_up_to
        return tuple(n for n in self.evaluations if n <= most)

    def sizes(self, sampler: Sampler) -> tuple[float, ...]:
        """Return the step sizes that are tried for a sampler."""
        return self.epsilons if sampler.form == "annealed" else self.snrs


SMOKE = Config(
    size=7,
    widths=(8, 8),
    epochs=1,
    evaluations=(4, 8),
    epsilons=(0.4, 0.8),
    snrs=(0.1, 0.2),
    samples=32,
    tuning_samples=16,
    directions=16,
    seeds=(0, 1),
    shown=2,
)
"""For tests: seconds."""
