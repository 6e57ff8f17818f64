# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The tables of the study of samplers, from its record."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from experiments.sampling.record import SamplingRecord
from experiments.summary.sheet import Sheet, number
from experiments.summary.significance import paired

NOTE = (
    "Sliced Wasserstein distance to {samples} test images, with as many samples, over {directions}"
    " directions: the mean of {seeds} seeds, and half of Student's 95 % interval for it. In"
    " brackets the step size, ε/σ_L² or snr, chosen by other samples against other images. The"
    " floor is the distance of two disjoint sets of as many test images."
)
SPREAD = (
    "Total variance of the samples in units of that of the images they are compared with: below 1"
    " too cold, above 1 too hot."
)
PAIRS = (
    "Distance of the first minus that of the second, over seeds, with Student's 95 % interval and"
    " the p of the sign-flip test, two-sided, at least {floor:g} with so many seeds and not"
    " adjusted for the number of pairs; negative: the first is nearer to the images."
)


TRIED = (
    "Of the sets by which step sizes were chosen, {tuning_samples} samples of one seed against as"
    " many images held out from training: for each ε/σ_L² distance / spread."
)


def sheets(record: SamplingRecord) -> tuple[Sheet, ...]:
    """Return distances, spreads, paired differences, and what was tried."""
    names = {row["sampler"]: row["title"] for row in record.scores}
    counts = sorted({row["evaluations"] for row in record.scores})
    headers = ("sampler", *(f"{n} evaluations" for n in counts))
    floor = _mean([row["distance"] for row in record.floor])
    distances = [("floor", *(floor for _ in counts))]
    spreads = []
    for name, title in names.items():
        rows = [record.picked(name, n) for n in counts]
        distances.append((title, *(_cell(own, "distance", sized=True) for own in rows)))
        spreads.append((title, *(_cell(own, "spread") for own in rows)))
    config = record.config
    note = NOTE.format(**{**config, "seeds": len(config["seeds"])})
    return (
        Sheet("Samplers: distance to the images", headers, tuple(distances), note=note),
        Sheet("Samplers: spread", headers, tuple(spreads), note=SPREAD),
        _differences(record, names, counts),
        _step_sizes(record, names),
    )


def _differences(record: SamplingRecord, names: dict[str, str], counts: Sequence[int]) -> Sheet:
    rows = []
    for first, second in combinations(names, 2):
        if first.startswith("corrected") != second.startswith("corrected"):
            continue
        cells = []
        for n in counts:
            own = [[row["distance"] for row in record.picked(name, n)] for name in (first, second)]
            if not all(own) or None in own[0] or None in own[1]:
                cells.append("–")
                continue
            found = paired(*own)
            cells.append(
                f"{found.difference:+.4f} ({found.low:+.4f}, {found.high:+.4f}), {found.p:.2f}"
            )
        rows.append((f"{names[first]} − {names[second]}", *cells))
    note = PAIRS.format(floor=2.0 ** (1 - len(record.config["seeds"])))
    return Sheet(
        "Samplers: differences in distance",
        ("pair", *(f"{n} evaluations" for n in counts)),
        tuple(rows),
        note=note,
    )


def _step_sizes(record: SamplingRecord, names: dict[str, str]) -> Sheet:
    """Return what the annealed samplers had at each step size that was tried, most evaluations."""
    most = max(record.config["evaluations"])
    tried = {
        (row["sampler"], row["evaluations"], row["size"]): row
        for row in record.tuning
        if not row["sampler"].startswith("corrected")
    }
    rows = []
    for count in (record.config["evaluations"][0], most):
        for name, title in names.items():
            own = [tried.get((name, count, size)) for size in record.config["epsilons"]]
            if any(own):
                cells = (
                    f"{number(row['distance'])} / {number(row['spread'])}" for row in own if row
                )
                rows.append((title, f"{count}", *cells))
    headers = ("sampler", "evaluations", *(f"{size:g}" for size in record.config["epsilons"]))
    title = "Samplers: distance and spread by step size"
    return Sheet(title, headers, tuple(rows), left=2, note=TRIED.format(**record.config))


def _cell(rows: Sequence[dict[str, Any]], column: str, sized: bool = False) -> str:
    size = f" ({rows[0]['size']:g})" if sized and rows else ""
    return _mean([row[column] for row in rows]) + size


def _mean(values: Sequence[float | None]) -> str:
    """Return mean ± half of the interval; – where a set is missing or not finite."""
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return "–"
    found = paired(known, [0.0] * len(known))
    half = f" ± {found.high - found.difference:.4f}" if len(known) > 1 else ""
    return f"{found.difference:.4f}{half}"
