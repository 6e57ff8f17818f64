# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims on the samplers, from their own record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from experiments.claims.base import Claim, Evidence, Find
from experiments.claims.evidence import of_values
from experiments.sampling.record import SamplingRecord, found

SECTION = "samplers"
CORRECTED = ("corrected_langevin", "corrected_published", "corrected_exact")
ANNEALED = ("langevin", "adaptive_published", "adaptive_exact")
COUNTS = (12, 24, 48, 96)


def _record() -> SamplingRecord | None:
    try:
        return found()
    except FileNotFoundError:
        return None


def more(
    pairs: Iterable[tuple[str, str]], evaluations: Iterable[int], column: str = "distance"
) -> Find:
    """Return by how much a column is larger for the second than for the first, over seeds."""
    cells = [(pair, count) for pair in pairs for count in evaluations]

    def each() -> Iterator[Evidence]:
        record = _record()
        if record is None:
            return
        for pair, count in cells:
            first, second = (
                {row["seed"]: row[column] for row in record.picked(name, count)} for name in pair
            )
            seeds = sorted(first.keys() & second.keys())
            values = [(first[seed], second[seed]) for seed in seeds]
            if values and None not in sum(values, ()):
                label = f"{pair[1]} – {pair[0]}, {count}, {column}"
                yield of_values(label, [two - one for one, two in values])

    def find(_: pl.DataFrame) -> list[Evidence]:
        return list(each())

    return find


CLAIMS = (
    Claim(
        "samplers-predictor",
        SECTION,
        "At 12 evaluations each sampler with a predictor is nearer to the images than each without,"
        " by {least} to {most} ({low} … {high}, p = {p}, n = {n}).",
        more(((one, two) for one in CORRECTED for two in ANNEALED), (12,)),
        above=0.0,
        digits=3,
    ),
    Claim(
        "samplers-exact-12",
        SECTION,
        "With a predictor, momentum at the exact temperature is there nearer than none, by {least}"
        " ({low} … {high}, p = {p}, n = {n}).",
        more((("corrected_exact", "corrected_langevin"),), (12,)),
        "With a predictor, momentum at the exact temperature cannot be told from none there"
        " ({least}, {low} … {high}, p = {p}, n = {n}).",
        above=0.0,
        digits=3,
    ),
    Claim(
        "samplers-published",
        SECTION,
        "Without one, the published adaptive form is nearer than Langevin at 48 and 96 evaluations,"
        " by {least} to {most} ({low} … {high}, p = {p}, n = {n}).",
        more((("adaptive_published", "langevin"),), (48, 96)),
        "Without one, the published adaptive form is {least} to {most} nearer than Langevin at 48"
        " and 96 evaluations, not both beyond their intervals ({low} … {high}, n = {n}).",
        above=0.0,
        digits=3,
    ),
    Claim(
        "samplers-exact",
        SECTION,
        "The exact temperature is farther than the published one at each number of evaluations, by"
        " {least} to {most} ({low} … {high}, p = {p}, n = {n}).",
        more((("adaptive_published", "adaptive_exact"),), COUNTS),
        "The exact temperature is {least} to {most} farther than the published one, not at each"
        " number of evaluations beyond its interval ({low} … {high}, n = {n}).",
        above=0.0,
        digits=3,
    ),
    Claim(
        "samplers-fixed",
        SECTION,
        "Fixed momentum, in either form, is farther than Langevin at each number, by {least} to"
        " {most} ({low} … {high}, p = {p}, n = {n}).",
        more((("langevin", f"fixed_{form}") for form in ("published", "exact")), COUNTS),
        above=0.0,
        digits=3,
    ),
)
