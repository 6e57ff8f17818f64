# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The study of samplers: one small network, each sampler at its best step size, equal evaluations.

For each sampler and number of evaluations the step size is chosen by one set of samples of a seed
of its own, against images that were held out from training; then it is judged by the sets of the
seeds, against test images. Within a seed all samplers have the same start, the same real images
and, in the same form, the same noise: comparisons are paired.
"""

from __future__ import annotations

import io
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from experiments.data import Images, load
from experiments.environment import facts
from experiments.execution import draws
from experiments.files import write
from experiments.sampling import record as records
from experiments.sampling.distance import directions, sliced_wasserstein, spread
from experiments.sampling.network import ScoreNetwork, train
from experiments.sampling.plan import SAMPLERS, Config, Sampler
from experiments.sampling.processes import Exploding
from experiments.sampling.record import SamplingRecord
from experiments.sampling.rules import geometric
from experiments.sampling.samplers import annealed, gaussian, predictor_corrector
from experiments.workloads.common import three_parts
from experiments.workloads.images import channels_first

Say = Callable[[float, str], None]
"""Told the share that is done, and of what."""


@dataclass(frozen=True)
class Pictures:
    """Images in [-1, 1], float32 (n, c, h, w): for training, for tuning, and for the test."""

    train: Tensor
    tuning: Tensor
    test: Tensor


def pictures(config: Config, root: Path | None) -> Pictures:
    """Return the images of a configuration.

    Raises
    ------
    ValueError
        If there are fewer than the configuration compares with.
    """
    train, tuning, test = three_parts(load(config.data, root), 0.1, Images, config.data)
    assert tuning is not None
    parts, pool = (train, tuning, test), train.images.shape[1] // config.size
    found = Pictures(*(channels_first(part.images, pool).float() / 127.5 - 1 for part in parts))
    for name, have, need in (
        ("samples", len(found.test) // 2, config.samples),
        ("tuning_samples", len(found.tuning), config.tuning_samples),
    ):
        if need > have:
            raise ValueError(f"{name} = {need}; allowed: up to {have}, so many images there are")
    return found


def some(images: Tensor, count: int, seed: int) -> Tensor:
    """Return ``count`` of the images, chosen by the seed."""
    chosen = torch.randperm(len(images), generator=_generator(seed, 0))
    return images[chosen[:count]]


def draw(
    network: ScoreNetwork,
    config: Config,
    sampler: Sampler,
    evaluations: int,
    size: float,
    like: Tensor,
    seed: int,
) -> Tensor:
    """Return samples of the network, as many as and of the shape of ``like``.

    Parameters
    ----------
    evaluations
        Of the network, for each sample.
    size
        ε/σ_L², or snr.
    seed
        Of start and noise.
    """
    first, last = config.sigmas
    generator = _generator(seed, 1)
    start = first * torch.randn(like.shape, generator=generator)
    noise = gaussian(start, generator)
    if sampler.form == "annealed":
        levels = geometric(first, last, evaluations - 1)
        return annealed(network, start, levels, 1, size * last**2, sampler.rule, noise)
    process = Exploding(geometric(first, last, evaluations // 2))
    return predictor_corrector(network, start, process, 1, size, sampler.rule, noise)


def judged(samples: Tensor, real: Tensor, along: Tensor) -> dict[str, float | None]:
    """Return distance and spread; None for samples that are not finite."""
    if not samples.isfinite().all():
        return {"distance": None, "spread": None}
    return {"distance": sliced_wasserstein(samples, real, along), "spread": spread(samples, real)}


def carry_out(config: Config, root: Path | None, path: Path, say: Say) -> SamplingRecord:
    """Carry out what the record at ``path`` lacks, writing it after each step; return it.

    Raises
    ------
    ValueError
        If the file there is of another configuration, or no record.
    """
    plain = json.loads(json.dumps(asdict(config)))
    record = SamplingRecord(config.id, plain, facts(torch.device("cpu")))
    if path.exists():
        record = records.load(path)
        if record.id != config.id:
            raise ValueError(f"{path} is of another configuration; delete it, or choose another")
    images = pictures(config, root)
    along = directions(images.test[0].numel(), config.directions, config.directions_seed)
    network = trained(config, images.train, path, record, say)
    if not record.floor:
        for seed in config.seeds:
            both, half = some(images.test, 2 * config.samples, seed), config.samples
            record.floor.append(
                {"seed": seed, "distance": sliced_wasserstein(both[:half], both[half:], along)}
            )
        record.keep("real", stored(some(images.test, config.shown, config.seeds[0])))
        record.save(path)
    cells = [(name, n) for name, sampler in SAMPLERS.items() for n in config.counts(sampler)]
    total = sum(n for _, n in cells)
    done = 0
    for name, evaluations in cells:
        say(done / total, f"{SAMPLERS[name].title}, {evaluations} evaluations")
        done += evaluations
        if record.picked(name, evaluations):
            continue
        rows = list(tuned(network, config, name, evaluations, images.tuning, along))
        best = min(rows, key=_distance)
        scores = list(scored(network, config, name, best, images.test, along, record))
        record.tuning += rows
        record.scores += scores
        record.save(path)
    say(1.0, "done")
    return record


def trained(
    config: Config, images: Tensor, path: Path, record: SamplingRecord, say: Say
) -> ScoreNetwork:
    """Return the network: that beside the record, if it is there, or trained and written there."""
    torch.manual_seed(config.network_seed)
    deviation = float(images.std())
    make = partial(
        ScoreNetwork, images.shape[1], config.widths, config.groups, config.sigmas, deviation
    )
    weights = path.with_name(f"{path.stem}-{config.id}.pt")
    if weights.exists() and record.network:
        network = make()
        network.load_state_dict(torch.load(weights, weights_only=True))
        return network.eval()
    started, losses = time.process_time(), []
    epochs = train(make, images, config.epochs, config.batch_size, config.lr, config.network_seed)
    network = make()
    for network, loss in epochs:  # noqa: B007 - the last is the trained one
        losses.append(loss)
        say(len(losses) / config.epochs, f"training, loss {loss:.3f}")
    record.network = {"losses": losses, "seconds": time.process_time() - started}
    buffer = io.BytesIO()
    torch.save(network.state_dict(), buffer)
    write(weights, buffer.getvalue())
    record.save(path)
    return network.eval()


def tuned(
    network: ScoreNetwork,
    config: Config,
    name: str,
    evaluations: int,
    images: Tensor,
    along: Tensor,
) -> Iterator[dict[str, Any]]:
    """Yield a row for each step size that is tried."""
    sampler, seed = SAMPLERS[name], config.tuning_seed
    real = some(images, config.tuning_samples, seed)
    for size in config.sizes(sampler):
        samples = draw(network, config, sampler, evaluations, size, real, seed)
        yield {
            "sampler": name,
            "evaluations": evaluations,
            "size": size,
            **judged(samples, real, along),
        }


def scored(
    network: ScoreNetwork,
    config: Config,
    name: str,
    best: dict[str, Any],
    images: Tensor,
    along: Tensor,
    record: SamplingRecord,
) -> Iterator[dict[str, Any]]:
    """Yield a row for each seed, and keep samples of the first."""
    sampler, evaluations, size = SAMPLERS[name], best["evaluations"], best["size"]
    for seed in config.seeds:
        real, started = some(images, config.samples, seed), time.process_time()
        samples = draw(network, config, sampler, evaluations, size, real, seed)
        if seed == config.seeds[0]:
            record.keep(f"{name}/{evaluations}", stored(samples[: config.shown]))
        yield {
            "sampler": name,
            "title": sampler.title,
            "evaluations": evaluations,
            "size": size,
            "seed": seed,
            **judged(samples, real, along),
            "seconds": time.process_time() - started,
        }


def stored(images: Tensor) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return the first channel as uint8 (n, h, w); what is outside of [-1, 1] is clipped."""
    scaled = ((images[:, 0].nan_to_num(0.0).clamp(-1, 1) + 1) * 127.5).round()
    return scaled.to(torch.uint8).numpy()


def _generator(*parts: int) -> torch.Generator:
    return torch.Generator().manual_seed(draws.draw(*parts))


def _distance(row: dict[str, Any]) -> float:
    return math.inf if row["distance"] is None else float(row["distance"])
