# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The record of the study of samplers: one file of JSON, from which table and figure are made."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.files import write
from experiments.places import RESULTS
from experiments.sealed import BLANK, KEY, BrokenSealError, sealed, version

NAME = "sampling.json"
PLACES = (RESULTS / NAME,)
"""Where one is looked for: one's own is not the project's."""


@dataclass
class SamplingRecord:
    """What the study has found so far.

    Attributes
    ----------
    id, config
        The hash of the configuration, and the configuration.
    environment
        Versions and hardware (`experiments.environment.facts`).
    network
        ``losses`` of each epoch, and ``seconds`` of processor time.
    floor
        A row for each seed: ``seed`` and ``distance`` of two disjoint sets of real images.
    tuning
        Rows: ``sampler``, ``evaluations``, ``size``, and what `scores` have of one seed.
    scores
        Rows: ``sampler``, ``title``, ``evaluations``, ``size`` (ε/σ_L² or snr, the best of the
        tuning), ``seed``, ``distance`` (sliced Wasserstein, to real images), ``spread`` (total
        variance in units of that of real images), ``seconds``; where samples are not finite, the
        first two are None.
    samples
        Images, uint8 (count, size, size), as text: by sampler and evaluations, ``name/N``, and
        ``real``.
    """

    id: str
    config: dict[str, Any]
    environment: dict[str, Any] = field(default_factory=dict)
    network: dict[str, Any] = field(default_factory=dict)
    floor: list[dict[str, Any]] = field(default_factory=list)
    tuning: list[dict[str, Any]] = field(default_factory=list)
    scores: list[dict[str, Any]] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)

    def picked(self, sampler: str, evaluations: int) -> list[dict[str, Any]]:
        """Return the rows of scores of a sampler at so many evaluations, by seed."""
        rows = [
            row
            for row in self.scores
            if row["sampler"] == sampler and row["evaluations"] == evaluations
        ]
        return sorted(rows, key=lambda row: int(row["seed"]))

    def images(self, name: str) -> NDArray[np.uint8]:
        """Return stored images, uint8 (count, size, size)."""
        size = self.config["size"]
        data = np.frombuffer(base64.b64decode(self.samples[name]), np.uint8)
        return data.reshape(-1, size, size)

    def keep(self, name: str, images: NDArray[np.uint8]) -> None:
        """Store images."""
        self.samples[name] = base64.b64encode(images.tobytes()).decode()

    def save(self, path: Path) -> None:
        """Write the record; the file is whole or as it was."""
        rows = {
            key: [json.dumps(row, sort_keys=True) for row in value] if _is_rows(value) else value
            for key, value in asdict(self).items()
        }
        text = json.dumps(rows, indent=1, sort_keys=True).removeprefix("{")
        write(path, sealed(f'{{\n "{KEY}": {BLANK},{text}\n'.encode()))


def load(path: Path) -> SamplingRecord:
    """Return a record.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If the file is none; the message names it.
    """
    try:
        data = path.read_bytes()
        version(data)
        said = json.loads(data)
        said.pop(KEY, None)
        for key in ("floor", "tuning", "scores"):
            said[key] = [json.loads(row) for row in said[key]]
        return SamplingRecord(**said)
    except (BrokenSealError, UnicodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"{path} is no readable record ({reason}); delete it to start anew"
        ) from None


def found(places: Sequence[Path] = PLACES) -> SamplingRecord:
    """Return the first record that is there.

    Raises
    ------
    FileNotFoundError
        If there is none; the message says what makes one.
    """
    for path in places:
        if path.exists():
            return load(path)
    raise FileNotFoundError("no record of samplers; make it with `python -m experiments sample`")


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)
