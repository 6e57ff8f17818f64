# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a claim is: a sentence, the numbers behind it, and when they bear it out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl


class Estimate(NamedTuple):
    """A number with its 95 % interval, and the p-value of a test that it is 0, if there is one."""

    value: float
    low: float
    high: float
    p: float = math.nan


@dataclass(frozen=True)
class Evidence:
    """One number of a claim, which can be computed from any of its units.

    Attributes
    ----------
    label
        Of what it is.
    n
        How many units there are: shared seeds, or data sets.
    of
        ``units -> estimate``; units are numbers from 0 to n-1, of which some may come twice.
    within_rounding
        Whether rounding alone gives as much (`experiments.summary.rounding`); None: not measured.
    """

    label: str
    n: int
    of: Callable[[Sequence[int]], Estimate]
    within_rounding: bool | None = None


SAME = re.compile(r"(?<![\d.])(-?[\d.]*\d) to \1(?!\.?\d)")
"""A range whose ends are shown alike, which is said as one number."""
Find = Callable[[pl.DataFrame], Sequence[Evidence]]
"""``ends -> evidence``; ends as `experiments.summary.finals` returns. Nothing where there is none.
"""


@dataclass(frozen=True)
class Claim:
    """A sentence about records.

    Attributes
    ----------
    name, section
        What it is called, and where in RESULTS.md it stands.
    holds, otherwise
        The sentence if the claim holds, and if it does not (nothing: then it is not said). Of its
        evidence they may name ``{least}`` and ``{most}``, the smallest and largest value, ``{low}``
        and ``{high}``, the ends of all intervals together, ``{p}``, the largest p, ``{n}``, the
        smallest number of units, and ``{count}``, how many numbers there are.
    find
        The evidence, one number or several.
    above, below
        The claim holds if all intervals lie between.
    digits
        Of values in the sentence.
    sign
        -1 shows values with their signs changed: a loss, where better is less.
    """

    name: str
    section: str
    holds: str
    find: Find
    otherwise: str = ""
    above: float = -math.inf
    below: float = math.inf
    digits: int = 2
    sign: int = 1

    def borne_out(self, estimates: Sequence[Estimate]) -> bool:
        """Return whether these estimates bear it out; no estimates, or no intervals, do not."""
        return bool(estimates) and all(
            e.low > self.above and e.high < self.below for e in estimates
        )


@dataclass(frozen=True)
class Verdict:
    """What became of a claim.

    Attributes
    ----------
    estimates
        Of its evidence, from all units; empty if there are no records.
    n
        The smallest number of units.
    holds
        Whether the estimates bear the claim out.
    survives
        Whether it would survive one more unit: it holds, and it holds again with any one of the
        units left out and with any one of them counted twice, as if the next one came out like it.
        That has the worst of those seen among it, and the intervals of one fewer.
    within_rounding
        Whether rounding alone gives as much as one of its numbers; None: of none it was measured.
    """

    claim: Claim
    estimates: tuple[Estimate, ...]
    n: int
    holds: bool
    survives: bool
    within_rounding: bool | None = None

    @property
    def sentence(self) -> str:
        """Return the sentence that is true; empty if there is none to say."""
        form = self.claim.holds if self.holds else self.claim.otherwise
        if not self.estimates or not form:
            return ""
        sign = self.claim.sign
        values = sorted(sign * e.value for e in self.estimates)
        ends = sorted(sign * end for e in self.estimates for end in (e.low, e.high))
        known = [e.p for e in self.estimates if not math.isnan(e.p)]
        shown = {
            name: number(value, self.claim.digits)
            for name, value in (
                ("least", values[0]),
                ("most", values[-1]),
                ("low", ends[0]),
                ("high", ends[-1]),
            )
        }
        p = f"{max(known):.2g}" if known else "–"
        said = form.format(**shown, p=p, n=self.n, count=len(values))
        return SAME.sub(r"\1", said)


def number(value: float, digits: int) -> str:
    """Return a value with so many digits; – for none. What rounds to 0 has no sign."""
    return "–" if math.isnan(value) else f"{round(value, digits) + 0.0:.{digits}f}"


def judge(claim: Claim, ends: pl.DataFrame) -> Verdict:
    """Return what the records make of a claim."""
    evidence = [each for each in claim.find(ends) if each.n]
    estimates = tuple(each.of(range(each.n)) for each in evidence)
    n = min((each.n for each in evidence), default=0)
    holds = claim.borne_out(estimates)
    others = [
        each.of(units)
        for each in (evidence if holds else ())
        for one in range(each.n)
        for units in (
            [unit for unit in range(each.n) if unit != one],
            [*range(each.n), one],
        )
        if units
    ]
    survives = holds and n > 1 and claim.borne_out(others)
    noise = [each.within_rounding for each in evidence if each.within_rounding is not None]
    return Verdict(claim, estimates, n, holds, survives, any(noise) if noise else None)
