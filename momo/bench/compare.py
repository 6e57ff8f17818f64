# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Two runs of the benchmark beside each other: what became slower or faster, beyond the spread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from momo.bench.speed import Spread

SLOWER, FASTER, ALIKE = "slower", "faster", "alike"
Key = tuple[str, str, str, str]
KEY = ("workload", "name", "path", "baseline")


@dataclass(frozen=True)
class Change:
    """A row of both runs.

    Attributes
    ----------
    workload, name, path, baseline
        Which.
    before, after
        What is compared, in each run: see `changes`.
    quotient
        ``after/before``: of the medians, and the range that the quartiles leave open.
    """

    workload: str
    name: str
    path: str
    baseline: str
    before: Spread
    after: Spread

    @property
    def quotient(self) -> Spread:
        """The quotient of the medians; lowest over highest quartile, and highest over lowest."""
        return Spread(
            self.after.median / self.before.median,
            self.after.low / self.before.high,
            self.after.high / self.before.low,
        )

    @property
    def verdict(self) -> str:
        """`SLOWER` or `FASTER` where the quartiles of the two runs lie apart, else `ALIKE`."""
        if self.after.low > self.before.high:
            return SLOWER
        return FASTER if self.after.high < self.before.low else ALIKE


def changes(before: Mapping[str, Any], after: Mapping[str, Any], by: str) -> Iterator[Change]:
    """Yield the rows that both runs have, in the order of the second.

    Parameters
    ----------
    before, after
        What `momo.bench.records.read` returns.
    by
        What is compared: "milliseconds", which depend on the machine, or "ratio" to the baseline.

    Raises
    ------
    ValueError
        If a row lacks what is compared.
    """
    known = rows(before)
    for key, row in rows(after).items():
        if key in known:
            workload, name, path, baseline = key
            one, two = _spread(known[key], by), _spread(row, by)
            yield Change(workload, name, path, baseline, one, two)


def rows(run: Mapping[str, Any]) -> dict[Key, Mapping[str, Any]]:
    """Return the rows of the table of speed by what they are."""
    found = {}
    for row in run.get("speed", []):
        workload, name, path, baseline = (str(row.get(name, "")) for name in KEY)
        found[workload, name, path, baseline] = row
    return found


def lacking(run: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return which rows of the other run a run lacks."""
    own = rows(run)
    return [", ".join(key[:3]) for key in rows(other) if key not in own]


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the facts in which two runs differ: machine, threads, versions."""
    one, two = before["facts"], after["facts"]
    return {
        name: (one.get(name), two.get(name))
        for name in dict.fromkeys([*one, *two])
        if one.get(name) != two.get(name)
    }


def _spread(row: Mapping[str, Any], by: str) -> Spread:
    try:
        return Spread(**row[by])
    except (KeyError, TypeError):
        raise ValueError(f"a row of the table of speed has no {by}: {dict(row)}") from None
